"""The check of a source of one's own, and of what reads it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from returns.result import Failure, Success

from fkube.documents.source import source_name
from fkube.laws.compare import Sides, call_safely
from fkube.resource.errors import FunctionError
from fkube.resource.guarding import function_name
from fkube.testing.messages import show_sides
from fkube.visitor.visits import Reached, Visitor, reached

Reader: TypeAlias = Callable[[Any], Iterable[Visitor]]
"""What reads a source of one's own."""


def check_source(source: object, reader: Reader) -> None:
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
    once = _read_source(source, reader)
    for result in once:
        _check_result(result, function_name(reader))
    again = _read_source(source, reader)
    if once != again:
        sides = show_sides(Sides("the same", once, again), {})
        raise AssertionError(f"{function_name(reader)} reads something else the second time\n{sides}")


def _why_no_value(source: object) -> str:
    """Why something is no frozen value; empty if it is one."""
    copy = call_safely(lambda: pickle.loads(pickle.dumps(source)))
    if isinstance(call_safely(hash, source), FunctionError):
        return "it has no hash, so make it a frozen dataclass"
    if isinstance(copy, FunctionError):
        return f"it can't be pickled, so define its class in a module: {copy.message}"
    if copy != source or hash(copy) != hash(source):
        return "a copy of it is another, so compare it by what it holds"
    if isinstance(printed := call_safely(repr, source), FunctionError):
        return f"it can't be printed: {printed.message}"
    changed = next(filter(lambda name: _can_be_set(copy, name), _field_names(copy)), "")
    return f"its {changed} can be set, so make it a frozen dataclass" if changed else ""


def _field_names(source: object) -> tuple[str, ...]:
    """The names of a source's fields, or of its attributes where it is no dataclass."""
    if is_dataclass(source):
        return tuple(field.name for field in fields(source))
    return (*getattr(source, "__dict__", ()), *getattr(type(source), "__slots__", ()))


def _can_be_set(copy: object, name: str) -> bool:
    """Whether an attribute of a source can be set; a try sets it to what it is."""
    with suppress(Exception):
        setattr(copy, name, getattr(copy, name, None))
        return True
    return False


def _read_source(source: object, reader: Reader) -> tuple[Reached, ...]:
    """Everything that a reader finds in a source.

    Errors: AssertionError for a reader or a visitor that raises.
    """
    name = function_name(reader)
    visitors = call_safely(lambda: tuple(reader(source)))
    if isinstance(visitors, FunctionError):
        raise AssertionError(f"{name} can't read the source: {visitors.message}")
    return tuple(result for visitor in visitors for result in _visit_safely(name, visitor))


def _visit_safely(name: str, visitor: Visitor) -> Iterator[Reached]:
    """What a visitor reaches; `name` is its reader's, for messages.

    Errors: AssertionError for what is no visitor, and for one that raises.
    """
    if not callable(visitor):
        kind = type(visitor).__name__
        raise AssertionError(f"{name} yields {kind}, and should yield visitors, like one(info)")
    results = call_safely(reached, visitor)
    if isinstance(results, FunctionError):
        raise AssertionError(f"{name} yields a visitor that raises: {results.message}")
    yield from results


def _check_result(result: Reached, name: str) -> None:
    """Check that a resource says where it is from, and that no failure comes of an exception."""
    match result:
        case Success(info) if not info.origin.source:
            wanted = "say where it is from, by Origin(...)"
            raise AssertionError(f"{name} yields {info!r} without an origin: {wanted}")
        case Failure(FunctionError() as error):
            raise AssertionError(f"{name} yields a visitor that raises: {error.message}")
