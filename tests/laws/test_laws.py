"""Every law holds, is named where it is promised, and catches at least one wrong implementation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from returns.result import Failure

import fkube
from fkube import laws, testing
from tests.laws.mutants import MUTANTS

PACKAGE = Path(fkube.__file__).parent
ABOVE_THE_LAWS = ("cluster", "edge", "cli", "kubeconfig")
NAMED = re.compile(r"^ *Law: (.+)$|Law: (.+)\.\"\"\"$", re.MULTILINE)


def named_laws() -> list[tuple[str, str]]:
    """Every law that a docstring names, beside its file, in the rooms that `fkube.laws` may import."""
    return [
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in ABOVE_THE_LAWS
        for whole, last in NAMED.findall(path.read_text(encoding="utf-8"))
        for name in (whole or last).split(", ")
    ]


@pytest.mark.parametrize("name", laws.__all__)
def test_every_law_holds(name: str) -> None:
    testing.check_law(getattr(laws, name), examples=50)


@pytest.mark.parametrize(("name", "mutant"), [(n, m) for n, ms in MUTANTS.items() for m in ms])
def test_every_law_catches_its_mutants(name: str, mutant) -> None:
    found = testing.counterexample(getattr(laws, name), examples=10_000, shrink=False, **mutant)
    assert found is not None, f"{name} is blind for {mutant}"


def test_every_law_has_a_mutant() -> None:
    assert sorted(MUTANTS) == sorted(laws.__all__)
    assert all(MUTANTS.values())


def test_every_function_of_the_laws_that_answers_yes_or_no_is_listed() -> None:
    defined = {
        name
        for path in (PACKAGE / "laws").glob("*.py")
        if path.name not in ("compare.py", "wanted.py")
        for name in re.findall(r"^def ([a-z]\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert defined == set(laws.__all__)


def test_every_law_named_in_a_docstring_exists() -> None:
    named = named_laws()
    assert ("visitor/combinators.py", "list_associative") in named
    assert ("visitor/combinators.py", "list_unit") in named
    assert ("exchange/conversation.py", "exchange_right_unit") in named
    assert [pair for pair in named if pair[1] not in laws.__all__] == []


def test_results_are_told_apart_by_what_a_visit_leaves() -> None:
    example = testing.counterexample(
        laws.list_singleton, visitor_list=lambda *_: lambda fn: fn(Failure(None))
    )
    assert example is not None
    assert set(example) == {"a", "fn"}
