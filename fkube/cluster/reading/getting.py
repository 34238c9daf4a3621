"""GET: one object, or a list of them in pages. Pure.

Follows `GetResource`, `ListResource` of apiserver and the continue tokens of its storage.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from itertools import islice

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call
from fkube.cluster.reading.forms import check_form, list_response, object_view, requested_form
from fkube.cluster.reading.selection import Choice, choose_objects
from fkube.cluster.state import State, state_at_version
from fkube.cluster.statuses import (
    FieldError,
    bad_request,
    failure_status,
    forbidden_field,
    invalid_options,
    json_response,
    not_found,
    too_large_version,
    unsupported_field,
)
from fkube.cluster.writing.bodies import parse_json
from fkube.exchange.conversation import Response
from fkube.resource.info import Object


def get(state: State, call: Call) -> Answer:
    """One object, in the form that the request accepts."""
    target = call.target
    return (
        requested_form(call)
        .bind(lambda form: _parse_version(state, call.query.get("resourceVersion", "")).map(lambda _: form))
        .bind(
            lambda form: _find_object(state, call).bind(
                lambda found: check_form(call, form).map(lambda _: (form, found))
            )
        )
        .map(lambda both: object_view(state, target, call.request, both[0])(both[1]))
        .map(lambda body: (state, json_response(200, body)))
    )


def _find_object(state: State, call: Call) -> Result[Object, Response]:
    object = state.objects.get(call.target.key)
    return (
        Success(object)
        if object is not None
        else Failure(not_found(call.target.kind.mapping, call.target.name))
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """Which part of a list is asked for: behind a key (relative), so many, at a version (0: the latest)."""

    behind: str
    limit: int
    version: int


def list_objects(state: State, call: Call) -> Answer:
    """The objects of a collection in key order; with a limit, a page and the token for the next."""
    return read_page(state, call).map(lambda found: (state, page_response(call, found)))


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """Some objects of a collection by key, the state they are of, and what the list says of the others."""

    past: State
    items: tuple[tuple[str, Object], ...]
    metadata: Object


def read_page(state: State, call: Call) -> Result[Page, Response]:
    """The page of a collection that a call asks for. Errors: 400, 406, 410, 422, 504."""
    options = requested_form(call).bind(lambda _: _check_numbers(call))
    return options.bind(lambda _: choose_objects(call)).bind(
        lambda found: _read_part(state, call).bind(
            lambda part: (
                _past_state(state, part)
                .bind(lambda past: check_form(call, found.form).map(lambda _: past))
                .map(lambda past: _cut_page(past, found, part))
            )
        )
    )


def page_response(call: Call, found: Page) -> Response:
    """A page as the list that a call accepts."""
    objects = [object for _, object in found.items]
    return list_response(call.target, call.request, found.past, objects, found.metadata)


def _cut_page(past: State, found: Choice, part: _Part) -> Page:
    prefix = found.target.prefix
    selected = past.objects.items(prefix + part.behind if part.behind else found.start, found.end)
    holding = ((key, object) for key, object in selected if found.holds(object))
    items = tuple(islice(holding, part.limit + 1 if part.limit else None))
    if not part.limit or len(items) <= part.limit:
        return Page(past, items, {})
    last = items[part.limit - 1][0].removeprefix(prefix) + "\0"
    # What a selector leaves is not counted beforehand.
    left = {} if found.selective else {"remainingItemCount": past.objects.count(prefix + last, found.end)}
    return Page(past, items[: part.limit], {"continue": _encode_token(past.version, last), **left})


def _check_numbers(call: Call) -> Result[Call, Response]:
    """The call, if its numbers are numbers: they are read before the selectors are."""
    given = (call.query.get(number, "0") for number in ("limit", "timeoutSeconds"))
    wrong = next((text for text in given if not text.removeprefix("-").isdecimal()), None)
    if wrong is None:
        return Success(call)
    return Failure(bad_request(f'strconv.ParseInt: parsing "{wrong}": invalid syntax'))


def _read_part(state: State, call: Call) -> Result[_Part, Response]:
    query = call.query
    limit, version = max(int(query.get("limit") or 0), 0), query.get("resourceVersion", "")
    problem = _match_error(query.get("resourceVersionMatch", ""), version, query.get("continue", ""))
    if problem is not None:
        return Failure(invalid_options("ListOptions", problem))
    if query.get("continue"):
        return _decode_token(query["continue"]).bind(
            lambda at: _forbid_version(version, _Part(at[1], limit, at[0]))
        )
    exact = query.get("resourceVersionMatch") == "Exact"
    return _parse_version(state, version, "invalid resource version: ").map(
        lambda at: _Part("", limit, at if exact else 0)
    )


def _forbid_version(version: str, part: _Part) -> Result[_Part, Response]:
    if version in ("", "0"):
        return Success(part)
    return Failure(bad_request("specifying resource version is not allowed when using continue"))


def _match_error(match: str, version: str, token: str) -> FieldError | None:
    """What is wrong with `resourceVersionMatch`. Follows `ValidateListOptions` of apimachinery."""
    field = "resourceVersionMatch"
    if match and not version:
        return forbidden_field(field, f"{field} is forbidden unless resourceVersion is provided")
    if match and token:
        return forbidden_field(field, f"{field} is forbidden when continue is provided")
    if match not in ("", "Exact", "NotOlderThan"):
        return unsupported_field(field, match, ("Exact", "NotOlderThan", ""))
    if match == "Exact" and version == "0":
        return forbidden_field(field, f'{field} "exact" is forbidden for resourceVersion "0"')
    return None


def _parse_version(state: State, asked: str, prefix: str = "") -> Result[int, Response]:
    """The version asked for, 0 for none. Errors: 400 for no number (500 of one object), 504 for one ahead."""
    if not asked:
        return Success(0)
    if not asked.isdecimal():
        wrong = (
            f'resourceVersion: Invalid value: "{asked}": strconv.ParseUint: parsing "{asked}": invalid syntax'
        )
        return Failure(bad_request(prefix + wrong) if prefix else failure_status(500, "", wrong))
    current = state.version
    return Success(int(asked)) if int(asked) <= current else Failure(too_large_version(int(asked), current))


def _past_state(state: State, part: _Part) -> Result[State, Response]:
    """The state as it was at the part's version. Errors: 410 once the log no longer reaches back there."""
    if not part.version or part.version == state.version:
        return Success(state)
    return state_at_version(state, part.version).alt(lambda _: _expired_response(part))


def _expired_response(part: _Part) -> Response:
    """410; a continue token that is too old comes with one that goes on at the present version instead."""
    if not part.behind:
        message = f"The resourceVersion for the provided list is too old: {part.version}"
        return failure_status(410, "Expired", message)
    message = (
        "The provided continue parameter is too old to display a consistent list result. You can start a new"
        " list without the continue parameter, or use the continue token in this response to retrieve the"
        " remainder of"
        " the results. Continuing with the provided token results in an inconsistent list - objects that were"
        " created, modified, or deleted between the time the first chunk was returned and now may show up in"
        " the list."
    )
    response = failure_status(410, "Expired", message)
    going_on = {"continue": _encode_token(-1, part.behind)}
    return Response(410, {**response.body, "metadata": going_on}, response.headers)


def _encode_token(version: int, start: str) -> str:
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": start}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode_token(token: str) -> Result[tuple[int, str], Response]:
    """The version (0: the present one) and the relative key behind which a list goes on."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Failure(bad_request("invalid continue token: continue key is not valid: illegal base64 data"))
    found = parse_json(raw.decode(errors="replace")).map(
        lambda value: value if isinstance(value, dict) else {}
    )
    return found.alt(
        lambda why: bad_request(f"invalid continue token: continue key is not valid: {why}")
    ).bind(_check_token)


def _check_token(token: Object) -> Result[tuple[int, str], Response]:
    version, start = token.get("rv"), token.get("start")
    if token.get("v") != "meta.k8s.io/v1" or not isinstance(version, int) or not isinstance(start, str):
        why = f'server does not recognize this encoded version "{token.get("v", "")}"'
        return Failure(bad_request(f"invalid continue token: continue key is not valid: {why}"))
    return Success((max(version, 0), start.lstrip("/")))
