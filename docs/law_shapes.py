"""What the pictures of laws show of a value: pieces in order for a side of a clause, a line for what is given."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import yaml
from returns.result import Failure, Success

from fkube.exchange import Call, Done, Listen, Request
from fkube.laws.compare import Turn
from fkube.pipeline.drawing import Kind, draw
from fkube.report import Outcome, Report
from fkube.resource.errors import Failures, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, metadata_of
from fkube.syntax.svg import wrap_text
from fkube.testing.functions import Trace
from fkube.testing.messages import plain_data
from fkube.visitor.algebra import Each

NAMED = ("apiVersion", "kind", "metadata", "name", "namespace")
"""What is in the name of a resource already."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing of a side: a resource, a failure, a value."""

    name: tuple[str, ...]
    note: tuple[str, ...] = ()
    kind: Kind = "plain"


def pieces(value: object) -> list[Piece]:
    """What is on one side of a clause, in order; a failure is one piece, wherever it stands."""
    match value:
        case Failure(Failures(inner)) | Success(inner) | Failure(inner) | Report(inner):
            return pieces(inner)
        case () | []:
            return [Piece(("nothing",), kind="more")]
        case tuple() | list():
            return [piece for item in value for piece in pieces(item)]
        case Trace(tag, given, _):
            return [
                Piece(wrap_text(f"{tag}({' '.join(piece.name)})", 60), kind=piece.kind)
                for piece in pieces(given)
            ]
    return [_draw_piece(value)]


def _draw_piece(value: object) -> Piece:
    """One value."""
    match value:
        case Info():
            return _draw_info(value)
        case Outcome():
            names = (f"{info.kind} {info.name}" for info in (value.info,) if info)
            failed = (Piece(wrap_text(f"✗ {value.error}", 60), kind="failure"),) if value.error else ()
            return next(iter(failed), Piece((" ".join((value.action, *names)),), kind="verb"))
        case Turn():
            note = (f"after {value.delay:g} s",) if value.delay else ()
            return Piece((str(value.request),), note, "source")
    if isinstance(value, VisitError):
        return Piece(wrap_text(f"✗ {value}", 60), kind="failure")
    return Piece(wrap_text(describe(value), 84, most=6))


def _draw_info(info: Info) -> Piece:
    """A resource by its kind and name, with what else is in its object below."""
    parts = (info.object, metadata_of(info.object))
    rest = {key: value for part in parts for key, value in part.items() if key not in NAMED}
    placed = {**rest, "from": str(info.origin)} if info.origin.source else rest
    return Piece((_name_info(info),), wrap_text(describe(plain_data(placed)), 56) if placed else ())


def _name_info(info: Info) -> str:
    return f"{info.kind} {'/'.join(filter(None, (info.namespace, info.name)))}"


def describe(value: object) -> str:
    """A value in a line: visitors and functions as they are written, data as YAML."""
    match value:
        case Success(inner) | Failure(inner) | Done(inner):
            return f"{type(value).__name__}({describe(inner)})"
        case Info():
            return _name_info(value)
        case Each(step):
            return f"each({function_name(step)})"
        case frozenset():
            return f"{{{', '.join(sorted(map(describe, value)))}}}"
        case tuple():
            return f"({', '.join(map(describe, value))})"
        case Call() | Listen():
            return f"{type(value).__name__}({value.request}, {describe(value.then)})"
    return _describe_data(value)


def _describe_data(value: object) -> str:
    """Data, a function, or what can be told by its text."""
    if isinstance(value, str | int | float | dict | list | None):
        return _write_yaml(value)
    if isinstance(value, Request | VisitError) or not callable(value):
        return str(value)
    is_visitor = type(value).__module__ == "fkube.visitor.algebra" and hasattr(value, "visitors")
    return _write_visitor(value) if is_visitor or hasattr(value, "result") else function_name(value)


def _write_yaml(value: object) -> str:
    """Data as YAML in a line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _write_visitor(visitor: Callable[..., Any]) -> str:
    """A visitor as it is written: its parts in brackets behind its name."""
    drawing = draw(visitor)
    below: dict[int, list[int]] = {}
    for arrow in drawing.arrows:
        below.setdefault(arrow.start, []).append(arrow.end)

    def write(place: int) -> str:
        inner = ", ".join(map(write, below.get(place, ())))
        return drawing.boxes[place].label + (f"({inner})" if inner else "")

    return write(0)
