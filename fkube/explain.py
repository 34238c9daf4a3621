"""Pictures of pipelines and visitors: a drawing, a tree, an equation. Pure text, and no secret in it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from returns.result import Success

from fkube.algebra import (
    AndThen,
    ContinueOnError,
    Decorated,
    EagerVisitorList,
    Filtered,
    One,
    VisitorList,
)
from fkube.changing import SetAnnotations, SetImages, SetLabels, function_name
from fkube.decorators import ForceNamespace, RequireNamespace, SetNamespace
from fkube.lists import Flattened
from fkube.pipeline import Pipeline, opened, placed
from fkube.selectors import FieldSelector, LabelSelector
from fkube.source import Kustomization, Named, Path, Selected, Source, Stdin, Url, shown
from fkube.visitor import Visitor, nothing

WIDEST = 20
"""How many visitors of one list are drawn; the others are counted."""


def explain(subject: Pipeline | Visitor, verb: str = "verb") -> str:
    """Draw a pipeline as the way from its sources to a verb, and as an equation; a visitor as a tree.

    The stages are read off the visitor that the pipeline makes, so the picture is what happens.

    >>> from fkube.visitor import broken, continue_on_error, visitor_list
    >>> from fkube.errors import DecodeError
    >>> print(explain(continue_on_error(visitor_list(broken(DecodeError("not YAML")), nothing))))
    continue_on_error
    └─ broken(not YAML)
    >>> print(explain(Pipeline((Stdin(),), flatten=True), "create").splitlines()[-1])
      report = (decorated(filter_namespace) ∘ decorated(mapped) ∘ flattened)(v)(each(run ∘ create))
    """
    return _pipeline(subject, verb) if isinstance(subject, Pipeline) else "\n".join(_tree(subject))


def _pipeline(pipeline: Pipeline, verb: str) -> str:
    sources = tuple(_source(pipeline, source) for source in pipeline.sources)
    stages = _stages(pipeline)
    rows = (
        *((source, "a source: read at the edge, as it is needed") for source in sources),
        *((stage, _NOTES.get(stage) or _NOTES[stage.partition("(")[0]]) for stage in reversed(stages)),
        (verb, "a pure function to an exchange, which the edge runs"),
    )
    wide = max(len(name) for name, _ in rows) + 2
    drawn = [f"{name:<{wide}}{note}" for name, note in rows]
    way = "\n  │\n".join(["\n".join(drawn[: len(sources)]), *drawn[len(sources) :]])
    end = f"  ▼\n{'report':<{wide}}one outcome for each resource, in input order"
    return f"{way}\n{end}\n\n{_equation(sources, stages, verb)}"


def _equation(sources: Iterable[str], stages: Iterable[str], verb: str) -> str:
    lines = (
        f"  v = visitor_list({', '.join(f'documents({source})' for source in sources)})",
        f"  report = ({' ∘ '.join(stages)})(v)(each(run ∘ {verb}))",
    )
    return "\n".join(textwrap.fill(line, 100, subsequent_indent=" " * 12) for line in lines)


def _stages(pipeline: Pipeline) -> tuple[str, ...]:
    """The transforms of a pipeline, the last first, read off what they make of `nothing`."""
    mapping = () if pipeline.local else ("decorated(mapped)",)
    before, after = opened(pipeline)(nothing), placed(pipeline, "client.namespace")(nothing)
    return (*_labels(after), *mapping, *_labels(before))


def _labels(visitor: Visitor) -> Iterator[str]:
    """The labels down a row of visitors, as far as `nothing`."""
    while visitor != nothing:
        label, (visitor,) = _labelled(visitor)
        yield label


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
            return f"decorated({_names(decorators)})", (inner,)
        case Filtered(inner, predicates):
            return f"filtered({_names(predicates)})", (inner,)
        case AndThen(inner, function):
            return f"and_then({_name(function)})", (inner,)
        case ContinueOnError(inner):
            return "continue_on_error", (inner,)
        case Flattened(inner):
            return "flattened", (inner,)
        case _:
            return f"{_name(visitor)}, a function", ()


def _names(functions: Iterable[Callable[..., Any]]) -> str:
    return ", ".join(map(_name, functions))


def _name(function: Callable[..., Any]) -> str:
    """A function's name. The arguments of functions that are not ours stay out: they may be secrets."""
    match function:
        case LabelSelector() | FieldSelector():
            return str(function)
        case (
            SetNamespace()
            | RequireNamespace()
            | ForceNamespace()
            | SetLabels()
            | SetAnnotations()
            | SetImages()
        ):
            return repr(function)
        case partial():
            return _name(function.func)
        case _:
            return function_name(function)


def _source(pipeline: Pipeline, source: Source) -> str:
    match source:
        case Path(path, recursive):
            return f"{path}{' and below' if recursive else ''}"
        case Url(url):
            return shown(url)
        case Stdin():
            return "standard input"
        case Kustomization(directory):
            return f"kustomize {shown(directory)}"
        case Named(resource, name):
            return f"{resource}/{name}"
        case Selected(resource):
            chosen = filter(None, (pipeline.label_selector, pipeline.field_selector))
            return " ".join((resource, *chosen))
        case _:
            return source.name


_NOTES = {
    "flattened": "lists are opened, their items visited in their place",
    "decorated(mapped)": "each kind is looked up in what the server offers",
    "decorated": "each resource passes through, left to right",
    "filtered": "resources that do not match are left out",
    "continue_on_error": "every failure is kept, none stops the visit",
}
