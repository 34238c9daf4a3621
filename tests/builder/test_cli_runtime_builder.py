"""The behaviour that builder_test.go of cli-runtime pins, case by case: ids name its tests."""

from __future__ import annotations

import json
from dataclasses import replace
from threading import Thread

import pytest
from returns.io import IOSuccess
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge
from fkube.builder.arguments import has_names, is_usage_error
from fkube.edge.result import infos, object, resource_mapping, single_item_implied, watch
from fkube.exchange import Request, with_query
from fkube.pipeline.result import as_object, ignore_errors, targets_single_items
from fkube.resource.errors import StatusError

POD = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c", "image": "i"}]}}
PODS = ("foo", "bar")


def config(name, kind="ConfigMap", **metadata):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, **metadata}}


class Server:
    """An embedded cluster that remembers the requests it was sent."""

    def __init__(self):
        self.requests = []
        self.cluster = edge.embedded()
        self.client = replace(self.cluster, send=self.send, namespace="default")
        made = [config(name, labels={"a": "b"}) for name in PODS]
        made += [config("baz", "ServiceAccount", labels={"a": "b"}), config("baz", "Namespace")]
        for made_object in made:
            plural = made_object["kind"].lower() + "s"
            inside = "" if plural == "namespaces" else "/namespaces/default"
            self.cluster.send(Request("POST", f"/api/v1{inside}/{plural}", body=made_object)).unwrap()

    def send(self, request):
        if not request.path.startswith("/apis") and request.path != "/api":
            self.requests.append(str(request))
        return self.cluster.send(request)


def asked(*steps):
    return pipe(b.builder(), *steps, b.do).unwrap()


def had(result):
    return unsafe_perform_io(result.unwrap())


def problem(result):
    return unsafe_perform_io(result.failure()).errors[0].message


def visited_so_far(failures):
    return IOSuccess(failures.visited)


def named(*words):
    return b.resource_type_or_name_args(*words, allow_empty_selector=True)


@pytest.fixture
def server():
    return Server()


# What is asked, which resources are found, whether a single one is implied, what is sent, and the one type.
ON_THE_SERVER = {
    "TestResourceByName": (
        [named("configmaps", "foo")],
        ["configmaps/foo"],
        True,
        ["GET /api/v1/namespaces/default/configmaps/foo"],
        "configmaps",
    ),
    "TestResourceByNameAndEmptySelector": (
        [b.label_selector(""), named("configmaps", "foo")],
        ["configmaps/foo"],
        True,
        ["GET /api/v1/namespaces/default/configmaps/foo"],
        "configmaps",
    ),
    "TestMultipleResourceByTheSameName": (
        [named("configmaps,serviceaccounts", "foo", "baz"), b.require_object(False)],
        ["configmaps/foo", "configmaps/baz", "serviceaccounts/foo", "serviceaccounts/baz"],
        False,
        [],
        None,
    ),
    "TestResourceNames": (
        [b.resource_names("configmaps", "foo", "serviceaccounts/baz")],
        ["configmaps/foo", "serviceaccounts/baz"],
        False,
        [
            "GET /api/v1/namespaces/default/configmaps/foo",
            "GET /api/v1/namespaces/default/serviceaccounts/baz",
        ],
        None,
    ),
    "TestResourceByNameWithoutRequireObject": (
        [named("configmaps", "nowhere"), b.require_object(False)],
        ["configmaps/nowhere"],
        True,
        [],
        "configmaps",
    ),
    "TestLabelSelector": (
        [b.label_selector("a=b"), b.flatten, named("configmaps,serviceaccount")],
        ["configmaps/bar", "configmaps/foo", "serviceaccounts/baz"],
        False,
        [
            "GET /api/v1/namespaces/default/configmaps?labelSelector=a=b&limit=500",
            "GET /api/v1/namespaces/default/serviceaccounts?labelSelector=a=b&limit=500",
        ],
        None,
    ),
    "TestFieldSelector": (
        [b.field_selector("metadata.name=foo"), b.flatten, b.request_chunks_of(0), named("configmaps")],
        ["configmaps/foo"],
        False,
        ["GET /api/v1/namespaces/default/configmaps?fieldSelector=metadata.name=foo"],
        "configmaps",
    ),
    "TestResourceTuple, valid": ([named("cm/foo")], ["configmaps/foo"], True, None, "configmaps"),
    "TestResourceTuple, valid multiple with name indirection": (
        [named("configmaps/foo", "configmap/bar")],
        ["configmaps/foo", "configmaps/bar"],
        False,
        None,
        "configmaps",
    ),
    "TestResourceTuple, valid multiple with namespaced and non-namespaced types": (
        [named("namespaces/baz", "cm/bar")],
        ["namespaces/baz", "configmaps/bar"],
        False,
        ["GET /api/v1/namespaces/baz", "GET /api/v1/namespaces/default/configmaps/bar"],
        None,
    ),
    "resourceMappings, each type once": (
        [b.label_selector("a=b"), named("cm,configmaps,configmap")],
        ["configmaps/bar", "configmaps/foo"],
        False,
        ["GET /api/v1/namespaces/default/configmaps?labelSelector=a=b&limit=500"],
        "configmaps",
    ),
    "SelectAllParam with ResourceTypes": (
        [b.select_all, b.resource_types("namespaces"), b.field_selector("")],
        ["namespaces/baz", "namespaces/default"],
        False,
        ["GET /api/v1/namespaces?limit=500"],
        "namespaces",
    ),
}


@pytest.mark.parametrize("case", ON_THE_SERVER)
def test_resources_on_the_server(case, server):
    steps, names, single, sent, type = ON_THE_SERVER[case]
    made = asked(*steps)
    found = had(infos(server.client)(made))
    kept = [info.object_name for info in found if not info.name.startswith("kube-")]
    assert (kept, single_item_implied(made)) == (names, single)
    assert sent is None or server.requests == sent
    mapping = resource_mapping(server.client)(made)
    if type is None:
        assert problem(mapping) == "expected only a single resource type"
    else:
        assert had(mapping).resource == type


def test_a_subresource_is_what_is_fetched(server):
    """TestSubresourceByName."""
    made = asked(named("namespaces", "baz"), b.subresource("status"))
    (found,) = had(infos(server.client)(made))
    assert server.requests == ["GET /api/v1/namespaces/baz/status"]
    assert (found.name, found.live, found.absent) == ("baz", True, False)


# Everything that keeps a builder from a pipeline, or a pipeline from being begun.
REFUSED = {
    "TestStdinMultiUseError, after": (
        [b.stdin, b.stdin_in_use],
        "standard input cannot be used for multiple arguments",
    ),
    "TestStdinMultiUseError, before": (
        [b.stdin_in_use, b.stdin],
        "standard input cannot be used for multiple arguments",
    ),
    "TestResourceNamesWithoutResource": (
        [b.resource_names("", "foo", "services/baz")],
        'the argument "foo" must be RESOURCE/NAME',
    ),
    "ResourceNames, two slashes": (
        [b.resource_names("pods", "a/b/c", "d/e/f")],
        "arguments in resource/name form may not have more than one slash",
    ),
    "TestSingleResourceType": (
        [b.label_selector("a=b"), b.single_resource_type, named("pods,services")],
        "you may only specify a single resource type",
    ),
    "TestListObjectSubresource": (
        [named("pods"), b.subresource("status"), b.flatten],
        "subresource cannot be used when bulk resources are specified",
    ),
    "TestFilenameOptionsValidate, files": (
        [b.filenames("file", kustomize="dir")],
        "only one of -f or -k can be specified",
    ),
    "TestFilenameOptionsValidate, recursive": (
        [b.filenames(recursive=True, kustomize="dir")],
        "the -k flag can't be used with -f or -R",
    ),
    "TestResourceTuple, mixed arg types": (
        [named("pods/foo", "bar")],
        "there is no need to specify a resource",
    ),
    "TestResourceTuple, comma in resource": (
        [named(",pods/foo")],
        "arguments in resource/name form must have",
    ),
    "TestResourceTuple, multiple types in resource": (
        [named("pods,services/foo")],
        "arguments in resource/name form must have a single resource and name",
    ),
    "TestResourceTuple, leading slash": (
        [named("/bar")],
        "arguments in resource/name form must have a single",
    ),
    "TestResourceTuple, trailing slash": (
        [named("bar/")],
        "arguments in resource/name form must have a single",
    ),
    "visitByName, two types": (
        [b.resource_types("services"), b.resource_type_or_name_args("pods", "web")],
        "you must specify only one resource",
    ),
    "visitByResource, beside types": (
        [b.resource_types("services"), named("pods/web")],
        "you may not specify individual resources and bulk resources in the same call",
    ),
    "visitByPaths, types": (
        [b.one_kind_of_source, b.resource_types("services"), b.filenames("a.yaml")],
        "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
    ),
    "LocalResourceError": (
        [b.local, named("pods", "web")],
        "error: you must specify resources by --filename when --local is set.",
    ),
    "AddError": ([b.add_error("this is wrong"), b.filenames("a.yaml")], "this is wrong"),
    "FieldSelectorParam beside all": (
        [b.select_all, b.field_selector(' a="b" '), named("pods")],
        'found non-empty field selector "a=\\"b\\"" with previously set \'all\' parameter. ',
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_before_anything_is_asked(case):
    steps, message = REFUSED[case]
    errors = pipe(b.builder(), *steps, b.do).failure().errors
    assert errors[0].message.startswith(message)
    assert not is_usage_error(errors[0])


def test_usage_errors_are_told_all_at_once_and_only_nothing_at_all_is_one_for_help():
    """TestFilenameOptionsValidate gathers; IsUsageError is for nothing at all."""
    both = pipe(b.builder(), b.filenames("f", recursive=True, kustomize="d"), b.stdin, b.stdin, b.do)
    assert len(both.failure().errors) == 3
    assert is_usage_error(b.do(b.builder()).failure().errors[0])


UNKNOWN = {
    "TestRestMappingErrors": ([named("foo", "bar")], 'the server doesn\'t have a resource type "foo"'),
    "TestResourceTuple, unknown resource type": (
        [named("cm/foo", "unknown/foo")],
        'the server doesn\'t have a resource type "unknown"',
    ),
    "TestLabelSelectorRequiresKnownTypes": (
        [b.label_selector("a=b"), b.resource_types("cm", "unknown")],
        'the server doesn\'t have a resource type "unknown"',
    ),
    "TestFieldSelectorRequiresKnownTypes": (
        [b.field_selector("a=b"), b.resource_types("unknown.a.b")],
        'the server doesn\'t have a resource type "unknown" in group "a.b"',
    ),
    "resourceTupleMappings, single type": (
        [b.single_resource_type, named("cm/foo", "configmap/bar", "sa/baz")],
        "you may only specify a single resource type",
    ),
    "ReplaceAliases, a name within a category": ([named("all", "web")], "you must specify only one resource"),
    "ReplaceAliases, not in tuples": ([named("all/web")], 'the server doesn\'t have a resource type "all"'),
    "visitByName, across namespaces": (
        [b.all_namespaces, named("cm", "foo")],
        "a resource cannot be retrieved by name across all namespaces",
    ),
    "visitByResource, across namespaces": (
        [b.all_namespaces, named("ns/default", "cm/foo")],
        "a resource cannot be retrieved by name across all namespaces",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_refused_once_the_types_are_known_and_nothing_is_visited(case, server):
    steps, message = UNKNOWN[case]
    assert problem(infos(server.client)(asked(*steps, b.continue_on_error))) == message
    assert server.requests == []


def test_a_single_type_may_be_named_in_many_ways(server):
    made = asked(b.single_resource_type, named("cm/foo", "configmap/bar"))
    assert len(had(infos(server.client)(made))) == 2


def test_without_a_namespace_nothing_is_retrieved_by_name(server):
    made = asked(named("cm", "foo"))
    assert problem(infos(replace(server.client, namespace=""))(made)) == (
        "namespace may not be empty when retrieving a resource by name"
    )


def test_a_namespace_that_is_missing_is_what_is_told(server):
    """Info.Get."""
    made = asked(named("cm", "foo"), b.namespace("nowhere"))
    assert problem(infos(server.client)(made)) == 'namespaces "nowhere" not found'
    there = asked(named("cm", "nothing"), b.namespace("baz"))
    assert problem(infos(server.client)(there)) == 'configmaps "nothing" not found'


def test_requests_are_changed_by_every_transform_in_order(server):
    """TestRequestModifier, simple and flatten."""
    one, two = (lambda request, value=value: with_query(request, pretty=value) for value in ("1", "2"))
    made = asked(b.transform_requests(one, two), named("cm", "foo"))
    had(infos(server.client)(made))
    assert server.requests == ["GET /api/v1/namespaces/default/configmaps/foo?pretty=1&pretty=2"]
    listing = asked(b.transform_requests(one), named("cm"), b.flatten)
    had(infos(server.client)(listing))
    assert server.requests[-1] == "GET /api/v1/namespaces/default/configmaps?limit=500&pretty=1"
    cleared = pipe(b.builder(), b.transform_requests(one), b.transform_requests())
    assert cleared.pipeline.transforms == ()


LIST = {"apiVersion": "v1", "kind": "List", "items": [config("foo"), config("bar")]}
STREAM = json.dumps(LIST) + json.dumps({**LIST, "items": [config("baz", "ServiceAccount")]})
YAML = "\n---\n".join(map(json.dumps, [LIST, config("baz", "ServiceAccount")]))


@pytest.mark.parametrize(
    "stream", [pytest.param(STREAM, id="TestStream"), pytest.param(YAML, id="TestYAMLStream")]
)
def test_a_stream_of_lists(stream, server):
    made = asked(b.namespace("test"), b.text(stream, "STDIN"), b.flatten)
    found = had(infos(server.client)(made))
    names = ["configmaps/foo", "configmaps/bar", "serviceaccounts/baz"]
    assert ([info.object_name for info in found], single_item_implied(made)) == (names, False)
    assert had(object(server.client)(made))["items"] == [info.object for info in found]  # TestMultipleObject
    assert problem(resource_mapping(server.client)(made)).startswith("a resource mapping could not be loaded")


def test_every_resource_is_visited_though_some_fail(server):
    """TestContinueOnErrorVisitor, TestReceiveMultipleErrors."""
    wrong = json.dumps({}) + json.dumps(config("foo"))
    made = asked(b.text(wrong, "1"), b.text(wrong, "2"), b.continue_on_error)
    failures = unsafe_perform_io(infos(server.client)(made).failure())
    assert (len(failures.errors), [info.name for info in failures.visited]) == (2, ["foo", "foo"])


def test_errors_may_be_ignored(server):
    """IgnoreErrors of result.go."""
    made = asked(named("cm", "foo", "nothing"), b.continue_on_error)
    result = unsafe_perform_io(infos(server.client)(made).failure())
    missing = ignore_errors(lambda error: isinstance(error, StatusError) and error.reason == "NotFound")
    assert [info.name for info in missing(Failure(result)).unwrap()] == ["foo"]
    assert missing(Success((1,))) == Success((1,))


def test_an_object_that_a_node_is_has_no_namespace(server):
    """TestNodeBuilder, TestSingleItemImpliedRootScopedObject."""
    node = json.dumps(config("test", "Node"))
    made = asked(b.namespace("test"), b.default_namespace, b.text(node, "STDIN"), b.flatten)
    (found,) = had(infos(server.client)(made))
    assert (found.name, found.namespace) == ("test", "")


def test_lists_have_a_version_where_all_agree(server):
    """TestListObject, TestListObjectWithDifferentVersions."""
    one = asked(b.label_selector("a=b"), named("cm"), b.flatten)
    listed = server.cluster.send(Request("GET", "/api/v1/namespaces/default/configmaps")).unwrap().body
    found = had(object(server.client)(one))
    assert (found["kind"], len(found["items"])) == ("List", 2)
    assert found["metadata"] == {"resourceVersion": listed["metadata"]["resourceVersion"]}
    given = had(infos(server.client)(one))
    older = replace(given[0], list_version="1")
    assert as_object((older, given[1]), single_item_implied=False)["metadata"] == {}


def test_what_is_fetched_is_chosen_by_what_the_server_has(server):
    """TestLatest, and its label selector after the fetch in visitByPaths."""
    text = json.dumps(
        {**LIST, "items": [config("foo", labels={"a": "c"}), config("bar"), config("new", labels={})]}
    )
    made = asked(b.text(text, "STDIN"), b.default_namespace, b.flatten, b.latest, b.continue_on_error)
    failures = unsafe_perform_io(infos(server.client)(made).failure())
    assert [info.object["metadata"]["labels"] for info in failures.visited] == [{"a": "b"}] * 2
    assert [error.message for error in failures.errors] == ['configmaps "new" not found']
    some = json.dumps({**LIST, "items": [config("foo"), config("bar")]})
    for selector, names in (("a=b", ["foo", "bar"]), ("a=c", [])):
        steps = (b.text(some), b.default_namespace, b.flatten, b.latest, b.label_selector(selector))
        assert [info.name for info in had(infos(server.client)(asked(*steps)))] == names
    assert [r for r in server.requests if "/foo" in r] == [
        "GET /api/v1/namespaces/default/configmaps/foo"
    ] * 3


def test_the_latest_of_a_list_can_not_be_had(server):
    made = asked(b.text(json.dumps(LIST)), b.latest, b.local)
    assert problem(infos(server.client)(made)).startswith("watch is only supported on individual resources")


def test_a_name_is_not_needed_for_the_latest(server):
    made = asked(b.objects({"apiVersion": "v1", "kind": "ConfigMap"}), b.default_namespace, b.latest)
    assert len(had(infos(server.client)(made))) == 1
    assert server.requests == []


HAS_NAMES = {
    "test1": ([""], False),
    "test2": (["rc"], False),
    "test3": (["rc,pod,svc"], False),
    "test4": (["rc/foo"], True),
    "test5": (["rc", "foo"], True),
    "test6": (["rc,pod,svc", "foo"], True),
    "test7": (["rc/foo", "rc/bar", "rc/zee"], True),
}


@pytest.mark.parametrize("case", HAS_NAMES, ids=lambda case: f"TestHasNames, {case}")
def test_arguments_with_names(case):
    words, expected = HAS_NAMES[case]
    assert has_names(*words) == Success(expected)


def test_arguments_of_both_kinds_are_refused():
    """TestHasNames, test8."""
    assert (
        has_names("rc/foo", "bar").failure().message.startswith("there is no need to specify a resource type")
    )


# Files as they lie on the disk, what is asked, the names found, and whether a single one is implied.
FILES = {
    "TestPathBuilderWithMultiple, pod": (["pod.yaml"], False, ["pod"], True),
    "TestPathBuilderWithMultiple, recursive-pod": (["deep"], True, ["two", "one"], False),
    "TestPathBuilderWithMultiple, hardlink": (["link.json"], False, ["pod"], True),
    "TestDirectoryBuilder": (["guestbook"], False, ["redis-master", "redis-slave", "web"], False),
    "TestFilePatternBuilderWhenFileLiteralExists": (["odd[x].yaml"], False, ["odd"], True),
    "TestFilePatternBuilder": (["guestbook/redis-*.yaml"], False, ["redis-master", "redis-slave"], False),
    "TestSingleItemImpliedObjectNoExtension": (["noextension"], False, ["plain"], True),
    "Path, a directory of one file": (["deep/below"], False, ["two"], True),
    "Path, two files": (["pod.yaml", "odd[x].yaml"], False, ["pod", "odd"], False),
}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    contents = {
        "pod.yaml": "pod", "deep/one.json": "one", "deep/below/two.yaml": "two", "odd[x].yaml": "odd",
        "guestbook/redis-master.yaml": "redis-master", "guestbook/redis-slave.yaml": "redis-slave",
        "guestbook/web.yml": "web", "guestbook/README.md": "readme", "noextension": "plain",
    }  # fmt: skip
    for path, name in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(json.dumps(config(name)))
    (tmp_path / "link.json").hardlink_to(tmp_path / "pod.yaml")
    (tmp_path / "pod-link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    return tmp_path


@pytest.mark.parametrize("case", FILES)
def test_files(case, tree, server):
    paths, recursive, names, single = FILES[case]
    made = asked(
        b.filenames(*paths, recursive=recursive), b.namespace("test"), b.default_namespace, b.flatten
    )
    found = had(infos(server.client)(made))
    assert ([info.name for info in found], single_item_implied(made)) == (names, single)
    assert {info.namespace for info in found} == {"test"}
    whole = had(object(server.client)(made))
    assert whole["kind"] == ("ConfigMap" if single else "List")


LOST = {
    "TestPathBuilderWithMultipleInvalid, symlink": ("pod-link", "does not exist"),
    "TestPathBuilderWithMultipleInvalid, loop": ("loop", "cannot be accessed: stat loop"),
    "TestErrorFilePatternBuilder, invalid pattern": ("[a-z*.yaml", "syntax error in pattern"),
    "TestErrorFilePatternBuilder, file does not exist": ("guestbook/notexist.yaml", "does not exist"),
    "TestErrorFilePatternBuilder, directory does not exist": ("_no_/*.yaml", "does not exist"),
}


@pytest.mark.parametrize("recursive", [False, True])
@pytest.mark.parametrize("case", LOST)
def test_paths_that_lead_nowhere(case, recursive, tree, server):
    path, words = LOST[case]
    message = problem(infos(server.client)(asked(b.filenames(path, recursive=recursive))))
    assert words in message
    assert path in message


def test_a_namespace_is_kept_unless_it_is_enforced(server):
    """TestNamespaceOverride, TestURLBuilderRequireNamespace."""
    text = b.objects(config("test", namespace="foo"))
    (kept,) = had(infos(server.client)(asked(b.namespace("test"), text, b.default_namespace)))
    assert kept.namespace == "foo"
    for step in (b.filenames(enforce_namespace=True), b.require_namespace):
        made = asked(b.namespace("test"), text, step)
        assert 'namespace from the provided object "foo" does not match' in problem(
            infos(server.client)(made)
        )


def test_metadata_of_a_wrong_type_is_an_error(server):
    """TestUnstructured, badpod."""
    made = asked(b.objects(config("a", annotations={"x": 0})), b.continue_on_error, b.flatten)
    assert "annotations" in problem(infos(server.client)(made))


def test_a_file_is_watched_by_its_name(server, tree):
    """TestWatch: from a version, or from what is there."""
    foo = tree / "foo.json"
    foo.write_text(json.dumps(config("foo")))
    made = asked(b.filenames("foo.json"), b.default_namespace, b.flatten)
    events = had(watch(server.client)(made))
    assert [next(events).unwrap().object["metadata"]["name"]] == ["foo"]
    events.close()
    assert server.requests == ["GET /api/v1/namespaces/default/configmaps?fieldSelector=metadata.name=foo"]


def test_a_type_is_watched_from_a_version_on(server):
    made = asked(b.label_selector("a=b"), named("cm"))
    version = (
        server.cluster.send(Request("GET", "/api/v1/configmaps")).unwrap().body["metadata"]["resourceVersion"]
    )
    events = had(watch(server.client, version)(made))
    late = config("late", labels={"a": "b"})
    create = Request("POST", "/api/v1/namespaces/default/configmaps", body=late)
    Thread(target=server.cluster.send, args=(create,)).start()
    event = next(events).unwrap()
    events.close()
    assert (event.type, event.object["metadata"]["name"]) == ("ADDED", "late")


NOT_WATCHED = {
    "TestWatchMultipleError": ([b.filenames("pod.yaml", "pod.yaml")], "you may only watch a single resource"),
    "Watch, several resources": ([b.text(YAML, "t"), b.flatten], "watch is only supported on individual"),
    "Watch, an unknown type": ([named("unknown")], "the server doesn't have a resource type"),
}


@pytest.mark.parametrize("case", NOT_WATCHED)
def test_what_can_not_be_watched(case, tree, server):
    steps, message = NOT_WATCHED[case]
    assert problem(watch(server.client)(asked(*steps))).startswith(message)


@pytest.mark.parametrize(
    ("step", "single"), [(b.filenames("a"), True), (named("cm/a"), True), (named("cm"), False)]
)
def test_single_items_are_targeted_unless_selectors_choose(step, single):
    """TargetsSingleItems of result.go."""
    assert targets_single_items(asked(step)) is single


SHORT = b.filtered(lambda info: len(info.name) == 3)
CHOSEN = [
    ([b.field_selector("metadata.name!=foo")], ["bar", "long"]),
    ([b.field_selector("metadata.namespace=,metadata.name=bar")], ["bar"]),
    ([SHORT], ["foo", "bar"]),
    ([SHORT, b.field_selector("metadata.name!=foo"), b.latest], ["bar"]),
]


@pytest.mark.parametrize(("steps", "names"), CHOSEN)
def test_predicates_and_field_selectors_choose_among_what_is_read(steps, names, server):
    """Over cli-runtime: `filtered` and field selectors on files."""
    made = asked(b.objects(config("foo"), config("bar"), config("long")), *steps)
    placed = replace(made, default_namespace=made.latest)
    kept = unsafe_perform_io(infos(server.client)(placed).lash(visited_so_far).unwrap())
    assert [info.name for info in kept] == names
