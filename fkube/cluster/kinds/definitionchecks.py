"""What a server refuses in definitions, and what it warns of. Pure.

Follows `ValidateCustomResourceDefinition` and `ValidateCustomResourceDefinitionUpdate` of
apiextensions-apiserver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from returns.result import safe

from fkube.cluster.kinds.schemachecks import inner_schemas
from fkube.cluster.kinds.structure import LISTS
from fkube.cluster.kinds.versionchecks import find_schema, label_problem, version_errors
from fkube.cluster.statuses import (
    FieldError,
    forbidden_field,
    invalid_field,
    required_field,
    unsupported_field,
)
from fkube.merging.schemashape import list_in, map_in
from fkube.resource.info import Object
from fkube.resource.names import quote_text, subdomain_problems

_Errors = Iterator[FieldError]
_APPROVAL = "api-approved.kubernetes.io"


def definition_errors(crd: Object, old: Object | None = None) -> _Errors:
    """Yield what is wrong with a definition, new or in place of an old one."""
    spec, name = crd.get("spec") or {}, crd["metadata"].get("name", "")
    names, group = spec.get("names") or {}, spec.get("group") or ""
    if old is None and name != f"{names.get('plural', '')}.{group}":
        yield invalid_field("metadata.name", name, 'must be spec.names.plural+"."+spec.group')
    yield from _spec_errors(spec)
    yield from _stored_errors(spec, list_in(crd.get("status") or {}, "storedVersions"))
    yield from _approval_errors(group, map_in(crd["metadata"], "annotations"), old)
    yield from _immutable_errors(spec, old["spec"]) if old is not None else ()


def _spec_errors(spec: Object) -> _Errors:
    """Yield what is wrong with what a definition defines."""
    yield from _group_errors(spec.get("group") or "")
    yield from _choice_errors("spec.scope", spec.get("scope"), ("Cluster", "Namespaced"))
    yield from version_errors(list_in(spec, "versions"))
    yield from _name_errors(map_in(spec, "names"))
    yield from _conversion_errors(map_in(spec, "conversion"))
    if spec.get("preserveUnknownFields"):
        yield invalid_field("spec.preserveUnknownFields", True, _NOT_PRESERVED)


_NOT_PRESERVED = (
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
)


def definition_warnings(crd: Object) -> tuple[str, ...]:
    """What the server warns of in the schemas of a definition, each once.

    Follows `WarningsOnCreate` of apiextensions-apiserver.
    """
    versions = list_in(crd.get("spec") or {}, "versions")
    schemas = [inner for version in versions for inner in inner_schemas(find_schema(version) or {})]
    formats = [f"unrecognized format {quote_text(one['format'])}" for one in schemas if _is_odd_format(one)]
    sets = [one for one in schemas if one.get(LISTS) == "set"]
    types = sorted({str(map_in(one, "items").get("type")) for one in sets} & {"array", "object"})
    vague = "is not supported by server-side apply or CEL validation rules"
    return (*dict.fromkeys(formats), *(f'{LISTS}: set for items of type "{type}" {vague}' for type in types))


def _is_odd_format(schema: Object) -> bool:
    """Whether a schema has a format that the server does not know for its type."""
    type, format = schema.get("type") or "string", schema.get("format") or ""
    known = _FORMATS.get(type, ())
    return bool(format) and (format.replace("-", "") if type == "string" else format) not in known


_FORMATS: Mapping[str, Sequence[str]] = {
    "string": (
        *("bsonobjectid", "uri", "email", "hostname", "ipv4", "ipv6", "cidr", "mac", "creditcard", "ssn"),
        *("uuid", "uuid3", "uuid4", "uuid5", "isbn", "isbn10", "isbn13", "hexcolor", "rgbcolor", "byte"),
        *("password", "date", "duration", "datetime", "k8sshortname", "k8slongname"),
    ),
    "integer": ("int32", "int64"),
    "number": ("float", "double"),
}


def _group_errors(group: str) -> _Errors:
    """Yield what is wrong with the group of a definition."""
    if not group:
        yield required_field("spec.group")
    elif problems := subdomain_problems(group):
        yield invalid_field("spec.group", group, ",".join(problems))
    elif "." not in group:
        yield invalid_field("spec.group", group, "should be a domain with at least one dot")


def _choice_errors(path: str, value: str | None, choices: Sequence[str]) -> _Errors:
    """Yield that a value is missing, or none of those that it can be."""
    if not value:
        yield required_field(path)
    elif value not in choices:
        yield unsupported_field(path, value, choices)


def _stored_errors(spec: Object, stored: Sequence[str]) -> _Errors:
    """Yield what is wrong with the versions in which objects are kept.

    `stored`: these versions. Follows `ValidateCustomResourceDefinitionStoredVersions`.
    """
    path, versions = "status.storedVersions", list_in(spec, "versions")
    if not stored:
        yield invalid_field(path, None, "must have at least one stored version")
        return
    for version in versions:
        if version.get("storage") and version.get("name") not in stored:
            yield invalid_field(path, [*stored], f"must have the storage version {version.get('name')}")
    names = {version.get("name") for version in versions}
    for number, name in enumerate(stored):
        if name not in names:
            yield invalid_field(f"{path}[{number}]", name, _NOT_MIGRATED.format(name))


_NOT_MIGRATED = (
    "missing from spec.versions; {0} was previously a storage version, and must remain in spec.versions until"
    " a storage migration ensures no data remains persisted in {0} and removes {0} from status.storedVersions"
)


def _name_errors(names: Object) -> _Errors:
    """Yield what is wrong with the names of a kind. Follows `ValidateCustomResourceDefinitionNames`."""
    for key in ("plural", "singular", "kind", "listKind"):
        name, place, mixed = names.get(key) or "", f"spec.names.{key}", key in ("kind", "listKind")
        problem = label_problem(name.lower() if mixed else name)
        if not name:
            yield required_field(place)
        elif problem:
            yield invalid_field(place, name, f"{_MIXED if mixed else ''}{problem}")
    if names.get("kind") and names.get("kind") == names.get("listKind"):
        yield invalid_field("spec.names.listKind", names["listKind"], "kind and listKind may not be the same")
    for key in ("shortNames", "categories"):
        for number, name in enumerate(list_in(names, key)):
            if problem := label_problem(name):
                yield invalid_field(f"spec.names.{key}[{number}]", name, problem)


_MIXED = "may have mixed case, but should otherwise match: "


def _conversion_errors(conversion: Object) -> _Errors:
    """Yield what is wrong with how versions are converted. Follows `validateCustomResourceConversion`."""
    strategy, webhook, path = conversion.get("strategy"), map_in(conversion, "webhook"), "spec.conversion"
    config, reviews = webhook.get("clientConfig"), list_in(webhook, "conversionReviewVersions")
    yield from _choice_errors(f"{path}.strategy", strategy, ("None", "Webhook"))
    if strategy == "Webhook":
        given = sum(map_in(webhook, "clientConfig").get(key) is not None for key in ("url", "service"))
        if config is None:
            yield required_field(f"{path}.webhookClientConfig", "required when strategy is set to Webhook")
        elif given != 1:
            yield required_field(f"{path}.webhookClientConfig", "exactly one of url or service is required")
        yield from _review_errors(reviews, f"{path}.conversionReviewVersions")
        return
    for key, value in (("webhookClientConfig", config), ("conversionReviewVersions", reviews or None)):
        if value is not None:
            yield forbidden_field(f"{path}.{key}", "should not be set when strategy is not set to Webhook")


def _review_errors(versions: Sequence[str], path: str) -> _Errors:
    """Yield what is wrong with the versions in which a webhook is asked."""
    if not versions:
        yield required_field(path)
        return
    for number, version in enumerate(versions):
        problem = "duplicate version" if version in versions[:number] else label_problem(version)
        if problem:
            yield invalid_field(f"{path}[{number}]", version, problem)
    if not {*versions} & {"v1", "v1beta1"}:
        yield invalid_field(path, [*versions], "must include at least one of v1, v1beta1")


def _approval_errors(group: str, annotations: Object, old: Object | None) -> _Errors:
    """Yield that a group of Kubernetes' own lacks the approval. Follows `validateAPIApproval`."""
    approval, place = annotations.get(_APPROVAL) or "", f"metadata.annotations[{_APPROVAL}]"
    fine = approval.startswith("unapproved") or _is_url(approval)
    before = old and map_in(old, "metadata", "annotations").get(_APPROVAL)
    if not f".{group}".endswith((".k8s.io", ".kubernetes.io")) or fine or (old and before == approval):
        return
    what, see = f'protected groups must have approval annotation "{_APPROVAL}"', f"see {_ABOUT_APPROVAL}"
    if not approval:
        yield required_field(place, f"{what}, {see}")
    else:
        why = f'{what} with either a URL or a reason starting with "unapproved", {see}'
        yield invalid_field(place, approval, why)


def _is_url(text: str) -> bool:
    """Whether a text is a URL with a host. Follows `GetAPIApprovalState`."""
    read = safe((ValueError,))(urlsplit)(text)
    return read.map(lambda url: bool(url.scheme and url.netloc)).value_or(False)


_ABOUT_APPROVAL = "https://github.com/kubernetes/enhancements/pull/1111"


def _immutable_errors(spec: Object, old: Object) -> _Errors:
    """Yield which fields of a definition that is there are changed, though they stay as they are."""
    for path in (("scope",), ("names", "kind"), ("group",), ("names", "plural")):
        was, new = (map_in(one, *path[:-1]).get(path[-1]) for one in (old, spec))
        if was != new:
            yield invalid_field(f"spec.{'.'.join(path)}", new, "field is immutable")
