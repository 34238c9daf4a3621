"""What fkube calls unchanged, a real PATCH leaves as it is; and a second run costs a list a kind."""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube.edge import Client, visit
from fkube.edge.connecting import connect
from fkube.edge.listreads import read_from_lists
from fkube.edge.running import hold as run
from fkube.exchange import Request
from fkube.exchange.messages import APPLY_PATCH as APPLY
from fkube.merging.fields import Type
from fkube.report import Report
from fkube.resource.info import RESTMapping
from fkube.verbs import noop
from fkube.verbs.batch import wait_for_definitions
from fkube.verbs.noop import skip_unchanged
from fkube.verbs.paths import collection
from fkube.verbs.schemas import type_of
from fkube.verbs.serverside import server_side
from tests.conformance.server import Server

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "kube-prometheus"
EXAMPLES = 60 * int(os.environ.get("CONFORMANCE_TIMES", "1"))


def connected(server: Server) -> tuple[Client, list[Request]]:
    """A client of the server, and the requests that it sends."""
    client = unsafe_perform_io(connect(str(server.kubeconfig)).unwrap())
    sent: list[Request] = []

    def send(request: Request) -> Any:
        sent.append(request)
        return client.send(request)

    return replace(client, send=send), sent


def applied(client: Client) -> Report:
    """What a run over the corpus reports."""
    named = b.filenames(str(CORPUS), recursive=True)
    made = pipe(b.builder(), named, b.arranged, b.flatten, b.continue_on_error, b.do)
    verb = wait_for_definitions(skip_unchanged("kubectl", server_side()))
    return unsafe_perform_io(visit(read_from_lists(client), verb)(made.unwrap()).unwrap())


@pytest.mark.skipif(not CORPUS.exists(), reason="needs the corpus of manifests")
def test_a_second_run_is_unchanged_and_costs_a_list_a_kind(server: Server) -> None:
    client, sent = connected(server)
    first = applied(client)
    assert (len(first.outcomes), first.errors) == (131, ())
    sent.clear()
    second = applied(client)
    assert str(second) == "131 unchanged"
    assert len(sent) < 60


_texts = st.sampled_from(["", "1", "2"])
_flags = st.booleans()
_quantities = st.sampled_from(["1", "1000m", "500m", "0.5", 1])
_mounts = st.lists(
    st.fixed_dictionaries(
        {"name": st.just("v"), "mountPath": st.sampled_from(["/a", "/b"])}, optional={"readOnly": _flags}
    ),
    max_size=2,
    unique_by=lambda one: one["mountPath"],
)
_env = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from("ab")}, optional={"value": _texts}),
    max_size=2,
    unique_by=lambda one: one["name"],
)
_container = st.fixed_dictionaries(
    {"name": st.just("main"), "image": st.just("nginx")},
    optional={
        "env": _env,
        "volumeMounts": _mounts,
        "args": st.lists(_texts, max_size=1),
        "resources": st.fixed_dictionaries(
            {}, optional={"limits": st.fixed_dictionaries({"cpu": _quantities})}
        ),
        "stdin": _flags,
        "securityContext": st.fixed_dictionaries({}, optional={"privileged": _flags}),
    },
)


def _deployed(container: Any, replicas: int | None, strategy: Any) -> dict[str, Any]:
    labels = {"app": "x"}
    pod = {"containers": [container], "volumes": [{"name": "v", "emptyDir": {}}]}
    spec = {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": pod}}
    return {"spec": {**spec, **({"replicas": replicas} if replicas is not None else {}), **strategy}}


KINDS: dict[RESTMapping, st.SearchStrategy[dict[str, Any]]] = {
    RESTMapping("", "v1", "ConfigMap", "configmaps"): st.fixed_dictionaries(
        {}, optional={"data": st.dictionaries(st.sampled_from("ab"), _texts, max_size=2)}
    ),
    RESTMapping("", "v1", "Secret", "secrets"): st.fixed_dictionaries(
        {},
        optional={
            "stringData": st.dictionaries(st.sampled_from("ab"), _texts, max_size=2),
            "data": st.just({"b": "MQ=="}),
            "type": st.just("Opaque"),
        },
    ),
    RESTMapping("", "v1", "Service", "services"): st.builds(
        lambda ports: {"spec": {"clusterIP": "None", "ports": ports}},
        st.lists(
            st.fixed_dictionaries(
                {"port": st.sampled_from([80, 81]), "name": st.sampled_from(["x", "y"])},
                optional={"protocol": st.just("TCP"), "targetPort": st.sampled_from([80, "http"])},
            ),
            min_size=1,
            max_size=2,
            unique_by=(lambda one: one["port"], lambda one: one["name"]),
        ),
    ),
    RESTMapping("apps", "v1", "Deployment", "deployments"): st.builds(
        _deployed,
        _container,
        st.sampled_from([None, 0, 1]),
        st.sampled_from([{}, {"strategy": {}}, {"strategy": {"type": "Recreate"}}, {"paused": False}]),
    ),
    RESTMapping("rbac.authorization.k8s.io", "v1", "Role", "roles"): st.just(
        {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
    ),
}
_metadata = st.fixed_dictionaries(
    {},
    optional={
        "labels": st.dictionaries(st.just("app"), _texts),
        "annotations": st.dictionaries(st.sampled_from(["note", "more"]), _texts, max_size=2),
        "creationTimestamp": st.none(),
    },
)
_names = itertools.count()


class Careless:
    """Ways of taking for unchanged what is not."""

    def values_only(self, type: Type, live: Any, config: Any, _: str) -> bool:
        """Looks at values, not at who owns them."""
        plain = noop.with_metadata(config, creationTimestamp=None)
        return bool(noop.equal_values(noop.merged(type, live, plain), live))

    def fields_only(self, type: Type, live: Any, config: Any, manager: str) -> bool:
        """Looks at who owns the fields, not at their values."""
        known = noop.read_managers(live["metadata"]).value_or(())
        fields = noop.fields_of(type, config) - noop.STRIPPED
        return any(one.fields == fields for one in known if one.name == manager)


def proven_and_wrong(server: Server, unchanged: Any, examples: int) -> tuple[list[str], int]:
    """What was said to be unchanged and was changed by a real PATCH, and how often it was said at all."""
    client, _ = connected(server)
    types = {mapping: run(client, type_of(mapping)).unwrap() for mapping in KINDS}
    wrong: list[str] = []
    proven = [0]

    def patched(place: str, config: Any, manager: str, force: str = "true") -> Any:
        asked = Request("PATCH", place, (("fieldManager", manager), ("force", force)), config, APPLY)
        return client.send(asked).unwrap()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[*HealthCheck],
    )
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        mapping = data.draw(st.sampled_from([*KINDS]))
        name = f"no-work-{next(_names)}"
        place = f"{collection(mapping, 'default')}/{name}"

        def drawn() -> dict[str, Any]:
            typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
            return {**typed, "metadata": {"name": name, **data.draw(_metadata)}, **data.draw(KINDS[mapping])}

        first = drawn()
        if patched(place, first, "kubectl").status >= 300:
            return
        if data.draw(st.integers(0, 2)) == 0:
            patched(place, drawn(), data.draw(st.sampled_from(["other", "kubectl"])))
        live = client.send(Request("GET", place)).unwrap().body
        config = first if data.draw(st.integers(0, 2)) else drawn()
        if unchanged(types[mapping], live, config, "kubectl"):
            proven[0] += 1
            after = patched(place, config, "kubectl", "false")
            same = (
                after.status == 200
                and after.body["metadata"]["resourceVersion"] == live["metadata"]["resourceVersion"]
            )
            wrong.extend([] if same else [json.dumps([config, live, after.body])])
        client.send(Request("DELETE", place))

    tried()
    return wrong, proven[0]


def test_what_is_unchanged_a_real_patch_leaves_as_it_is(server: Server) -> None:
    wrong, proven = proven_and_wrong(server, noop.leaves_unchanged, EXAMPLES)
    assert not wrong
    assert proven > EXAMPLES // 10


@pytest.mark.parametrize("careless", [Careless().values_only, Careless().fields_only])
def test_a_careless_proof_is_found_out(server: Server, careless: Any) -> None:
    assert proven_and_wrong(server, careless, 1_000)[0]
