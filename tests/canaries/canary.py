"""Canaries: secrets that are easily told from anything else, and the forms in which one may be found."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, quote_plus

SIZE, PIECE = 24, 9
"""How long a canary is, and how much of it must not be seen anywhere: an error may quote only a beginning."""


@cache
def canary(name: str) -> str:
    """The canary of a name: letters and digits, so that it can stand in a URL, a header, a name of YAML.

    >>> canary("token") == canary("token") != canary("password")
    True
    """
    return "C" + sha256(name.encode()).hexdigest()[: SIZE - 1]


def forms(secret: str) -> Iterator[str]:
    """The texts that show a secret: its pieces as they are, quoted in a URL, in JSON, in base64, in hex.

    In base64 a text has three forms, one for each place at which it may begin.

    >>> "Y2FuYXJ5" in set(forms("canary"))
    True
    """
    pieces = {secret[at : at + PIECE] for at in range(max(len(secret) - PIECE, 0) + 1)}
    for piece in pieces | {secret}:
        yield piece
        yield quote(piece, safe="")
        yield quote_plus(piece)
        yield json.dumps(piece)[1:-1]
        yield piece.encode().hex()
        for shift in range(3):
            whole = base64.b64encode(b"\0" * shift + piece.encode()).decode().rstrip("=")
            # The first and the last character of a form depend on what is around it.
            yield whole[(0, 2, 3)[shift] : len(whole) - (0 if (shift + len(piece)) % 3 == 0 else 1)]


@dataclass(frozen=True, slots=True)
class Leak:
    """A canary, and where it was seen."""

    name: str
    place: str
    around: str

    def __str__(self) -> str:
        return f"{self.name} is seen in {self.place}: {self.around}"


@cache
def _forms(name: str) -> tuple[str, ...]:
    return tuple({form for form in forms(canary(name)) if len(form) >= PIECE})


def leaks(names: tuple[str, ...], place: str, text: str) -> Iterator[Leak]:
    """Find canaries in a text, each once.

    >>> [leak.name for leak in leaks(("token", "password"), "stderr", f"no {canary('token')[:9]}!")]
    ['token']
    """
    for name in names:
        found = next((at for form in _forms(name) if (at := text.find(form)) >= 0), -1)
        if found >= 0:
            line = text[max(text.rfind("\n", 0, found) + 1, found - 60) : found + 60].split("\n")[0]
            yield Leak(name, place, line)


def new_files(folder: Path, before: frozenset[Path]) -> Iterator[Path]:
    """The files that were not there before."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and path not in before)


def files_of(folder: Path) -> frozenset[Path]:
    """The files that are there."""
    return frozenset(path for path in folder.rglob("*") if path.is_file())
