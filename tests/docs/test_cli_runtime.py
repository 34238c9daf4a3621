"""The page about cli-runtime: current, whole, and made of names that are there."""

import re
from pathlib import Path

import cli_runtime
import pytest

SYMBOL = re.compile(r"^func (?:\((?:\w+ )?\*?(\w+)\) )?([A-Z]\w*)\(|^type ([A-Z]\w*) ", re.MULTILINE)
PARTS = ("builder", "result", "visitor", "selector", "helper")


def exported(text):
    """The exported symbols of a Go file: `Type`, `Function`, `Type.Method`."""
    for receiver, name, type in SYMBOL.findall(text):
        if not receiver or receiver[0].isupper():
            yield type or ".".join(filter(None, (receiver, name)))


def test_every_name_of_ours_is_there():
    assert cli_runtime.missing_names(cli_runtime.read_rows()) == []


def test_a_name_that_is_not_there_is_noticed():
    rows = [
        ("builder.go", "A", f"fkube.{name}", "") for name in ("builder.do", "builder.dont", "nowhere.at_all")
    ]
    assert cli_runtime.missing_names(rows) == ["fkube.builder.dont", "fkube.nowhere.at_all"]
    assert cli_runtime.missing_names(
        [("", "", "fkube.resource.info.Info.mapping", ""), ("", "", "fkube.resource.info.Info.none", "")]
    ) == ["fkube.resource.info.Info.none"]


def test_no_symbol_is_there_twice():
    symbols = [row[:2] for row in cli_runtime.read_rows()]
    assert len(symbols) == len(set(symbols))


def test_every_exported_symbol_is_in_the_table():
    cached = Path.home() / "go/pkg/mod/k8s.io/cli-runtime@v0.37.1/pkg/resource"
    if not cached.is_dir():
        pytest.skip("the sources of cli-runtime 0.37.1 are not in the cache of Go modules")
    symbols = [(f"{part}.go", s) for part in PARTS for s in exported((cached / f"{part}.go").read_text())]
    assert sorted(symbols) == sorted(row[:2] for row in cli_runtime.read_rows())


def test_what_is_exported():
    text = (
        "type A struct\ntype b int\nfunc New() A {\nfunc (a *A) Get(x) {\nfunc (b *b) Get(\nfunc (a A) get(\n"
    )
    assert list(exported(text)) == ["A", "New", "A.Get"]
