"""DELETE: an object or a collection of them, as the API server removes them. Pure.

Follows `DeleteResource`, `DeleteCollection`, `BeforeDelete` and `Store.Delete` of apiserver. What controllers
do on a real cluster, collecting dependents and emptying namespaces, is taken to be done at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from returns.result import Failure, Result, Success

from fkube.cluster import statuses
from fkube.cluster.calls import Answer, Call, find_object, parse_number, refuse_options
from fkube.cluster.kinds.definitions import CRDS
from fkube.cluster.kinds.gotypes import check_value
from fkube.cluster.kinds.objectmeta import is_ending
from fkube.cluster.reading.forms import Page, object_response, page_response
from fkube.cluster.reading.getting import read_page
from fkube.cluster.state import State
from fkube.cluster.statuses import FieldError, bad_request
from fkube.cluster.writing.bodies import decode_body
from fkube.cluster.writing.effects import NAMESPACES, delete_with_contents, mark_deleted, remove_or_mark
from fkube.exchange.conversation import Response
from fkube.resource.info import Object, with_metadata

_OPTIONS = {"$ref": "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"}

_PROTECTED = frozenset({"default", "kube-system", "kube-public"})
"""The namespaces that may not be deleted."""

_POLICIES = ("Foreground", "Background", "Orphan")
_FINALIZERS = {"Foreground": "foregroundDeletion", "Orphan": "orphan"}

_PRECONDITIONS = (
    ("uid", "UID", "The object might have been deleted and then recreated"),
    ("resourceVersion", "ResourceVersion", "The object might have been modified"),
)


def delete(state: State, call: Call) -> Answer:
    """Delete the object that a call names: remove it, or mark it until its finalizers are gone."""
    if call.kind.prefix == NAMESPACES and call.target.name in _PROTECTED:
        why = "this namespace may not be deleted"
        return Failure(statuses.forbidden(call.kind.mapping, call.target.name, why))
    return Result.do(
        _delete_object(state, call, options, object)
        for options in read_options(call)
        for object in find_object(state, call)
        for _ in _check_preconditions(call, options, object)
    )


def read_options(call: Call) -> Result[Object, Response]:
    """The delete options in the body, or in the query if there is none.

    Errors: 400, 422 as `ValidateDeleteOptions` gives.
    """
    query: Object = call.query
    if call.request.body in (None, b"", ""):
        read = parse_number(call.query.get("gracePeriodSeconds", "0")).map(lambda _: query)
    else:
        body = decode_body(call.request, "DeleteOptions").alt(_shorten_refusal)
        read = body.bind(lambda body: _check_option_types(body.object))
    return read.bind(lambda options: refuse_options("DeleteOptions", _option_errors(options), options))


def _shorten_refusal(refusal: Response) -> Response:
    """The refusal of a body that can't be decoded, with the message that delete options get."""
    prefix = "the object provided is unrecognized (must be of type DeleteOptions): "
    message = str(refusal.body["message"]).removeprefix(prefix)
    return bad_request(message.rpartition(" (")[0]) if "json parse error" in message else refusal


def _check_option_types(options: Object) -> Result[Object, Response]:
    """The options, if they have the types of `DeleteOptions`. Errors: 400."""
    _, problems = check_value(_OPTIONS, options)
    wrong = next((str(problem) for problem in problems if problem.why), None)
    return Success(options) if wrong is None else Failure(bad_request(wrong))


def _option_errors(options: Object) -> Iterator[FieldError]:
    """Yield which delete options are wrong or exclude each other."""
    policy, dry_run = options.get("propagationPolicy"), options.get("dryRun") or []
    if policy and options.get("orphanDependents") is not None:
        why = "orphanDependents and deletionPropagation cannot be both set"
        yield statuses.invalid_field("propagationPolicy", policy, why)
    if policy and policy not in _POLICIES:
        yield statuses.unsupported_field("propagationPolicy", policy, (*_POLICIES, "nil"))
    values = [dry_run] if isinstance(dry_run, str) else dry_run
    if any(value != "All" for value in values):
        yield statuses.unsupported_field("dryRun", values, ("All",))


def is_dry_run(call: Call) -> bool:
    """Whether the delete options ask that nothing be stored."""
    return read_options(call).map(lambda options: bool(options.get("dryRun"))).value_or(False)


def _check_preconditions(call: Call, options: Object, object: Object) -> Result[None, Response]:
    """Check that the object has the uid and version that the options require. Errors: 409."""
    wanted, real, mapping = options.get("preconditions") or {}, object["metadata"], call.kind.mapping
    for key, word, hint in _PRECONDITIONS:
        if wanted.get(key) and wanted[key] != real[key]:
            record = f"does not match the {word} in record ({real[key]})"
            why = f"the {word} in the precondition ({wanted[key]}) {record}. {hint}"
            return Failure(statuses.conflict(mapping, call.target.name, why, mapping.kind))
    return Success(None)


def _delete_object(state: State, call: Call, options: Object, object: Object) -> tuple[State, Response]:
    """Delete an object; the response has what is left of it, or a `Status` if nothing is."""
    kind, key = call.kind, call.target.key
    if kind.prefix in (NAMESPACES, CRDS):
        after, marked = (state, object) if is_ending(object) else delete_with_contents(state, key, object)
        return after, object_response(state, call, 200, marked)
    after, left = remove_or_mark(state, key, object)
    orphaned = options.get("orphanDependents", kind.facts.get("orphaning")) in (True, "true")
    held = _FINALIZERS.get(options.get("propagationPolicy") or ("Orphan" if orphaned else ""))
    if left is None and not held and not kind.facts.get("returned"):
        return after, statuses.success_status(kind.mapping, object)
    # The last of an object: a stopped pod, or held until its dependents were collected.
    last = mark_deleted(object, state) if held or kind.prefix == "/pods/" else object
    last = with_metadata(last, finalizers=[held]) if held else last
    return after, object_response(state, call, 200, left or last)


def delete_collection(state: State, call: Call) -> Answer:
    """Delete every object of a collection, or of a page of it; the response lists them as they were."""

    def delete_items(page: Page) -> State:
        return reduce(lambda state, item: remove_or_mark(state, *item)[0], page.items, state)

    # The query is read as that of a list before the options of the deletion are checked.
    return Result.do(
        (delete_items(page), page_response(call, page))
        for page in read_page(state, call)
        for _ in read_options(call)
    )
