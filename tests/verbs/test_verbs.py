"""The verbs as values: what they would ask, and what they make of any answer, without a server."""

from dataclasses import replace

import pytest
from returns.result import Success

from fkube import verbs
from fkube.exchange import Call, Done, Request, Response, fmap, status_error, with_query
from fkube.report import Outcome, Report
from fkube.resource.info import Info, Origin, RESTMapping, with_metadata
from fkube.verbs.paging import list_request
from fkube.verbs.paths import collection
from tests.verbs.conversations import hold_with

DEPLOYMENTS = RESTMapping("apps", "v1", "Deployment", "deployments")
OBJECT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}}
INFO = Info(OBJECT, Origin("x.yaml", 2, 5), DEPLOYMENTS)
STATUS = {
    "kind": "Status",
    "message": 'deployments.apps "web" already exists',
    "reason": "AlreadyExists",
    "code": 409,
    "details": {"causes": [{"field": "metadata.name", "reason": "Taken", "message": "is taken"}]},
}
WARNED = (("warning", '299 - "old"'), ("warning", '299 - "older"'))


def test_create_sends_the_object_without_its_resource_version():
    versioned = Info(
        {**OBJECT, "metadata": {**OBJECT["metadata"], "resourceVersion": "7"}}, mapping=DEPLOYMENTS
    )
    [request], result = hold_with(verbs.create()(versioned), Response(201, {"kind": "Deployment"}, WARNED))
    assert str(request) == (
        "POST /apis/apps/v1/namespaces/shop/deployments?fieldManager=kubectl-create&fieldValidation=Strict"
    )
    assert request.body == OBJECT
    assert (result.unwrap().action, result.unwrap().warnings) == ("created", ("old", "older"))
    assert versioned.metadata["resourceVersion"] == "7"


def test_create_options_are_in_the_query():
    verb = verbs.create(dry_run="server", field_manager="me", field_validation="Ignore")
    assert dict(verb(INFO).request.query) == {
        "dryRun": "All",
        "fieldManager": "me",
        "fieldValidation": "Ignore",
    }


def test_a_client_side_dry_run_asks_nothing():
    outcome = verbs.create(dry_run="client")(INFO).result.unwrap()
    assert (outcome.action, outcome.object, outcome.dry_run) == ("created", OBJECT, "client")
    assert verbs.delete(dry_run="client")(INFO).result.unwrap().dry_run == "client"


def test_a_refusal_is_data_with_origin_causes_and_warnings():
    _, result = hold_with(verbs.create()(INFO), Response(409, STATUS, WARNED))
    error = result.failure()
    assert (error.code, error.reason, error.warnings) == (409, "AlreadyExists", ("old", "older"))
    assert error.causes[0].field == "metadata.name"
    assert str(error) == 'x.yaml, document 2, line 5: deployments.apps "web" already exists'


def test_a_kind_not_served_yet_is_tried_again_a_while_but_not_on_a_dry_run():
    absent = Response(404, "404 page not found\n")
    requests, result = hold_with(verbs.create()(INFO), absent, absent, Response(201, OBJECT))
    assert len(requests) == 3
    assert result.unwrap().action == "created"
    assert hold_with(verbs.create()(INFO), *[absent] * 11)[1].failure().code == 404
    assert hold_with(verbs.create(dry_run="server")(INFO), absent)[1].failure().reason == "NotFound"
    assert verbs.create()(INFO).delay == 0
    assert verbs.create()(INFO).then(absent).delay > 0


@pytest.mark.parametrize(
    ("verb", "info"),
    [
        (verbs.create(), Info(OBJECT)),
        (verbs.get(), Info(OBJECT)),
        (verbs.delete(), Info({"kind": "Deployment"}, mapping=DEPLOYMENTS)),
    ],
)
def test_what_has_no_mapping_or_name_is_a_usage_error(verb, info):
    assert "may not be empty" in str(verb(info).result.failure()) or "no mapping" in str(
        verb(info).result.failure()
    )


ELSEWHERE = Info({**OBJECT, "metadata": {"name": "web", "namespace": "../kube-system"}}, mapping=DEPLOYMENTS)


@pytest.mark.parametrize(
    "verb", [verbs.create(), verbs.apply(), verbs.server_side(), verbs.delete(), verbs.get()]
)
def test_a_namespace_leads_nowhere_else(verb):
    assert "invalid namespace \"../kube-system\": [may not contain '/']" in str(
        verb(ELSEWHERE).result.failure()
    )


def test_get_reads_an_object_unless_it_is_the_servers_already():
    [request], result = hold_with(verbs.get()(INFO), Response(200, OBJECT))
    assert str(request) == "GET /apis/apps/v1/namespaces/shop/deployments/web"
    assert result.unwrap().object == OBJECT
    assert verbs.get()(Info(OBJECT, live=True)).result.unwrap().action == "got"


def test_delete_says_how():
    verb = verbs.delete(dry_run="server", cascade="Orphan", grace_period=0)
    [request], result = hold_with(verb(INFO), Response(200, {"kind": "Status", "status": "Success"}))
    assert request.body == {
        "kind": "DeleteOptions",
        "apiVersion": "v1",
        "propagationPolicy": "Orphan",
        "gracePeriodSeconds": 0,
        "dryRun": ["All"],
    }
    assert result.unwrap().action == "deleted"


def test_what_is_gone_already_may_be_ignored():
    absent = Response(404, {"kind": "Status", "message": "no", "code": 404})
    assert hold_with(verbs.delete()(INFO), absent)[1].failure().code == 404
    assert hold_with(verbs.delete(ignore_not_found=True)(INFO), absent)[1].unwrap().action == "unchanged"


@pytest.mark.parametrize("namespace", ["/", "a/b", "a%2f", "..", "."])
@pytest.mark.parametrize(
    "verb", [verbs.create(), verbs.apply(), verbs.server_side(), verbs.get(), verbs.delete(), verbs.scale(2)]
)
def test_a_namespace_that_is_no_segment_of_a_path_is_a_usage_error(verb, namespace):
    odd = replace(INFO, object=with_metadata(OBJECT, namespace=namespace))
    assert verb(odd).result.failure().message.startswith(f'invalid namespace "{namespace}": [')


GOING = {"metadata": {"uid": "u", "deletionTimestamp": "2026-01-01T00:00:00Z"}}


@pytest.mark.parametrize(
    "last",
    [*(Response(code, {}) for code in (404, 403, 405)), Response(200, {"metadata": {"uid": "another"}})],
    ids=["gone", "forbidden", "not readable", "replaced"],
)
def test_waiting_for_a_deletion_ends_when_that_object_is_gone(last):
    outcome = Outcome("deleted", INFO.origin, INFO, GOING)
    requests, result = hold_with(verbs.gone(outcome, 5), Response(200, GOING), last)
    assert len(requests) == 2
    assert result == Success(outcome)


@pytest.mark.parametrize("code", [400, 401, 410, 429, 500, 503])
def test_an_object_that_cannot_be_looked_at_is_not_gone(code):
    _, result = hold_with(verbs.gone(Outcome("deleted", INFO.origin, INFO, GOING), 5), Response(code, {}))
    assert result.failure().code == code


def test_an_object_without_a_uid_is_not_another():
    _, result = hold_with(verbs.gone(Outcome("deleted", INFO.origin, INFO, GOING), 0), Response(200, {}))
    assert "timed out waiting" in str(result.failure())


def test_waiting_for_a_deletion_has_an_end():
    outcome = Outcome("deleted", INFO.origin, INFO, GOING)
    _, result = hold_with(verbs.gone(outcome, 0), Response(200, GOING))
    assert "timed out waiting" in str(result.failure())
    assert verbs.gone(Outcome("deleted", INFO.origin, INFO), 5).result.unwrap().action == "deleted"


def test_a_list_is_read_page_after_page():
    request = list_request(DEPLOYMENTS, "shop", labels="a=b", limit=2)
    first = {"metadata": {"continue": "next"}, "items": [{"metadata": {"name": "a"}}]}
    page = hold_with(verbs.page(DEPLOYMENTS, request), Response(200, first))[1].unwrap()
    assert (page.infos[0].kind, page.infos[0].live) == ("Deployment", True)
    assert dict(page.next.query) == {"labelSelector": "a=b", "limit": "2", "continue": "next"}
    assert (
        hold_with(verbs.page(DEPLOYMENTS, page.next), Response(200, {"items": None}))[1].unwrap().next is None
    )


def test_paths():
    namespaces = RESTMapping("", "v1", "Namespace", "namespaces", namespaced=False)
    assert collection(namespaces, "ignored") == "/api/v1/namespaces"
    assert collection(DEPLOYMENTS) == "/apis/apps/v1/deployments"


def test_an_exchange_maps_after_its_calls():
    call = Call(Request("GET", "/"), lambda response: Done(Success(response.status)))
    assert fmap(call, str).then(Response(200)).result.unwrap() == "200"
    assert with_query(Request("GET", "/"), a="").query == ()


@pytest.mark.parametrize(
    ("response", "reason", "retry"),
    [
        (Response(503, "down", (("retry-after", "7"),)), "ServiceUnavailable", 7),
        (Response(418, "tea"), "", 0),
        (Response(429, {"kind": "Status", "code": 429, "details": {"retryAfterSeconds": 3}}), "", 3),
    ],
)
def test_an_answer_that_is_no_status_gets_client_gos_words(response, reason, retry):
    error = status_error(response)
    assert (error.reason, error.retry_after) == (reason, retry)
    assert error.message


def test_a_report_counts():
    report = Report((Outcome("created", INFO.origin), Outcome("created", INFO.origin)))
    assert (str(report), report.ok, report.errors) == ("2 created", True, ())
    assert str(Report()) == "nothing to do"


@pytest.mark.parametrize("verb", [verbs.create, verbs.delete, verbs.apply, verbs.replace, verbs.server_side])
def test_a_dry_run_that_is_not_understood_sends_nothing(verb):
    assert "Invalid dry-run value (wet)" in str(verb(dry_run="wet")(INFO).result.failure())
