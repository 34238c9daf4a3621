"""`get`: read one object."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import JSON, Exchange, Request, bind, done, with_query
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import naming_subresource, outcome
from fkube.verbs.retrieve import send_get


@makes_verb
def get(accept: str = JSON, **query: str) -> Verb:
    """Read an object in the form that `accept` names; an object from the server is not read again.

    `query`: parameters of the request.

    Errors: `StatusError` as the server has it. Follows `Info.Get` and `RetrieveLazy` of cli-runtime.
    """
    return partial(_get, with_query(Request("GET", "", accept=accept), **query))


def _get(request: Request, info: Info) -> Exchange[Outcome]:
    """Send a request to the path of a resource, unless its object is the server's already."""
    if info.live:
        return done(Outcome("got", info.origin, info, info.object))
    read = bind(send_get(request, info), partial(outcome, "got", info))
    return naming_subresource(read, info, info.subresource)
