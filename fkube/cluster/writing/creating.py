"""POST: a new object, as the API server makes it. Pure.

Follows `createHandler`, `BeforeCreate` and `Store.Create` of apiserver, and the NamespaceLifecycle admission.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from returns.result import Failure, Result, Success
from toolz import valfilter

from fkube.cluster import statuses
from fkube.cluster.calls import Answer, Call, with_warnings
from fkube.cluster.kinds import Kind, objectmeta
from fkube.cluster.kinds.definitionchecks import definition_errors, definition_warnings
from fkube.cluster.kinds.definitions import CRDS, prepare_definition
from fkube.cluster.kinds.objectmeta import create_errors, is_ending, timestamp, update_errors
from fkube.cluster.kinds.structural import schema_errors
from fkube.cluster.reading.forms import object_response
from fkube.cluster.state import State
from fkube.cluster.statuses import FieldError, invalid_field
from fkube.cluster.writing.bodies import check_content_type
from fkube.cluster.writing.drafts import Draft, read_draft, write_draft
from fkube.cluster.writing.effects import NAMESPACES, store_object
from fkube.cluster.writing.managedfields import record_managers
from fkube.exchange.conversation import Response
from fkube.resource.info import Object, RESTMapping, with_metadata
from fkube.resource.patterns import compile_later

_ATTEMPTS = 8
"""How many names are generated before the server gives up."""

_NAMESPACE = RESTMapping("", "v1", "Namespace", "namespaces", namespaced=False)


def create(state: State, call: Call) -> Answer:
    """Create the object that a call brings, or answer the review that it asks for."""
    write = partial(create_object if "get" in call.kind.entry["verbs"] else _answer_review, state, call)
    return (
        check_content_type(call.request)
        .bind(lambda _: read_draft(call, "CreateOptions"))
        .bind(partial(write_draft, call, write))
    )


def _answer_review(state: State, _: Call, draft: Draft) -> Answer:
    """Answer a review without storing it: here everything is allowed."""
    return Success((state, statuses.json_response(201, {**draft.object, "status": {"allowed": True}})))


def create_object(state: State, call: Call, draft: Draft) -> Answer:
    """Create the object of a draft: named, prepared as its kind needs, validated, stored.

    Errors: 403, 404 for its namespace, 422 if it is invalid, 409 for a taken name, 500 for a given version.
    """
    given = draft.object["metadata"]
    prepared = _prepare_object(state, call.kind, _identify_object(state, call, draft.object))
    object = record_managers(state, call, draft, None, prepared)
    about = definition_warnings(object) if call.kind.prefix == CRDS else ()
    warnings = (*about, *objectmeta.finalizer_warnings(call.kind, object["metadata"], {}))
    return (
        _check_namespace(state, call, given)
        .bind(lambda _: check_valid(call.kind, object))
        .bind(lambda _: with_warnings(warnings, _store_created(state, call, object, given)))
    )


def _identify_object(state: State, call: Call, object: Object) -> Object:
    """The object with its name, generated where it only has a prefix, and what the server alone sets."""
    given, version = object["metadata"], state.version + 1
    own = {key: value for key, value in given.items() if key not in objectmeta.DELETION}
    identity = {
        "name": given.get("name") or _generate_name(state, call, given.get("generateName", "")),
        "generation": call.kind.facts.get("generation"),
        "uid": objectmeta.make_uid(state.seed, version),
        "creationTimestamp": timestamp(state.now),
    }
    return {**object, "metadata": {**own, **valfilter(bool, identity)}}


def _generate_name(state: State, call: Call, prefix: str) -> str:
    """The first free one of some names with a prefix, else the last; empty without a prefix."""
    seed = f"{state.seed}/{state.version}"
    names = [objectmeta.make_name(prefix, seed, attempt) for attempt in range(_ATTEMPTS)] if prefix else [""]
    return next((name for name in names if state.objects.get(call.target.prefix + name) is None), names[-1])


def _prepare_object(state: State, kind: Kind, object: Object) -> Object:
    """The object as its kind's strategy prepares it: the status is the kind's first, not the user's."""
    if "status" in kind.subresources:
        status = {} if kind.facts.get("status") is None else {"status": kind.facts["status"]}
        object = {**{key: value for key, value in object.items() if key != "status"}, **status}
    if kind.prefix == NAMESPACES:
        finalizers = [*((object.get("spec") or {}).get("finalizers") or ()), "kubernetes"]
        spec = {"finalizers": list(dict.fromkeys(finalizers))}
        return {**label_namespace(object), "spec": spec, "status": {"phase": "Active"}}
    return prepare_definition(object, timestamp(state.now)) if kind.prefix == CRDS else object


def label_namespace(namespace: Object) -> Object:
    """The namespace with the label that has its name."""
    metadata = namespace["metadata"]
    labels = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": metadata.get("name", "")}
    return with_metadata(namespace, labels=labels)


def _check_namespace(state: State, call: Call, given: Object) -> Result[None, Response]:
    """Check that the call's namespace takes new objects; `given`: the metadata as sent. Errors: 403, 404."""
    namespace = call.target.namespace
    found = state.objects.get(NAMESPACES + namespace) if namespace else None
    if not namespace or (found is not None and not is_ending(found)):
        return Success(None)
    if found is None:
        return Failure(statuses.not_found(_NAMESPACE, namespace))
    why = f"namespace {namespace} is being terminated"
    cause = {"reason": "NamespaceTerminating", "message": why, "field": "metadata.namespace"}
    message = f"unable to create new content in namespace {namespace} because it is being terminated"
    name = given.get("name") or given.get("generateName") or ""
    return Failure(statuses.forbidden(call.kind.mapping, name, message, (cause,)))


def check_valid(kind: Kind, object: Object, old: Object | None = None) -> Result[Object, Response]:
    """The object, if it is valid as a new one, or in place of an old one. Errors: 422."""
    metadata, given, real = object["metadata"], object["kind"], kind.mapping.kind
    # Follows `ValidateTypeMeta` of apiextensions.
    misnamed = () if given == real else (invalid_field("kind", given, f"must be {real}"),)
    own = create_errors(kind, metadata) if old is None else update_errors(kind, metadata, old["metadata"])
    # Of a new object that is misnamed nothing else is said.
    problems = (
        misnamed if misnamed and old is None else (*own, *(misnamed or _content_errors(kind, object, old)))
    )
    if not problems:
        return Success(object)
    return Failure(statuses.invalid(kind.mapping.group, given, metadata.get("name", ""), problems))


def _content_errors(kind: Kind, object: Object, old: Object | None) -> Iterable[FieldError]:
    """What is wrong with an object beyond its metadata, as far as that is checked here.

    `old`: the object in whose place it comes.
    """
    if kind.custom:
        return schema_errors({**kind.schema, "type": "object"}, object)
    if kind.prefix == CRDS:
        return definition_errors(object, old)
    return _key_errors(object) if kind.prefix in _WITH_KEYS else ()


def _key_errors(object: Object) -> Iterable[FieldError]:
    """What is wrong with the keys of a ConfigMap or Secret. Follows `IsConfigMapKey`."""
    for part in ("data", "binaryData"):
        wrong = (key for key in object.get(part) or () if not _KEY.fullmatch(key))
        yield from (invalid_field(f"{part}[{key}]", key, _KEY_MESSAGE) for key in wrong)


_WITH_KEYS = ("/configmaps/", "/secrets/")
_KEY = compile_later(r"[-._a-zA-Z0-9]+")
_KEY_MESSAGE = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',"
    "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)


def _store_created(state: State, call: Call, object: Object, given: Object) -> Answer:
    """Store a new object; `given`: the metadata as sent.

    Errors: 409 where its name is taken, 500 where a version was given.
    """
    if given.get("resourceVersion"):
        why = "resourceVersion should not be set on objects to be created"
        return Failure(statuses.failure_status(500, "", why))
    name = object["metadata"]["name"]
    found = state.objects.get(call.target.prefix + name)
    if found is not None:
        return Failure(statuses.already_exists(call.kind.mapping, name, is_ending(found)))
    after, stored = store_object(state, call.target.prefix + name, object)
    return Success((after, object_response(state, call, 201, object if call.dry_run else stored)))
