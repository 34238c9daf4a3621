"""The page of differences is the one that the tables make."""

from __future__ import annotations

from tests.conformance.page import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.conformance.page`"
