"""Bytes as a source of decisions: the same bytes make the same input, fewer or smaller ones a simpler one.

A coverage-guided fuzzer changes bytes, and a random one draws them. A source that has run dry gives zeros,
and zero is always the simplest decision, so that to cut bytes off is to make an input smaller.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Source:
    """Bytes, and how many of them were used.

    >>> source = Source(bytes([7, 1]))
    >>> source.number(5), source.pick("abc"), source.pick("abc")
    (2, 'b', 'a')
    """

    data: bytes
    used: int = 0

    def byte(self) -> int:
        """The next byte, or 0 where there are no more."""
        self.used += 1
        return self.data[self.used - 1] if self.used <= len(self.data) else 0

    def number(self, below: int) -> int:
        """A number from 0 on; of one byte, or of two where one would not reach."""
        value = self.byte() if below <= 256 else self.byte() * 256 + self.byte()
        return value % below if below else 0

    def pick(self, choices: Sequence[T]) -> T:
        """One of several; the first is the simplest."""
        return choices[self.number(len(choices))]

    def happens(self, once_in: int = 4) -> bool:
        """Whether something unusual happens."""
        return self.number(once_in) == once_in - 1

    def rest(self) -> bytes:
        """All bytes that are left."""
        left, self.used = self.data[self.used :], len(self.data)
        return left
