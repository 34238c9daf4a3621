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
from fkube.cluster.reading.forms import fitting, form_of, listed, shown
from fkube.cluster.reading.selection import Choice, chosen
from fkube.cluster.state import State, rewound
from fkube.cluster.statuses import (
    FieldError,
    answered,
    bad_request,
    forbidden_field,
    invalid_options,
    not_found,
    refused,
    too_large_version,
    unsupported_field,
)
from fkube.cluster.writing.bodies import json_value
from fkube.exchange.conversation import Response
from fkube.resource.info import Object


def get(state: State, call: Call) -> Answer:
    """One object, in the form that the request accepts."""
    target = call.target
    return (
        form_of(call)
        .bind(lambda form: _version(state, call.query.get("resourceVersion", "")).map(lambda _: form))
        .bind(
            lambda form: _found(state, call).bind(
                lambda found: fitting(call, form).map(lambda _: (form, found))
            )
        )
        .map(lambda both: shown(state, target, call.request, both[0])(both[1]))
        .map(lambda body: (state, answered(200, body)))
    )


def _found(state: State, call: Call) -> Result[Object, Response]:
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


def list_(state: State, call: Call) -> Answer:
    """The objects of a collection in key order; with a limit, a page and the token for the next."""
    return page(state, call).map(lambda found: (state, shown_page(call, found)))


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """Some objects of a collection by key, the state they are of, and what the list says of the others."""

    past: State
    items: tuple[tuple[str, Object], ...]
    metadata: Object


def page(state: State, call: Call) -> Result[Page, Response]:
    """The page of a collection that a call asks for. Errors: 400, 406, 410, 422, 504."""
    options = form_of(call).bind(lambda _: _numbers(call))
    return options.bind(lambda _: chosen(call)).bind(
        lambda found: _paged(state, call).bind(
            lambda part: (
                _past(state, part)
                .bind(lambda past: fitting(call, found.form).map(lambda _: past))
                .map(lambda past: _page(past, found, part))
            )
        )
    )


def shown_page(call: Call, found: Page) -> Response:
    """A page as the list that a call accepts."""
    objects = [object for _, object in found.items]
    return listed(call.target, call.request, found.past, objects, found.metadata)


def _page(past: State, found: Choice, part: _Part) -> Page:
    prefix = found.target.prefix
    selected = past.objects.items(prefix + part.behind if part.behind else found.start, found.end)
    holding = ((key, object) for key, object in selected if found.holds(object))
    items = tuple(islice(holding, part.limit + 1 if part.limit else None))
    if not part.limit or len(items) <= part.limit:
        return Page(past, items, {})
    last = items[part.limit - 1][0].removeprefix(prefix) + "\0"
    # What a selector leaves is not counted beforehand.
    left = {} if found.selective else {"remainingItemCount": past.objects.count(prefix + last, found.end)}
    return Page(past, items[: part.limit], {"continue": _token(past.version, last), **left})


def _numbers(call: Call) -> Result[Call, Response]:
    """The call, if its numbers are numbers: they are read before the selectors are."""
    given = (call.query.get(number, "0") for number in ("limit", "timeoutSeconds"))
    wrong = next((text for text in given if not text.removeprefix("-").isdecimal()), None)
    if wrong is None:
        return Success(call)
    return Failure(bad_request(f'strconv.ParseInt: parsing "{wrong}": invalid syntax'))


def _paged(state: State, call: Call) -> Result[_Part, Response]:
    query = call.query
    limit, version = max(int(query.get("limit") or 0), 0), query.get("resourceVersion", "")
    problem = _match_error(query.get("resourceVersionMatch", ""), version, query.get("continue", ""))
    if problem is not None:
        return Failure(invalid_options("ListOptions", problem))
    if query.get("continue"):
        return _resumed(query["continue"]).bind(lambda at: _alone(version, _Part(at[1], limit, at[0])))
    exact = query.get("resourceVersionMatch") == "Exact"
    return _version(state, version, "invalid resource version: ").map(
        lambda at: _Part("", limit, at if exact else 0)
    )


def _alone(version: str, part: _Part) -> Result[_Part, Response]:
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


def _version(state: State, asked: str, prefix: str = "") -> Result[int, Response]:
    """The version asked for, 0 for none. Errors: 400 for no number (500 of one object), 504 for one ahead."""
    if not asked:
        return Success(0)
    if not asked.isdecimal():
        wrong = (
            f'resourceVersion: Invalid value: "{asked}": strconv.ParseUint: parsing "{asked}": invalid syntax'
        )
        return Failure(bad_request(prefix + wrong) if prefix else refused(500, "", wrong))
    current = state.version
    return Success(int(asked)) if int(asked) <= current else Failure(too_large_version(int(asked), current))


def _past(state: State, part: _Part) -> Result[State, Response]:
    """The state as it was at the part's version. Errors: 410 once the log no longer reaches back there."""
    if not part.version or part.version == state.version:
        return Success(state)
    return rewound(state, part.version).alt(lambda _: _expired(part))


def _expired(part: _Part) -> Response:
    """410; a continue token that is too old comes with one that goes on at the present version instead."""
    if not part.behind:
        message = f"The resourceVersion for the provided list is too old: {part.version}"
        return refused(410, "Expired", message)
    message = (
        "The provided continue parameter is too old to display a consistent list result. You can start a new"
        " list without the continue parameter, or use the continue token in this response to retrieve the"
        " remainder of"
        " the results. Continuing with the provided token results in an inconsistent list - objects that were"
        " created, modified, or deleted between the time the first chunk was returned and now may show up in"
        " the list."
    )
    response = refused(410, "Expired", message)
    going_on = {"continue": _token(-1, part.behind)}
    return Response(410, {**response.body, "metadata": going_on}, response.headers)


def _token(version: int, start: str) -> str:
    text = json.dumps({"v": "meta.k8s.io/v1", "rv": version, "start": start}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _resumed(token: str) -> Result[tuple[int, str], Response]:
    """The version (0: the present one) and the relative key behind which a list goes on."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Failure(bad_request("invalid continue token: continue key is not valid: illegal base64 data"))
    found = json_value(raw.decode(errors="replace")).map(
        lambda value: value if isinstance(value, dict) else {}
    )
    return found.alt(
        lambda why: bad_request(f"invalid continue token: continue key is not valid: {why}")
    ).bind(_read)


def _read(token: Object) -> Result[tuple[int, str], Response]:
    version, start = token.get("rv"), token.get("start")
    if token.get("v") != "meta.k8s.io/v1" or not isinstance(version, int) or not isinstance(start, str):
        why = f'server does not recognize this encoded version "{token.get("v", "")}"'
        return Failure(bad_request(f"invalid continue token: continue key is not valid: {why}"))
    return Success((max(version, 0), start.lstrip("/")))
