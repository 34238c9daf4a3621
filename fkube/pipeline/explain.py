"""Drawings of pipelines, trees of visitors, and their equations. Pure text, and no secret in it.

What a drawing says of a stage is the repr and the docstring of the stage that runs.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from returns.result import Failure, Result, Success

from fkube.documents.manifest import Documents, documents
from fkube.pipeline.pipeline import Pipeline, rows_of, source_label, stages
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
from fkube.visitor.stages import Stage, stage_name
from fkube.visitor.visits import Visitor

WIDEST = 20
"""How many visitors of one list are drawn; the others are only counted."""


def explain(
    subject: Pipeline | Result[Pipeline, Failures[Any]] | Visitor, verb: Callable[..., Any] | str = "verb"
) -> str:
    """Draw a pipeline from its sources to a verb, with its equation; draw a visitor as a tree.

    The stages drawn are those that run. Of failures it returns the messages.

    >>> from fkube.documents.source import Stdin
    >>> from fkube.visitor.combinators import broken, continue_on_error, nothing, visitor_list
    >>> from fkube.resource.errors import DecodeError
    >>> print(explain(continue_on_error(visitor_list(broken(DecodeError("not YAML")), nothing))))
    continue_on_error
    └─ broken(not YAML)
    >>> print(explain(Pipeline((Stdin(),), flatten=True), "create").splitlines()[-1])
      report = (decorated(filter_namespace) ∘ mapped ∘ flattened ∘ lists_mapped)(v)(each(run ∘ create))
    """
    if isinstance(subject, Result):
        wrong = subject.swap().map(lambda left: "\n".join(map(str, left.errors)))
        return subject.map(lambda pipeline: explain(pipeline, verb)).value_or(wrong.value_or(""))
    if not isinstance(subject, Pipeline):
        return "\n".join(_draw_tree(subject))
    return _draw_pipeline(subject, verb if isinstance(verb, str) else verb_name(verb))


def _draw_pipeline(pipeline: Pipeline, verb: str) -> str:
    """Draw the way from the sources through the stages to the verb, and write the equation below."""
    sources = tuple(source_label(pipeline, source) for source in pipeline.sources)
    through = stages(pipeline, namespace="client.namespace")
    run = (verb, "a pure function to an exchange, which the edge runs")
    rows = (*rows_of(pipeline, "client.namespace"), run)
    width = max(len(name) for name, _ in rows) + 2
    lines = [f"{name:<{width}}{note}".rstrip() for name, note in rows]
    way = "\n  │\n".join(["\n".join(lines[: len(sources)]), *lines[len(sources) :]])
    report = f"  ▼\n{'report':<{width}}one outcome for each resource, in input order"
    return f"{way}\n{report}\n\n{_equation(sources, through, verb)}"


def _equation(sources: Iterable[str], way: Iterable[Stage], verb: str) -> str:
    """The equation of a pipeline, in two lines that may be folded; `way`: its stages."""
    lines = (
        f"  v = visitor_list({', '.join(f'{documents.__name__}({source})' for source in sources)})",
        f"  {report_equation(way, verb)}",
    )
    return "\n".join(textwrap.fill(line, 100, subsequent_indent=" " * 12) for line in lines)


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


def _draw_tree(root: Visitor) -> Iterator[str]:
    """Draw a visitor and those that it is made of, one on each line."""
    # A stack of our own: visitors may be deeper than Python's stack.
    stack: list[tuple[str, str, Visitor | int]] = [("", "", root)]
    while stack:
        first, rest, visitor = stack.pop()
        if isinstance(visitor, int):
            yield f"{first}… and {visitor:,} more"
            continue
        label, children = _label(visitor)
        yield first + label
        shown: list[Visitor | int] = list(children[:WIDEST])
        shown += [len(children) - WIDEST] if len(children) > WIDEST else []
        for number, child in reversed(list(enumerate(shown, start=1))):
            last = number == len(shown)
            stack.append((f"{rest}{'└─' if last else '├─'} ", f"{rest}{'   ' if last else '│  '}", child))


def _label(visitor: Visitor) -> tuple[str, tuple[Visitor, ...]]:
    """Name a visitor, and list the visitors that it is made of."""
    match visitor:
        case One(Success(info)):
            return f"one{repr(info).removeprefix('Info')}", ()
        case One(Failure(error)):
            return f"broken({error})", ()
        case VisitorList(visitors):
            return "visitor_list" if visitors else "nothing", visitors
        case EagerVisitorList(visitors):
            return "eager_visitor_list", visitors
        case _:
            return _label_wrapper(visitor)


def _label_wrapper(visitor: Visitor) -> tuple[str, tuple[Visitor, ...]]:
    """Name a visitor that is made of one other, or of none."""
    match visitor:
        case Decorated(inner, decorators):
            return f"decorated({function_names(decorators)})", (inner,)
        case Filtered(inner, predicates):
            return f"filtered({function_names(predicates)})", (inner,)
        case AndThen(inner, function):
            return f"and_then({function_name(function)})", (inner,)
        case ContinueOnError(inner):
            return "continue_on_error", (inner,)
        case Flattened(inner):
            return "flattened", (inner,)
        case PerResource(inner, transform):
            return function_name(transform), (inner,)
        case Guarded(inner):
            return _label(inner)
        case Documents():
            return repr(visitor), ()
        case _:
            return f"{function_name(visitor)}, a function", ()
