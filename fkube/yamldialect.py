"""Where libyaml reads YAML and kubectl does not, or the other way round. Nothing else of YAML is here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from yaml.error import Mark, MarkedYAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent, NodeEvent, ScalarEvent

Event: TypeAlias = NodeEvent | CollectionEndEvent
"""What the parser says of the nodes of a document."""

_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def repaired(text: str, error: MarkedYAMLError) -> str | None:
    r"""The text with what only libyaml refuses written so that it does not; None if kubectl refuses it too.

    Kubectl knows the escape \' and lets plain scalars end with a colon in flow collections.

    >>> from fkube.yamljson import load
    >>> load(r'''["it\'s", a:, b]''').unwrap()
    (["it's", 'a:', 'b'], 0)
    """
    if error.context_mark is None or error.problem_mark is None:
        return None
    start, end = error.context_mark.index, error.problem_mark.index
    quoted = _DOUBLE_QUOTED.match(text, start)
    if error.problem == "found unknown escape character" and quoted and text[end : end + 2] == r"\'":
        return text[:start] + _ESCAPE.sub(_unescaped, quoted[0]) + text[quoted.end() :]
    if error.problem == "found unexpected ':'":
        plain = text[start : end + 1].replace("'", "''")
        return f"{text[:start]}'{plain}'{text[end + 1 :]}"
    return None


def as_kubectl(events: Iterable[Event], text: str) -> Iterator[Event]:
    r"""The events, up to a scalar that only libyaml reads: it raises there.

    Kubectl does not know the escape \/ and takes every question mark in flow collections for an indicator.
    """
    flows = [False]
    for event in events:
        if isinstance(event, CollectionStartEvent):
            flows.append(bool(event.flow_style))
        elif isinstance(event, CollectionEndEvent):
            flows.pop()
        elif isinstance(event, ScalarEvent) and (problem := _problem(text, event, flows[-1])):
            raise refusal(problem, event)
        yield event


def refusal(problem: str, event: Event | None) -> MarkedYAMLError:
    """The parser's own error, for what the parser takes and kubectl does not."""
    line = event.start_mark.line if event and event.start_mark else 0
    return MarkedYAMLError(problem=problem, problem_mark=Mark("", 0, line, 0, None, 0))


def _problem(text: str, scalar: ScalarEvent, flow: bool) -> str:
    """Why kubectl refuses a scalar, or empty; `flow`: it is in a flow collection."""
    if scalar.style == '"' and scalar.start_mark and scalar.end_mark:
        raw = text[scalar.start_mark.index : scalar.end_mark.index]
        return "found unknown escape character" if "/" in _ESCAPE.findall(raw) else ""
    ends = flow and scalar.implicit[0] and "?" in scalar.value
    return "found an unquoted '?' in a flow collection: quote the value" if ends else ""


def _unescaped(escape: re.Match[str]) -> str:
    return "'" if escape[1] == "'" else escape[0]
