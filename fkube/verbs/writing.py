"""How verbs write: for real or dry, as which field manager, with which validation of fields."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, get_args

from fkube.exchange.conversation import JSON, Exchange, Request, Response, failed, send, with_query
from fkube.report.outcomes import Action, Outcome
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object
from fkube.verbs.paths import DryRun, at_path, kind_at
from fkube.verbs.settling import settle

T = TypeVar("T")

KUBECTL = "kubectl"
"""The field manager of server-side apply, where none is given."""


@dataclass(frozen=True, slots=True)
class Write:
    """The options of every write of a verb; an empty one is left to the server."""

    dry_run: DryRun = "none"
    field_manager: str = ""
    field_validation: str = ""

    def prepare(self, request: Request, **query: str) -> Request:
        """Add these options to the query of a request, and what else is given.

        >>> print(Write("server", "me").prepare(Request("PATCH", "/api/v1/namespaces/shop")))
        PATCH /api/v1/namespaces/shop?dryRun=All&fieldManager=me
        """
        dry = "All" if self.dry_run == "server" else ""
        manager, validation = self.field_manager, self.field_validation
        return with_query(request, dryRun=dry, fieldManager=manager, fieldValidation=validation, **query)

    def send(self, request: Request, before: Object | None = None, **query: str) -> Exchange[Response]:
        """Send a request with these options; a refusal is an answer too. `before`, errors: as `settle`."""
        prepared = self.prepare(request, **query)
        return settle(send(prepared), prepared, before)

    def send_to(
        self, info: Info, method: str, body: Any, media: str = JSON, subresource: str = "", **query: str
    ) -> Exchange[Response]:
        """Send a write to the path of an object, or of its subresource. Errors: as `path` and `settle`.

        Where the resource has a resourceVersion, the object had it before.
        """
        kind = kind_at(info, subresource)
        request = partial(Request, method, body=body, content_type=media, kind=kind)
        return at_path(info, lambda place: self.send(request(place), info.object, **query), subresource)

    def report(self, action: Action, info: Info, object: Object, warnings: tuple[str, ...] = ()) -> Outcome:
        """The outcome of a write, sent or not; `object`: as the write leaves it."""
        return Outcome(action, info.origin, info, object, warnings=warnings, dry_run=self.dry_run)


def add_warnings(outcome: Outcome, *warnings: str) -> Outcome:
    """Add warnings to an outcome."""
    return replace(outcome, warnings=(*outcome.warnings, *warnings))


def check_dry_run(dry_run: str, verb: Callable[[Info], Exchange[T]]) -> Callable[[Info], Exchange[T]]:
    """Return the verb, or for an unknown `dry_run` one that fails: it must never be sent for real.

    Errors: `UsageError`, when the verb is called. Follows `GetDryRunStrategy` of kubectl.
    """
    if dry_run in get_args(DryRun):
        return verb
    message = f'Invalid dry-run value ({dry_run}). Must be "none", "server", or "client".'
    return lambda info: failed(UsageError(message, info.origin))
