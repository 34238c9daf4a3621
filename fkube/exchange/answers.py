"""Bodies on the wire: requests to bytes, answers to data, and when to send a request again. Pure."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import Request, Response
from fkube.exchange.messages import retry_delay
from fkube.resource.errors import TransportError, VisitError
from fkube.syntax.jsontext import MAX_WRAPPED_DEPTH, is_deeper, replace_half_surrogates

Headers = tuple[tuple[str, str], ...]
"""Names in lower case, and values."""


def decode_response(
    request: Request, status: int, headers: Headers, data: bytes
) -> Result[Response, VisitError]:
    """Decode an answer: JSON to objects, text to text, no body to None.

    Where the request accepts any form (`*/*`), the body is text.
    Errors: a body that is not what its content type says, or not what the request accepts, is a
    `TransportError`; from status 400 on, such a body is passed on as text.
    Follows `Request.transformResponse` of client-go.

    >>> json_type = (("content-type", "application/json"),)
    >>> decode_response(Request("GET", "/"), 200, json_type, b'{"a":1.5}').unwrap().body
    {'a': 1.5}
    """
    media = Response(status, None, headers).header("content-type").partition(";")[0].strip().lower()
    if not data and "json" not in media:
        return Success(Response(status, None, headers))
    if request.accept == "*/*" and status < 400:
        return Success(Response(status, data.decode("utf-8", "replace"), headers))
    if media in ("", "application/json") or media.endswith("+json"):
        match decode_json(data):
            case Success(value):
                return Success(Response(status, value, headers))
            case Failure(why):
                problem = f"an answer that is no JSON: {why}"
    else:
        problem = f"{media} instead of JSON: is the server a Kubernetes API server?"
    if status >= 400 or media == "text/plain" or "json" not in request.accept:
        return Success(Response(status, data.decode("utf-8", "replace"), headers))
    return Failure(TransportError(f"the server answered {request} with {problem}", sent=True))


def decode_json(data: bytes) -> Result[Any, str]:
    """Decode JSON: integers stay integers within int64, no number is infinite, and nothing is too deep.

    Whatever comes from a server is decoded here: what visits it later need not ask how deep it is.

    >>> decode_json(b"[1, 1.0, 9223372036854775808]").unwrap()
    [1, 1.0, 9.223372036854776e+18]
    >>> decode_json(b'"\\\\ud800"').unwrap()
    '�'
    >>> decode_json(b'{"a":').failure()
    'it ends or breaks at character 5'
    """
    try:
        value = _JSON.decode(replace_half_surrogates(data.decode()))
    except json.JSONDecodeError as error:
        return Failure(f"it ends or breaks at character {error.pos}")
    except ValueError:
        return Failure("it is no UTF-8 text, or has a number that is none")
    except RecursionError:
        return Failure(_TOO_DEEP)
    # What has few brackets is not deep: most answers need no second look.
    brackets = data.count(b"{") + data.count(b"[")
    deep = brackets > MAX_WRAPPED_DEPTH and is_deeper(value, MAX_WRAPPED_DEPTH)
    return Failure(_TOO_DEEP) if deep else Success(value)


_TOO_DEEP = f"it is nested too deeply, in more than {MAX_WRAPPED_DEPTH} collections"


def _read_float(digits: str) -> float:
    """Read a finite number; NaN and Infinity are errors."""
    if not isfinite(number := float(digits)):
        raise ValueError(digits)
    return number


def _read_integer(digits: str) -> int | float:
    """Read an integer; one outside int64 becomes a float, as in Go."""
    number = int(digits) if len(digits) < 21 else 2**63
    return number if -(2**63) <= number < 2**63 else _read_float(digits)


_JSON = json.JSONDecoder(parse_float=_read_float, parse_int=_read_integer, parse_constant=_read_float)


def encode_request_body(request: Request) -> bytes | None:
    """Encode the body of a request: compact JSON in UTF-8; text and bytes as they are.

    >>> encode_request_body(Request("POST", "/", body={"a": [1, "é"]}))
    b'{"a":[1,"\\xc3\\xa9"]}'
    """
    if request.body is None or isinstance(request.body, bytes):
        return request.body
    if isinstance(request.body, str):
        return request.body.encode()
    return json.dumps(request.body, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def retry_after(status: int, headers: Headers) -> int | None:
    """Seconds after which the server wants the request again, if it says so.

    Follows `checkWait` of client-go, which does not read dates, and waits however long it is told to.

    >>> retry_after(429, (("retry-after", "2"),)), retry_after(503, ())
    (2, None)
    """
    return retry_delay(Response(status, None, headers)) if status == 429 or status >= 500 else None
