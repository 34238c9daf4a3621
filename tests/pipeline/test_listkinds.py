"""A list has its own kind, which is looked up before its items are, at every depth."""

from dataclasses import replace

import pytest
from returns.result import Failure, Success

from fkube.pipeline.discovery import Mapper, add_definition, mapper
from fkube.pipeline.listkinds import list_kind_for, lists_mapped
from fkube.pipeline.resources import Resource
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.testing import check_stage
from fkube.visitor.combinators import flattened, infos, one
from fkube.visitor.stages import over
from fkube.visitor.visits import reached

CONFIG_MAP = RESTMapping("", "v1", "ConfigMap", "configmaps")
DEPLOYMENT = RESTMapping("apps", "v1", "Deployment", "deployments")
KNOWN = mapper((Resource(CONFIG_MAP, "configmap"), Resource(DEPLOYMENT, "deployment")))
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "shirts.a.b"},
    "spec": {
        "group": "a.b", "names": {"plural": "shirts", "kind": "Shirt"},
        "versions": [{"name": "v1", "served": True}],
    },
}  # fmt: skip


def config_map(name):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}


def listed(*items, kind="List", api_version="v1"):
    return Info({"apiVersion": api_version, "kind": kind, "items": [*items]}, Origin("l.yaml", 1, 1))


def left(*resources, known=KNOWN):
    steps = reached(flattened(lists_mapped(known)(infos(*resources))))
    return [step.map(lambda info: info.name).value_or("refused") for step in steps]


@pytest.mark.parametrize(
    ("api_version", "kind", "known"),
    [
        ("v1", "List", True),
        ("apps/v1", "List", True),
        ("v9", "List", False),
        ("meta.k8s.io/v1", "List", False),
        ("", "List", False),
        ("v1", "ConfigMapList", True),
        ("v1", "DeploymentList", False),
        ("apps/v1", "DeploymentList", True),
        ("v1", "configmaplist", False),
        ("v1", "list", False),
        ("v1", "configmap", True),
        ("v1", "ConfigMap", True),
        ("v1", "FooList", False),
        ("v1", "", False),
    ],
)
def test_lists_have_the_kinds_that_kubectl_knows(api_version, kind, known):
    assert isinstance(list_kind_for(KNOWN, api_version, kind), Success) is known


def test_a_list_of_an_unknown_kind_is_refused_whole_even_an_empty_one():
    assert left(listed(config_map("a"), kind="FooList"), listed(config_map("b"))) == ["refused", "b"]
    (step,) = reached(lists_mapped(KNOWN)(one(listed(kind="FooList"))))
    error = step.failure()
    assert 'no matches for kind "FooList" in version "v1"' in str(error)
    assert "flatten" not in str(error)
    assert error.origin == Origin("l.yaml", 1, 1)


def test_lists_in_lists_are_looked_up_each():
    inner = listed(config_map("b"), kind="FooList").object
    fine = listed(config_map("c"), listed(config_map("d")).object).object
    assert left(listed(config_map("a"), inner, fine, config_map("e"))) == ["a", "refused", "c", "d", "e"]


def test_lists_may_be_nested_deeper_than_the_stack():
    nested = config_map("deep")
    for _ in range(5_000):
        nested = listed(nested).object
    assert left(Info(nested)) == ["deep"]


def test_a_definition_makes_the_lists_of_its_kind_known_to_what_comes_after_it():
    shirts = listed({"metadata": {"name": "s"}}, kind="ShirtList", api_version="a.b/v1")
    assert left(shirts, Info(CRD), shirts) == ["refused", "shirts.a.b", "s"]
    assert left(listed(CRD), shirts) == ["shirts.a.b", "s"]
    assert left(listed(CRD, shirts.object)) == ["shirts.a.b", "s"]
    _, after = over(lists_mapped(KNOWN), one(listed(CRD)))
    assert after == lists_mapped(add_definition(KNOWN, CRD))


def test_where_all_kinds_are_known_it_leaves_flattening_as_it_is():
    resources = (Info(config_map("a")), listed(config_map("b"), listed(config_map("c")).object), listed())
    visitor = infos(*resources)
    assert reached(flattened(lists_mapped(KNOWN)(visitor))) == reached(flattened(visitor))
    once = lists_mapped(KNOWN)(visitor)
    assert reached(lists_mapped(KNOWN)(once)) == reached(once)


def test_what_is_mapped_already_or_no_list_passes():
    odd = replace(listed(config_map("a"), kind="Odd"), mapping=CONFIG_MAP)
    plain = Info({"apiVersion": "v1", "kind": "Unknown"})
    assert reached(lists_mapped(Mapper())(infos(odd, plain))) == (Success(odd), Success(plain))


def test_it_is_a_stage():
    assert check_stage(lists_mapped(KNOWN), examples=2) == "scanned"


def test_failures_pass():
    broken = Failure(reached(lists_mapped(KNOWN)(one(listed(kind="FooList"))))[0].failure())
    assert lists_mapped(KNOWN).step(KNOWN, broken)[1].result == broken
