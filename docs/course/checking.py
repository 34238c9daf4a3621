"""Checks of answers: a law about an `answer` is asked of it, and a sentence says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce, wraps
from typing import Any, TypeAlias

from fkube.laws.compare import Pair, Sides, first_line
from fkube.testing import check_law


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check says of an answer: whether it is right, and if not, why."""

    right: bool
    says: str

    def __repr__(self) -> str:
        return self.says


Check: TypeAlias = Callable[[Any], Verdict]
"""From an answer to what is to be said of it."""


def by_law(law: Callable[..., Sides | Pair]) -> Check:
    """Make a check of a law; values are generated for all of its parameters but `answer`."""

    @wraps(law)
    def compare(**values: Any) -> Sides:
        try:
            found = law(**values)
        except Exception as error:  # noqa: BLE001 - the answer's, and what it says helps
            return Sides("nothing is raised", f"{type(error).__name__}: {error}", "nothing")
        return Sides(first_line(law), *found) if isinstance(found, tuple) else found

    return by_asking(lambda answer: check_law(compare, answer=answer), first_line(law))


def by_asking(ask: Callable[[Any], object], equation: str) -> Check:
    """Make a check of a function that raises an AssertionError where an answer is wrong."""

    def judge(answer: Any) -> Verdict:
        if answer is ...:
            return Verdict(False, "There is no answer yet: put yours in the place of the three dots.")
        try:
            ask(answer)
        except AssertionError as wrong:
            clause = str(wrong).partition(" does not hold: ")[2] or str(wrong)
            return Verdict(False, f"Not yet. This does not hold: {clause}")
        return Verdict(True, f"Right: {equation}")

    return judge


def by_all(*checks: Check) -> Check:
    """Make one check of several: it says what the first says that finds something wrong, else the last."""

    def judge(answer: Any) -> Verdict:
        return reduce(lambda said, ask: ask(answer) if said.right else said, checks, Verdict(True, ""))

    return judge
