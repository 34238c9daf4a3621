"""Writes whose answer leaves open whether they were done: what reading makes of them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from returns.result import Failure, Success

from fkube import edge, verbs
from fkube.edge.running import run
from fkube.exchange import Call, Response, send, with_query, writes
from fkube.exchange.conversation import Request
from fkube.resource.errors import DOUBT, StatusError, TransportError, doubtful
from fkube.resource.info import Info, RESTMapping, with_metadata
from fkube.verbs.recreate import Recreation
from fkube.verbs.settling import PAUSES, settle
from tests.verbs.conversations import hold_with

MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
SECRETS = RESTMapping("", "v1", "Secret", "secrets")
WEBS = RESTMapping("apps", "v1", "Deployment", "deployments")


def config_map(value="v", **metadata):
    named = {"name": "a", "namespace": "default", **metadata}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": named, "data": {"k": value}}


def secret(value="v"):
    named = {"name": "a", "namespace": "default"}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": named, "stringData": {"k": value}}


def deployment(image="v"):
    labels = {"app": "a"}
    pod = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": image}]}}
    spec = {"selector": {"matchLabels": labels}, "template": pod}
    named = {"name": "a", "namespace": "default"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": named, "spec": spec}


# Against the embedded cluster, by a clock that pauses move on: what was done is there, and what befell the
# first write of the verb is one of these.


@dataclass
class World:
    """The embedded cluster, and the time there."""

    passed: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self):
        self.client = edge.embedded(clock=self.time)

    def now(self):
        return self.passed

    def time(self):
        return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=self.passed)

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.passed += seconds

    def put(self, info):
        """Put an object there, an hour ago."""
        run(self.client, verbs.create(field_manager="before")(info)).unwrap()
        self.passed += 3600

    def hold(self, exchange, send):
        return run(replace(self.client, send=send), exchange, self.now, self.sleep)


LOST = TransportError(f"the connection was lost{DOUBT}", sent=True)
TIMEOUT = Response(504, {"kind": "Status", "message": "Timeout", "reason": "Timeout", "code": 504})


def answer_first_write(world, befell):
    """The client's `send`, whose first write is answered by what befell it; and the requests sent."""
    acted, looks, answer = BEFELL[befell]
    sent, waiting = [], []

    def send(request):
        sent.append(request)
        first = writes(request) and sum(map(writes, sent)) == 1
        if not first:
            if waiting and len(sent) - waiting[0][0] > looks:
                world.client.send(waiting.pop()[1])
            return world.client.send(request)
        if acted:
            world.client.send(request)
        elif looks:
            waiting.append((len(sent), request))
        return Success(answer) if isinstance(answer, Response) else Failure(answer)

    return send, sent


BEFELL = {
    "lost": (False, 0, LOST),
    "lost, done": (True, 0, LOST),
    "504": (False, 0, TIMEOUT),
    "504, done": (True, 0, TIMEOUT),
    "lands after the first look": (False, 1, LOST),
    "lands after the third look": (False, 3, LOST),
}
"""Whether it was done, after how many requests it is done late (0: never), and how it was answered."""

CREATED, PATCHED = verbs.create(), verbs.patch({"data": {"k": "v"}}, "merge")
CASES = [
    # The verb, what is there before, what is asked; the outcome where it was done. Where not, it has failed.
    (CREATED, None, (config_map(), MAPS), "created"),
    (CREATED, None, (secret(), SECRETS), "created"),
    (CREATED, None, (deployment(), WEBS), "created"),
    (verbs.create(save_config=True), None, (secret(), SECRETS), "created"),
    (verbs.apply(), None, (config_map(), MAPS), "created"),
    (verbs.apply(), config_map("older"), (config_map(), MAPS), "configured"),
    (verbs.apply(), secret("older"), (secret(), SECRETS), "configured"),
    (verbs.apply(), deployment("older"), (deployment(), WEBS), "configured"),
    (verbs.server_side(), None, (config_map(), MAPS), "serverside-applied"),
    (verbs.server_side(), config_map(), (config_map(), MAPS), "serverside-applied"),
    (verbs.server_side(), secret("older"), (secret(), SECRETS), "serverside-applied"),
    (verbs.delete(), config_map(), (config_map(), MAPS), "deleted"),
    (verbs.delete(), config_map(finalizers=["a.b/c"]), (config_map(), MAPS), "deleted"),
    (verbs.replace(), config_map("older"), (config_map(), MAPS), "replaced"),
    (PATCHED, config_map("older"), (config_map("older"), MAPS), "patched"),
    (verbs.label({"x": "y"}), config_map(), (config_map(), MAPS), "labeled"),
    (verbs.annotate({"x": "y"}), config_map(), (config_map(), MAPS), "annotated"),
    (verbs.scale(3), deployment(), (deployment(), WEBS), "scaled"),
]


NAMED_ONLY = ("patched", "scaled")
"""The outcomes of verbs that read an object first of which they have only the name."""


@pytest.mark.parametrize("befell", BEFELL)
@pytest.mark.parametrize(("verb", "before", "asked", "done"), CASES)
def test_what_became_of_a_write_is_found_out_by_reading(verb, before, asked, done, befell):
    world, info = World(), Info(asked[0], mapping=asked[1])
    if before:
        world.put(replace(info, object=before))
    send, sent = answer_first_write(world, befell)
    came = world.hold(verb(replace(info, absent=done in NAMED_ONLY)), send)._inner_value
    assert sum(map(writes, sent)) == 1
    acted, late, _ = BEFELL[befell]
    if acted or late:
        assert came.unwrap().action == done
        return
    error = came.failure()
    assert not doubtful(error)
    assert isinstance(error, StatusError) if befell == "504" else "; it was not " in error.message
    assert DOUBT not in error.message
    assert world.pauses == list(PAUSES[1:])


CREATIONS = ((CREATED, (config_map(), MAPS)), (CREATED, (secret(), SECRETS)), (CREATED, (deployment(), WEBS)))


@pytest.mark.parametrize("befell", BEFELL)
@pytest.mark.parametrize(("verb", "asked"), CREATIONS)
def test_what_was_there_before_is_not_created_however_equal_it_is(verb, asked, befell):
    world, info = World(), Info(asked[0], mapping=asked[1])
    world.put(info)
    send, sent = answer_first_write(world, befell)
    error = world.hold(verb(info), send).failure()._inner_value
    answered = world.client.send(next(filter(writes, sent))).unwrap().body
    assert (error.message, error.reason, error.code) == (answered["message"], "AlreadyExists", 409)
    assert not doubtful(error)


def test_what_has_been_applied_already_is_applied():
    world, info = World(), Info(config_map(), mapping=MAPS)
    run(world.client, verbs.server_side()(info)).unwrap()
    world.passed += 3600
    send, _ = answer_first_write(world, "lost")
    assert world.hold(verbs.server_side()(info), send).unwrap()._inner_value.action == "serverside-applied"


def test_the_conflict_that_a_lost_apply_would_have_met_is_told():
    world, info = World(), Info(config_map(), mapping=MAPS)
    world.put(replace(info, object=config_map("theirs")))
    send, _ = answer_first_write(world, "lost")
    error = world.hold(verbs.server_side()(info), send).failure()._inner_value
    assert [(one.field, one.theirs, one.ours) for one in error.conflicts] == [(".data.k", "theirs", "v")]


@pytest.mark.parametrize(("acted", "doubt"), [("lost", False), ("lost, done", True)])
def test_a_json_patch_that_counts_each_time_is_never_taken_for_undone(acted, doubt):
    world, info = World(), Info(config_map(finalizers=["a.b/c"]), mapping=MAPS)
    world.put(info)
    add = verbs.patch([{"op": "add", "path": "/metadata/finalizers/-", "value": "a.b/d"}], "json")
    send, sent = answer_first_write(world, acted)
    assert doubtful(world.hold(add(replace(info, absent=True)), send).failure()._inner_value) is doubt
    assert sum(map(writes, sent)) == 1


@pytest.mark.parametrize("step", range(1, 4))
@pytest.mark.parametrize("answer", [LOST, TIMEOUT])
def test_a_migration_that_is_lost_leaves_an_object_applied_and_a_warning(answer, step):
    world, info = World(), Info(config_map(), mapping=MAPS)
    run(world.client, verbs.apply()(info)).unwrap()
    world.passed += 3600
    count = []

    def send(request):
        count.extend([request] * writes(request))
        if writes(request) and len(count) == step + 1:
            return Success(answer) if isinstance(answer, Response) else Failure(answer)
        return world.client.send(request)

    outcome = world.hold(verbs.server_side()(info), send).unwrap()._inner_value
    assert (outcome.action, len(outcome.warnings)) == ("serverside-applied", 1)
    assert "non-fatal" in outcome.warnings[0]


def test_an_object_is_not_restored_where_the_new_one_may_be_there():
    world, info = World(), Info(config_map(), mapping=MAPS)
    world.put(replace(info, object=config_map("older")))
    sent = []

    def send(request):
        sent.append(request)
        if request.method in ("PATCH", "POST"):
            refused = Response(422, {"kind": "Status", "reason": "Invalid", "code": 422})
            return Failure(LOST) if request.method == "POST" else Success(refused)
        # No look is answered: nobody can know.
        return Failure(LOST) if sum(one.method == "POST" for one in sent) else world.client.send(request)

    assert doubtful(world.hold(verbs.apply(force=Recreation())(info), send).failure()._inner_value)
    assert [one.method for one in sent].count("POST") == 1


# By hand: each thing that a look may find, and what the server was asked.

DATE = (("date", "Mon, 01 Jan 2024 12:00:00 GMT"),)
NEW, OLD = "2024-01-01T11:59:55Z", "2024-01-01T11:59:54Z"
"""Times that are from the conversation, which has lasted five seconds, and that are older."""


def live(object=None, made=NEW, manager="kubectl-create", headers=DATE, **metadata):
    managed = [{"manager": manager, "operation": "Update", "time": made}]
    named = {"uid": "1", "resourceVersion": "2", "creationTimestamp": made, "managedFields": managed}
    whole = with_metadata(object or config_map(), **{**named, **metadata})
    return Response(200, whole, headers, elapsed=5.0)


MISSING = Response(404, {"kind": "Status", "reason": "NotFound", "code": 404, "details": {"name": "a"}})
ELSEWHERE = [
    Response(404, {"kind": "Status", "code": 404, "details": details}) for details in ({}, {"name": "b"})
]
INFO = Info(config_map(), mapping=MAPS)
UNKNOWN, UNDONE = "unknown", "failed"


def said(result):
    """The word for an end: the action of its outcome, or whether its error leaves it open."""
    match result:
        case Success(outcome):
            return outcome.action
    error = result.failure()
    assert doubtful(error) == error.message.endswith(DOUBT)
    return UNKNOWN if doubtful(error) else UNDONE


SIX = [LOST, *[MISSING] * len(PAUSES)]
TORN = Response(500, {"kind": "Status", "message": "torn", "code": 500})
LOOKS = [
    ("ours", verbs.create(), [LOST, live()], "created"),
    ("ours after a 500", verbs.create(), [TORN, live()], "created"),
    ("ours, defaulted", verbs.create(), [LOST, live({**config_map(), "immutable": False})], "created"),
    ("ours, managers not told", verbs.create(), [LOST, live(managedFields=None)], "created"),
    ("late", verbs.create(), [LOST, MISSING, MISSING, live()], "created"),
    ("never", verbs.create(), SIX, UNDONE),
    ("another's", verbs.create(), [LOST, live(manager="other")], UNKNOWN),
    ("other words", verbs.create(), [LOST, live(config_map("other"))], UNKNOWN),
    ("older", verbs.create(), [LOST, live(made=OLD)], UNDONE),
    ("no date", verbs.create(), [LOST, live(headers=())], UNKNOWN),
    ("date of no time", verbs.create(), [LOST, live(headers=(("date", "soon"),))], UNKNOWN),
    ("made at no time", verbs.create(), [LOST, live(made="soon")], UNKNOWN),
    ("look lost", verbs.create(), [LOST, LOST], UNKNOWN),
    ("look forbidden", verbs.create(), [LOST, Response(403)], UNKNOWN),
    ("look torn", verbs.create(), [LOST, TORN, live()], "created"),
    ("each look torn", verbs.create(), [LOST, *[TORN] * 5], UNKNOWN),
    ("no API server", verbs.create(), [LOST, Response(404, "404 page not found")], UNKNOWN),
    *(("gone elsewhere", verbs.delete(), [LOST, missing], UNKNOWN) for missing in ELSEWHERE),
    *(("never elsewhere", verbs.create(), [LOST, missing], UNKNOWN) for missing in ELSEWHERE),
    ("gone", verbs.delete(), [LOST, MISSING], "deleted"),
    ("going", verbs.delete(), [TORN, live(deletionTimestamp=NEW)], "deleted"),
    ("another now", verbs.delete(same=True), [LOST, live(uid="2")], "deleted"),
    ("there", verbs.delete(), [LOST, *[live(made=OLD)] * 5], UNDONE),
    ("there, known", verbs.delete(same=True), [LOST, *[live()] * 5], UNDONE),
    ("there anew", verbs.delete(), [LOST, *[live()] * 5], UNKNOWN),
    ("applied", verbs.server_side(), [LOST, live(), live(resourceVersion="3")], "serverside-applied"),
    ("not applied", verbs.server_side(), [LOST, *[live(made=OLD), live(config_map("other"))] * 5], UNDONE),
    ("touched", verbs.server_side(), [LOST, *[live(), live(config_map("other"))] * 5], UNKNOWN),
    ("dry run torn", verbs.server_side(), [LOST, *[live(), TORN] * 5], UNKNOWN),
    ("dry run lost", verbs.server_side(), [LOST, live(), LOST], UNKNOWN),
    ("not there", verbs.server_side(), SIX, UNDONE),
    ("refused", verbs.server_side(), [LOST, *[live(made=OLD), Response(422)] * 5], UNDONE),
    ("refused what was touched", verbs.server_side(), [LOST, *[live(), Response(422)] * 5], UNKNOWN),
    ("put", verbs.replace(), [live(), LOST, live(resourceVersion="3"), live()], "replaced"),
    ("put, the same", verbs.replace(), [live(), LOST, live(), live()], "unchanged"),
    ("not put", verbs.replace(), [live(), LOST, *[live(), live(config_map("other"))] * 5], UNDONE),
    ("gone since", verbs.replace(), [live(), LOST, *[MISSING] * 5], UNKNOWN),
]


@pytest.mark.parametrize(("verb", "answers", "word"), [case[1:] for case in LOOKS], ids=[c[0] for c in LOOKS])
def test_what_a_look_finds_says_what_became_of_the_write(verb, answers, word):
    info = replace(INFO, object=with_metadata(config_map(), uid="1"))
    asked, result = hold_with(verb(info), *answers)
    assert said(result) == word
    assert sum(map(writes, asked)) == 1


def test_the_looks_come_after_growing_pauses():
    exchange, delays = verbs.create()(INFO).lost(LOST), []
    while isinstance(exchange, Call):
        delays.append(exchange.delay)
        exchange = exchange.then(MISSING)
    assert tuple(delays) == PAUSES


def status(message):
    return Response(500, {"kind": "Status", "message": message, "reason": "InternalError", "code": 500})


CLEAR = {
    "refused connection": TransportError("refused"),
    "asked again": Response(503, None, (("retry-after", "1"),)),
    "webhook": status('Internal error occurred: failed calling webhook "a.b": connection refused'),
    "no such field": status("failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .x: ..."),
    "forbidden": Response(403),
}


@pytest.mark.parametrize("answer", CLEAR.values(), ids=CLEAR)
@pytest.mark.parametrize("verb", [verbs.create(), verbs.delete(), verbs.server_side()])
def test_nobody_looks_where_the_write_was_surely_not_done(verb, answer):
    asked, result = hold_with(verb(INFO), answer)
    assert (len(asked), said(result)) == (1, UNDONE)


@pytest.mark.parametrize("verb", [verbs.create, verbs.delete, verbs.server_side])
def test_nobody_looks_after_a_dry_run(verb):
    asked, result = hold_with(verb(dry_run="server")(INFO), TIMEOUT)
    assert (len(asked), said(result)) == (1, UNDONE)


NAMELESS = {**config_map(), "metadata": {"generateName": "a-", "namespace": "default"}}


@pytest.mark.parametrize(
    "object", [NAMELESS, config_map(name="a/b"), config_map(name=".."), config_map(name=7)]
)
@pytest.mark.parametrize("answer", [LOST, TIMEOUT])
def test_what_can_not_be_looked_for_is_unknown(object, answer):
    asked, result = hold_with(verbs.create()(Info(object, mapping=MAPS)), answer)
    assert (len(asked), said(result)) == (1, UNKNOWN)


def test_the_error_of_an_unknown_end_is_the_answer():
    _, result = hold_with(verbs.create()(INFO), TIMEOUT, LOST)
    assert result.failure() == StatusError(f"Timeout{DOUBT}", 504, "Timeout", sent=True)


def test_a_dry_run_is_given_the_version_that_is_there():
    wanting = [{"op": "replace", "path": "/metadata/resourceVersion", "value": "1"}, "no operation"]
    for body, present in ((with_metadata(config_map(), resourceVersion="1"), "2"), (wanting, "2")):
        write = Request("PATCH", "/api/v1/namespaces/default/configmaps/a", body=body)
        probe = settle(send(write), write).then(TIMEOUT).then(live()).request
        found = (
            probe.body[0]["value"] if isinstance(body, list) else probe.body["metadata"]["resourceVersion"]
        )
        assert (found, probe.query) == (present, (("dryRun", "All"),))
        assert not writes(probe)


def test_reads_and_dry_runs_are_left_alone():
    read = send(Request("GET", "/version"))
    assert settle(read, read.request) is read
    dry = send(with_query(Request("PATCH", "/a"), dryRun="All"))
    assert settle(dry, dry.request) is dry
