"""The objects of schedules: as manifests, as they are put there before, as the server has them."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from tests.faults.schedules import GROUPS, Item
from tests.faults.upstream import Upstream


def manifest(n: int, item: Item, value: str = "v") -> dict[str, Any]:
    """The object of an item, whose label says which one it is."""
    label = f"o{n}"
    metadata = {"name": label} if item.named else {"generateName": f"{label}-"}
    base = {
        "apiVersion": GROUPS[item.kind],
        "kind": item.kind,
        "metadata": {**metadata, "labels": {"n": label}},
    }
    match item.kind:
        case "Deployment":
            pod = {
                "metadata": {"labels": {"n": label}},
                "spec": {"containers": [{"name": "c", "image": value}]},
            }
            return {**base, "spec": {"selector": {"matchLabels": {"n": label}}, "template": pod}}
        case "Secret":
            return {**base, "stringData": {"k": value}}
    return {**base, "data": {"k": value}}


def holds(n: int, item: Item, live: Mapping[str, Any]) -> bool:
    """Whether a live object says what the manifest says."""
    match item.kind:
        case "Deployment":
            value = live["spec"]["template"]["spec"]["containers"][0]["image"]
        case _:
            value = (live.get("data") or {}).get("k")
    wanted = "dg==" if item.kind == "Secret" else "v"
    return bool(value == wanted and (live["metadata"].get("labels") or {}).get("n") == f"o{n}")


def collection(kind: str, namespace: str) -> str:
    root = "/api/v1" if GROUPS[kind] == "v1" else f"/apis/{GROUPS[kind]}"
    return f"{root}/namespaces/{namespace}/{kind.lower()}s"


def put_there(upstream: Upstream, namespace: str, n: int, item: Item) -> None:
    """Put on the server what was there before."""
    if item.before == "none":
        return
    new = manifest(n, item, "older" if item.before in ("other", "applied") else "v")
    metadata, manager = new["metadata"], "before"
    if item.before == "applied":
        last = json.dumps(copy.deepcopy(new))
        metadata["annotations"] = {"kubectl.kubernetes.io/last-applied-configuration": last}
        manager = "kubectl-client-side-apply"
    if item.before == "going":
        metadata["finalizers"] = ["example.com/kept"]
    place = collection(item.kind, namespace)
    made = post(upstream, f"{place}?fieldManager={manager}", new)
    assert made == 201, made
    if item.before == "going":
        upstream.send("DELETE", f"{place}/o{n}")


def post(upstream: Upstream, place: str, body: Mapping[str, Any]) -> int:
    return upstream.send(
        "POST", place, json.dumps(body).encode(), {"Content-Type": "application/json"}
    ).status


def read_all(upstream: Upstream, namespace: str) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """The objects of a namespace by their labels."""
    found: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for kind in GROUPS:
        for one in json.loads(upstream.send("GET", collection(kind, namespace)).body)["items"]:
            label = (one["metadata"].get("labels") or {}).get("n", "")
            found[label] = (*found.get(label, ()), {**one, "kind": kind})
    return found
