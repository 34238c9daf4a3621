"""Request bodies: bytes, text or data to one JSON object, and the fields that were written twice. Pure.

Follows `json.MetaFactory.Interpret` and the strict decoder of apimachinery, their error messages included.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from returns.result import Failure, Result, Success

from fkube.cluster.gojson import json_type, parse_json, summarize_data
from fkube.cluster.statuses import bad_request, failure_status
from fkube.cluster.writing import protobuf
from fkube.exchange.conversation import Request, Response
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Object
from fkube.syntax import yamltext

_YAML = "application/yaml"
_KNOWN = frozenset({"", "application/json", _YAML, protobuf.CONTENT_TYPE})


@dataclass(frozen=True, slots=True, repr=False)
class Body:
    """A decoded body; `order` is empty unless a field is written twice: then the position of every path."""

    object: Object
    duplicates: tuple[str, ...] = ()
    order: Mapping[str, int] = field(default_factory=dict)


def decode_body(request: Request, kind: str) -> Result[Body, Response]:
    """The object in a request's body; `kind`: the kind that a refusal says was expected.

    Errors: 400 where there is none, 415 for an unknown content type.
    """
    return check_content_type(request).bind(lambda media: _decode_by_type(request.body, media, kind))


def _decode_by_type(body: object, media: str, kind: str) -> Result[Body, Response]:
    """Decode a body by its content type (`media`); JSON data stays as it is. Errors: 400."""
    if isinstance(body, dict):
        return Success(Body(body))
    if media == protobuf.CONTENT_TYPE and isinstance(body, bytes):
        # Go's message goes on with the bytes; they may be a Secret's.
        return protobuf.decode_protobuf(body).map(Body).alt(lambda why: unrecognized_body(kind, why))
    text = body.decode(errors="replace") if isinstance(body, bytes) else body
    text = text if isinstance(text, str) else json.dumps(text)
    return _decode_yaml(text, kind) if media == _YAML else _decode_json(text, kind)


def check_content_type(request: Request) -> Result[str, Response]:
    """The content type of a request's body. Errors: 415 for one that can't be read."""
    media = media_type(request)
    if isinstance(request.body, dict) or media in _KNOWN:
        return Success(media)
    return Failure(unknown_format(f"application/json, application/yaml, {protobuf.CONTENT_TYPE}"))


def media_type(request: Request) -> str:
    """The content type of a request without its parameters."""
    return request.content_type.partition(";")[0].strip()


def unknown_format(known: str) -> Response:
    """415 for a body in another format than the known ones."""
    message = f"the body of the request was in an unknown format - accepted media types include: {known}"
    return failure_status(415, "UnsupportedMediaType", message)


def _decode_json(text: str, kind: str) -> Result[Body, Response]:
    """Decode one JSON object, with the fields that are written twice. Errors: 400."""
    repeated: list[None] = []

    # Noted while the text is read: to look for repeated fields afterwards would be to read it twice.
    def read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        object = dict(pairs)
        if len(object) != len(pairs):
            repeated.append(None)
        return object

    return (
        parse_json(text, read_pairs)
        .alt(lambda why: no_object(kind, why, text))
        .bind(lambda value: _require_object(value, text, kind))
        .map(lambda body: _find_duplicates(text) if repeated else body)
    )


def _decode_yaml(text: str, kind: str) -> Result[Body, Response]:
    """Decode one YAML document; fields that are written twice are not reported."""
    return (
        yamltext.load(text)
        .alt(lambda why: f"yaml: line {why[1] + 1}: {why[0]} ({summarize_data(text)})")
        .alt(lambda why: unrecognized_body(kind, why))
        .bind(lambda loaded: _require_object(loaded[0], text, kind))
    )


def _require_object(value: object, text: str, kind: str) -> Result[Body, Response]:
    """The value that was read, if it is an object; nothing is an empty one."""
    if value is None or isinstance(value, dict):
        return Success(Body(value or {}))
    why = f"json: cannot unmarshal {json_type(value)} into Go value of type {_TYPE_META}"
    return Failure(no_object(kind, why, text))


_TYPE_META = (
    r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'
)


def no_object(kind: str, why: str, text: str) -> Response:
    """400 for a text that is no JSON object with a kind and version."""
    why = f"couldn't get version/kind; json parse error: {why} ({summarize_data(text)})"
    return unrecognized_body(kind, why)


def unrecognized_body(kind: str, why: str) -> Response:
    """400 for a body that is no object of a kind."""
    return bad_request(f"the object provided is unrecognized (must be of type {kind}): {why}")


def _find_duplicates(text: str) -> Body:
    """A body with repeated fields, read again with every pair to say which."""
    # An object as a tuple of pairs keeps those with equal keys; JSON's lists stay lists.
    paths = tuple(_written_paths(json.loads(text, object_pairs_hook=tuple), ""))
    last = {path: number for number, path in enumerate(paths)}
    first = {path: number for number, path in reversed(tuple(enumerate(paths)))}
    repeated = dict.fromkeys(path for number, path in enumerate(paths) if first[path] < number)
    return Body(json.loads(text), tuple(repeated), last)


def _written_paths(value: object, path: str) -> Iterator[str]:
    """Yield the path of every field in the order it was written; objects are tuples of pairs here."""
    if isinstance(value, tuple):
        prefix = f"{path}." if path else ""
        for key, inner in value:
            yield f"{prefix}{key}"
            yield from _written_paths(inner, f"{prefix}{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _written_paths(inner, f"{path}[{index}]")


def strict_problems(body: Body, unknown: Iterable[str], written: bool = True) -> tuple[str, ...]:
    """What strict decoding objects to: fields of a body written twice, and `unknown` paths.

    `written`: in the order in which the fields were written if some are written twice; else duplicates first.
    """
    doubled = [(body.order.get(path, 0), f'duplicate field "{path}"') for path in body.duplicates]
    odd = [(body.order.get(path, 0), f'unknown field "{path}"') for path in unknown]
    problems = [*doubled, *odd]
    return tuple(problem for _, problem in (sorted(problems) if written and doubled else problems))
