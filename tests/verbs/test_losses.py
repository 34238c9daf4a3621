"""What an apply reports without a warning is the manifest; where items share a merge key, it warns."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.exchange import Request
from fkube.merging.patches import Schema
from fkube.merging.patches.losses import missing_fields

PORTS = st.lists(
    st.tuples(st.sampled_from((53, 80)), st.sampled_from(("TCP", "UDP"))), min_size=1, max_size=3, unique=True
)
PLACE = "/api/v1/namespaces/default/services/dns"


def service(ports):
    listed = [{"name": f"p{n}{kind}".lower(), "port": n, "protocol": kind} for n, kind in ports]
    metadata = {"name": "dns", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": listed}}


def outcome_of(client, verb, object):
    pipeline = pipe(b.builder(), b.objects(object, name="dns.yaml"), b.continue_on_error, b.do)
    return edge.visit(client, verb)(pipeline).unwrap()._inner_value.outcomes[0]


@given(st.lists(PORTS, min_size=2, max_size=3))
@settings(max_examples=20, deadline=None, phases=(Phase.generate,))
def test_what_is_applied_without_a_warning_is_the_manifest(manifests):
    client = edge.embedded()
    for ports in manifests:
        outcome = outcome_of(client, verbs.apply(), service(ports))
        live = client.send(Request("GET", PLACE)).unwrap().body
        lacks = [*missing_fields(Schema({}), live["spec"], service(ports)["spec"])]
        assert outcome.warnings or (outcome.error is None and not lacks)


UDP, BOTH = [(53, "UDP")], [(53, "TCP"), (53, "UDP")]
MAY = (
    "dns.yaml, document 1: services/dns: spec.ports has several items with the port 53 in {}, "
    "of which client-side apply may lose one: use --server-side"
)
LOST = "dns.yaml, document 1: services/dns: spec.ports is not left as the manifest has it: use --server-side"


@pytest.mark.parametrize("verb", [verbs.apply(), verbs.apply(dry_run="client"), verbs.diff()])
def test_a_port_that_gets_lost_is_warned_of(verb):
    client = edge.embedded()
    outcome_of(client, verbs.apply(), service(UDP))
    outcome = outcome_of(client, verb, service(BOTH))
    assert (outcome.action, outcome.warnings) == ("configured", (MAY.format("the manifest"), LOST))


def test_every_side_with_two_items_of_one_key_is_warned_of():
    client = edge.embedded()
    outcome_of(client, verbs.apply(), service(BOTH))
    again = outcome_of(client, verbs.apply(), service(BOTH))
    sides = "the manifest and the live object and what was applied last"
    assert (again.action, again.warnings) == ("unchanged", (MAY.format(sides),))
    less = outcome_of(client, verbs.apply(), service(UDP))
    assert less.warnings[0] == MAY.format("the live object and what was applied last")


def test_what_the_server_merges_needs_no_warning():
    client = edge.embedded()
    for ports in (UDP, BOTH):
        assert outcome_of(client, verbs.server_side(), service(ports)).warnings == ()
