"""Requests to compare the embedded cluster with a real API server by: data, and the loops that make it.

`tests/conformance/answers.py` asks a fresh real server and records its answers in `answers.json.gz`;
`tests/cluster/test_answers.py` asks the cluster the same and compares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.cluster import definitions

MERGE, PATCH = "application/merge-patch+json", "application/json-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
META = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
METAS = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


@dataclass(frozen=True)
class Row:
    """One request. `pause`: seconds that a real server's controllers need after it."""

    method: str
    path: str
    body: Any = None
    content_type: str = "application/json"
    accept: str = "application/json"
    pause: float = 0.0

    @property
    def text(self) -> bytes | None:
        """The body as it is sent."""
        if self.body is None:
            return None
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()

    def __str__(self) -> str:
        sent = (self.text or b"").decode()[:300]
        kinds = [kind for kind in (self.content_type, self.accept) if kind != "application/json"]
        return " ".join([self.method, self.path, sent, *kinds])


def named(name: str, **fields: Any) -> dict[str, Any]:
    """An object of that name; fields with an underscore before them go into its metadata."""
    metadata = {key[1:]: value for key, value in fields.items() if key.startswith("_")}
    rest = {key: value for key, value in fields.items() if not key.startswith("_")}
    return {"metadata": {"name": name, **metadata}, **rest}


def rows() -> Iterator[Row]:
    """Every request, in order."""
    for part in (
        creating,
        reading,
        paths,
        updating,
        patching,
        deleting,
        others,
        defining,
        customs,
        ending,
        tables,
        scaling,
        refusing,
        ordering,
        tightening,
    ):
        yield from part()


SPACE = "/api/v1/namespaces/a/configmaps"
OWNER = {"apiVersion": "v1", "kind": "Pod", "controller": True}
BODIES: tuple[Any, ...] = (
    named("a"),
    named("a"),
    {"apiVersion": "v1", "kind": "ConfigMap", **named("A_b")},
    named("b", _namespace="other"),
    {"apiVersion": "v1", "kind": "Secret", **named("b")},
    {"apiVersion": "v2", "kind": "ConfigMap", **named("b")},
    {"apiVersion": "apps/v1", "kind": "Deployment", **named("b")},
    {"kind": "ConfigMap", **named("b2")},
    {"apiVersion": "v1", **named("b3")},
    *({"metadata": {}}, {}, "", '{"metadata":', "[]", '"x"', "null", {"metadata": None}, {"metadata": 5}),
    named("x1", _labels={"a": 1}),
    named("x1", _labels=["a"]),
    named("x1", _labels={"a/b/c": "x y"}, _annotations={"A B": "1"}),
    '{"metadata":{"name":"x1"},"foo":1,"data":{"a":"b","a":"c"}}',
    {"metadata": {"generateName": "gen-"}},
    {"metadata": {"generateName": "Gen_"}},
    *({"metadata": {"name": 5}}, named("o5", _creationTimestamp="x"), named("o5", _generation="x")),
    *(named("o5", _generation=1.5), named("o5", _generation=-5)),
    named("o", _ownerReferences=[{"apiVersion": "v1"}]),
    named("o", _ownerReferences=[{**OWNER, "name": "a", "uid": "u"}, {**OWNER, "name": "b", "uid": "v"}]),
    named("o2", _resourceVersion="7"),
    named("o2b", _uid="mine", _creationTimestamp="2020-01-01T00:00:00Z", _generation=7, _selfLink="x"),
    named("o2c", _deletionTimestamp="2020-01-01T00:00:00Z", _deletionGracePeriodSeconds=4),
    *(named("o2", data={"a b": "1"}), named("o3", data={}, binaryData={}, immutable=False)),
    named("o4", _labels={}, _annotations={}, _finalizers=[], data=None),
    *(named("l1", _labels={"a": "b" * 64}), named("l1", _annotations={"a": "b" * 300000})),
    *(named("l2", _finalizers=["x"]), named("l2", _finalizers=["x y"]), named("l3", _labels={"": "x"})),
    *(named("l3", _labels={"/x": "x"}), named("l3", _annotations={"A/x": "x"}), named("l" * 254), named("")),
    *(named("x.y-z"), named("-"), named("bd", binaryData={"a": "!!"}), named("bd", data={"a": None})),
    *(named("bd2", data={"a": 1}), named("bd2", data="x"), named("bd2", immutable="x")),
    *('{"metadata":{"name":"q"}} x', '{"metadata":{"name":"q1"}}\n\n', "[1,", "{]"),
)
QUERIES = (
    *("fieldValidation=Strict", "fieldValidation=Warn", "fieldValidation=Ignore", "fieldValidation=Foo"),
    *("dryRun=Foo", "dryRun=All", "dryRun=All&fieldValidation=Foo", "fieldManager=" + "a" * 129, "dryRun="),
    *("fieldManager=a%01", "force=true", "fieldManager=me"),
)


def creating() -> Iterator[Row]:
    """POST: bodies that are fine and bodies that are not, options, places."""
    yield Row("POST", "/api/v1/namespaces", named("a"))
    yield from (Row("POST", SPACE, body) for body in BODIES)
    yield Row("POST", SPACE, "metadata: {name: y1}\n", "application/yaml")
    yield Row("POST", SPACE, "metadata: {name: y2}\n", "text/plain")
    for number, query in enumerate(QUERIES):
        odd = f'{{"metadata":{{"name":"q{number}","bar":1}},"foo":1,"data":{{"a":"b","a":"c"}}}}'
        yield Row("POST", f"{SPACE}?{query}", odd)
        yield Row("POST", f"{SPACE}?{query}", {"metadata": {"generateName": "gen-"}})
    for path in ("/api/v1/namespaces/nope/configmaps", "/api/v1/configmaps", f"{SPACE}/a"):
        yield from (Row("POST", path, named(name)) for name in ("x4", "X4"))
        yield from (Row(method, path, named("a")) for method in ("PUT", "FOO"))
        yield Row("PATCH", path, {}, MERGE)
        yield Row("DELETE", f"{path}?dryRun=All")


def reading() -> Iterator[Row]:
    """GET of one and of many, in every form, with selectors, limits and versions."""
    asked = (
        *("/nope", "/a", "/", "?limit=1", "?limit=2&labelSelector=a", "/a/b", "/a/b/c", "/a/status"),
        *("?fieldSelector=metadata.name=a", "?fieldSelector=foo=a", "?fieldSelector=foo", "?limit=abc"),
        *("?labelSelector=a in (b", "?labelSelector=a b=1", "?limit=-1", "?resourceVersion=abc"),
        *(
            "?resourceVersionMatch=Exact",
            "?resourceVersion=99999999",
            "?resourceVersion=0",
            "/a?resourceVersion=0",
        ),
        *("/a?resourceVersion=99999999", "/a?resourceVersion=abc", "?continue=abc", "?timeoutSeconds=x"),
        *("?continue=abc&resourceVersion=5", "?fieldSelector=metadata.namespace=a"),
        *("?fieldSelector=metadata.name!=a&limit=1", "?resourceVersionMatch=Foo&resourceVersion=1"),
        *(
            "?resourceVersionMatch=NotOlderThan&resourceVersion=1",
            "?resourceVersionMatch=Exact&resourceVersion=0",
        ),
        "?resourceVersionMatch=Exact&continue=abc&resourceVersion=1",
    )
    old, odd = TABLE.replace("v=v1", "v=v1beta1"), TABLE.partition(",")[0].replace("v=v1", "v=v9")
    forms = ("application/json", TABLE, META, METAS, "application/xml", old, odd, "*/*")
    yield from (Row("GET", SPACE + path, accept=form) for path in asked for form in forms)
    yield from (Row("GET", f"{SPACE}/a?includeObject={what}", accept=TABLE) for what in ("None", "Object"))


def paths() -> Iterator[Row]:
    """Discovery, and paths that lead nowhere."""
    ours = "/api/v1/namespaces/a"
    for path in (
        *(f"{ours}/foos", f"{ours}/", ours, "/api/v1/foos", f"{ours}/pods/a/log", f"{ours}/pods/a/status"),
        *(
            f"{ours}/nodes",
            "/api/v1/nodes/x",
            "/apis/apps/v1/namespaces/a/deployments/x",
            "/api/v1/configmaps/x",
        ),
        *("/apis/apps/v2", "/apis/apps/v2/deployments", "/apis/apps/v1/foos", "/apis/apps/", f"{ours}/y/z/w"),
        *("/apis/none", "/apis/none/v1", "/apis/none/v1/foos", f"{ours}/status", f"{ours}/finalize", "/foo"),
        *(
            "/apis",
            "/readyz",
            "/healthz",
            "/livez",
            "/api/v2",
            "/apis/apps",
            "/apis/autoscaling",
            "/apis/foo",
        ),
    ):
        yield Row("GET", path)
        if "none" not in path:
            yield Row("POST", path, {})
    for path in ("/api", "/apis"):
        yield from (Row("GET", path, accept=form) for form in (AGGREGATED, f"{AGGREGATED},application/json"))


OLD = "2020-01-01T00:00:00Z"


def updating() -> Iterator[Row]:
    """PUT: of what is there and what is not, at versions right and wrong."""
    for body in (
        named("a", _resourceVersion="1"),
        *(named("a", data={"x": "y"}), named("a", data={"x": "y"}), named("a", _uid="zzz")),
        *(named("a", _resourceVersion="abc"), named("b"), named("a", _namespace="zz"), {"metadata": {}}),
        *(
            named("a", _labels={"a b": "c"}),
            named("a", _labels={"q": "c"}, _generation=9, _creationTimestamp=OLD),
        ),
        *(named("a", _deletionTimestamp=OLD), named("a", _deletionGracePeriodSeconds=4)),
        *(named("a", _generateName="x"), named("a", _finalizers=["bad"]), named("a", _finalizers=["a/b"])),
        *(named("a"), {"kind": "Secret", "apiVersion": "v1", **named("a")}, named("a", foo=1)),
        *('{"metadata":{"name":"a"},"data":{"a":"1","a":"2"}}', named("a", data={"x y": "1"})),
    ):
        yield from (
            Row("PUT", SPACE + "/a" + query, body) for query in ("", "?dryRun=All", "?fieldValidation=Strict")
        )
    yield from (Row("PUT", SPACE + "/nope", named("nope", **more)) for more in ({}, {"_uid": "5"}))
    yield Row("PUT", "/api/v1/namespaces/none/configmaps/nope", named("nope"))
    yield Row("PUT", SPACE + "/a?dryRun=Foo", named("a"))
    yield Row("PUT", SPACE + "/a", named("a", data={"x": "z", "l": "1"}))


def _operation(op: str, path: str, **more: Any) -> dict[str, Any]:
    return {"op": op, "path": path, **more}


FINALIZERS = "/metadata/finalizers"
JSON_PATCHES: tuple[Any, ...] = (
    *([_operation("replace", "/data/x", value="z")], [_operation("remove", "/data/zz")]),
    *([_operation("test", "/data/x", value="q")], [_operation("add", "/nope/a", value="q")], {"a": 1}, []),
    *([_operation("foo", "/data/x")], [_operation("replace", "/nope", value="q")]),
    [{"op": "move", "from": "/data/x", "path": "/data/y"}],
    [{"op": "copy", "from": "/data/nope", "path": "/data/y"}],
    *([_operation("test", "/data/q", value=None)], [_operation("replace", "/data", value=3)]),
    *([_operation("add", "/metadata/labels", value={"a": "b"})], [_operation("add", "", value={"a": "b"})]),
    *([_operation("replace", "/data/nope", value="b")], [_operation("remove", "/metadata/labels/a")]),
    *(
        [_operation("add", "/data/a~1b", value="b")],
        [{"op": "move", "from": "/data/none", "path": "/data/y"}],
    ),
    *([1], [{"op": "add"}], [_operation("add", "/data/-", value="1")]),
    [_operation("add", FINALIZERS, value=[]), _operation("add", f"{FINALIZERS}/5", value="a/b")],
    [_operation("add", FINALIZERS, value=["a/b", "c/d"]), _operation("remove", f"{FINALIZERS}/0")],
    [_operation("add", f"{FINALIZERS}/-", value="e/f"), _operation("add", f"{FINALIZERS}/0", value="g/h")],
    *([_operation("replace", f"{FINALIZERS}/1", value="i/j")], [_operation("remove", f"{FINALIZERS}/-1")]),
    [_operation("remove", FINALIZERS)],
)
MERGES: tuple[Any, ...] = (
    *({"data": {"k": "v", "y": None}}, {"data": 3}, [1], {"metadata": {"resourceVersion": "1"}}),
    *({"metadata": {"name": "q"}}, {"metadata": {"uid": "q"}}, {"apiVersion": "v7"}, {"foo": "Secret"}),
    *({"metadata": {"labels": {"a b": "c"}}}, {"metadata": {"namespace": "foo"}}, {}, "", "{"),
    *({"metadata": None}, {"metadata": {"name": None}}, {"metadata": {"creationTimestamp": None}}),
    *(
        {"metadata": {"resourceVersion": None}},
        {"metadata": {"uid": None}},
        {"data": None},
        {"data": {"a": "b"}},
    ),
)
STRATEGIES: tuple[Any, ...] = (
    *({"data": {"s": "t"}}, [1], {"data": {"$patch": "replace", "z": "y"}}, {"data": {"$patch": "delete"}}),
    *({"metadata": {"finalizers": ["q/r"]}}, {"metadata": {"finalizers": ["s/t"]}}),
    *({"metadata": {"$deleteFromPrimitiveList/finalizers": ["q/r"]}}, {"metadata": {"finalizers": None}}),
)


def patching() -> Iterator[Row]:
    """PATCH of every kind."""
    kinds = (
        (PATCH, JSON_PATCHES),
        (MERGE, MERGES),
        (STRATEGIC, STRATEGIES),
        ("application/json", ({},)),
        ("foo", ({},)),
    )
    for kind, bodies in kinds:
        for query in ("", "?dryRun=All", "?fieldValidation=Strict"):
            yield from (Row("PATCH", SPACE + "/a" + query, body, kind) for body in bodies)
    yield Row("PATCH", SPACE + "/nope", {}, MERGE)
    yield Row("PATCH", SPACE, {}, MERGE)
    yield from (Row("PATCH", f"{SPACE}/a?{query}", {}, MERGE) for query in ("force=true", "dryRun=X"))


def deleting() -> Iterator[Row]:
    """DELETE, with options, finalizers, and of collections."""
    one, finalized = SPACE + "/f", {"metadata": {"finalizers": None}}
    yield Row("DELETE", SPACE + "/nope")
    yield Row("DELETE", SPACE + "/a?dryRun=All")
    yield Row("DELETE", SPACE + "/a?propagationPolicy=Nope")
    for body in (
        *(
            {"preconditions": {"uid": "xyz"}},
            {"preconditions": {"resourceVersion": "1"}},
            {"dryRun": ["All"]},
        ),
        *({"dryRun": ["Foo"]}, {"gracePeriodSeconds": "x"}, {"propagationPolicy": "Nope"}, "{"),
        *(
            {"orphanDependents": True, "propagationPolicy": "Orphan"},
            {"kind": "DeleteOptions", "apiVersion": "v1"},
        ),
    ):
        yield Row("DELETE", SPACE + "/a", body)
    yield Row("POST", SPACE, named("f", _finalizers=["x/y"]))
    yield from (Row("DELETE", one + query) for query in ("?dryRun=All", "?propagationPolicy=Background", ""))
    yield Row("PATCH", one, {"metadata": {"finalizers": ["x/y", "z/z"]}}, MERGE)
    yield Row("PATCH", one, {"data": {"new": "data"}}, MERGE)
    yield Row("POST", SPACE, named("f"))
    yield from (Row("PATCH", one + query, finalized, MERGE) for query in ("?dryRun=All", ""))
    yield Row("GET", one)
    for seconds in (
        "gracePeriodSeconds=-1",
        "gracePeriodSeconds=abc",
        "gracePeriodSeconds=30",
        "orphanDependents=false",
    ):
        yield from (Row("POST", SPACE, named("g")), Row("DELETE", f"{SPACE}/g?{seconds}"))
    for number, finalizers in enumerate(([], ["a/b"], [])):
        yield Row("POST", SPACE, named(f"c{number}", _labels={"i": str(number)}, _finalizers=finalizers))
    for query in (
        "labelSelector=nope",
        "labelSelector=i=0",
        "fieldSelector=metadata.name=zz",
        "labelSelector=(",
        "dryRun=All",
    ):
        yield Row("DELETE", f"{SPACE}?{query}")
    yield from (Row("DELETE", SPACE), Row("GET", SPACE), Row("DELETE", "/api/v1/configmaps"))


def others() -> Iterator[Row]:
    """Kinds whose habits differ: created by PUT, named freely, kept secret; and namespaces."""
    leases, secrets = "/apis/coordination.k8s.io/v1/namespaces/a/leases", "/api/v1/namespaces/a/secrets"
    roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/a/roles"
    rule = [{"verbs": ["get"], "resources": ["pods"], "apiGroups": [""]}]
    yield Row("PUT", roles + "/r", named("r", rules=rule))
    yield Row("PUT", roles + "/r", named("r", rules=rule, _resourceVersion="4"))
    yield Row("PUT", "/apis/rbac.authorization.k8s.io/v1/namespaces/no/roles/r", named("r", rules=rule))
    yield from (Row("POST", roles, named(name, rules=rule)) for name in ("a/b", "..", "a%b", "a b", ".", ""))
    for spec in ({}, {"holderIdentity": "x"}):
        yield Row("PUT", leases + "/l", named("l", spec=spec))
    yield from (
        Row("PATCH", leases + "/l", {"spec": {"holderIdentity": "y"}}, MERGE),
        Row("DELETE", leases + "/l"),
    )
    yield Row("POST", secrets, named("s", stringData={"a": "b"}, type="Opaque"))
    yield Row("POST", secrets, named("s2", data={"a": "!!"}))
    yield Row("PATCH", secrets + "/s", {"stringData": {"c": "d"}}, MERGE)
    yield Row("GET", secrets, accept=TABLE)
    spaces = "/api/v1/namespaces"
    yield from (Row("POST", spaces, named(name)) for name in ("A.b", "a.b", "g"))
    yield Row("POST", spaces, {"metadata": {"generateName": "gen-"}})
    yield Row("POST", spaces, named("h", spec={"finalizers": ["a/b"]}))
    for patch in (
        {"status": {"phase": "X"}},
        {"spec": {"finalizers": ["a/b"]}},
        {"metadata": {"labels": None}},
    ):
        yield Row("PATCH", spaces + "/g", patch, MERGE)
    yield from (
        Row("DELETE", f"{spaces}/{name}") for name in ("default", "kube-system", "kube-public", "nope", "h")
    )
    yield from (Row("DELETE", spaces), Row("GET", spaces + "/h"), Row("GET", spaces + "/h", accept=TABLE))


DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
NUMBER = {"type": "integer", "minimum": 0, "maximum": 100}
SPEC = {
    "n": NUMBER,
    "m": {"type": "string", "default": "dd", "maxLength": 3},
    "p": {"type": "string", "pattern": "^a+$", "minLength": 1},
    "e": {"type": "string", "enum": ["a", "b"]},
    "b": {"type": "boolean"},
    "num": {"type": "number"},
    "nul": {"type": "string", "nullable": True},
    "arr": {
        "type": "array",
        "maxItems": 2,
        "items": {"type": "object", "properties": {"x": {"type": "integer"}}},
    },
    "lm": {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["k"],
        "items": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}}},
    },
    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
    "ios": {"x-kubernetes-int-or-string": True},
    "mp": {"type": "object", "additionalProperties": {"type": "string"}},
}
SCHEMA = {
    "type": "object",
    "required": ["spec"],
    "properties": {
        "spec": {"type": "object", "required": ["n"], "properties": SPEC},
        "status": {"type": "object", "properties": {"r": {"type": "integer"}}},
    },
}
COLUMNS = [
    {"name": "N", "type": "integer", "jsonPath": ".spec.n"},
    {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    {"name": "Arr", "type": "string", "jsonPath": ".spec.arr[*].x", "priority": 1},
    {"name": "C", "type": "string", "jsonPath": '.status.conditions[?(@.type=="Ready")].status'},
]
FREE = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def definition(name: str = "foos.ex.com", **spec: Any) -> dict[str, Any]:
    """A definition of Foo, with other fields in its spec."""
    first = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}
    second = {"name": "v1beta1", "served": True, "storage": False, "schema": {"openAPIV3Schema": FREE}}
    names = {"kind": "Foo", "plural": "foos", "shortNames": ["fo"], "categories": ["all"]}
    versions = [{**first, "subresources": {"status": {}}, "additionalPrinterColumns": COLUMNS}, second]
    whole = {"group": "ex.com", "names": names, "scope": "Namespaced", "versions": versions, **spec}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        **named(name),
        "spec": whole,
    }


def defining() -> Iterator[Row]:
    """Custom resource definitions, wrong ones first."""
    bare = {"name": "v1", "served": True, "storage": True}
    yield Row("POST", DEFINITIONS, definition("bar"))
    yield Row("POST", DEFINITIONS, definition(scope="Foo"))
    yield Row("POST", DEFINITIONS, definition(versions=[bare]))
    yield Row("POST", DEFINITIONS, definition(versions=[{**bare, "schema": {"openAPIV3Schema": {}}}]))
    yield Row("POST", DEFINITIONS, definition("foos.x.k8s.io", group="x.k8s.io"))
    yield Row("GET", "/apis/ex.com/v1/foos")
    yield Row("POST", DEFINITIONS, definition(), pause=4)
    yield Row("POST", DEFINITIONS, definition())
    yield Row("GET", DEFINITIONS + "/foos.ex.com")
    yield Row("GET", DEFINITIONS, accept=TABLE)


FOOS = "/apis/ex.com/v1/namespaces/a/foos"
FOO = {"apiVersion": "ex.com/v1", "kind": "Foo"}


def foo(name: str, spec: Any, **fields: Any) -> dict[str, Any]:
    """A custom resource."""
    return {**FOO, **named(name, spec=spec, status={"r": 1}, **fields)}


ONE = {"n": 1}
RESOURCES: tuple[Any, ...] = (
    *(
        named("x"),
        {**FOO, **named("x")},
        {"apiVersion": "ex.com/v1", **named("x")},
        {"kind": "Foo", **named("x")},
    ),
    *(foo("x", {}), foo("x", {"n": "a"}), foo("x", {**ONE, "m": "aaaa"}), foo("x", {**ONE, "e": "q"})),
    *(foo("x", {**ONE, "arr": [{"x": "1"}]}), foo("x", {**ONE, "ios": True})),
    foo("x", {**ONE, "u": 2, "arr": [{"x": 1, "y": 2}], "free": {"a": 1}}),
    *(foo("Y_", ONE), foo("z", ONE, _labels={"a": 1}), foo("z", {"n": 1.0}), foo("z3", {"n": None})),
    *({**foo("z4", ONE), "kind": "Bar"}, {**foo("z", ONE), "apiVersion": "ex.com/v1beta1"}),
    *({**foo("z", ONE), "apiVersion": "v1"}, foo("y1", {"n": -1}), foo("y1", {"n": 101})),
    *(foo("y1", {**ONE, "p": "b"}), foo("y1", {**ONE, "p": ""}), foo("y1", {**ONE, "b": "x"})),
    *(foo("y1", {**ONE, "num": "x"}), foo("y2", {**ONE, "num": 1}), foo("y4", {**ONE, "arr": [{}, {}, {}]})),
    foo("y3", {**ONE, "nul": None, "b": None, "mp": {"a": None}}),
    *(foo("y4", {**ONE, "arr": "x"}), foo("y4", {**ONE, "arr": [1]}), foo("y4", {**ONE, "lm": [{}]})),
    *(foo("y4", {**ONE, "lm": [{"k": "a"}, {"k": "a"}]}), foo("y4", {**ONE, "mp": {"a": 1}})),
    *(foo("y4", {**ONE, "mp": []}), foo("y4", []), foo("y4", "x"), foo("y4", None), foo("y5", ONE, extra=1)),
    *(foo("", ONE, _generateName="gen-"), foo("y7", ONE, _namespace="other"), foo("y8", {**ONE, "m": None})),
    *(foo("y9", ONE, _annotations={"a": 1}), foo("y9", ONE, _foo=1)),
    '{"apiVersion":"ex.com/v1","kind":"Foo","metadata":{"name":"dup","name":"dup"},"spec":{"zz":1,"n":1,"n":2}}',
)
FOO_PATCHES: tuple[tuple[str, Any], ...] = (
    *((MERGE, {"spec": {"n": 3}}), (MERGE, {"spec": {"n": "s"}}), (STRATEGIC, {}), (MERGE, {"spec": None})),
    *((MERGE, {"metadata": {"labels": {"a": "b"}}}), (MERGE, {"metadata": {"annotations": {"a": "1"}}})),
    *(
        (MERGE, {"status": {"r": 9}}),
        (MERGE, {"kind": "Bar"}),
        (PATCH, [_operation("replace", "/spec/n", value=4)]),
    ),
    *((PATCH, [_operation("test", "/spec/n", value=9)]), (MERGE, {"spec": {"zz": 1}})),
)


def customs() -> Iterator[Row]:
    """Custom resources: pruned, defaulted, validated, shown."""
    for body in RESOURCES:
        yield from (
            Row("POST", FOOS + query, body) for query in ("?dryRun=All", "?fieldValidation=Strict", "")
        )
    yield Row("POST", FOOS + "?fieldValidation=Ignore", foo("yy", {**ONE, "u": 2}))
    asked = (
        "",
        "/x",
        "?limit=1",
        "?labelSelector=a",
        "?fieldSelector=metadata.name=x",
        "?fieldSelector=spec.n=1",
    )
    for path in (*asked, "/x/status", "/nope", "/x/foo"):
        yield from (
            Row("GET", FOOS + path, accept=form)
            for form in ("application/json", TABLE, META, "application/xml")
        )
    other = FOOS.replace("v1", "v1beta1")
    yield from (Row("GET", other + "/x"), Row("GET", other), Row("GET", other, accept=TABLE))
    for name, body in (
        ("x", foo("x", {"n": 2})),
        ("x", foo("x", {"n": 2}, _resourceVersion="1")),
        ("no", foo("no", ONE)),
    ):
        yield Row("PUT", f"{FOOS}/{name}", body)
    for query in ("", "?dryRun=All"):
        yield from (Row("PATCH", FOOS + "/x" + query, body, kind) for kind, body in FOO_PATCHES)
    yield Row("PATCH", FOOS + "/x/status", {"spec": {"n": 4}, "status": {"r": 5}}, MERGE)
    yield Row("PATCH", FOOS + "/x/status", {"metadata": {"labels": {"q": "b"}}, "status": {"r": 6}}, MERGE)
    yield Row("PUT", FOOS + "/x/status", foo("x", ONE))
    yield from (Row("DELETE", FOOS + path) for path in ("/yy", "/nope", "?labelSelector=zz"))
    for path in (
        "/apis/ex.com",
        "/apis/ex.com/v1/bars",
        "/apis/ex.com/v2/foos",
        "/apis/ex.com/v1/foos/x",
        "/apis/ex.com/v9",
    ):
        yield Row("GET", path)
    yield Row("POST", "/apis/ex.com/v1/foos", foo("x", ONE))
    yield Row("GET", "/apis", accept=AGGREGATED)


def ending() -> Iterator[Row]:
    """What ends: a namespace that still holds something."""
    space = "/api/v1/namespaces/z"
    yield Row("POST", "/api/v1/namespaces", named("z"))
    yield Row("POST", space + "/configmaps", named("held", _finalizers=["a/b"]))
    yield Row("DELETE", space)
    yield from (Row("POST", f"{space}/configmaps{query}", named("late")) for query in ("", "?dryRun=All"))
    yield Row("POST", space + "/configmaps", {"metadata": {"generateName": "gen-"}})
    yield from (Row("DELETE", space), Row("GET", space), Row("POST", "/api/v1/namespaces", named("z")))


POD = {"containers": [{"name": "c", "image": "i"}], "restartPolicy": "Always"}
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": POD}
ONCE = {"template": {"metadata": {"labels": {"a": "b"}}, "spec": {**POD, "restartPolicy": "Never"}}}
WORKLOAD = {"replicas": 2, "selector": {"matchLabels": {"a": "b"}}, "template": TEMPLATE}
FLEET = {key: value for key, value in WORKLOAD.items() if key != "replicas"}
BINDING = {
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
    "subjects": [
        {"kind": "User", "name": "u", "apiGroup": "rbac.authorization.k8s.io"},
        {"kind": "Group", "name": "g", "apiGroup": "rbac.authorization.k8s.io"},
        {"kind": "ServiceAccount", "name": "s", "namespace": "n"},
    ],
}
PORTS = [{"port": 80, "name": "x"}, {"port": 81, "name": "y", "protocol": "UDP"}]
TARGET = {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"}
BACKEND = {"service": {"name": "s", "port": {"number": 80}}}
RULES = [{"host": "h.x", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": BACKEND}]}}]
CLAIM = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "1Gi"}},
    "volumeMode": "Filesystem",
}
VOLUME = {
    "capacity": {"storage": "1Gi"},
    "accessModes": ["ReadWriteOnce"],
    "hostPath": {"path": "/x"},
    "persistentVolumeReclaimPolicy": "Retain",
    "volumeMode": "Filesystem",
}
RBAC, BATCH, NETWORKING = "rbac.authorization.k8s.io/v1", "batch/v1", "networking.k8s.io/v1"
CORE, APPS, STORAGE = "", "apps/v1", "storage.k8s.io/v1"
CRON = {"schedule": "* * * * *", "suspend": False, "jobTemplate": {"spec": ONCE}}
KINDS: tuple[tuple[str, str, bool, dict[str, Any]], ...] = (
    (CORE, "pods", True, {"spec": POD}),
    (CORE, "services", True, {"spec": {"selector": {"a": "b"}, "ports": PORTS, "clusterIP": "None"}}),
    (CORE, "replicationcontrollers", True, {"spec": {**WORKLOAD, "selector": {"a": "b"}}}),
    (CORE, "serviceaccounts", True, {}),
    (CORE, "nodes", False, {"_labels": {"node-role.kubernetes.io/worker": ""}}),
    (CORE, "persistentvolumes", False, {"spec": VOLUME}),
    (CORE, "persistentvolumeclaims", True, {"spec": CLAIM}),
    (CORE, "podtemplates", True, {"template": TEMPLATE}),
    (APPS, "deployments", True, {"spec": WORKLOAD}),
    (APPS, "replicasets", True, {"spec": WORKLOAD}),
    (APPS, "statefulsets", True, {"spec": {**WORKLOAD, "serviceName": "s"}}),
    (APPS, "daemonsets", True, {"spec": FLEET}),
    (APPS, "controllerrevisions", True, {"revision": 1, "data": {}}),
    (BATCH, "cronjobs", True, {"spec": CRON}),
    (NETWORKING, "ingresses", True, {"spec": {"rules": RULES, "ingressClassName": "c"}}),
    (NETWORKING, "ingressclasses", False, {"spec": {"controller": "a.b/c"}}),
    (NETWORKING, "networkpolicies", True, {"spec": {"podSelector": {"matchLabels": {"a": "b"}}}}),
    (RBAC, "roles", True, {"rules": [{"verbs": ["get"], "resources": ["pods"], "apiGroups": [""]}]}),
    (RBAC, "rolebindings", True, BINDING),
    (RBAC, "clusterrolebindings", False, BINDING),
    (
        "autoscaling/v2",
        "horizontalpodautoscalers",
        True,
        {"spec": {"minReplicas": 1, "maxReplicas": 3, "scaleTargetRef": TARGET}},
    ),
    ("policy/v1", "poddisruptionbudgets", True, {"spec": {"maxUnavailable": 1, "selector": {}}}),
    (STORAGE, "storageclasses", False, {"provisioner": "a.b/c"}),
    ("scheduling.k8s.io/v1", "priorityclasses", False, {"value": 7, "globalDefault": False}),
    ("coordination.k8s.io/v1", "leases", True, {"spec": {"holderIdentity": "me"}}),
    ("discovery.k8s.io/v1", "endpointslices", True, {"addressType": "IPv4", "endpoints": []}),
    ("admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", False, {"webhooks": []}),
)


def tables() -> Iterator[Row]:
    """The tables of the kinds that users list; what defaulting adds to the objects is not compared."""
    yield Row("POST", "/api/v1/namespaces", named("t"))
    for group, resource, namespaced, fields in KINDS:
        root = f"/apis/{group}" if group else "/api/v1"
        path = f"{root}/namespaces/t/{resource}" if namespaced else f"{root}/{resource}"
        yield Row("POST", path, named("shown", **fields))
        yield Row("GET", f"{path}/shown?includeObject=None", accept=TABLE)
        yield Row("DELETE", f"{path}/shown?dryRun=All")


def scaling() -> Iterator[Row]:
    """The scale and the status of a Deployment."""
    one = "/apis/apps/v1/namespaces/t/deployments/shown"
    yield Row("GET", one + "/scale")
    yield Row("PUT", one + "/scale", named("shown", spec={"replicas": 3}))
    yield Row("PUT", one + "/scale", named("shown", spec={"replicas": 3}, _resourceVersion="1"))
    yield Row("PATCH", one + "/scale", {"spec": {"replicas": 5}}, MERGE)
    yield Row(
        "PATCH",
        one + "/status",
        {"spec": {"replicas": 7}, "status": {"replicas": 2, "readyReplicas": 1}},
        MERGE,
    )
    yield Row("PATCH", one, {"metadata": {"annotations": {"x": "y"}}}, MERGE)
    yield Row("PATCH", one, {"metadata": {"labels": {"x": "y"}}}, MERGE)
    yield Row("GET", one + "?includeObject=None", accept=TABLE)
    yield Row("GET", one.replace("shown", "none") + "/scale")
    for field in ({"replicas": "3"}, [1], {"template": {"spec": {"containers": {"name": "3"}}}}):
        yield Row("POST", one.removesuffix("/shown"), named("bad", spec=field))
    nested = {
        "template": {
            "spec": {
                "containers": [{"name": "x", "image": "i", "bar": 1, "resources": {"limits": {"cpu": "x y"}}}]
            }
        }
    }
    yield Row("POST", one.removesuffix("/shown"), named("bad", spec=nested))
    del nested["template"]["spec"]["containers"][0]["resources"]
    yield Row(
        "POST",
        one.removesuffix("/shown") + "?fieldValidation=Strict",
        named("bad", spec={"foo": 1, **nested}),
    )


def refusing() -> Iterator[Row]:
    """Definitions that are wrong, new and changed."""
    yield from (
        Row("POST", f"{DEFINITIONS}?dryRun=All", definitions.another(c)) for c in definitions.CASES["create"]
    )


ACCOUNTS = "/api/v1/namespaces/a/serviceaccounts"
GOING: tuple[tuple[str, str, str, str], ...] = (
    *(("abd", "a", "c", "bc"), ("abd", "a", "c", "cb"), ("abd", "b", "c", "ac"), ("abd", "d", "c", "bc")),
    *(("abcd", "ab", "e", "e"), ("abcd", "ab", "ef", "fe"), ("ab", "a", "cd", "cd"), ("aab", "a", "c", "c")),
)
"""Items that are there, those that go, those that are new, and the order."""


def ordering() -> Iterator[Row]:
    """Lists of which some items go, others come, and an order is set."""
    for number, (there, gone, new, order) in enumerate(GOING):
        made, come = ([{"name": name} for name in names] for names in (there, sorted(new, key=order.find)))
        going = [{"name": name, "$patch": "delete"} for name in gone]
        patch = {"secrets": come + going, "$setElementOrder/secrets": [{"name": name} for name in order]}
        yield Row("POST", ACCOUNTS, named(f"s{number}", secrets=made))
        yield Row("PATCH", f"{ACCOUNTS}/s{number}", patch, STRATEGIC)
    yield Row("PATCH", f"{ACCOUNTS}/s0", {"secrets": [{"name": "x"}, {"name": "x"}]}, STRATEGIC)
    yield Row("PATCH", f"{ACCOUNTS}/s0", {"$setElementOrder/secrets": [], "secrets": []}, STRATEGIC)


APPLY = "application/apply-patch+yaml"


ROPES = {"group": "tight.example.com", "names": {"plural": "ropes", "kind": "Rope"}}
ROPE = {"apiVersion": "tight.example.com/v1", "kind": "Rope", "metadata": {"name": "r"}}


def rope(map_type: str, list_type: str) -> Any:
    """A definition of ropes, which have a map and a list of these types."""
    text = {"type": "string"}
    maps = {"type": "object", "additionalProperties": text, "x-kubernetes-map-type": map_type}
    lists = {"type": "array", "items": text, "x-kubernetes-list-type": list_type}
    return definitions.definition(
        {"root": {"type": "object", "properties": {"map": maps, "list": lists}}, "spec": ROPES}
    )


def tightening() -> Iterator[Row]:
    """Maps and lists that become one field, and many again, while others own what is in them."""
    path, parts = "/apis/tight.example.com/v1/ropes/r", rope("granular", "set")
    yield Row("POST", DEFINITIONS, parts, pause=6)
    for number, spec in enumerate((parts["spec"], rope("atomic", "atomic")["spec"], parts["spec"])):
        yield Row("PATCH", f"{DEFINITIONS}/ropes.tight.example.com", {"spec": spec}, MERGE, pause=6)
        for name, force in (("one", ""), ("two", ""), ("two", "&force=true"), ("three", "")):
            applied = {**ROPE, "map": {name: "x", "same": f"{number}{name}"}, "list": [name]}
            yield Row("PATCH", f"{path}?fieldManager={name}{force}", applied, APPLY)
