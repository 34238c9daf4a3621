"""What apply says of what it did: a line an object as it comes, or all objects when all have come."""

from __future__ import annotations

from dataclasses import dataclass, field

from returns.result import Result, Success

from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.messages import name
from fkube.cli.output import printed, typed_list, unmanaged
from fkube.cli.printing import Print
from fkube.cli.templates import Shown, is_template, templated
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Object, is_list


@dataclass(slots=True)
class Told:
    """What is said of outcomes: a line each as they come, or the objects when all have come.

    Follows `ApplyOptions.printObjects` of kubectl.
    """

    console: Console
    line: Print
    whole: Shown | None
    managed: bool
    objects: list[Object] = field(default_factory=list)

    def add(self, before: int, outcome: Outcome) -> None:
        """Tell of one more."""
        for conflict in outcome.taken:
            self.console.warn([f"{name(outcome.object)}: took {conflict.field} over from {conflict.manager}"])
        if self.whole is None:
            self.line(self.console, before, outcome)
        else:
            self.objects.append(outcome.object if self.managed else unmanaged(outcome.object))

    def close(self) -> None:
        """Print the objects, if all went well."""
        if self.whole is None or not self.objects or self.console.failures:
            return
        listed = {"apiVersion": "v1", "items": self.objects, "kind": "List", "metadata": {}}
        text, error = self.whole(self.objects[0] if len(self.objects) == 1 else listed)
        self.console.say(text, end="")
        if error is not None:
            self.console.fail(error)


def shown_whole(options: Options) -> Result[Shown | None, UsageError]:
    """How all objects together are shown; None where each has a line of its own."""
    format = options["output"].lower()
    if is_template(options):
        return templated({"no-headers": False, **options})
    return Success(None if format in ("", "name") else lambda object: (_text(format, object), None))


def _text(format: str, object: Object) -> str:
    return typed_list(format, object["items"]) if is_list(object) else printed(format, object, 0)
