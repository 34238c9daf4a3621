"""A plan is data: a test looks at what would be sent, and nothing is."""

from pathlib import Path

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.verbs.plan import Plan

MANIFESTS = Path(__file__).parents[1] / "manifests"

pipeline = pipe(
    b.builder(),
    b.filenames(MANIFESTS / "00-namespace.yaml", MANIFESTS / "10-settings.yaml", MANIFESTS / "20-web.yaml"),
    b.namespace("shop"),
    b.default_namespace,
    b.do,
)


def plan_release() -> Plan:
    return unsafe_perform_io(edge.plan(edge.embedded(), verbs.create())(pipeline).unwrap())


def test_a_release_creates_in_its_namespace_alone() -> None:
    plan = plan_release()
    assert plan.errors == ()
    assert {request.method for request in plan.requests} == {"POST"}
    namespace, *others = plan.requests
    assert namespace.path == "/api/v1/namespaces"
    assert all("/namespaces/shop/" in request.path for request in others)


if __name__ == "__main__":
    test_a_release_creates_in_its_namespace_alone()
    print(plan_release())
