"""Kubernetes' protobuf to JSON data, as kubectl's typed commands (`create deployment` …) send it. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.cluster.kinds import load_records
from fkube.resource.info import Object

CONTENT_TYPE = "application/vnd.kubernetes.protobuf"

MAGIC = b"k8s\0"

_RECORDS = "messages.json.gz"
"""The messages of the kinds by name; of each its fields by number: JSON name, type, is a zero kept.

A type `[T` is a list of `T`, `{T` a map from texts to `T`, `<T` a message that only wraps a list of `T`.

Recorded from the API's Go types (`go run ./messages` in `tests/conformance/server`).
"""

Raw: TypeAlias = int | bytes
"""The value of a field as it is on the wire."""


def decode_protobuf(body: bytes) -> Result[Object, str]:
    """Decode the object in a protobuf envelope to JSON data, without what Go's `omitempty` leaves out.

    Errors: why it is none. Follows `protobuf.Serializer` of apimachinery, `runtime.Unknown` its envelope.

    >>> namespace = b"\\n\\x06\\n\\x04shop"
    >>> envelope = MAGIC + b"\\n\\x0f\\n\\x02v1\\x12\\tNamespace\\x12\\x08"
    >>> decode_protobuf(envelope + namespace).unwrap()["metadata"]
    {'name': 'shop'}
    """
    if not body.startswith(MAGIC):
        why = "provided data does not appear to be a protobuf message"
        return Failure(f"{why}, expected prefix {list(MAGIC)}")
    try:
        envelope = dict(_read_fields(body[len(MAGIC) :]))
        typed = dict(_read_fields(envelope.get(1, b"")))
        version, kind = _read_string(typed.get(1, b"")), _read_string(typed.get(2, b""))
        name = load_records(_RECORDS)["kinds"].get(f"{version}/{kind}")
        if name is None:
            return Failure(f'no kind "{kind}" is registered for version "{version}"')
        return Success({"apiVersion": version, "kind": kind, **_read_message(name, envelope.get(2, b""))})
    except (ValueError, OverflowError, RecursionError) as problem:
        return Failure(f"proto: {problem}")


def _read_fields(raw: Raw) -> Iterator[tuple[int, Raw]]:
    """Yield the number and value of each field of a message; raises ValueError where it is none."""
    data, at = _require_bytes(raw), 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        number, at = _read_varint(data, at)
        end = at + number if tag & 7 == 2 else at
        if end > len(data) or tag & 7 not in (0, 2):
            raise ValueError("unexpected EOF" if end > len(data) else f"illegal wireType {tag & 7}")
        yield tag >> 3, data[at:end] if tag & 7 == 2 else number
        at = end


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """An integer written in seven bits a byte, the lowest first, and the position after it."""
    value = 0
    for place, byte in enumerate(data[at : at + 10]):
        value |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return value, at + place + 1
    raise ValueError("unexpected EOF")


def _read_message(name: str, data: Raw) -> Object:
    """A message as a JSON object; `name`: that of its type in the records."""
    table: Mapping[str, tuple[str, str, bool]] = load_records(_RECORDS)["messages"][name]
    found: dict[str, Any] = {}
    for number, raw in _read_fields(data):
        key, type, kept = table.get(str(number), ("", "", False))
        if type[:1] == "[":
            found.setdefault(key, []).append(_read_value(type[1:], raw))
        elif type[:1] == "{":
            # A zero is not written.
            entry = {1: b"", 2: b"", **dict(_read_fields(raw))}
            found.setdefault(key, {})[_read_string(entry[1])] = _read_value(type[1:], entry[2])
        elif type and not key:
            found.update(_read_message(type, raw))
        elif type and ((value := _read_value(type, raw)) or kept):
            found[key] = value
    return found


def _read_value(type: str, raw: Raw) -> Any:
    """The value of a field as JSON data; a type `<T` is a message that only wraps a list of `T`."""
    if type[0] == "<":
        return [_read_value(type[1:], item) for _, item in _read_fields(raw)]
    special = _SPECIAL.get(type)
    return special(raw) if special else _read_message(type, raw)


def _require_bytes(raw: Raw) -> bytes:
    """The value, if it is bytes; raises ValueError for a number."""
    if not isinstance(raw, bytes):
        raise ValueError("wrong wireType 0")
    return raw


def _read_string(raw: Raw) -> str:
    return _require_bytes(raw).decode()


def _read_integer(raw: Raw) -> int:
    """A signed integer of 64 bits; raises ValueError for bytes."""
    if not isinstance(raw, int):
        raise ValueError("wrong wireType 2")
    return raw - (1 << 64) if raw >> 63 else raw


def _read_time(raw: Raw) -> str | None:
    """A time to the second as Kubernetes writes it, None for an empty message."""
    parts = dict(_read_fields(raw))
    if not parts:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=_read_integer(parts.get(1, 0)))
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def _read_micro_time(raw: Raw) -> str | None:
    """A time to the microsecond as Kubernetes writes it, None for an empty message."""
    moment = _read_time(raw)
    return moment and f"{moment[:-1]}.{_read_integer(dict(_read_fields(raw)).get(2, 0)) // 1000:06}Z"


def _read_int_or_string(raw: Raw) -> int | str:
    """The integer or text of an `IntOrString`, whose first field says which."""
    parts = dict(_read_fields(raw))
    return _read_string(parts.get(3, b"")) if parts.get(1) else _read_integer(parts.get(2, 0))


def _read_text(raw: Raw) -> str:
    """The text in the first field of a message."""
    return _read_string(dict(_read_fields(raw)).get(1, b""))


def _read_json(raw: Raw) -> Any:
    """The JSON data in the first field of a message, None for no text."""
    return json.loads(_read_text(raw) or "null")


_SPECIAL: Mapping[str, Callable[[Raw], Any]] = {
    "string": _read_string,
    "bool": lambda raw: bool(_read_integer(raw)),
    "int": _read_integer,
    "bytes": lambda raw: base64.b64encode(_require_bytes(raw)).decode(),
    "apimachinery/pkg/apis/meta/v1.Time": _read_time,
    "apimachinery/pkg/apis/meta/v1.MicroTime": _read_micro_time,
    "apimachinery/pkg/apis/meta/v1.FieldsV1": _read_json,
    "apimachinery/pkg/api/resource.Quantity": _read_text,
    "apimachinery/pkg/util/intstr.IntOrString": _read_int_or_string,
    "apimachinery/pkg/runtime.RawExtension": _read_json,
}
"""The types whose JSON is not an object of their fields."""
