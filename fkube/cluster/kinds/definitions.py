"""Custom resource definitions: the kinds they add, what the server fills in. Pure."""

from __future__ import annotations

import json

from fkube.cluster.kinds import Kind, Kinds, key_prefix, recorded_facts, version_order
from fkube.merging.schemashape import list_in
from fkube.resource.info import Object, RESTMapping

CRDS = "apiextensions.k8s.io/customresourcedefinitions/"
"""The beginning of the keys of definitions."""

CLEANUP = "customresourcecleanup.apiextensions.k8s.io"
_VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"]
_WRITES = ("patch", "create", "update")
_SUBVERBS = ["get", "patch", "update"]


def defined_kinds(crd: Object) -> Kinds:
    """The kinds that a definition adds, one a served version; while it is deleted they take no writes."""
    spec, ending = crd["spec"], "deletionTimestamp" in crd["metadata"]
    verbs = [verb for verb in _VERBS if not (ending and verb in _WRITES)]
    return {
        (spec["group"], version["name"], spec["names"]["plural"]): _version_kind(spec, version, verbs)
        for version in spec.get("versions") or ()
        if version.get("served")
    }


def _version_kind(spec: Object, version: Object, verbs: list[str]) -> Kind:
    """The kind of one version of a definition; `verbs`: those that it takes."""
    names, namespaced = spec["names"], spec.get("scope") == "Namespaced"
    mapping = RESTMapping(spec["group"], version["name"], names["kind"], names["plural"], namespaced)
    schema = (version.get("schema") or {}).get("openAPIV3Schema") or {}
    entry = _discovery_entry(mapping, names, version, verbs)
    facts = {**_version_facts(version), "warnings": _deprecation_headers(spec, version)}
    return Kind(mapping, key_prefix(mapping), entry, schema, facts, custom=True)


def _deprecation_headers(spec: Object, version: Object) -> list[str]:
    """The warning header of a version, if that is deprecated.

    Follows `defaultDeprecationWarning` of apiextensions.
    """
    if not version.get("deprecated"):
        return []
    own = version_order(version["name"])
    served = [v["name"] for v in spec["versions"] if v.get("served") and not v.get("deprecated")]
    newer = sorted((name for name in served if version_order(name) < own), key=version_order)
    what = f"{spec['group']}/{{}} {spec['names']['kind']}".format
    use = f"; use {what(newer[0])}" if newer else ""
    warning = version.get("deprecationWarning") or f"{what(version['name'])} is deprecated{use}"
    return [f"299 - {json.dumps(warning)}"]


def _discovery_entry(mapping: RESTMapping, names: Object, version: Object, verbs: list[str]) -> Object:
    """The entry of aggregated discovery for one version of a definition."""
    response = {"group": mapping.group, "version": mapping.version, "kind": mapping.kind}
    kinds = {"status": response, "scale": {"group": "autoscaling", "version": "v1", "kind": "Scale"}}
    given = [name for name in kinds if name in (version.get("subresources") or {})]
    subresources = [{"subresource": n, "responseKind": kinds[n], "verbs": _SUBVERBS} for n in given]
    return {
        "resource": mapping.resource,
        "responseKind": response,
        "scope": "Namespaced" if mapping.namespaced else "Cluster",
        "singularResource": names.get("singular") or mapping.kind.lower(),
        "verbs": verbs,
        **{key: names[key] for key in ("shortNames", "categories") if names.get(key)},
        **({"subresources": subresources} if subresources else {}),
    }


def _version_facts(version: Object) -> Object:
    """The facts that are recorded of built-in kinds, for one version of a definition."""
    selectable = [field["jsonPath"].lstrip(".") for field in version.get("selectableFields") or ()]
    return {
        "name": "subdomain",
        "long": ("must be no more than 253 characters",),
        "generation": 1,
        "unconditional": False,
        "fields": ["metadata.name", "metadata.namespace", *selectable],
        "printed": version.get("additionalPrinterColumns") or (_age_column(),),
        "scale": (version.get("subresources") or {}).get("scale"),
    }


def _age_column() -> Object:
    """The column of ages for a version that declares no columns, described as recorded kinds describe it."""
    about = recorded_facts()["resources"]["rbac.authorization.k8s.io/v1/roles"]["columns"][1]["description"]
    return {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp", "description": about}


def prepare_definition(crd: Object, now: str) -> Object:
    """The definition with its defaults, and accepted; `now`: the time as a timestamp."""
    return _accept_definition(_default_definition(crd), now)


def _default_definition(crd: Object) -> Object:
    """Fill in the names and the conversion that a definition leaves out.

    Follows `SetDefaults_CustomResourceDefinitionSpec` of apiextensions.
    """
    given = crd.get("spec") or {}
    # False is written no more than nothing.
    spec = {key: value for key, value in given.items() if value or key != "preserveUnknownFields"}
    names = spec.get("names") or {}
    kind = names.get("kind") or ""
    defaults = {"singular": kind.lower(), "listKind": f"{kind}List" if kind else ""}
    filled = {**{key: value for key, value in defaults.items() if value and not names.get(key)}, **names}
    return {**crd, "spec": {"conversion": {"strategy": "None"}, **spec, "names": filled}}


def _accept_definition(crd: Object, now: str) -> Object:
    """The definition with the status that its controllers leave: names accepted, established."""
    spec, old = crd["spec"], crd.get("status") or {}
    conditions = old.get("conditions") or [_condition(now, *accepted) for accepted in _ACCEPTED]
    known = list_in(old, "storedVersions")
    stored = [version.get("name") for version in list_in(spec, "versions") if version.get("storage")][:1]
    kept = {"conditions": conditions, "storedVersions": [*dict.fromkeys((*known, *stored))]}
    return {**crd, "status": {**old, **kept, "acceptedNames": spec["names"]}}


_ACCEPTED = (
    ("NamesAccepted", "NoConflicts", "no conflicts found"),
    ("Established", "InitialNamesAccepted", "the initial names have been accepted"),
)


def mark_terminating(crd: Object, now: str) -> Object:
    """The definition with the condition that it is being deleted added."""
    status = crd.get("status") or {}
    conditions = [*(status.get("conditions") or ()), _condition(now, *_TERMINATING)]
    return {**crd, "status": {**status, "conditions": conditions}}


def _condition(now: str, type: str, reason: str, message: str) -> Object:
    """A condition that has been true since `now`."""
    return {"type": type, "status": "True", "lastTransitionTime": now, "reason": reason, "message": message}


_TERMINATING = (
    "Terminating",
    "InstanceDeletionPending",
    "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
)
