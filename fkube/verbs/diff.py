"""`diff`: what an object would be if it were applied, and what it is now. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from returns.result import Result, Success

from fkube.exchange.conversation import Call, Done, Exchange, Request, Response, bind, done, failed, fmap
from fkube.merging.lastapplied import LAST_APPLIED, original
from fkube.merging.patches import Schema, three_way_difference, three_way_merge
from fkube.merging.patches.schema import STRATEGIC
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object, with_metadata
from fkube.verbs.apply import leaving
from fkube.verbs.attempts import Attempt, end_at_once, end_attempts, retry_conflicts
from fkube.verbs.create import create_as_is
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import at_path, outcome
from fkube.verbs.schemas import schema_of
from fkube.verbs.serverside import APPLY
from fkube.verbs.writing import Write

ATTEMPTS = 4
"""How often an object that others change meanwhile is looked at; the last time its version does not count."""


@dataclass(frozen=True, slots=True)
class Diffing:
    """As what the object would be applied."""

    server_side: bool
    write: Write
    force_conflicts: bool


@makes_verb
def diff(
    server_side: bool = False,
    field_manager: str = "kubectl-client-side-apply",
    force_conflicts: bool = False,
) -> Callable[[Info], Exchange[Outcome]]:
    """Ask, by a dry run on the server, what an object would be after apply.

    The outcome's object is that; its info has the object as it is now, `live` if there is one. Neither is
    masked: see `fkube.showing.masking`.
    Errors: `UsageError` for an annotation or a patch that makes no sense,
    `StatusError` as the server has it. Follows `InfoObject.Merged` of kubectl's diff.

    >>> from fkube.resource.info import RESTMapping
    >>> shop = {"kind": "Namespace", "metadata": {"name": "shop"}}
    >>> info = Info(shop, mapping=RESTMapping("", "v1", "Namespace", "namespaces", False))
    >>> first = diff()(info)
    >>> print(first.request)
    GET /api/v1/namespaces/shop
    >>> print(first.then(Response(404)).request)
    POST /api/v1/namespaces?dryRun=All&fieldManager=kubectl-client-side-apply
    """
    how = Diffing(server_side, Write("server", field_manager), force_conflicts)
    return lambda info: at_path(info, partial(_diff, how, info))


def _diff(how: Diffing, info: Info, place: str) -> Exchange[Outcome]:
    """Ask; where others change the object meanwhile, look again."""
    locked, free = (
        Call(Request("GET", place), partial(_found, how, info, place, lock)) for lock in (True, False)
    )
    return end_attempts(retry_conflicts(locked, ATTEMPTS - 2, 0.0), free)


def _found(how: Diffing, info: Info, place: str, locked: bool, response: Response) -> Exchange[Attempt]:
    """Go on from what is there."""
    if response.status >= 400 and response.status != 404:
        return end_at_once(outcome("got", info, response))
    live: Object | None = response.body if response.status < 400 else None
    seen = info if live is None else replace(info, object=live, live=True)
    if how.server_side:
        body = Request("PATCH", place, body=info.object, content_type=APPLY)
        return _sent(seen, how.write.ask(body, force=str(how.force_conflicts).lower()))
    if live is None:
        return end_at_once(create_as_is(how.write)(info))
    return bind(_patch_of(info, live, locked), partial(_patched, how, seen, place))


def _patched(how: Diffing, seen: Info, place: str, patch: tuple[Object, str]) -> Exchange[Attempt]:
    body, media = patch
    if not body:
        same = Outcome("unchanged", seen.origin, seen, seen.object, warnings=leaving(seen.object))
        return end_at_once(done(same))
    return _sent(seen, how.write.ask(Request("PATCH", place, body=body, content_type=media)))


def _sent(seen: Info, request: Request) -> Exchange[Attempt]:
    """What the server would make of it."""

    def then(response: Response) -> Exchange[Attempt]:
        came = outcome("configured", seen, response, "server")
        end = fmap(came, lambda o: replace(o, warnings=(*o.warnings, *_leaving(seen))))
        return done(Attempt(response.status == 409, end))

    return Call(request, then)


def _leaving(seen: Info) -> tuple[str, ...]:
    return leaving(seen.object) if seen.live else ()


def _patch_of(info: Info, live: Object, locked: bool) -> Exchange[tuple[Object, str]]:
    """What client-side apply would send, and of which type; `locked` to the version that was seen."""
    before = original(live)
    if not isinstance(before, Success):
        return failed(UsageError(f"{LAST_APPLIED} of {info.name}: {before.failure()}", info.origin))
    if info.mapping is None:
        return failed(UsageError("the resource has no mapping: it can't be compared", info.origin))
    asked = schema_of(info.mapping)
    return bind(asked, lambda schema: Done(_made(info, before.unwrap(), live, locked, schema)))


def _made(
    info: Info, before: Object, live: Object, locked: bool, schema: Schema | None
) -> Result[tuple[Object, str], UsageError]:
    annotations = (info.object.get("metadata") or {}).get("annotations") or {}
    kept = {key: value for key, value in annotations.items() if key != LAST_APPLIED}
    wanted = with_metadata(info.object, annotations=kept)
    media = STRATEGIC if schema else "application/merge-patch+json"
    version = (live.get("metadata") or {}).get("resourceVersion")
    patch = three_way_difference(schema, before, wanted, live) if schema else None
    merge = Success(three_way_merge(before, wanted, live)) if patch is None else patch
    found = merge.alt(lambda why: UsageError(f"creating patch for {info.name}: {why}", info.origin))
    lock = locked and version
    return found.map(lambda p: (with_metadata(p, resourceVersion=version) if p and lock else p, media))
