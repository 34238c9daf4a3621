"""YAML text to JSON data as kubectl converts it, by the events of libyaml: no tree of nodes, no recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, TypeAlias

from returns.result import Failure, Success
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from yaml.reader import ReaderError

from fkube.resource.dataclasses import dataclass, field
from fkube.syntax.jsontext import Loaded
from fkube.syntax.yamlevents import Event, events, explain_directive, line_number, refusal, repair_text
from fkube.syntax.yamlscalars import HINTS, Scalar, as_key, as_value, resolve_plain, resolve_tagged

Node: TypeAlias = ScalarEvent | str | dict[Any, Any] | list[Any]
"""A node of an open collection: a scalar still to be resolved, or a text or a collection as JSON data."""

Anchors: TypeAlias = dict[str | None, Node | None]
"""The nodes that anchors name, None for one that is open still."""

Opened: TypeAlias = list[tuple[CollectionStartEvent, list[Node]]]
"""The collections that are open, and the nodes of those around each."""

_REPAIRS = 20
_NO_MERGE = "map merge requires map or sequence of maps as the value"
_MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True, slots=True)
class Lost:
    """A value or key that JSON can't say."""

    problem: str
    line: int


OnLoss: TypeAlias = Callable[[str, int], Lost]
"""What comes in the place of what JSON can't say: a problem and its line."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A key whose value a merge key (`<<`) replaces by another: its name and line, and the merge key.

    The line is that of an earlier merge key, where that gave the value.
    """

    key: str = field(repr=False)
    line: int
    merge: ScalarEvent


OnMerge: TypeAlias = Callable[[Replaced], object]
"""What is told of each key that is replaced."""


def tell_nobody(replaced: Replaced) -> None:
    """Do nothing: the `OnMerge` of who only wants the data."""


def load_any(text: str) -> Loaded:
    """Read a YAML text as `yamltext.load` does, but always by the events of libyaml."""
    # What JSON can't say is no error where an equal key has the last word: look at what is left at the end.
    loaded = _load_repaired(text, _REPAIRS, _raise_loss)
    return loaded.lash(lambda _: _load_repaired(text, _REPAIRS, Lost).bind(_refuse_loss))


def find_replaced(text: str) -> tuple[Replaced, ...]:
    r"""The keys of a YAML text whose values merge keys replace, in the order in which mappings end.

    >>> [(one.key, one.line) for one in find_replaced("d: &d {a: 1, b: 2}\nx:\n  a: 0\n  b: 2\n  <<: *d\n")]
    [('a', 2)]
    """
    found: list[Replaced] = []
    if "<<" in text:
        with suppress(YAMLError):
            for first in (read := events(text)):
                _build_node(chain((first,), read), Lost, True, found.append)
    return tuple(found)


def _load_repaired(text: str, repairs: int, lost: OnLoss) -> Loaded:
    """Load a text after so many repairs at most of what only libyaml refuses."""
    try:
        return Success(_document_value(events(text), lost, "<<" in text))
    except ReaderError as error:
        before = text.encode("utf-8", "surrogatepass")[: error.position]
        return Failure((str(error.reason), before.count(b"\n")))
    except MarkedYAMLError as error:
        fixed = repair_text(text, error) if repairs else None
        if fixed is not None:
            return _load_repaired(fixed, repairs - 1, lost)
        mark = error.problem_mark or error.context_mark
        line, problem = mark.line if mark else 0, str(error.problem)
        return Failure((problem + explain_directive(text), line))


def _raise_loss(problem: str, line: int) -> Lost:
    """Refuse what JSON can't say at once, as an `OnLoss`."""
    raise refusal(problem, line)


def _refuse_loss(loaded: tuple[Any, int]) -> Loaded:
    """The data, unless something in it is lost."""
    waiting = [loaded[0]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Lost):
            return Failure((node.problem, node.line))
        if isinstance(node, dict | list):
            waiting += [*node, *node.values()] if isinstance(node, dict) else node
    return Success(loaded)


def _document_value(events: Iterator[Event], lost: OnLoss, merging: bool) -> tuple[Any, int]:
    """The value that the events of a document make, and the line where it starts; null for none."""
    for first in events:
        node = _build_node(chain((first,), events), lost, merging)
        return _convert(node, lost), line_number(first)
    return None, 0


def _build_node(events: Iterable[Event], lost: OnLoss, merging: bool, merged: OnMerge = tell_nobody) -> Node:
    """The root of a document from its events: open collections wait on a stack until their end comes.

    `merging`: there may be merge keys, so that each scalar has to be known with its line.
    """
    nodes, opened, anchors = list[Node](), Opened(), Anchors()
    for event in events:
        if isinstance(event, ScalarEvent):
            # Most scalars are what is written, as a key too: of these no event is held, and none asked again.
            node: Node = event if merging or event.value[:1] in HINTS or event.tag else event.value
        elif isinstance(event, CollectionEndEvent):
            event, before = opened.pop()
            node, nodes = _build_collection(event, nodes, lost, merged), before
        elif isinstance(event, CollectionStartEvent):
            opened.append((event, nodes))
            anchors[event.anchor], nodes = None, []
            continue
        else:
            node = _resolve_alias(event, anchors, nodes[-1:])
        nodes.append(node)
        anchors[event.anchor] = node
    return nodes[0]


def _build_collection(
    start: CollectionStartEvent, nodes: Sequence[Node], lost: OnLoss, merged: OnMerge
) -> Node:
    """A collection as JSON data, made of its nodes: of a mapping, keys and values in turn."""
    if not isinstance(start, MappingStartEvent):
        return [_convert(node, lost) if isinstance(node, ScalarEvent) else node for node in nodes]
    pairs = tuple(zip(nodes[::2], nodes[1::2], strict=True))
    found: dict[Any, Any] = {
        key if isinstance(key, str) else _convert(key, lost, as_key): (
            _convert(value, lost) if isinstance(value, ScalarEvent) else value
        )
        for key, value in pairs
    }
    return _merge_mappings(pairs, lost, merged) if "<<" in found else found


def _merge_mappings(pairs: Iterable[tuple[Node, Node]], lost: OnLoss, merged: OnMerge) -> dict[Any, Any]:
    """A mapping with those of its merge keys (`<<`) merged in, over the fields before them.

    Follows `decoder.merge` of go.yaml.in/yaml/v2: of several, the first has the last word.
    """
    found: dict[Any, Any] = {}
    lines: dict[Any, int] = {}
    for key, value in pairs:
        if isinstance(key, ScalarEvent) and _is_merge(key):
            new = _merged_value(key, value)
            for name in (name for name in new if name in found and not _is_same(new[name], found[name])):
                merged(Replaced(name, lines[name], key))
        else:
            new = {_convert(key, lost, as_key): _convert(value, lost)}
        found.update(new)
        lines.update(dict.fromkeys(new, line_number(key) if isinstance(key, ScalarEvent) else 0))
    return found


def _merged_value(key: ScalarEvent, value: Node) -> dict[Any, Any]:
    """What a merge key brings: its mapping, or those of a sequence, of which the first counts."""
    mappings = value if isinstance(value, list) else [value]
    if not all(isinstance(mapping, dict) for mapping in mappings):
        raise refusal(_NO_MERGE, line_number(key))
    return dict(chain.from_iterable(mapping.items() for mapping in reversed(mappings)))


def _is_same(left: Any, right: Any) -> bool:
    """Whether two values of JSON are equal, of which one may be true and the other 1."""
    return bool(left == right) and (isinstance(left, bool) == isinstance(right, bool))


def _convert(node: Node, lost: OnLoss, write: Callable[[Scalar], Scalar] = as_value) -> Any:
    """A node as a value of JSON; as the key of a JSON object, if it is to be written `as_key`."""
    if not isinstance(node, ScalarEvent):
        if write is as_key and not isinstance(node, str):
            raise refusal("invalid map key: only a scalar can be one", 0)
        return node
    scalar = _resolve_scalar(node)
    try:
        return write(scalar)
    except ValueError as error:
        return lost(str(error), line_number(node))


def _resolve_scalar(event: ScalarEvent) -> Scalar:
    """The value of a scalar by its tag, or by its text where it stands without quotes."""
    if event.tag is None:
        return resolve_plain(event.value) if event.implicit[0] else event.value
    try:
        return resolve_tagged(event.tag, event.value)
    except ValueError as error:
        raise refusal(str(error), line_number(event)) from None


def _resolve_alias(alias: NodeEvent, anchors: Anchors, before: Sequence[Node]) -> Node:
    """The node that an alias stands for: shared, not copied. A sequence to merge must be written out.

    No error has the name of the alias: where a value begins with `*` and has no quotes, it is the value.
    """
    if alias.anchor not in anchors:
        raise refusal("unknown anchor referenced: quote a value that begins with *", line_number(alias))
    node = anchors[alias.anchor]
    if node is None:
        raise refusal("anchor value contains itself", line_number(alias))
    if isinstance(node, list) and any(map(_is_merge, before)):
        raise refusal(_NO_MERGE, line_number(alias))
    return node


def _is_merge(key: Node) -> bool:
    """Whether a key is `<<`, without quotes or with the tag that says so."""
    return isinstance(key, ScalarEvent) and key.value == "<<" and (key.implicit[0] or key.tag == _MERGE)
