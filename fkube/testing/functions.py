"""Functions as frozen values, for generated tests: they print, compare and pickle. No hypothesis here."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeVar

from returns.result import Failure, Success

from fkube.exchange.conversation import Exchange, Heard, Request, Response, bind, call, done
from fkube.laws.compare import AnyExchange
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, with_metadata
from fkube.resource.results import unwrap_or_failure
from fkube.visitor.algebra import One
from fkube.visitor.combinators import broken, infos, nothing, one
from fkube.visitor.visits import (
    Decorator,
    Predicate,
    Reached,
    Visited,
    Visitor,
    VisitorFunc,
    append_visits,
    visited_of,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Always:
    """A function that returns this, whatever it is given.

    >>> Always(True)(Info({}))
    True
    """

    value: Any

    def __call__(self, argument: object, /) -> Any:  # noqa: ARG002
        return self.value


@dataclass(frozen=True, slots=True)
class Labelled:
    """A predicate: the resource has this label."""

    key: str

    def __call__(self, info: Info, /) -> bool:
        return self.key in info.labels


@dataclass(frozen=True, slots=True)
class OfKind:
    """A predicate: the resource is of this kind."""

    kind: str

    def __call__(self, info: Info, /) -> bool:
        return info.kind == self.kind


@dataclass(frozen=True, slots=True)
class Label:
    """A decorator: set a label."""

    key: str
    value: str

    def __call__(self, info: Info, /) -> Reached:
        labels = {**info.labels, self.key: self.value}
        return Success(replace(info, object=with_metadata(info.object, labels=labels)))


@dataclass(frozen=True, slots=True)
class Suffix:
    """A decorator: make the name longer, so that doing it twice shows."""

    suffix: str

    def __call__(self, info: Info, /) -> Reached:
        return Success(replace(info, object=with_metadata(info.object, name=info.name + self.suffix)))


@dataclass(frozen=True, slots=True)
class Refuse:
    """A decorator: an error for the resources of which something holds, the others as they are."""

    when: Predicate
    error: VisitError

    def __call__(self, info: Info, /) -> Reached:
        return Failure(self.error) if self.when(info) else Success(info)


@dataclass(frozen=True, slots=True)
class Repeat:
    """From a resource to a visitor: the resource, decorated and as it is, several times."""

    decorate: Decorator
    times: int

    def __call__(self, info: Info, /) -> Visitor:
        return infos(*(self.decorate(info).value_or(info), info) * self.times)


@dataclass(frozen=True, slots=True)
class Break:
    """From a resource to a visitor: of an error where something holds, else of the resource itself."""

    when: Predicate
    error: VisitError

    def __call__(self, info: Info, /) -> Visitor:
        return broken(self.error) if self.when(info) else one(info)


@dataclass(frozen=True, slots=True)
class Trace:
    """What a `Tell` leaves behind: what it was given, under its tag, and which copy of it this is."""

    tag: Hashable
    given: Info | VisitError
    number: int = 0


@dataclass(frozen=True, slots=True)
class Tell:
    """A visitor function: leave copies of what it is given, refuse some with errors, maybe forgive errors.

    >>> from fkube.resource.errors import UsageError
    >>> Tell("x", forgives=True)(Failure(UsageError("no"))).unwrap()[0].given.message
    'no'
    """

    tag: Hashable
    copies: int = 1
    refuses: Predicate = Always(False)
    errors: tuple[VisitError, ...] = ()
    forgives: bool = False

    def __call__(self, result: Reached, /) -> Visited[Trace]:
        given = unwrap_or_failure(result)
        if isinstance(given, Info):
            errors = self.errors if self.refuses(given) else ()
        else:
            errors = () if self.forgives else (given,)
        traces = (Success(Trace(self.tag, given, number)) for number in range(self.copies))
        return visited_of((*traces, *map(Failure, errors)))


@dataclass(frozen=True, slots=True)
class HandmadeVisitor:
    """A visitor that is none of ours: results in turn, up to the first failure."""

    results: tuple[Reached, ...]

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        if not self.results:
            return Success(())
        first, rest = fn(self.results[0]), HandmadeVisitor(self.results[1:])
        return first.bind(lambda _: append_visits((first, rest(fn))))


def number_resource(count: int, result: Reached) -> tuple[int, Visitor]:
    """The step of a scan: give each resource the next number, and leave out every third."""
    numbered = result.map(lambda info: replace(info, object=with_metadata(info.object, number=str(count))))
    return count + 1, One(numbered) if count % 3 else nothing


@dataclass(frozen=True, slots=True)
class Tag:
    """A change of values: put a tag on them."""

    tag: Hashable

    def __call__(self, value: object, /) -> tuple[Hashable, object]:
        return self.tag, value


@dataclass(frozen=True, slots=True)
class Branch:
    """How a conversation goes on: one way after a success, another after a failure that a server answers."""

    well: AnyExchange
    ill: AnyExchange

    def __call__(self, answer: Response | Heard, /) -> AnyExchange:
        well = answer.status < 400 if isinstance(answer, Response) else isinstance(answer.piece, Success)
        return self.well if well else self.ill


@dataclass(frozen=True, slots=True)
class Echo:
    """How a conversation ends: with the last answer, whether a response or a value."""

    tag: Hashable

    def __call__(self, answer: object, /) -> AnyExchange:
        return done((self.tag, answer))


@dataclass(frozen=True, slots=True)
class Among:
    """A predicate of the results of conversations: it is one of these, or an echo of one.

    >>> Among(("a",))(("a", None))
    True
    """

    tags: tuple[Hashable, ...]

    def __call__(self, value: object, /) -> bool:
        return (value[0] if isinstance(value, tuple) else value) in self.tags


@dataclass(frozen=True, slots=True)
class Send:
    """A verb: send these requests one after another, up to the first failure.

    >>> Send(())(Info({})).result.unwrap().action
    'created'
    """

    requests: tuple[Request, ...]

    def __call__(self, info: Info, /) -> Exchange[Outcome]:
        if not self.requests:
            return done(Outcome("created", info.origin, info))
        first, *rest = self.requests
        return bind(call(first), lambda _: Send(tuple(rest))(info))
