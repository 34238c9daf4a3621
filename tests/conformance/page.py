"""docs/reference/differences.md, written from the tables that the comparisons use.

`python -m tests.conformance.page` writes it; a test holds that it is current.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.conformance.known import Difference, differences_known
from tests.conformance.scenarios import HERE, Row, rows, table

PAGE = HERE.parents[1] / "docs" / "reference" / "differences.md"
AREAS = {
    "command": "The command line, beside kubectl",
    "yaml": "YAML, beside kubectl",
    "library": "The library, beside cli-runtime",
    "cluster": "The embedded cluster, beside a real API server",
}
HEAD = """\
# Differences

Where fkube differs on purpose, and why. Whatever else differs is a bug: `make conformance` compares fkube
with the real kubectl, and its embedded cluster with a real kube-apiserver, and fails at every difference that
does not stand here. `python -m tests.conformance.page` writes this page from the table that it uses,
`tests/conformance/differences.yaml`.
"""


def page() -> str:
    """The page as it should be."""
    every = [*table(), *rows(HERE / "controllers.yaml")]
    sections = (_section(area, title, every) for area, title in AREAS.items())
    return "\n".join([HEAD, *sections])


def _section(area: str, title: str, table: list[Row]) -> str:
    known = [each for each in differences_known() if each.area == area]
    entries = (part for each in known for part in _entry(each, table))
    return "\n".join([f"## {title}\n", *(entries if known else ["None is known.\n"])])


def _entry(difference: Difference, table: list[Row]) -> Iterator[str]:
    yield f"### {difference.name}\n"
    yield f"{difference.what.strip()}\n"
    yield f"*Why:* {difference.why.strip()}\n"
    shown = [command for row in table if row.difference == difference.name for command in row.run]
    if shown:
        yield "*Seen in:* " + ", ".join(f"`{command}`" for command in dict.fromkeys(shown)) + "\n"


if __name__ == "__main__":
    Path(PAGE).write_text(page(), encoding="utf-8")
