"""DELETE: an object or a collection of them, as the API server removes them. Pure.

Follows `DeleteResource`, `DeleteCollection`, `BeforeDelete` and `Store.Delete` of apiserver. What controllers
do on a real cluster, collecting dependents and emptying namespaces, is taken to be done at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.definitions import CLEANUP, CRDS, mark_terminating
from fkube.cluster.kinds.gotypes import check_value
from fkube.cluster.kinds.objectmeta import timestamp
from fkube.cluster.reading.forms import write_response
from fkube.cluster.reading.getting import Page, page_response, read_page
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    FieldError,
    bad_request,
    conflict,
    forbidden,
    invalid_field,
    invalid_options,
    not_found,
    success_status,
    unsupported_field,
)
from fkube.cluster.writing.bodies import decode_body
from fkube.cluster.writing.creating import NAMESPACE
from fkube.cluster.writing.effects import (
    NAMESPACES,
    delete_under,
    empty_namespace,
    finish_definition,
    mark_deleted,
    remove_object,
    store_object,
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
    return read_options(call).bind(
        lambda asked: (
            Failure(not_found(target.kind.mapping, target.name))
            if old is None
            else _check_preconditions(call, asked, old).map(lambda _: _delete_object(state, call, asked, old))
        )
    )


def read_options(call: Call) -> Result[Object, Response]:
    """The delete options in the body, else the query. Errors: 400, 422 as `ValidateDeleteOptions` gives."""
    empty = call.request.body in (None, b"", "")
    return (_query_options(call.query) if empty else _body_options(call)).bind(_check_options)


def _query_options(query: Mapping[str, str]) -> Result[Object, Response]:
    seconds = query.get("gracePeriodSeconds", "0")
    if not seconds.lstrip("-").isdecimal():
        return Failure(bad_request(f'strconv.ParseInt: parsing "{seconds}": invalid syntax'))
    return Success(query)


def _body_options(call: Call) -> Result[Object, Response]:
    """The options in a body. Errors: 400 where it is none, or holds values of the wrong type."""
    found = decode_body(call.request, "DeleteOptions").map(lambda body: body.object)
    prefix = "the object provided is unrecognized (must be of type DeleteOptions): "
    return found.alt(lambda refusal: _shorten_refusal(refusal, prefix)).bind(_check_types)


def _shorten_refusal(refusal: Response, prefix: str) -> Response:
    message = str(refusal.body["message"]).removeprefix(prefix)
    return bad_request(message.rpartition(" (")[0]) if "json parse error" in message else refusal


def _check_types(asked: Object) -> Result[Object, Response]:
    _, problems = check_value(OPTIONS, asked)
    wrong = next((problem for problem in problems if problem.why), None)
    return Success(asked) if wrong is None else Failure(bad_request(str(wrong)))


def _check_options(asked: Object) -> Result[Object, Response]:
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


def is_dry_run(call: Call) -> bool:
    """Whether the options in a body ask for a dry run."""
    return read_options(call).map(lambda asked: bool(asked.get("dryRun"))).value_or(False)


def _check_preconditions(call: Call, asked: Object, old: Object) -> Result[None, Response]:
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


def _delete_object(state: State, call: Call, asked: Object, old: Object) -> tuple[State, Response]:
    kind, key = call.target.kind, call.target.key
    if kind.prefix == NAMESPACES:
        return _delete_namespace(state, call, old)
    if kind.prefix == CRDS:
        return _delete_definition(state, call, old)
    after, left = _remove_or_mark(state, key, old)
    held = _FINALIZERS.get(_propagation_policy(kind, asked))
    if left is not None:
        return after, write_response(state, call, 200, left)
    if held or kind.facts.get("returned"):
        return after, write_response(state, call, 200, _last_view(state, kind.prefix, old, held))
    return after, success_status(kind.mapping, old)


def _propagation_policy(kind: Kind, asked: Object) -> str:
    """What becomes of dependents: as asked, or as the kind has it."""
    orphaned = asked.get("orphanDependents", kind.facts.get("orphaning")) in (True, "true")
    return asked.get("propagationPolicy") or ("Orphan" if orphaned else "")


def _remove_or_mark(state: State, key: str, old: Object) -> tuple[State, Object | None]:
    """The state without the object; or with it, marked, if finalizers hold it."""
    if not old["metadata"].get("finalizers"):
        return remove_object(state, key), None
    marked = mark_deleted(old, state)
    return (state, old) if marked is old else store_object(state, key, marked)


def _last_view(state: State, prefix: str, old: Object, held: str | None) -> Object:
    """The object as the last answer shows it: collected dependents and stopped pods leave their traces."""
    marked = mark_deleted(old, state) if held or prefix == PODS else old
    return with_metadata(marked, finalizers=[held]) if held else marked


def _delete_namespace(state: State, call: Call, old: Object) -> tuple[State, Response]:
    if "deletionTimestamp" in old["metadata"]:
        return state, write_response(state, call, 200, old)
    marked = with_metadata(old, deletionTimestamp=timestamp(state.now))
    after, left = store_object(
        state, call.target.key, {**marked, "status": {**(old.get("status") or {}), "phase": "Terminating"}}
    )
    return empty_namespace(after, call.target.name), write_response(state, call, 200, left)


def _delete_definition(state: State, call: Call, old: Object) -> tuple[State, Response]:
    if "deletionTimestamp" in old["metadata"]:
        return state, write_response(state, call, 200, old)
    finalizers = [*(old["metadata"].get("finalizers") or ()), CLEANUP]
    marked = with_metadata(old, deletionTimestamp=timestamp(state.now), finalizers=finalizers)
    after, left = store_object(state, call.target.key, mark_terminating(marked, timestamp(state.now)))
    swept_of = delete_under(after, f"{old['spec']['group']}/{old['spec']['names']['plural']}/")
    return finish_definition(swept_of, call.target.name), write_response(state, call, 200, left)


def delete_collection(state: State, call: Call) -> Answer:
    """Every object of a collection, or of a page of it, deleted; the answer lists them as they were."""
    # The query is read as that of a list before the options of the deletion are checked.
    return (
        read_page(state, call)
        .bind(lambda found: read_options(call).map(lambda _: found))
        .map(lambda found: _delete_page(state, call, found))
    )


def _delete_page(state: State, call: Call, found: Page) -> tuple[State, Response]:
    for key, object in found.items:
        state, _ = _remove_or_mark(state, key, object)
    return state, page_response(call, found)
