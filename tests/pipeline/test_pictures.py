"""Pictures in Mermaid and SVG show the boxes and arrows of the drawing, each once, and no secret."""

import re
from functools import partial
from xml.etree import ElementTree

import pytest
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.exchange import Request
from fkube.pipeline import Pipeline, stages
from fkube.pipeline.drawing import WIDEST, draw
from fkube.pipeline.explain import explain
from fkube.pipeline.pictures import LONGEST, MOST, mermaid, shorten, svg
from fkube.resource.errors import DecodeError, UsageError, failures
from fkube.resource.info import Info
from fkube.syntax.svg import printable
from fkube.verbs.plan import Plan
from fkube.visitor import broken, continue_on_error, decorated, flattened, infos, nothing, visitor_list
from fkube.visitor.stages import sorted_by, stage_name, take

SECRET = "correct horse battery staple"
NASTY = (
    "a \"q\" 'q' [b] {c} (d) <e> &amp; #35; `f` *g* \\ %%{init: {}}%% ; | $$x$$\n"
    "new\x00 style a:b#c; end 日本語 \ud800"
)
POD = Info({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}})
SVG = "{http://www.w3.org/2000/svg}"


def pipeline(*steps):
    return pipe(b.builder(), *steps, b.do)


def tagged(secret, info):
    return Success(info) if secret else Failure(DecodeError("no"))


def deep(visitor):
    for _ in range(5_000):
        visitor = continue_on_error(flattened(visitor))
    return visitor


def plan():
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "s", "namespace": "a"},
        "stringData": {"k": SECRET},
    }
    made = pipeline(b.objects(secret, {"kind": "Odd", "apiVersion": "v9"}), b.continue_on_error)
    return unsafe_perform_io(edge.plan(edge.embedded(), verbs.create())(made).unwrap())


SUBJECTS = {
    "pipeline": pipeline(
        b.filenames("a.yaml", f"https://me:{SECRET}@example.org/a.yaml?token={SECRET}"),
        b.flatten,
        b.decorated(partial(tagged, SECRET)),
        b.through(take(3), sorted_by(tagged)),
        b.continue_on_error,
    ),
    "empty": Pipeline(),
    "failures": pipeline(b.filenames("a.yaml"), b.stdin, b.resource_type_or_name_args("pod", "web"), b.local),
    "visitor": continue_on_error(visitor_list(broken(DecodeError("no")), decorated(tagged)(infos(POD, POD)))),
    "nothing": nothing,
    "deep": deep(nothing),
    "wide": infos(*[POD] * 10_000),
    "plan": plan(),
    "no plan": Plan(),
    "long plan": Plan((Request("GET", "/api"),) * 1000),
    "nasty": broken(DecodeError(NASTY)),
    "nasty failure": Failure(failures(UsageError(NASTY))),
    "long": broken(DecodeError("long" * 1000)),
}


def labels_of_mermaid(text):
    """The labels of the boxes of a flowchart, as they are shown."""
    labels = re.findall(r'^  b\d+\["(.*)"\]:::\w+$', text, re.MULTILINE)
    return [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label).split("<br>")[0] for label in labels]


def texts_of_svg(text):
    return [element.text for element in ElementTree.fromstring(text).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", SUBJECTS)
def test_mermaid_has_each_box_and_each_arrow_once(name):
    drawing, text = shorten(draw(SUBJECTS[name], "create")), mermaid(SUBJECTS[name], "create")
    shown = [" ".join(printable(box.label).split()) for box in drawing.boxes]
    assert labels_of_mermaid(text) == shown
    arrows = re.findall(r"^  b(\d+) -.* b(\d+)$", text, re.MULTILINE)
    assert arrows == [(str(arrow.start), str(arrow.end)) for arrow in drawing.arrows]
    assert SECRET not in text


@pytest.mark.parametrize("name", SUBJECTS)
def test_svg_is_xml_that_says_what_it_is_and_shows_each_box(name):
    drawing, text = shorten(draw(SUBJECTS[name], "create")), svg(SUBJECTS[name], "create")
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    boxes = [rect for rect in root.iter(f"{SVG}rect") if "box" in rect.get("class").split()]
    assert [box.get("class").split()[-1] for box in boxes] == [box.kind for box in drawing.boxes]
    heads = [path for path in root.iter(f"{SVG}path") if path.get("class") == "head"]
    assert len(heads) == (0 if drawing.is_tree else sum(a.end == a.start + 1 for a in drawing.arrows))
    assert SECRET not in text
    assert not re.search(r"<script|href|url\(|@import|\son\w+=", text)


def test_the_stages_of_a_picture_are_those_that_run():
    made = SUBJECTS["pipeline"].unwrap()
    running = [stage_name(stage) for stage in stages(made, namespace="client.namespace")]
    assert labels_of_mermaid(mermaid(made))[2:-2] == running
    places = [texts_of_svg(svg(made)).index(stage) for stage in running]
    assert places == sorted(places)


def test_a_user_sees_in_a_picture_what_a_stage_has_to_see():
    kinds = {box.label: box.kind for box in draw(SUBJECTS["pipeline"]).boxes}
    assert [kinds[name] for name in ("flattened", "take(3)", "sorted_by(tagged)")] == [
        "plain",
        "scanned",
        "whole",
    ]
    assert {"has a memory", "sees all"} <= {*texts_of_svg(svg(SUBJECTS["pipeline"]))}


def test_what_there_is_no_room_for_is_counted():
    assert [box.label for box in shorten(draw(SUBJECTS["deep"])).boxes][-1] == f"… and {10_001 - MOST:,} more"
    assert labels_of_mermaid(mermaid(SUBJECTS["wide"]))[-1] == f"… and {10_000 - WIDEST:,} more"
    assert labels_of_mermaid(mermaid(SUBJECTS["long plan"]))[-1] == f"… and {1000 - MOST:,} more"
    many = shorten(draw(pipeline(b.filenames(*(f"{n}.yaml" for n in range(100))), b.flatten)))
    assert [box.label for box in many.boxes][WIDEST : WIDEST + 2] == ["… and 80 more", "lists_mapped"]
    assert {arrow.end for arrow in many.arrows if arrow.start <= WIDEST} == {WIDEST + 1}
    assert len(many.arrows) == len({*many.arrows}) == len(many.boxes) - 1
    assert all(len(box.label) <= LONGEST for box in shorten(draw(SUBJECTS["long"])).boxes)


def test_failures_are_drawn_with_their_messages():
    messages = [str(error) for error in SUBJECTS["failures"].failure().errors]
    assert labels_of_mermaid(mermaid(SUBJECTS["failures"])) == messages
    assert explain(SUBJECTS["failures"]) == "\n".join(messages)


def test_a_plan_is_drawn_in_the_order_in_which_it_is_sent_with_its_errors_behind():
    made = plan()
    sent = [f"{request.method} {request.path}" for request in made.requests]
    assert labels_of_mermaid(mermaid(made)) == [*sent, *map(str, made.errors)]
    assert len(made.requests) == len(made.errors) == 1
    first, *_ = explain(made).splitlines()
    assert first.startswith(f"{sent[0]}  ")
    assert first.endswith("  Secret s (fieldManager=kubectl-create, fieldValidation=Strict)")
    assert explain(Plan()) == "nothing to do"
    requests = Plan((Request("GET", "/a"), Request("DELETE", "/b", (("dryRun", "All"),))))
    assert explain(requests) == "GET /a\n  │\nDELETE /b  (dryRun=All)"
