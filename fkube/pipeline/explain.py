"""Pictures of pipelines and visitors: a drawing, a tree, an equation. Pure text, and no secret in it.

Whatever a picture says of a stage is read off the stage that runs: its repr, and its docstring.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from returns.result import Result, Success

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
"""How many visitors of one list are drawn; the others are counted."""


def explain(
    subject: Pipeline | Result[Pipeline, Failures[Any]] | Visitor, verb: Callable[..., Any] | str = "verb"
) -> str:
    """Draw a pipeline as the way from its sources to a verb, and as an equation; a visitor as a tree.

    The stages are those that run, so the picture is what happens. What is no pipeline is told as why.

    >>> from fkube.documents.source import Stdin
    >>> from fkube.visitor.combinators import broken, continue_on_error, nothing, visitor_list
    >>> from fkube.resource.errors import DecodeError
    >>> print(explain(continue_on_error(visitor_list(broken(DecodeError("not YAML")), nothing))))
    continue_on_error
    └─ broken(not YAML)
    >>> print(explain(Pipeline((Stdin(),), flatten=True), "create").splitlines()[-1])
      report = (decorated(filter_namespace) ∘ mapped ∘ flattened)(v)(each(run ∘ create))
    """
    if isinstance(subject, Result):
        wrong = subject.swap().map(lambda left: "\n".join(map(str, left.errors)))
        return subject.map(lambda pipeline: explain(pipeline, verb)).value_or(wrong.value_or(""))
    if not isinstance(subject, Pipeline):
        return "\n".join(_tree(subject))
    return _pipeline(subject, verb if isinstance(verb, str) else function_name(verb).partition("(")[0])


def _pipeline(pipeline: Pipeline, verb: str) -> str:
    sources = tuple(source_label(pipeline, source) for source in pipeline.sources)
    way = stages(pipeline, namespace="client.namespace")
    rows = (
        *rows_of(pipeline, "client.namespace"),
        (verb, "a pure function to an exchange, which the edge runs"),
    )
    wide = max(len(name) for name, _ in rows) + 2
    drawn = [f"{name:<{wide}}{note}".rstrip() for name, note in rows]
    down = "\n  │\n".join(["\n".join(drawn[: len(sources)]), *drawn[len(sources) :]])
    last = f"  ▼\n{'report':<{wide}}one outcome for each resource, in input order"
    return f"{down}\n{last}\n\n{_equation(sources, way, verb)}"


def _equation(sources: Iterable[str], way: Iterable[Stage], verb: str) -> str:
    stages = " ∘ ".join(map(stage_name, reversed(tuple(way))))
    lines = (
        f"  v = visitor_list({', '.join(f'{documents.__name__}({source})' for source in sources)})",
        f"  report = ({stages})(v)({each.__name__}(run ∘ {verb}))",
    )
    return "\n".join(textwrap.fill(line, 100, subsequent_indent=" " * 12) for line in lines)


def _tree(root: Visitor) -> Iterator[str]:
    """A visitor and what it is made of, a line each. A stack of our own: visitors may be deep."""
    stack: list[tuple[str, str, Visitor | int]] = [("", "", root)]
    while stack:
        first, rest, visitor = stack.pop()
        if isinstance(visitor, int):
            yield f"{first}… and {visitor:,} more"
            continue
        label, children = _labelled(visitor)
        yield first + label
        shown: list[Visitor | int] = list(children[:WIDEST])
        shown += [len(children) - WIDEST] if len(children) > WIDEST else []
        for number, child in reversed(list(enumerate(shown, start=1))):
            last = number == len(shown)
            stack.append((f"{rest}{'└─' if last else '├─'} ", f"{rest}{'   ' if last else '│  '}", child))


def _labelled(visitor: Visitor) -> tuple[str, tuple[Visitor, ...]]:
    """What a visitor is, and the visitors that it is made of."""
    match visitor:
        case One(Success(info)):
            return f"one{repr(info).removeprefix('Info')}", ()
        case One(result):
            return f"broken({result.failure()})", ()
        case VisitorList(visitors):
            return "visitor_list" if visitors else "nothing", visitors
        case EagerVisitorList(visitors):
            return "eager_visitor_list", visitors
        case _:
            return _wrapped(visitor)


def _wrapped(visitor: Visitor) -> tuple[str, tuple[Visitor, ...]]:
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
            return _labelled(inner)
        case Documents():
            return repr(visitor), ()
        case _:
            return f"{function_name(visitor)}, a function", ()
