"""Failing laws as text: the clause, both sides, and the inputs whole, but for what Secrets keep."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import Any

import yaml
from returns.result import Failure, Success
from toolz import concat

from fkube.exchange.conversation import Request, Response
from fkube.laws.compare import Sides
from fkube.resource.errors import Failures, VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info
from fkube.showing.masking import MASK, masked

_SHORT = 4
"""Texts of a Secret that are shorter than this are hidden in the Secret alone."""


def tell(law: str, sides: Sides, values: Mapping[str, Any]) -> str:
    """Say which clause of which law does not hold, for which values, and what both sides are.

    >>> print(tell("plus", Sides("1 + i == 2", 3, 2), {"i": 2}))
    plus does not hold: 1 + i == 2
      left: 3
      right: 2
      i: 2
    """
    return f"{law} does not hold: {sides.clause}\n{show_sides(sides, values)}"


def show_sides(sides: Sides, values: Mapping[str, Any]) -> str:
    """Show both sides of a clause, and the values that it is about."""
    secrets = frozenset(_secrets((sides.left, sides.right, *values.values())))
    left, right = plain(sides.left, secrets), plain(sides.right, secrets)
    note = {"they differ in": "what is not shown"} if left == right else {}
    shown = {"left": left, "right": right, **note, **{k: plain(v, secrets) for k, v in values.items()}}
    return indent("".join(_yaml(name, value) for name, value in shown.items()), "  ").rstrip()


def _yaml(name: str, value: Any) -> str:
    """A name and its value, collections of single values on one line."""
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None)
    if isinstance(value, dict | list) and text[0] not in "{[":
        return f"{name}:\n{indent(text, '  ')}"
    return f"{name}: {text.removesuffix('...' + chr(10))}"


def plain(value: Any, secrets: frozenset[str] = frozenset()) -> Any:
    """A value as data that can be printed: resources whole, functions by their names, no secret."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return _hide(value, secrets)
        case Success() | Failure():
            return {type(value).__name__: plain(_inside(value)[0], secrets)}
        case Info():
            return plain(_whole(value), secrets)
        case Failures(steps):
            return plain(steps, secrets)
        case Mapping():
            return {_hide(str(key), secrets): plain(item, secrets) for key, item in _masked(value).items()}
        case tuple() | list():
            return [plain(item, secrets) for item in value]
    return _hide(_name(value), secrets) if _is_short(value) else _record(value, secrets)


def _name(value: Any) -> str:
    if isinstance(value, VisitError):
        return f"{type(value).__name__}: {value}"
    return function_name(value) if callable(value) and not is_dataclass(value) else repr(value)


def _is_short(value: Any) -> bool:
    """Whether a name says all of a value: no resource, no error and no body is in it."""
    whole = isinstance(value, Request | Response) and value.body is not None
    return isinstance(value, VisitError) or not (whole or any(map(_holds_reached, _inside(value))))


def _holds_reached(value: Any) -> bool:
    return isinstance(value, Info | VisitError) or any(map(_holds_reached, _inside(value)))


def _record(value: Any, secrets: frozenset[str]) -> Any:
    """A value that has resources within, by its fields."""
    if isinstance(value, Request):
        return {"request": _hide(str(value), secrets), "body": plain(value.body, secrets)}
    found = {field.name: getattr(value, field.name) for field in fields(value)}
    only = next(iter(found.values())) if len(found) == 1 else found
    return {type(value).__name__: plain(only, secrets)}


def _whole(info: Info) -> Mapping[str, Any]:
    """A resource with where it is from and what is known of it."""
    known = {
        "origin": str(info.origin),
        "mapping": info.mapping.qualified if info.mapping else "",
        "live": info.live,
        "absent": info.absent,
        "subresource": info.subresource,
        "warnings": info.warnings,
    }
    return {"object": info.object, **{name: value for name, value in known.items() if value}}


def _masked(object: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object without what it keeps, if it is a Secret of whatever version."""
    if object.get("kind") != "Secret":
        return object
    known = {**object, "apiVersion": "v1"}
    hidden = masked(known, known)[0]
    return {key: object[key] if key == "apiVersion" else hidden[key] for key in object}


def _hide(text: str, secrets: frozenset[str]) -> str:
    """A text without what a Secret keeps, wherever a function has put it."""
    return MASK if any(secret in text for secret in secrets) else text


def _secrets(value: Any) -> Iterator[str]:
    """The texts that Secrets keep, anywhere within a value."""
    if isinstance(value, Mapping) and value.get("kind") == "Secret":
        kept = (value.get(field) for field in ("data", "stringData"))
        texts = concat(part.values() for part in kept if isinstance(part, Mapping))
        yield from filter(_is_long, concat(map(_as_kept, texts)))
    yield from concat(map(_secrets, _inside(value)))


def _as_kept(text: Any) -> Iterator[Any]:
    """A text that a Secret keeps, as it is there and decoded."""
    yield text
    if isinstance(text, str):
        with suppress(ValueError):
            yield b64decode(text, validate=True).decode()


def _is_long(text: Any) -> bool:
    return isinstance(text, str) and len(text) >= _SHORT


def _inside(value: Any) -> tuple[Any, ...]:
    """What a value is made of."""
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
