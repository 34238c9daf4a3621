"""Discovery documents, legacy and aggregated: the recorded ones, and what custom resources add. Pure.

Follows `aggregated.ResourceManager` and the `DiscoveryManager`s of apiserver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from returns.result import Failure, Result, Success
from toolz import groupby

from fkube.cluster.kinds import Kind, Kinds, builtin_groups, recorded_facts, version_order
from fkube.cluster.statuses import HEADERS, failure_status, json_response, no_resource, page_not_found
from fkube.exchange.conversation import Request, Response
from fkube.resource.info import Object

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_AGGREGATED_PARTS = {"g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"}


def discovery_document(served: Kinds, request: Request) -> Result[Response, Response]:
    """The document at `/api`, `/apis`, or the path of a group or version. Errors: 404, 406."""
    root, *parts = request.path.strip("/").split("/")
    if not parts:
        return Success(_root_document(served, root, request.accept))
    if "as=APIGroupDiscoveryList" in request.accept and "," not in request.accept:
        media = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
        message = f"only the following media types are accepted: {media}"
        return Failure(failure_status(406, "NotAcceptable", message))
    name, version, *_ = ["", *parts, ""] if root == "api" else [*parts, ""]
    group = next((g for g in _list_groups(served, root) if _group_name(g) == name), None)
    if group is None:
        return Failure(page_not_found())
    head = {"kind": "APIGroup", "apiVersion": "v1"}
    document = _resource_list(group, version) if version else {**head, **_group_versions(group)}
    if document:
        return Success(json_response(200, document))
    return Failure(no_resource() if name in builtin_groups() else page_not_found())


def _root_document(served: Kinds, root: str, accept: str) -> Response:
    """The document at `/api` or `/apis` (`root`): aggregated if the Accept header asks so, else legacy."""
    groups = _list_groups(served, root)
    if any({part.strip() for part in c.split(";")} >= _AGGREGATED_PARTS for c in accept.split(",")):
        body = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}}
        headers = (("content-type", AGGREGATED), *HEADERS[1:], ("vary", "Accept"))
        return Response(200, {**body, "items": list(groups)}, headers)
    if root == "api":
        versions = {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        return json_response(200, versions)
    listed = list(map(_group_versions, groups))
    return json_response(200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed})


def _group_name(group: Object) -> str:
    """The name of a group in aggregated form, empty for the core group."""
    return str(group["metadata"].get("name", ""))


def _list_groups(served: Kinds, root: str) -> Sequence[Object]:
    """The groups in aggregated form: the core group for `api`, else the recorded ones and then the custom."""
    if root == "api":
        core: Sequence[Object] = recorded_facts()["core"]
        return core
    custom = groupby(lambda kind: kind.mapping.group, served.values())
    return [*recorded_facts()["groups"], *(_custom_group(name, custom[name]) for name in sorted(custom))]


def _custom_group(name: str, kinds: Iterable[Kind]) -> Object:
    """A group of custom resources in aggregated form, its versions by priority."""
    by_name = sorted(kinds, key=lambda kind: kind.mapping.resource)
    versions: Mapping[str, list[Kind]] = groupby(lambda kind: kind.mapping.version, by_name)
    listed = [
        {"version": version, "resources": [kind.entry for kind in versions[version]], "freshness": "Current"}
        for version in sorted(versions, key=version_order)
    ]
    return {"metadata": {"name": name}, "versions": listed}


def _group_versions(group: Object) -> Object:
    """A group as a legacy document lists it: its versions, the preferred one first."""
    name, versions = _group_name(group), [entry["version"] for entry in group["versions"]]
    listed = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def _resource_list(group: Object, version: str) -> Object | None:
    """The `APIResourceList` of a version, None where the group does not have it."""
    name = _group_name(group)
    entries = next((v["resources"] for v in group["versions"] if v["version"] == version), None)
    if entries is None:
        return None
    # The core group's list is older than its apiVersion.
    head = {"kind": "APIResourceList", **({"apiVersion": "v1"} if name else {})}
    resources = [resource for entry in entries for resource in _legacy_entries(name, version, entry)]
    return {**head, "groupVersion": f"{name}/{version}" if name else version, "resources": resources}


def _legacy_entries(group: str, version: str, entry: Object) -> Iterable[Object]:
    """A resource and its subresources as the entries of an `APIResourceList`."""
    optional = {key: entry[key] for key in ("shortNames", "categories") if key in entry}
    scope = {"namespaced": entry["scope"] == "Namespaced"}
    main = {"name": entry["resource"], "singularName": entry.get("singularResource", ""), **scope}
    yield {**main, "kind": entry["responseKind"]["kind"], "verbs": entry["verbs"], **optional}
    for sub in entry.get("subresources") or ():
        response = sub["responseKind"]
        other = (response.get("group") or group, response.get("version") or version) != (group, version)
        about = {"group": response["group"], "version": response["version"]} if other else {}
        names = {"name": f"{entry['resource']}/{sub['subresource']}", "singularName": "", **scope}
        yield {**names, **about, "kind": response["kind"], "verbs": sub["verbs"]}
