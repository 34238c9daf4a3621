"""What `get` prints only once it has everything: a template's text, and objects in an order of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from returns.result import Success

from fkube.cli.console import Console
from fkube.cli.templates import Shown
from fkube.resource.info import Object
from fkube.showing.sorting import order


class Lister(Protocol):
    """Takes objects as they come, each with the number of those before it, and is told how many came."""

    @property
    def single(self) -> bool:
        """Whether just one object was asked for."""

    def add(self, before: int, object: Object, /) -> None:
        """Take one more."""

    def close(self, count: int, /) -> None:
        """Print what is left to print."""


@dataclass(slots=True)
class Whole:
    """Objects shown as one `List`, but a single one as itself where just one was asked for."""

    console: Console
    show: Shown
    single: bool
    objects: list[Object] = field(default_factory=list)

    def add(self, _: int, object: Object) -> None:
        """Take one more."""
        self.objects.append(object)

    def close(self, count: int) -> None:
        """Print them. Follows `GetOptions.printGeneric` of kubectl."""
        if count < 2 and self.single and self.console.failures:
            return
        listed = {
            "apiVersion": "v1",
            "items": self.objects,
            "kind": "List",
            "metadata": {"resourceVersion": ""},
        }
        text, error = self.show(self.objects[0] if count == 1 and self.single else listed)
        self.console.say(text, end="")
        if error is not None:
            self.console.fail(error)


@dataclass(slots=True)
class Sorted:
    """Objects handed on in the order of a field, once all are there (`SortingPrinter` of kubectl)."""

    console: Console
    by: str
    to: Lister
    objects: list[Object] = field(default_factory=list)

    @property
    def single(self) -> bool:
        """Whether just one object was asked for."""
        return self.to.single

    def add(self, _: int, object: Object) -> None:
        """Take one more."""
        self.objects.append(object)

    def close(self, count: int) -> None:
        """Hand them on, or say why they have no order."""
        alone = count == 1 and self.single
        positions = tuple(range(count))
        found = Success(positions) if alone or not count else order(self.by, self.objects)
        if not isinstance(found, Success):
            return self.console.fail(found.failure())
        for before, position in enumerate(found.unwrap()):
            self.to.add(before, self.objects[position])
        return self.to.close(count)
