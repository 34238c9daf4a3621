"""Tables: the columns of a kind, recorded or declared, and the cells of an object. Pure.

The cells of the kinds that users list most follow `pkg/printers/internalversion` of kubernetes; other kinds
show the names and ages of their objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial

from returns.result import Result

from fkube.cluster.kinds import Kind, recorded_facts
from fkube.cluster.reading import cells
from fkube.cluster.reading.cells import (
    Cell,
    count,
    equations,
    join_texts,
    pair,
    selector,
    value_at,
    values_at,
)
from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.syntax.durations import human_age
from fkube.syntax.jsonpath import Template, evaluate, parse, printed


def column_definitions(kind: Kind) -> Sequence[Object]:
    """The column definitions of a kind's table; custom kinds have the name before their own columns."""
    # Any recorded kind's first column describes the name as the server does.
    name = recorded_facts()["resources"]["/v1/configmaps"]["columns"][0]
    declared = [name, *map(_custom_column, kind.facts.get("printed", ()))]
    columns: Sequence[Object] = kind.facts.get("columns", declared)
    return columns


def _custom_column(declared: Object) -> Object:
    """The column definition for a printer column that a custom resource definition declares."""
    described = f"Custom resource definition column (in JSONPath format): {declared['jsonPath']}"
    defaults = {"name": "", "type": "", "format": "", "description": described, "priority": 0}
    return {key: declared.get(key) or default for key, default in defaults.items()}


def row_cells(kind: Kind, object: Object, now: datetime) -> list[object]:
    """The cells of an object's row, in the order of its kind's columns; `now` is for ages."""
    if kind.custom:
        declared = kind.facts.get("printed", ())
        # A bookmark has no name.
        name = object["metadata"].get("name", "")
        return [name, *(_custom_cell(column, object, now) for column in declared)]
    own = _PRINTERS.get(kind.prefix, {})
    names, metadata = (column["name"] for column in column_definitions(kind)), object["metadata"]
    return [own[name](object) if name in own else _common_cell(name, metadata, now) for name in names]


def _common_cell(name: str, metadata: Object, now: datetime) -> object:
    """A cell that does not depend on the kind: a name, a time or an age; `<none>` for any other column."""
    if name in ("Age", "Last Seen", "First Seen"):
        return human_age(metadata.get("creationTimestamp"), now)
    known = {"Name": metadata.get("name"), "Created At": metadata.get("creationTimestamp")}
    return known.get(name, cells.NONE)


def _custom_cell(declared: Object, object: Object, now: datetime) -> object:
    """A cell of a printer column that a definition declares; None where its path finds nothing.

    Follows `ConvertToTable` and `cellForJSONValue` of apiextensions.
    """
    template = _column_template(declared["jsonPath"])
    results = template.bind(partial(evaluate, data=object, allow_missing_keys=True)).value_or(())
    values = next(iter(results), ())
    if not values:
        return None
    if declared["type"] == "date":
        age = human_age(str(values[0]), now)
        return "<invalid>" if age == "<unknown>" else age
    return " ".join(map(printed, values)) if declared["type"] == "string" else values[0]


@lru_cache(1024)
def _column_template(path: str) -> Result[Template, UsageError]:
    """The template of a column's path, parsed once for all objects."""
    return parse(f"{{{path}}}")


def _containers(path: str) -> Mapping[str, Cell]:
    """The cells that show the names and images of the containers at a path."""
    return {"Containers": join_texts(path, "name"), "Images": join_texts(path, "image")}


_WORKLOAD: Mapping[str, Cell] = {
    **_containers("spec.template.spec.containers"),
    "Ready": pair("status.readyReplicas", "spec.replicas", (0, 1)),
    "Selector": selector("spec.selector"),
}
_REPLICAS: Mapping[str, Cell] = {
    **_WORKLOAD,
    "Desired": value_at("spec.replicas", 1),
    **values_at(0, Current="status.replicas", Ready="status.readyReplicas"),
}
_BINDING: Mapping[str, Cell] = {
    "Role": pair("roleRef.kind", "roleRef.name"),
    **{f"{kind}s": cells.subjects(kind) for kind in ("User", "Group", "ServiceAccount")},
}
_UNKNOWN = "<unknown>"
_VOLUME: Mapping[str, Cell] = {
    "StorageClass": value_at("spec.storageClassName", ""),
    "VolumeAttributesClass": value_at("spec.volumeAttributesClassName", "<unset>"),
    "VolumeMode": value_at("spec.volumeMode", "<unset>"),
    "Status": value_at("status.phase", ""),
}
_HOOKS: Mapping[str, Cell] = {"Webhooks": count("webhooks")}

_PRINTERS: Mapping[str, Mapping[str, Cell]] = {
    "/configmaps/": {"Data": count("data", "binaryData")},
    "/secrets/": {"Type": value_at("type", "Opaque"), "Data": count("data")},
    "/namespaces/": {"Status": value_at("status.phase", "")},
    "/pods/": {
        "Ready": cells.pod_ready,
        "Status": cells.pod_status,
        "Restarts": lambda _: "0",
        **values_at(cells.NONE, IP="status.podIP", Node="spec.nodeName"),
        "Nominated Node": value_at("status.nominatedNodeName"),
    },
    "/services/": {
        "Type": value_at("spec.type", "ClusterIP"),
        "Cluster-IP": value_at("spec.clusterIP"),
        "External-IP": value_at("spec.externalName"),
        "Port(s)": cells.service_ports,
        "Selector": equations("spec.selector"),
    },
    "/nodes/": {
        "Status": cells.node_status,
        "Roles": cells.node_roles,
        "Version": value_at("status.nodeInfo.kubeletVersion", ""),
        "OS-Image": value_at("status.nodeInfo.osImage", _UNKNOWN),
        "Kernel-Version": value_at("status.nodeInfo.kernelVersion", _UNKNOWN),
        "Container-Runtime": value_at("status.nodeInfo.containerRuntimeVersion", _UNKNOWN),
    },
    "/events/": {
        **values_at("", Type="type", Reason="reason", Message="message"),
        "Object": lambda one: pair("involvedObject.kind", "involvedObject.name", ("", ""))(one).lower(),
        "Count": value_at("count", 1),
    },
    "/replicationcontrollers/": {**_REPLICAS, "Selector": equations("spec.selector")},
    "/persistentvolumes/": {
        **_VOLUME,
        **values_at("", Capacity="spec.capacity.storage", Claim="spec.claimRef.name", Reason="status.reason"),
        "Access Modes": cells.access_modes,
        "Reclaim Policy": value_at("spec.persistentVolumeReclaimPolicy", ""),
    },
    "/podtemplates/": {
        **_containers("template.spec.containers"),
        "Pod Labels": equations("template.metadata.labels"),
    },
    "/persistentvolumeclaims/": {
        **_VOLUME,
        **values_at("", Volume="spec.volumeName", Capacity="status.capacity.storage"),
        "Access Modes": lambda _: "",
    },
    "apps/deployments/": {
        **_WORKLOAD,
        "Up-to-date": value_at("status.updatedReplicas", 0),
        "Available": value_at("status.availableReplicas", 0),
    },
    "apps/replicasets/": _REPLICAS,
    "apps/statefulsets/": _WORKLOAD,
    "apps/controllerrevisions/": {"Revision": value_at("revision", 0)},
    "apps/daemonsets/": {
        **_WORKLOAD,
        "Desired": value_at("status.desiredNumberScheduled", 0),
        "Current": value_at("status.currentNumberScheduled", 0),
        "Ready": value_at("status.numberReady", 0),
        "Up-to-date": value_at("status.updatedNumberScheduled", 0),
        "Available": value_at("status.numberAvailable", 0),
        "Node Selector": equations("spec.template.spec.nodeSelector"),
    },
    "batch/jobs/": {
        **_WORKLOAD,
        "Status": lambda _: "Running",
        "Completions": pair("status.succeeded", "spec.completions", (0, 1)),
        "Duration": lambda _: "",
    },
    "batch/cronjobs/": {
        **values_at(cells.NONE, Schedule="spec.schedule", Timezone="spec.timeZone"),
        "Suspend": lambda one: str(bool(value_at("spec.suspend", False)(one))),
        "Active": count("status.active"),
        **_containers("spec.jobTemplate.spec.template.spec.containers"),
    },
    "networking.k8s.io/ingresses/": {
        "Class": value_at("spec.ingressClassName"),
        "Hosts": lambda one: join_texts("spec.rules", "host")(one).replace(cells.NONE, "*"),
        "Address": lambda _: "",
        "Ports": cells.ingress_ports,
    },
    "networking.k8s.io/ingressclasses/": {"Controller": value_at("spec.controller")},
    "networking.k8s.io/networkpolicies/": {"Pod-Selector": selector("spec.podSelector")},
    "rbac.authorization.k8s.io/rolebindings/": _BINDING,
    "rbac.authorization.k8s.io/clusterrolebindings/": _BINDING,
    "autoscaling/horizontalpodautoscalers/": {
        "Reference": pair("spec.scaleTargetRef.kind", "spec.scaleTargetRef.name"),
        "Targets": lambda _: _UNKNOWN,
        "MinPods": lambda one: str(value_at("spec.minReplicas", "<unset>")(one)),
        **values_at(0, MaxPods="spec.maxReplicas", Replicas="status.currentReplicas"),
    },
    "policy/poddisruptionbudgets/": {
        "Min Available": lambda one: str(value_at("spec.minAvailable", "N/A")(one)),
        "Max Unavailable": lambda one: str(value_at("spec.maxUnavailable", "N/A")(one)),
        "Allowed Disruptions": value_at("status.disruptionsAllowed", 0),
    },
    "storage.k8s.io/storageclasses/": {
        "Provisioner": value_at("provisioner"),
        "ReclaimPolicy": value_at("reclaimPolicy", "Delete"),
        "VolumeBindingMode": value_at("volumeBindingMode", "Immediate"),
        "AllowVolumeExpansion": value_at("allowVolumeExpansion", False),
    },
    "scheduling.k8s.io/priorityclasses/": {
        "Value": value_at("value", 0),
        "Global-Default": value_at("globalDefault", False),
        "PreemptionPolicy": value_at("preemptionPolicy", "PreemptLowerPriority"),
    },
    "coordination.k8s.io/leases/": {"Holder": value_at("spec.holderIdentity", "")},
    "discovery.k8s.io/endpointslices/": {
        "AddressType": value_at("addressType", ""),
        "Ports": join_texts("ports", "port", none="<unset>"),
        "Endpoints": lambda _: "<unset>",
    },
    "admissionregistration.k8s.io/validatingwebhookconfigurations/": _HOOKS,
    "admissionregistration.k8s.io/mutatingwebhookconfigurations/": _HOOKS,
    "apiextensions.k8s.io/customresourcedefinitions/": {
        **values_at("", Scope="spec.scope", Group="spec.group", Kind="spec.names.kind"),
        "Versions": cells.served_versions,
        "ShortNames": join_texts("spec.names.shortNames"),
        "Established": lambda one: bool(value_at("status.conditions", ())(one)),
    },
}
"""The cells of built-in kinds, by the prefix of their keys and by column; other columns have common cells."""
