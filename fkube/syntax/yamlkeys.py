"""Keys that a mapping of a YAML or JSON text has twice, and where: the last is the one that counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yaml.error import YAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent, MappingStartEvent, ScalarEvent

from fkube.syntax.yamlevents import Event, events, line_number


def duplicates(text: str) -> tuple[tuple[str, int], ...]:
    """Each key that a mapping has had already, and its line, counted from 0; none of a text that is no YAML.

    >>> duplicates("a: 1\\nb: {a: 1}\\nc:\\n- x: 1\\n- x: 2\\na: 2\\n")
    (('a', 5),)
    """
    try:
        return tuple(_repeated(events(text)))
    except YAMLError:
        return ()


@dataclass(slots=True)
class _Open:
    """A collection that is open: whether it is a mapping, whether a key comes next, and its keys so far."""

    mapping: bool
    at_key: bool
    seen: set[str]

    def has(self, key: str) -> bool:
        """Whether it had this key already; from here on it has."""
        self.at_key = False
        had = key in self.seen and key != "<<"
        self.seen.add(key)
        return had


def _repeated(events: Iterator[Event]) -> Iterator[tuple[str, int]]:
    opened: list[_Open] = []
    for event in events:
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        elif isinstance(event, CollectionStartEvent):
            mapping = isinstance(event, MappingStartEvent)
            opened.append(_Open(mapping, mapping, set()))
            continue
        elif isinstance(event, ScalarEvent) and opened and opened[-1].at_key:
            if opened[-1].has(event.value):
                yield event.value, line_number(event)
            continue
        if opened:
            opened[-1].at_key = opened[-1].mapping and not opened[-1].at_key
