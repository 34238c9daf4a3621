"""`apply --plan`: the requests of a plan, sent as they are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from fkube.exchange.conversation import Exchange, Request, Response, bind, done, fmap
from fkube.report.outcomes import Action, Outcome
from fkube.resource.info import Info, Object
from fkube.verbs.attempts import send_until_served
from fkube.verbs.paths import outcome


def perform(info: Info) -> Exchange[Outcome]:
    """Send the requests that an object of a plan has in `requests`, one after another.

    A custom resource is tried again while its kind is not served yet. Errors: `StatusError` as the server
    has it, after which nothing more is sent of this object.
    """
    return _next(info, tuple(info.object["requests"]), Response(200, info.object))


def _next(info: Info, rows: tuple[Object, ...], last: Response) -> Exchange[Outcome]:
    if not rows:
        return done(Outcome("unchanged", info.origin, info, last.body))
    row: Any = rows[0]
    query = tuple(row["query"].items())
    request = Request(row["method"], row["path"], query, row["body"], row["contentType"])
    return bind(send_until_served(request), partial(_answered, info, rows))


def _answered(info: Info, rows: tuple[Object, ...], response: Response) -> Exchange[Outcome]:
    if response.status < 400 and rows[1:]:
        return _next(info, rows[1:], response)
    action: Action = rows[0]["action"]
    body, query = rows[0]["body"], rows[0]["query"]
    deleted = rows[0]["method"] == "DELETE"
    tried = ("dryRun" in body) if deleted else query.get("dryRun") == "All"
    end = outcome(action, info, response, "server" if tried else "none")
    # The answer to a deletion may be a Status, which doesn't say what of.
    return fmap(end, lambda came: replace(came, object=info.object)) if deleted else end
