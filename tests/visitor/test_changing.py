"""The decorators that change what objects say: what they change, what they leave, and how they print."""

from __future__ import annotations

import pickle
from copy import deepcopy
from functools import partial

import pytest
from returns.result import Success

from fkube import edge, testing, verbs
from fkube.edge.running import hold as run
from fkube.exchange import Request
from fkube.merging.lastapplied import LAST_APPLIED
from fkube.pipeline.explain import explain
from fkube.resource.errors import DecodeError
from fkube.resource.guarding import function_name
from fkube.resource.info import Info, Origin, RESTMapping
from fkube.resource.podtemplate import pod_template, pod_templates
from fkube.visitor import decorated, nothing
from fkube.visitor.changing import as_manifest, set_annotations, set_images, set_labels
from fkube.visitor.decorators import force_namespace, require_namespace, set_namespace

ORIGIN = Origin("a.yaml", 1, 1)
MAPS = RESTMapping("", "v1", "ConfigMap", "configmaps")
REVISION = "deployment.kubernetes.io/revision"


def mirrored(image):
    return f"mirror.example.com/{image}"


def info(kind="Pod", version="v1", **fields):
    return Info({"apiVersion": version, "kind": kind, **fields}, ORIGIN)


def pods(*images):
    return {"spec": {"containers": [{"image": image} for image in images]}}


# Every workload, around a template.
WORKLOADS = {
    "Deployment": lambda t: info("Deployment", "apps/v1", spec={"replicas": 1, "template": t}),
    "old Deployment": lambda t: info("Deployment", "extensions/v1beta1", spec={"template": t}),
    "ReplicaSet": lambda t: info("ReplicaSet", "apps/v1", spec={"template": t}),
    "StatefulSet": lambda t: info("StatefulSet", "apps/v1", spec={"template": t}),
    "DaemonSet": lambda t: info("DaemonSet", "apps/v1", spec={"template": t}),
    "Job": lambda t: info("Job", "batch/v1", spec={"template": t}),
    "CronJob": lambda t: info("CronJob", "batch/v1", spec={"jobTemplate": {"spec": {"template": t}}}),
    "ReplicationController": lambda t: info("ReplicationController", spec={"template": t}),
    "PodTemplate": lambda t: info("PodTemplate", template=t),
    "Pod": lambda t: info(**t),
    "Widget": lambda t: info("Widget", "example.com/v1", spec={"podTemplate": t, "size": 1}),
    "another's Job": lambda t: info("Job", "example.com/v1", spec={"podTemplate": t}),
}


@pytest.mark.parametrize("kind", WORKLOADS)
@pytest.mark.parametrize("path", ["spec.podTemplate", ".spec.podTemplate", ("spec", "podTemplate")])
def test_the_image_of_every_workload_is_changed_in_its_place(kind, path):
    before, after = WORKLOADS[kind](pods("a", "b")), WORKLOADS[kind](pods("x/a", "x/b"))
    assert pod_template(path).get(before.object) == pods("a", "b")
    changed = set_images("x/{}".format, path)(before)
    assert changed == Success(after)
    assert list(changed.unwrap().object) == list(before.object)
    assert before == WORKLOADS[kind](pods("a", "b"))


def test_containers_of_every_sort_have_images_and_those_without_are_left_alone():
    spec = {
        "initContainers": [{"image": "a"}, {"name": "without"}],
        "containers": [{"image": "b"}, {"image": None}, {"image": 5}, None, "text"],
        "ephemeralContainers": [{"image": "c"}],
        "volumes": [{"image": {"reference": "d"}}],
    }
    changed = set_images(mirrored)(info(spec=spec)).unwrap().object["spec"]
    assert changed == {
        "initContainers": [{"image": mirrored("a")}, {"name": "without"}],
        "containers": [{"image": mirrored("b")}, {"image": None}, {"image": 5}, None, "text"],
        "ephemeralContainers": [{"image": mirrored("c")}],
        "volumes": spec["volumes"],
    }


def test_every_template_of_another_kind_is_changed_once():
    widget = info("Widget", "example.com/v1", spec={"driver": pods("a"), "worker": pods("b")})
    changed = set_images(mirrored, "spec.driver", "spec.worker", ("spec", "driver"))(widget).unwrap()
    assert changed.object["spec"] == {"driver": pods(mirrored("a")), "worker": pods(mirrored("b"))}
    deployment = WORKLOADS["Deployment"](pods("a"))
    assert set_images(mirrored, "spec.template", "spec.x")(deployment) == set_images(mirrored)(deployment)


def test_a_kind_may_be_a_template_itself_and_a_key_may_have_dots():
    widget = info("Widget", "example.com/v1", metadata={"name": "a"}, **pods("a"), status={})
    assert pod_template("").get(widget.object) == {"metadata": {"name": "a"}, **pods("a")}
    dotted = info("Widget", "example.com/v1", **{"a.b": {"c": pods("a")}})
    assert pod_template(("a.b", "c")).get(dotted.object) == pods("a")


MALFORMED = ([], ["a"], None, 5, "text", True)


@pytest.mark.parametrize("wrong", MALFORMED, ids=repr)
@pytest.mark.parametrize("path", ["spec.template", "spec", "template", "spec.podTemplate", "spec.a.b", ""])
def test_what_is_malformed_has_no_template_and_comes_back_as_it_is(wrong, path):
    kinds = ("Deployment", "CronJob", "Pod", "PodTemplate", "Widget", None, ["Pod"], {})
    for kind in kinds:
        for fields in ({"spec": wrong}, {"spec": {"template": wrong}}, {"template": wrong}, {"kind": wrong}):
            given = Info({"kind": kind, **fields})
            assert set_images(mirrored, path)(given).unwrap() is given


@pytest.mark.parametrize("wrong", MALFORMED, ids=repr)
def test_a_template_with_a_malformed_spec_or_containers_comes_back_as_it_is(wrong):
    for template in ({"spec": wrong}, {"spec": {"containers": wrong, "initContainers": [wrong]}}):
        given = WORKLOADS["Deployment"](template)
        assert set_images(mirrored)(given).unwrap() is given


def test_a_lens_and_its_decorators_are_values():
    assert pod_template("spec.a") == pod_template(("spec", "a"))
    assert pod_template("spec.a") != pod_template("spec.b")
    for lens in pod_templates("spec.a", "spec.b"):
        assert pickle.loads(pickle.dumps(lens)) == lens
    widget = {"kind": "Widget", "spec": {}}
    assert pod_template("spec.a").set(widget, {"spec": {}}) is widget


# What labels were, what is set, what they are then.
TEXTS = [
    ({"labels": {"a": "1"}}, {"b": "2"}, {"labels": {"a": "1", "b": "2"}}),
    ({"labels": {"a": "1"}}, {"a": "2"}, {"labels": {"a": "2"}}),
    ({"labels": None}, {"a": "1"}, {"labels": {"a": "1"}}),
    ({}, {"a": "1"}, {"labels": {"a": "1"}}),
    (None, {"a": "1"}, {"labels": {"a": "1"}}),
]


@pytest.mark.parametrize(("before", "texts", "after"), TEXTS)
def test_labels_and_annotations_are_set_and_the_others_kept(before, texts, after):
    for field, decorate in (("labels", set_labels(texts)), ("annotations", set_annotations(**texts))):
        named = {field: (before or {}).get("labels")} if before else before
        given = info(metadata=named)
        unchanged = deepcopy(given)
        changed = decorate(given).unwrap()
        assert changed.object["metadata"] == {field: after["labels"]}
        assert given == unchanged
        assert decorate(changed).unwrap() is changed


@pytest.mark.parametrize("wrong", [[], ["a"], "text", 5, False])
def test_where_labels_are_no_mapping_none_can_be_set(wrong):
    for metadata, place in (({"labels": wrong}, "metadata.labels"), (wrong, "metadata")):
        message = f"{place} is no mapping, so no labels can be set: correct it in the manifest"
        assert set_labels(a="b")(info(metadata=metadata)).failure() == DecodeError(message, ORIGIN)


def test_setting_nothing_changes_nothing():
    for metadata in ({}, None, {"labels": None}):
        given = info(metadata=metadata)
        assert set_labels()(given).unwrap() is given
        assert set_labels({})(given).unwrap() is given


@pytest.mark.parametrize(
    ("decorate", "printed"),
    [
        (set_labels(team="shop"), "set_labels(team=shop)"),
        (
            set_labels({"app.kubernetes.io/name": "web"}, team="shop"),
            "set_labels(app.kubernetes.io/name=web, team=shop)",
        ),
        (set_annotations(note="secret", a="secret"), "set_annotations(a=…, note=…)"),
        (set_images(mirrored), "set_images(mirrored)"),
        (set_images(partial(str.replace, "secret")), "set_images(replace)"),
        (set_images(mirrored, "spec.a", ("spec", "b")), "set_images(mirrored, spec.a, spec.b)"),
        (set_namespace("shop"), "set_namespace(shop)"),
        (require_namespace("shop"), "require_namespace(shop)"),
        (force_namespace("shop"), "force_namespace(shop)"),
    ],
)
def test_a_decorator_prints_like_the_call_which_made_it(decorate, printed):
    assert repr(decorate) == str(decorate) == printed
    assert hash(decorate) == hash(decorate)


def test_the_picture_of_a_pipeline_shows_the_calls_and_no_annotation():
    pipeline = decorated(set_labels(a="b"), set_annotations(note="secret"), set_images(mirrored))(nothing)
    first = explain(pipeline).splitlines()[0]
    assert first == "decorated(set_labels(a=b), set_annotations(note=…), set_images(mirrored))"


def test_no_argument_of_a_function_is_in_its_name():
    assert function_name(partial(partial(print, "secret"), end="secret")) == "print"


@pytest.mark.parametrize(
    "decorate",
    [
        set_labels(a="b"),
        set_annotations({"a/b": "c"}),
        set_images(mirrored, "spec"),
        force_namespace("shop"),
        as_manifest,
    ],
    ids=function_name,
)
def test_decorators_are_lawful_values(decorate):
    testing.check_decorator(decorate, examples=20)
    assert pickle.loads(pickle.dumps(decorate)) == decorate


def test_two_that_set_the_same_are_equal_whatever_was_given_first():
    assert set_labels({"a": "1"}, b="2") == set_labels({"b": "2", "a": "1"}) != set_labels(b="2")
    given = {"a": "1"}
    decorate = set_labels(given)
    given["a"] = "2"
    assert decorate == set_labels(a="1")


SERVERS = {
    "uid": "1",
    "resourceVersion": "5",
    "generation": 2,
    "selfLink": "/x",
    "managedFields": [{}],
    "creationTimestamp": "x",
    "deletionTimestamp": "x",
    "deletionGracePeriodSeconds": 0,
}


def test_what_only_a_server_writes_is_taken_off_and_nothing_else():
    ours = {"name": "a", "labels": {"a": "b"}, "finalizers": ["x"], "ownerReferences": [{"uid": "2"}]}
    annotations = {LAST_APPLIED: "{}", REVISION: "3", "note": "x"}
    metadata = {**SERVERS, **ours, "annotations": annotations}
    object = {"kind": "Pod", "metadata": metadata, "spec": {"status": 1}, "status": {}}
    live = Info(object, ORIGIN, MAPS, live=True, list_version="9")
    unchanged = deepcopy(live)
    found = as_manifest(live).unwrap()
    kept = {"kind": "Pod", "metadata": {**ours, "annotations": {"note": "x"}}, "spec": {"status": 1}}
    assert found == Info(kept, ORIGIN, MAPS)
    assert live == unchanged
    assert as_manifest(found).unwrap() is found


@pytest.mark.parametrize(
    ("metadata", "after"),
    [
        ({"annotations": {LAST_APPLIED: "{}"}}, {}),
        ({"annotations": {}}, {"annotations": {}}),
        ({"annotations": [1]}, {"annotations": [1]}),
        ([1], [1]),
        (None, None),
        (SERVERS, {}),
    ],
)
def test_annotations_that_are_a_servers_go_and_what_is_malformed_stays(metadata, after):
    assert as_manifest(info(metadata=metadata)).unwrap() == info(metadata=after)


def test_objects_may_be_deeper_than_the_stack():
    deep = {}
    for _ in range(20_000):
        deep = {"a": [deep]}
    given = info(metadata={"annotations": {"a": deep}}, spec={"containers": [{"image": "a", "env": deep}]})
    assert set_images(str.strip)(given).unwrap() is as_manifest(given).unwrap() is given
    assert set_images(mirrored)(given).unwrap().object["spec"]["containers"][0]["env"] is deep


def test_a_live_object_as_a_manifest_is_applied_again_on_either_side():
    client, path = edge.embedded(), "/api/v1/namespaces/default/configmaps/a"
    written = info("ConfigMap", metadata={"name": "a", "namespace": "default"}, data={"x": "1"})
    made = run(client, verbs.apply()(Info(written.object, ORIGIN, MAPS))).unwrap()
    assert made.action == "created"
    live = Info(client.send(Request("GET", path)).unwrap().body, ORIGIN, MAPS, live=True)
    assert "must be nil" in str(run(client, verbs.server_side()(live)).failure())
    manifest = as_manifest(live).unwrap()
    assert manifest == Info(written.object, ORIGIN, MAPS)
    assert run(client, verbs.apply()(manifest)).unwrap().action == "unchanged"
    assert run(client, verbs.server_side(force=True)(manifest)).unwrap().action == "serverside-applied"
