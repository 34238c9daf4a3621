"""What is known to help against refusals of a server: one line behind kubectl's own."""

import pytest

from fkube.cli.advice import WAYS_OUT, advise
from fkube.resource.errors import StatusError, UsageError

LONG = "metadata.annotations: Too long: "
NEW = 'namespaces "a" not found'
REFUSED = [
    ("AlreadyExists", 'configmaps "a" already exists', "creating", "`fkube apply`"),
    ("AlreadyExists", 'configmaps "a" already exists', "applying", ""),
    ("NotFound", NEW, "creating", "the namespace a must be there first"),
    ("NotFound", NEW, "applying", "--arrange"),
    ("NotFound", NEW, "deleting", ""),
    ("NotFound", f"x {NEW}", "creating", ""),
    ("NotFound", 'configmaps "a" not found', "creating", ""),
    (
        "Invalid",
        f"{LONG}may not be more than 262144 bytes",
        "applying",
        "--server-side",
    ),
    (
        "Invalid",
        f"{LONG}must have at most 262144 bytes",
        "applying",
        "--server-side",
    ),
    ("Invalid", f"{LONG}may not be more than 262144 bytes", "", ""),
    ("Invalid", "[]: Too long: may not be more than 1048576 bytes", "", "divide it"),
    ("Invalid", "metadata.name: Too long: may not be more than 253 bytes", "", ""),
    ("RequestEntityTooLarge", "Request entity too large: limit is 3145728", "", "divide it"),
    ("Invalid", "metadata.resourceVersion: Invalid value: 0: must be specified for an update", "", "-o yaml"),
    ("Invalid", "spec.selector: Invalid value: {}: field is immutable", "", "--force"),
    ("Invalid", "data: Forbidden: field is immutable when `immutable` is set", "", "--force"),
    ("Invalid", "spec: Forbidden: pod updates may not change fields other than `a`", "", "--force"),
    (
        "Invalid",
        "spec: Forbidden: updates to statefulset spec for fields other than 'a'",
        "",
        "--force",
    ),
    ("Invalid", "spec: Forbidden: spec is immutable after creation except a for bound claims", "", "--force"),
    ("Invalid", 'spec.clusterIPs[0]: Invalid value: ["10.0.5.5"]: may not change once set', "", "--force"),
    ("Invalid", "spec.replicas: Invalid value: -1: must be greater than or equal to 0", "", ""),
    (
        "Conflict",
        "the object has been modified; please apply your changes",
        "",
        "try again",
    ),
    ("Conflict", "Apply failed with 1 conflict", "", ""),
    (
        "Forbidden",
        "no new content in namespace a because it is being terminated",
        "",
        "namespace/a",
    ),
    (
        "Forbidden",
        'pods is forbidden: User "joe" cannot list resource "pods" in API group ""',
        "",
        "ClusterRole",
    ),
    ("Forbidden", 'pods "a" is forbidden: exceeded quota: q, requested: pods=1', "", ""),
    ("InternalError", 'Internal error occurred: failed calling webhook "a.b.c"', "", "failurePolicy"),
    ("InternalError", "Internal error occurred: boom", "", ""),
    ("BadRequest", 'strict decoding error: unknown field "a"', "creating", "--validate=warn"),
    ("BadRequest", 'strict decoding error: unknown field "a"', "", ""),
]


@pytest.mark.parametrize(("reason", "message", "doing", "what"), REFUSED, ids=range(len(REFUSED)))
def test_a_way_out_is_named(reason, message, doing, what):
    found = advise(StatusError(message, 400, reason), doing)
    assert (what in found) if what else not found


def test_only_a_server_is_answered():
    assert advise(UsageError("field is immutable")) == ""


def test_no_advice_is_taken_for_an_error_of_another_kind():
    # Scripts look for these words in the errors of kubectl.
    for way in WAYS_OUT:
        assert not any(
            word in way.what for word in ("not found", "already exists", "does not exist", "forbidden")
        )
