"""Until when credentials are valid: the dates in a certificate and in a token. Nothing is verified. Pure.

Only these dates are read: no other part of a credential is looked at, and none is in an error.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeAlias

from returns.result import Result, safe

from fkube.resource.patterns import compile_later

Span: TypeAlias = tuple[datetime, datetime]
"""From when and until when something is valid."""


def certificate_span(pem: bytes) -> Span | None:
    """The dates between which the first certificate of a PEM text is valid; None if none can be read.

    Follows `Validity` of RFC 5280.

    >>> certificate_span(b"-----BEGIN CERTIFICATE-----") is None
    True
    """
    found = _CERTIFICATE.search(pem.decode("latin-1"))
    if found is None:
        return None
    read: Result[Span, Exception] = safe((ValueError, IndexError, StopIteration))(_read_span)(found[1])
    return read.value_or(None)


def _read_span(text: str) -> Span:
    """Read the dates of a certificate, which stand behind serial number, algorithm and issuer.

    `text`: the certificate in base64. What it raises is looked at by its caller.
    """
    der = base64.b64decode("".join(text.split()), validate=True)
    certificate = next(_parts(der))[1]
    body = next(_parts(certificate))[1]
    # The version stands first, or is left out.
    fields = [value for tag, value in _parts(body) if tag != _VERSION]
    begin, end = (_read_time(tag, value.decode("ascii")) for tag, value in _parts(fields[3]))
    return begin, end


def _parts(der: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts that follow one another in DER, each a tag and its content."""
    at = 0
    while at < len(der):
        tag, length, at = der[at], der[at + 1], at + 2
        if length & 0x80:
            size = length & 0x7F
            length, at = int.from_bytes(der[at : at + size]), at + size
        yield tag, der[at : at + length]
        at += length


def _read_time(tag: int, text: str) -> datetime:
    """Read a UTCTime, whose year has two digits, or a GeneralizedTime."""
    century = ("19" if text[:2] >= "50" else "20") if tag == _SHORT_TIME else ""
    return datetime.strptime(century + text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


def token_end(token: str) -> datetime | None:
    """Until when a token is valid, if it is a JWT that says so; its signature is not looked at.

    >>> body = base64.urlsafe_b64encode(b'{"exp": 0}').decode().rstrip("=")
    >>> print(token_end(f"x.{body}.y"), token_end("abc"))
    1970-01-01 00:00:00+00:00 None
    """
    read: Result[datetime, Exception] = safe(_UNREADABLE)(_read_token)(token)
    return read.value_or(None)


def _read_token(token: str) -> datetime:
    """Read the claim `exp` of a JWT. What it raises is looked at by its caller."""
    _, body, _ = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return datetime.fromtimestamp(claims["exp"], UTC)


_UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError)
_CERTIFICATE = compile_later("-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----")
_VERSION, _SHORT_TIME = 0xA0, 0x17
"""The tags of DER that matter here."""
