"""The examples of the pictures of laws: a value for each parameter, other ones where a law needs them.

Each can tell: tests/docs/test_law_pictures.py draws wrong implementations with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import Parameter, signature
from math import inf
from typing import Any

from returns.result import Failure, Success

from fkube.exchange import Call, Request, Response, failed
from fkube.laws.compare import list_of
from fkube.report import Outcome, report
from fkube.resource.errors import ConditionError, DecodeError, StatusError, TransportError
from fkube.resource.info import Info, Object, Origin, RESTMapping
from fkube.testing.functions import Always, Among, Echo, Label, OfKind, Refuse, Repeat, Send, Suffix, Tell
from fkube.testing.merging import SCHEMA, TYPE
from fkube.testing.waits import Judge
from fkube.testing.workloads import Prefix
from fkube.verbs.conditions import Met, Never, NotYet, Snapshot
from fkube.visitor import broken, each, flattened, infos, one, visitor_list
from fkube.visitor.stages import sorted_by, take, unique
from fkube.visitor.visits import visited_of

PODS = RESTMapping("", "v1", "Pod", "pods")


def resource(kind: str, name: str, **metadata: object) -> Info:
    """A resource of the core group."""
    return Info({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, **metadata}})


def name_of(info: Any) -> str:
    """The name of a resource."""
    return str(info.name)


def kind_of(info: Any) -> str:
    """The kind of a resource."""
    return str(info.kind)


def is_web(info: Any) -> bool:
    """Whether a resource has this name."""
    return bool(info.name == "web")


def container(image: str) -> Object:
    """A pod's spec with one container."""
    return {"spec": {"containers": [{"name": "web", "image": image}]}}


NOT_YAML, NO_KIND = DecodeError("not YAML"), DecodeError("no kind")
WEB, DB, CACHE = resource("Pod", "web"), resource("Pod", "db"), resource("ConfigMap", "cache")
SHOP = resource("Namespace", "shop")
CRD = Info(
    {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets"},
    }
)
MAPPED = replace(resource("Pod", "web", namespace="shop"), mapping=PODS, origin=Origin("web.yaml", 2, 14))
CREATED = tuple(Success(Outcome("created", Origin(), info)) for info in (WEB, DB, CACHE))
DEPLOYMENT = Info(
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "labels": {"app": "web"}, "uid": "1", "managedFields": []},
        "spec": {"template": container("nginx")},
    }
)
NOT_FOUND = Response(404, {"kind": "Status", "status": "Failure", "message": "not found", "code": 404})
POD = Response(200, dict(WEB.object))
ASK = Call(
    Request("GET", "/api/v1/pods"), Echo("pods"), 1.0, Always(failed(TransportError("connection lost")))
)
LISTS = visitor_list(one(list_of(WEB, CACHE)), one(DB))
STAGING = resource("Pod", "web", namespace="staging")
BROKEN = visitor_list(broken(NOT_YAML), broken(NO_KIND))
TELL = Tell("fn", forgives=True)
"""A visitor function which forgives what it is told of."""
UNARRANGED = visitor_list(one(WEB), one(DB), one(CRD), broken(NOT_YAML), one(SHOP))
MIXED = visitor_list(one(WEB), one(CACHE), broken(NOT_YAML), one(DB))

VALUES: Mapping[str, Any] = {
    "a": visitor_list(one(WEB), one(CACHE)),
    "b": visitor_list(one(DB), broken(NOT_YAML)),
    "c": one(CACHE),
    "visitor": MIXED,
    "visitors": (one(WEB), one(DB), one(CACHE), one(DB)),
    "fn": each(Success),
    "again": Among(("pods",)),
    "attempts": 1,
    "applied": {"size": 1, "kind": "a", "items": [{"name": "web", "value": 1}, {"name": "db", "value": 2}]},
    "wanted": {"size": 2, "items": [{"name": "db", "value": 3}, {"name": "cache", "value": 1}]},
    "current": {"size": 1, "kind": "a", "items": [{"name": "web", "value": 1}, {"name": "mine", "value": 9}]},
    "awaited": Judge(NotYet(), NotYet(), 3.0),
    "also": Judge(Met(), Met(), 3.0),
    "more": Judge(Never((ConditionError("crashed"),)), Met(), 3.0),
    "moment": Snapshot({"kind": "Pod"}, 1.0),
    "seconds": 5.0,
    "limit": 2.0,
    "becomes": Repeat(Suffix("-copy"), 1),
    "rebecomes": Repeat(Label("team", "web"), 1),
    "change": name_of,
    "chunk": 2,
    "decorate": Suffix("-a"),
    "redecorate": Suffix("-b"),
    "dry_run": Send((Request("GET", "/api"), Request("POST", "/api/v1/pods", (("dryRun", "All"),)))),
    "error": NOT_YAML,
    "exchange": ASK,
    "fields": frozenset({("f:spec", "f:name"), ("f:spec", "f:labels", "f:a")}),
    "holds": OfKind("Pod"),
    "also_holds": is_web,
    "info": WEB,
    "live": {"spec": {"name": "a", "tags": ["a", "b"], "labels": {"a": "b"}, "args": ["a"]}},
    "config": {"spec": {"name": "b", "tags": ["c"], "ports": [{"port": 1}]}},
    "mapped_info": MAPPED,
    "namespace": "shop",
    "origin": Origin("web.yaml", 1, 1),
    "rename": Prefix("b/"),
    "rerename": Prefix("a/"),
    "repeated_applied": {},
    "repeated_wanted": {"items": [{"name": "web", "value": 1}]},
    "repeated_current": {"items": [{"name": "web", "value": 2}, {"name": "mine"}]},
    "reply": Echo("then"),
    "rereply": Echo("last"),
    "reported": report(visited_of((CREATED[0], Failure(NOT_YAML)))),
    "also_reported": report(visited_of(CREATED[1:2])),
    "more_reported": report(visited_of((CREATED[2], Failure(StatusError("exists", 409))))),
    "request": Request("GET", "/version"),
    "resources": (WEB, CACHE),
    "more_resources": (DB,),
    "schema": SCHEMA,
    "server_answers": (POD, NOT_FOUND, POD),
    "stage": take(2),
    "restage": unique(kind_of),
    "stages": (flattened, take(3)),
    "steps": (Success(SHOP), Success(WEB), Success(DB), Failure(NOT_YAML), Success(CRD), Success(WEB)),
    "template": {"metadata": {"labels": {"app": "web"}}, **container("nginx:1.27")},
    "retemplate": container("caddy"),
    "texts": {"team": "shop"},
    "typed": TYPE,
    "value": 7,
    "verb": Send((Request("GET", "/api/v1/pods/web"), Request("POST", "/api/v1/pods"))),
    "visit": visited_of((CREATED[0], Failure(NOT_YAML))),
    "next_visit": visited_of(CREATED[1:]),
    "workload": DEPLOYMENT,
}

OTHERS: Mapping[str, Mapping[str, Any]] = {
    "arranged_foundations": {"visitor": UNARRANGED},
    "arranged_idempotent": {"visitor": UNARRANGED},
    "arranged_permutation": {"visitor": UNARRANGED},
    "arranged_stable": {"visitor": UNARRANGED},
    "check_require_namespace": {"info": STAGING},
    "continue_on_error_commutes": {
        "visitor": infos(WEB, CACHE),
        "decorate": Refuse(OfKind("ConfigMap"), NO_KIND),
        "fn": TELL,
    },
    "continue_on_error_over_list": {"a": BROKEN, "fn": TELL},
    "eager_agrees": {"b": one(DB)},
    "eager_associative": {"a": one(WEB), "b": broken(NOT_YAML), "c": broken(NO_KIND)},
    "eager_singleton": {"a": visitor_list(BROKEN, one(WEB))},
    "exchange_fold_over_bind": {"reply": Always(Call(Request("GET", "/api/v1/nodes"), Echo("nodes")))},
    "filtered_composition": {"visitor": infos(WEB, CACHE, DB)},
    "filtered_commutes": {"visitor": visitor_list(one(CACHE), one(WEB))},
    "flattened_by_and_then": {"visitor": one(list_of(list_of(WEB, CACHE), DB))},
    "flattened_idempotent": {"visitor": one(list_of(list_of(WEB, CACHE), DB))},
    "flattened_over_list": {"a": LISTS, "b": LISTS},
    "lens_get_put": {"workload": Info({**DEPLOYMENT.object, "more": 1})},
    "list_singleton": {"a": visitor_list(one(WEB), broken(NOT_YAML))},
    "naturality": {"visitor": infos(WEB, DB, CACHE), "change": kind_of},
    "require_force_namespace": {"info": STAGING},
    "require_set_namespace": {"info": STAGING},
    "stage_composition": {"a": infos(WEB, DB, CACHE)},
    "three_way_twice": {"current": {"plain": [1, 2]}},
    "whole_pure": {"stage": sorted_by(name_of)},
    "within_is_merged": {"config": {"spec": {"name": "b", "labels": {"c": "d"}}}},
    "within_distributes": {
        "awaited": Judge(Met(), Met(), 3.0),
        "also": Judge(NotYet(), NotYet(), inf),
        "moment": Snapshot({"kind": "Pod"}, 6.0),
    },
}
"""What some laws need instead."""


def example_of(law: Callable[..., object]) -> Mapping[str, Any]:
    """The values of the picture of a law, by its parameters.

    Errors: `LookupError` for a parameter of which there is no example yet.
    """
    required = [p.name for p in signature(law).parameters.values() if p.default is Parameter.empty]
    values = {**VALUES, **OTHERS.get(law.__name__, {})}
    if missing := [name for name in required if name not in values]:
        raise LookupError(
            f"{law.__name__} has no picture: give an example of {missing} in docs/law_examples.py"
        )
    return {name: values[name] for name in required}
