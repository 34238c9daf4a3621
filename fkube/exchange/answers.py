"""What an answer means: bodies to data, and whether to ask again. Pure."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import Request, Response
from fkube.resource.errors import TransportError, VisitError

Headers = tuple[tuple[str, str], ...]


def decoded(request: Request, status: int, headers: Headers, data: bytes) -> Result[Response, VisitError]:
    """The answer with its body as data: JSON as objects, text as text, no body as None.

    What was asked for in any form (`*/*`) is text as it came.
    Errors: a body that is not what its content type says, or not what was asked for, is a `TransportError`;
    where the status says more (400 and up), such a body is passed on as text.
    Follows `Request.transformResponse` of client-go.

    >>> decoded(Request("GET", "/"), 200, (("content-type", "application/json"),), b'{"a":1.5}').unwrap().body
    {'a': 1.5}
    """
    media = Response(status, None, headers).header("content-type").partition(";")[0].strip().lower()
    if not data and "json" not in media:
        return Success(Response(status, None, headers))
    if request.accept == "*/*" and status < 400:
        return Success(Response(status, data.decode("utf-8", "replace"), headers))
    if media in ("", "application/json") or media.endswith("+json"):
        parsed = json_value(data)
        if isinstance(parsed, Success):
            return Success(Response(status, parsed.unwrap(), headers))
        problem = f"an answer that is no JSON: {parsed.failure()}"
    else:
        problem = f"{media} instead of JSON: is the server a Kubernetes API server?"
    if status >= 400 or media == "text/plain" or "json" not in request.accept:
        return Success(Response(status, data.decode("utf-8", "replace"), headers))
    return Failure(TransportError(f"the server answered {request} with {problem}", sent=True))


def json_value(data: bytes) -> Result[Any, str]:
    """The JSON value in the bytes: integers stay integers within int64, and no number is infinite.

    >>> json_value(b"[1, 1.0, 9223372036854775808]").unwrap()
    [1, 1.0, 9.223372036854776e+18]
    >>> json_value(b'{"a":').failure()
    'it ends or breaks at character 5'
    """
    try:
        return Success(_JSON.decode(data.decode()))
    except json.JSONDecodeError as error:
        return Failure(f"it ends or breaks at character {error.pos}")
    except ValueError:
        return Failure("it is no UTF-8 text, or has a number that is none")
    except RecursionError:
        return Failure("it is nested too deeply")


def _float(digits: str) -> float:
    """A finite number; the words NaN and Infinity are none either."""
    if not isfinite(number := float(digits)):
        raise ValueError(digits)
    return number


def _integer(digits: str) -> int | float:
    number = int(digits) if len(digits) < 21 else 2**63
    return number if -(2**63) <= number < 2**63 else _float(digits)


_JSON = json.JSONDecoder(parse_float=_float, parse_int=_integer, parse_constant=_float)


def body(request: Request) -> bytes | None:
    """The body as it is sent: compact JSON in UTF-8; text and bytes as they are.

    >>> body(Request("POST", "/", body={"a": [1, "é"]}))
    b'{"a":[1,"\\xc3\\xa9"]}'
    """
    if request.body is None or isinstance(request.body, bytes):
        return request.body
    if isinstance(request.body, str):
        return request.body.encode()
    return json.dumps(request.body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def retry_after(status: int, headers: Headers) -> int | None:
    """The seconds after which the server wants to be asked again, if it says so.

    Follows `checkWait` of client-go.

    >>> retry_after(429, (("retry-after", "2"),)), retry_after(503, ())
    (2, None)
    """
    asked = Response(status, None, headers).header("retry-after")
    return int(asked) if (status == 429 or status >= 500) and asked.isascii() and asked.isdigit() else None
