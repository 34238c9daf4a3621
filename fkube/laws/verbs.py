"""Laws of verbs: pure, one outcome at the end, and no write in a dry run or a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeAlias

from fkube.exchange.conversation import Call, Done, Exchange, Listen, Request, Response, writes
from fkube.laws.compare import (
    Answers,
    Sides,
    Transcript,
    Turn,
    call_safely,
    converse,
    expect_type,
    is_result,
    transcripts,
)
from fkube.report.outcomes import Outcome
from fkube.resource.errors import VisitError
from fkube.resource.info import Info
from fkube.verbs.plan import planned

Verb: TypeAlias = Callable[[Info], Exchange[Outcome]]

LONG = 1000
"""After how many answers a conversation with a server should be over."""


def verb_pure(mapped_info: Info, verb: Verb, server_answers: Answers) -> Sides:
    """verb(i) == verb(i), an exchange: the same requests and end for the same answers; i is what it was"""
    given = deepcopy(mapped_info)
    exchange = call_safely(verb, given)
    held = partial(transcripts, server_answers)
    return (
        expect_type("verb(i) is an exchange", _is_exchange, "Done, Call or Listen", exchange)
        and _expect_transcript(call_safely(converse, exchange, server_answers))
        and Sides("i is what it was", given, mapped_info)
        and Sides("verb(i) == verb(i)", *held(verb(deepcopy(mapped_info)), exchange))
        and Sides("verb(i) == verb(i), held again", *held(exchange, verb(deepcopy(mapped_info))))
    )


def verb_ends(mapped_info: Info, verb: Verb, server_answers: Answers) -> Sides:
    """verb(i) ends, whatever is answered: with one outcome, from where i is, or an error of fkube's"""
    last = server_answers[-1] if server_answers else Response(404)
    held = call_safely(converse, verb(mapped_info), chain(server_answers, repeat(last, LONG)))
    raises_nothing = _expect_transcript(held)
    if not raises_nothing:
        return raises_nothing
    *turns, result = held
    if isinstance(result, Turn):
        return Sides(f"verb(i) ends within {LONG} answers", f"{len(turns)} requests", "an end")
    ends = expect_type("verb(i) ends with one outcome, or an error of fkube's", _is_end, "an outcome", result)
    place = result.value_or(mapped_info).origin if ends else None
    return ends and Sides("the outcome of verb(i) is from where i is", place, mapped_info.origin)


def dry_run_sends_no_write(mapped_info: Info, dry_run: Verb, server_answers: Answers) -> Sides:
    """dry_run(i) sends no write that does not say dryRun=All"""
    requests = _requests(converse(dry_run(mapped_info), server_answers))
    sent = tuple(request for request in requests if writes(request) and not _says_dry_run(request))
    return Sides("the writes of dry_run(i) without dryRun=All are none", sent, ())


def planned_sends_no_write(
    mapped_info: Info, verb: Verb, server_answers: Answers, *, planned: Callable[[Verb], Verb] = planned
) -> Sides:
    """planned(verb)(i) sends requests that read, and no others"""
    requests = _requests(converse(planned(verb)(mapped_info), server_answers))
    sent = tuple(request for request in requests if request.method != "GET")
    return Sides("the requests of planned(verb)(i) that do not read are none", sent, ())


def _requests(held: Transcript) -> Iterator[Request]:
    """The requests of a conversation, in the order in which they were sent."""
    return (turn.request for turn in held if isinstance(turn, Turn))


def _says_dry_run(request: Request) -> bool:
    """Whether a deletion says dryRun=All in its body; `writes` has seen to those that say it in the query."""
    options: Any = request.body if isinstance(request.body, dict) else {}
    return request.method == "DELETE" and options.get("dryRun") == ["All"]


def _is_exchange(value: object) -> bool:
    return isinstance(value, Done | Call | Listen)


_is_end = partial(is_result, success=Outcome, failure=VisitError)
_RAISES_NOTHING = "verb(i) raises nothing, whatever is answered"
_expect_transcript = partial(expect_type, _RAISES_NOTHING, lambda held: isinstance(held, tuple), "nothing")
