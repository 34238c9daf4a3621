"""A persistent map in key order: a tuple of sorted chunks, of which a change copies one. Nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Generic, TypeAlias, TypeVar

from fkube.resource.dataclasses import dataclass

K = TypeVar("K", str, int)
V = TypeVar("V")

CHUNK = 256
"""Most entries of a chunk: copying one and the spine costs about the same at 100,000 entries."""

_Chunk: TypeAlias = tuple[tuple[K, ...], tuple[V, ...]]
"""The keys of some entries in order, and their values."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SortedMap(Generic[K, V]):
    """An immutable map whose entries are in key order; `with_` and `without` share all but one chunk.

    `firsts`: the first key of each chunk. `size`: how many entries all chunks have.
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
        return self._replace_entry(key, ((key,), (value,)))

    def without(self, key: K) -> SortedMap[K, V]:
        """The map without an entry; itself if there is none."""
        return self if self.get(key) is None else self._replace_entry(key, ((), ()))

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

    def _replace_entry(self, key: K, entry: _Chunk[K, V]) -> SortedMap[K, V]:
        """The map with an entry set, or removed where `entry` is an empty chunk."""
        # Tuples are joined by plus: through lists, as stars would have it, takes twice as long.
        n, keys, values = self._chunk_of(key)
        at = bisect_left(keys, key)
        end = at + (at < len(keys) and keys[at] == key)
        chunks = _split_chunk(keys[:at] + entry[0] + keys[end:], values[:at] + entry[1] + values[end:], at)
        firsts = self.firsts[:n] + tuple([keys[0] for keys, _ in chunks]) + self.firsts[n + 1 :]
        spine = self.chunks[:n] + chunks + self.chunks[n + 1 :]
        return SortedMap(firsts, spine, self.size + len(entry[0]) - (end - at))


def _split_chunk(keys: tuple[K, ...], values: tuple[V, ...], at: int) -> tuple[_Chunk[K, V], ...]:
    """The chunk itself, or two if it has grown too long, or none if it is empty.

    `at`: the position of the entry that was set; one appended to a full chunk becomes a chunk of its own.
    """
    if len(keys) <= CHUNK:
        return ((keys, values),) if keys else ()
    middle = at if at == len(keys) - 1 else len(keys) // 2
    return (keys[:middle], values[:middle]), (keys[middle:], values[middle:])
