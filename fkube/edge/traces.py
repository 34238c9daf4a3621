"""Traces of pipelines against a server: sources read once, the stages traced, the verb planned or run.

Theory of operation. There is no second mechanism beside the visit: what was read becomes the only source of
the pipeline, and that is visited, one resource at a time. A client that writes down what is sent tells which
requests are about which resource: the visit asks it before each resource whether to begin, and tells of each
outcome when there is one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from math import inf

from returns.io import IOResult
from returns.result import Result
from toolz import concat

from fkube.edge.asking import ask_verb
from fkube.edge.client import Client, Events
from fkube.edge.offers import ResolvedPipeline, is_unknown
from fkube.edge.renewing import Offers
from fkube.edge.running import Verb
from fkube.edge.sourcevisitors import NO_READERS, Readers, open_sources, read_chunk
from fkube.edge.visiting import OfPipeline, VisitSettings, pipeline_of, visit_resolved
from fkube.exchange.messages import Request, Response
from fkube.exchange.secrecy import hide_values
from fkube.pipeline.drawing import verb_name
from fkube.pipeline.pipeline import Pipeline, source_label, stages
from fkube.pipeline.tracing import Trace
from fkube.pipeline.ways import Exchanged, Way, trace_stages
from fkube.report.outcomes import Outcome, Report
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, Origin
from fkube.resource.patterns import compile_later
from fkube.resource.results import unwrap_or_failure
from fkube.verbs.create import create
from fkube.verbs.plan import recording
from fkube.visitor.combinators import visitor_list
from fkube.visitor.scans import Stage, parts
from fkube.visitor.visits import Reached, Visitor

CREATE = create()
"""The verb that is traced where none is named."""


def trace(
    client: Client, verb: Verb = CREATE, run: bool = False, readers: Readers = NO_READERS
) -> OfPipeline[Trace]:
    """Trace a pipeline: keep each resource's way from its document through the stages to its requests.

    As `plan`, it sends reads and no writes. With `run` it visits, and the ways have answers and outcomes too.
    Equation: of trace(c, v, run=True)(p) the report is visit(c, v)(p)
    Law: trace_is_visit
    `readers`: see `visit`. What was read is held whole.
    Errors: `Failures` only where nothing could begin; what fails later is at the end of its way.

    >>> from fkube import builder as b, pipe
    >>> from fkube.edge.client import embedded
    >>> shop = b.objects({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    >>> trace(embedded(), run=True)(pipe(b.builder(), shop, b.do)).map(lambda trace: trace.report)
    <IOResult: <Success: 1 created>>

    See also: `fkube.trace`, for what is in memory.
    """
    settings = VisitSettings(client, verb, 1, 256, None, tell_nobody, readers, inf)
    traced = partial(trace_resolved, settings, run)
    return lambda target: IOResult.from_result(pipeline_of(target).bind(settings.resolve).map(traced))


def tell_nobody(outcome: Outcome) -> None:
    """Do nothing with an outcome."""


def trace_resolved(settings: VisitSettings, run: bool, resolved: ResolvedPipeline) -> Trace:
    """Trace a resolved pipeline; with `run` its verb is run, else planned."""
    pipeline, offers = resolved.pipeline, Offers(settings.client, resolved.discovery)
    visitors = read_chunk(open_sources(settings.client, offers, pipeline, settings.readers), None)
    traced, ways = _trace_renewed(offers, pipeline, visitors)
    once = ResolvedPipeline(offers.discovery, replace(pipeline, sources=(_WasRead(),)))
    log = _Log(settings.client)
    visiting = replace(
        settings,
        client=log.listen(),
        verb=settings.verb if run else recording(partial(ask_verb, settings.verb)),
        ended=log.end,
        readers={_WasRead: lambda _: visitors},
    )
    report = visit_resolved(visiting, lambda outcomes: Report(tuple(outcomes)), once)
    labels = tuple(source_label(pipeline, source) for source in pipeline.sources)
    ended = tuple(_add_outcomes(ways, report, log, run))
    return Trace(labels, traced, verb_name(settings.verb), ended, report if run else None)


@dataclass(frozen=True, slots=True)
class _WasRead:
    """The source that stands for all that was read."""


def _trace_renewed(
    offers: Offers, pipeline: Pipeline, visitors: Sequence[Visitor]
) -> tuple[tuple[Stage, ...], tuple[Way, ...]]:
    """Trace visitors; where a kind is not found, ask the server once more what it offers, as a visit does.

    Also gives the stages that they went through, part by part.
    """
    before = stages(pipeline, offers.mapper, offers.client.namespace)
    ways, _ = trace_stages(before, visitor_list(*visitors))
    if not offers.discovery.fresh and any(is_unknown(way.result) for way in ways):
        before = offers.renew_stages(before)
        ways, _ = trace_stages(before, visitor_list(*visitors))
    return tuple(concat(map(parts, before))), ways


def _add_outcomes(ways: Sequence[Way], report: Report, log: _Log, run: bool) -> Iterator[Way]:
    """Add to each way its outcome in a report, and what was sent about it.

    The outcomes are those of the ways' ends, in order, but for resources that the verb left out.
    Of a plan, the requests are what was not sent; an outcome says only what failed.
    """
    left = deque(report.outcomes)
    every = len(left) == sum(way.end is not None for way in ways)
    for way in ways:
        if way.end is None or not left or not (every or _is_of(left[0], way.end)):
            yield way
            continue
        outcome = left.popleft()
        planned: Iterable[Request] = () if run else outcome.object.get("requests", ())
        told = outcome if run or outcome.error else None
        yield replace(way, exchanged=(*log.take(outcome), *map(Exchanged, planned)), outcome=told)


def _is_of(outcome: Outcome, end: Reached) -> bool:
    """Whether an outcome can be that of a resource, or of the reason why there is none."""
    given, info = unwrap_or_failure(end), outcome.info
    if not isinstance(given, Info) or info is None:
        return outcome.origin == given.origin
    return (outcome.origin, info.kind, info.name) == (given.origin, given.kind, given.name)


@dataclass(slots=True, repr=False, eq=False)
class _Log:
    """What is sent of the resource whose turn it is, and what was sent of each that is done."""

    client: Client
    sent: list[Exchanged] = field(default_factory=list)
    done: dict[tuple[Origin, str], deque[tuple[Exchanged, ...]]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def listen(self) -> Client:
        """The client whose requests about resources are written down."""

        def send(request: Request) -> Result[Response, VisitError]:
            answer = self.client.send(request)
            self._keep(request, answer.value_or(None))
            return answer

        def stream(request: Request, patience: float = inf) -> Events:
            self._keep(request, None)
            yield from self.client.stream(request, patience)

        return replace(self.client, send=send, stream=stream, halt=self._begin)

    def _begin(self) -> VisitError | None:
        """Begin with the next resource: this is asked before each."""
        self.sent.clear()
        return self.client.halt()

    def _keep(self, request: Request, answer: Response | None) -> None:
        """Write down a request about a resource; what a server offers, and its schemas, are about none."""
        if _OF_A_RESOURCE.match(request.path):
            self.sent.append(Exchanged(request, answer and hide_values(request, answer)))

    def end(self, outcome: Outcome) -> None:
        """Set aside what was sent of the resource that has this outcome."""
        self.done[_key(outcome)].append(tuple(self.sent))
        self.sent.clear()

    def take(self, outcome: Outcome) -> tuple[Exchanged, ...]:
        """Take what was sent of the resource that has this outcome."""
        kept = self.done[_key(outcome)]
        return kept.popleft() if kept else ()


def _key(outcome: Outcome) -> tuple[Origin, str]:
    """What tells the resource of an outcome from others; those of one key keep their order in a visit."""
    return outcome.origin, outcome.info.object_name if outcome.info else ""


_OF_A_RESOURCE = compile_later("/(?:api|apis/[^/]+)/[^/]+/.")
