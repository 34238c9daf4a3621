"""No secret is seen anywhere: not in what commands print, in what they leave, in reprs, in tracebacks.

`CANARIES=all` runs every case; else each group's share. A case fails for an exception that leaves, too,
and for a file that others can read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest
from returns.result import Success
from toolz import pipe

from fkube import builder as b
from fkube.cli.console import Console
from fkube.documents.manifest import documents
from fkube.documents.source import Text, Url
from fkube.edge.client import embedded
from fkube.edge.credentials import Credential
from fkube.exchange import Heard, Response
from fkube.kubeconfig.connection import connection
from fkube.kubeconfig.kubeconfig import decode_kubeconfig
from fkube.pipeline.explain import explain
from fkube.report import Outcome, Report
from fkube.resource.errors import FieldConflict
from fkube.resource.info import Change, Info, Origin
from fkube.verbs import create, patch
from fkube.visitor.combinators import one
from tests.canaries.canary import SIZE, canary, forms, leaks
from tests.canaries.cases import CASES, NAMES, SECRET, TOKEN, URL, Case, config
from tests.canaries.reprs import SHOWN_ON_PURPOSE, must_hide, records, shown_fields
from tests.canaries.running import SECRET_THERE, Run, Servers, open_servers, problems, run_case

WHOLE = os.environ.get("CANARIES") == "all"
SAMPLED = ("manifest", "answer", "patch", "changed", "user", "told answer", "hint", "template", "kuberc")
"""Groups of which a share is run: they have a case for each thing and each command."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with open_servers() as found:
        yield found


def _chosen() -> list[str]:
    """The cases of this run; of a sampled group each thing still comes, with commands in turn."""
    names = list(CASES)
    return [name for at, name in enumerate(names) if WHOLE or not name.startswith(SAMPLED) or at % 4 == 0]


@pytest.mark.parametrize("name", _chosen())
def test_no_secret_is_seen(name: str, servers: Servers) -> None:
    case = CASES[name]
    assert problems(case, run_case(case, servers)) == []


def test_no_record_shows_what_may_be_a_secret() -> None:
    assert sorted(set(shown_fields()) - SHOWN_ON_PURPOSE) == []


def test_what_is_shown_on_purpose_is_there() -> None:
    there = {
        f"{one.__module__}.{one.__qualname__}.{field.name}"
        for one in records()
        for field in fields(one)
        if must_hide(field)
    }  # type: ignore[arg-type]
    assert sorted(SHOWN_ON_PURPOSE - there) == []


def _reprs() -> Iterator[tuple[str, Any]]:
    """Values as a user of the library has them."""
    info = Info(SECRET_THERE, Origin("a.yaml", 1, 1), changes=(Change("f", {}, SECRET_THERE),))
    outcome = Outcome("created", info.origin, info, SECRET_THERE)
    made = pipe(b.builder(), b.text(f"a: {SECRET}"), b.objects(SECRET_THERE), b.default_namespace, b.do)
    read = decode_kubeconfig(config({"token": TOKEN}, {"server": "https://a"}), "/a").unwrap()
    yield "info", info
    yield "text of an info", str(info)
    yield "outcome", outcome
    yield "report", Report((outcome,))
    yield "report in a notebook", Report((outcome,))._repr_html_()
    yield "pipeline", made
    yield "drawing", explain(made)
    yield "tree", explain(one(info))
    yield "documents", documents(f"a: {SECRET}", "a.yaml")
    yield "source", Text(f"a: {SECRET}")
    yield "url", Url(f"https://u:{URL}@a.example/x?t={URL}#{URL}")
    yield "malformed url", Url(f"https://u:{URL}@[::1")
    yield "patch", patch({"data": {"k": SECRET}})
    yield "verb", create()
    yield "conversation", create()(info)
    yield "kubeconfig", read
    yield "connection", connection(read, {"token": TOKEN, "password": TOKEN})
    yield "credential", Credential(f"Bearer {TOKEN}", {"client-key-data": TOKEN.encode()})
    yield "conflict", FieldConflict("a", "b", SECRET, SECRET)
    yield "response", Response(200, SECRET_THERE)
    yield "piece", Heard(Success(SECRET_THERE), 0.0)
    yield "client", embedded()
    yield "console", Console()


@pytest.mark.parametrize("name", [name for name, _ in _reprs()])
def test_no_value_of_the_library_shows_a_secret(name: str) -> None:
    value = next(found for known, found in _reprs() if known == name)
    text = value if isinstance(value, str) else f"{value!r}\n{value}"
    assert list(leaks(NAMES, name, text)) == []


HIDDEN = ("secret",)
LEAKING = {
    "plain": canary("secret"),
    "a beginning": canary("secret")[:10] + "…",
    "in JSON": f'{{"a": "{canary("secret")}\\n"}}',
    "in base64": next(form for form in forms(canary("secret")) if form.endswith("=") or len(form) > SIZE),
    "in a URL": f"http://u%3A{canary('secret')}@h",
}


@pytest.mark.parametrize("form", LEAKING)
def test_the_search_knows_the_forms_of_a_secret(form: str) -> None:
    assert [leak.name for leak in leaks(HIDDEN, "x", f"before {LEAKING[form]} after")] == ["secret"]


def test_base64_is_found_wherever_the_secret_begins() -> None:
    import base64

    for before in ("", "a", "ab", "abc"):
        text = base64.b64encode(f"{before}{canary('secret')}x".encode()).decode()
        assert list(leaks(HIDDEN, "x", text)), before
    assert not list(leaks(HIDDEN, "x", base64.b64encode(b"something else altogether, and long").decode()))


LOUD = Case(("get", "secrets", "--kubeconfig={here}/config"), {"config": config({"token": TOKEN})})


def _planted(leak: Any) -> Any:
    """A program that leaks in one way."""

    def run(words: list[str], environ: dict[str, str]) -> int:
        return int(leak(words) or 0)

    return run


def _raise(words: list[str]) -> None:
    raise ValueError(TOKEN)


def _write(words: list[str]) -> None:
    from pathlib import Path

    Path("report").write_text(TOKEN)
    Path("report").chmod(0o644)


PLANTED = {
    "standard output": lambda words: print(TOKEN),
    "standard error": lambda words: Console().note(f"error: {TOKEN[:12]}"),
    "traceback": _raise,
    "file": _write,
}


@pytest.mark.parametrize("way", PLANTED)
def test_a_program_that_leaks_is_found(way: str, servers: Servers) -> None:
    found = problems(LOUD, run_case(LOUD, servers, _planted(PLANTED[way])))
    assert any(line.startswith("token is seen in") and way in line for line in found)
    assert ("others can read report: 644" in found) == (way == "file")


def test_a_printer_that_leaks_is_found(servers: Servers, monkeypatch: Any) -> None:
    from fkube.cli import console, messages

    case = Case(("get", "secret/none", "--kubeconfig={here}/config"), LOUD.files)
    assert problems(case, run_case(case, servers)) == []
    for name in ("format_error", "format_only_error"):
        monkeypatch.setattr(console, name, lambda error, doing="": f"{messages.format_error(error)} {TOKEN}")
    assert any("token is seen in standard error" in line for line in problems(case, run_case(case, servers)))


def test_what_a_command_is_asked_to_show_it_may_show() -> None:
    found = Run(0, f"data: {SECRET}", "", "", ())
    assert problems(LOUD, found)
    assert problems(replace(LOUD, shows=("secret",)), found) == []
