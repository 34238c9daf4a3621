"""Visitors as values: equal, printable, picklable, as deep and as long as wanted, and nothing is changed."""

from __future__ import annotations

import pickle
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from returns.result import Failure, Success
from toolz import pipe

from fkube import testing
from fkube.resource.errors import DecodeError, failures
from fkube.resource.info import Info, Origin, with_metadata
from fkube.testing.functions import Label, OfKind, Tell
from fkube.visitor import (
    and_then,
    broken,
    continue_on_error,
    decorated,
    each,
    eager_visitor_list,
    filtered,
    flattened,
    infos,
    nothing,
    one,
    visitor_list,
)
from fkube.visitor.algebra import Decorated, Filtered
from fkube.visitor.decorators import filter_namespace, set_namespace
from fkube.visitor.lists import items

POD = Info({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}, Origin("a.yaml", 1, 1))
names = each(lambda info: Success(info.name))


def count(info: Info) -> Success[Info]:
    """A decorator that shows how often it was applied."""
    number = info.metadata.get("count", 0) + 1
    return Success(replace(info, object=with_metadata(info.object, count=number)))


def is_pod(info: Info) -> bool:
    return info.kind == "Pod"


# Visitors that were built in the same way are the same value.
BUILT = {
    "one": lambda: one(POD),
    "broken": lambda: broken(DecodeError("no")),
    "infos": lambda: infos(POD, POD),
    "visitor_list": lambda: visitor_list(one(POD), broken(DecodeError("no"))),
    "eager_visitor_list": lambda: eager_visitor_list(one(POD), nothing),
    "decorated": lambda: decorated(set_namespace("shop"), filter_namespace)(one(POD)),
    "filtered": lambda: filtered(is_pod)(one(POD)),
    "and_then": lambda: and_then(items)(one(POD)),
    "flattened": lambda: flattened(one(POD)),
    "continue_on_error": lambda: continue_on_error(one(POD)),
    "transform": lambda: decorated(count),
}


@pytest.mark.parametrize("build", BUILT.values(), ids=BUILT)
def test_visitors_are_equal_to_what_is_built_alike_and_to_nothing_else(build) -> None:
    assert build() == build()
    assert [name for name, other in BUILT.items() if other() == build()] == [
        name for name, other in BUILT.items() if other is build
    ]


@pytest.mark.parametrize("build", BUILT.values(), ids=BUILT)
def test_visitors_pickle(build) -> None:
    assert pickle.loads(pickle.dumps(build())) == build()


def test_visitors_print_as_what_they_were_built_from() -> None:
    visitor = pipe(
        one(POD), flattened, filtered(OfKind("Pod")), decorated(Label("a", "b")), continue_on_error
    )
    assert repr(visitor) == (
        "ContinueOnError(visitor=Decorated(visitor=Filtered(visitor=Flattened(visitor=One("
        "result=<Success: Info(v1 Pod a from a.yaml, document 1, line 1)>)),"
        " predicates=(OfKind(kind='Pod'),)), decorators=(Label(key='a', value='b'),)))"
    )


def test_no_secret_is_printed() -> None:
    secret = Info(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"key": "aHVudGVyMg=="}}
    )
    assert "aHVudGVyMg" not in repr(continue_on_error(infos(secret, secret)))


@given(testing.visitors(), testing.visitor_functions())
@settings(max_examples=50, deadline=None)
def test_any_visitor_visits_alike_once_it_was_pickled(visitor, fn) -> None:
    loaded, loaded_fn = pickle.loads(pickle.dumps((visitor, fn)))
    assert loaded == visitor
    assert loaded(loaded_fn) == visitor(fn)
    assert repr(loaded) == repr(visitor)


def test_another_process_visits_alike() -> None:
    visitor = pipe(
        visitor_list(
            one(POD), broken(DecodeError("no")), one(replace(POD, object={"kind": "List", "items": []}))
        ),
        flattened,
        decorated(set_namespace("shop"), Label("a", "b")),
        filtered(OfKind("Pod")),
        continue_on_error,
    )
    fn = Tell("x", 2)
    program = (
        "import pickle, sys; visitor, fn = pickle.load(sys.stdin.buffer);"
        "sys.stdout.buffer.write(pickle.dumps(visitor(fn)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], input=pickle.dumps((visitor, fn)), capture_output=True, check=True
    )
    assert pickle.loads(run.stdout) == visitor(fn)
    assert len(visitor(fn).failure().visited) == 4


@given(testing.visitors(), testing.visitor_functions())
@settings(max_examples=50, deadline=None)
def test_a_visit_changes_nothing(visitor, fn) -> None:
    before = deepcopy((visitor, fn))
    visitor(fn)
    assert (visitor, fn) == before


MILLION = """
from returns.result import Success
from toolz import pipe
from fkube.resource.info import Info
from fkube.testing.functions import OfKind
from fkube.visitor import continue_on_error, decorated, each, filtered, flattened, infos

pod = {"apiVersion": "v1", "kind": "Pod"}
resources = [Info(pod)] * 999_998 + [Info({"kind": "List", "items": [pod, pod]}), Info({"kind": "Node"})]
stages = (flattened, decorated(Success), filtered(OfKind("Pod")), decorated(Success), continue_on_error)
print(sum(pipe(infos(*resources), *stages)(each(lambda info: Success(1))).unwrap()))
"""


def test_a_million_infos_through_five_stages() -> None:
    # In a process of its own: measuring coverage would take longer than the million.
    run = subprocess.run([sys.executable, "-c", MILLION], capture_output=True, check=True, text=True)
    assert run.stdout == "1000000\n"


def test_ten_thousand_decorators_on_one_visitor() -> None:
    visitor = one(POD)
    for _ in range(10_000):
        visitor = decorated(count)(visitor)
    assert visitor(each(lambda info: Success(info.metadata["count"]))) == Success((10_000,))


def test_ten_thousand_filters_on_one_visitor() -> None:
    visitor = infos(POD, POD)
    for _ in range(10_000):
        visitor = filtered(is_pod)(visitor)
    assert visitor(names) == Success(("a", "a"))
    assert filtered(lambda _: False)(visitor)(names) == Success(())


def test_ten_thousand_of_what_does_no_more_the_second_time() -> None:
    visitor = continue_on_error(flattened(one(POD)))
    for transform in (flattened, continue_on_error, decorated(), filtered()):
        stacked = visitor
        for _ in range(10_000):
            stacked = transform(stacked)
        assert stacked(names) == Success(("a",))


def test_lists_in_lists_are_one_list() -> None:
    for plus in (visitor_list, eager_visitor_list):
        visitor = nothing
        for _ in range(5_000):
            visitor = plus(visitor, one(POD))
        assert len(visitor(names).unwrap()) == 5_000


def test_a_hundred_stages_of_every_kind() -> None:
    visitor = one(POD)
    for _ in range(25):
        visitor = pipe(visitor, decorated(count), filtered(is_pod), and_then(one), flattened)
    assert visitor(each(lambda info: Success(info.metadata["count"]))) == Success((25,))


def test_rows_of_decorators_and_filters_are_one_stage() -> None:
    assert decorated(count)(decorated(count)(nothing)) == Decorated(nothing, (count, count))
    assert filtered(is_pod)(filtered(is_pod)(nothing)) == Filtered(nothing, (is_pod, is_pod))


# What fails where, and what is left: visitors, whether all are visited, visited names, messages.
def named(name: str):
    return one(replace(POD, object={"kind": "Pod", "metadata": {"name": name}}))


A, B, C = map(named, "abc")
NO, NEVER = broken(DecodeError("no")), broken(DecodeError("never"))


@pytest.mark.parametrize(
    ("visitor", "visited", "messages"),
    [
        (visitor_list(A, NO, B), "a", ["no"]),
        (visitor_list(NO, NEVER), "", ["no"]),
        (eager_visitor_list(A, NO, B, NEVER, C), "abc", ["no", "never"]),
        (eager_visitor_list(visitor_list(A, NO, B), C), "abc", ["no"]),
        (continue_on_error(visitor_list(NO, visitor_list(A, NEVER), B)), "ab", ["no", "never"]),
        (visitor_list(eager_visitor_list(NO, A), B), "a", ["no"]),
        (and_then(lambda info: visitor_list(one(info), NO, one(info)))(visitor_list(A, B)), "a", ["no"]),
        (filtered(lambda info: info.name != "a")(eager_visitor_list(A, NO, B)), "b", ["no"]),
        (
            decorated(lambda _: Failure(DecodeError("bad")))(continue_on_error(visitor_list(A, B))),
            "",
            ["bad"] * 2,
        ),
    ],
)
def test_what_a_failed_visit_leaves(visitor, visited, messages) -> None:
    left = visitor(names).failure()
    assert ("".join(left.visited), [error.message for error in left.errors]) == (visited, messages)


def test_a_visitor_that_fails_of_its_own_stops_no_eager_list() -> None:
    def cut_short(fn):
        return Failure(failures(DecodeError("cut")))

    left = eager_visitor_list(A, cut_short, B)(names).failure()
    assert (left.visited, left.errors) == (("a", "b"), (DecodeError("cut"),))
    assert continue_on_error(cut_short)(names).failure().errors == (DecodeError("cut"),)


# Lists as they come, and what flattening makes of each: names, or the message.
LISTED = {
    "no items": ({"kind": "List", "items": None}, []),
    "a typed list": ({"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}, ["a"]),
    "in order, nested": (
        {
            "kind": "List",
            "items": [
                {"kind": "Pod", "metadata": {"name": "a"}},
                {"kind": "RoleBindingList", "items": [{"metadata": {"name": "b"}}]},
                {"kind": "Pod", "metadata": {"name": "c"}},
            ],
        },
        ["a", "b", "c"],
    ),
    "items of another kind": (
        {"kind": "Menu", "items": "soup"},
        "items of Menu is no array: an object with items is read as a list",
    ),
    "an item that is none": (
        {"kind": "List", "items": [{"kind": "Pod"}, 7]},
        "item 2 of List is no object: write it as a mapping with apiVersion and kind",
    ),
    "an item without kind": (
        {"kind": "List", "items": [{"apiVersion": "v1"}]},
        "item 1 of List has no kind: set its apiVersion and kind",
    ),
    "an item with a number for a label": (
        {"kind": "List", "items": [{"kind": "Pod", "metadata": {"labels": {"a": 5}}}]},
        "item 1 of List can't be read: "
        "cannot unmarshal number into metadata.labels.a of type string: quote it",
    ),
    "an item whose metadata is an array": (
        {"kind": "PodList", "items": [{"metadata": ["a"]}]},
        "item 1 of PodList can't be read: cannot unmarshal array into metadata of type object",
    ),
}


@pytest.mark.parametrize(("object", "expected"), LISTED.values(), ids=LISTED)
def test_flattened(object, expected) -> None:
    visit = flattened(one(Info(object, Origin("a.yaml", 3, 7))))(each(Success))
    if isinstance(expected, str):
        assert visit.failure().errors == (DecodeError(expected, Origin("a.yaml", 3, 7)),)
    else:
        assert [info.name for info in visit.unwrap()] == expected
        assert {info.origin for info in visit.unwrap()} <= {Origin("a.yaml", 3, 7)}


def test_importing_fkube_imports_no_client_and_no_terminal() -> None:
    program = (
        "import sys, fkube, fkube.visitor, fkube.laws;"
        "print(sorted({'urllib3', 'click', 'h11', 'rich', 'hypothesis', 'socket', 'ssl'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert run.stdout == "[]\n"
