"""Go templates beside Go's own text/template: a table, and templates drawn at random."""

from __future__ import annotations

import os
import re
import shutil
from random import Random

import pytest

from tests.conformance.conftest import Count
from tests.conformance.gotemplate_texts import draw_template
from tests.conformance.gotemplates import Case, run_go, table_cases
from tests.syntax.gotemplate.table import DATA, Made, make

pytestmark = pytest.mark.skipif(shutil.which("go") is None, reason="Go is missing")

DRAWN = 2_000 * int(os.environ.get("CONFORMANCE_TIMES", "1"))
DEPTH = re.compile(r"exceeded maximum template depth \(\d+\)$")


def disagreements(cases: list[Case]) -> list[tuple[str, bool, Made, Made]]:
    """The cases of which Go and fkube make something else, and what. How deep is too deep may differ."""
    pairs = ((case, theirs, make(*case)) for case, theirs in zip(cases, run_go(cases), strict=True))
    return [
        (template, strict, theirs, ours)
        for (template, _, strict), theirs, ours in pairs
        if theirs != ours and not (DEPTH.search(theirs[1]) and DEPTH.search(ours[1]))
    ]


def test_the_table(record_property: Count) -> None:
    cases = table_cases()
    record_property("templates of the table", len(cases))
    assert disagreements(cases) == []


def test_templates_drawn_at_random(record_property: Count) -> None:
    seed = 1 if "CI" in os.environ else Random().randrange(2**32)
    random = Random(seed)
    cases = [(draw_template(random), DATA, random.random() < 0.3) for _ in range(DRAWN)]
    record_property("templates drawn", len(cases))
    assert disagreements(cases) == [], f"seed {seed}"
