"""Functions of one's own in a pipeline: what they raise costs their resource alone; mistakes are told."""

import json
import pathlib
from dataclasses import dataclass, replace

import pytest
from returns.io import IOFailure
from returns.result import Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.documents.source import Named, Path, Selected
from fkube.exchange import Request, bind, done
from fkube.report import Outcome
from fkube.resource.errors import FunctionError
from fkube.resource.info import Info, with_metadata
from fkube.visitor import continue_on_error, infos, one
from fkube.visitor.stages import scanned, sorted_by, unique, whole

HIDDEN = "correct horse battery staple"


def config(name, **data):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


TEN = tuple(config(f"c{number}", **({"bad": HIDDEN} if number == 3 else {})) for number in range(10))


def pipeline(*steps, given=TEN, eager=True):
    last = (b.flatten, *((b.continue_on_error,) if eager else ()))
    return pipe(b.builder(), b.objects(*given), b.default_namespace, *steps, *last, b.do)


def visited(asked, verb=None, client=None, **how):
    return unsafe_perform_io(
        edge.visit(client or edge.embedded(), verb or verbs.create(), **how)(asked).unwrap()
    )


def explode(info):
    """Raise for one of ten, with something in the text that nobody may see."""
    if "bad" in (info.object.get("data") or {}):
        raise KeyError(HIDDEN)


def explode_and(value):
    return lambda info: explode(info) or value(info)


def number_or_explode(state, result):
    explode(result.unwrap())
    return state + 1, one(result.unwrap())


def exploding_verb(info):
    explode(info)
    return verbs.create()(info)


def exploding_later(info):
    return bind(verbs.create()(info), lambda outcome: done(explode(info) or outcome))


class Exploding:
    """A visitor of one's own that raises when it has visited one resource."""

    def __init__(self, info):
        self.info = info

    def __call__(self, fn):
        visit = fn(Success(self.info))
        explode(self.info)
        return visit


RAISING = {
    "decorator": (b.decorated(explode_and(Success)), 9),
    "decorator behind mapping": (b.decorated(explode_and(Success), mapped=True), 9),
    "predicate": (b.filtered(explode_and(lambda info: True)), 9),
    "one-to-many": (b.and_then(explode_and(one)), 9),
    "visitor of a one-to-many": (b.and_then(Exploding), 10),
    "scan": (b.through(scanned(number_or_explode, 0)), 9),
    "key": (b.through(unique(explode_and(lambda info: info.name))), 9),
    "sort": (b.through(sorted_by(explode_and(lambda info: info.name))), 9),
    "stage": (b.through(lambda v: lambda fn: v(lambda r: explode(r.unwrap()) or fn(r))), 9),
    "validator": (b.schema(explode_and(Success)), 9),
}


@pytest.mark.parametrize("case", RAISING)
def test_what_a_function_raises_is_the_outcome_of_its_resource(case):
    step, created = RAISING[case]
    report = visited(pipeline(step))
    assert [o.action for o in report.outcomes].count("created") == created
    [error] = report.errors
    assert isinstance(error, FunctionError)
    assert " (test_own.py, line " in error.message
    assert "raised KeyError: mend it" in error.message
    assert HIDDEN not in f"{report!r} {report.errors} {error!r}"


@pytest.mark.parametrize("verb", [exploding_verb, exploding_later])
@pytest.mark.parametrize("eager", [True, False])
def test_what_a_verb_raises_is_the_outcome_of_its_resource(verb, eager):
    client = edge.embedded()
    report = visited(pipeline(eager=eager), verb, client)
    actions = [o.action for o in report.outcomes]
    # Once something was sent nobody knows what the server did with it.
    wrong = "unknown" if verb is exploding_later else "failed"
    assert actions == ["created"] * 3 + [wrong] + ["created" if eager else "skipped"] * 6
    assert [o.info.name for o in report.outcomes] == [f"c{n}" for n in range(10)]
    assert HIDDEN not in repr(report)


def test_what_sees_everything_and_raises_costs_everything_and_loses_nothing():
    report = visited(pipeline(b.through(whole(lambda results: [explode(r.unwrap()) for r in results]))))
    assert [o.action for o in report.outcomes] == ["failed"] * 10


@dataclass(frozen=True)
class Shelf:
    """A source of the test's own."""

    names: tuple[str, ...]


def read_shelf(shelf):
    for name in shelf.names:
        if name == "bad":
            raise OSError(HIDDEN)
        yield one(Info(config(name)))


def test_what_a_reader_raises_ends_its_source_and_no_other():
    shelf = b.sources(Shelf(("a", "bad", "never")), Shelf(("z",)))
    report = visited(pipeline(shelf, given=(config("first"),)), readers={Shelf: read_shelf})
    assert [(o.action, o.info and o.info.name) for o in report.outcomes] == [
        ("created", "first"),
        ("created", "a"),
        ("failed", None),
        ("created", "z"),
    ]
    assert report.outcomes[2].origin.source == "Shelf"
    assert "read_shelf (test_own.py" in str(report.errors[0])
    assert HIDDEN not in repr(report)


def test_what_and_then_makes_comes_from_the_document():
    def twice(info):
        return infos(Info(config("one")), replace(info, object=with_metadata(info.object, name="two")))

    text = "kind: A\n---\n" + json.dumps(config("x"))
    made = pipe(
        b.builder(), b.text(text, "t.yaml"), b.and_then(twice), b.default_namespace, b.continue_on_error, b.do
    )
    report = visited(made)
    assert [o.origin.document for o in report.outcomes] == [1, 1, 2, 2]
    assert [o.action for o in report.outcomes] == ["created", "failed", "failed", "created"]


def test_steps_stand_in_the_order_given_and_mapped_ones_behind_the_namespaces():
    seen = []

    def see(word):
        return lambda info: seen.append((word, info.mapping is not None, info.namespace)) or Success(info)

    visited(
        pipeline(
            b.decorated(see("late"), mapped=True),
            b.decorated(see("first")),
            b.decorated(see("second")),
            given=(config("a"),),
        )
    )
    assert seen == [("first", False, ""), ("second", False, ""), ("late", True, "default")]


def test_a_renamed_object_is_sent_in_the_order_of_its_documents():
    """Five documents become about one object: the last of them is what stays, at any concurrency."""

    def rename(info):
        return Success(replace(info, object=with_metadata(info.object, name="same")))

    for _ in range(8):
        client = edge.embedded()
        given = tuple(config(f"c{number}", last=str(number)) for number in range(5))
        report = visited(pipeline(b.decorated(rename), given=given), verbs.apply(), client)
        assert [o.action for o in report.outcomes] == ["created"] + ["configured"] * 4
        stays = client.send(Request("GET", "/api/v1/namespaces/default/configmaps/same")).unwrap().body
        assert stays["data"] == {"last": "4"}


def test_a_predicate_is_asked_of_what_the_server_has():
    client = edge.embedded()
    visited(pipeline(), client=client)
    named = b.resource_names("configmap", "c3", "c4")
    for own in (b.filtered(lambda info: "bad" in (info.object.get("data") or {})),):
        asked = pipe(b.builder(), named, own, b.require_object(False), b.continue_on_error, b.do)
        assert [o.info.name for o in visited(asked, verbs.get(), client).outcomes] == ["c3"]


def test_what_is_only_named_is_fetched_before_it_is_changed():
    client = edge.embedded()
    visited(pipeline(), client=client)

    def label(info):
        return Success(replace(info, object=with_metadata(info.object, labels={"a": "b"})))

    asked = pipe(b.builder(), b.resource_names("configmap", "c3"), b.decorated(label), b.do)
    seen = []
    visited(asked, lambda info: seen.append(info) or done(Outcome("met", info.origin, info)), client)
    assert seen[0].object["data"] == {"bad": HIDDEN}
    assert seen[0].labels == {"a": "b"}


def test_files_objects_and_what_the_server_has_stand_side_by_side(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(config("file")))
    client = edge.embedded()
    visited(pipeline(given=(config("here"), config("there"))), client=client)
    steps = (
        b.filenames(tmp_path),
        b.objects(config("made")),
        b.sources(Named("cm", "here"), Selected("configmaps")),
    )
    asked = pipe(b.builder(), *steps, b.default_namespace, b.continue_on_error, b.do)
    seen = visited(asked, lambda info: done(Outcome("met", info.origin, info)), client)
    assert [o.info.name for o in seen.outcomes] == ["file", "made", "here", "here", "there"]
    selected = (
        b.filenames(tmp_path),
        b.resource_types("configmaps"),
        b.field_selector("metadata.name!=here"),
    )
    asked = pipe(b.builder(), *selected, b.default_namespace, b.continue_on_error, b.do)
    chosen = visited(asked, lambda info: done(Outcome("met", info.origin, info)), client)
    assert [o.info.name for o in chosen.outcomes] == ["file", "there"]


WRONG = {
    "a step that was not called": (
        lambda: pipe(b.builder(), b.filenames, b.do),
        "filenames was passed without being called",
    ),
    "no builder": (lambda: b.do("x"), "a pipeline is made of a builder, and str is none"),
    "no stage": (
        lambda: pipe(b.builder(), b.stdin, b.through(3), b.do),
        "a stage is a function from visitor to visitor, and int is none",
    ),
    "continue_on_error as stage": (
        lambda: pipe(b.builder(), b.stdin, b.through(continue_on_error), b.do),
        "continue_on_error is no stage",
    ),
    "a change that latest would lose": (
        lambda: pipe(b.builder(), b.stdin, b.latest, b.decorated(Success), b.do),
        "decorated(Success) would be lost: with latest",
    ),
    "local beside the server": (
        lambda: pipe(b.builder(), b.stdin, b.local, b.sources(Selected("pods")), b.do),
        "a local pipeline asks no server",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_in_a_pipeline_is_one_sentence(case):
    ask, sentence = WRONG[case]
    [error] = ask().failure().errors
    assert error.message.startswith(sentence)
    result = edge.visit(edge.embedded(), verbs.create())(ask())
    assert isinstance(result, IOFailure)
    assert unsafe_perform_io(result.failure()).errors == (error,)


@pytest.mark.parametrize(
    ("step", "said"),
    [(b.decorated(int), "int raised TypeError"), (b.filtered(lambda: 1), "a lambda raised")],
    ids=["a builtin", "a lambda"],
)
def test_what_has_no_line_is_named_all_the_same(step, said):
    [error] = visited(pipeline(step, given=(config("a"),))).errors
    assert said in error.message
    assert "mistake in fkube" not in error.message


def test_a_client_still_in_its_result_is_said_so():
    result = edge.visit(edge.connect(server="http://127.0.0.1:1", cache_dir=""), verbs.create())(pipeline())
    assert "is what is in the IOResult" in unsafe_perform_io(result.failure()).errors[0].message


BEGUN = {
    "a builder": (
        b.builder(),
        verbs.create(),
        "a pipeline is what b.do makes of a builder, and Builder is none",
    ),
    "no verb": (pipeline(), "create", "a verb is a function from an info to an exchange"),
    "a source without a reader": (
        pipeline(b.sources(Shelf(()))),
        verbs.create(),
        "no reader is known for the source Shelf",
    ),
}


@pytest.mark.parametrize("case", BEGUN)
@pytest.mark.parametrize("visit", [edge.visit, edge.plan, lambda c, v: edge.fold(c, v, lambda s, _: s, 0)])
def test_a_visit_that_makes_no_sense_does_not_begin(case, visit):
    asked, verb, sentence = BEGUN[case]
    result = visit(edge.embedded(), verb)(asked)
    assert isinstance(result, IOFailure)
    assert unsafe_perform_io(result.failure()).errors[0].message.startswith(sentence)


def test_a_verb_that_was_not_called_is_said_so_for_each():
    report = visited(pipeline(given=(config("a"), config("b"))), verbs.create)
    assert [o.action for o in report.outcomes] == ["failed"] * 2
    assert "should return an exchange, as verbs.create() does when it is called" in str(report.errors[0])


def test_paths_of_pathlib_are_paths():
    made = pipe(b.builder(), b.filenames(pathlib.Path("a") / "b.yaml"), b.do).unwrap()
    assert made.sources == (Path("a/b.yaml"),)


def test_a_list_that_was_not_opened_says_what_should_have_been_asked_for():
    listed = {"apiVersion": "v1", "kind": "List", "items": []}
    unopened = pipe(b.builder(), b.objects(listed), b.continue_on_error, b.do)
    assert "open it with flatten" in str(visited(unopened).errors[0])


@pytest.mark.parametrize(
    "verb",
    [verbs.create(), verbs.apply(), verbs.server_side(), verbs.delete(), verbs.get(), verbs.label(())],
    ids=repr,
)
def test_an_object_without_a_namespace_says_what_should_have_been_asked_for(verb):
    homeless = pipe(b.builder(), b.objects(config("a")), b.continue_on_error, b.do)
    [error] = visited(homeless, verb).errors
    assert "names no namespace" in str(error)
    assert "default_namespace" in str(error)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (b.decorated(lambda info: info), "should return Success or Failure"),
        (b.decorated(lambda info: Success("x")), "should return an info in its Success"),
        (b.and_then(lambda info: [info]), "should return a visitor"),
        (b.through(whole(lambda results: ["x"])), "should return Success or Failure of each resource"),
    ],
)
def test_a_result_that_is_none_is_said_so(step, sentence):
    [error] = visited(pipeline(step, given=(config("a"),))).errors
    assert sentence in error.message


def test_an_exchange_of_no_outcome_is_said_so():
    [error] = visited(pipeline(given=(config("a"),)), lambda info: done("x")).errors
    assert "should return an exchange of an Outcome" in error.message
