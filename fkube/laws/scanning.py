"""Laws of stages: over the list with the memory handed on, composed, none at all; of runs and reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import add
from typing import Any, TypeAlias

from returns.result import Success

from fkube.algebra import Decorator, Visited, Visitor, VisitorFunc, append_visits, steps_of, visited_of
from fkube.report import Outcome, Report, failure, report
from fkube.stages import Stage, advance, over, through
from fkube.visitor import continue_on_error, each, visitor_list

Fn: TypeAlias = VisitorFunc[Any]
Over: TypeAlias = Callable[[Stage, Visitor], tuple[Visitor, Stage]]
Advance: TypeAlias = Callable[[tuple[Stage, ...], Visitor], tuple[Visitor, tuple[Stage, ...]]]
Compose: TypeAlias = Callable[..., Stage]


def stage_over_list(a: Visitor, b: Visitor, stage: Stage, fn: Fn, *, over: Over = over) -> bool:
    """s(visitor_list(a, b)) == visitor_list(s(a), t(b)), where t is s after a: its memory is handed on"""
    first, after = over(stage, a)
    second, last = over(after, b)
    whole, end = over(stage, visitor_list(a, b))
    return whole(fn) == visitor_list(first, second)(fn) and end == last


def stage_composition(
    a: Visitor,
    b: Visitor,
    stage: Stage,
    restage: Stage,
    fn: Fn,
    *,
    through: Compose = through,
    over: Over = over,
) -> bool:
    """through(s, t) == t ∘ s, on a chunk and on the one after it"""
    composed, one, other = through(stage, restage), stage, restage
    for chunk in (a, b):
        whole, composed = over(composed, chunk)
        half, one = over(one, chunk)
        rest, other = over(other, half)
        if whole(fn) != rest(fn):
            return False
    return True


def stage_identity(visitor: Visitor, stage: Stage, fn: Fn, *, through: Compose = through) -> bool:
    """through()(v) == v; through(s) == s"""
    return through()(visitor)(fn) == visitor(fn) and through(stage)(visitor)(fn) == stage(visitor)(fn)


def run_is_equation(
    visitors: Sequence[Visitor], stages: tuple[Stage, ...], fn: Fn, chunk: int, *, advance: Advance = advance
) -> bool:
    """The visits of chunks, their memories handed on, appended == the visit of all of them at once"""
    parts = [visitor_list(*visitors[at : at + chunk]) for at in range(0, len(visitors), chunk)]
    whole = advance(stages, visitor_list(*visitors))[0]
    chunks = tuple(_handed_on(stages, parts, advance))
    eager = append_visits(continue_on_error(part)(fn) for part in chunks)
    return visitor_list(*chunks)(fn) == whole(fn) and eager == continue_on_error(whole)(fn)


def _handed_on(stages: tuple[Stage, ...], parts: Sequence[Visitor], advance: Advance) -> Iterator[Visitor]:
    for part in parts:
        visitor, stages = advance(stages, part)
        yield visitor


def plan_then_run(
    visitor: Visitor,
    decorate: Decorator,
    *,
    each: Callable[..., Fn] = each,
    continue_on_error: Stage = continue_on_error,
) -> bool:
    """continue_on_error(v)(each(f)) == continue_on_error(v)(each(Success)), and f in the places"""
    plan = continue_on_error(visitor)(each(Success))
    return visited_of(step.bind(decorate) for step in steps_of(plan)) == continue_on_error(visitor)(
        each(decorate)
    )


def report_monoid(
    reported: Report, also_reported: Report, more_reported: Report, *, add: Callable[..., Report] = add
) -> bool:
    """Report() + r == r == r + Report(); (r + s) + t == r + (s + t)"""
    unit = add(Report(), reported) == reported == add(reported, Report())
    left = add(add(reported, also_reported), more_reported)
    return unit and left == add(reported, add(also_reported, more_reported))


def report_of_visit(
    visit: Visited[Outcome], next_visit: Visited[Outcome], *, report: Callable[..., Report] = report
) -> bool:
    """report(v appended to w) == report(v) + report(w); an outcome for each step, in its place"""
    both = append_visits((visit, next_visit))
    outcomes = [step.lash(lambda error: Success(failure(error))).unwrap() for step in steps_of(both)]
    return report(both) == report(visit) + report(next_visit) == Report(tuple(outcomes))
