"""Faults as data: what may befall a request between a client and a server, and what each one proves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

KINDS = (
    "ok",
    "refuse",
    "close",
    "reset-before",
    "reset-during",
    "reset-after",
    "late",
    "truncate",
    "drip",
    "silence",
    "length-short",
    "length-long",
    "chunks",
    "gzip-bomb",
    "gzip-nonsense",
    "status",
    "redirect",
    "deform",
    "wrong-kind",
    "other-object",
    "nonsense",
)

SILENT = ("silence",)
"""The faults that end by the client's timeout alone."""

LATEST = 2
"""After how many further requests about its object a late write lands at the latest, the run's end aside."""

REASONS = {
    401: "Unauthorized",
    409: "Conflict",
    410: "Expired",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}

RETRY_AFTER = {
    "0": True,
    "1": True,
    "Fri, 01 Jan 2100 00:00:00 GMT": True,
    "Sun, 06 Nov 1994 08:49:37 GMT": True,
    "Sunday, 06-Nov-94 08:49:37 GMT": True,
    "86400": True,
    "9" * 23: True,
    "9" * 5000: True,
    "-1": False,
    "1.5": False,
    "1e3": False,
    "": False,
    "soon": False,
    "1, 2": False,
    "\u00b2": False,
    "Fri, 99 Jan 2100 00:00:00 GMT": False,
}
"""Each form of Retry-After, and whether it is a legal one: such an answer asks for the request again."""

TARGETS = (
    "{self}",
    "{self}/api/v1/elsewhere",
    "/api/v1/elsewhere",
    "?again",
    "http://127.0.0.1:1/",
    "//other.invalid/",
    "ftp://127.0.0.1/",
    "http://[::1",
    "http://[nonsense]/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:abc/",
    "http://a b/",
    "http://\u00ff/",
    "http:///",
    ":",
    "\\\\",
)

NONSENSE = (
    "[]",
    '"text"',
    "",
    "null",
    "42",
    "{}",
    '{"metadata":null}',
    "{",
    "\ufeff{}",
    "[" * 3000,
    "<html>",
)

CHUNKS = ("size", "negative", "huge", "no-end", "bad-end", "empty-size")

BODIES = ("status", "none", "text", "deformed")

VAST = "<a number of 5,000 digits>"

VALUES: dict[str, Any] = {
    "null": None,
    "list": [],
    "list of null": [None],
    "number": 7,
    "float": -1.5,
    "text": "nonsense",
    "no text": "",
    "true": True,
    "object": {},
    "object of null": {"name": None},
    "huge": 10**400,
    "vast": VAST,
    "missing": None,
}
"""What a value in an answer is replaced by."""


@dataclass(frozen=True, slots=True, repr=False)
class Fault:
    """What befalls one request. `acted`: the server carried it out, though the answer is none.

    `retry`: a Retry-After; `choice`: the one of several forms; `place`: where in the JSON of the answer, a
    number for each level; `value`: a key of `VALUES`; `after`: how many requests a late write lets pass.
    """

    kind: str = "ok"
    acted: bool = False
    status: int = 0
    retry: str | None = None
    choice: str = ""
    place: tuple[int, ...] = ()
    value: str = ""
    after: int = 0

    def __repr__(self) -> str:
        named = {name: getattr(self, name) for name in Fault.__slots__[1:]}
        given = [
            f"{name}={value if len(str(value)) < 60 else f'{str(value)[:20]}…({len(str(value))})'!s}"
            for name, value in named.items()
            if value not in ("", 0, False, None, ())
        ]
        return f"{self.kind}({', '.join(given)})" if given else self.kind


OK = Fault()


def proves_undone(fault: Fault) -> bool:
    """Whether the client knows from the answer that the request was not carried out.

    A server that refuses it, wants it elsewhere, or wants it again (a legal `Retry-After`) says so. A 5xx
    without that, and every answer that is cut or is nonsense, says nothing.
    """
    if fault.kind != "status":
        return fault.kind in ("refuse", "redirect")
    return fault.status < 500 or asks_again(fault)


def asks_again(fault: Fault) -> bool:
    """Whether an answer asks in a legal form for the same request again."""
    return fault.kind == "status" and (fault.status == 429 or fault.status >= 500) and is_legal(fault.retry)


def is_legal(retry: str | None) -> bool:
    """Whether a Retry-After is a number of seconds or a date."""
    return retry is not None and RETRY_AFTER[retry]


def deform(body: bytes, place: tuple[int, ...], value: str) -> bytes:
    """Replace the value at a place in JSON: each number chooses a child, modulo how many there are.

    >>> deform(b'{"a": {"b": 1}, "c": 2}', (0, 0), "null")
    b'{"a": {"b": null}, "c": 2}'
    >>> deform(b'{"a": {"b": 1}, "c": 2}', (3,), "missing")
    b'{"a": {"b": 1}}'
    """
    try:
        whole = json.loads(body)
    except ValueError:
        whole = None
    return _encode(_replace(whole, place, value))


def _replace(whole: Any, place: tuple[int, ...], value: str) -> Any:
    if not place or not isinstance(whole, dict | list) or not whole:
        return VALUES[value]
    names = list(whole) if isinstance(whole, dict) else range(len(whole))
    name = names[place[0] % len(names)]
    copied = dict(whole) if isinstance(whole, dict) else list(whole)
    if value == "missing" and (
        len(place) == 1 or not isinstance(whole[name], dict | list) or not whole[name]
    ):
        del copied[name]
    else:
        copied[name] = _replace(whole[name], place[1:], value)
    return copied


def _encode(value: Any) -> bytes:
    return json.dumps(value).replace(json.dumps(VAST), "9" * 5000).encode()


def with_kind(body: bytes) -> bytes:
    """The same answer, said to be of another kind."""
    return _changed(body, lambda found: {**found, "kind": "Nonsense"})


def of_another(body: bytes) -> bytes:
    """The same answer about another object."""
    other = {"name": "another", "uid": "00000000-0000-0000-0000-000000000000"}
    return _changed(body, lambda found: {**found, "metadata": {**(found.get("metadata") or {}), **other}})


def _changed(body: bytes, change: Any) -> bytes:
    try:
        found = json.loads(body)
    except ValueError:
        found = {}
    if isinstance(found, dict) and isinstance(found.get("object"), dict):  # An event of a watch.
        return json.dumps({**found, "object": change(found["object"])}).encode()
    return json.dumps(change(found if isinstance(found, dict) else {})).encode()


def refusal(fault: Fault) -> tuple[str, bytes]:
    """The content type and body of a status that is a fault."""
    reason = REASONS[fault.status]
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": f"planted: {reason}",
        "reason": reason,
        "details": {"causes": [{"reason": "x", "message": "x", "field": "x"}], "retryAfterSeconds": 0},
        "code": fault.status,
    }
    match fault.choice:
        case "none":
            return "", b""
        case "text":
            return "text/plain", b"planted"
        case "deformed":
            return "application/json", deform(json.dumps(status).encode(), fault.place, fault.value)
        case _:
            return "application/json", json.dumps(status).encode()
