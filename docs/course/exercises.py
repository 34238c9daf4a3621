"""The checks of the course's exercises: each says in one sentence what is wrong, and shows it.

A check is a law about an `answer`: its docstring is the equation, and its other parameters are generated.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

from checking import by_all, by_asking, by_law
from material import SHOP, WEB, YES, church, items_of
from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io
from suspects import GUILTY, SUSPECTS

from fkube import builder as b
from fkube import edge, laws, pipe, verbs
from fkube.exchange import Done, Exchange
from fkube.laws.compare import Answer, Fn, Pair, Sides, converse
from fkube.report import Outcome
from fkube.resource.errors import VisitError, failures
from fkube.resource.info import Info, with_metadata
from fkube.testing import check_stage, check_verb, counterexample, laws_about
from fkube.visitor import (
    Decorator,
    Predicate,
    Visitor,
    continue_on_error,
    decorated,
    each,
    filtered,
    from_result,
    visitor_list,
)
from fkube.visitor.stages import take
from fkube.visitor.visits import reached

# Notebook 1: from Go's four types to functions.


@by_law
def check_my_one(info: Info, fn: Fn, *, answer: Any) -> Pair:
    """my_one(i)(fn) == fn(Success(i))"""
    return answer(info)(fn), fn(Success(info))


@by_law
def check_kind_and_name(info: Info, error: VisitError, *, answer: Any) -> Sides:
    """kind_and_name leaves "kind/name" of a resource, and lets a failure go by"""
    names = Success((f"{info.kind}/{info.name}",))
    return Sides('of Success(i) it leaves Success(("kind/name",))', answer(Success(info)), names) and Sides(
        "of Failure(e) it leaves Failure(failures(e))", answer(Failure(error)), Failure(failures(error))
    )


@by_law
def check_labelled(info: Info, *, answer: Any) -> Sides:
    """labelled sets the label team to shop, and changes nothing else"""
    object = with_metadata(info.object, labels={**info.labels, "team": "shop"})
    return laws.decorator_pure(info, answer) and Sides(
        "every label stays, and team is shop", answer(deepcopy(info)), Success(replace(info, object=object))
    )


@by_law
def check_my_filtered(visitor: Visitor, holds: Predicate, fn: Fn, *, answer: Any) -> Pair:
    """my_filtered(p)(v) == filtered(p)(v)"""
    return answer(holds)(visitor)(fn), filtered(holds)(visitor)(fn)


@by_law
def check_my_decorated(visitor: Visitor, decorate: Decorator, fn: Fn, *, answer: Any) -> Pair:
    """my_decorated(d)(v) == decorated(d)(v)"""
    return answer(decorate)(visitor)(fn), decorated(decorate)(visitor)(fn)


@by_law
def check_my_visitor_list(visitors: tuple[Visitor, ...], fn: Fn, *, answer: Any) -> Pair:
    """my_visitor_list(*vs)(fn) == visitor_list(*vs)(fn)"""
    return answer(*visitors)(fn), visitor_list(*visitors)(fn)


@by_law
def check_my_continue_on_error(visitor: Visitor, fn: Fn, *, answer: Any) -> Pair:
    """my_continue_on_error(v)(fn) == continue_on_error(v)(fn)"""
    return answer(visitor)(fn), continue_on_error(visitor)(fn)


# Notebook 2: the Church encoding.


@by_law
def check_length(value: int, *, answer: Any) -> Pair:
    """length(church(*range(value))) == value"""
    return answer(church(*range(value))), value


@by_law
def check_church_append(value: int, attempts: int, *, answer: Any) -> Sides:
    """church_append(church(*xs), church(*ys)) has the items of church(*xs, *ys)"""
    xs, ys = tuple(range(value)), tuple("abc"[:attempts])
    clause = f"church_append(church(*{xs}), church(*{ys})) has all items of both, in order"
    return Sides(clause, items_of(answer(church(*xs), church(*ys))), (*xs, *ys))


@by_law
def check_church_and_then(value: int, attempts: int, *, answer: Any) -> Sides:
    """church_and_then(f)(church(*xs)) has the items of each f(x), appended"""
    bound = answer(lambda n: church(*(n,) * attempts))(church(*range(value)))
    clause = f"church_and_then(f)(church(*range({value}))), where f(n) = church(*(n,) * {attempts})"
    return Sides(clause, items_of(bound), tuple(n for n in range(value) for _ in range(attempts)))


@by_law
def check_no_take(*, answer: Any) -> Sides:
    """take(n)(visitor_list(a, b)) is something else than visitor_list(take(n)(a), take(n)(b))"""
    n, a, b = answer
    name = each(lambda info: Success(info.name))
    both, parts = take(n)(visitor_list(a, b))(name), visitor_list(take(n)(a), take(n)(b))(name)
    return Sides("the two sides differ", f"both are {both}" if both == parts else "differ", "differ")


@by_law
def check_culprits(*, answer: Any) -> Sides:
    """Every wrong suspect is named with a law that it breaks, and no other is"""
    keep = [f"{name} keeps {law.__name__}" for name, law in answer.items() if not _breaks(law, name)]
    missed = "somebody" if len(answer) < len(GUILTY) else "nobody"
    return Sides("who is named breaks that law", keep, []) and Sides("nobody is missed", missed, "nobody")


def _breaks(law: Callable[..., object], name: str) -> bool:
    """Whether a law of visitor_list finds a suspect out."""
    is_asked = law in laws_about("visitor_list")
    return is_asked and counterexample(law, shrink=False, visitor_list=SUSPECTS[name]) is not None


def _leaves_texts(visitor: Visitor, *, answer: Any) -> Pair:
    """nosy(v)(fn) == v(fn), where fn leaves texts"""
    name = each(lambda info: Success(info.name))
    return answer(visitor)(name), visitor(name)


def _is_nosy(*, answer: Any) -> Sides:
    """naturality finds nosy out, and no visitor function that leaves texts can tell"""
    found = counterexample(laws.naturality, transform=answer)
    return Sides("naturality finds nosy out", "nothing" if found is None else "a lie", "a lie")


check_nosy = by_all(by_law(_leaves_texts), by_law(_is_nosy))


def _keeps_last(visitor: Visitor, value: int, fn: Fn, *, answer: Any) -> Pair:
    """last(n)(v) has the last n results of v"""
    kept = map(from_result, reached(visitor)[-value:] if value else ())
    return answer(value)(visitor)(fn), visitor_list(*kept)(fn)


check_last = by_all(
    by_law(_keeps_last),
    by_asking(lambda answer: check_stage(answer(2), "whole", examples=30), "last(n) is a whole stage"),
)

# Notebook 3: exchanges and the edge.


@by_law
def check_no_room(*, answer: Any) -> Sides:
    """create()(web), answered by no_room, ends in a failure with the message "no room\""""
    ended = converse(verbs.create()(WEB), [answer] * 9)[-1]
    return Sides("how it ends", ended.failure().message if isinstance(ended, Failure) else ended, "no room")


@by_law
def check_first_request(exchange: Exchange[Any], *, answer: Any) -> Pair:
    """first_request(e) is the request that e begins with, or None if e is over"""
    return answer(exchange), None if isinstance(exchange, Done) else exchange.request


@by_law
def check_requests_of(info: Info, verb: Callable[[Info], Exchange[Outcome]], *, answer: Any) -> Pair:
    """requests_of(e) is what e sends, in order, if every request is answered with YES"""
    turns = converse(verb(info), [YES] * 9)[:-1]
    return tuple(answer(verb(info))), tuple(getattr(turn, "request", turn) for turn in turns)


def _sends_one(*, answer: Any) -> Pair:
    """stamped sends one request"""
    return len(converse(answer(WEB), [YES] * 9)) - 1, 1


def _stamps(*, answer: Any) -> Sides:
    """stamped sets the annotation course/stamp to "yes", and changes nothing else"""
    cluster, web = edge.embedded(), pipe(b.builder(), b.objects(SHOP, WEB.object), b.do)
    only = pipe(b.builder(), b.objects(WEB.object), b.do)
    _, report, (live,) = (
        unsafe_perform_io(edge.visit(cluster, verb)(target).unwrap()).outcomes
        for verb, target in ((verbs.create(), web), (answer, only), (verbs.get(), only))
    )
    return (
        Sides("the server accepts it", str(report[0].error or "accepted"), "accepted")
        and Sides("its outcome says stamped", report[0].action, "stamped")
        and Sides("the data is still there", live.object.get("data"), WEB.object["data"])
        and Sides("course/stamp is yes", live.object["metadata"].get("annotations"), {"course/stamp": "yes"})
    )


check_stamped = by_all(
    by_asking(lambda answer: check_verb(answer, examples=20), "stamped is a verb"),
    by_law(_sends_one),
    by_law(_stamps),
)


@by_law
def check_at_most(
    info: Info,
    verb: Callable[[Info], Exchange[Outcome]],
    value: int,
    server_answers: tuple[Answer, ...],
    *,
    answer: Any,
) -> Sides:
    """at_most(n, e) is e as long as it sends no more than n requests, and fails instead of the next"""
    limit = value % 4
    free, bound = converse(verb(info), server_answers), converse(answer(limit, verb(info)), server_answers)
    if len([turn for turn in free if not isinstance(turn, Success | Failure)]) <= limit:
        return Sides(f"at_most({limit}, e) is e, which needs no more", bound, free)
    end = "a failure" if len(bound) == limit + 1 and isinstance(bound[-1], Failure) else bound[limit:]
    return Sides(f"its first {limit} requests are those of e", bound[:limit], free[:limit]) and Sides(
        f"after {limit} requests it fails", end, "a failure"
    )


@by_law
def check_backwards(visitor: Visitor, decorate: Decorator, *, answer: Any) -> Sides:
    """backwards(v, f) == continue_on_error(v)(each(f)), though f is called with the last first"""
    called: list[Info] = []

    def run(info: Info) -> Result[Info, VisitError]:
        called.append(info)
        return decorate(info)

    there = [result.unwrap() for result in reached(visitor) if isinstance(result, Success)][::-1]
    clause = "backwards(v, f) == continue_on_error(v)(each(f))"
    return Sides(clause, answer(visitor, run), continue_on_error(visitor)(each(decorate))) and Sides(
        "f is called with the last first", called, there
    )
