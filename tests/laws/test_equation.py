"""What is taught is what runs: `edge.visit` is stages(documents(sources))(each(run ∘ verb))."""

import json
import subprocess
import sys
import weakref
from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.unsafe import unsafe_perform_io

import fkube.edge.running
import fkube.edge.visiting
import fkube.pipeline.pipeline
import fkube.visitor.combinators
from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.documents.manifest import documents
from fkube.edge.offers import read_discovery
from fkube.edge.running import hold
from fkube.pipeline import stages
from fkube.pipeline.discovery import map_info
from fkube.report import report
from fkube.resource.errors import UsageError, about
from fkube.resource.info import Info
from fkube.testing import functions as f
from fkube.visitor import and_then, decorated, each, flattened, one, visitor_list
from fkube.visitor.algebra import ContinueOnError, One
from fkube.visitor.stages import Scanned, advance, scanned, sorted_by, take, through, unique, whole
from fkube.visitor.visits import reached
from tests.laws.mutants import forgiving_each, rebuilt


def manifest(kind="ConfigMap", name="a", namespace="", api_version="v1", **rest):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **rest}


ANYTHING = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
NAMES = {"kind": "Shirt", "plural": "shirts", "singular": "shirt", "listKind": "ShirtList"}
VERSION = {"name": "v1", "served": True, "storage": True, "schema": ANYTHING}
SHIRTS = {"group": "example.com", "scope": "Namespaced", "names": NAMES, "versions": [VERSION]}
CRD = manifest("CustomResourceDefinition", "shirts.example.com", "", "apiextensions.k8s.io/v1", spec=SHIRTS)
SHIRT = manifest("Shirt", "s", api_version="example.com/v1")
BROKEN = "kind: ["
LIST = {"apiVersion": "v1", "kind": "List", "items": [manifest(name="x"), "no item", manifest(name="a")]}


def text(*contents):
    """Documents in a row; a string stands as it is."""
    return "\n---\n".join(each if isinstance(each, str) else json.dumps(each) for each in contents)


def made(contents, *steps):
    return pipe(b.builder(), b.text(text(*contents), "t.yaml"), *steps, b.do).unwrap()


def visited(client, pipeline, verb=None, **how):
    return unsafe_perform_io(edge.visit(client, verb or verbs.create(), **how)(pipeline).unwrap())


def told(report):
    """A report without what depends on when it was made."""
    return [
        (o.action, o.info and repr(o.info), o.error and str(o.error), o.warnings) for o in report.outcomes
    ]


def by_hand(client, contents, pipeline, verb):
    """The equation, written out: the documents, the stages, and a step that sends."""
    way = stages(pipeline, read_discovery(client).unwrap().mapper, client.namespace)
    visitor, _ = advance(way, documents(text(*contents), "t.yaml"))
    run = partial(hold, client)
    return report(visitor(each(lambda info: run(verb(info)).alt(lambda error: about(error, info)))))


CONTENTS = st.lists(
    st.one_of(
        st.builds(
            manifest,
            st.sampled_from(["ConfigMap", "Secret", "Nonsense"]),
            st.sampled_from(["a", "b", "Bad Name"]),
            st.sampled_from(["", "shop", "absent"]),
        ),
        st.sampled_from([manifest("Namespace", "shop"), CRD, SHIRT, LIST, BROKEN, {"kind": "ConfigMap"}, ""]),
    ),
    max_size=8,
)
NO = UsageError("refused by a function of the test")
OWN = st.sampled_from(
    [
        b.decorated(f.Label("a", "b")),
        b.decorated(f.Suffix("x")),
        b.decorated(f.Suffix("x"), mapped=True),
        b.decorated(f.Refuse(f.OfKind("Secret"), NO)),
        b.filtered(f.OfKind("ConfigMap")),
        b.and_then(f.Repeat(f.Suffix("y"), 1)),
        b.and_then(f.Break(f.OfKind("Shirt"), NO)),
        b.through(take(3)),
        b.through(unique(lambda info: info.name)),
        b.through(scanned(f.number_resource, 0), mapped=True),
        b.through(sorted_by(lambda info: info.name)),
        b.through(through(take(5), whole(lambda results: results[::-1]))),
        b.arranged,
        b.require_namespace,
    ]
)


@settings(max_examples=60)
@given(CONTENTS, st.lists(OWN, max_size=4), st.integers(1, 6), st.integers(1, 5), st.booleans())
def test_a_run_is_its_equation(contents, own, concurrency, chunk, eager):
    steps = (b.default_namespace, b.flatten, *own, *((b.continue_on_error,) if eager else ()))
    pipeline = made(contents, *steps)
    expected = told(by_hand(edge.embedded(), contents, pipeline, verbs.create()))
    found = visited(edge.embedded(), pipeline, concurrency=concurrency, chunk=chunk)
    assert told(found)[: len(expected)] == expected
    rest = found.outcomes[len(expected) :]
    assert all(outcome.action == "skipped" for outcome in rest)
    assert eager is False or not rest


def test_a_definition_and_its_custom_resource_by_hand():
    pipeline = made([CRD, SHIRT], b.default_namespace, b.continue_on_error)
    found = by_hand(edge.embedded(), [CRD, SHIRT], pipeline, verbs.create())
    assert str(found) == str(visited(edge.embedded(), pipeline)) == "2 created"


# For each combinator of a pipeline: where it is taken from, a wrong one, and a visit that shows it.
def forgetful_map(known, result):
    return known, One(result.bind(partial(map_info, known)))


def keeps_all(*predicates):
    return decorated()


def keeps_what_it_was(function):
    return and_then(lambda info: visitor_list(function(info), one(info)))


A, B, SECRET = manifest(name="a"), manifest(name="b"), manifest("Secret", "b")
SHOP, IN_SHOP = manifest("Namespace", "shop"), manifest(namespace="shop")
EAGER = b.continue_on_error
MUTANTS = {
    "visitor_list": (edge.visiting, lambda *vs: visitor_list(*vs[::-1]), [A, B]),
    "continue_on_error": (fkube.pipeline.pipeline, lambda visitor: visitor, [A, A, B], EAGER),
    "each": (edge.running, forgiving_each, [A, BROKEN], EAGER),
    "flattened": (fkube.pipeline.pipeline, lambda visitor: visitor, [LIST, B], EAGER),
    "mapped": (fkube.pipeline.pipeline, lambda mapper: Scanned(forgetful_map, mapper), [CRD, SHIRT], EAGER),
    "arranged": (fkube.pipeline.pipeline, lambda visitor: visitor, [IN_SHOP, SHOP], b.arranged),
    "decorated": (fkube.pipeline.pipeline, lambda *ds: decorated(*ds[:1]), [IN_SHOP], b.require_namespace),
    "filtered": (fkube.pipeline.pipeline, keeps_all, [A, B], b.field_selector("metadata.name=a")),
    "own decorated": (fkube.visitor.combinators, lambda *ds: decorated(*ds[::-1]), [A]),
    "own filtered": (fkube.visitor.combinators, keeps_all, [A, SECRET]),
    "own and_then": (fkube.visitor.combinators, keeps_what_it_was, [A]),
    "advance": (edge.visiting, lambda way, v: (advance(way, v)[0], way), [A, B], b.through(take(1))),
    "steps_of": (edge.running, lambda visit: visit.value_or(()), [A, BROKEN], EAGER),
    "waves": (edge.running, lambda steps: (tuple((n,) for n in range(len(steps) - 1)),), [A, B], EAGER),
    "reached": (edge.running, lambda visitor: (), [A, A, B]),
}
# The steps that take a combinator when they are called.
OWN_STEPS = {
    "own decorated": lambda: b.decorated(f.Suffix("x"), f.Suffix("y")),
    "own filtered": lambda: b.filtered(f.OfKind("Secret")),
    "own and_then": lambda: b.and_then(f.Repeat(f.Suffix("y"), 1)),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_combinator_changes_what_a_visit_reports(name, monkeypatch):
    place, mutant, contents, *steps = MUTANTS[name]

    def run():
        own = (OWN_STEPS[name](),) if name in OWN_STEPS else ()
        pipeline = made(contents, b.default_namespace, b.flatten, *steps, *own)
        return told(visited(edge.embedded(), pipeline, chunk=1 if name == "advance" else 256))

    right = run()
    assert right == run()
    monkeypatch.setattr(place, name.removeprefix("own "), mutant)
    assert run() != right


STAGES = {
    "take": (take(2), take(1)),
    "unique": (unique(lambda info: info.kind), unique(lambda info: info.name)),
    "sorted_by": (sorted_by(lambda info: info.name), sorted_by(lambda info: info.kind)),
    "scanned": (scanned(f.number_resource, 1), scanned(f.number_resource, 0)),
    "whole": (whole(lambda results: results), whole(lambda results: results[::-1])),
    "through": (through(take(2), unique(lambda i: i.kind)), through(unique(lambda i: i.kind), take(2))),
    "of one's own": (lambda visitor: flattened(visitor), rebuilt(lambda found: [])),
}


@pytest.mark.parametrize("name", STAGES)
def test_another_stage_is_another_report(name):
    contents = [B, A, SECRET, manifest(name="c")]
    pipelines = (made(contents, b.default_namespace, b.through(stage), EAGER) for stage in STAGES[name])
    right, other = (told(visited(edge.embedded(), pipeline)) for pipeline in pipelines)
    assert right != other


@dataclass(frozen=True)
class Numbers:
    """A source of the test's own: so many objects."""

    count: int


@pytest.mark.parametrize("steps", [(EAGER,), ()], ids=["eager", "fail fast"])
def test_one_chunk_is_read_when_the_one_before_it_is_done(steps):
    trace, client = [], edge.embedded()

    def read(source):
        for number in range(source.count):
            trace.append("read")
            yield one(Info(manifest(name=f"c{number}")))

    def send(request):
        trace.extend(["sent"] * (request.method == "POST"))
        return client.send(request)

    pipeline = pipe(b.builder(), b.sources(Numbers(5)), b.default_namespace, *steps, b.do)
    report = visited(replace(client, send=send), pipeline, chunk=2, readers={Numbers: read})
    assert [outcome.action for outcome in report.outcomes] == ["created"] * 5
    assert trace == ["read", "read", "sent", "sent"] * 2 + ["read", "sent"]


@pytest.mark.parametrize("steps", [(b.continue_on_error,), ()], ids=["eager", "fail fast"])
def test_no_more_documents_are_held_than_a_chunk_has(steps):
    """What a chunk was made of is gone when the next one is read; outcomes are folded away."""

    alive, most = weakref.WeakSet(), []

    def read(source):
        for number in range(source.count):
            most.append(len(alive))
            watched = Watched()
            alive.add(watched)
            yield one(Info({**manifest(name=f"c{number}"), "watched": watched}))
            del watched

    pipeline = pipe(b.builder(), b.sources(Numbers(40)), b.local, *steps, b.do)
    count = edge.fold(
        edge.embedded(),
        verbs.create(dry_run="client"),
        lambda n, _: n + 1,
        0,
        chunk=4,
        readers={Numbers: read},
    )
    assert unsafe_perform_io(count(pipeline).unwrap()) == 40
    assert max(most) <= 4


class Watched:
    """Something in an object that can be watched."""


def test_a_page_is_done_before_the_next_is_asked_for():
    client, trace = edge.embedded(), []
    visited(
        client,
        made([manifest(name=f"c{number}") for number in range(7)], b.default_namespace, b.continue_on_error),
    )

    def send(request):
        if request.path.endswith("/configmaps"):
            trace.append("page")
        return client.send(request)

    named = b.resource_type_or_name_args("configmaps", allow_empty_selector=True)
    pipeline = pipe(b.builder(), named, b.request_chunks_of(3), b.continue_on_error, b.do)
    folded = edge.fold(replace(client, send=send), verbs.get(), lambda _, o: trace.append(o.info.name), None)
    assert folded(pipeline).map(lambda _: None) is not None
    assert trace == ["page", "c0", "c1", "c2", "page", "c3", "c4", "c5", "page", "c6"]


def test_what_is_typed_is_sent_before_more_is_typed(tmp_path):
    program = [sys.executable, "-m", "fkube", "create", "--embedded", "-f", "-"]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as run:
        for name in ("a", "b"):
            run.stdin.write(json.dumps(manifest(name=name)) + "\n---\n")
            run.stdin.flush()
            assert run.stdout.readline() == f"configmap/{name} created\n"
        run.stdin.close()
    assert run.returncode == 0


def test_the_licence_of_a_concurrent_run_is_that_no_failure_stops_the_visitor():
    eager = made([manifest(), BROKEN], b.default_namespace, b.continue_on_error)
    visitor, _ = advance(stages(eager), documents(text(manifest(), BROKEN)))
    assert isinstance(visitor, ContinueOnError)
    stopping, _ = advance(
        stages(replace(eager, continue_on_error=False)), documents(text(manifest(), BROKEN))
    )
    assert not isinstance(stopping, ContinueOnError)
    assert reached(visitor) == reached(stopping)
