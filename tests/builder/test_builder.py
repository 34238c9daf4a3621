"""The builder gathers what was asked and every usage error, in cli-runtime's words, and reads nothing."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success
from toolz import pipe

from fkube import builder as b
from fkube.documents.source import Kustomization, Named, Objects, Path, Selected, Stdin, Text, Url
from fkube.visitor import filtered

KUBECTL = "there is no need to specify a resource type as a separate argument when passing arguments in"


def sources(*steps):
    return pipe(b.builder(), *steps, b.do).unwrap().sources


def problems(*steps):
    return [error.message for error in pipe(b.builder(), *steps, b.do).failure().errors]


SOURCES = (
    ([b.filenames("a.yaml", "d", recursive=True)], (Path("a.yaml", True), Path("d", True))),
    ([b.filenames("-")], (Stdin(),)),
    ([b.filenames("http://x/y", "https://x/z")], (Url("http://x/y"), Url("https://x/z"))),
    ([b.filenames(kustomize="dir")], (Kustomization("dir"),)),
    ([b.text("a: 1", "here")], (Text("a: 1", "here"),)),
    ([b.objects({"kind": "Pod"})], (Objects(({"kind": "Pod"},)),)),
    ([b.resource_type_or_name_args("pod", "a", "b")], (Named("pod", "a"), Named("pod", "b"))),
    ([b.resource_type_or_name_args("pod/a", "svc/b")], (Named("pod", "a"), Named("svc", "b"))),
    ([b.resource_type_or_name_args("pod,svc", "a")], (Named("pod", "a"), Named("svc", "a"))),
    (
        [b.resource_type_or_name_args("pods,svc", allow_empty_selector=True)],
        (Selected("pods"), Selected("svc")),
    ),
    ([b.label_selector("a=b"), b.resource_type_or_name_args("pods")], (Selected("pods"),)),
    ([b.resource_type_or_name_args("pods"), b.field_selector("metadata.name=a")], (Selected("pods"),)),
    ([b.select_all, b.resource_type_or_name_args("pods,pods")], (Selected("pods"),)),
)


@pytest.mark.parametrize(("steps", "expected"), SOURCES)
def test_sources(steps, expected):
    assert sources(*steps) == expected


PROBLEMS = (
    ([], ["You must provide one or more resources by argument or filename."]),
    ([b.filenames("-", "-")], ["standard input cannot be used for multiple arguments"]),
    ([b.filenames("a", kustomize="d")], ["only one of -f or -k can be specified"]),
    ([b.filenames(kustomize="d", recursive=True)], ["the -k flag can't be used with -f or -R"]),
    ([b.resource_type_or_name_args("pods")], ["resource(s) were provided, but no name was specified"]),
    ([b.resource_type_or_name_args("pod", "pod/a")], [KUBECTL]),
    (
        [b.resource_type_or_name_args("a/b/c")],
        ["arguments in resource/name form may not have more than one slash"],
    ),
    (
        [b.resource_type_or_name_args("a/")],
        ["arguments in resource/name form must have a single resource and name"],
    ),
    (
        [b.one_kind_of_source, b.resource_type_or_name_args("pods"), b.filenames("a")],
        ["when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"],
    ),
    (
        [b.one_kind_of_source, b.resource_type_or_name_args("pod/a"), b.filenames("a")],
        ["resource/name arguments cannot be provided when a path is specified"],
    ),
    (
        [b.resource_type_or_name_args("pod", "a"), b.label_selector("x")],
        ["name cannot be provided when a selector is specified"],
    ),
    (
        [b.resource_type_or_name_args("pod/a"), b.select_all],
        ["selectors and the all flag cannot be used when passing resource/name arguments"],
    ),
    ([b.label_selector("x")], ["at least one resource must be specified to use a selector"]),
    (
        [b.select_all, b.label_selector("x"), b.resource_type_or_name_args("pods")],
        ["found non-empty label selector \"x\" with previously set 'all' parameter. "],
    ),
    (
        [b.field_selector("a=b"), b.select_all, b.resource_type_or_name_args("pods")],
        ["setting 'all' parameter but found a non empty selector. "],
    ),
)


@pytest.mark.parametrize(("steps", "expected"), PROBLEMS)
def test_usage_errors_are_cli_runtimes_own_words(steps, expected):
    found = problems(*steps)
    assert len(found) == len(expected)
    assert all(one.startswith(other) for one, other in zip(found, expected, strict=True))


def test_all_usage_errors_come_at_once():
    found = problems(b.filenames("-", "-"), b.label_selector("a in"), b.field_selector("nonsense"))
    assert [message[:12] for message in found] == ["standard inp", "the provided", "the provided"]


def test_an_empty_selector_is_none():
    built = pipe(b.builder(), b.filenames("a"), b.label_selector("  "), b.do).unwrap()
    assert built.label_selector == ""


def test_flags_reach_the_pipeline():
    built = pipe(
        b.builder(), b.filenames("a"), b.namespace("shop"), b.default_namespace, b.require_namespace,
        b.flatten, b.continue_on_error, b.local, b.filtered(bool), b.do,
    ).unwrap()  # fmt: skip
    assert (built.namespace, built.default_namespace, built.require_namespace) == ("shop", True, True)
    assert (built.flatten, built.continue_on_error, built.local) == (True, True, True)
    assert built.before == (filtered(bool),)
    assert pipe(b.builder(), b.namespace("shop"), b.all_namespaces).pipeline.namespace == ""


STEPS = st.lists(
    st.sampled_from([step for steps, _ in (*SOURCES, *PROBLEMS) for step in steps] + [b.flatten]), max_size=6
)


@given(STEPS)
def test_do_is_total_and_pure(steps):
    start = b.builder()
    first, second = pipe(start, *steps, b.do), pipe(start, *steps, b.do)
    assert isinstance(first, (Success, Failure))
    assert repr(first) == repr(second)
    assert start == b.builder()


def test_a_pipeline_is_data():
    built = pipe(b.builder(), b.filenames("a"), b.label_selector("a=b"), b.do).unwrap()
    assert pickle.loads(pickle.dumps(built)) == built
    assert "secret" not in repr(pipe(b.builder(), b.text("secret"), b.do))
