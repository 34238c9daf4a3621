"""`get`: read one object."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fkube.exchange.conversation import JSON, Exchange, Request, bind, done, with_query
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import outcome
from fkube.verbs.retrieve import answered


@makes_verb
def get(accept: str = JSON, **query: str) -> Callable[[Info], Exchange[Outcome]]:
    """Read an object, in the form asked for; one that is the server's already is not read again.

    Errors: `StatusError` as the server has it. Follows `Info.Get` and `RetrieveLazy` of cli-runtime.
    """
    return partial(_get, with_query(Request("GET", "", accept=accept), **query))


def _get(asked: Request, info: Info) -> Exchange[Outcome]:
    if info.live:
        return done(Outcome("got", info.origin, info, info.object))
    return bind(answered(asked, info), lambda response: outcome("got", info, response))
