"""`apply --server-side`: conflicts as data, what is taken over, migration, and no work for nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from returns.result import Success

from fkube.edge import Client, embedded
from fkube.edge.listreads import CHUNK, read_from_lists
from fkube.edge.running import hold as run
from fkube.exchange import Request, Response
from fkube.merging.fields import Type
from fkube.merging.fields.managers import read_managers
from fkube.merging.lastapplied import LAST_APPLIED, last_applied
from fkube.report import Outcome, failure
from fkube.resource.errors import ConflictError, FieldConflict
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.verbs.apply import apply
from fkube.verbs.create import create
from fkube.verbs.migrate import migration_patch
from fkube.verbs.noop import leaves_unchanged, skip_unchanged
from fkube.verbs.serverside import server_side

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
SECRETS = RESTMapping("", "v1", "Secret", "secrets")
PLACE = "/api/v1/namespaces/default/configmaps"


def info(mapping: RESTMapping = MAPS, name: str = "a", **fields: Any) -> Info:
    metadata = {"name": name, "namespace": "default"}
    typed = {"apiVersion": mapping.api_version, "kind": mapping.kind}
    return Info({**typed, "metadata": metadata, **fields}, Origin("x.yaml", 1, 1), mapping)


def counted(client: Client) -> tuple[Client, list[str]]:
    sent: list[str] = []

    def send(request: Request) -> Any:
        sent.append(f"{request.method} {request.path}")
        return client.send(request)

    return replace(client, send=send), sent


def done(client: Client, verb: Any, what: Info) -> Outcome:
    found = run(client, verb(what))
    return found.value_or(None) or failure(found.failure())


def owners(outcome: Outcome) -> list[tuple[str, str]]:
    return [(one.name, one.operation) for one in read_managers(outcome.object["metadata"]).unwrap()]


def test_an_apply_creates_changes_and_removes() -> None:
    client = embedded()
    assert done(client, server_side(), info(data={"x": "1", "y": "1"})).action == "serverside-applied"
    changed = done(client, server_side(), info(data={"x": "2"}))
    assert changed.object["data"] == {"x": "2"}
    assert owners(changed) == [("kubectl", "Apply")]


def test_a_conflict_is_data_and_prints_what_to_do() -> None:
    client = embedded()
    done(client, server_side("other"), info(data={"x": "1", "y": "1"}))
    error = done(client, server_side(), info(data={"x": "2", "y": "1"})).error
    assert isinstance(error, ConflictError)
    assert error.conflicts == (FieldConflict(".data.x", '"other"', "1", "2"),)
    assert error.origin.document == 1
    first, *advice = error.message.splitlines()
    assert first == 'Apply failed with 1 conflict: conflict with "other": .data.x'
    assert "`--force-conflicts`" in "\n".join(advice)


def test_the_values_of_a_conflict_are_in_no_repr() -> None:
    client = embedded()
    done(client, server_side("other"), info(SECRETS, data={"x": "aHVudGVyMg=="}))
    error = done(client, server_side(), info(SECRETS, data={"x": "aHVudGVyMw=="})).error
    assert isinstance(error, ConflictError)
    assert error.conflicts[0].theirs == "aHVudGVyMg=="
    assert "aHVudGVy" not in repr(error) + str(error)


def test_what_a_forced_apply_takes_over_is_told() -> None:
    client, sent = counted(embedded())
    done(client, server_side("other"), info(data={"x": "1", "y": "1"}))
    taken = done(client, server_side(force=True), info(data={"x": "2"}))
    assert [(one.field, one.manager) for one in taken.taken] == [(".data.x", '"other"')]
    # The order is that of their times, which may be of two seconds.
    assert sorted(owners(taken)) == [("kubectl", "Apply"), ("other", "Apply")]
    assert done(client, server_side(force=True), info(data={"x": "3"})).taken == ()
    assert sent.count(f"PATCH {PLACE}/a") == 4


def test_what_client_side_apply_owned_is_migrated() -> None:
    client = embedded()
    done(client, apply(), info(data={"x": "1", "y": "1"}))
    moved = done(client, server_side(), info(data={"x": "1"}))
    assert sorted(owners(moved)) == [("kubectl", "Apply"), ("kubectl-last-applied", "Apply")]
    assert moved.object["data"] == {"x": "1"}
    assert json.loads(last_applied(moved.object) or "")["data"] == {"x": "1"}
    assert moved.warnings == ()
    assert migration_patch(moved.object, "kubectl") is None


def test_what_client_side_apply_owned_goes_to_another_manager_too() -> None:
    client = embedded()
    done(client, apply(), info(data={"x": "1"}))
    moved = done(client, server_side("me"), info(data={"x": "1"}))
    assert owners(moved) == [("me", "Apply")]


@pytest.mark.parametrize(
    ("refused", "said"), [(2, "failed to migrate"), (3, "server rejected"), (4, "failed to re-apply")]
)
def test_a_migration_that_fails_is_a_warning(refused: int, said: str) -> None:
    client = embedded()
    done(client, apply(), info(data={"x": "1", "y": "1"}))
    asked: list[Request] = []

    def send(request: Request) -> Any:
        asked.append(request)
        return Success(Response(403, {"message": "no"})) if len(asked) == refused else client.send(request)

    left = done(replace(client, send=send), server_side(), info(data={"x": "1"}))
    assert left.action == "serverside-applied"
    assert [warning[: len(said)] for warning in left.warnings] == [said]


def test_a_server_without_server_side_apply_says_so() -> None:
    old = Client(lambda _: Success(Response(415, {"message": "what is this"})))
    error = done(old, server_side(), info()).error
    assert (
        str(error)
        == "x.yaml, document 1, line 1: Server-side apply not available on the server: (what is this)"
    )


def test_a_name_to_be_generated_and_a_dry_run_that_is_none_are_refused() -> None:
    generated = Info({"metadata": {"generateName": "a-"}}, mapping=MAPS)
    assert (
        str(done(embedded(), server_side(), generated).error)
        == "from a-: cannot use generate name with apply"
    )
    odd: Any = "maybe"
    assert "Invalid dry-run value" in str(done(embedded(), server_side(dry_run=odd), info()).error)


def test_a_custom_resource_may_follow_its_definition() -> None:
    client, answers = embedded(), [Response(404, "404 page not found")]

    def send(request: Request) -> Any:
        return Success(answers.pop()) if answers else client.send(request)

    exchange = server_side()(info()).then(Response(404, "404 page not found"))
    assert exchange.delay > 0
    assert (
        exchange.then(client.send(exchange.request).unwrap()).result.unwrap().action == "serverside-applied"
    )


def test_a_conflict_of_versions_has_no_fields() -> None:
    status = {"kind": "Status", "reason": "Conflict", "code": 409, "message": "the object has been modified"}
    error = done(Client(lambda _: Success(Response(409, status))), server_side(), info()).error
    assert isinstance(error, ConflictError)
    assert error.conflicts == ()


def test_a_dry_run_on_the_server_changes_nothing() -> None:
    client = embedded()
    assert done(client, server_side(dry_run="server"), info()).dry_run == "server"
    assert client.send(Request("GET", f"{PLACE}/a")).unwrap().status == 404


def test_what_is_proven_to_be_there_is_not_sent() -> None:
    client, sent = counted(embedded())
    verb = skip_unchanged("kubectl", server_side())
    assert done(client, verb, info(data={"x": "1"})).action == "serverside-applied"
    sent.clear()
    assert done(client, verb, info(data={"x": "1"})).action == "unchanged"
    assert sent == [f"GET {PLACE}/a", "GET /openapi/v3", "GET /openapi/v3/api/v1"]
    assert done(client, verb, info(data={"x": "2"})).action == "serverside-applied"


@pytest.mark.parametrize(
    "given",
    [
        {"data": {"x": "1"}, "status": {}},
        {"data": {"x": None}},
        {"data": {"x": "1"}, "surprise": 1},
        {"metadata": {"name": "a", "namespace": "default", "resourceVersion": "5"}, "data": {"x": "1"}},
        {"data": {"x": "1"}, "immutable": False},
        {"data": {}},
    ],
)
def test_what_is_not_proven_is_sent(given: Any) -> None:
    client, sent = counted(embedded())
    done(client, server_side(), info(data={"x": "1"}))
    sent.clear()
    done(client, skip_unchanged("kubectl", server_side()), replace(info(), object={**info().object, **given}))
    assert f"PATCH {PLACE}/a" in sent


def test_a_secret_in_plain_text_is_compared_as_it_is_stored() -> None:
    client, sent = counted(embedded())
    verb = skip_unchanged("kubectl", server_side())
    done(client, verb, info(SECRETS, stringData={"x": "hunter2"}))
    sent.clear()
    assert done(client, verb, info(SECRETS, stringData={"x": "hunter2"})).action == "unchanged"
    assert not any(each.startswith("PATCH") for each in sent)
    assert done(client, verb, info(SECRETS, stringData={"x": "hunter3"})).action == "serverside-applied"


def test_what_the_server_leaves_as_it_was_is_unchanged_though_it_was_sent() -> None:
    client, sent = counted(embedded())
    done(client, apply(), info(data={"x": "1"}))
    done(client, server_side(), info(data={"x": "1"}))
    sent.clear()
    assert done(client, skip_unchanged("kubectl", server_side()), info(data={"x": "1"})).action == "unchanged"
    assert f"PATCH {PLACE}/a" in sent


def test_without_an_owner_nothing_is_proven() -> None:
    live = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"annotations": {LAST_APPLIED: "{}"}}}
    assert not leaves_unchanged(Type({}), live, live, "me")


def test_a_resource_without_mapping_is_left_to_the_verb() -> None:
    assert done(embedded(), skip_unchanged("me", server_side()), replace(info(), mapping=None)).error


def test_a_list_answers_for_its_objects() -> None:
    client = embedded()
    for n in range(CHUNK + 3):
        done(client, create(), info(name=f"m{n:04}"))
    seen, sent = counted(client)
    known = read_from_lists(seen)

    def get(name: str) -> int:
        return known.send(Request("GET", f"{PLACE}/{name}")).unwrap().status

    # The first is asked for alone; then a page; what lies behind it once more alone, and then a page again.
    assert [get(name) for name in ("m0000", "m0001", "m0002", "m0003x")] == [200, 200, 200, 404]
    assert sent == [f"GET {PLACE}/m0000", f"GET {PLACE}"]
    assert [get(name) for name in ("m0500", "m0501", "m0502", "none")] == [200, 200, 200, 404]
    assert sent[2:] == [f"GET {PLACE}/m0500", f"GET {PLACE}"]


def test_what_was_written_is_asked_for_again() -> None:
    seen, sent = counted(embedded())
    known = read_from_lists(seen)
    paths = [f"{PLACE}/a", f"{PLACE}/b", "/api/v1/namespaces/default"]
    assert [known.send(Request("GET", path)).unwrap().status for path in paths] == [404, 404, 200]
    done(known, server_side(), info())
    done(known, create(), info(name="b"))
    sent.clear()
    assert [known.send(Request("GET", path)).unwrap().status for path in paths] == [200, 200, 200]
    assert sent == [f"GET {path}" for path in paths]
    known.send(Request("GET", f"{PLACE}/a", (("watch", "true"),)))
    assert sent[-1] == f"GET {PLACE}/a"


def test_what_was_created_is_asked_for_even_where_a_list_has_it_since() -> None:
    seen, sent = counted(embedded())
    known = read_from_lists(seen)
    done(known, create(), info(name="b"))
    for name in ("a", "a2"):
        known.send(Request("GET", f"{PLACE}/{name}"))
    assert sent[-2:] == [f"GET {PLACE}", f"GET {PLACE}/a2"]
    # When it was made is told by the date of an answer, and what a list said has none.
    assert known.send(Request("GET", f"{PLACE}/b")).unwrap().status == 200
    assert sent[-1] == f"GET {PLACE}/b"


def test_where_no_list_is_allowed_every_object_is_asked_for() -> None:
    def send(request: Request) -> Any:
        return Success(
            Response(200, {"metadata": {}}) if "/configmaps/" in request.path else Response(403, {})
        )

    known, sent = counted(Client(send))
    client = read_from_lists(known)
    assert {client.send(Request("GET", f"{PLACE}/{name}")).unwrap().status for name in "abc"} == {200}
    assert sent == [f"GET {PLACE}/a", f"GET {PLACE}", f"GET {PLACE}/b", f"GET {PLACE}/c"]
