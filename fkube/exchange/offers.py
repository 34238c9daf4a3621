"""The documents in which a server says what it offers: their places, their kinds and their shapes. Pure."""

from __future__ import annotations

from typing import Any

from fkube.resource.patterns import compile_later
from fkube.syntax.misfits import Shape, find_misfit

OPENAPI = "/openapi/v3"
"""Where the schemas of every group are."""


def _texts(*names: str) -> dict[str, Shape]:
    """The shape of fields that hold text."""
    return dict.fromkeys(names, str)


_KIND = _texts("group", "version", "kind")
_NAMES = {"verbs": [str], "shortNames": [str], "categories": [str]}
_AGGREGATED = {
    **_texts("resource", "scope", "singularResource"),
    **_NAMES,
    "responseKind": _KIND,
    "subresources": [{"subresource": str, "responseKind": _KIND, "verbs": [str], "!": ["subresource"]}],
    "!": ["resource"],
}
_VERSION = {**_texts("version", "freshness"), "resources": [_AGGREGATED], "!": ["version"]}
_GROUP_VERSION = {**_texts("groupVersion", "version"), "!": ["groupVersion"]}
GROUPS: Shape = {
    "kind": str,
    "items": [{"metadata": {"name": str}, "versions": [_VERSION], "!": ["metadata"]}],
    "groups": [
        {"name": str, "versions": [_GROUP_VERSION], "preferredVersion": _GROUP_VERSION, "!": ["name"]}
    ],
    "versions": [str],
}
"""The shape of the documents at `/api` and `/apis`, aggregated or not."""
RESOURCES: Shape = {
    "kind": str,
    "groupVersion": str,
    "resources": [
        {**_texts("name", "singularName"), **_KIND, **_NAMES, "namespaced": bool, "!": ["name", "kind"]},
    ],
    "!": ["groupVersion"],
}
"""The shape of an `APIResourceList`."""
DEFINITION: Shape = {
    **_texts("group", "scope"),
    "names": {**_texts("kind", "plural", "singular"), "shortNames": [str], "categories": [str]},
    "versions": [{"name": str, "!": ["name"]}],
}
"""The shape of the `spec` of a CustomResourceDefinition, as far as names are looked up by it."""

ROOTS = compile_later(r"/apis?")
GROUP_VERSIONS = compile_later(r"/api/[^/]+|/apis/[^/]+/[^/]+")
"""The paths of these documents."""
_AGGREGATE = "APIGroupDiscoveryList"
_KINDS = {"/api": ("APIVersions", _AGGREGATE), "/apis": ("APIGroupList", _AGGREGATE)}
_LIST = ("APIResourceList",)
"""The kinds that they have, by path."""


def find_other_offer(path: str, body: Any) -> str | None:
    """Find the field by which a document is another one than that of discovery at a path; None if it is it.

    >>> find_other_offer("/apis", {"kind": "APIVersions"}), find_other_offer("/version", {})
    ('kind', None)
    """
    if not (ROOTS.fullmatch(path) or GROUP_VERSIONS.fullmatch(path)) or not isinstance(body, dict):
        return None
    if body.get("kind") not in _KINDS.get(path, _LIST):
        return "kind"
    named = body.get("groupVersion")
    return None if path in _KINDS or path in (f"/api/{named}", f"/apis/{named}") else "groupVersion"


def keep_offers(path: str, body: Any) -> Any:
    """What a document of discovery says of what a server offers: the fields that discovery reads.

    None where the path has no such document, or the body is none.

    >>> keep_offers("/api", {"kind": "APIVersions", "versions": ["v1"], "data": {"k": "secret"}})
    {'kind': 'APIVersions', 'versions': ['v1']}
    """
    shapes = ((ROOTS, GROUPS), (GROUP_VERSIONS, RESOURCES))
    shape = next((shape for where, shape in shapes if where.fullmatch(path)), None)
    if shape is None or find_misfit(body, shape) is not None or find_other_offer(path, body) is not None:
        return None
    return _keep_shape(body, shape)


def _keep_shape(value: Any, shape: Shape) -> Any:
    """A value of a shape without the fields that the shape does not name."""
    if isinstance(shape, dict) and isinstance(value, dict):
        return {key: _keep_shape(found, shape[key]) for key, found in value.items() if key in shape}
    if isinstance(shape, list) and isinstance(value, list):
        return [_keep_shape(item, shape[0]) for item in value]
    return value
