"""Definitions that a server refuses, and some that it takes: those of `definitions.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from toolz import merge_with

CASES = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
GROUP = "definitions.example.com"
NAMES = {"plural": "widgets", "singular": "gizmo", "kind": "Gizmo", "listKind": "GizmoList"}


def wrapped(field: Any) -> Any:
    """The schema of objects with a field of this schema in their spec."""
    return {"type": "object", "properties": {"spec": {"type": "object", "properties": {"field": field}}}}


def definition(case: Mapping[str, Any], **metadata: str) -> Any:
    """The definition of a case."""
    schema = wrapped(case.get("field", {"type": "string"})) if "root" not in case else case["root"]
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {"group": GROUP, "scope": "Cluster", "names": NAMES}
    spec["versions"] = [{**version, **case.get("version", {})}]
    spec = merge_with(_last, spec, case.get("spec", {}))
    named = {"name": f"{spec['names'].get('plural')}.{spec['group']}", **case.get("metadata", {})}
    typed = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return {**typed, "metadata": {**named, **metadata}, "spec": spec}


def another(case: Mapping[str, Any]) -> Any:
    """The definition of a case, of another kind than the one of no case."""
    made = definition(case)
    if made["metadata"]["name"] == f"widgets.{GROUP}":
        made["spec"]["names"] = {**made["spec"]["names"], "plural": "gadgets"}
        made["metadata"]["name"] = f"gadgets.{GROUP}"
    return made


def _last(values: list[Any]) -> Any:
    """The last value; of names only what it says of them."""
    return {**values[0], **values[-1]} if isinstance(values[-1], dict) else values[-1]
