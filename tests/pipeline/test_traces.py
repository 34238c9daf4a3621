"""Traces keep what each stage made of each resource; the visit of their ends is the visit; all is masked."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Success

from fkube import laws
from fkube.exchange import Request, Response
from fkube.pipeline.discovery import Mapper, Resource, mapped, mapper
from fkube.pipeline.tracetext import trace_text
from fkube.pipeline.tracing import Trace, trace_data
from fkube.pipeline.ways import Exchanged, ends, trace_stages
from fkube.report import Outcome
from fkube.resource.errors import DecodeError
from fkube.resource.info import Info, Origin, RESTMapping, with_metadata
from fkube.testing import strategies as s
from fkube.visitor import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    filtered,
    flattened,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.algebra import One
from fkube.visitor.changing import set_labels
from fkube.visitor.decorators import set_namespace
from fkube.visitor.stages import advance, scanned, sorted_by, take, through, unique, whole
from fkube.visitor.visits import reached


def pod(name="web", **rest):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, **rest}


def info(name="web", line=1, **rest):
    return Info(pod(name, **rest), Origin("a.yaml", 1, line))


LIST = Info({"apiVersion": "v1", "kind": "List", "items": [pod("a"), pod("b")]}, Origin("l.yaml", 1, 1))
EMPTY = Info({"apiVersion": "v1", "kind": "List", "items": []}, Origin("l.yaml", 1, 1))
PODS = mapper([Resource(RESTMapping("", "v1", "Pod", "pods"), "pod", ("po",))])


def is_small(info):
    return info.name < "c"


def always(info):
    return True


def raises(info):
    return info.object["spec"]


def fails(results):
    return results[0].missing


def became(*stages_and_visitor):
    *stages, visitor = stages_and_visitor
    return [[step.became for step in way.steps] for way in trace_stages(stages, visitor)[0]]


ROWS = st.lists(s.stages() | s.whole_stages(), max_size=4).map(tuple)


@settings(max_examples=150, deadline=None)
@given(s.visitors(), ROWS, s.visitor_functions())
def test_the_law_holds_with_stages_that_see_all_of_the_input(visitor, stages, fn):
    assert laws.trace_is_visit(visitor, stages, fn)


@settings(max_examples=50, deadline=None)
@given(s.visitors(), ROWS)
def test_to_go_on_after_errors_changes_no_way(visitor, stages):
    ways, _ = trace_stages(stages, visitor)
    eager, _ = trace_stages((*stages, continue_on_error), visitor)
    assert reached(ends(eager)) == reached(ends(ways))


def test_chunks_hand_the_memory_on():
    stages = (take(3), unique(lambda info: info.name))
    first, after = trace_stages(stages, infos(info("a"), info("a")))
    second, _ = trace_stages(after, infos(info("b"), info("c")))
    whole_visit = advance(stages, infos(info("a"), info("a"), info("b"), info("c")))[0]
    assert reached(visitor_list(ends(first), ends(second))) == reached(whole_visit)


# What a stage is given, and of what kind each step is then; the reason of the last.
STEPS = [
    (filtered(always, is_small), info("z"), ["read", "dropped"], "is_small said no"),
    (filtered(is_small), info("a"), ["read", "passed"], ""),
    (take(0), info(), ["read", "dropped"], "take(0): the first of what there is passes"),
    (flattened, EMPTY, ["read", "dropped"], "the list has no items"),
    (and_then(lambda info: nothing), info(), ["read", "dropped"], None),
    (scanned(lambda n, result: (n, nothing), 0), info(), ["read", "dropped"], None),
    (whole(lambda results: ()), info(), ["read", "dropped"], "whole(a lambda)"),
    (decorated(set_labels(a="b")), info(), ["read", "changed"], ""),
    (decorated(lambda info: Failure(DecodeError("no"))), info(), ["read", "failed"], "no"),
    (decorated(raises), info(), ["read", "failed"], "raises (test_traces.py, line "),
    (filtered(raises), info(), ["read", "failed"], "raises (test_traces.py, line "),
    (and_then(raises), info(), ["read", "failed"], "raises (test_traces.py, line "),
    (whole(fails), info(), ["read", "failed"], "fails (test_traces.py, line "),
    (lambda visitor: raises(info()), info(), ["read", "failed"], "a lambda (test_traces.py, line "),
    (mapped(PODS), info(), ["read", "changed"], "pods (v1, namespaced)"),
    (mapped(Mapper()), info(), ["read", "failed"], 'resource mapping not found for name: "web"'),
    (continue_on_error, info(), ["read", "passed"], ""),
    (through(filtered(always), take(1)), info(), ["read", "passed", "passed"], ""),
    (through(), info(), ["read"], ""),
]


@pytest.mark.parametrize(("stage", "given", "steps", "why"), STEPS)
def test_what_a_stage_makes_of_a_resource(stage, given, steps, why):
    ((way,), _) = trace_stages((stage,), one(given))
    assert [step.became for step in way.steps] == steps
    assert why is None or way.steps[-1].why.startswith(why)


def test_items_have_the_steps_of_their_list():
    ways, _ = trace_stages((filtered(always), flattened, filtered(is_small)), infos(LIST, info("z")))
    assert [[step.became for step in way.steps] for way in ways] == [
        ["read", "passed", "opened", "passed"],
        ["read", "passed", "opened", "passed"],
        ["read", "passed", "passed", "dropped"],
    ]
    assert [way.listed_in for way in ways] == [LIST, LIST, None]
    assert [way.info.name for way in ways] == ["a", "b", "z"]


def test_one_item_is_opened_too_and_a_bad_one_fails():
    single = Info({"apiVersion": "v1", "kind": "List", "items": [pod("a")]})
    assert became(flattened, one(single)) == [["read", "opened"]]
    mixed = replace(LIST, object={**LIST.object, "items": [pod("a"), "none"]})
    ways, _ = trace_stages((flattened,), one(mixed))
    assert [way.steps[-1].became for way in ways] == ["opened", "failed"]
    assert ways[1].listed_in == mixed


def test_failures_go_past_stages_and_can_be_mended():
    failed = broken(DecodeError("not YAML", Origin("a.yaml", 2, 5)))
    assert became(filtered(is_small), decorated(raises), failed) == [["failed"]]
    assert became(take(0), failed) == [["failed", "dropped"]]
    mends = scanned(lambda n, result: (n, One(result.lash(lambda error: Success(info())))), 0)
    assert became(mends, failed) == [["failed", "changed"]]
    fails_again = scanned(lambda n, result: (n, broken(DecodeError("again"))), 0)
    assert became(fails_again, fails_again, failed) == [["failed", "failed"]]


def test_a_whole_stage_moves_ways_and_those_that_have_ended_come_last():
    given = (info("b", 1), info("z", 2), info("a", 3), info("a", 3))
    ways, _ = trace_stages((filtered(is_small), sorted_by(lambda info: info.name)), infos(*given))
    assert [(way.info.name, way.steps[-1].became) for way in ways] == [
        ("a", "passed"),
        ("a", "passed"),
        ("b", "passed"),
        ("z", "dropped"),
    ]


def test_what_a_whole_stage_makes_anew_begins_there():
    made = whole(lambda results: [*results[1:], results[1], Success(info("new"))])
    ways, _ = trace_stages((made,), infos(info("a"), info("b")))
    assert [[step.became for step in way.steps] for way in ways] == [
        ["read", "passed"],
        ["read"],
        ["read"],
        ["read", "dropped"],
    ]
    assert [way.steps[0].stage for way in ways] == [-1, 0, 0, -1]


def test_a_whole_stage_that_changes_is_told_by_origin_and_name():
    number = whole(lambda found: [r.bind(set_labels(n=str(n))) for n, r in enumerate(reversed(found))])
    ways, _ = trace_stages((number,), infos(info("a", 1), info("a", 2), info("b", 3)))
    assert [(way.info.origin.line, [step.became for step in way.steps]) for way in ways] == [
        (line, ["read", "changed"]) for line in (3, 2, 1)
    ]


def test_a_visitor_that_raises_is_a_way_that_failed():
    assert became(filtered(always), lambda fn: raises(info())) == [["failed"]]


def traced(*stages_and_visitor):
    *stages, visitor = stages_and_visitor
    return Trace(("a.yaml",), tuple(stages), "create", trace_stages(stages, visitor)[0])


def test_the_namespace_and_the_changes_are_told():
    (way,) = trace_data(traced(mapped(PODS), decorated(set_namespace("shop")), one(info())))["ways"]
    assert (way["namespace"], way["mapping"], way["resource"]) == ("shop", "pods (v1, namespaced)", "pod/web")
    changes = [{"path": "metadata.namespace", "before": None, "after": "shop"}]
    assert [step["changes"] for step in way["steps"]] == [[], [], changes]
    assert way["origin"] == {"source": "a.yaml", "document": 1, "line": 1}


def test_the_object_of_what_passed_is_that_before_and_a_list_has_a_number_of_items():
    ways = trace_data(traced(filtered(always), flattened, one(LIST)))["ways"]
    listed, passed, opened = (step["object"] for step in ways[0]["steps"])
    assert (listed["items"], passed, opened) == ("2 items", None, pod("a"))


@pytest.mark.parametrize("name", ["web", "pod/web", "pods/web", "po/web", "Pod/web"])
def test_names_are_those_of_kubectl(name):
    named = traced(mapped(PODS), infos(info("web"), info("db"))).only(name)
    assert [way.info.name for way in named.ways] == ["web"]


def test_a_name_that_a_stage_has_changed_is_found_by_both():
    rename = decorated(lambda i: Success(replace(i, object=with_metadata(i.object, name="new"))))
    whole_trace = traced(rename, infos(info("web")))
    assert [len(whole_trace.only(name).ways) for name in ("web", "new", "old", "node/web")] == [1, 1, 0, 0]


CANARY = "hunter2"
SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "s", "annotations": {"note": CANARY}},
    "data": {"k": CANARY},
    "stringData": {"l": CANARY},
}
PATCH = {"data": {"k": CANARY}}
PATCHES = (PATCH, json.dumps(PATCH), f"data: {CANARY}")
APPLIED = {"metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": CANARY}}}


def change_key(info):
    return Success(replace(info, object={**info.object, "data": {"k": CANARY + "3", "new": CANARY}}))


def rename_kind(info):
    return Success(replace(info, object={**info.object, "kind": "ConfigMap"}))


def spoil(info):
    return Success(replace(info, object={**info.object, "data": CANARY}))


SECRETS = [
    SECRET,
    {**SECRET, "kind": "secret"},
    {"apiVersion": "v1", "kind": "List", "items": [SECRET]},
    {"apiVersion": "v1", "kind": "SecretList", "items": [{k: v for k, v in SECRET.items() if k != "kind"}]},
    {**pod(), **APPLIED},
    {**SECRET, "data": CANARY},
    {**SECRET, "kind": "List", "items": [SECRET, {**SECRET, "kind": "secret"}], "data": {}, "stringData": {}}
    | {"metadata": {}},
]


@pytest.mark.parametrize("object", SECRETS)
@pytest.mark.parametrize("change", [change_key, rename_kind, spoil, set_labels(a="b"), raises])
def test_no_text_of_a_trace_has_a_secret(object, change):
    if object["kind"] == "Pod" and change is not raises:
        return
    stages = (flattened, decorated(change), decorated(set_namespace("shop")), continue_on_error)
    ways, _ = trace_stages(stages, one(Info(object, Origin("s.yaml", 1, 1))))
    path = "/api/v1/namespaces/a/secrets/s"
    sent = (
        Exchanged(Request("POST", "/api/v1/namespaces/a/secrets", body=SECRET), Response(201, SECRET)),
        *(Exchanged(Request("PATCH", path, body=body)) for body in PATCHES),
        Exchanged(Request("GET", path), Response(200, {**SECRET, **APPLIED})),
    )
    outcome = Outcome("created", Origin("s.yaml", 1, 1), None, SECRET)
    found = Trace((), stages, "create", tuple(replace(w, exchanged=sent, outcome=outcome) for w in ways))
    for text in (str(found), repr(found), found._repr_html_(), json.dumps(trace_data(found)), repr(ways)):
        assert CANARY not in text


def test_what_changed_of_a_secret_is_told_by_its_path():
    (way,) = trace_data(traced(decorated(change_key), one(Info(SECRET))))["ways"]
    assert way["steps"][-1]["changes"] == [
        {"path": "data.k", "before": "*** (before)", "after": "*** (after)"},
        {"path": "data.new", "before": None, "after": "***"},
    ]


def test_the_text_of_a_trace():
    stages = (flattened, filtered(is_small), mapped(PODS), decorated(set_namespace("shop")))
    ways, _ = trace_stages((*stages, continue_on_error), infos(LIST, info("z", 7)))
    sent = Exchanged(Request("POST", "/api/v1/pods", (("a", "b"),)), Response(409))
    refused = Outcome("failed", ways[0].origin, error=DecodeError("it is there"), warnings=("old",))
    first, *others = ways
    ways = (replace(first, exchanged=(sent,), outcome=refused), *others)
    text = str(Trace((), (*stages, continue_on_error), "create", ways))
    assert text.splitlines() == TEXT.splitlines()


TEXT = """\
report = (continue_on_error ∘ decorated(set_namespace(shop)) ∘ mapped ∘ filtered(is_small) ∘
          flattened)(v)(each(run ∘ create))

pod/a from l.yaml, document 1, line 1
  flattened                       opened from v1 List
  passed                          filtered(is_small)
  mapped                          pods (v1, namespaced)
  decorated(set_namespace(shop))  metadata.namespace: nothing → shop
  create                          POST /api/v1/pods → 409
                                    ?a=b
                                  failed: it is there
  warning                         old

pod/b from l.yaml, document 1, line 1
  flattened                       opened from v1 List
  passed                          filtered(is_small)
  mapped                          pods (v1, namespaced)
  decorated(set_namespace(shop))  metadata.namespace: nothing → shop

pod/z from a.yaml, document 1, line 7
  passed              flattened
  filtered(is_small)  dropped: is_small said no
"""


def test_many_resources_have_a_line_each():
    text = str(traced(filtered(is_small), infos(*(info(f"{'az'[n % 2]}{n}", n) for n in range(1, 41)))))
    lines = text.splitlines()
    assert lines[2:4] == [
        "pod/z1   a.yaml:1   dropped: is_small said no",
        "pod/a2   a.yaml:2   passed",
    ]
    assert len(lines) == 2 + 40 + 2


def test_no_line_is_wider_than_the_terminal():
    long = info("x" * 30, spec={"text": "word " * 99})
    text = str(traced(decorated(lambda i: Success(replace(i, object=pod("y")))), one(long)))
    assert max(map(len, text.splitlines())) <= 100


def test_control_characters_of_a_manifest_are_not_written():
    odd = Info(pod("\x1b[31mred", note="\x9b0m"), Origin("\x1b[2J.yaml", 1, 1))
    text = trace_text(trace_data(traced(decorated(set_labels(a="\x1b[0m")), one(odd))))
    assert "\x1b" not in text
    assert "\x9b" not in text
