"""A resource is mapped anew as if it had just been read: with its own namespace, and with none left over."""

from dataclasses import replace

from returns.result import Success

from fkube import builder as b
from fkube.pipeline import stages
from fkube.pipeline.discovery import Mapper, mapper
from fkube.pipeline.remapping import remap
from fkube.pipeline.resources import Resource
from fkube.resource.info import Info, RESTMapping
from fkube.resource.piping import pipe
from fkube.visitor.combinators import one
from fkube.visitor.stages import through
from fkube.visitor.visits import reached

IN_NAMESPACES = RESTMapping("a.b", "v1", "Shirt", "shirts")
IN_NONE = replace(IN_NAMESPACES, namespaced=False)
ELSEWHERE = replace(IN_NAMESPACES, resource="shirtz")
WAS, IS = mapper([Resource(IN_NAMESPACES, "shirt")]), mapper([Resource(IN_NONE, "shirt")])
SHIRT = {"apiVersion": "a.b/v1", "kind": "Shirt", "metadata": {"name": "red"}}
HOUSED = {**SHIRT, "metadata": {"name": "red", "namespace": "shop"}}


def pipeline(*steps):
    return pipe(b.builder(), b.objects(SHIRT), *steps, b.default_namespace, b.do).unwrap()


def staged(request, known, object):
    return reached(through(*stages(request, known, "here"))(one(Info(object))))[0].unwrap()


def test_mapping_anew_is_mapping_by_what_is_there_now():
    for steps in ((), (b.namespace("shop"), b.require_namespace)):
        request = pipeline(*steps)
        for object in (SHIRT, HOUSED):
            for before, now in ((WAS, IS), (IS, WAS), (WAS, mapper([Resource(ELSEWHERE)]))):
                old = staged(request, before, object)
                assert remap(request, now, "here", old) == Success(staged(request, now, object))


def test_what_must_not_live_in_its_namespace_is_refused_then():
    request = pipeline(b.namespace("mine"), b.require_namespace)
    old = staged(request, IS, HOUSED)
    assert 'does not match the namespace "mine"' in str(remap(request, WAS, "here", old).failure())


def test_a_kind_that_is_gone_is_an_error():
    old = staged(pipeline(), WAS, SHIRT)
    assert 'no matches for kind "Shirt" in version "a.b/v1"' in str(
        remap(pipeline(), Mapper(), "here", old).failure()
    )


def test_what_is_only_named_is_named_anew():
    old = Info(HOUSED, mapping=IN_NAMESPACES, absent=True)
    new = remap(pipeline(), IS, "here", old).unwrap()
    assert (new.mapping, new.namespace, new.absent) == (IN_NONE, "", True)
    assert remap(pipeline(), WAS, "here", new).unwrap().namespace == "here"


def test_what_a_server_listed_and_what_users_functions_saw_stay():
    live = Info(HOUSED, mapping=IN_NONE, live=True)
    assert remap(pipeline(), WAS, "here", live) == Success(live)
    changed = pipeline(b.decorated(Success, mapped=True))
    old = staged(changed, WAS, SHIRT)
    assert remap(changed, IS, "here", old) == Success(old)
