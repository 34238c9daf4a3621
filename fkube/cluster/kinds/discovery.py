"""Discovery documents, legacy and aggregated: the recorded ones, and what custom resources add. Pure.

Follows `aggregated.ResourceManager` and the `DiscoveryManager`s of apiserver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from returns.result import Failure, Result, Success
from toolz import groupby

from fkube.cluster.kinds import Kind, Kinds, builtin_groups, recorded, version_order
from fkube.cluster.statuses import HEADERS, failure_status, json_response, no_resource, page_not_found
from fkube.exchange.conversation import Request, Response
from fkube.resource.info import Object

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def discovery_document(served: Kinds, request: Request) -> Result[Response, Response]:
    """What `/api`, `/apis` and the paths of groups and versions answer. Errors: 404, 406."""
    root, *parts = request.path.strip("/").split("/")
    if not parts:
        return Success(_root_document(served, root, request.accept))
    if "as=APIGroupDiscoveryList" in request.accept and "," not in request.accept:
        media = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
        return Failure(
            failure_status(406, "NotAcceptable", f"only the following media types are accepted: {media}")
        )
    found = _list_groups(served, "api" if root == "api" else "apis")
    name, version = ("", parts[0]) if root == "api" else (parts[0], (parts[1:] or [""])[0])
    group = next((g for g in found if g["metadata"].get("name", "") == name), None)
    if group is None:
        return Failure(page_not_found())
    document = _resource_list(group, version) if version else _group_document(group)
    if document:
        return Success(json_response(200, document))
    return Failure(no_resource() if name in builtin_groups() else page_not_found())


def _root_document(served: Kinds, root: str, accept: str) -> Response:
    groups = _list_groups(served, root)
    if _wants_aggregated(accept):
        body = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}}
        headers = (("content-type", AGGREGATED), *HEADERS[1:], ("vary", "Accept"))
        return Response(200, {**body, "items": list(groups)}, headers)
    if root == "api":
        return json_response(
            200, {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
        )
    return json_response(
        200,
        {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group_versions(group) for group in groups]},
    )


def _wants_aggregated(accept: str) -> bool:
    wanted = {"g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"}
    return any(wanted <= {part.strip() for part in clause.split(";")} for clause in accept.split(","))


def _list_groups(served: Kinds, root: str) -> Sequence[Object]:
    """Groups in aggregated form: the recorded ones, then those of custom resources by name."""
    facts = recorded()
    if root == "api":
        core: Sequence[Object] = facts["core"]
        return core
    custom = groupby(lambda kind: kind.mapping.group, served.values())
    return [*facts["groups"], *(_custom_group(name, custom[name]) for name in sorted(custom))]


def _custom_group(name: str, kinds: Iterable[Kind]) -> Object:
    versions: Mapping[str, list[Kind]] = groupby(lambda kind: kind.mapping.version, kinds)
    ordered = sorted(versions, key=version_order)
    return {
        "metadata": {"name": name},
        "versions": [
            {
                "version": version,
                "resources": [k.entry for k in sorted(versions[version], key=lambda k: k.mapping.resource)],
                "freshness": "Current",
            }
            for version in ordered
        ],
    }


def _group_versions(group: Object) -> Object:
    name = group["metadata"].get("name", "")
    versions = [
        {"groupVersion": f"{name}/{v['version']}", "version": v["version"]} for v in group["versions"]
    ]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _group_document(group: Object) -> Object:
    return {"kind": "APIGroup", "apiVersion": "v1", **_group_versions(group)}


def _resource_list(group: Object, version: str) -> Object | None:
    name = group["metadata"].get("name", "")
    found = next((v for v in group["versions"] if v["version"] == version), None)
    if found is None:
        return None
    listed = [resource for entry in found["resources"] for resource in _legacy_entries(name, version, entry)]
    told = {"groupVersion": f"{name}/{version}" if name else version, "resources": listed}
    # The core group's list is older than its apiVersion.
    typed = {"kind": "APIResourceList", **({"apiVersion": "v1"} if name else {})}
    return {**typed, **told}


def _legacy_entries(group: str, version: str, entry: Object) -> Iterable[Object]:
    """A resource and its subresources as the entries of an `APIResourceList`."""
    optional = {key: entry[key] for key in ("shortNames", "categories") if key in entry}
    main = _entry_name(entry, entry["resource"], entry.get("singularResource", ""))
    yield {**main, "kind": entry["responseKind"]["kind"], "verbs": entry["verbs"], **optional}
    for sub in entry.get("subresources") or ():
        shown = sub["responseKind"]
        other = (shown.get("group") or group, shown.get("version") or version) != (group, version)
        about = {"group": shown["group"], "version": shown["version"]} if other else {}
        name = _entry_name(entry, f"{entry['resource']}/{sub['subresource']}", "")
        yield {**name, **about, "kind": shown["kind"], "verbs": sub["verbs"]}


def _entry_name(entry: Object, name: str, singular: str) -> Object:
    return {"name": name, "singularName": singular, "namespaced": entry["scope"] == "Namespaced"}
