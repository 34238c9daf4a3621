"""The differences that are known, from the one table of them, `differences.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

TABLE = Path(__file__).parent / "differences.yaml"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference on purpose: its name, what differs, why, and where it may show.

    `area` is `command`, `yaml`, `library` or `cluster`. `request` says of which texts or requests, and
    `line` which lines of a comparison it explains; rows of the scenarios name their differences themselves.
    """

    name: str
    area: str
    what: str
    why: str
    request: str = ""
    line: str = ""

    def explains(self, request: str, line: str) -> bool:
        """Whether a line of a comparison is this difference."""
        return bool(self.line and re.search(self.request, request) and re.search(self.line, line))


def differences_known(path: Path = TABLE) -> tuple[Difference, ...]:
    """The whole table."""
    table = yaml.safe_load(path.read_text())
    return tuple(Difference(name, **entry) for name, entry in table.items())


def unexplained(known: Iterable[Difference], request: str, lines: Iterable[str]) -> list[str]:
    """The lines of a comparison that no known difference explains.

    >>> uids = Difference("uids", "cluster", "", "", request="^GET", line="uid")
    >>> unexplained([uids], "GET /x", [".uid: 1 | 2", ".a: 1 | 2"])
    ['.a: 1 | 2']
    """
    table = tuple(known)
    return [line for line in lines if not any(each.explains(request, line) for each in table)]
