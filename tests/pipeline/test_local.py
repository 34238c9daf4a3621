"""Without a server nobody knows what lives in a namespace: local pipelines check it, and set none."""

from fkube import builder as b
from fkube.pipeline import stages
from fkube.resource.info import Info
from fkube.resource.piping import pipe
from fkube.visitor.combinators import one
from fkube.visitor.stages import through
from fkube.visitor.visits import reached

PLAIN = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
HOUSED = {**PLAIN, "metadata": {"name": "a", "namespace": "shop"}}


def staged(object, *steps):
    made = pipe(
        b.builder(), b.objects(object), b.local, *steps, b.default_namespace, b.flatten, b.do
    ).unwrap()
    return reached(through(*stages(made))(one(Info(object))))


def test_an_object_of_another_namespace_is_refused():
    required = b.namespace("mine"), b.require_namespace
    (step,) = staged(HOUSED, *required)
    assert 'the namespace from the provided object "shop" does not match' in str(step.failure())
    (step,) = staged({"kind": "FooList", "apiVersion": "v1", "items": [HOUSED]}, *required)
    assert "--namespace=shop" in str(step.failure())


def test_an_object_without_a_namespace_is_given_none():
    for steps in ((), (b.namespace("shop"), b.require_namespace)):
        assert [step.unwrap().object for step in staged(PLAIN, *steps)] == [PLAIN]
        assert [step.unwrap().object for step in staged(HOUSED, *steps)] == [HOUSED]
