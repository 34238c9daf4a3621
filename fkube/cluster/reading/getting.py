"""GET: one object, or a list of them in pages. Pure.

Follows `GetResource`, `ListResource` of apiserver and the continue tokens of its storage.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from functools import partial
from itertools import islice
from sys import maxsize

from returns.result import Failure, Result, Success

from fkube.cluster import statuses
from fkube.cluster.calls import Answer, Call, find_object, parse_number, query_version, refuse_options
from fkube.cluster.gojson import parse_json
from fkube.cluster.reading.forms import Page, check_form, object_response, page_response, requested_form
from fkube.cluster.reading.selection import Choice, choose_objects
from fkube.cluster.state import State, state_at_version
from fkube.cluster.statuses import FieldError, bad_request, forbidden_field
from fkube.exchange.conversation import Response
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.info import Object


def get(state: State, call: Call) -> Answer:
    """Read one object, in the form that the request accepts."""
    return Result.do(
        (state, object_response(state, call, 200, object))
        for form in requested_form(call)
        for version in query_version(call.query).alt(partial(statuses.failure_status, 500, ""))
        for _ in _check_reached(state, version)
        for object in find_object(state, call)
        for _ in check_form(call, form)
    )


def list_objects(state: State, call: Call) -> Answer:
    """Read the objects of a collection in key order; with a limit, a page and the token for the next."""
    return read_page(state, call).map(lambda page: (state, page_response(call, page)))


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a list that is asked for.

    `behind`: the key in the collection after which it begins. `limit`: how many objects, 0 for all.
    `version`: that of the state it is read from, 0 for the latest.
    """

    behind: str
    limit: int
    version: int


def read_page(state: State, call: Call) -> Result[Page, Response]:
    """The page of a collection that a call asks for. Errors: 400, 406, 410, 422, 504."""
    # In this order the server looks for what is wrong.
    return Result.do(
        _cut_page(past, choice, part)
        for form in requested_form(call)
        for _ in parse_number(call.query.get("limit", "0"))
        for _ in parse_number(call.query.get("timeoutSeconds", "0"))
        for choice in choose_objects(call)
        for part in _read_part(state, call)
        for past in _past_state(state, part)
        for _ in check_form(call, form)
    )


def _cut_page(past: State, choice: Choice, part: _Part) -> Page:
    """The page that is asked for, with a continue token where objects are left behind it."""
    prefix = choice.call.target.prefix
    stored = past.objects.items(prefix + part.behind if part.behind else choice.start, choice.end)
    chosen = ((key, object) for key, object in stored if choice.holds(object))
    # No collection is longer than an islice can count.
    items = tuple(islice(chosen, min(part.limit, maxsize - 1) + 1 if part.limit else None))
    if not part.limit or len(items) <= part.limit:
        return Page(past, items, {})
    last = items[part.limit - 1][0].removeprefix(prefix) + "\0"
    # How many of the others a selector leaves is not counted.
    rest = {} if choice.selective else {"remainingItemCount": past.objects.count(prefix + last, choice.end)}
    return Page(past, items[: part.limit], {"continue": _encode_token(past.version, last), **rest})


def _read_part(state: State, call: Call) -> Result[_Part, Response]:
    """The part of a list that a query asks for. Errors: 400, 422, 504."""
    query = call.query
    limit, version = max(int(query.get("limit") or 0), 0), query.get("resourceVersion", "")
    match, token = query.get("resourceVersionMatch", ""), query.get("continue", "")
    valid = refuse_options("ListOptions", islice(_match_errors(match, version, token), 1), query)
    if token:
        part = valid.bind(lambda _: _decode_token(token, limit))
        alone = bad_request("specifying resource version is not allowed when using continue")
        return part if version in ("", "0") else part.bind(lambda _: Failure(alone))
    return Result.do(
        _Part("", limit, number if match == "Exact" else 0)
        for query in valid
        for number in query_version(query).alt(lambda why: bad_request(f"invalid resource version: {why}"))
        for _ in _check_reached(state, number)
    )


def _match_errors(match: str, version: str, token: str) -> Iterator[FieldError]:
    """Yield what is wrong with `resourceVersionMatch`. Follows `ValidateListOptions` of apimachinery."""
    field = "resourceVersionMatch"
    if match and not version:
        yield forbidden_field(field, f"{field} is forbidden unless resourceVersion is provided")
    if match and token:
        yield forbidden_field(field, f"{field} is forbidden when continue is provided")
    if match not in ("", "Exact", "NotOlderThan"):
        yield statuses.unsupported_field(field, match, ("Exact", "NotOlderThan", ""))
    if match == "Exact" and version == "0":
        yield forbidden_field(field, f'{field} "exact" is forbidden for resourceVersion "0"')


def _check_reached(state: State, version: int) -> Result[int, Response]:
    """The version, if the state is at it or later. Errors: 504 for one of the future."""
    latest = state.version
    return Success(version) if version <= latest else Failure(statuses.too_large_version(version, latest))


def _past_state(state: State, part: _Part) -> Result[State, Response]:
    """The state at the part's version. Errors: 410 where the log no longer reaches back so far."""
    if not part.version or part.version == state.version:
        return Success(state)
    return state_at_version(state, part.version).alt(lambda _: _expired_response(part))


def _expired_response(part: _Part) -> Response:
    """410; for a continue token that is too old, with one that goes on at the present version."""
    if not part.behind:
        message = f"The resourceVersion for the provided list is too old: {part.version}"
        return statuses.failure_status(410, "Expired", message)
    response = statuses.failure_status(410, "Expired", _TOKEN_TOO_OLD)
    metadata = {"continue": _encode_token(-1, part.behind)}
    return replace(response, body={**response.body, "metadata": metadata})


_TOKEN_TOO_OLD = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new"
    " list without the continue parameter, or use the continue token in this response to retrieve the"
    " remainder of the results. Continuing with the provided token results in an inconsistent list - objects"
    " that were created, modified, or deleted between the time the first chunk was returned and now may show"
    " up in the list."
)


def _encode_token(version: int, start: str) -> str:
    """The continue token of a list at a version; `start`: the key where it goes on."""
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": start}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode_token(token: str, limit: int) -> Result[_Part, Response]:
    """The part of a list that a continue token asks for; `limit` is that of the query. Errors: 400."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Failure(_invalid_token("illegal base64 data"))
    return (
        parse_json(raw.decode(errors="replace"))
        .bind(lambda value: _check_token(value if isinstance(value, dict) else {}))
        .map(lambda token: _Part(token["start"].lstrip("/"), limit, max(token["rv"], 0)))
        .alt(_invalid_token)
    )


def _check_token(token: Object) -> Result[Object, str]:
    """The decoded token, if it has the fields of one. Errors: what is wrong with it."""
    known = token.get("v") == "meta.k8s.io/v1"
    if known and isinstance(token.get("rv"), int) and isinstance(token.get("start"), str):
        return Success(token)
    return Failure(f'server does not recognize this encoded version "{token.get("v", "")}"')


def _invalid_token(why: str) -> Response:
    """The 400 response for a continue token that can't be read."""
    return bad_request(f"invalid continue token: continue key is not valid: {why}")
