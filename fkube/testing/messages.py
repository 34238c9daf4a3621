"""The messages of laws that do not hold: the clause, both sides, and the inputs but for Secrets' data."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import Any

import yaml
from returns.result import Failure, Success
from toolz import concat, valfilter

from fkube.exchange.conversation import Request, Response
from fkube.laws.compare import Sides
from fkube.resource.errors import Failures, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, Object
from fkube.showing.masking import MASK, masked

_SHORT = 4
"""Texts of a Secret that are shorter than this are hidden in the Secret alone."""


def law_message(law: str, sides: Sides, values: Mapping[str, object]) -> str:
    """The message that a law does not hold: the clause, both sides, and the values.

    >>> print(law_message("plus", Sides("1 + i == 2", 3, 2), {"i": 2}))
    plus does not hold: 1 + i == 2
      left: 3
      right: 2
      i: 2
    """
    return f"{law} does not hold: {sides.clause}\n{show_sides(sides, values)}"


def show_sides(sides: Sides, values: Mapping[str, object]) -> str:
    """Show both sides of a clause, and the values that it is about."""
    secrets = frozenset(_secret_texts((sides.left, sides.right, *values.values())))
    left, right = plain_data(sides.left, secrets), plain_data(sides.right, secrets)
    note = {"they differ in": "what is not shown"} if left == right else {}
    shown = {"left": left, "right": right, **note, **{k: plain_data(v, secrets) for k, v in values.items()}}
    return indent("".join(_entry(name, value) for name, value in shown.items()), "  ").rstrip()


def _entry(name: str, value: object) -> str:
    """A name and its value as YAML; collections of single values are on one line."""
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None)
    if isinstance(value, dict | list) and text[0] not in "{[":
        return f"{name}:\n{indent(text, '  ')}"
    return f"{name}: {text.removesuffix('...' + chr(10))}"


def plain_data(value: object, secrets: frozenset[str] = frozenset()) -> Any:
    """A value as data that can be printed: resources whole, functions by their names, no secret.

    `secrets`: texts that are masked wherever they are.
    """
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _hide_secrets(value, secrets)
        case Success() | Failure():
            return {type(value).__name__: plain_data(_parts(value)[0], secrets)}
        case Info():
            return plain_data(_info_fields(value), secrets)
        case Failures(steps):
            return plain_data(steps, secrets)
        case Mapping():
            pairs = _mask_secret(value).items()
            return {_hide_secrets(str(key), secrets): plain_data(item, secrets) for key, item in pairs}
        case tuple() | list():
            return [plain_data(item, secrets) for item in value]
    return _hide_secrets(_show_name(value), secrets) if _is_short(value) else _record_fields(value, secrets)


def _show_name(value: object) -> str:
    """How a value without resources in it is shown: a function by its name, an error by its message."""
    if isinstance(value, VisitError):
        return f"{type(value).__name__}: {value}"
    return function_name(value) if callable(value) and not is_dataclass(value) else repr(value)


def _is_short(value: object) -> bool:
    """Whether a name says all of a value: no resource, no error and no body is in it."""
    whole = isinstance(value, Request | Response) and value.body is not None
    return isinstance(value, VisitError) or not (whole or any(map(_holds_reached, _parts(value))))


def _holds_reached(value: object) -> bool:
    """Whether a resource or an error is in a value, however deep."""
    return isinstance(value, Info | VisitError) or any(map(_holds_reached, _parts(value)))


def _record_fields(value: Any, secrets: frozenset[str]) -> Mapping[str, object]:
    """The fields of a value that has resources within, by its type."""
    if isinstance(value, Request):
        return {"request": _hide_secrets(str(value), secrets), "body": plain_data(value.body, secrets)}
    values = {field.name: getattr(value, field.name) for field in fields(value)}
    only = next(iter(values.values())) if len(values) == 1 else values
    return {type(value).__name__: plain_data(only, secrets)}


def _info_fields(info: Info) -> Object:
    """A resource with where it is from and what is known of it."""
    known = {
        "origin": str(info.origin),
        "mapping": info.mapping.qualified if info.mapping else "",
        **{name: getattr(info, name) for name in ("live", "absent", "subresource", "warnings")},
    }
    return {"object": info.object, **valfilter(bool, known)}


def _mask_secret(object: Object) -> Object:
    """An object with the data masked, if it is a Secret of whatever version."""
    if object.get("kind") != "Secret":
        return object
    known = {**object, "apiVersion": "v1"}
    hidden = masked(known, known)[0]
    return {key: object[key] if key == "apiVersion" else hidden[key] for key in object}


def _hide_secrets(text: str, secrets: frozenset[str]) -> str:
    """A text, or a mask where a Secret's data is in it, wherever a function has put it."""
    return MASK if any(secret in text for secret in secrets) else text


def _secret_texts(value: object) -> Iterator[str]:
    """The texts in the data of Secrets, anywhere within a value."""
    if isinstance(value, Mapping) and value.get("kind") == "Secret":
        data = (value.get(field) for field in ("data", "stringData"))
        texts = concat(part.values() for part in data if isinstance(part, Mapping))
        yield from (text for text in concat(map(_decode_text, texts)) if len(text) >= _SHORT)
    yield from concat(map(_secret_texts, _parts(value)))


def _decode_text(text: object) -> Iterator[str]:
    """A text of a Secret's data, as it is there and decoded."""
    if isinstance(text, str):
        yield text
        with suppress(ValueError):
            yield b64decode(text, validate=True).decode()


def _parts(value: object) -> tuple[object, ...]:
    """The values that a value is made of."""
    match value:
        case Success(inner) | Failure(inner):
            return (inner,)
        case Mapping():
            return tuple(value.values())
        case tuple() | list() | frozenset():
            return tuple(value)
    if is_dataclass(value) and not isinstance(value, type):
        return tuple(getattr(value, field.name) for field in fields(value) if field.name != "about")
    return ()
