"""Plans: record the requests of a verb instead of sending them, and send recorded ones as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from returns.result import Result
from toolz import concat

from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Listen,
    Lost,
    Request,
    Response,
    Then,
    bind,
    done,
    fmap,
    fold,
    send,
)
from fkube.report.outcomes import Outcome, Report
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, Object, with_metadata
from fkube.syntax.html import html_table
from fkube.verbs.attempts import send_until_served
from fkube.verbs.naming import Verb
from fkube.verbs.ownconflicts import force_over_own
from fkube.verbs.paths import outcome
from fkube.verbs.unchanged import mark_unchanged, object_before

if TYPE_CHECKING:
    from fkube.pipeline.drawing import Drawing

Recorded: TypeAlias = Exchange[Outcome]
"""A conversation whose outcome has, instead of its object, the writes that were not sent."""


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """The requests that would be sent, in order, and the errors of other objects; no body is in its repr."""

    requests: tuple[Request, ...] = ()
    errors: tuple[VisitError, ...] = ()

    def __str__(self) -> str:
        return "\n".join(map(str, (*self.requests, *self.errors))) or "nothing to do"

    def __repr__(self) -> str:
        return f"Plan({len(self.requests)} requests, {len(self.errors)} errors)"

    def draw(self) -> Drawing:
        """The requests one after another, each with object and query, and the errors; for pictures."""
        # Pictures are rare, and what draws them is not small.
        from fkube.pipeline.drawing import Box, Drawing, draw_way

        requests = tuple(Box(f"{r.method} {r.path}", _note_request(r), "request") for r in self.requests)
        errors = tuple(Box(str(error), "", "failure") for error in self.errors)
        none = () if requests or errors else (Box(str(self)),)
        return Drawing(repr(self), (*requests, *errors, *none), draw_way(requests))

    def _repr_html_(self) -> str:
        """The plan as a table, for notebooks."""
        sent = ((request.method, str(request).partition(" ")[2]) for request in self.requests)
        return html_table(("method", "what"), (*sent, *(("", str(error)) for error in self.errors)))


def _note_request(request: Request) -> str:
    """The kind and the name of the object that is sent, if it is a whole one, and the query."""
    info = Info(request.body if isinstance(request.body, dict) else {})
    name = f"{info.kind} {info.name or info.generate_name}" if info.kind and info.metadata else ""
    query = ", ".join(f"{key}={value}" for key, value in request.query)
    return " ".join(filter(None, (name, f"({query})" if query else "")))


def recording(verb: Verb) -> Verb:
    """Make a verb record its writes as `requests` of the outcome's object; each counts as done.

    Reads are sent, writes are not.
    """

    def begin(end: Result[Outcome, VisitError]) -> Recorded:
        """End with no request recorded yet; `_answer_write` adds those before it."""
        return Done(end.map(lambda outcome: replace(outcome, object={"requests": ()})))

    return lambda info: fold(verb(info), begin, _answer_write, Listen)


def plan_of(report: Report) -> Plan:
    """The plan that a report of a `recording` verb holds."""
    requests = concat(outcome.object.get("requests", ()) for outcome in report.outcomes)
    return Plan(tuple(requests), report.errors)


def planned(verb: Verb, bodies: bool = False) -> Verb:
    """Make a verb list its writes as JSON data, in `requests` of the outcome's object; each counts as done.

    Reads are sent. Bodies are left out unless asked for, as there may be Secrets among them.

    >>> from fkube.resource.info import RESTMapping
    >>> from fkube.verbs.create import create
    >>> pod = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web"}}
    >>> outcome = planned(create())(Info(pod, mapping=RESTMapping("", "v1", "Pod", "pods"))).result.unwrap()
    >>> outcome.object["requests"][0]["path"]
    '/api/v1/pods'
    """

    def row(request: Request) -> Object:
        """One request as JSON data."""
        body = {"contentType": request.content_type, "body": request.body} if bodies else {}
        return {"method": request.method, "path": request.path, "query": dict(request.query), **body}

    def list_rows(recorded: Outcome) -> Outcome:
        return replace(recorded, object={"requests": [*map(row, recorded.object["requests"])]})

    return lambda info: fmap(recording(verb)(info), list_rows)


def _answer_write(request: Request, then: Then[Recorded], delay: float, lost: Lost[Recorded]) -> Recorded:
    """Send a read; answer a write as if the server kept what it was sent, and record it."""
    if request.method == "GET":
        return Call(request, then, delay, lost)
    body = request.body
    # What is not sent has no version yet: the one that it replaces would say that nothing changed.
    kept = with_metadata(body, resourceVersion=None) if isinstance(body, dict) else body
    others = then(Response(200, kept))
    return fmap(others, lambda end: replace(end, object={"requests": (request, *end.object["requests"])}))


def perform(info: Info) -> Exchange[Outcome]:
    """Send the requests that an object of a plan has in `requests`, one after another.

    What they leave as it was is `unchanged`: what they change is read before. A custom resource is tried
    again while its kind is not served yet. Errors: `StatusError` as the server has it, after
    which nothing more is sent of this object.
    """
    rows = info.object["requests"]
    if not rows:
        return done(Outcome("unchanged", info.origin, info, info.object))
    # Only what is changed has been there before.
    reads = rows[0]["method"] in ("PATCH", "PUT")
    live = object_before(send(Request("GET", rows[0]["path"]))) if reads else done({})
    return bind(live, lambda before: fmap(_send_rows(info, rows, before), partial(mark_unchanged, before)))


def _send_rows(info: Info, rows: Sequence[Object], live: Object) -> Exchange[Outcome]:
    """Send the first row, and go on with the others unless it is refused; `live`: as the object was."""
    row, *others = rows
    query = tuple(row["query"].items())
    request = Request(row["method"], row["path"], query, row["body"], row["contentType"])

    def go_on(response: Response) -> Exchange[Outcome]:
        """Send the other rows after a success; the last answer, or a refusal, makes the outcome."""
        if response.status < 400 and others:
            return _send_rows(info, others, live)
        deleted = row["method"] == "DELETE"
        dry = ("dryRun" in row["body"]) if deleted else row["query"].get("dryRun") == "All"
        end = outcome(row["action"], info, response, "server" if dry else "none")
        # The answer to a deletion may be a Status, which doesn't say what of.
        return fmap(end, lambda came: replace(came, object=info.object)) if deleted else end

    return bind(bind(send_until_served(request), partial(force_over_own, request, live)), go_on)
