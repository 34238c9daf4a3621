"""YAML text to JSON data as kubectl converts it, by the events of libyaml: no tree of nodes, no recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from fkube.jsontext import MAX_DEPTH
from fkube.yamldialect import Event, as_kubectl, refusal, repaired
from fkube.yamlscalars import Scalar, as_key, as_value, plain, tagged

Node: TypeAlias = ScalarEvent | dict[str, Any] | list[Any]
"""What is finished in an open collection: a scalar still to be resolved, or a collection as JSON data."""

_REPAIRS = 20
_MERGE = "tag:yaml.org,2002:merge"


def load(text: str) -> Result[tuple[Any, int], tuple[str, int]]:
    """The first document of a YAML text as JSON data, or why not; both with a line, counted from 0.

    Follows `YAMLToJSON` of sigs.k8s.io/yaml: the last of equal keys wins, and what comes after the first
    document is not read.

    >>> load("a: {b: yes, 1: 0o17}\\n").unwrap()
    ({'a': {'b': True, '1': 15}}, 0)
    >>> load("a: 1\\nb: *c\\n").failure()
    ("unknown anchor 'c' referenced", 1)
    """
    return _read(text, _REPAIRS)


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of the last key at a path of keys, counted from 0; 0 if there is none. Lists add no step.

    >>> line_of("a:\\n- b: 1\\n  c: 2\\n", ("a", "c"))
    2
    """
    try:
        return max((line for found, line in _keys(text) if found == path), default=0)
    except YAMLError:
        return 0


def _read(text: str, repairs: int) -> Result[tuple[Any, int], tuple[str, int]]:
    """What `load` returns, after so many repairs at most of what only libyaml refuses."""
    try:
        return Success(_root(_bounded(_events(text))))
    except ReaderError as error:
        before = text.encode("utf-8", "surrogatepass")[: error.position]
        return Failure((str(error.reason), before.count(b"\n")))
    except MarkedYAMLError as error:
        fixed = repaired(text, error) if repairs else None
        if fixed is not None:
            return _read(fixed, repairs - 1)
        mark = error.problem_mark or error.context_mark
        return Failure((str(error.problem), mark.line if mark else 0))


def _keys(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The path and line of every key of a text that `load` has read."""
    opened: list[str | None] = []
    for event in _events(text):
        if isinstance(event, CollectionEndEvent):
            opened.pop()
        elif opened and opened[-1] is None:
            opened[-1] = str(getattr(event, "value", event.anchor))
            yield tuple(key for key in opened if key), event.start_mark.line if event.start_mark else 0
            continue
        elif isinstance(event, CollectionStartEvent):
            opened.append(None if isinstance(event, MappingStartEvent) else "")
            continue
        if opened and opened[-1]:
            opened[-1] = None


def _events(text: str) -> Iterator[Event]:
    """The events of the nodes of the first document."""
    events = _parsed(text.encode("utf-8", "surrogatepass"))
    return as_kubectl(events, text) if "?" in text or r"\/" in text else events


def _parsed(data: bytes) -> Iterator[Event]:
    parser = CParser(data)
    for event in iter(parser.get_event, None):
        if isinstance(event, (NodeEvent, CollectionEndEvent)):
            yield event
        elif isinstance(event, (DocumentEndEvent, StreamEndEvent)):
            return


def _bounded(events: Iterable[Event]) -> Iterator[Event]:
    """The events, while collections are neither too deep nor aliased too often.

    Follows `decoder.unmarshal` of go.yaml.in/yaml/v2, which counts what an alias stands for each time.
    """
    count = aliased = 0
    sizes: dict[str | None, int] = {}
    opened: list[tuple[str | None, int]] = []
    for event in events:
        if isinstance(event, CollectionEndEvent):
            anchor, before = opened.pop()
            sizes[anchor] = count - before
        else:
            copied = sizes.get(event.anchor, 0) if isinstance(event, AliasEvent) else 0
            opened += [(event.anchor, count)] if isinstance(event, CollectionStartEvent) else []
            aliased, count = aliased + copied, count + copied + 1
            sizes[event.anchor] = copied or 1
            if problem := _excess(len(opened), count, aliased):
                raise refusal(problem, event)
        yield event


def _excess(depth: int, count: int, aliased: int) -> str:
    """What there is too much of in a document, or empty: `aliased` of its `count` nodes are copies.

    Follows `allowedAliasRatio` of go.yaml.in/yaml/v2.
    """
    if depth > MAX_DEPTH:
        return f"exceeded max depth of {MAX_DEPTH}"
    if aliased <= 100 or count <= 1000:
        return ""
    allowed = 0.99 - 0.89 * min(max((count - 400_000) / 3_600_000, 0), 1)
    return "document contains excessive aliasing" if aliased > allowed * count else ""


def _root(events: Iterator[Event]) -> tuple[Any, int]:
    """The one value that the events of a document make, and the line where it starts; null for none."""
    for first in events:
        return _value(_reduced(chain((first,), events))), first.start_mark.line if first.start_mark else 0
    return None, 0


def _reduced(events: Iterable[Event]) -> Node:
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
            nodes[at:] = [_collection(start, nodes[at:])]
            anchors[start.anchor] = nodes[-1]
        else:
            nodes.append(event if isinstance(event, ScalarEvent) else _aliased(event, anchors))
            anchors[event.anchor] = nodes[-1]
    return nodes[0]


def _collection(start: CollectionStartEvent, nodes: Sequence[Node]) -> Node:
    """A collection as JSON data, from what is in it: of a mapping the keys and their values in turn."""
    if not isinstance(start, MappingStartEvent):
        return [_value(node) for node in nodes]
    pairs = tuple(zip(nodes[::2], nodes[1::2], strict=True))
    found = {_key(key): _value(value) for key, value in pairs}
    return _merged(pairs) if "<<" in found else found


def _merged(pairs: Iterable[tuple[Node, Node]]) -> dict[str, Any]:
    """A mapping with others merged in where they stand, over what came before them.

    Follows `decoder.merge` of go.yaml.in/yaml/v2: of several, the first has the last word.
    """
    found: dict[str, Any] = {}
    for key, value in pairs:
        if isinstance(key, ScalarEvent) and key.value == "<<" and (key.implicit[0] or key.tag == _MERGE):
            for mapping in reversed(value if isinstance(value, list) else [value]):
                if not isinstance(mapping, dict):
                    raise refusal("map merge requires map or sequence of maps as the value", key)
                found.update(mapping)
        else:
            found[_key(key)] = _value(value)
    return found


def _value(node: Node) -> Any:
    """What a node is as a value in JSON."""
    if not isinstance(node, ScalarEvent):
        return node
    try:
        return as_value(_scalar(node))
    except ValueError as error:
        raise refusal(str(error), node) from None


def _key(node: Node) -> str:
    """What a node is as the key of a JSON object."""
    if not isinstance(node, ScalarEvent):
        raise refusal("invalid map key: only a scalar can be one", None)
    try:
        return as_key(_scalar(node))
    except ValueError as error:
        raise refusal(str(error), node) from None


def _scalar(event: ScalarEvent) -> Scalar:
    """What a scalar is by its tag, or by its text where it stands without quotes."""
    if event.tag is not None:
        return tagged(event.tag, event.value)
    return plain(event.value) if event.implicit[0] else event.value


def _aliased(alias: NodeEvent, anchors: Mapping[str | None, Node | None]) -> Node:
    """The node that an alias stands for: shared, not copied."""
    if alias.anchor not in anchors:
        raise refusal(f"unknown anchor '{alias.anchor}' referenced", alias)
    node = anchors[alias.anchor]
    if node is None:
        raise refusal(f"anchor '{alias.anchor}' value contains itself", alias)
    return node
