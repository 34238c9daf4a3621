"""What the notebooks are about: pictures, lists as their own folds, a resource, the answer of a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Protocol, TypeVar

from fkube.exchange import Response
from fkube.pipeline.drawing import Subject
from fkube.pipeline.explain import explain
from fkube.pipeline.pictures import svg
from fkube.resource.info import Info, RESTMapping


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture of a pipeline, a visitor or a plan: drawn where a notebook can, else as text."""

    subject: Subject
    verb: str = "verb"

    def __repr__(self) -> str:
        return explain(self.subject, self.verb)

    def _repr_svg_(self) -> str:
        return svg(self.subject, self.verb)


A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)
R = TypeVar("R")


class ChurchList(Protocol[A_co]):
    """A list as its own fold: it waits for what to do with one more item, and where to begin."""

    def __call__(self, step: Callable[[A_co, R], R], start: R, /) -> R: ...


def church(*items: A) -> ChurchList[A]:
    """Make the Church list of these items.

    >>> church(1, 2, 3)(lambda item, rest: item + rest, 0)
    6
    """
    return lambda step, start: reduce(lambda rest, item: step(item, rest), reversed(items), start)


def items_of(items: ChurchList[A]) -> tuple[A, ...]:
    """The items of a Church list, by a fold.

    >>> items_of(church(1, 2, 3))
    (1, 2, 3)
    """
    return tuple(items(lambda item, rest: (item, *rest), ()))


SHOP = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
WEB = Info(
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "web", "namespace": "shop"},
        "data": {"a": "1"},
    },
    mapping=RESTMapping("", "v1", "ConfigMap", "configmaps"),
)
"""A resource with its mapping, as a verb gets it."""
YES = Response(200, {"kind": "ConfigMap", "metadata": {"name": "web"}})
"""What a friendly server answers."""
