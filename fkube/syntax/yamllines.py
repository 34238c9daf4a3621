"""Lines of keys and items in a YAML or JSON text; keys that a mapping has twice, of which the last counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from yaml.error import YAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent, MappingStartEvent, ScalarEvent

from fkube.syntax.yamlevents import Event, events, line_number


def duplicate_keys(text: str) -> tuple[tuple[str, int], ...]:
    """Each key that a mapping has had already, and its line, counted from 0; none of a text that is no YAML.

    >>> duplicate_keys("a: 1\\nb: {a: 1}\\nc:\\n- x: 1\\n- x: 2\\na: 2\\n")
    (('a', 5),)
    """
    with suppress(YAMLError):
        return tuple(_repeated_keys(text))
    return ()


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of the last key at a path of keys, counted from 0; 0 if there is none. Lists add no step.

    >>> line_of("a:\\n- b: 1\\n  c: 2\\n", ("a", "c"))
    2
    """
    with suppress(YAMLError):
        keys = ((opened, event) for opened, event in _nodes(text) if opened[-1].at_key)
        paths = ((tuple(one.key for one in opened if one.mapping), event) for opened, event in keys)
        return max((line_number(event) for found, event in paths if found == path), default=0)
    return 0


def item_lines(text: str) -> tuple[int, ...]:
    """The line of each item of the list that a text is, counted from 0; none where the text does not say.

    Of several keys `items` the last counts.

    >>> item_lines("kind: List\\nitems:\\n- kind: A\\n  items: [1]\\n-\\n  kind: B\\n")
    (2, 5)
    """
    found: list[int] = []
    with suppress(YAMLError):
        for opened, event in _nodes(text):
            if opened[0].key == "items" and opened[0].at_key:
                found = []
            elif opened[0].key == "items" and len(opened) == 2:
                found.append(line_number(event))
        return tuple(found)
    return ()


@dataclass(slots=True)
class _Open:
    """An open collection: whether it is a mapping and a key comes next, the last key and those before it."""

    mapping: bool
    at_key: bool
    seen: set[str]
    key: str = ""


def _nodes(text: str) -> Iterator[tuple[list[_Open], Event]]:
    """Each node of a text but its root: the collections open there, the innermost last, and its event."""
    opened: list[_Open] = []
    for event in events(text):
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        elif opened:
            if (here := opened[-1]).at_key:
                here.key = event.value if isinstance(event, ScalarEvent) else str(event.anchor)
            yield opened, event
        if isinstance(event, CollectionStartEvent):
            mapping = isinstance(event, MappingStartEvent)
            opened.append(_Open(mapping, mapping, set()))
        elif opened and (here := opened[-1]).mapping:
            here.at_key = not here.at_key


def _repeated_keys(text: str) -> Iterator[tuple[str, int]]:
    for opened, event in _nodes(text):
        here = opened[-1]
        if here.at_key and isinstance(event, ScalarEvent):
            if here.key in here.seen and here.key != "<<":
                yield here.key, line_number(event)
            here.seen.add(here.key)
