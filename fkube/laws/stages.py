"""Laws of stages: over the list with the memory handed on, composed, none at all; of runs and reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from operator import add
from typing import Any, TypeAlias

from returns.result import Success
from toolz import concat, partition_all

from fkube.laws.compare import Fn, Sides, call_safely, expect_type, first_unequal
from fkube.pipeline.ways import Way, ends, trace_stages
from fkube.report.outcomes import Outcome, Report, failure, report
from fkube.resource.guarding import RESULTS
from fkube.resource.results import unwrap_or_failure
from fkube.visitor.algebra import One
from fkube.visitor.combinators import continue_on_error, each, visitor_list
from fkube.visitor.stages import Scanned, Stage, Whole, advance, over, parts, through
from fkube.visitor.visits import (
    Decorator,
    Reached,
    Visited,
    Visitor,
    append_visits,
    reached,
    steps_of,
    visited_of,
)

Row: TypeAlias = tuple[Stage, ...]
"""Stages in the order in which they are passed."""
Over: TypeAlias = Callable[[Stage, Visitor], tuple[Visitor, Stage]]
Advance: TypeAlias = Callable[[Row, Visitor], tuple[Visitor, Row]]
TraceStages: TypeAlias = Callable[[Row, Visitor], tuple[tuple[Way, ...], Row]]
Compose: TypeAlias = Callable[..., Stage]

_A_STEP = "tuple of a memory and a visitor"
_RESULTS = "tuple of Success or Failure"


def stage_over_list(a: Visitor, b: Visitor, stage: Stage, fn: Fn, *, over: Over = over) -> Sides:
    """s(visitor_list(a, b)) == visitor_list(s(a), t(b)), where t is s after a: its memory is handed on"""
    first, after = over(stage, a)
    second, last = over(after, b)
    whole, end = over(stage, visitor_list(a, b))
    chunks = visitor_list(first, second)
    return Sides("s(visitor_list(a, b)) == visitor_list(s(a), t(b))", whole(fn), chunks(fn)) and Sides(
        "the memory after visitor_list(a, b) is that after a, then b", end, last
    )


def stage_composition(
    a: Visitor,
    b: Visitor,
    stage: Stage,
    restage: Stage,
    fn: Fn,
    *,
    through: Compose = through,
    over: Over = over,
) -> Sides:
    """through(s, t) == t ∘ s, on a chunk and on the one after it"""
    whole, composed = over(through(stage, restage), a)
    half, one = over(stage, a)
    rest, other = over(restage, half)
    next_whole, next_rest = over(composed, b)[0], over(other, over(one, b)[0])[0]
    return Sides("through(s, t)(a) == t(s(a))", whole(fn), rest(fn)) and Sides(
        "through(s, t)(b) == t(s(b)), each after a", next_whole(fn), next_rest(fn)
    )


def stage_identity(visitor: Visitor, stage: Stage, fn: Fn, *, through: Compose = through) -> Sides:
    """through()(v) == v; through(s) == s"""
    alone = stage(visitor)
    return Sides("through()(v) == v", through()(visitor)(fn), visitor(fn)) and Sides(
        "through(s) == s", through(stage)(visitor)(fn), alone(fn)
    )


def scan_pure(visitor: Visitor, stage: Stage) -> Sides:
    """f(s, r) == f(s, r), a memory and a visitor, for the step f of a scan; s and r are what they were"""
    scans = (part for part in parts(stage) if isinstance(part, Scanned))
    return first_unequal(concat(_compare_steps(scan, reached(visitor)) for scan in scans))


def whole_pure(steps: Sequence[Reached], stage: Stage) -> Sides:
    """f(rs) == f(rs), Success or Failure each, for the function f of a whole stage; rs are what they were"""
    wholes = (part for part in parts(stage) if isinstance(part, Whole))
    return first_unequal(concat(_compare_wholes(part, tuple(steps)) for part in wholes))


def run_is_equation(
    visitors: Sequence[Visitor], stages: Row, fn: Fn, chunk: int, *, advance: Advance = advance
) -> Sides:
    """The visits of chunks, their memories handed on, appended == the visit of all of them at once"""
    parts = [visitor_list(*part) for part in partition_all(chunk, visitors)]
    whole = advance(stages, visitor_list(*visitors))[0]
    chunks = tuple(_advance_each(stages, parts, advance))
    eager = append_visits(continue_on_error(part)(fn) for part in chunks)
    clause = "the visit of chunk after chunk is the visit of all at once"
    return Sides(clause, visitor_list(*chunks)(fn), whole(fn)) and Sides(
        f"{clause}, going on after errors", eager, continue_on_error(whole)(fn)
    )


def trace_is_visit(
    visitor: Visitor, stages: Row, fn: Fn, *, trace_stages: TraceStages = trace_stages
) -> Sides:
    """The visit of the ends of the ways, in order == that of advance(stages, v)[0]; and its next stages"""
    steps = visitor_list(*map(One, reached(visitor)))
    ways, after = trace_stages(stages, steps)
    traced, (whole, following) = ends(ways), advance(stages, steps)
    eager = continue_on_error(advance(stages, visitor)[0])
    clause = "the visit of the ends of the ways is the visit of what the stages make"
    return (
        Sides(clause, traced(fn), whole(fn))
        and Sides(f"{clause}, going on after errors", continue_on_error(traced)(fn), eager(fn))
        and Sides("the stages for the next chunk", after, tuple(concat(map(parts, following))))
    )


def plan_then_run(
    visitor: Visitor,
    decorate: Decorator,
    *,
    each: Callable[..., Fn] = each,
    continue_on_error: Stage = continue_on_error,
) -> Sides:
    """continue_on_error(v)(each(f)) == continue_on_error(v)(each(Success)), and f in the places"""
    plan = continue_on_error(visitor)(each(Success))
    later, now = visited_of(step.bind(decorate) for step in steps_of(plan)), each(decorate)
    clause = "f in the places of continue_on_error(v)(each(Success)) == continue_on_error(v)(each(f))"
    return Sides(clause, later, continue_on_error(visitor)(now))


def report_monoid(
    reported: Report, also_reported: Report, more_reported: Report, *, add: Callable[..., Report] = add
) -> Sides:
    """Report() + r == r == r + Report(); (r + s) + t == r + (s + t)"""
    left = add(add(reported, also_reported), more_reported)
    right = add(reported, add(also_reported, more_reported))
    return (
        Sides("Report() + r == r", add(Report(), reported), reported)
        and Sides("r + Report() == r", add(reported, Report()), reported)
        and Sides("(r + s) + t == r + (s + t)", left, right)
    )


def report_of_visit(
    visit: Visited[Outcome], next_visit: Visited[Outcome], *, report: Callable[..., Report] = report
) -> Sides:
    """report(v appended to w) == report(v) + report(w); an outcome for each step, in its place"""
    both = append_visits((visit, next_visit))
    outcomes = tuple(unwrap_or_failure(step.alt(failure)) for step in steps_of(both))
    whole, parts = report(both), report(visit) + report(next_visit)
    return Sides("report(v appended to w) == report(v) + report(w)", whole, parts) and Sides(
        "report(v) has an outcome for each step, in its place", whole, Report(outcomes)
    )


def _compare_steps(scan: Scanned[Any], results: Sequence[Reached]) -> Iterator[Sides]:
    """Take each step of a scan twice: compare both results, and the input before and after."""
    # A copy, so that a memory that is changed is as it was for the next example.
    state = call_safely(deepcopy, scan.state)
    yield Sides("s is a value: a copy of it is equal to it", state, scan.state)
    for result in results:
        before, given = deepcopy(state), result.map(deepcopy)
        once = call_safely(scan.step, state, result)
        yield expect_type("f(s, r) is a memory and a visitor", _is_step, _A_STEP, once)
        yield Sides("s is what it was", state, before)
        yield Sides("r is what it was", result, given)
        again = call_safely(scan.step, before, given)
        yield Sides("f(s, r) == f(s, r): its memory", again[0], once[0])
        yield Sides("f(s, r) == f(s, r): its visitor", reached(again[1]), reached(once[1]))
        state = once[0]


def _is_step(value: object) -> bool:
    """Whether a value is a pair of a memory and a visitor."""
    return isinstance(value, tuple) and len(value) == 2 and callable(value[1])


def _compare_wholes(stage: Whole, results: tuple[Reached, ...]) -> Iterator[Sides]:
    """Call the function of a whole stage twice: compare both results, and the input before and after."""
    before = tuple(result.map(deepcopy) for result in results)
    once = call_safely(lambda: tuple(stage.function(results)))
    yield expect_type("f(rs) is Success or Failure of each", _are_results, _RESULTS, once)
    yield Sides("rs are what they were", results, before)
    yield Sides("f(rs) == f(rs)", call_safely(lambda: tuple(stage.function(before))), once)


def _are_results(values: object) -> bool:
    """Whether a value is a tuple of Success or Failure alone."""
    return isinstance(values, tuple) and all(isinstance(value, RESULTS) for value in values)


def _advance_each(stages: Row, chunks: Sequence[Visitor], advance: Advance) -> Iterator[Visitor]:
    """Advance the stages over one chunk after another, their memories handed on."""
    for chunk in chunks:
        visitor, stages = advance(stages, chunk)
        yield visitor
