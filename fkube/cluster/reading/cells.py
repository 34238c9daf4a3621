"""Small functions from an object to a cell of its table, in the API server's words. Pure.

Follows `pkg/printers/internalversion` of kubernetes and `duration.HumanDuration` of apimachinery.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from toolz import get_in

from fkube.resource.info import Object

Cell: TypeAlias = Callable[[Object], Any]

NONE = "<none>"
_MINUTE, _HOUR, _DAY, _YEAR = 60, 3600, 86400, 365 * 86400


def human_duration(seconds: int) -> str:
    """A length of time in at most two units.

    >>> human_duration(90), human_duration(3600 * 4), human_duration(86400 * 3 + 7200)
    ('90s', '4h', '3d2h')
    """
    if seconds < 0:
        return "0s" if seconds >= -1 else "<invalid>"
    for limit, unit, finer in _STEPS:
        if seconds < limit:
            whole, rest = divmod(seconds, _UNITS[unit])
            part = rest // _UNITS[finer] if finer else 0
            return f"{whole}{unit}" + (f"{part}{finer}" if part else "")
    return f"{seconds // _YEAR}y"


_UNITS = {"s": 1, "m": _MINUTE, "h": _HOUR, "d": _DAY, "y": _YEAR}
_STEPS = (
    (2 * _MINUTE, "s", ""),
    (10 * _MINUTE, "m", "s"),
    (3 * _HOUR, "m", ""),
    (8 * _HOUR, "h", "m"),
    (2 * _DAY, "h", ""),
    (8 * _DAY, "d", "h"),
    (2 * _YEAR, "d", ""),
    (8 * _YEAR, "y", "d"),
)


def age(text: str | None, now: datetime) -> str:
    """How long ago a timestamp was."""
    return human_duration(int((now - datetime.fromisoformat(text)).total_seconds())) if text else "<unknown>"


def at(path: str, default: Any = NONE) -> Cell:
    """What is at a path with dots; the default where nothing is, or only an empty value.

    >>> at("spec.a")({"spec": {"a": 1}}), at("spec.b")({})
    (1, '<none>')
    """
    keys = path.split(".")

    def cell(one: Object) -> Any:
        found = get_in(keys, one)
        return default if found is None or found == "" else found

    return cell


def count(*paths: str) -> Cell:
    """How many entries there are at the paths, together."""
    cells = [at(path, ()) for path in paths]
    return lambda one: sum(len(cell(one)) for cell in cells)


def join_texts(path: str, key: str = "", by: str = ",", none: str = NONE) -> Cell:
    """The texts of a list, or those under a key of its items."""
    items = at(path, ())
    return lambda one: by.join(str(i.get(key, "")) if key else str(i) for i in items(one)) or none


def ratio(part: str, whole: str, default: int = 1) -> Cell:
    """`part/whole`; the whole is `default` where the object does not say."""
    return lambda one: f"{at(part, 0)(one)}/{at(whole, default)(one)}"


def equations(path: str) -> Cell:
    """A map as `key=value` texts, sorted."""
    return lambda one: ",".join(f"{k}={v}" for k, v in sorted(at(path, {})(one).items())) or NONE


def selector(path: str) -> Cell:
    """A label selector as kubectl prints one."""
    return lambda one: _selector_text(at(path, {})(one))


def _selector_text(given: Object) -> str:
    terms = [f"{key}={value}" for key, value in sorted((given.get("matchLabels") or {}).items())]
    for term in given.get("matchExpressions") or ():
        values = ",".join(sorted(term.get("values") or ()))
        word = {"In": "{} in ({})", "NotIn": "{} notin ({})", "Exists": "{}", "DoesNotExist": "!{}"}
        terms.append(word.get(term.get("operator"), "{}").format(term.get("key"), values))
    return ",".join(terms) or NONE


def service_ports(one: Object) -> str:
    """The ports of a Service: `80/TCP,443:30443/TCP`."""
    told = []
    for port in at("spec.ports", ())(one):
        node = f":{port['nodePort']}" if port.get("nodePort") else ""
        told.append(f"{port['port']}{node}/{port.get('protocol') or 'TCP'}")
    return ",".join(told) or NONE


def pod_status(one: Object) -> str:
    """The phase of a Pod, or why it is in it, or that it is being deleted."""
    waiting = [
        get_in(["state", state, "reason"], status)
        for status in at("status.containerStatuses", ())(one)
        for state in ("waiting", "terminated")
    ]
    told = (
        next(filter(None, waiting), None)
        or at("status.reason", None)(one)
        or at("status.phase", "Pending")(one)
    )
    return "Terminating" if "deletionTimestamp" in one["metadata"] else str(told)


def pod_ready(one: Object) -> str:
    """How many of a Pod's containers are ready."""
    ready = sum(bool(status.get("ready")) for status in at("status.containerStatuses", ())(one))
    return f"{ready}/{len(at('spec.containers', ())(one))}"


def node_status(one: Object) -> str:
    """Whether a Node is ready."""
    ready = [c.get("status") for c in at("status.conditions", ())(one) if c.get("type") == "Ready"]
    told = {"True": "Ready", "False": "NotReady"}.get(str(ready[0]), "NotReady") if ready else "Unknown"
    return f"{told},SchedulingDisabled" if at("spec.unschedulable", False)(one) else told


def node_roles(one: Object) -> str:
    """The roles that a Node's labels give it."""
    labels = at("metadata.labels", {})(one)
    return (
        ",".join(
            sorted(key.rpartition("/")[2] for key in labels if key.startswith("node-role.kubernetes.io/"))
        )
        or NONE
    )


def subjects(kind: str) -> Cell:
    """The subjects of one kind in a role binding."""

    def cell(one: Object) -> str:
        found = [s for s in at("subjects", ())(one) if s.get("kind") == kind]
        names = [
            f"{s.get('namespace')}/{s['name']}" if kind == "ServiceAccount" else s["name"] for s in found
        ]
        return ", ".join(names)

    return cell


def ingress_ports(one: Object) -> str:
    """The ports of an Ingress: that of TLS only where it has some."""
    return "80, 443" if at("spec.tls", ())(one) else "80"


def scale_target(one: Object) -> str:
    """What an autoscaler scales: `Deployment/web`."""
    return f"{at('spec.scaleTargetRef.kind')(one)}/{at('spec.scaleTargetRef.name')(one)}"


def storage_class(one: Object) -> str:
    """The storage class of a volume or claim."""
    return str(at("spec.storageClassName", "")(one))


def served_versions(one: Object) -> str:
    """The served versions of a definition: `v1(storage),v1beta1`."""
    served = [version for version in at("spec.versions", ())(one) if version.get("served")]
    return ",".join(f"{v['name']}{'(storage)' if v.get('storage') else ''}" for v in served)


_MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def access_modes(one: Object) -> str:
    """Access modes in their short forms."""
    return ",".join(_MODES.get(mode, mode) for mode in at("spec.accessModes", ())(one))


_STEP = re.compile(
    r"\.([\w\\.\-]+?(?=[.\[]|$))|\['([^']+)'\]|\[(\*|-?\d+)\]|\[\?\(@\.([\w.]+)\s*==\s*[\"']([^\"']*)[\"']\)\]"
)


def json_path(path: str, one: Object) -> Sequence[Any]:
    """What a simple JSONPath finds: fields, indexes, `[*]`, and filters for equality.

    >>> json_path('.c[?(@.t=="A")].s', {"c": [{"t": "A", "s": 1}, {"t": "B", "s": 2}]})
    [1]
    """
    found: list[Any] = [one]
    for field, quoted, index, key, wanted in _STEP.findall(path):
        name = quoted or field.replace("\\.", ".")
        found = [inner for value in found for inner in _take_step(value, name, index, key, wanted)]
    return found


def _take_step(value: Any, name: str, index: str, key: str, wanted: str) -> Sequence[Any]:
    if name:
        return [value[name]] if isinstance(value, dict) and name in value else []
    if not isinstance(value, list):
        return []
    if key:
        return [item for item in value if isinstance(item, dict) and get_in(key.split("."), item) == wanted]
    return value if index == "*" else value[int(index) :][:1]
