"""YAML text to the events of libyaml, up to where kubectl's parser would refuse it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeAlias

from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.events import Event as AnyEvent

from fkube.resource.patterns import compile_later
from fkube.syntax.jsontext import MAX_DEPTH, TOO_DEEP

Event: TypeAlias = NodeEvent | CollectionEndEvent
"""An event of the nodes of a document."""

GetEvent: TypeAlias = Callable[[], AnyEvent | None]
"""Gives the next event of a text; None behind the last one. It raises where the text is no YAML."""

_DOUBLE_QUOTED = compile_later(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DIRECTIVE = compile_later(r"\ufeff?(?:[ \t]*(?:#.*)?\r?\n)*(%(?:YAML|TAG)?)")
_ESCAPE = compile_later(r"\\(.)", re.DOTALL)


def events(text: str) -> Iterator[Event]:
    """The events of the nodes of the first document, up to where kubectl would refuse it: they raise there.

    >>> [event.value for event in events("a\\n...\\nb") if isinstance(event, ScalarEvent)]
    ['a']
    """
    parsed = _parse_events(text.encode("utf-8", "surrogatepass"))
    known = _check_scalars(parsed, text) if "?" in text or r"\/" in text else parsed
    return _check_aliases(_check_aliased_depth(known)) if "*" in text else known


def unread_line(text: str) -> int | None:
    r"""The line at which a text goes on behind its first document, counted from 0; None where it ends there.

    That is a second document behind `...` or `---`, and whatever follows a root in brackets but comments.

    >>> unread_line("a: 1\n...\nb: 2\n"), unread_line("{a: 1}\n{b: 2}"), unread_line("a: 1\n... # end\n")
    (2, 1, None)
    """
    get_event = parser()(text.encode("utf-8", "surrogatepass"))
    ended = False
    try:
        for event in iter(get_event, None):
            if ended or isinstance(event, StreamEndEvent):
                return None if isinstance(event, StreamEndEvent) else line_number(event)
            ended = isinstance(event, DocumentEndEvent)
    except YAMLError as error:
        mark = error.problem_mark if ended and isinstance(error, MarkedYAMLError) else None
        return mark.line if mark else None
    return None


def repair_text(text: str, error: MarkedYAMLError) -> str | None:
    r"""Rewrite a text that only libyaml refuses; None if kubectl refuses it too.

    Kubectl knows the escape \' and lets plain scalars end with a colon in flow collections.

    >>> from fkube.syntax.yamltext import load
    >>> load(r'''["it\'s", a:, b]''').unwrap()
    (["it's", 'a:', 'b'], 0)
    """
    if error.context_mark is None or error.problem_mark is None:
        return None
    start, end = error.context_mark.index, error.problem_mark.index
    quoted = _DOUBLE_QUOTED.match(text, start)
    if error.problem == "found unknown escape character" and quoted and text[end : end + 2] == r"\'":
        known = _ESCAPE.sub(lambda escape: "'" if escape[1] == "'" else escape[0], quoted[0])
        return text[:start] + known + text[quoted.end() :]
    if error.problem == "found unexpected ':'":
        plain = text[start : end + 1].replace("'", "''")
        return f"{text[:start]}'{plain}'{text[end + 1 :]}"
    return None


def explain_directive(text: str) -> str:
    """Say that a text is refused for its directive, if it has one and no document after it; else nothing.

    Each `---` ends a document of a manifest, so that a directive before it stands alone, for kubectl too.

    >>> explain_directive("%YAML 1.1\\n")
    ': %YAML is a directive, and none can be read before ---: leave it out'
    """
    found = _DIRECTIVE.match(text)
    if found is None or re.search("^---", text, re.MULTILINE):
        return ""
    return f": {found[1]} is a directive, and none can be read before ---: leave it out"


def refusal(problem: str, line: int) -> MarkedYAMLError:
    """The parser's own error, for a text that the parser takes and kubectl does not."""
    return MarkedYAMLError(problem=problem, problem_mark=Mark("", 0, line, 0, None, 0))


def line_number(event: AnyEvent) -> int:
    """The line where a node starts or ends, counted from 0."""
    return event.start_mark.line if event.start_mark else 0


@cache
def parser() -> Callable[[bytes], GetEvent]:
    """What parses UTF-8 text: libyaml, or PyYAML's own parser where that is missing, as in a browser."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        from fkube.syntax.yamlpure import open_parser

        return open_parser
    return lambda data: CParser(data).get_event


def _parse_events(data: bytes) -> Iterator[Event]:
    """The events of the first document's nodes; raises where libyaml does, or too deep."""
    # Most documents go through this loop alone: it asks each event for its class, and nothing else.
    depth = 0
    for event in iter(parser()(data), None):
        if isinstance(event, ScalarEvent):
            yield event
        elif isinstance(event, (NodeEvent, CollectionEndEvent)):
            depth += _STEPS[type(event)]
            if depth > MAX_DEPTH:
                raise refusal(TOO_DEEP, line_number(event))
            yield event
        elif _ends(event):
            return


_STEPS: dict[type, int] = {
    **dict.fromkeys((MappingStartEvent, SequenceStartEvent), 1),
    **dict.fromkeys((MappingEndEvent, SequenceEndEvent), -1),
    AliasEvent: 0,
}
"""How much deeper the events of nodes lead, all but scalars."""


def _ends(event: AnyEvent) -> bool:
    """Whether an event that is of no node ends the document; raises for other YAML versions."""
    if isinstance(event, DocumentStartEvent) and event.version not in (None, (1, 1)):
        raise refusal("found incompatible YAML document: only %YAML 1.1 is known", 0)
    return isinstance(event, (DocumentEndEvent, StreamEndEvent))


def _check_aliased_depth(events: Iterable[Event]) -> Iterator[Event]:
    """The events, up to a collection that is too deep with what its aliases stand for: it raises there."""
    named: dict[str | None, int] = {}
    opened: list[str | None] = []
    depths = [0]
    for event in events:
        depth = named.get(event.anchor, 0) if isinstance(event, AliasEvent) else 0
        if isinstance(event, CollectionStartEvent):
            opened.append(event.anchor)
            depths.append(0)
        elif isinstance(event, CollectionEndEvent):
            depth = depths.pop() + 1
            named[opened.pop()] = depth
        depths[-1] = max(depths[-1], depth)
        if len(opened) + depth > MAX_DEPTH:
            raise refusal(TOO_DEEP, line_number(event))
        yield event


def _check_aliases(events: Iterable[Event]) -> Iterator[Event]:
    """The events, up to where aliases make too many nodes out of few: it raises there.

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
            if aliased > 100 and count > 1000 and aliased > count * _allowed_alias_ratio(count):
                raise refusal("document contains excessive aliasing", line_number(event))
        yield event


def _allowed_alias_ratio(count: int) -> float:
    """The share of a document of so many nodes that may come from aliases.

    Follows `allowedAliasRatio` of go.yaml.in/yaml/v2.
    """
    return 0.99 - 0.89 * min(max((count - 400_000) / 3_600_000, 0), 1)


def _check_scalars(events: Iterable[Event], text: str) -> Iterator[Event]:
    r"""The events, up to a scalar that only libyaml reads: it raises there.

    Kubectl does not know the escape \/ and takes every question mark in flow collections for an indicator.
    """
    flows = [False]
    for event in events:
        if isinstance(event, CollectionStartEvent):
            flows.append(bool(event.flow_style))
        elif isinstance(event, CollectionEndEvent):
            flows.pop()
        elif isinstance(event, ScalarEvent) and (problem := _scalar_problem(text, event, flows[-1])):
            raise refusal(problem, line_number(event))
        yield event


def _scalar_problem(text: str, scalar: ScalarEvent, flow: bool) -> str:
    """Why kubectl refuses a scalar, or empty; `flow`: it is in a flow collection."""
    if scalar.style == '"' and scalar.start_mark and scalar.end_mark:
        raw = text[scalar.start_mark.index : scalar.end_mark.index]
        return "found unknown escape character" if "/" in _ESCAPE.findall(raw) else ""
    ends = flow and scalar.implicit[0] and "?" in scalar.value
    return "found an unquoted '?' in a flow collection: quote the value" if ends else ""
