"""Laws of verbs: pure, one outcome at the end, and no write in a dry run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import chain, repeat
from typing import Any

from returns.result import Failure, Success

from fkube.exchange.conversation import Call, Done, Exchange, Listen, Request, Response, writes
from fkube.laws.compare import Answer, Conversation, Sides, alike, attempted, converse, is_like
from fkube.report.outcomes import Outcome
from fkube.resource.errors import VisitError
from fkube.resource.info import Info

Verb = Callable[[Info], Exchange[Outcome]]

LONG = 1000
"""After how many answers a conversation with a server should be over."""


def verb_pure(mapped_info: Info, verb: Verb, server_answers: Sequence[Answer]) -> Sides:
    """verb(i) == verb(i), an exchange: the same requests and end for the same answers; i is what it was"""
    given = deepcopy(mapped_info)
    exchange = attempted(verb, given)
    return (
        is_like("verb(i) is an exchange", exchange, _is_exchange, "Done, Call or Listen")
        and is_like(_RAISES, attempted(converse, exchange, server_answers), _is_held, "nothing")
        and Sides("i is what it was", given, mapped_info)
        and alike("verb(i) == verb(i)", verb(deepcopy(mapped_info)), exchange, server_answers)
        and alike("verb(i) == verb(i), held again", exchange, verb(deepcopy(mapped_info)), server_answers)
    )


def verb_ends(mapped_info: Info, verb: Verb, server_answers: Sequence[Answer]) -> Sides:
    """verb(i) ends, whatever is answered: with one outcome, from where i is, or an error of fkube's"""
    last = server_answers[-1] if server_answers else Response(404)
    held = attempted(converse, verb(mapped_info), chain(server_answers, repeat(last, LONG)))
    raises_nothing = is_like(_RAISES, held, _is_held, "nothing")
    if not raises_nothing:
        return raises_nothing
    if not isinstance(held.end, Done):
        return Sides(f"verb(i) ends within {LONG} answers", f"{len(held.asked)} requests", "an end")
    result = held.end.result
    ends = is_like("verb(i) ends with one outcome, or an error of fkube's", result, _is_end, "an outcome")
    place = result.value_or(mapped_info).origin if ends else None
    return ends and Sides("the outcome of verb(i) is from where i is", place, mapped_info.origin)


def dry_run_sends_no_write(mapped_info: Info, dry_run: Verb, server_answers: Sequence[Answer]) -> Sides:
    """dry_run(i) sends no write that does not say dryRun=All"""
    held = converse(dry_run(mapped_info), server_answers)
    last = () if isinstance(held.end, Done) else (held.end.request,)
    asked = (*(request for _, request, _ in held.asked), *last)
    sent = tuple(request for request in asked if writes(request) and not _says_dry_run(request))
    return Sides("the writes of dry_run(i) without dryRun=All are none", sent, ())


_RAISES = "verb(i) raises nothing, whatever is answered"


def _says_dry_run(request: Request) -> bool:
    """A deletion may say it in its body."""
    options: Any = request.body if isinstance(request.body, dict) else {}
    return request.method == "DELETE" and options.get("dryRun") == ["All"]


def _is_exchange(made: Any) -> bool:
    return isinstance(made, Done | Call | Listen)


def _is_held(made: Any) -> bool:
    return isinstance(made, Conversation)


def _is_end(result: Any) -> bool:
    if isinstance(result, Success):
        return isinstance(result.unwrap(), Outcome)
    return isinstance(result, Failure) and isinstance(result.failure(), VisitError)
