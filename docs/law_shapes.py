"""What the pictures of laws show of a value: pieces in order for a side, a line for what is given."""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import yaml
from returns.result import Failure, Success

from fkube.exchange import Done, Request
from fkube.laws.compare import Turn
from fkube.pipeline.drawing import Kind
from fkube.report import Outcome, Report
from fkube.resource.errors import Failures, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, metadata_of
from fkube.syntax.svg import wrap_text
from fkube.testing.functions import Trace
from fkube.testing.messages import plain_data
from fkube.visitor.algebra import Each, One, VisitorList
from fkube.visitor.stages import Scanned

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
            return [piece for item in value for piece in _item_pieces(item)]
        case Trace(tag, given, _):
            return [
                Piece(wrap_text(f"{tag}({' '.join(piece.name)})", 60), kind=piece.kind)
                for piece in pieces(given)
            ]
    return [_draw_piece(value)]


def _item_pieces(item: object) -> list[Piece]:
    """What is shown of one of several; a tuple is one value here."""
    inner = item.value_or(None) if isinstance(item, Success) else item
    return [_draw_piece(inner)] if isinstance(inner, tuple) else pieces(item)


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
    shown = plain_data(info.object)
    parts = (shown, metadata_of(shown))
    rest = {key: value for part in parts for key, value in part.items() if key not in NAMED}
    placed = {**rest, "from": str(info.origin)} if info.origin.source else rest
    return Piece((_name_info(info),), wrap_text(describe(placed), 56) if placed else ())


def _name_info(info: Info) -> str:
    """A resource by its kind and name, a list by what is in it."""
    if items := info.object.get("items"):
        return f"List of {' and '.join(_name_info(Info(item)) for item in items)}"
    return f"{info.kind} {'/'.join(filter(None, (info.namespace, info.name)))}"


def describe(value: object) -> str:
    """A value in a line: visitors and functions as they are written, data as YAML."""
    match value:
        case Success(tuple(values)) | Failure(Failures(values)):
            return f"a visit which left {describe(values)}"
        case Outcome():
            return " ".join(_draw_piece(value).name)
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
        case Scanned():
            return f"{value}, and its memory {describe(value.state)}"
    return _describe_record(value) if type(value).__module__ in RECORDS else _describe_data(value)


RECORDS = (
    *("fkube.testing.functions", "fkube.testing.waits", "fkube.testing.workloads", "fkube.verbs.conditions"),
    *("fkube.exchange.conversation", "fkube.exchange.messages", "fkube.merging.fields.merge"),
)
"""The modules of values which are shown by what is in them."""


def _describe_record(value: Any) -> str:
    """A value by its type and by those of its fields that are not as they are if nothing is said."""
    if isinstance(value, Request):
        return str(value)
    if not is_dataclass(value):
        return function_name(value)
    said = (
        getattr(value, field.name) for field in fields(value) if getattr(value, field.name) != field.default
    )
    return f"{type(value).__name__}({', '.join(describe(part) for part in said if part != ())})".removesuffix(
        "()"
    )


def _describe_data(value: object) -> str:
    """Data, a function, or what can be told by its text."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return _write_yaml(plain_data(value))
    if isinstance(value, int | float | list | None):
        return _write_yaml(value)
    if isinstance(value, VisitError) or not callable(value):
        return str(value)
    return _write_visitor(value)


def _write_yaml(value: object) -> str:
    """Data as YAML in a line."""
    text: str = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _write_visitor(visitor: Any) -> str:
    """A visitor as it is written."""
    match visitor:
        case One(Success(info)):
            return f"one({describe(info)})"
        case One(Failure(error)):
            return f"broken({error})"
        case VisitorList(visitors):
            return f"visitor_list({', '.join(map(_write_visitor, visitors))})"
    return function_name(visitor)
