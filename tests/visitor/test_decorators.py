"""The namespace decorators do as cli-runtime's, and leave what they are given as it was."""

from __future__ import annotations

import pickle
from copy import deepcopy

import pytest
from returns.result import Success

from fkube import testing
from fkube.resource.errors import NamespaceError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.visitor.decorators import filter_namespace, force_namespace, require_namespace, set_namespace

PODS = RESTMapping("", "v1", "Pod", "pods")
NODES = RESTMapping("", "v1", "Node", "nodes", namespaced=False)
REFUSED = (
    'the namespace from the provided object "bar" does not match the namespace "shop".'
    " You must pass '--namespace=bar' to perform this operation."
)


def info(namespace: str | None, mapping: RESTMapping | None) -> Info:
    metadata = {"name": "a"} if namespace is None else {"name": "a", "namespace": namespace}
    return Info({"apiVersion": "v1", "kind": "Pod", "metadata": metadata}, Origin("a.yaml", 1, 1), mapping)


# Decorator, mapping, namespace before, namespace after or message. None: there is no such field.
CASES = [
    (set_namespace("shop"), PODS, None, "shop"),
    (set_namespace("shop"), PODS, "", "shop"),
    (set_namespace("shop"), PODS, "bar", "bar"),
    (set_namespace("shop"), None, None, "shop"),
    (set_namespace("shop"), NODES, None, None),
    (set_namespace("shop"), NODES, "bar", "bar"),
    (set_namespace(""), PODS, None, None),
    (require_namespace("shop"), PODS, None, "shop"),
    (require_namespace("shop"), PODS, "shop", "shop"),
    (require_namespace("shop"), PODS, "bar", REFUSED),
    (require_namespace("shop"), NODES, "bar", "bar"),
    (require_namespace("shop"), NODES, None, None),
    (force_namespace("shop"), PODS, None, "shop"),
    (force_namespace("shop"), PODS, "shop", "shop"),
    (force_namespace("shop"), PODS, "bar", "shop"),
    (force_namespace("shop"), None, "bar", "shop"),
    (force_namespace("shop"), NODES, "bar", "bar"),
    (force_namespace("shop"), NODES, None, None),
    (force_namespace(""), PODS, "bar", None),
    (filter_namespace, PODS, "bar", "bar"),
    (filter_namespace, None, "bar", "bar"),
    (filter_namespace, NODES, "bar", None),
    (filter_namespace, NODES, None, None),
]


@pytest.mark.parametrize(("decorate", "mapping", "before", "after"), CASES)
def test_namespaces(decorate, mapping, before, after) -> None:
    given = info(before, mapping)
    unchanged = deepcopy(given)
    decorated = decorate(given)
    assert given == unchanged
    if after == REFUSED:
        assert decorated.failure() == NamespaceError(REFUSED, given.origin)
    else:
        assert decorated == Success(info(after, mapping))


@pytest.mark.parametrize(
    "decorate",
    [set_namespace("shop"), require_namespace("shop"), force_namespace("shop"), filter_namespace],
    ids=function_name,
)
def test_decorators_are_lawful_values(decorate) -> None:
    testing.check_decorator(decorate, examples=20)
    assert pickle.loads(pickle.dumps(decorate)) == decorate


def test_namespaces_are_quoted_as_go_does() -> None:
    refused = require_namespace('a"b')(info("bar", PODS)).failure()
    assert 'does not match the namespace "a\\"b".' in refused.message
    assert str(refused).startswith("a.yaml, document 1, line 1: the namespace")
