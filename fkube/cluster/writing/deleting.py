"""DELETE: an object or a collection of them, as the API server removes them. Pure.

Follows `DeleteResource`, `DeleteCollection`, `BeforeDelete` and `Store.Delete` of apiserver. What controllers
do on a real cluster, collecting dependents and emptying namespaces, is taken to be done at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.definitions import CLEANUP, CRDS, terminating
from fkube.cluster.kinds.gotypes import checked
from fkube.cluster.kinds.objectmeta import timestamp
from fkube.cluster.reading.forms import finished
from fkube.cluster.reading.getting import Page, page, shown_page
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    FieldError,
    bad_request,
    conflict,
    forbidden,
    invalid_field,
    invalid_options,
    not_found,
    succeeded,
    unsupported_field,
)
from fkube.cluster.writing.bodies import decoded
from fkube.cluster.writing.creating import NAMESPACE
from fkube.cluster.writing.effects import (
    NAMESPACES,
    definition_settled,
    dying,
    emptied,
    removed,
    stored,
    swept,
)
from fkube.exchange.conversation import Response
from fkube.resource.info import Object, with_metadata

OPTIONS = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"}

IMMORTAL = frozenset({"default", "kube-system", "kube-public"})
"""The namespaces that may not be deleted."""

_POLICIES = ("Foreground", "Background", "Orphan")
_FINALIZERS = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}
PODS = "/pods/"


def delete(state: State, call: Call) -> Answer:
    """One object deleted: gone, or marked until its finalizers are."""
    target = call.target
    old = state.objects.get(target.key)
    if target.kind.prefix == NAMESPACES and target.name in IMMORTAL:
        return Failure(forbidden(NAMESPACE, target.name, "this namespace may not be deleted"))
    return options(call).bind(
        lambda asked: (
            Failure(not_found(target.kind.mapping, target.name))
            if old is None
            else _preconditions(call, asked, old).map(lambda _: _deleted(state, call, asked, old))
        )
    )


def options(call: Call) -> Result[Object, Response]:
    """The delete options in the body, else the query. Errors: 400, 422 as `ValidateDeleteOptions` gives."""
    empty = call.request.body in (None, b"", "")
    return (_asked(call.query) if empty else _read(call)).bind(_options_checked)


def _asked(query: Mapping[str, str]) -> Result[Object, Response]:
    seconds = query.get("gracePeriodSeconds", "0")
    if not seconds.lstrip("-").isdecimal():
        return Failure(bad_request(f'strconv.ParseInt: parsing "{seconds}": invalid syntax'))
    return Success(query)


def _read(call: Call) -> Result[Object, Response]:
    """The options in a body. Errors: 400 where it is none, or holds values of the wrong type."""
    found = decoded(call.request, "DeleteOptions").map(lambda body: body.object)
    prefix = "the object provided is unrecognized (must be of type DeleteOptions): "
    return found.alt(lambda refusal: _without(refusal, prefix)).bind(_typed)


def _without(refusal: Response, prefix: str) -> Response:
    message = str(refusal.body["message"]).removeprefix(prefix)
    return bad_request(message.rpartition(" (")[0]) if "json parse error" in message else refusal


def _typed(asked: Object) -> Result[Object, Response]:
    _, problems = checked(OPTIONS, asked)
    wrong = next((problem for problem in problems if problem.why), None)
    return Success(asked) if wrong is None else Failure(bad_request(str(wrong)))


def _options_checked(asked: Object) -> Result[Object, Response]:
    problems = list(_option_errors(asked))
    return Failure(invalid_options("DeleteOptions", *problems)) if problems else Success(asked)


def _option_errors(asked: Object) -> Iterator[FieldError]:
    policy, dry = asked.get("propagationPolicy"), asked.get("dryRun") or []
    if policy and asked.get("orphanDependents") is not None:
        why = "orphanDependents and deletionPropagation cannot be both set"
        yield invalid_field("propagationPolicy", policy, why)
    if policy and policy not in _POLICIES:
        yield unsupported_field("propagationPolicy", policy, (*_POLICIES, "nil"))
    runs = [dry] if isinstance(dry, str) else dry
    if any(run != "All" for run in runs):
        yield unsupported_field("dryRun", runs, ("All",))


def tried_only(call: Call) -> bool:
    """Whether the options in a body ask for a dry run."""
    return options(call).map(lambda asked: bool(asked.get("dryRun"))).value_or(False)


def _preconditions(call: Call, asked: Object, old: Object) -> Result[None, Response]:
    """Whether the object is the one that was meant."""
    wanted, real = asked.get("preconditions") or {}, old["metadata"]
    told = (
        ("uid", "UID", "The object might have been deleted and then recreated"),
        ("resourceVersion", "ResourceVersion", "The object might have been modified"),
    )
    mapping = call.target.kind.mapping
    for key, word, hint in told:
        if wanted.get(key) and wanted[key] != real[key]:
            record = f"does not match the {word} in record ({real[key]})"
            why = f"the {word} in the precondition ({wanted[key]}) {record}. {hint}"
            return Failure(conflict(mapping, call.target.name, why, mapping.kind))
    return Success(None)


def _deleted(state: State, call: Call, asked: Object, old: Object) -> tuple[State, Response]:
    kind, key = call.target.kind, call.target.key
    if kind.prefix == NAMESPACES:
        return _namespace_deleted(state, call, old)
    if kind.prefix == CRDS:
        return _definition_deleted(state, call, old)
    after, left = _gone(state, key, old)
    held = _FINALIZERS.get(_policy(kind, asked))
    if left is not None:
        return after, finished(state, call, 200, left)
    if held or kind.facts.get("returned"):
        return after, finished(state, call, 200, _farewell(state, kind.prefix, old, held))
    return after, succeeded(kind.mapping, old)


def _policy(kind: Kind, asked: Object) -> str:
    """What becomes of dependents: as asked, or as the kind has it."""
    orphaned = asked.get("orphanDependents", kind.facts.get("orphaning")) in (True, "true")
    return asked.get("propagationPolicy") or ("Orphan" if orphaned else "")


def _gone(state: State, key: str, old: Object) -> tuple[State, Object | None]:
    """The state without the object; or with it, marked, if finalizers hold it."""
    if not old["metadata"].get("finalizers"):
        return removed(state, key), None
    marked = dying(old, state)
    return (state, old) if marked is old else stored(state, key, marked)


def _farewell(state: State, prefix: str, old: Object, held: str | None) -> Object:
    """The object as the last answer shows it: collected dependents and stopped pods leave their traces."""
    marked = dying(old, state) if held or prefix == PODS else old
    return with_metadata(marked, finalizers=[held]) if held else marked


def _namespace_deleted(state: State, call: Call, old: Object) -> tuple[State, Response]:
    if "deletionTimestamp" in old["metadata"]:
        return state, finished(state, call, 200, old)
    marked = with_metadata(old, deletionTimestamp=timestamp(state.now))
    after, left = stored(
        state, call.target.key, {**marked, "status": {**(old.get("status") or {}), "phase": "Terminating"}}
    )
    return emptied(after, call.target.name), finished(state, call, 200, left)


def _definition_deleted(state: State, call: Call, old: Object) -> tuple[State, Response]:
    if "deletionTimestamp" in old["metadata"]:
        return state, finished(state, call, 200, old)
    finalizers = [*(old["metadata"].get("finalizers") or ()), CLEANUP]
    marked = with_metadata(old, deletionTimestamp=timestamp(state.now), finalizers=finalizers)
    after, left = stored(state, call.target.key, terminating(marked, timestamp(state.now)))
    swept_of = swept(after, f"{old['spec']['group']}/{old['spec']['names']['plural']}/")
    return definition_settled(swept_of, call.target.name), finished(state, call, 200, left)


def delete_collection(state: State, call: Call) -> Answer:
    """Every object of a collection, or of a page of it, deleted; the answer lists them as they were."""
    # The query is read as that of a list before the options of the deletion are checked.
    return (
        page(state, call)
        .bind(lambda found: options(call).map(lambda _: found))
        .map(lambda found: _all_deleted(state, call, found))
    )


def _all_deleted(state: State, call: Call, found: Page) -> tuple[State, Response]:
    for key, object in found.items:
        state, _ = _gone(state, key, object)
    return state, shown_page(call, found)
