"""Every object that is left on a server, by the namespace that made it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tests.conformance.compare import normalised
from tests.conformance.server import Server

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
GIVEN_OUT = {"clusterIP", "clusterIPs", "nodePort", "batch.kubernetes.io/controller-uid", "controller-uid"}
MADE = ("events", "ipaddresses")
"""What the server makes of its own accord, for what others make."""

PROVIDED = ("/kube-root-ca.crt", "/default")
"""What controllers put into every namespace, whenever they get to it."""

MARK = re.compile(r"([kf]\d{3,4})-[a-z0-9-]+")
Objects = Mapping[str, Mapping[str, Any]]


def left(server: Server) -> Mapping[str, Objects]:
    """For each namespace of a scenario: its objects and the cluster-scoped ones that bear its name."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, obj in everything(server):
        metadata = obj["metadata"]
        owner = MARK.search(metadata.get("namespace") or metadata["name"])
        if owner and not key.endswith(PROVIDED):
            found[owner[1]][key] = obj
    return found


def comparable(objects: Objects, namespace: str) -> Objects:
    """Objects without what two runs do not share: names that the server made, addresses that it gave out."""
    named = {normalised(key, namespace): normalised(obj, namespace) for key, obj in objects.items()}
    return {_anonymous(key): _stripped(obj) for key, obj in named.items()}


def everything(server: Server) -> Iterator[tuple[str, Any]]:
    """Each object of each listable resource by kind, namespace and name."""
    for kind, path in _listable(server):
        listed = server.get(path)
        assert "items" in listed, f"{path}: {listed.get('message')}"
        for obj in listed["items"]:
            yield f"{kind} {obj['metadata'].get('namespace', '')}/{obj['metadata']['name']}", obj


def _listable(server: Server) -> Iterator[tuple[str, str]]:
    """Each listable resource in the preferred version of its group: kind and path."""
    for root in ("/api", "/apis"):
        for group in server.send("GET", root, Accept=AGGREGATED).json()["items"]:
            place = f"{root}/{group['metadata'].get('name', '')}/{group['versions'][0]['version']}".replace(
                "//", "/"
            )
            for resource in group["versions"][0].get("resources") or ():
                if "list" in resource["verbs"] and resource["resource"] not in MADE:
                    yield resource["responseKind"]["kind"], f"{place}/{resource['resource']}"


def _anonymous(text: str) -> str:
    return re.sub(r"made-by-server-[a-z0-9]{5}", "made-by-server-xxxxx", text)


def _stripped(obj: Any) -> Any:
    if isinstance(obj, Mapping):
        return {key: _stripped(value) for key, value in obj.items() if key not in GIVEN_OUT}
    if isinstance(obj, list):
        return [_stripped(each) for each in obj]
    return _anonymous(obj) if isinstance(obj, str) else obj
