"""YAML text to JSON data as kubectl converts it, by the events of libyaml: no tree of nodes, no recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from yaml.reader import ReaderError

from fkube.syntax.yamlevents import Event, events, line_number, refusal, repaired
from fkube.syntax.yamlscalars import Scalar, as_key, as_value, plain, tagged

Node: TypeAlias = ScalarEvent | dict[Any, Any] | list[Any]
"""What is finished in an open collection: a scalar still to be resolved, or a collection as JSON data."""

_ITEM = "[]"
_REPAIRS = 20
_NO_MERGE = "map merge requires map or sequence of maps as the value"
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Lost:
    """A value or key that JSON can't say."""

    problem: str
    line: int


Loaded: TypeAlias = Result[tuple[Any, int], tuple[str, int]]
"""JSON data, or what is wrong with it; both with a line, counted from 0."""

OnLoss: TypeAlias = Callable[[str, int], Lost]
"""What comes in the place of what JSON can't say: a problem and its line."""


def load(text: str) -> Loaded:
    """The first document of a YAML text as JSON data, or why not; both with a line, counted from 0.

    Follows `YAMLToJSON` of sigs.k8s.io/yaml: the last of equal keys wins, and what comes after the first
    document is not read.

    >>> load("a: {b: yes, 1: 0o17}\\n").unwrap()
    ({'a': {'b': True, '1': 15}}, 0)
    >>> load("a: 1\\nb: *c\\n").failure()
    ("unknown anchor 'c' referenced", 1)
    """
    loaded = _read(text, _REPAIRS, _refuse)
    # What JSON can't say is no error where an equal key has the last word: look at what is left at the end.
    return loaded if isinstance(loaded, Success) else _read(text, _REPAIRS, Lost).bind(_without_loss)


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of the last key at a path of keys, counted from 0; 0 if there is none. Lists add no step.

    >>> line_of("a:\\n- b: 1\\n  c: 2\\n", ("a", "c"))
    2
    """
    try:
        return max((line for found, line in _keys(text) if found == path), default=0)
    except YAMLError:
        return 0


def item_lines(text: str) -> tuple[int, ...]:
    """The line of each item of the list that a text is, counted from 0; none where the text does not say.

    >>> item_lines("kind: List\\nitems:\\n- kind: A\\n  items: [1]\\n-\\n  kind: B\\n")
    (2, 5)
    """
    try:
        return _item_lines(events(text))
    except YAMLError:
        return ()


def _item_lines(events: Iterator[Event]) -> tuple[int, ...]:
    """The lines of what is in the root's last sequence called items: of equal keys the last counts."""
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


def _keys(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The path and line of every key of a text that `load` has read."""
    opened: list[str | None] = []
    for event in events(text):
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        elif opened and opened[-1] is None:
            opened[-1] = str(getattr(event, "value", event.anchor))
            yield tuple(key for key in opened if key and key != _ITEM), line_number(event)
            continue
        elif isinstance(event, CollectionStartEvent):
            opened.append(None if isinstance(event, MappingStartEvent) else _ITEM)
            continue
        if opened and opened[-1] != _ITEM:
            opened[-1] = None


def _read(text: str, repairs: int, lost: OnLoss) -> Loaded:
    """The data of a text, after so many repairs at most of what only libyaml refuses."""
    try:
        return Success(_root(events(text), lost))
    except ReaderError as error:
        before = text.encode("utf-8", "surrogatepass")[: error.position]
        return Failure((str(error.reason), before.count(b"\n")))
    except MarkedYAMLError as error:
        fixed = repaired(text, error) if repairs else None
        if fixed is not None:
            return _read(fixed, repairs - 1, lost)
        mark = error.problem_mark or error.context_mark
        return Failure((str(error.problem), mark.line if mark else 0))


def _refuse(problem: str, line: int) -> Lost:
    raise refusal(problem, line)


def _without_loss(loaded: tuple[Any, int]) -> Loaded:
    """The data, unless something in it is lost."""
    waiting = [loaded[0]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Lost):
            return Failure((node.problem, node.line))
        waiting += (
            [*node, *node.values()] if isinstance(node, dict) else node if isinstance(node, list) else ()
        )
    return Success(loaded)


def _root(events: Iterator[Event], lost: OnLoss) -> tuple[Any, int]:
    """The one value that the events of a document make, and the line where it starts; null for none."""
    for first in events:
        return _value(_reduced(chain((first,), events), lost), lost), line_number(first)
    return None, 0


def _reduced(events: Iterable[Event], lost: OnLoss) -> Node:
    """Finish every collection as soon as its end comes: open ones wait on a stack of their own."""
    nodes: list[Node] = []
    opened: list[tuple[CollectionStartEvent, int]] = []
    anchors: dict[str | None, Node | None] = {}
    for event in events:
        if isinstance(event, CollectionStartEvent):
            opened.append((event, len(nodes)))
            anchors[event.anchor] = None
        elif isinstance(event, CollectionEndEvent):
            start, at = opened.pop()
            nodes[at:] = [_collection(start, nodes[at:], lost)]
            anchors[start.anchor] = nodes[-1]
        else:
            nodes.append(event if isinstance(event, ScalarEvent) else _aliased(event, anchors, nodes[-1:]))
            anchors[event.anchor] = nodes[-1]
    return nodes[0]


def _collection(start: CollectionStartEvent, nodes: Sequence[Node], lost: OnLoss) -> Node:
    """A collection as JSON data, from what is in it: of a mapping the keys and their values in turn."""
    if not isinstance(start, MappingStartEvent):
        return [_value(node, lost) for node in nodes]
    pairs = tuple(zip(nodes[::2], nodes[1::2], strict=True))
    found: dict[Any, Any] = {_key(key, lost): _value(value, lost) for key, value in pairs}
    return _merged(pairs, lost) if "<<" in found else found


def _merged(pairs: Iterable[tuple[Node, Node]], lost: OnLoss) -> dict[Any, Any]:
    """A mapping with others merged in where they stand, over what came before them.

    Follows `decoder.merge` of go.yaml.in/yaml/v2: of several, the first has the last word.
    """
    found: dict[Any, Any] = {}
    for key, value in pairs:
        if isinstance(key, ScalarEvent) and _is_merge(key):
            for mapping in reversed(value if isinstance(value, list) else [value]):
                if not isinstance(mapping, dict):
                    raise refusal(_NO_MERGE, line_number(key))
                found.update(mapping)
        else:
            found[_key(key, lost)] = _value(value, lost)
    return found


def _value(node: Node, lost: OnLoss) -> Any:
    """What a node is as a value in JSON."""
    if not isinstance(node, ScalarEvent):
        return node
    scalar = _scalar(node)
    try:
        return as_value(scalar)
    except ValueError as error:
        return lost(str(error), line_number(node))


def _key(node: Node, lost: OnLoss) -> str | Lost:
    """What a node is as the key of a JSON object."""
    if not isinstance(node, ScalarEvent):
        raise refusal("invalid map key: only a scalar can be one", 0)
    scalar = _scalar(node)
    try:
        return as_key(scalar)
    except ValueError as error:
        return lost(str(error), line_number(node))


def _scalar(event: ScalarEvent) -> Scalar:
    """What a scalar is by its tag, or by its text where it stands without quotes."""
    if event.tag is None:
        return plain(event.value) if event.implicit[0] else event.value
    try:
        return tagged(event.tag, event.value)
    except ValueError as error:
        raise refusal(str(error), line_number(event)) from None


def _aliased(alias: NodeEvent, anchors: Mapping[str | None, Node | None], before: Sequence[Node]) -> Node:
    """The node that an alias stands for: shared, not copied. A sequence to merge must be written out."""
    if alias.anchor not in anchors:
        raise refusal(f"unknown anchor '{alias.anchor}' referenced", line_number(alias))
    node = anchors[alias.anchor]
    if node is None:
        raise refusal(f"anchor '{alias.anchor}' value contains itself", line_number(alias))
    if isinstance(node, list) and any(map(_is_merge, before)):
        raise refusal(_NO_MERGE, line_number(alias))
    return node


def _is_merge(key: Node) -> bool:
    return isinstance(key, ScalarEvent) and key.value == "<<" and (key.implicit[0] or key.tag == _MERGE)
