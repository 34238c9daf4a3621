"""Custom resource definitions: what they define, and what the server adds to them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fkube.cluster.kinds import Kind, Kinds, key_prefix, recorded, version_order
from fkube.cluster.statuses import FieldError, invalid_field, required_field, unsupported_field
from fkube.resource.info import Object, RESTMapping

CRDS = "apiextensions.k8s.io/customresourcedefinitions/"
"""What the keys of definitions begin with."""

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
_VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
_WRITES = ("patch", "create", "update")
_APPROVAL = "api-approved.kubernetes.io"


def defined_kinds(crd: Object) -> Kinds:
    """The resources that a definition adds: one a served version; while it ends they take no writes."""
    spec = crd["spec"]
    verbs = [verb for verb in _VERBS if "deletionTimestamp" not in crd["metadata"] or verb not in _WRITES]
    return {
        (spec["group"], version["name"], spec["names"]["plural"]): _version_kind(spec, version, verbs)
        for version in spec.get("versions") or ()
        if version.get("served")
    }


def _version_kind(spec: Object, version: Object, verbs: list[str]) -> Kind:
    names, group, namespaced = spec["names"], spec["group"], spec.get("scope") == "Namespaced"
    mapping = RESTMapping(group, version["name"], names["kind"], names["plural"], namespaced)
    schema = (version.get("schema") or {}).get("openAPIV3Schema") or {}
    entry = _discovery_entry(mapping, names, version, verbs)
    facts = {
        **_version_facts(version),
        "warnings": [f"299 - {json.dumps(told)}" for told in _deprecation_warnings(spec, version)],
    }
    return Kind(mapping, key_prefix(mapping), entry, schema, facts, custom=True)


def _deprecation_warnings(spec: Object, version: Object) -> Iterator[str]:
    """The warning of a deprecated version. Follows `defaultDeprecationWarning` of apiextensions."""
    if version.get("deprecated"):
        own = version_order(version["name"])
        served = [v["name"] for v in spec["versions"] if v.get("served") and not v.get("deprecated")]
        newer = sorted((name for name in served if version_order(name) < own), key=version_order)
        what = f"{spec['group']}/{{}} {spec['names']['kind']}".format
        use = f"; use {what(newer[0])}" if newer else ""
        yield version.get("deprecationWarning") or f"{what(version['name'])} is deprecated{use}"


def _discovery_entry(mapping: RESTMapping, names: Object, version: Object, verbs: list[str]) -> Object:
    """The resource as aggregated discovery has it."""
    shown = {"group": mapping.group, "version": mapping.version, "kind": mapping.kind}
    subs = list(_subresource_entries(version.get("subresources") or {}, shown))
    return {
        "resource": mapping.resource,
        "responseKind": shown,
        "scope": "Namespaced" if mapping.namespaced else "Cluster",
        "singularResource": names.get("singular") or mapping.kind.lower(),
        "verbs": verbs,
        **{key: names[key] for key in ("shortNames", "categories") if names.get(key)},
        **({"subresources": subs} if subs else {}),
    }


def _version_facts(version: Object) -> Object:
    selectable = [field["jsonPath"].lstrip(".") for field in version.get("selectableFields") or ()]
    columns = version.get("additionalPrinterColumns") or (_age_column(),)
    scale = (version.get("subresources") or {}).get("scale")
    return {
        "name": "subdomain",
        "long": ("must be no more than 253 characters",),
        "generation": 1,
        "unconditional": False,
        "fields": ["metadata.name", "metadata.namespace", *selectable],
        "printed": columns,
        "scale": scale,
    }


def _age_column() -> Object:
    """The column of a version that declares none, described as a recorded kind describes it."""
    told = recorded()["resources"]["rbac.authorization.k8s.io/v1/roles"]["columns"][1]["description"]
    return {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp", "description": told}


def _subresource_entries(declared: Object, shown: Object) -> Iterator[Object]:
    verbs = ["get", "patch", "update"]
    if "status" in declared:
        yield {"subresource": "status", "responseKind": shown, "verbs": verbs}
    if "scale" in declared:
        scale = {"group": "autoscaling", "version": "v1", "kind": "Scale"}
        yield {"subresource": "scale", "responseKind": scale, "verbs": verbs}


def default_definition(crd: Object) -> Object:
    """A definition with the names and the conversion that the server fills in.

    Follows `SetDefaults_CustomResourceDefinitionSpec` of apiextensions.
    """
    spec = crd.get("spec") or {}
    names = spec.get("names") or {}
    kind = names.get("kind") or ""
    made = {"singular": kind.lower(), "listKind": f"{kind}List" if kind else ""}
    filled = {**{key: value for key, value in made.items() if value and not names.get(key)}, **names}
    conversion = {"conversion": {"strategy": "None"}} if "conversion" not in spec else {}
    return {**crd, "spec": {**spec, "names": filled, **conversion}}


def accept_definition(crd: Object, now: str) -> Object:
    """A definition whose names are accepted and which is established, as its controllers leave it."""
    spec, old = crd["spec"], crd.get("status") or {}
    if old.get("conditions"):
        return {**crd, "status": {**old, "acceptedNames": spec["names"]}}
    conditions = [
        {"type": type, "status": "True", "lastTransitionTime": now, "reason": reason, "message": message}
        for type, reason, message in _ACCEPTED
    ]
    stored = [version["name"] for version in spec["versions"] if version.get("storage")]
    status = {"conditions": conditions, "acceptedNames": spec["names"], "storedVersions": stored}
    return {**crd, "status": status}


_ACCEPTED = (
    ("NamesAccepted", "NoConflicts", "no conflicts found"),
    ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
)


def mark_terminating(crd: Object, now: str) -> Object:
    """A definition that is being deleted, with the condition that says so."""
    message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
    told = {
        "type": "Terminating",
        "status": "True",
        "lastTransitionTime": now,
        "reason": "InstanceDeletionPending",
    }
    status = crd.get("status") or {}
    conditions = [*(status.get("conditions") or ()), {**told, "message": message}]
    return {**crd, "status": {**status, "conditions": conditions}}


def kind_errors(kind: Kind, object: Object) -> tuple[FieldError, ...]:
    """What is wrong with the kind that an object says to be. Follows `ValidateTypeMeta` of apiextensions."""
    given, real = object["kind"], kind.mapping.kind
    return () if given == real else (invalid_field("kind", given, f"must be {real}"),)


def definition_errors(crd: Object) -> Iterator[FieldError]:
    """What is wrong with a definition, as far as it is checked here.

    Follows `ValidateCustomResourceDefinition` of apiextensions.
    """
    spec, name = crd.get("spec") or {}, crd["metadata"].get("name", "")
    names, group = spec.get("names") or {}, spec.get("group") or ""
    if name != f"{names.get('plural', '')}.{group}":
        yield invalid_field("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
    if group.endswith((".k8s.io", ".kubernetes.io")) and not (crd["metadata"].get("annotations") or {}).get(
        _APPROVAL
    ):
        why = f'protected groups must have approval annotation "{_APPROVAL}", see https://github.com/kubernetes/enhancements/pull/1111'
        yield required_field(f"metadata.annotations[{_APPROVAL}]", why)
    yield from (required_field("spec.group") for _ in (0,) if not group)
    yield from _scope_errors(spec.get("scope"))
    yield from _version_errors(spec.get("versions"))
    named = ("plural", "singular", "kind", "listKind")
    yield from (required_field(f"spec.names.{key}") for key in named if not names.get(key))


def _scope_errors(scope: Any) -> Iterator[FieldError]:
    if not scope:
        yield required_field("spec.scope")
    elif scope not in ("Cluster", "Namespaced"):
        yield unsupported_field("spec.scope", scope, ("Cluster", "Namespaced"))


def _version_errors(given: list[Object] | None) -> Iterator[FieldError]:
    versions = given or []
    if sum(bool(version.get("storage")) for version in versions) != 1:
        shown = given and [version.get("name", "") for version in versions]
        yield invalid_field("spec.versions", shown, "must have exactly one version marked as storage version")
    if not versions:
        yield invalid_field("status.storedVersions", None, "must have at least one stored version")
    for number, version in enumerate(versions):
        schema, at = (version.get("schema") or {}).get("openAPIV3Schema"), f"spec.versions[{number}].schema"
        if schema is None:
            yield required_field(f"{at}.openAPIV3Schema")
        elif not schema.get("type"):
            # Versions whose schemas are all the same have it, for the server, in one place.
            place = "spec.validation" if len(versions) == 1 else at
            yield required_field(f"{place}.openAPIV3Schema.type", "must not be empty at the root")
