"""The objects and requests of the state machine, as hypothesis strategies: few names, so that they meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

JSON, MERGE, PATCH = "application/json", "application/merge-patch+json", "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
POOLS = yaml.safe_load((Path(__file__).parent / "pools.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that requests are made for. `fields` draws what stands beside its metadata."""

    prefix: str
    resource: str
    kind: str
    namespaced: bool
    fields: st.SearchStrategy[dict[str, Any]] = field(repr=False)

    @property
    def api_version(self) -> str:
        """As it stands in objects."""
        return self.prefix.removeprefix("/apis/").removeprefix("/api/")

    def collection(self, namespace: str) -> str:
        """The path of the kind's objects."""
        within = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{self.prefix}{within}/{self.resource}"


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


texts = st.sampled_from(["", "x", "yes", "é", "a b"])
odd = st.sampled_from([None, 1, True, 1.5, "x", [], {}, ["x"], {"x": 1}])
unknown = {"surprise": odd}
data = st.dictionaries(st.sampled_from(["a", "b", "c.d"]), texts, max_size=2)
config_map = some(data=data, immutable=st.just(False))
config_map_odd = some(
    data=st.one_of(odd, st.dictionaries(st.sampled_from("ab"), odd, max_size=2)), immutable=odd, **unknown
)
secret = some(
    data=st.sampled_from([{}, {"a": "aGVsbG8="}, {"a": "", "b": "eA=="}]),
    stringData=data,
    type=st.sampled_from(["Opaque", "example.com/x"]),
)
rules = st.lists(
    st.sampled_from(
        [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]},
            {"nonResourceURLs": ["/x"], "verbs": ["*"]},
        ]
    ),
    max_size=2,
)
role = st.just({"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]})
widget_spec = some(
    size=st.sampled_from([0, 1, 5, 11, -1, 1.5, "1", None]),
    colour=st.sampled_from(["red", "blue", "mauve", "", 5]),
    parts=st.lists(
        some(name=st.sampled_from(["a", "b", 1]), count=st.sampled_from([0, 2, "2"]), extra=odd), max_size=3
    ),
    free=some(anything=odd, x=odd),
    labels=st.dictionaries(st.sampled_from("ab"), st.sampled_from(["x", 1]), max_size=2),
    port=st.sampled_from([80, "http", True]),
    note=st.sampled_from(["ok", "toolong", None]),
    **unknown,
)
widget_good = some(
    size=st.sampled_from([1, 5, 10]),
    colour=st.sampled_from(["red", "blue"]),
    note=st.just("ok"),
    free=some(x=odd),
)
widget_spec = st.one_of(widget_good, widget_good, widget_spec)
widget = st.fixed_dictionaries({"spec": widget_spec}, optional={"status": some(phase=texts), **unknown})
template = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {"containers": [{"name": "main", "image": "nginx"}]},
}
LEAST: dict[str, dict[str, Any]] = {
    "widgets": {"spec": {"size": 1}},
    "deployments": {"spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template}},
}
"""What an object needs to be one, by resource."""

deployment = st.builds(
    lambda replicas: {
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    },
    st.sampled_from([0, 1, 2]),
)

CONFIG_MAP = Kind("/api/v1", "configmaps", "ConfigMap", True, config_map)
GADGET = Kind("/apis/$OWN.example.org/v1", "gadgets", "Gadget", True, some(spec=some(size=odd), data=data))
"""A kind that a session defines itself: it comes and goes."""

KINDS = (
    GADGET,
    CONFIG_MAP,
    CONFIG_MAP,
    Kind("/api/v1", "configmaps", "ConfigMap", True, config_map_odd),
    Kind("/api/v1", "secrets", "Secret", True, secret),
    Kind("/apis/rbac.authorization.k8s.io/v1", "roles", "Role", True, role),
    Kind("/apis/rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", False, role),
    Kind("/apis/apps/v1", "deployments", "Deployment", True, deployment),
    Kind("/apis/judge.example.com/v1", "widgets", "Widget", True, widget),
    Kind("/apis/judge.example.com/v1", "widgets", "Widget", True, widget),
    Kind("/apis/judge.example.com/v1beta1", "widgets", "Widget", True, widget),
    Kind("/apis/judge.example.com/v1", "planets", "Planet", False, some(spec=some(moons=odd), **unknown)),
)
kinds = st.sampled_from(KINDS)
names = st.sampled_from(["a", "a", "b", "b", "c"])
bad_names = st.sampled_from([*POOLS["bad_names"], "a" * 254])
namespaces = st.sampled_from(["one", "one", "one", "two"])
labels = st.dictionaries(st.sampled_from(["app", "tier"]), st.sampled_from(["web", "db", ""]), max_size=2)
bad_labels = st.sampled_from([*POOLS["bad_labels"], {"app": "x" * 64}])
metadata = some(
    annotations=st.dictionaries(st.sampled_from(["note", "example.com/note"]), texts, max_size=1),
    finalizers=st.sampled_from([[], ["example.com/hold"], ["example.com/hold", "example.com/other"]]),
)
odd_metadata = some(
    annotations=st.sampled_from([{"a b": "x"}, {"a": 1}, None, {}]),
    finalizers=st.sampled_from([["hold"], ["a b"], "x", [""], ["example.com/hold"] * 2]),
    ownerReferences=st.sampled_from(POOLS["bad_owners"]),
    uid=st.just("22222222-2222-2222-2222-222222222222"),
    creationTimestamp=st.sampled_from([None, "2001-01-01T00:00:00Z", "yesterday"]),
    deletionTimestamp=st.just("2001-01-01T00:00:00Z"),
    generation=st.sampled_from([7, "7"]),
    selfLink=st.just("/x"),
    surprise=odd,
)
dry_runs = st.sampled_from([(), (), (), (), (("dryRun", "All"),), (("dryRun", "Some"),)])
managers = st.sampled_from([(), (), (("fieldManager", "judge"),), (("fieldManager", "x" * 129),)])
validations = st.sampled_from(
    [(), (), *((("fieldValidation", value),) for value in ("Strict", "Warn", "Ignore", "Perhaps"))]
)
queries = st.builds(lambda *parts: sum(parts, ()), dry_runs, managers, validations)
label_selectors = st.sampled_from(POOLS["label_selectors"])
field_selectors = st.sampled_from(POOLS["field_selectors"])
agents = st.sampled_from([*POOLS["agents"], "x" * 130])
accepts = st.sampled_from(POOLS["accepts"])
whole_accepts = accepts.filter(lambda accepted: "Table" not in accepted)
merge_patches = st.one_of(
    some(
        metadata=some(
            labels=st.one_of(labels, st.just({"app": None})), annotations=st.just({"note": "patched"})
        )
    ),
    some(metadata=some(finalizers=st.sampled_from([None, [], ["example.com/hold"]]))),
    some(data=st.one_of(data, st.just({"a": None}), odd), spec=st.one_of(widget_spec, odd), **unknown),
    some(
        metadata=some(
            name=st.sampled_from(["a", "z"]),
            namespace=st.just("z"),
            resourceVersion=st.sampled_from(["1", "x", "", 1]),
            uid=st.sampled_from(["x", "", None]),
            **unknown,
        )
    ),
    some(kind=st.sampled_from(["Pod", "", None]), apiVersion=st.sampled_from(["v2", "v1", None, ""])),
    st.sampled_from([{}, [], "x", None, 5]),
)
pointers = st.sampled_from(POOLS["pointers"])
operations = st.one_of(
    st.builds(
        lambda op, path, value: {"op": op, "path": path, "value": value},
        st.sampled_from(["add", "replace", "test"]),
        pointers,
        st.one_of(odd, labels, st.sampled_from(["web", 5, ["example.com/hold"]])),
    ),
    st.builds(lambda path: {"op": "remove", "path": path}, pointers),
    st.builds(
        lambda op, path, source: {"op": op, "path": path, "from": source},
        st.sampled_from(["move", "copy"]),
        pointers,
        pointers,
    ),
    st.sampled_from(POOLS["bad_operations"]),
)
json_patches = st.one_of(
    st.lists(operations, max_size=3),
    st.lists(operations, min_size=1, max_size=1),
    st.sampled_from([{}, [1], "x", None]),
)
patches = st.one_of(
    st.tuples(st.just(MERGE), merge_patches),
    st.tuples(st.just(MERGE), merge_patches),
    st.tuples(st.just(STRATEGIC), merge_patches),
    st.tuples(st.just(STRATEGIC), st.sampled_from(POOLS["directives"])),
    st.tuples(st.just(PATCH), json_patches),
    st.tuples(st.sampled_from([JSON, "text/plain", "application/x"]), merge_patches),
)
bad_bodies = st.sampled_from([text.encode() for text in POOLS["bad_bodies"]])
content_types = st.sampled_from(POOLS["content_types"])
delete_options = st.one_of(
    st.none(),
    st.none(),
    st.none(),
    some(
        propagationPolicy=st.sampled_from(["Background", "Foreground", "Orphan", "Never"]),
        gracePeriodSeconds=st.sampled_from([0, 5, -1]),
        dryRun=st.sampled_from([["All"], ["Some"], []]),
    ),
    some(
        orphanDependents=st.booleans(),
        propagationPolicy=st.just("Orphan"),
        preconditions=some(uid=st.just("33333333-3333-3333-3333-333333333333"), resourceVersion=st.just("1")),
    ),
)
