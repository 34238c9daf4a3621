"""The page of differences is made from the table that the comparisons use."""

from __future__ import annotations

from tests.conformance.page import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
