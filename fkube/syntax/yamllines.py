"""Lines of keys and items in a YAML or JSON text; keys whose values do not count, as others replace them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from yaml.error import YAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent, MappingStartEvent, ScalarEvent

from fkube.resource.dataclasses import dataclass
from fkube.syntax.yamlevents import Event, events, line_number
from fkube.syntax.yamljson import find_replaced


def duplicate_keys(text: str) -> tuple[tuple[str, int], ...]:
    """Each key that a mapping has had already, and its line, counted from 0; none of a text that is no YAML.

    >>> duplicate_keys("a: 1\\nb: {a: 1}\\nc:\\n- x: 1\\n- x: 2\\na: 2\\n")
    (('a', 5),)
    """
    with suppress(YAMLError):
        return tuple(_repeated_keys(text))
    return ()


def replaced_keys(text: str) -> tuple[tuple[str, int, int], ...]:
    r"""Each key that a merge key replaces: its path, its line, and that of the merge key, counted from 0.

    >>> replaced_keys("d: &d {a: 1}\nx:\n- y:\n    a: 0\n    <<: *d\n")
    (('x.y.a', 3, 4),)
    """
    found = find_replaced(text)
    with suppress(YAMLError):
        paths = {_index(event): _path(opened) for opened, event in _walk_keys(text) if found}
        return tuple((paths[_index(it.merge)] + it.key, it.line, line_number(it.merge)) for it in found)
    return ()


def _index(event: Event) -> int:
    """Where in its text an event is."""
    return event.start_mark.index if event.start_mark else 0


def _path(opened: Sequence[_OpenCollection]) -> str:
    """The path of the mapping that was opened last, with a dot behind each step; lists add none."""
    return "".join(f"{one.key}." for one in opened[:-1] if one.mapping)


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of the last key at a path of keys, counted from 0; 0 if there is none. Lists add no step.

    >>> line_of("a:\\n- b: 1\\n  c: 2\\n", ("a", "c"))
    2
    """
    with suppress(YAMLError):
        paths = (
            (tuple(one.key for one in opened if one.mapping), event) for opened, event in _walk_keys(text)
        )
        return max((line_number(event) for found, event in paths if found == path), default=0)
    return 0


def item_lines(text: str) -> tuple[int, ...]:
    """The line of each item of the list that a text is, counted from 0; none where the text does not say.

    >>> item_lines("kind: List\\nitems:\\n- kind: A\\n  items: [1]\\n-\\n  kind: B\\n")
    (2, 5)
    """
    with suppress(YAMLError):
        return _item_lines(events(text))
    return ()


@dataclass(slots=True)
class _OpenCollection:
    """An open collection: if it is a mapping, whether a key comes next, the last key and those before it."""

    mapping: bool
    at_key: bool
    seen: set[str]
    key: str = ""


def _walk_keys(text: str) -> Iterator[tuple[list[_OpenCollection], Event]]:
    """Each key of a text: the collections that are open there, the innermost last, and the key's event."""
    opened: list[_OpenCollection] = []
    for event in events(text):
        if isinstance(event, CollectionStartEvent):
            mapping = isinstance(event, MappingStartEvent)
            opened.append(_OpenCollection(mapping, mapping, set()))
            continue
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        elif opened and opened[-1].at_key:
            opened[-1].key = event.value if isinstance(event, ScalarEvent) else str(event.anchor)
            yield opened, event
        if opened:
            here = opened[-1]
            here.at_key = here.mapping and not here.at_key


def _repeated_keys(text: str) -> Iterator[tuple[str, int]]:
    """Each key that its mapping has had already, and its line; `<<` may come again."""
    for opened, event in _walk_keys(text):
        here = opened[-1]
        if isinstance(event, ScalarEvent):
            if here.key in here.seen and here.key != "<<":
                yield here.key, line_number(event)
            here.seen.add(here.key)


def _item_lines(events: Iterator[Event]) -> tuple[int, ...]:
    """The lines of the items of the root's last sequence called `items`: of equal keys the last counts."""
    # Not by `_walk_keys`, which takes a sixth as long again.
    depth, at_key, key, found = 0, False, "", list[int]()
    for event in events:
        if isinstance(event, CollectionEndEvent):
            depth -= 1
            continue
        if depth == 1:
            at_key = not at_key
            key = str(getattr(event, "value", "")) if at_key else key
            found = [] if at_key and key == "items" else found
        elif depth == 2 and key == "items" and not at_key:
            found.append(line_number(event))
        depth += isinstance(event, CollectionStartEvent)
    return tuple(found)
