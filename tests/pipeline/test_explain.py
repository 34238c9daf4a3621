"""Pictures show what a pipeline or visitor is made of, and no secret."""

from dataclasses import dataclass, field
from functools import partial

import pytest
from returns.result import Failure, Success
from toolz import pipe

from fkube import builder as b
from fkube.pipeline import stages
from fkube.pipeline.explain import WIDEST, explain
from fkube.resource.errors import DecodeError
from fkube.resource.info import Info, Origin
from fkube.visitor import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    eager_visitor_list,
    filtered,
    flattened,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.algebra import One
from fkube.visitor.decorators import filter_namespace, require_namespace, set_namespace
from fkube.visitor.stages import scanned, sorted_by, stage_name, take, unique, whole

POD = Info({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}, Origin("a.yaml", 2, 7))
SECRET = "correct horse battery staple"


def plain(fn):
    """A visitor that is no value of ours."""
    return fn(Success(POD))


def named(info):
    return bool(info.name)


def tagged(secret, info):
    return Success(info) if secret else Failure(DecodeError("no"))


def counted(number, result):
    return number + 1, One(result)


@dataclass(frozen=True)
class Sealed:
    """A decorator of a user's own."""

    key: str = field()

    def __call__(self, info, /):
        return Success(info)


TREES = {
    "one": (one(POD), "one(v1 Pod web from a.yaml, document 2, line 7)"),
    "broken": (broken(DecodeError("no", Origin("a.yaml", 1, 1))), "broken(a.yaml, document 1, line 1: no)"),
    "nothing": (nothing, "nothing"),
    "function": (plain, "plain, a function"),
    "list": (visitor_list(plain, nothing, one(POD)), "visitor_list\n├─ plain, a function\n└─ one(v1 Pod web"),
    "eager": (eager_visitor_list(plain, nothing), "eager_visitor_list\n├─ plain, a function\n└─ nothing"),
    "decorated": (
        decorated(set_namespace("a"), require_namespace("b"), filter_namespace)(nothing),
        "decorated(set_namespace(a), require_namespace(b), filter_namespace)\n└─ nothing",
    ),
    "filtered": (filtered(named)(plain), "filtered(named)\n└─ plain, a function"),
    "and_then": (and_then(one)(plain), "and_then(one)\n└─ plain, a function"),
    "nested": (
        continue_on_error(visitor_list(flattened(plain), plain)),
        "continue_on_error\n└─ visitor_list\n   ├─ flattened\n   │  └─ plain, a function\n   └─ plain",
    ),
}


@pytest.mark.parametrize("case", TREES)
def test_a_visitor_is_drawn_as_a_tree(case):
    visitor, drawing = TREES[case]
    assert explain(visitor).startswith(drawing)


def test_a_long_list_is_drawn_in_part_and_counted():
    lines = explain(infos(*[POD] * (WIDEST + 1234))).splitlines()
    assert len(lines) == 1 + WIDEST + 1
    assert lines[-1] == "└─ … and 1,234 more"


def test_a_deep_visitor_needs_no_deep_stack():
    visitor = plain
    for _ in range(5_000):
        visitor = continue_on_error(flattened(visitor))
    assert len(explain(visitor).splitlines()) == 10_001


SOURCES = {
    "directory": (b.filenames("manifests/", recursive=True), "manifests/ and below"),
    "file": (b.filenames("a.yaml"), "a.yaml"),
    "url": (
        b.filenames(f"https://me:{SECRET}@example.org/a.yaml?token={SECRET}"),
        "https://example.org/a.yaml?…",
    ),
    "stdin": (b.stdin, "standard input"),
    "text": (b.text(SECRET, "inline"), "inline"),
    "objects": (b.objects({"kind": "Secret", "data": {"key": SECRET}}), "objects"),
    "kustomize": (b.filenames(kustomize="overlay"), "kustomize overlay"),
    "named": (b.resource_type_or_name_args("pod", "web"), "pod/web"),
    "selected": (
        lambda x: b.label_selector("app=web")(b.resource_type_or_name_args("pods")(x)),
        "pods app=web",
    ),
}


@pytest.mark.parametrize("case", SOURCES)
def test_a_source_is_named_and_its_secrets_are_not(case):
    step, name = SOURCES[case]
    drawing = explain(pipe(b.builder(), step, b.do).unwrap())
    assert drawing.split("  a source:")[0].strip() == name
    assert f"visitor_list(documents({name}))" in drawing
    assert SECRET not in drawing


@pytest.mark.parametrize("decorator", [partial(tagged, SECRET), Sealed(SECRET)])
def test_the_arguments_of_functions_that_are_not_ours_are_not_drawn(decorator):
    drawing = explain(decorated(decorator)(nothing))
    assert SECRET not in drawing
    assert drawing.splitlines()[0] in ("decorated(tagged)", "decorated(Sealed)")


STAGES = (
    (b.flatten, "flattened"),
    (b.continue_on_error, "continue_on_error"),
    (b.default_namespace, "set_namespace(client.namespace)"),
    (b.require_namespace, "require_namespace(client.namespace)"),
    (b.label_selector("app=web"), "filtered(app=web)"),
    (b.field_selector("metadata.name=a"), "filtered(metadata.name=a)"),
    (b.filtered(named), "filtered(named)"),
    (b.filtered(named, mapped=True), "filtered(named)"),
    (b.decorated(partial(tagged, SECRET), set_namespace("a")), "decorated(tagged, set_namespace(a))"),
    (b.and_then(one), "and_then(one)"),
    (b.through(take(3), unique(named), sorted_by(named)), "sorted_by(named) ∘ unique(named) ∘ take(3)"),
    (b.through(scanned(counted, 0), plain), "plain ∘ scanned(counted)"),
    (b.through(whole(sorted)), "whole(sorted)"),
    (b.arranged, "arranged"),
    (b.schema(Sealed(SECRET)), "decorated(Sealed)"),
)


@pytest.mark.parametrize(("step", "stage"), STAGES)
def test_a_stage_is_drawn_where_it_was_asked_for_and_only_there(step, stage):
    asked, bare = (explain(pipe(b.builder(), b.stdin, *steps, b.do).unwrap()) for steps in ((step,), ()))
    drawing, equation = asked.split("\n\n")
    assert all(single in drawing for single in stage.split(" ∘ "))
    assert stage in " ".join(equation.split())
    assert stage not in bare
    assert SECRET not in asked


def test_every_stage_of_a_picture_is_one_that_runs():
    steps = [step for step, _ in STAGES]
    pipeline = pipe(b.builder(), b.stdin, *steps, b.do).unwrap()
    drawing, equation = explain(pipeline).split("\n\n")
    running = [stage_name(stage) for stage in stages(pipeline, namespace="client.namespace")]
    assert [line.split("  ")[0] for line in drawing.splitlines()[2:-3:2]] == running
    assert " ∘ ".join(reversed(running)) in " ".join(equation.split())


def test_what_is_local_is_not_mapped():
    drawings = [explain(pipe(b.builder(), b.stdin, *steps, b.do).unwrap()) for steps in ((b.local,), ())]
    assert ["mapped" in drawing for drawing in drawings] == [False, True]


def test_a_pipeline_is_drawn_in_the_order_of_what_happens():
    steps = (b.stdin, b.namespace("shop"), b.default_namespace, b.label_selector("app=web"), b.flatten)
    drawing = explain(pipe(b.builder(), *steps, b.continue_on_error, b.do).unwrap(), "create")
    way, equation = drawing.split("\n\n")
    places = [
        way.index(stage)
        for stage in ("lists_mapped", "flattened", "\nmapped ", "app=web", "shop", "continue", "create")
    ]
    assert places == sorted(places)
    assert " ".join(equation.split()) == (
        "v = visitor_list(documents(standard input)) report = (continue_on_error ∘ "
        "decorated(set_namespace(shop), filter_namespace) ∘ filtered(app=web) ∘ mapped ∘ "
        "flattened ∘ lists_mapped)(v)(each(run ∘ create))"
    )
