"""Definitions that a server refuses: the embedded cluster beside the real one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from toolz import merge_with

from fkube.cluster import State
from fkube.exchange import Request
from tests.conformance.beside import Beside, body
from tests.conformance.known import differences_known, unexplained
from tests.conformance.scenarios import await_kind
from tests.conformance.server import Server

CASES = yaml.safe_load((Path(__file__).parent / "wrong_definitions.yaml").read_text())
KNOWN = tuple(each for each in differences_known() if each.area == "cluster")
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
GROUP = "definitions.example.com"


def wrapped(field: Any) -> Any:
    """The schema of objects with a field of this schema in their spec."""
    return {"type": "object", "properties": {"spec": {"type": "object", "properties": {"field": field}}}}


VERSION = {
    "name": "v1",
    "served": True,
    "storage": True,
    "schema": {"openAPIV3Schema": wrapped({"type": "string"})},
}
NAMES = {"plural": "widgets", "singular": "gizmo", "kind": "Gizmo", "listKind": "GizmoList"}


def definition(case: Mapping[str, Any], **metadata: str) -> Any:
    """The definition of a case."""
    schema = wrapped(case["field"]) if "field" in case else case.get("root")
    over = {"schema": {"openAPIV3Schema": schema}} if schema is not None else case.get("version", {})
    spec = {"group": GROUP, "scope": "Cluster", "names": NAMES, "versions": [{**VERSION, **over}]}
    spec = merge_with(_last, spec, case.get("spec", {}))
    named = {"name": f"{spec['names'].get('plural')}.{spec['group']}", **case.get("metadata", {})}
    typed = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return {**typed, "metadata": {**named, **metadata}, "spec": spec}


def _last(values: list[Any]) -> Any:
    """The last value; of names only what it says of them."""
    return {**values[0], **values[-1]} if isinstance(values[-1], dict) else values[-1]


@pytest.fixture(scope="module")
def beside(server: Server, begun: State) -> Iterator[Beside]:
    """Both servers with one definition in common, which the other tests don't meet on the real one."""
    both = Beside(server, begun)
    both.send(Request("POST", DEFINITIONS, (), body(definition({}))))
    await_kind(server, GROUP)
    yield both
    server.send("DELETE", f"{DEFINITIONS}/widgets.{GROUP}")
    until = time.monotonic() + 30
    while GROUP in server.send("GET", "/apis").data.decode():
        assert time.monotonic() < until, f"{GROUP} is still served"
        time.sleep(0.1)


@pytest.mark.parametrize("case", CASES["create"], ids=json.dumps)
def test_a_new_definition_is_taken_or_refused_alike(beside: Beside, case: Any) -> None:
    _compare(beside, Request("POST", DEFINITIONS, (("dryRun", "All"),), body(_another(case))))


@pytest.mark.parametrize("case", CASES["update"], ids=json.dumps)
def test_a_changed_definition_is_taken_or_refused_alike(beside: Beside, case: Any) -> None:
    found = beside.send(Request("GET", f"{DEFINITIONS}/widgets.{GROUP}"))
    beside.differing(*found)  # It learns who calls which version what.
    versions = [answer.body["metadata"]["resourceVersion"] for answer in found]
    sent = [
        body(definition({**case, "metadata": {"name": f"widgets.{GROUP}"}}, resourceVersion=v))
        for v in versions
    ]
    path = f"{DEFINITIONS}/widgets.{GROUP}"
    _compare(beside, *(Request("PUT", path, (("dryRun", "All"),), each) for each in sent))


def _another(case: Any) -> Any:
    """The case's definition, of another kind than the one that is there."""
    made = definition(case)
    if made["metadata"]["name"] == f"widgets.{GROUP}":
        made["spec"]["names"] = {**made["spec"]["names"], "plural": "gadgets"}
        made["metadata"]["name"] = f"gadgets.{GROUP}"
    return made


def _compare(beside: Beside, *requests: Request) -> None:
    answers = beside.send(*requests)
    asked = f"{requests[0].method} {requests[0].path}"
    odd = unexplained(KNOWN, asked, beside.differing(*answers))
    assert not odd, "\n".join([*odd, *(str(answer.body.get("message", "taken")) for answer in answers)])
