"""POST: a new object, as the API server makes it. Pure.

Follows `createHandler`, `BeforeCreate` and `Store.Create` of apiserver, and the NamespaceLifecycle admission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from returns.result import Failure, Result, Success

from fkube.cluster.calls import Answer, Call, check_options, with_warnings
from fkube.cluster.kinds import Kind
from fkube.cluster.kinds.definitions import (
    CRDS,
    accept_definition,
    default_definition,
    definition_errors,
    kind_errors,
)
from fkube.cluster.kinds.finalizers import finalizer_warnings
from fkube.cluster.kinds.objectmeta import create_errors, make_name, make_uid, timestamp
from fkube.cluster.kinds.structural import schema_errors
from fkube.cluster.reading.forms import write_response
from fkube.cluster.state import State
from fkube.cluster.statuses import (
    FieldError,
    already_exists,
    bad_request,
    failure_status,
    forbidden,
    invalid,
    invalid_field,
    json_response,
    not_found,
)
from fkube.cluster.writing.bodies import check_content_type, decode_body
from fkube.cluster.writing.drafts import Draft, read_draft
from fkube.cluster.writing.effects import NAMESPACES, store_object
from fkube.cluster.writing.managedfields import update_managers, with_managers
from fkube.exchange.conversation import Response
from fkube.merging.fields.managers import Manager
from fkube.resource.info import Object, RESTMapping

ATTEMPTS = 8
"""How many names are generated before the server gives up."""

NAMESPACE = RESTMapping("", "v1", "Namespace", "namespaces", namespaced=False)


def create(state: State, call: Call) -> Answer:
    """The new object, or why it can't be."""
    kind = call.target.kind
    make = create_object if "get" in kind.entry["verbs"] else _answer_review
    return (
        check_content_type(call.request)
        .bind(lambda _: check_options("CreateOptions", call))
        .bind(lambda _: decode_body(call.request, kind.mapping.kind))
        .bind(lambda body: read_draft(kind, body, call.query.get("fieldValidation", "")))
        .bind(
            lambda found: with_warnings(
                found.warnings, place_draft(call, found).bind(lambda here: make(state, call, here))
            )
        )
    )


def place_draft(call: Call, found: Draft) -> Result[Draft, Response]:
    """The draft in the namespace that the path names. Errors: 400 if it says another one."""
    wanted = call.target.namespace
    metadata = found.object["metadata"]
    given = metadata.get("namespace") or ""
    if given == wanted:
        return Success(found)
    if given and wanted:
        return Failure(
            bad_request(
                "the namespace of the provided object does not match the namespace sent on the request"
            )
        )
    rest = {key: value for key, value in metadata.items() if key != "namespace"}
    moved = {**rest, "namespace": wanted} if wanted else rest
    return Success(Draft({**found.object, "metadata": moved}, found.warnings))


def create_object(
    state: State, call: Call, found: Draft, managers: Sequence[Manager] | None = None
) -> Answer:
    """The state with the new object; `managers`: of its fields, where they are known already."""
    kind = call.target.kind
    object = _prepare_object(state, kind, _identify_object(state, call, found.object))
    if managers is None:
        object = update_managers(state, call, None, object, found.managed)
    else:
        object = with_managers(object, managers)
    given = found.object["metadata"]
    if refusal := _namespace_refusal(state, call, given) or _invalid_object(kind, object):
        return Failure(refusal)
    occupied = _name_refusal(state, call, object, given)
    made: Answer = Failure(occupied) if occupied else Success(_store_created(state, call, object))
    return with_warnings(finalizer_warnings(kind, object["metadata"], {}), made)


def _identify_object(state: State, call: Call, object: Object) -> Object:
    """The object with its name, generated where it only has a prefix, and what the server alone sets."""
    given = object["metadata"]
    own = {k: v for k, v in given.items() if k not in ("deletionTimestamp", "deletionGracePeriodSeconds")}
    name = given.get("name") or _generate_name(state, call, given.get("generateName", ""))
    version = state.version + 1
    made = {"uid": make_uid(state.seed, version), "creationTimestamp": timestamp(state.now)}
    generation = call.target.kind.facts.get("generation")
    numbered = {"generation": generation} if generation else {}
    return {**object, "metadata": {**own, **({"name": name} if name else {}), **numbered, **made}}


def _generate_name(state: State, call: Call, prefix: str) -> str:
    """A name that is free, if one of the first attempts is."""
    if not prefix:
        return ""
    seed = f"{state.seed}/{state.version}"
    names = [make_name(prefix, seed, attempt) for attempt in range(ATTEMPTS)]
    return next((name for name in names if state.objects.get(call.target.prefix + name) is None), names[-1])


def _prepare_object(state: State, kind: Kind, object: Object) -> Object:
    """The object as its kind's strategy makes it: no status of the user's, the fields of namespaces."""
    if "status" in kind.subresources:
        fresh = kind.facts.get("status")
        rest = {key: value for key, value in object.items() if key != "status"}
        object = rest if fresh is None else {**rest, "status": fresh}
    if kind.prefix == NAMESPACES:
        return _prepare_namespace(object)
    return _prepare_definition(state, object) if kind.prefix == CRDS else object


def _prepare_namespace(object: Object) -> Object:
    metadata = object["metadata"]
    labels = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": metadata.get("name", "")}
    finalizers = [*((object.get("spec") or {}).get("finalizers") or ()), "kubernetes"]
    spec = {"finalizers": list(dict.fromkeys(finalizers))}
    return {**object, "metadata": {**metadata, "labels": labels}, "spec": spec, "status": {"phase": "Active"}}


def _prepare_definition(state: State, object: Object) -> Object:
    """A definition, accepted if nothing is wrong with it."""
    crd = default_definition(object)
    return crd if next(definition_errors(crd), None) else accept_definition(crd, timestamp(state.now))


def _namespace_refusal(state: State, call: Call, given: Object) -> Response | None:
    """Why the namespace takes no new object."""
    namespace = call.target.namespace
    found = state.objects.get(NAMESPACES + namespace) if namespace else None
    if not namespace or (found is not None and "deletionTimestamp" not in found["metadata"]):
        return None
    if found is None:
        return not_found(NAMESPACE, namespace)
    why = f"namespace {namespace} is being terminated"
    cause = {"reason": "NamespaceTerminating", "message": why, "field": "metadata.namespace"}
    message = f"unable to create new content in namespace {namespace} because it is being terminated"
    name = given.get("name") or given.get("generateName") or ""
    return forbidden(call.target.kind.mapping, name, message, (cause,))


def _invalid_object(kind: Kind, object: Object) -> Response | None:
    """What is wrong with the object itself."""
    metadata = object["metadata"]
    problems = kind_errors(kind, object) or (*create_errors(kind, metadata), *content_errors(kind, object))
    if not problems:
        return None
    return invalid(kind.mapping.group, object["kind"], metadata.get("name", ""), problems)


def content_errors(kind: Kind, object: Object) -> Iterable[FieldError]:
    """What is wrong with an object beyond its metadata, as far as that is checked here."""
    if kind.custom:
        return schema_errors({**kind.schema, "type": "object"}, object)
    check = _CONTENTS.get(kind.prefix)
    return check(object) if check else ()


def _key_errors(object: Object) -> Iterable[FieldError]:
    """What is wrong with the keys of a ConfigMap or Secret. Follows `IsConfigMapKey`."""
    keys = [(part, key) for part in ("data", "binaryData") for key in object.get(part) or ()]
    return [
        invalid_field(f"{part}[{key}]", key, _KEY_MESSAGE) for part, key in keys if not _KEY.fullmatch(key)
    ]


_CONTENTS = {CRDS: definition_errors, "/configmaps/": _key_errors, "/secrets/": _key_errors}
_KEY = re.compile(r"[-._a-zA-Z0-9]+")
_KEY_MESSAGE = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',"
    "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
)


def _name_refusal(state: State, call: Call, object: Object, given: Object) -> Response | None:
    """Why there is no place for the object."""
    if given.get("resourceVersion"):
        return failure_status(500, "", "resourceVersion should not be set on objects to be created")
    name = object["metadata"]["name"]
    there = state.objects.get(call.target.prefix + name)
    dying = there is not None and "deletionTimestamp" in there["metadata"]
    return None if there is None else already_exists(call.target.kind.mapping, name, dying)


def _store_created(state: State, call: Call, object: Object) -> tuple[State, Response]:
    key = call.target.prefix + object["metadata"]["name"]
    after, made = store_object(state, key, object)
    return after, write_response(state, call, 201, object if call.dry else made)


def _answer_review(state: State, _: Call, found: Draft) -> Answer:
    """A review is answered and forgotten: here everything is allowed."""
    return Success((state, json_response(201, {**found.object, "status": {"allowed": True}})))
