"""The cells of tables: functions from an object to one of them, and those that make such functions. Pure.

Follows `pkg/printers/internalversion` of kubernetes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from toolz import get_in

from fkube.resource.info import Object

Cell: TypeAlias = Callable[[Object], Any]
"""A function from an object to a cell of its row."""

NONE = "<none>"


def value_at(path: str, default: Any = NONE) -> Cell:
    """A cell that shows the value at a path with dots, or a default where it is missing or empty text.

    >>> value_at("spec.a")({"spec": {"a": 1}}), value_at("spec.b")({})
    (1, '<none>')
    """
    keys = path.split(".")

    def cell(one: Object) -> Any:
        found = get_in(keys, one)
        return default if found is None or found == "" else found

    return cell


def values_at(default: Any, **paths: str) -> Mapping[str, Cell]:
    """Cells by column that show the values at the paths (`column=path`), or the same default."""
    return {column: value_at(path, default) for column, path in paths.items()}


def count(*paths: str) -> Cell:
    """A cell that counts the entries of the lists and maps at the paths."""
    cells = [value_at(path, ()) for path in paths]
    return lambda one: sum(len(cell(one)) for cell in cells)


def join_texts(path: str, key: str = "", by: str = ",", none: str = NONE) -> Cell:
    """A cell that joins the items of a list, or of each item the value under a key."""
    items = value_at(path, ())
    return lambda one: by.join(str(i.get(key, "")) if key else str(i) for i in items(one)) or none


def pair(first: str, second: str, defaults: tuple[object, object] = (NONE, NONE)) -> Cell:
    """A cell that shows the values at two paths with a slash between: `Deployment/web`, `1/2`."""
    cells = value_at(first, defaults[0]), value_at(second, defaults[1])
    return lambda one: "/".join(str(cell(one)) for cell in cells)


def equations(path: str) -> Cell:
    """A cell that shows a map as sorted `key=value` texts."""
    return lambda one: ",".join(f"{k}={v}" for k, v in sorted(value_at(path, {})(one).items())) or NONE


def selector(path: str) -> Cell:
    """A cell that shows a label selector as kubectl prints one."""
    return lambda one: _selector_text(value_at(path, {})(one))


def _selector_text(given: Object) -> str:
    """A label selector as kubectl prints it: `app=web,tier in (a,b)`."""
    terms = [f"{key}={value}" for key, value in sorted((given.get("matchLabels") or {}).items())]
    for term in given.get("matchExpressions") or ():
        values = ",".join(sorted(term.get("values") or ()))
        terms.append(_OPERATORS.get(term.get("operator"), "{}").format(term.get("key"), values))
    return ",".join(terms) or NONE


_OPERATORS = {"In": "{} in ({})", "NotIn": "{} notin ({})", "Exists": "{}", "DoesNotExist": "!{}"}


def service_ports(one: Object) -> str:
    """The ports of a Service: `80/TCP,443:30443/TCP`."""
    return ",".join(map(_port_text, value_at("spec.ports", ())(one))) or NONE


def _port_text(port: Object) -> str:
    """One port of a Service: `443:30443/TCP`."""
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node}/{port.get('protocol') or 'TCP'}"


def pod_status(one: Object) -> str:
    """The phase of a Pod, or why it is in it, or that it is being deleted."""
    if "deletionTimestamp" in one["metadata"]:
        return "Terminating"
    containers = value_at("status.containerStatuses", ())(one)
    reasons = [get_in(["state", name, "reason"], c) for c in containers for name in ("waiting", "terminated")]
    reason = next(filter(None, reasons), None)
    return str(reason or value_at("status.reason", None)(one) or value_at("status.phase", "Pending")(one))


def pod_ready(one: Object) -> str:
    """How many of a Pod's containers are ready: `1/2`."""
    ready = sum(bool(status.get("ready")) for status in value_at("status.containerStatuses", ())(one))
    return f"{ready}/{len(value_at('spec.containers', ())(one))}"


def node_status(one: Object) -> str:
    """Whether a Node is ready, and that it takes no pods: `Ready,SchedulingDisabled`."""
    ready = [c.get("status") for c in value_at("status.conditions", ())(one) if c.get("type") == "Ready"]
    status = ("Ready" if ready[0] == "True" else "NotReady") if ready else "Unknown"
    return f"{status},SchedulingDisabled" if value_at("spec.unschedulable", False)(one) else status


def node_roles(one: Object) -> str:
    """The roles that a Node's labels give it, sorted."""
    labels = value_at("metadata.labels", {})(one)
    return ",".join(sorted(key.removeprefix(_ROLE) for key in labels if key.startswith(_ROLE))) or NONE


_ROLE = "node-role.kubernetes.io/"


def subjects(kind: str) -> Cell:
    """A cell that shows the subjects of one kind in a role binding."""
    name = "{namespace}/{name}" if kind == "ServiceAccount" else "{name}"
    return lambda one: ", ".join(
        name.format_map({"namespace": "", "name": "", **subject})
        for subject in value_at("subjects", ())(one)
        if subject.get("kind") == kind
    )


def ingress_ports(one: Object) -> str:
    """The ports of an Ingress: 443 only where it has TLS."""
    return "80, 443" if value_at("spec.tls", ())(one) else "80"


def served_versions(one: Object) -> str:
    """The served versions of a custom resource definition: `v1(storage),v1beta1`."""
    served = [version for version in value_at("spec.versions", ())(one) if version.get("served")]
    return ",".join(f"{v.get('name', '')}{'(storage)' if v.get('storage') else ''}" for v in served)


def access_modes(one: Object) -> str:
    """The access modes of a volume in their short forms: `RWO,ROX`."""
    return ",".join(_MODES.get(mode, mode) for mode in value_at("spec.accessModes", ())(one) if mode)


_MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
