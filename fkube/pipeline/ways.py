"""The way of each resource through stages: what every stage made of it, one stage and one resource at a time.

Theory of operation. A visitor function that only records visits `over(stage, One(result))`, and the memory
that a stage has then is handed on to the next resource. That this is the visit of all of them is the law
`stage_over_list`; a stage that must see all of the input gets all of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from itertools import pairwise

from returns.result import Failure, Success
from toolz import concat, first, groupby

from fkube.exchange.messages import Request, Response
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, Origin, RESTMapping, is_list
from fkube.resource.results import unwrap_or_failure
from fkube.visitor.algebra import One, Transform, guarded
from fkube.visitor.combinators import filtered, flattened, visitor_list
from fkube.visitor.scans import Stage, Whole, over, parts, stage_name, stage_note
from fkube.visitor.visits import Predicate, Reached, Visitor, reached

AS_READ = -1
"""The number of the step before the first stage."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one stage made of one resource.

    `stage`: its number, from 0; `AS_READ` for what was read. `became`: `read`, `passed`, `changed`, `opened`,
    `dropped` or `failed`. `result`: what it is now; of what was dropped, what it was. No repr shows objects.
    """

    stage: int
    became: str
    result: Reached
    why: str = ""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A request about a resource, and the answer; None where none came, or none was asked for."""

    request: Request
    answer: Response | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one resource, from the document in which it was read to where it ended.

    An item of a list has the steps of the list before its own. `exchanged`: the requests about it, in order;
    `outcome`: what the report says of it, once it was run.
    """

    steps: tuple[Step, ...]
    exchanged: tuple[Exchanged, ...] = ()
    outcome: Outcome | None = None

    @property
    def end(self) -> Reached | None:
        """What is visited at the end of the stages; None of what was dropped."""
        last = self.steps[-1]
        return None if last.became == "dropped" else last.result

    @property
    def result(self) -> Reached:
        """What it was last: a resource, or the reason why there is none."""
        return self.steps[-1].result

    @property
    def info(self) -> Info | None:
        """The resource as it was last, also before it failed; None of what could not be read."""
        found = (step.result.value_or(None) for step in reversed(self.steps))
        return next((info for info in found if info is not None), None)

    @property
    def error(self) -> VisitError | None:
        """Why it failed, in a stage or in its conversation; None if it did not, or a stage dropped it."""
        refused = self.outcome.error if self.outcome else None
        return refused or (self.end.swap().value_or(None) if self.end else None)

    @property
    def origin(self) -> Origin:
        """Where the resource was written."""
        return self.info.origin if self.info else self.steps[0].result.failure().origin

    @property
    def listed_in(self) -> Info | None:
        """The list that it was opened from; None of what stood in a document of its own."""
        opened = (n for n, step in enumerate(self.steps) if step.became in ("opened", "failed") and n)
        lists = (self.steps[n - 1].result.value_or(None) for n in opened)
        return next((info for info in lists if info is not None and is_list(info.object)), None)

    @property
    def given_namespace(self) -> str:
        """The namespace that a stage gave to a resource which named none; empty if none did."""
        infos = [step.result.value_or(None) for step in self.steps]
        pairs = ((before, after) for before, after in pairwise(infos) if before and after)
        given = (after.namespace for before, after in pairs if not before.namespace and after.namespace)
        return next(given, "")


def trace_stages(stages: Sequence[Stage], visitor: Visitor) -> tuple[tuple[Way, ...], tuple[Stage, ...]]:
    """Pass a visitor through stages; give the way of each resource, and the stages for the next chunk.

    What `through` made one stage of is traced part by part.
    Law: trace_is_visit

    >>> from fkube.visitor.combinators import infos
    >>> from fkube.visitor.stages import take
    >>> pods = infos(Info({"kind": "A"}), Info({"kind": "B"}))
    >>> [way.steps[-1].became for way in trace_stages((take(1),), pods)[0]]
    ['passed', 'dropped']
    """
    ways = tuple(Way((step_of_document(result),)) for result in reached(guarded(visitor)))
    after: list[Stage] = []
    for number, stage in enumerate(concat(map(parts, stages))):
        ways, next_stage = _pass_stage(number, stage, ways)
        after.append(next_stage)
    return ways, tuple(after)


def ends(ways: Sequence[Way]) -> Visitor:
    """Visit what is at the ends of ways, in order."""
    return visitor_list(*(One(way.end) for way in ways if way.end is not None))


def step_of_document(result: Reached) -> Step:
    """The first step: a resource as it was read, or why it could not be."""
    error = result.swap().value_or(None)
    return Step(AS_READ, "failed" if error else "read", result, error.message if error else "")


def _pass_stage(number: int, stage: Stage, ways: Sequence[Way]) -> tuple[tuple[Way, ...], Stage]:
    """Send each way that has not ended on through a stage; also give the stage as it is behind them."""
    if isinstance(stage, Whole):
        return tuple(_pass_whole(number, stage, ways)), stage
    found: list[Way] = []
    for way in ways:
        if way.end is None:
            found.append(way)
            continue
        visitor, after = over(stage, One(way.end))
        found += _lengthen(way, number, stage, reached(visitor))
        stage = after
    return tuple(found), stage


def _pass_whole(number: int, stage: Whole, ways: Sequence[Way]) -> Iterator[Way]:
    """Send all ways through a stage that sees all of the input; those that have ended come last."""
    left = {place: way for place, way in enumerate(ways) if way.end is not None}
    pairs = concat(((mark, place) for mark in _marks(way.result)) for place, way in left.items())
    places = groupby(first, pairs)
    for result in reached(stage(ends(ways))):
        found = (place for mark in _marks(result) for _, place in places.get(mark, ()) if place in left)
        place = next(found, None)
        if place is None:
            # It was made anew: of which, only the function knows.
            yield Way((replace(step_of_document(result), stage=number),))
        else:
            yield from _lengthen(left.pop(place), number, stage, (result,))
    yield from concat(_lengthen(way, number, stage, ()) for way in left.values())
    yield from (way for way in ways if way.end is None)


def _marks(result: Reached) -> tuple[Hashable, ...]:
    """What tells of which resource a result is, the surest first: that it is the same, or so called.

    A failure that is new says what it is about.
    """
    found = unwrap_or_failure(result)
    if isinstance(found, Info):
        return id(found), (found.origin, found.object_name)
    return id(found), *((id(found.about),) if found.about else ())


def _lengthen(way: Way, number: int, stage: Stage, results: Sequence[Reached]) -> Iterator[Way]:
    """Add to a way what a stage made of its resource: nothing, one, or several, each a way of its own."""
    if not results:
        dropped = Step(number, "dropped", way.result, _why_dropped(stage, way.result))
        yield replace(way, steps=(*way.steps, dropped))
    for result in results:
        step = _step_to(way.result, number, result, len(results) > 1)
        # A failure goes past all stages: what did not happen is no step.
        yield replace(way, steps=(*way.steps, step)) if step else way


def _step_to(before: Reached, number: int, after: Reached, is_several: bool) -> Step | None:
    """The step from one result to another; None where a failure stays what it was."""
    if isinstance(after, Failure):
        failed = Step(number, "failed", after, after.failure().message)
        return failed if is_several or before != after else None
    if not isinstance(before, Success):
        return Step(number, "changed", after, "a failure became a resource")
    info, made = before.unwrap(), after.unwrap()
    if is_several or (is_list(info.object) and not is_list(made.object)):
        return Step(number, "opened", after)
    if before == after:
        return Step(number, "passed", after)
    found = made.mapping if made.mapping != info.mapping else None
    return Step(number, "changed", after, mapping_text(found) if found else "")


def _why_dropped(stage: Stage, result: Reached) -> str:
    """Why a stage made nothing of a result, read off the stage: the predicate that said no, or its note."""
    info = result.value_or(None)
    if isinstance(stage, Transform) and stage == filtered(*stage.arguments) and info is not None:
        predicate: Predicate = next(holds for holds in stage.arguments if not holds(info))
        return f"{function_name(predicate)} said no"
    if stage is flattened:
        return "the list has no items"
    note = stage_note(stage)
    return f"{stage_name(stage)}: {note}" if note else f"{stage_name(stage)} made nothing of it"


def mapping_text(mapping: RESTMapping) -> str:
    """A mapping in words.

    >>> mapping_text(RESTMapping("apps", "v1", "Deployment", "deployments"))
    'deployments.apps (v1, namespaced)'
    """
    return f"{mapping.qualified} ({mapping.version}, {'' if mapping.namespaced else 'not '}namespaced)"
