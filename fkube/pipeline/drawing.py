"""What a picture shows, as data: boxes, arrows between them, an equation. No secret is in it.

What a drawing says of a stage is the repr and the docstring of the stage that runs. `explain` writes a
drawing as text, `fkube.pipeline.pictures` as Mermaid and as SVG.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypeAlias

from returns.result import Failure, Result, Success

from fkube.documents.manifest import Documents, documents
from fkube.pipeline.pipeline import Pipeline, rows_of, source_label, stages
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import Failures
from fkube.resource.guarding import function_name, function_names
from fkube.visitor.algebra import (
    AndThen,
    ContinueOnError,
    Decorated,
    EagerVisitorList,
    Filtered,
    Guarded,
    One,
    PerResource,
    VisitorList,
)
from fkube.visitor.combinators import each
from fkube.visitor.lists import Flattened
from fkube.visitor.stages import Scanned, Stage, needs_all, parts, stage_name
from fkube.visitor.visits import Visitor

WIDEST = 20
"""How many visitors of one list are drawn; the others are only counted."""

Kind: TypeAlias = Literal[
    "source", "plain", "scanned", "whole", "verb", "report", "visitor", "request", "failure", "more"
]
"""What a box stands for, by which pictures colour it."""


SEES: Mapping[Kind, str] = MappingProxyType({"scanned": "has a memory", "whole": "sees all"})
"""What a stage has to see besides one resource at a time, in words."""
_SOURCE: Kind = "source"
_NO_LABELS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Box:
    """One thing that is drawn: its name, what it does, what it is. `more` stands for those left out."""

    label: str
    note: str = ""
    kind: Kind = "visitor"


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another, by their places, with what happens on the way."""

    start: int
    end: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Boxes in the order in which they are read, arrows between them, and lines of an equation.

    `is_tree`: each arrow goes to a part of what it begins at; else the arrows are the way of the resources.
    """

    title: str
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    equation: tuple[str, ...] = ()
    is_tree: bool = False


class Drawable(Protocol):
    """What draws itself, as a `fkube.verbs.plan.Plan` does."""

    def draw(self) -> Drawing: ...


Subject: TypeAlias = Pipeline | Visitor | Drawable | Result[Any, Failures[Any]]
"""What pictures are made of; of failures they show the messages."""


def draw(subject: Subject, verb: Callable[..., Any] | str = "verb") -> Drawing:
    """Draw a pipeline from its sources to a verb, a visitor as a tree, or what draws itself.

    The stages drawn are those that run. Failures become boxes with their messages.

    >>> from fkube.documents.source import Stdin
    >>> [box.label for box in draw(Pipeline((Stdin(),)), "create").boxes]
    ['standard input', 'mapped', 'decorated(filter_namespace)', 'create', 'report']
    """
    match subject:
        case Success(value):
            return draw(value, verb)
        case Failure(left):
            return Drawing("Failures", tuple(Box(str(error), "", "failure") for error in left.errors))
        case Pipeline():
            return _draw_pipeline(subject, verb if isinstance(verb, str) else verb_name(verb))
    # A visitor is a function; whatever else there is to draw is none.
    return _draw_tree(subject) if callable(subject) else subject.draw()  # type: ignore[union-attr]


def draw_way(
    boxes: Sequence[Box], first: int = 0, labels: Mapping[int, str] = _NO_LABELS
) -> tuple[Arrow, ...]:
    """The arrows from each box to the next; those before `first` stand side by side, and lead to it.

    `labels`: what happens on the way to a box, by its place.

    >>> [(arrow.start, arrow.end) for arrow in draw_way((Box("a"), Box("b"), Box("c"), Box("d")), first=2)]
    [(0, 2), (1, 2), (2, 3)]
    """
    ways = (*((place, first) for place in range(first)), *pairwise(range(first, len(boxes))))
    return tuple(Arrow(start, end, labels.get(end, "")) for start, end in ways)


def _draw_pipeline(pipeline: Pipeline, verb: str) -> Drawing:
    """Draw the way from the sources through the stages to the verb and the report."""
    sources = tuple(source_label(pipeline, source) for source in pipeline.sources)
    through = stages(pipeline, namespace="client.namespace")
    kinds: list[Kind] = [*(_SOURCE for _ in sources), *map(_kind_of, through)]
    rows = zip(rows_of(pipeline, "client.namespace"), kinds, strict=True)
    boxes = (
        *(Box(name, note, kind) for (name, note), kind in rows),
        Box(verb, "a pure function to an exchange, which the edge runs", "verb"),
        Box("report", "one outcome for each resource, in input order", "report"),
    )
    labels = {len(sources): documents.__name__, len(boxes) - 2: each.__name__, len(boxes) - 1: "run"}
    title = " → ".join((", ".join(sources), *(box.label for box in boxes[len(sources) :])))
    arrows = draw_way(boxes, len(sources), labels)
    return Drawing(title, boxes, arrows, _write_equation(sources, through, verb))


def _kind_of(stage: Stage) -> Kind:
    """Which kind of stage this is by what it is made of."""
    if needs_all(stage):
        return "whole"
    return "scanned" if any(isinstance(part, Scanned) for part in parts(stage)) else "plain"


def _write_equation(sources: Iterable[str], way: Iterable[Stage], verb: str) -> tuple[str, ...]:
    """The equation of a pipeline, in two lines that may be folded; `way`: its stages."""
    return (
        f"v = visitor_list({', '.join(f'{documents.__name__}({source})' for source in sources)})",
        report_equation(way, verb),
    )


def report_equation(way: Iterable[Stage], verb: str) -> str:
    """The equation of a report, in one line; `way`: the stages.

    >>> report_equation((), "create")
    'report = ()(v)(each(run ∘ create))'
    """
    stages = " ∘ ".join(map(stage_name, reversed(tuple(way))))
    return f"report = ({stages})(v)({each.__name__}(run ∘ {verb}))"


def verb_name(verb: Callable[..., Any]) -> str:
    """The name of a verb, without its parameters."""
    return function_name(verb).partition("(")[0]


def _draw_tree(root: Visitor) -> Drawing:
    """Draw a visitor and those that it is made of, each before its parts."""
    # A stack of our own: visitors may be deeper than Python's stack.
    stack: list[tuple[int, Visitor | Box]] = [(-1, root)]
    boxes: list[Box] = []
    arrows: list[Arrow] = []
    while stack:
        parent, visitor = stack.pop()
        box, children = (visitor, ()) if isinstance(visitor, Box) else _draw_visitor(visitor)
        arrows.append(Arrow(parent, len(boxes)))
        shown: list[Visitor | Box] = [*children[:WIDEST], *count_rest(len(children) - WIDEST)]
        stack += [(len(boxes), child) for child in reversed(shown)]
        boxes.append(box)
    return Drawing(boxes[0].label, tuple(boxes), tuple(arrows[1:]), is_tree=True)


def count_rest(number: int) -> tuple[Box, ...]:
    """A box that counts those left out, if there are any.

    >>> count_rest(1234), count_rest(0)
    ((Box(label='… and 1,234 more', note='', kind='more'),), ())
    """
    return (Box(f"… and {number:,} more", kind="more"),) if number > 0 else ()


def _draw_visitor(visitor: Visitor) -> tuple[Box, tuple[Visitor, ...]]:
    """Draw a visitor alone, and list the visitors that it is made of."""
    match visitor:
        case One(Success(info)):
            return Box(f"one{repr(info).removeprefix('Info')}", kind="plain"), ()
        case One(Failure(error)):
            return Box(f"broken({error})", kind="failure"), ()
        case VisitorList(visitors):
            return Box("visitor_list" if visitors else "nothing"), visitors
        case EagerVisitorList(visitors):
            return Box("eager_visitor_list"), visitors
        case _:
            return _draw_wrapper(visitor)


def _draw_wrapper(visitor: Visitor) -> tuple[Box, tuple[Visitor, ...]]:
    """Draw a visitor that is made of one other, or of none."""
    match visitor:
        case Decorated(inner, decorators):
            return Box(f"decorated({function_names(decorators)})"), (inner,)
        case Filtered(inner, predicates):
            return Box(f"filtered({function_names(predicates)})"), (inner,)
        case AndThen(inner, function):
            return Box(f"and_then({function_name(function)})"), (inner,)
        case ContinueOnError(inner):
            return Box("continue_on_error"), (inner,)
        case Flattened(inner):
            return Box("flattened"), (inner,)
        case PerResource(inner, transform):
            return Box(function_name(transform)), (inner,)
        case Guarded(inner):
            return _draw_visitor(inner)
        case Documents():
            return Box(repr(visitor), kind="source"), ()
        case _:
            return Box(f"{function_name(visitor)}, a function"), ()
