"""The check of a source of one's own, and of what reads it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any

from returns.result import Success

from fkube.documents.source import source_name
from fkube.laws.compare import Sides, attempted
from fkube.resource.errors import FunctionError
from fkube.resource.guarding import function_name
from fkube.testing.showing import show_sides
from fkube.visitor.algebra import Reached, Visitor, reached


def check_source(source: Any, reader: Callable[[Any], Iterable[Visitor]]) -> None:
    """Check that a source of one's own is a value, and that its reader reads the same from it each time.

    Errors: AssertionError with one sentence, and with both sides where there are two.

    >>> from fkube.documents.manifest import documents
    >>> from fkube.documents.source import Text
    >>> pod = Text("{kind: Pod, apiVersion: v1}")
    >>> check_source(pod, lambda source: [documents(source.text, source.name)])
    >>> check_source([1], lambda source: [])
    Traceback (most recent call last):
    ...
    AssertionError: list is no source: it has no hash, so make it a frozen dataclass
    """
    if problem := _why_no_value(source):
        raise AssertionError(f"{source_name(source)} is no source: {problem}")
    once = _read(source, reader)
    for result in once:
        _check_origin(result, reader)
    again = _read(source, reader)
    if once != again:
        sides = show_sides(Sides("the same", once, again), {})
        raise AssertionError(f"{function_name(reader)} reads something else the second time\n{sides}")


def _why_no_value(source: Any) -> str:
    """Why something is no frozen value; empty if it is one."""
    copy = attempted(lambda: pickle.loads(pickle.dumps(source)))
    if isinstance(attempted(hash, source), FunctionError):
        return "it has no hash, so make it a frozen dataclass"
    if isinstance(copy, FunctionError):
        return f"it can't be pickled, so define its class in a module: {copy.message}"
    if copy != source or hash(copy) != hash(source):
        return "a copy of it is another, so compare it by what it holds"
    if not isinstance(attempted(repr, source), str):
        return f"it can't be printed: {attempted(repr, source).message}"
    changed = next(filter(lambda name: _can_be_set(copy, name), _names(copy)), "")
    return f"its {changed} can be set, so make it a frozen dataclass" if changed else ""


def _names(source: Any) -> tuple[str, ...]:
    if is_dataclass(source):
        return tuple(field.name for field in fields(source))
    return (*getattr(source, "__dict__", ()), *getattr(type(source), "__slots__", ()))


def _can_be_set(copy: Any, name: str) -> bool:
    with suppress(Exception):
        setattr(copy, name, getattr(copy, name, None))
        return True
    return False


def _read(source: Any, reader: Callable[[Any], Iterable[Visitor]]) -> tuple[Reached, ...]:
    """Everything that a reader finds."""
    name = function_name(reader)
    visitors = attempted(lambda: tuple(reader(source)))
    if isinstance(visitors, FunctionError):
        raise AssertionError(f"{name} can't read the source: {visitors.message}")
    return tuple(result for visitor in visitors for result in _visit(name, visitor))


def _visit(name: str, visitor: Visitor) -> Iterator[Reached]:
    if not callable(visitor):
        kind = type(visitor).__name__
        raise AssertionError(f"{name} yields {kind}, and should yield visitors, like one(info)")
    results = attempted(reached, visitor)
    if isinstance(results, FunctionError):
        raise AssertionError(f"{name} yields a visitor that raises: {results.message}")
    yield from results


def _check_origin(result: Reached, reader: Callable[[Any], Iterable[Visitor]]) -> None:
    name = function_name(reader)
    if not isinstance(result, Success):
        if isinstance(result.failure(), FunctionError):
            raise AssertionError(f"{name} yields a visitor that raises: {result.failure().message}")
    elif not result.unwrap().origin.source:
        wanted = "say where it is from, by Origin(...)"
        raise AssertionError(f"{name} yields {result.unwrap()!r} without an origin: {wanted}")
