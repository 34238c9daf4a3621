"""The behaviour that helper_test.go and visitor_test.go of cli-runtime pin: ids name their tests."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from returns.result import Failure, Success

from fkube import verbs
from fkube.documents.manifest import documents
from fkube.documents.source import Path
from fkube.edge.manifestpaths import find_files
from fkube.exchange import Call, Done, Response
from fkube.pipeline.result import watch_single
from fkube.resource.errors import Failures, StatusError, TransportError
from fkube.resource.info import Info, RESTMapping
from fkube.verbs.paging import enhance_list_error, list_request, page
from fkube.visitor import each, flattened

PODS = RESTMapping("", "v1", "Pod", "pods")
NODES = RESTMapping("", "v1", "Node", "nodes", namespaced=False)


def pod(**metadata):
    object = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "foo", "namespace": "bar", **metadata}}
    return Info(object, mapping=PODS)


def said(exchange, *answers):
    """What is sent, request by request, and what the conversation comes to."""
    sent = []
    for status, body in answers:
        assert isinstance(exchange, Call)
        sent.append(exchange.request)
        exchange = exchange.then(Response(status, body))
    assert isinstance(exchange, Done)
    return sent, exchange.result


NOT_FOUND = {"kind": "Status", "status": "Failure", "reason": "NotFound", "message": "no", "code": 404}
SUCCESS = {"kind": "Status", "status": "Success"}
GONE = (404, NOT_FOUND)
THERE = (200, {"kind": "Namespace"})

# The conversation, the answers to it, and what is sent; None: it fails.
HELPED = {
    "TestHelperDelete": (verbs.delete(), [(200, SUCCESS)], ["DELETE /api/v1/namespaces/bar/pods/foo"]),
    "TestHelperDelete, not found": (verbs.delete(), [GONE], None),
    "TestHelperCreate": (
        verbs.create(field_manager="", field_validation=""),
        [(200, SUCCESS)],
        ["POST /api/v1/namespaces/bar/pods"],
    ),
    "TestHelperCreate, not found": (verbs.create(), [GONE], None),
    "TestHelperGet": (verbs.get(), [(200, pod().object)], ["GET /api/v1/namespaces/bar/pods/foo"]),
    "TestHelperGet, not found": (verbs.get(), [GONE, THERE], None),
}


@pytest.mark.parametrize("case", HELPED)
def test_one_object(case):
    verb, answers, expected = HELPED[case]
    sent, result = said(verb(pod()), *answers)
    if expected is None:
        assert (result.failure().code, result.failure().message) == (404, "no")
    else:
        assert [str(request) for request in sent] == expected
        assert isinstance(result, Success)


def test_a_subresource_is_got_at_its_path():
    """TestHelperGet, test with subresource."""
    asked = verbs.get()(replace(pod(), subresource="status"))
    assert str(asked.request) == "GET /api/v1/namespaces/bar/pods/foo/status"


# The resourceVersion that an object has, and the one that is sent with it: none, for a new object has none.
@pytest.mark.parametrize("metadata", [{}, {"resourceVersion": "10"}], ids=["no version", "a version"])
def test_a_new_object_has_no_version(metadata):
    """TestHelperCreate, Modify: what kubectl does for every object it creates."""
    info = pod(**metadata)
    sent, _ = said(verbs.create()(info), (200, SUCCESS))
    assert sent[0].body == pod().object
    assert info.object["metadata"].get("resourceVersion") == metadata.get("resourceVersion")


NODE = Info({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "foo"}}, mapping=NODES)
AT = "/api/v1/namespaces/bar/pods/foo"

# What is replaced and how, what the server has of it, what is sent, and the version that is sent last.
REPLACED = {
    "an object that is not there": (pod(), {}, [GONE, (200, SUCCESS)], [f"GET {AT}", f"PUT {AT}"], None),
    "overwrite": (
        pod(),
        {},
        [(200, pod(resourceVersion="10").object), (200, SUCCESS)],
        [f"GET {AT}", f"PUT {AT}"],
        "10",
    ),
    "overwrite, without namespaces": (
        NODE,
        {},
        [(200, {"metadata": {"resourceVersion": "10"}}), (200, SUCCESS)],
        ["GET /api/v1/nodes/foo", "PUT /api/v1/nodes/foo"],
        "10",
    ),
    "a version of its own": (pod(resourceVersion="10"), {}, [(200, SUCCESS)], [f"PUT {AT}"], "10"),
    "a subresource": (
        pod(),
        {"subresource": "status"},
        [(200, pod(resourceVersion="10").object), (200, SUCCESS)],
        [f"GET {AT}/status", f"PUT {AT}/status"],
        "10",
    ),
}


@pytest.mark.parametrize("case", REPLACED, ids=lambda case: f"TestHelperReplace, {case}")
def test_an_object_is_replaced(case):
    info, how, answers, expected, version = REPLACED[case]
    sent, result = said(verbs.replace(field_manager="", field_validation="", **how)(info), *answers)
    assert isinstance(result, Success)
    assert [str(request) for request in sent] == expected
    assert sent[-1].body["metadata"].get("resourceVersion") == version


def test_an_object_that_is_refused_is_not_replaced():
    """TestHelperReplace, not found."""
    assert said(verbs.replace()(pod(resourceVersion="1")), GONE)[1].failure().code == 404


# What is selected, and what is asked.
LISTED = {
    "No selector": (("", ""), "GET /api/v1/namespaces/bar/pods"),
    "Only Label Selector": (("foo=baz", ""), "GET /api/v1/namespaces/bar/pods?labelSelector=foo=baz"),
    "Only Field Selector": (("", "xyz=zyx"), "GET /api/v1/namespaces/bar/pods?fieldSelector=xyz=zyx"),
    "Both Label and Field Selector": (
        ("foo=baz", "xyz=zyx"),
        "GET /api/v1/namespaces/bar/pods?labelSelector=foo=baz&fieldSelector=xyz=zyx",
    ),
}


@pytest.mark.parametrize("case", LISTED, ids=lambda case: f"TestHelperListSelectorCombination, {case}")
def test_lists(case):
    (labels, fields), expected = LISTED[case]
    asked = page(PODS, list_request(PODS, "bar", labels, fields, limit=0))
    sent, result = said(asked, (200, {"kind": "PodList", "items": [{"metadata": {"name": "foo"}}]}))
    assert [str(request) for request in sent] == [expected]
    assert [info.name for info in result.unwrap().infos] == ["foo"]


def test_a_kind_without_namespaces_is_listed_over_all():
    assert str(list_request(NODES, "bar", limit=0)) == "GET /api/v1/nodes"


def test_a_list_that_is_refused():
    """TestHelperList, test2."""
    assert said(page(PODS, list_request(PODS, "bar")), GONE)[1].failure().code == 404


def test_one_object_is_watched_by_its_name():
    """Helper.WatchSingle."""
    assert str(watch_single(list_request(PODS, "bar", limit=0), "foo")) == (
        "GET /api/v1/namespaces/bar/pods?fieldSelector=metadata.name=foo"
    )


TOKENS = {
    "updates list options with continue token until list finished": (
        [(200, "abc"), (200, "def"), (200, "")],
        ["", "abc", "def"],
    ),
    "stops looping if listFunc returns an error": ([(200, "abc"), (500, "")], ["", "abc"]),
}


@pytest.mark.parametrize("case", TOKENS, ids=lambda case: f"TestFollowContinue, {case}")
def test_pages_are_followed(case):
    answers, expected = TOKENS[case]
    seen, request = [], list_request(PODS, "bar")
    for status, token in answers:
        seen.append(dict(request.query).get("continue", ""))
        body = {"kind": "PodList", "metadata": {"continue": token}, "items": []}
        result = page(PODS, request).then(Response(status, body)).result
        request = result.unwrap().next if isinstance(result, Success) else None
    assert (seen, request) == (expected, None)


BAD = StatusError("request is invalid", 400, "BadRequest")
MISSING = StatusError('pods "foo" not found', 404, "NotFound")
LISTING = 'Unable to list "/v1, Resource=pods": '
SELECTORS = 'that match label selector "a=b", field selector ".spec.nodeName=foo": '
FINDING = f'Unable to find "/v1, Resource=pods" {SELECTORS}'
ENHANCED = {
    "leaves resource expired error as is": (StatusError("too old", 410, "Expired"), False, "too old"),
    "leaves unrecognized error as is": (TransportError("something"), False, "something"),
    "bad request StatusError without selectors": (BAD, False, f"{LISTING}request is invalid"),
    "bad request StatusError with selectors": (BAD, True, f"{FINDING}request is invalid"),
    "not found without selectors": (MISSING, False, f'{LISTING}pods "foo" not found'),
    "not found StatusError with selectors": (MISSING, True, f'{FINDING}pods "foo" not found'),
}


@pytest.mark.parametrize("case", ENHANCED, ids=lambda case: f"TestEnhanceListError, {case}")
def test_errors_of_lists(case):
    error, selecting, message = ENHANCED[case]
    query = {"labelSelector": "a=b", "fieldSelector": ".spec.nodeName=foo"} if selecting else {}
    assert enhance_list_error(PODS, query, error) == replace(error, message=message)


def item(name):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}


def listed(*items):
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


NESTED = listed(item("1"), listed(item("2"), listed(listed(item("3"), item("4")), item("5"))), item("6"))


def test_lists_in_lists_are_opened_in_place():
    """TestFlattenListVisitor: ours in the order in which they are written."""
    visited = flattened(documents(json.dumps(NESTED), "deep"))(each(lambda info: Success(info.name)))
    assert visited == Success(("1", "2", "3", "4", "5", "6"))


def test_a_failure_within_a_list_is_told_with_what_came_before():
    """TestFlattenListVisitorWithVisitorError: by the list law ours stops, unless it is to go on."""
    refused = Failure(StatusError("visitor error", 500))
    visited = flattened(documents(json.dumps(NESTED)))(
        each(lambda i: Success(1) if i.name < "3" else refused)
    )
    assert visited == Failure(Failures((Success(1), Success(1), refused)))


TREE = (
    "0/10.yaml", "0/a/10.yaml", "02.yaml", "10.yaml", "2.yaml", "AB.yaml",
    "a/a.yaml", "a/b.json", "a.yaml", "aa.yaml", "b.yml",
)  # fmt: skip
WALKED = {
    "Recursive with default file extensions": ("", True, TREE),
    "Non-recursive with default file extensions": ("", False, [name for name in TREE if "/" not in name]),
    "a directory below": ("0", True, ["0/10.yaml", "0/a/10.yaml"]),
    "a file": ("a/b.json", False, ["a/b.json"]),
}


@pytest.mark.parametrize("case", WALKED, ids=lambda case: f"TestExpandPathsToFileVisitors, {case}")
def test_files_come_in_the_order_of_their_names(case, tmp_path):
    for name in (*TREE, "notes.txt", "a/README"):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("")
    path, recursive, expected = WALKED[case]
    found = [file.unwrap() for file in find_files(Path(str(tmp_path / path), recursive))]
    assert found == [str(tmp_path / name) for name in expected]
