"""How verbs write: for real or dry, as which field manager, with which validation of fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar, get_args

from fkube.exchange.conversation import Call, Exchange, Request, failed, with_query
from fkube.report.outcomes import Action, Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object
from fkube.verbs.paths import DryRun, outcome

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Write:
    """What is asked of every write of a verb; what is empty is left to the server."""

    dry_run: DryRun = "none"
    field_manager: str = ""
    field_validation: str = ""

    def ask(self, request: Request, **query: str) -> Request:
        """The request with this in its query, and what else is given.

        >>> print(Write("server", "me").ask(Request("PATCH", "/api/v1/namespaces/shop")))
        PATCH /api/v1/namespaces/shop?dryRun=All&fieldManager=me
        """
        dry = "All" if self.dry_run == "server" else ""
        manager, validation = self.field_manager, self.field_validation
        return with_query(request, dryRun=dry, fieldManager=manager, fieldValidation=validation, **query)

    def send(self, request: Request, action: Action, info: Info) -> Exchange[Outcome]:
        """Send a write; its outcome is what the server left of the object, or its refusal."""
        return Call(self.ask(request), partial(outcome, action, info, dry_run=self.dry_run))

    def report(self, action: Action, info: Info, object: Object, warnings: tuple[str, ...] = ()) -> Outcome:
        """The outcome of a write, or of one that was left out: what it does to an object."""
        return Outcome(action, info.origin, info, object, warnings=warnings, dry_run=self.dry_run)


def check_dry_run(dry_run: str, verb: Callable[[Info], Exchange[T]]) -> Callable[[Info], Exchange[T]]:
    """The verb, if this is a way of running dry: what is not understood must never be sent for real.

    Errors: `UsageError`. Follows `GetDryRunStrategy` of kubectl.
    """
    if dry_run in get_args(DryRun):
        return verb
    message = f'Invalid dry-run value ({dry_run}). Must be "none", "server", or "client".'
    return lambda info: failed(UsageError(message, info.origin))
