"""Conversations repeated: retried, polled until something is so, or held one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from fkube.exchange.conversation import Done, Exchange, bind, done, failed
from fkube.resource.dataclasses import replace
from fkube.resource.errors import VisitError

T = TypeVar("T")


def delayed(exchange: Exchange[T], seconds: float) -> Exchange[T]:
    """Begin a conversation so many seconds later; one that is over stays as it is.

    >>> from fkube.exchange.conversation import Request, call
    >>> delayed(call(Request("GET", "/version")), 2.0).delay
    2.0
    """
    return exchange if isinstance(exchange, Done) else replace(exchange, delay=exchange.delay + seconds)


def retrying(attempt: Exchange[T], again: Callable[[T], bool], attempts: int, pause: float) -> Exchange[T]:
    """Repeat a conversation while `again` holds for its value, up to `attempts` times, a pause before each.

    Equation: retrying(e, p, 0, s) = e
      retrying(e, p, n + 1, s) = bind(e, lambda x: delayed(retrying(e, p, n, s), s) if p(x) else done(x))
    Law: retrying_once_more, retrying_never

    >>> retrying(done(2), lambda n: n > 1, 5, 1.0)
    Done(result=<Success: 2>)
    """
    if not attempts:
        return attempt

    def go_on(value: T) -> Exchange[T]:
        return delayed(retrying(attempt, again, attempts - 1, pause), pause) if again(value) else done(value)

    return bind(attempt, go_on)


def polling(
    look: Exchange[T],
    enough: Callable[[T], bool],
    patience: float,
    pause: float,
    late: VisitError | Callable[[T], VisitError],
) -> Exchange[T]:
    """Repeat a conversation after a pause until its value is enough, for `patience` seconds at most.

    Errors: `late`, or what it makes of the last value, where that is not enough by then.
    Law: polling_by_retrying

    >>> from fkube.resource.errors import TimedOut
    >>> polling(done(2), lambda n: n > 2, 0.0, 1.0, TimedOut("too few")).result.failure().message
    'too few'
    """

    def go_on(value: T) -> Exchange[T]:
        if enough(value):
            return done(value)
        if patience <= 0:
            return failed(late(value) if callable(late) else late)
        return delayed(polling(look, enough, patience - pause, pause, late), pause)

    return bind(look, go_on)


def sequence(exchanges: Sequence[Exchange[T]]) -> Exchange[tuple[T, ...]]:
    """Hold conversations one after another, up to the first that fails; their values in order.

    >>> sequence((done(1), done(2)))
    Done(result=<Success: (1, 2)>)
    """
    return _hold_rest(tuple(exchanges), ())


def _hold_rest(exchanges: tuple[Exchange[T], ...], values: tuple[T, ...]) -> Exchange[tuple[T, ...]]:
    """Hold the conversations that are left; `values` are those of the ones before."""
    if not exchanges:
        return done(values)
    return bind(exchanges[0], lambda value: _hold_rest(exchanges[1:], (*values, value)))
