"""Warnings of a server reach the outcome and who listens, whichever request of a conversation had them."""

from dataclasses import replace

import pytest
from returns.result import Failure, Success
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.edge.client import listen_for_warnings
from fkube.edge.listreads import read_from_lists
from fkube.edge.running import hold
from fkube.exchange import Request, call
from fkube.resource.errors import TransportError
from fkube.resource.info import RESTMapping
from fkube.verbs.prune import list_candidates

MAP = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")


def warning_client(*methods, deaf=()):
    """A client of a cluster with the map `a`, whose answers to these methods have a warning each."""
    known = edge.embedded()
    known.send(Request("POST", "/api/v1/namespaces/default/configmaps", body=MAP))

    def send(request):
        if request.method in deaf:
            return Failure(TransportError("gone", sent=True))
        header = ("warning", f'299 - "{request.method} is old"')
        warned = request.method in methods and "/configmaps" in request.path
        answer = known.send(request)
        return answer.map(lambda one: replace(one, headers=(*one.headers, header)) if warned else one)

    return replace(known, send=send)


def outcome_of(client, verb, **change):
    steps = (b.objects({**MAP, **change}), b.default_namespace, b.continue_on_error)
    report = edge.visit(client, verb)(pipe(b.builder(), *steps, b.do)).unwrap()._inner_value
    return report.outcomes[0].action, report.outcomes[0].warnings


@pytest.mark.parametrize(
    ("verb", "methods", "action", "warned"),
    [
        (verbs.diff(), ("GET",), "configured", {"GET is old"}),
        (verbs.apply(), ("GET", "PATCH"), "configured", {"GET is old", "PATCH is old"}),
        (verbs.server_side(), ("GET", "PATCH"), "serverside-applied", {"PATCH is old"}),
        (verbs.delete(), ("GET", "DELETE"), "deleted", {"DELETE is old"}),
        (verbs.replace(), ("GET", "PUT"), "replaced", {"GET is old", "PUT is old"}),
    ],
)
def test_warnings_of_every_answer_are_in_the_outcome_once(verb, methods, action, warned):
    done, found = outcome_of(warning_client(*methods), verb, data={"k": "v"})
    assert (done, {w for w in found if w.endswith("old")}, len(found)) == (action, warned, len(set(found)))


def test_warnings_before_a_failure_are_in_its_outcome():
    assert outcome_of(warning_client("GET", deaf=("PATCH",)), verbs.apply(), data={"k": "v"})[1] == (
        "GET is old",
    )


def test_who_listens_is_told_of_reads_that_are_of_no_resource():
    found = []
    client = listen_for_warnings(warning_client("GET"), found.append)
    hold(client, list_candidates(MAPS, "default", "", ()))
    hold(read_from_lists(client), call(Request("GET", "/api/v1/namespaces/default/configmaps/a")))
    hold(client, call(Request("GET", "/version")))
    assert found == [("GET is old",), ("GET is old",), ()]


def test_who_listens_is_not_told_of_what_has_no_answer():
    found = []
    client = listen_for_warnings(warning_client(deaf=("GET",)), found.append)
    assert client.send(Request("GET", "/version")) == Failure(TransportError("gone", sent=True))
    assert found == []
    assert isinstance(replace(client, send=edge.embedded().send).send(Request("GET", "/version")), Success)
