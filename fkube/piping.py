"""A value through functions, left to right, with types. Nothing else.

Each of up to nine functions may return another type. Of more than nine only the last may: the others keep
the type, as the steps of a builder do. For any number of functions one overload fits and no other; where
two fit, mypy may answer `Any`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, overload

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

To: TypeAlias = Callable[[A], B]
"""A function from one type to another."""


@overload
def pipe(value: A, /) -> A: ...
@overload
def pipe(value: A, p: To[A, B], /) -> B: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], /) -> C: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: To[C, D], /) -> D: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: To[D, E], /) -> E: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: To[D, E], t: To[E, F], /) -> F: ...
@overload
def pipe(value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: To[D, E], t: To[E, F], u: To[F, G], /) -> G: ...
@overload
def pipe(
    value: A, p: To[A, B], q: To[B, C], r: To[C, D], s: To[D, E], t: To[E, F], u: To[F, G], v: To[G, H], /
) -> H: ...
@overload
def pipe(
    value: A,
    p: To[A, B],
    q: To[B, C],
    r: To[C, D],
    s: To[D, E],
    t: To[E, F],
    u: To[F, G],
    v: To[G, H],
    w: To[H, J],
    /,
) -> J: ...
@overload
def pipe(
    value: A,
    p: To[A, B],
    q: To[B, C],
    r: To[C, D],
    s: To[D, E],
    t: To[E, F],
    u: To[F, G],
    v: To[G, H],
    w: To[H, J],
    x: To[J, K],
    /,
) -> K: ...
@overload
def pipe(
    value: A,
    p: To[A, A],
    q: To[A, A],
    r: To[A, A],
    s: To[A, A],
    t: To[A, A],
    u: To[A, A],
    v: To[A, A],
    w: To[A, A],
    x: To[A, A],
    /,
    *functions: *tuple[*tuple[To[A, A], ...], To[A, B]],
) -> B: ...
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
