"""What a pipeline chooses, followed; and what `fkube get --watch` prints of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from returns.io import IOFailure
from toolz import pipe

from fkube import builder as b
from fkube.cli.console import Console
from fkube.cli.flags import flags_of, read_record
from fkube.cli.get_options import GetOptions
from fkube.cli.pflag import parse
from fkube.cli.session import Session, make_pipeline
from fkube.cli.watchprinter import read_watch_printer
from fkube.edge.resourcewatch import watch_resources
from fkube.exchange import TABLE
from tests.worlds import Cut, World, after, create, delete, relabel


def made(*words, steps=()):
    named = (
        b.resource_type_or_name_args(*words, allow_empty_selector=True) if words else (lambda given: given)
    )
    return pipe(b.builder(), named, *steps, b.default_namespace, b.flatten, b.do).unwrap()


def manifest(name, kind="ConfigMap"):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}


def followed(given, *script, before=()):
    """The events that are told until the script is over, batch by batch."""
    world = World(list(script), after(*before))
    found = watch_resources(world.client(), given, "", lambda: world.time, world.sleep).unwrap()._inner_value
    *batches, _ = found.events
    return [[(e.type, e.object["metadata"]["name"]) for e in batch.unwrap()] for batch in batches]


def test_a_type_is_followed_from_what_is_there():
    told = followed(made("cm"), create("c"), delete("a"), Cut("end"), before=(create("a"), create("b")))
    assert told == [[("ADDED", "a"), ("ADDED", "b")], [("ADDED", "c")], [("DELETED", "a")]]


def test_selectors_choose_what_is_followed():
    given = made("cm", steps=(b.label_selector("app=y"),))
    told = followed(given, relabel("a", "y"), relabel("a", "x"), before=(create("a"),))
    assert told == [[], [("ADDED", "a")], [("DELETED", "a")]]


@pytest.mark.parametrize("given", [made("cm", "a"), made(steps=(b.objects(manifest("a")),))])
def test_one_object_is_followed_alone(given):
    told = followed(given, create("c"), relabel("a", "y"), before=(create("a"), create("b")))
    assert told == [[("ADDED", "a")], [("MODIFIED", "a")]]


ONE_TYPE = "you may only specify a single resource type"
AT_A_TIME = "you may only watch a single resource or type of resource at a time"
NOT_ONE = "watch is only supported on individual resources and resource collections - 2 resources were found"
UNKNOWN = (
    'resource mapping not found for name: "a" namespace: "": no matches for kind "Nonsense" in version "v1"; '
    "ensure CRDs are installed first"
)
REFUSED = [
    (made("cm,secrets"), ONE_TYPE),
    (made("all"), ONE_TYPE),
    (made("cm/a", "secrets/b"), ONE_TYPE),
    (made("nonsense"), 'the server doesn\'t have a resource type "nonsense"'),
    (made("cm", "none"), 'configmaps "none" not found'),
    (made(steps=(b.objects(manifest("a", "Nonsense")),)), UNKNOWN),
]


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_what_can_not_be_followed_is_refused_in_kubectls_words(given, message):
    found = watch_resources(World([]).client(), given)
    assert isinstance(found, IOFailure)
    assert [error.message for error in found.failure()._inner_value.errors] == [message]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (made("cm", "a", "b"), AT_A_TIME),
        (made(steps=(b.objects(manifest("a"), manifest("b")),)), NOT_ONE),
    ],
)
def test_several_objects_are_told_but_not_followed(given, message):
    world = World([], after(create("a"), create("b")))
    first, last = watch_resources(world.client(), given).unwrap()._inner_value.events
    assert [event.object["metadata"]["name"] for event in first.unwrap()] == ["a", "b"]
    assert last.failure().message == message


def test_a_watch_ends_when_its_time_is_over():
    world = World([Cut("silent"), create("late")], after(create("a")))
    given = watch_resources(world.client(), made("cm"), "", lambda: world.time, world.sleep, until=2.0)
    assert [len(batch.unwrap()) for batch in given.unwrap()._inner_value.events] == [1]
    assert world.time == 2.0


# What is printed


def read(line):
    """The options that a command line gives to `get`."""
    return read_record(GetOptions, parse(flags_of(GetOptions), line.split()).unwrap())


SCRIPT = (relabel("base", "y"), create("a-long-name"), delete("base"))


def printed(capsys, line, script=SCRIPT):
    """What a command prints until the script is over; ages are none of it."""
    options = read(line)
    world, console = World(list(script), after(create("base"))), Console()
    named = b.resource_type_or_name_args(*options.call.arguments, allow_empty_selector=True)
    given = replace(make_pipeline(options, named).unwrap(), limit=0)
    read_watch_printer(options).unwrap()(Session(console, world.client(), given))
    console.close()
    return capsys.readouterr().out


NAMES = "configmap/base\nconfigmap/base\nconfigmap/a-long-name\nconfigmap/base\n"
OUTPUTS = [
    ("cm -w -o name", NAMES),
    ("cm --watch-only -o name", NAMES.partition("\n")[2]),
    ("cm -w --watch-only -o name", NAMES.partition("\n")[2]),
    ("cm -w -o jsonpath={.metadata.name},", "base,base,a-long-name,base,"),
    ("cm base -w -o name", "configmap/base\n" * 3),
    ("cm/none -w -o name --ignore-not-found", ""),
    ("cm -w -o jsonpath={.type},{.object.metadata.name}; --output-watch-events",
     "ADDED,base;MODIFIED,base;ADDED,a-long-name;DELETED,base;"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "out"), OUTPUTS)
def test_objects_are_printed_as_they_change(line, out, capsys):
    assert printed(capsys, line) == out


def cells(text):
    return [line.split() for line in text.splitlines()]


def test_rows_are_printed_under_one_header(capsys):
    names = [row[0] for row in cells(printed(capsys, "cm -w"))]
    assert names == ["NAME", "base", "base", "a-long-name", "base"]


def test_the_type_of_an_event_comes_before_the_namespace(capsys):
    text = printed(capsys, "cm -A -w --output-watch-events")
    assert text.startswith("EVENT      NAMESPACE   NAME")
    assert [row[:3] for row in cells(text)[1:]] == [
        ["ADDED", "default", "base"],
        ["MODIFIED", "default", "base"],
        ["ADDED", "default", "a-long-name"],
        ["DELETED", "default", "base"],
    ]


def test_events_are_printed_as_they_are(capsys):
    lines = printed(capsys, "cm -w -o json --output-watch-events").splitlines()
    assert [line.partition(",")[0] for line in lines] == [
        f'{{"type":"{type}"' for type in ("ADDED", "MODIFIED", "ADDED", "DELETED")
    ]
    documents = printed(capsys, "cm -w -o yaml --output-watch-events").split("---\n")
    assert [document.splitlines()[-1] for document in documents] == [
        f"type: {type}" for type in ("ADDED", "MODIFIED", "ADDED", "DELETED")
    ]


def test_sorting_is_for_what_is_there_only(capsys):
    printed(capsys, "cm -w")
    options = read("cm -w --sort-by=.metadata.name")
    world = World([create("a")], after(create("c"), create("b")))
    named = b.resource_type_or_name_args("cm", allow_empty_selector=True)
    given = make_pipeline(options, named).unwrap()
    read_watch_printer(options).unwrap()(Session(Console(), world.client(), given))
    out, err = capsys.readouterr()
    assert [row[0] for row in cells(out)] == ["NAME", "b", "c", "a"]
    assert err == "warning: --watch requested, --sort-by will be ignored for watch events received\n"


def test_a_table_is_what_is_asked_for():
    given = replace(made("cm"), accept=TABLE)
    world = World([], after(create("a")))
    found = watch_resources(world.client(), given, "", lambda: world.time, world.sleep).unwrap()._inner_value
    first, _ = found.events
    assert [event.object["kind"] for event in first.unwrap()] == ["Table"]


@pytest.mark.parametrize("output", ["jsonpath={", "nonsense"])
def test_an_output_that_is_none_is_refused(output):
    assert read_watch_printer(read(f"cm -w -o {output}")).failure().message
