"""Request bodies: bytes, text or data to one JSON object, and the fields that were written twice. Pure.

Follows `json.MetaFactory.Interpret` and the strict decoder of apimachinery, their error messages included.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.statuses import bad_request, failure_status
from fkube.cluster.writing import protobuf
from fkube.exchange.conversation import Request, Response
from fkube.resource.info import Object
from fkube.syntax import yamljson

JSON_TYPES = frozenset({"", "application/json"})
YAML_TYPES = frozenset({"application/yaml"})


@dataclass(frozen=True, slots=True, repr=False)
class Body:
    """A decoded body; `order` is empty unless a field is written twice: then the position of every path."""

    object: Object
    duplicates: tuple[str, ...] = ()
    order: Mapping[str, int] = field(default_factory=dict)


def decode_body(request: Request, kind: str) -> Result[Body, Response]:
    """The object in a request's body. Errors: 400 where there is none, 415 for an unknown content type."""
    return check_content_type(request).bind(lambda content_type: _decode_by_type(request, content_type, kind))


def _decode_by_type(request: Request, content_type: str, kind: str) -> Result[Body, Response]:
    if isinstance(request.body, dict):
        return Success(Body(request.body))
    if content_type in YAML_TYPES:
        return _decode_yaml(_body_text(request.body), kind)
    if content_type == protobuf.CONTENT_TYPE and isinstance(request.body, bytes):
        return _decode_protobuf(request.body, kind)
    return _decode_json(_body_text(request.body), kind)


def check_content_type(request: Request) -> Result[str, Response]:
    """The type of a request's body. Errors: 415 for one that can't be read."""
    content_type = request.content_type.partition(";")[0].strip()
    if isinstance(request.body, dict) or content_type in JSON_TYPES | YAML_TYPES | {protobuf.CONTENT_TYPE}:
        return Success(content_type)
    known = f"application/json, application/yaml, {protobuf.CONTENT_TYPE}"
    message = f"the body of the request was in an unknown format - accepted media types include: {known}"
    return Failure(failure_status(415, "UnsupportedMediaType", message))


def parse_json(text: str) -> Result[Any, str]:
    """JSON text to data, or why it is none."""
    try:
        return Success(json.loads(text))
    except (ValueError, RecursionError):
        return Failure(_syntax_error(text))


def _body_text(body: Any) -> str:
    if isinstance(body, bytes):
        return body.decode(errors="replace")
    return body if isinstance(body, str) else json.dumps(body)


def _decode_json(text: str, kind: str) -> Result[Body, Response]:
    repeated: list[None] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            repeated.append(None)
        return made

    try:
        value = json.loads(text, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return Failure(
            _unrecognized_body(kind, f"json parse error: {_syntax_error(text)} ({summarize_data(text)})")
        )
    return _require_object(value, text, kind).map(lambda body: _find_duplicates(text) if repeated else body)


def _decode_yaml(text: str, kind: str) -> Result[Body, Response]:
    """One YAML document, as data; of a field written twice nothing is told."""
    message = f"the object provided is unrecognized (must be of type {kind}): yaml: "
    return (
        yamljson.load(text)
        .alt(lambda why: bad_request(f"{message}line {why[1] + 1}: {why[0]} ({summarize_data(text)})"))
        .bind(lambda loaded: _require_object(loaded[0], text, kind))
    )


def _require_object(value: Any, text: str, kind: str) -> Result[Body, Response]:
    """What was read, if it is an object; nothing is an empty one."""
    if value is None or isinstance(value, dict):
        return Success(Body(value or {}))
    return Failure(
        _unrecognized_body(kind, f"json parse error: {_not_an_object(value)} ({summarize_data(text)})")
    )


def _decode_protobuf(body: bytes, kind: str) -> Result[Body, Response]:
    # Go's message goes on with the bytes; they may be a Secret's.
    message = f"the object provided is unrecognized (must be of type {kind}): "
    return protobuf.decode_protobuf(body).map(Body).alt(lambda why: bad_request(message + why))


def _unrecognized_body(kind: str, why: str) -> Response:
    return bad_request(
        f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; {why}"
    )


def _not_an_object(value: Any) -> str:
    struct = (
        r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'
    )
    return f"json: cannot unmarshal {json_type(value)} into Go value of type {struct}"


def summarize_data(text: str) -> str:
    """The beginning of a body for a message: of an object its text, of anything else its bytes.

    Follows `summarizeData` of apimachinery.
    """
    if not text.startswith("{"):
        data = text.encode()
        return (data[:SHOWN].hex() + (" ..." if len(data) > SHOWN else "")) or "<empty>"
    return text[:SHOWN] + (" ..." if len(text) > SHOWN else "")


_NO_KEY = "Expecting property name enclosed in double quotes"
SHOWN = 30
"""How much of a body messages show."""


def json_type(value: Any) -> str:
    """What Go's JSON decoder calls a value.

    >>> json_type([]), json_type(True), json_type(1)
    ('array', 'bool', 'number')
    """
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return f"number {value}" if isinstance(value, float) else "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict) else "array"


def _syntax_error(text: str) -> str:
    """Why a text is no JSON, nearly in the words of Go's decoder."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()):
            return "unexpected end of JSON input"
        places = {
            "Extra data": "after top-level value",
            _NO_KEY: "looking for beginning of object key string",
        }
        place = places.get(error.msg, "looking for beginning of value")
        return f"invalid character {text[error.pos]!r} {place}"
    except (ValueError, RecursionError):
        return "exceeded max depth"
    return ""


@dataclass(frozen=True, slots=True)
class _WrittenObject:
    """A JSON object as it was written."""

    pairs: tuple[tuple[str, Any], ...]


def _find_duplicates(text: str) -> Body:
    """A body in which fields are repeated: read again with every pair, to say which."""
    written = json.loads(text, object_pairs_hook=lambda pairs: _WrittenObject(tuple(pairs)))
    seen: dict[str, int] = {}
    duplicates: list[str] = []
    for number, path in enumerate(_written_paths(written, "")):
        if path in seen and path not in duplicates:
            duplicates.append(path)
        seen[path] = number
    return Body(json.loads(text), tuple(duplicates), seen)


def _written_paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, _WrittenObject):
        prefix = f"{path}." if path else ""
        for key, inner in value.pairs:
            yield f"{prefix}{key}"
            yield from _written_paths(inner, f"{prefix}{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _written_paths(inner, f"{path}[{index}]")


def strict_problems(body: Body, unknown: Iterable[str], written: bool = True) -> tuple[str, ...]:
    """What strict decoding has against a body: in the order of its writing, or duplicate fields first."""
    odd = [(body.order.get(path, 0), f'unknown field "{path}"') for path in unknown]
    doubled = [(body.order.get(path, 0), f'duplicate field "{path}"') for path in body.duplicates]
    found = sorted((*doubled, *odd)) if written and doubled else (*doubled, *odd)
    return tuple(problem for _, problem in found)
