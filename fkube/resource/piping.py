"""`pipe`: send a value through functions, with types. Nothing else.

Each of up to nine functions may return another type. Of more than nine only the last may: the others keep
the type, as the steps of a builder do. For any number of functions one overload fits and no other; where
two fit, mypy may answer `Any`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias, TypeVar, overload

import toolz

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")
J = TypeVar("J")
K = TypeVar("K")
X_contra = TypeVar("X_contra", contravariant=True)
Y_co = TypeVar("Y_co", covariant=True)


class To(Protocol[X_contra, Y_co]):
    """A function from X to Y, whose type mypy infers before that of a `Callable`.

    All functions but the last are of this type: so mypy knows what the last is given, even a lambda.
    """

    def __call__(self, value: X_contra, /) -> Y_co: ...


# What rows of seven functions begin with, and those of ten and more.
_Six: TypeAlias = tuple[To[A, B], To[B, C], To[C, D], To[D, E], To[E, F], To[F, G]]
_Nine: TypeAlias = tuple[*_Six[A, A, A, A, A, A, A], To[A, A], To[A, A], To[A, A]]


@overload
def pipe(value: A, /) -> A: ...
@overload
def pipe(value: A, p: Callable[[A], B], /) -> B: ...
@overload
def pipe(value: A, p: To[A, B], q: Callable[[B], C], /) -> C: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: Callable[[C], D], /) -> D: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: Callable[[D], E], /) -> E: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: To[D, E], t: Callable[[E], F], /) -> F: ...
@overload
def pipe(
    value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: To[D, E], t: To[E, F], u: Callable[[F], G], /
) -> G: ...
# Before the longer rows, so that its errors are those that mypy reports of many functions.
@overload
def pipe(value: A, /, *functions: *tuple[*_Nine[A], *tuple[To[A, A], ...], Callable[[A], B]]) -> B: ...
@overload
def pipe(value: A, /, *functions: *tuple[*_Six[A, B, C, D, E, F, G], Callable[[G], H]]) -> H: ...
@overload
def pipe(value: A, /, *functions: *tuple[*_Six[A, B, C, D, E, F, G], To[G, H], Callable[[H], J]]) -> J: ...
@overload
def pipe(
    value: A, /, *functions: *tuple[*_Six[A, B, C, D, E, F, G], To[G, H], To[H, J], Callable[[J], K]]
) -> K: ...
def pipe(value: Any, /, *functions: To[Any, Any]) -> Any:  # type: ignore[misc]  # It takes all of these.
    """Send a value through functions, left to right: toolz's `pipe`, with types.

    Equation: pipe(x, f, g) = g(f(x))

    >>> pipe(3, str, len)
    1
    >>> from fkube import builder as b
    >>> pipe(b.builder(), b.filenames("web.yaml"), b.flatten, b.do).unwrap().flatten
    True
    """
    return toolz.pipe(value, *functions)
