"""A persistent map in key order: a tuple of sorted chunks, of which a change copies one. Nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

K = TypeVar("K", str, int)
V = TypeVar("V")

CHUNK = 256
"""Most entries of a chunk: copying one and the spine costs about the same at 100,000 entries."""

_Chunk: TypeAlias = tuple[tuple[K, ...], tuple[V, ...]]
"""The keys of some entries in order, and their values."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SortedMap(Generic[K, V]):
    """An immutable map whose entries are in key order; `with_` and `without` share all but one chunk.

    Law: it reads as `dict(sorted(...))` would after the same changes.

    >>> both = SortedMap().with_("b", 2).with_("a", 1)
    >>> list(both.items()), both.get("b"), len(both.without("b"))
    ([('a', 1), ('b', 2)], 2, 1)
    """

    firsts: tuple[K, ...] = ()
    chunks: tuple[_Chunk[K, V], ...] = ()
    size: int = 0

    def __len__(self) -> int:
        return self.size

    def get(self, key: K) -> V | None:
        """The value under a key, or None."""
        _, keys, values = self._chunk_of(key)
        at = bisect_left(keys, key)
        return values[at] if at < len(keys) and keys[at] == key else None

    def with_(self, key: K, value: V) -> SortedMap[K, V]:
        """The map with one entry set."""
        # Tuples are joined by plus: through lists, as stars would have it, takes twice as long.
        n, keys, values = self._chunk_of(key)
        at = bisect_left(keys, key)
        end = at + (at < len(keys) and keys[at] == key)
        entry, item = (key,), (value,)
        chunk = keys[:at] + entry + keys[end:], values[:at] + item + values[end:]
        return self._with_chunks(n, _split_chunk(chunk, at), self.size + 1 - (end - at))

    def without(self, key: K) -> SortedMap[K, V]:
        """The map without an entry; itself if there is none."""
        if self.get(key) is None:
            return self
        n, keys, values = self._chunk_of(key)
        at = bisect_left(keys, key)
        chunk = keys[:at] + keys[at + 1 :], values[:at] + values[at + 1 :]
        return self._with_chunks(n, (chunk,) if chunk[0] else (), self.size - 1)

    def items(self, start: K | None = None, end: K | None = None) -> Iterator[tuple[K, V]]:
        """The entries with start <= key < end, in key order, lazily."""
        n = 0 if start is None else max(bisect_right(self.firsts, start) - 1, 0)
        for keys, values in self.chunks[n:]:
            low = 0 if start is None else bisect_left(keys, start)
            high = len(keys) if end is None else bisect_left(keys, end)
            yield from zip(keys[low:high], values[low:high], strict=True)
            if high < len(keys):
                return

    def count(self, start: K, end: K) -> int:
        """How many entries have start <= key < end."""
        low, high = bisect_right(self.firsts, start) - 1, bisect_left(self.firsts, end)
        chunks = self.chunks[max(low, 0) : high]
        return sum(bisect_left(keys, end) - bisect_left(keys, start) for keys, _ in chunks)

    def without_first_chunk(self) -> SortedMap[K, V]:
        """The map without its lowest keys, a chunk of them: how a log forgets."""
        return SortedMap(self.firsts[1:], self.chunks[1:], self.size - len(self.chunks[0][0]))

    def _chunk_of(self, key: K) -> tuple[int, tuple[K, ...], tuple[V, ...]]:
        """The number, keys and values of the chunk where a key belongs."""
        if not self.chunks:
            return 0, (), ()
        n = max(bisect_right(self.firsts, key) - 1, 0)
        keys, values = self.chunks[n]
        return n, keys, values

    def _with_chunks(self, n: int, chunks: tuple[_Chunk[K, V], ...], size: int) -> SortedMap[K, V]:
        """The map with other chunks in place of the one of that number."""
        spine = self.chunks[:n] + chunks + self.chunks[n + 1 :]
        firsts = self.firsts[:n] + tuple([keys[0] for keys, _ in chunks]) + self.firsts[n + 1 :]
        return SortedMap(firsts, spine, size)


def _split_chunk(chunk: _Chunk[K, V], at: int) -> tuple[_Chunk[K, V], ...]:
    """The chunk, halved where it has grown too long; an entry appended to it becomes a chunk of its own."""
    keys, values = chunk
    if len(keys) <= CHUNK:
        return (chunk,)
    middle = at if at == len(keys) - 1 else len(keys) // 2
    return (keys[:middle], values[:middle]), (keys[middle:], values[middle:])
