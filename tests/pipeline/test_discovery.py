"""Discovery documents become mappings, and what a user types finds the mapping that kubectl finds."""

from types import MappingProxyType

import pytest
from returns.result import Success

from fkube.cli import api_resources
from fkube.cli.console import Console
from fkube.edge import Client
from fkube.exchange import Request, Response
from fkube.pipeline.discovery import (
    Mapper,
    add_definition,
    aggregated_mapper,
    expand_category,
    kind_for,
    legacy_mapper,
    map_info,
    mapping_for,
)
from fkube.resource.info import Info, Origin
from fkube.verbs import discover


def resource(kind, plural, scope="Namespaced", short=(), categories=(), singular=None):
    return {
        "resource": plural,
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": scope,
        "singularResource": singular or kind.lower(),
        "verbs": ["get", "list"],
        "shortNames": list(short),
        "categories": list(categories),
        "subresources": [{"subresource": "status"}],
    }


def group(name, **versions):
    listed = [{"version": version, "resources": rows} for version, rows in versions.items()]
    return {"metadata": {"name": name}, "versions": listed}


CORE = {
    "kind": "APIGroupDiscoveryList",
    "items": [
        group(
            "",
            v1=[
                resource("Pod", "pods", short=["po"], categories=["all"]),
                resource("Namespace", "namespaces", scope="Cluster", short=["ns"]),
                resource("Event", "events", short=["ev"]),
                {"resource": "odd", "scope": "Namespaced", "verbs": []},
            ],
        )
    ],
}
APIS = {
    "kind": "APIGroupDiscoveryList",
    "items": [
        group("apps", v1=[resource("Deployment", "deployments", short=["deploy"], categories=["all"])]),
        group("events.k8s.io", v1=[resource("Event", "events", short=["ev"])]),
        group(
            "autoscaling",
            v2=[resource("HorizontalPodAutoscaler", "horizontalpodautoscalers", short=["hpa"])],
            v1=[resource("HorizontalPodAutoscaler", "horizontalpodautoscalers", short=["hpa"])],
        ),
        group("shirts.example.com", v1=[resource("Pod", "pods", short=["sh"])]),
    ],
}
KNOWN = aggregated_mapper(CORE, APIS)

CASES = (
    ("pods", "v1 Pod"),
    ("pod", "v1 Pod"),
    ("Pod", "v1 Pod"),
    ("PODS", "v1 Pod"),
    ("po", "v1 Pod"),
    ("deploy", "apps/v1 Deployment"),
    ("deployments.apps", "apps/v1 Deployment"),
    ("deploy.apps", "apps/v1 Deployment"),
    ("deployments.v1.apps", "apps/v1 Deployment"),
    ("Deployment.v1.apps", "apps/v1 Deployment"),
    ("events", "v1 Event"),
    ("events.events.k8s.io", "events.k8s.io/v1 Event"),
    ("ev.events", "events.k8s.io/v1 Event"),
    ("hpa", "autoscaling/v2 HorizontalPodAutoscaler"),
    ("hpa.v1.autoscaling", "autoscaling/v2 HorizontalPodAutoscaler"),
    ("horizontalpodautoscalers.v1.autoscaling", "autoscaling/v1 HorizontalPodAutoscaler"),
    ("HorizontalPodAutoscaler.v1.autoscaling", "autoscaling/v1 HorizontalPodAutoscaler"),
    ("horizontalpodautoscalers.autosc", "autoscaling/v2 HorizontalPodAutoscaler"),
    ("pods.shirts.example.com", "shirts.example.com/v1 Pod"),
    ("sh", "shirts.example.com/v1 Pod"),
)


@pytest.mark.parametrize(("argument", "expected"), CASES)
def test_an_argument_finds_what_kubectl_finds(argument, expected):
    found = mapping_for(KNOWN, argument).unwrap()
    assert f"{found.api_version} {found.kind}" == expected


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("shoes", 'the server doesn\'t have a resource type "shoes"'),
        ("pods.nowhere", 'the server doesn\'t have a resource type "pods" in group "nowhere"'),
        ("", 'the server doesn\'t have a resource type ""'),
        ("pods.v2.", 'the server doesn\'t have a resource type "pods" in group "v2."'),
        ("deployments.v1.app", 'the server doesn\'t have a resource type "deployments" in group "v1.app"'),
        ("PO", 'the server doesn\'t have a resource type "PO"'),
        ("shirt", 'the server doesn\'t have a resource type "shirt"'),
        ("shirt.a", 'the server doesn\'t have a resource type "shirt" in group "a"'),
    ],
)
def test_what_is_not_there_is_said_in_kubectls_words(argument, message):
    assert str(mapping_for(WITH_SHIRTS, argument).failure()) == message


NAMES = {"kind": "Shirt", "plural": "shirtz", "singular": "hemd", "shortNames": ["sh"]}
VERSIONS = [{"name": "v1", "served": True}, {"name": "v1beta1", "served": True}]
WITH_SHIRTS = add_definition(KNOWN, {"spec": {"group": "a.b", "names": NAMES, "versions": VERSIONS}})


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("pods.v1.", "v1 Pod"),
        ("po.v1.", "v1 Pod"),
        ("Pod.v1.", "v1 Pod"),
        ("pods.", "v1 Pod"),
        ("pods..", "v1 Pod"),
        ("deployments.v1.", "apps/v1 Deployment"),
        ("deploy.v9.apps", "apps/v1 Deployment"),
        ("deployments.app", "apps/v1 Deployment"),
        ("shirt.a.b", "a.b/v1 Shirt"),
        ("shirt.v1beta1.a.b", "a.b/v1beta1 Shirt"),
        ("Shirt.a.b", "a.b/v1 Shirt"),
        ("hemd", "a.b/v1 Shirt"),
        ("sh.a", "a.b/v1 Shirt"),
    ],
)
def test_a_kind_may_be_in_lower_case_and_the_core_group_have_a_version(argument, expected):
    found = mapping_for(WITH_SHIRTS, argument).unwrap()
    assert f"{found.api_version} {found.kind}" == expected


def test_categories_expand_to_their_resources_and_others_to_themselves():
    assert expand_category(KNOWN, "all") == ("pods", "deployments.apps")
    assert expand_category(KNOWN, "pods") == ("pods",)


def test_kinds_are_exact_or_in_lower_case():
    assert kind_for(KNOWN, "v1", "Pod").unwrap().resource == "pods"
    assert kind_for(KNOWN, "v1", "pod").unwrap().kind == "Pod"
    assert isinstance(kind_for(KNOWN, "v1", "POD").swap(), Success)
    assert str(kind_for(KNOWN, "apps/v9", "Deployment").failure()).endswith('in version "apps/v9"')


def test_mapping_a_resource_gives_its_scope_or_says_what_is_missing():
    namespace = map_info(KNOWN, Info({"apiVersion": "v1", "kind": "Namespace"})).unwrap()
    assert not namespace.namespaced
    shirt = Info({"apiVersion": "a.b/v1", "kind": "Shirt", "metadata": {"name": "s"}}, Origin("x.yaml", 2, 7))
    assert str(map_info(KNOWN, shirt).failure()) == (
        'x.yaml, document 2, line 7: resource mapping not found for name: "s" namespace: "": '
        'no matches for kind "Shirt" in version "a.b/v1"; ensure CRDs are installed first'
    )


def test_a_definition_extends_the_mapper_after_what_is_known():
    names = {"kind": "Shirt", "plural": "shirts", "shortNames": ["po", "st"], "categories": ["all"]}
    versions = [{"name": "v1", "served": True}, {"name": "v0", "served": False}]
    crd = {"spec": {"group": "a.b", "scope": "Namespaced", "names": names, "versions": versions}}
    known = add_definition(KNOWN, crd)
    assert mapping_for(known, "st").unwrap().qualified == "shirts.a.b"
    assert mapping_for(known, "po").unwrap().kind == "Pod"
    assert "shirts.a.b" in expand_category(known, "all")
    assert isinstance(kind_for(known, "a.b/v0", "Shirt").alt(str).swap(), Success)
    assert add_definition(KNOWN, {"spec": None}) == KNOWN


GROUPS = {
    "kind": "APIGroupList",
    "groups": [
        {
            "name": "autoscaling",
            "versions": [{"groupVersion": "autoscaling/v1"}, {"groupVersion": "autoscaling/v2"}],
            "preferredVersion": {"groupVersion": "autoscaling/v2"},
        }
    ],
}
HPA = {
    "name": "horizontalpodautoscalers",
    "kind": "HorizontalPodAutoscaler",
    "namespaced": True,
    "verbs": ["get"],
}
ANSWERS = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": GROUPS,
    "/api/v1": {
        "kind": "APIResourceList",
        "groupVersion": "v1",
        "resources": [{"name": "pods", "kind": "Pod", "namespaced": True, "verbs": ["get"]}],
    },
    "/apis/autoscaling/v1": {
        "kind": "APIResourceList",
        "groupVersion": "autoscaling/v1",
        "resources": [HPA],
    },
    "/apis/autoscaling/v2": {
        "kind": "APIResourceList",
        "groupVersion": "autoscaling/v2",
        "resources": [HPA],
    },
}


def told(exchange, answers):
    """Hold a conversation with canned answers; what was asked, and what it came to."""
    asked = []
    while not hasattr(exchange, "result"):
        asked.append(exchange.request)
        body = answers.get(exchange.request.path)
        exchange = exchange.then(Response(200, body) if body else Response(503, "no"))
    return asked, exchange.result


def test_aggregated_discovery_takes_two_requests():
    asked, result = told(discover(), {"/api": CORE, "/apis": APIS})
    assert [request.path for request in asked] == ["/api", "/apis"]
    assert result == Success(KNOWN)


def test_legacy_discovery_asks_for_each_version_the_preferred_first():
    asked, result = told(discover(), ANSWERS)
    assert [r.path for r in asked][2:] == ["/api/v1", "/apis/autoscaling/v2", "/apis/autoscaling/v1"]
    assert mapping_for(result.unwrap(), "horizontalpodautoscaler").unwrap().version == "v2"


def test_each_of_the_two_documents_may_be_aggregated_or_not():
    asked, result = told(discover(), ANSWERS | {"/apis": APIS})
    assert [request.path for request in asked] == ["/api", "/apis", "/api/v1"]
    core = legacy_mapper([ANSWERS["/api/v1"]]).resources
    assert result.unwrap().resources == (*core, *aggregated_mapper(APIS).resources)
    asked, result = told(discover(), ANSWERS | {"/api": CORE})
    assert [request.path for request in asked][2:] == ["/apis/autoscaling/v2", "/apis/autoscaling/v1"]
    assert result.unwrap().resources[:3] == aggregated_mapper(CORE).resources


@pytest.mark.parametrize("groups", [{}, {"groups": None}, {"groups": [{"name": "a"}]}])
def test_groups_without_versions_offer_nothing(groups):
    _, result = told(discover(), ANSWERS | {"/apis": {"kind": "APIGroupList", **groups}})
    assert [resource.mapping.resource for resource in result.unwrap().resources] == ["pods"]


WRONG = [None, [], "text", 5, [None], {"a": None}, 10**30, True]


def test_documents_made_in_code_may_be_of_tuples_and_other_mappings():
    def frozen(value):
        if isinstance(value, dict):
            return MappingProxyType({key: frozen(held) for key, held in value.items()})
        return tuple(map(frozen, value)) if isinstance(value, list) else value

    assert aggregated_mapper(frozen(CORE), frozen(APIS)) == KNOWN
    lists = [ANSWERS["/api/v1"], ANSWERS["/apis/autoscaling/v1"]]
    assert len(legacy_mapper(lists).resources) == 2
    assert legacy_mapper(map(frozen, lists)) == legacy_mapper(lists)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_documents_of_another_shape_add_nothing(wrong):
    groups = [{"metadata": wrong}, {"metadata": {"name": "a"}, "versions": [{"version": wrong}]}]
    others = [wrong, {"items": [wrong]}, *({"items": [one]} for one in groups if wrong not in (None, "text"))]
    known = aggregated_mapper(CORE)
    assert aggregated_mapper(CORE, *(one for one in others if one != {"items": [{"a": None}]})) == known
    lists = [wrong, {"groupVersion": "v1", "resources": [wrong]}, {"resources": []}]
    assert legacy_mapper([ANSWERS["/api/v1"], *lists]) == legacy_mapper([ANSWERS["/api/v1"]])
    assert add_definition(known, wrong) == known
    assert add_definition(known, {"spec": {"versions": [wrong], "names": {"kind": "A"}}}) == known


def test_a_group_whose_server_is_down_costs_its_kinds_only():
    asked, result = told(discover(), {k: v for k, v in ANSWERS.items() if k != "/apis/autoscaling/v2"})
    assert len(asked) == 5
    assert [r.mapping.api_version for r in result.unwrap().resources] == ["v1", "autoscaling/v1"]
    assert result.unwrap().missing == ("autoscaling/v2",)


def test_a_version_that_is_stale_costs_its_kinds_only():
    fresh = [{**group, "metadata": {"name": group["metadata"].get("name", "")}} for group in APIS["items"]]
    stale = [
        {**group, "versions": [{**v, "freshness": "Stale"} for v in group["versions"]]} for group in fresh
    ]
    known = aggregated_mapper(CORE, {"items": [*stale[:1], *fresh[1:]]})
    name = stale[0]["metadata"]["name"]
    assert known.missing == tuple(f"{name}/{version['version']}" for version in stale[0]["versions"])
    assert name not in {resource.mapping.group for resource in known.resources}
    assert known.resources == tuple(
        r for r in aggregated_mapper(CORE, APIS).resources if r.mapping.group != name
    )


def test_a_server_that_says_nothing_is_a_failure():
    assert told(discover(), {})[1].failure().code == 503
    assert isinstance(discover().request, Request)
    assert legacy_mapper([]) == Mapper()


def test_the_command_prints_what_there_is_and_says_what_is_missing(capsys):
    def send(request):
        body = ANSWERS.get(request.path) if "v2" not in request.path else None
        return Success(Response(200, body) if body else Response(503, "no"))

    console = Console()
    api_resources.print_resources(console, api_resources.ResourcesOptions(), "name", Client(send))
    assert console.close() == 0
    missing = "couldn't get the resource list for autoscaling/v2"
    assert capsys.readouterr() == (
        "pods\nhorizontalpodautoscalers.autoscaling\n",
        f"Warning: {missing}: the server is currently unable to handle the request\n",
    )
