"""Values worth looking at: short reprs, tables for notebooks, equal and picklable; and no secret."""

import pickle

import pytest
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.report import Outcome, Report, report
from fkube.resource.errors import UsageError
from fkube.resource.info import Origin
from fkube.syntax.html import MOST
from fkube.testing.functions import OfKind, number_resource
from fkube.visitor import and_then, decorated, filtered, flattened, one
from fkube.visitor.decorators import set_images, set_labels
from fkube.visitor.stages import scanned, sorted_by, take, through, unique, whole
from fkube.visitor.visits import visited_of

HIDDEN = "correct horse battery staple"
SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "<s>"}, "stringData": {"key": HIDDEN}}
SHOP = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}


def pipeline(*steps):
    return pipe(b.builder(), b.objects(SHOP, SECRET), *steps, b.default_namespace, b.continue_on_error, b.do)


STAGES = {
    "decorated(set_labels(a=b))": decorated(set_labels(a="b")),
    "filtered(OfKind(kind='Pod'))": filtered(OfKind("Pod")),
    "and_then(one)": and_then(one),
    "take(3)": take(3),
    "unique(str)": unique(str),
    "sorted_by(repr)": sorted_by(repr),
    "scanned(number_resource)": scanned(number_resource, 0),
    "whole(sorted)": whole(sorted),
    "take(1) ∘ flattened": through(flattened, take(1)),
}


@pytest.mark.parametrize("shown", STAGES)
def test_a_stage_prints_as_it_was_made_and_is_a_value(shown):
    stage = STAGES[shown]
    assert repr(stage) == shown
    assert pickle.loads(pickle.dumps(stage)) == stage


def test_a_builder_and_a_pipeline_print_as_the_way_of_a_resource():
    asked = pipe(b.builder(), b.filenames("a.yaml"), b.through(take(3)), b.flatten)
    way = "Pipeline(a.yaml → lists_mapped → flattened → take(3) → mapped → decorated(filter_namespace))"
    assert repr(asked) == f"Builder({way})"
    assert repr(b.add_error("no")(asked)).endswith(", 1 wrong)")
    assert repr(b.do(asked).unwrap()) == way


def test_a_pipeline_of_functions_is_equal_and_picklable():
    steps = (b.decorated(set_images(str.lower)), b.through(unique(str)), b.filtered(OfKind("Pod")))
    made = pipeline(*steps).unwrap()
    assert pickle.loads(pickle.dumps(made)) == made == pipeline(*steps).unwrap()


def test_verbs_print_without_what_may_be_secret():
    verb = verbs.patch({"stringData": {"key": HIDDEN}}, dry_run="server")
    assert repr(verb) == "patch(patch=…, dry_run='server')"
    assert repr(verbs.server_side(force=True)) == "server_side(force=True)"


def test_a_report_prints_counts_and_the_first_failures():
    errors = [Failure(UsageError(f"no {n}")) for n in range(5)]
    found = report(visited_of((Success(Outcome("created", Origin())), *errors)))
    assert repr(found) == "Report(1 created, 5 failed; no 0; no 1; no 2; and 2 more)"


def test_what_a_notebook_shows_is_a_picture_or_a_table_with_all_escaped_and_nothing_secret():
    made = pipeline()
    planned = unsafe_perform_io(edge.plan(edge.embedded(), verbs.create())(made).unwrap())
    done = unsafe_perform_io(edge.visit(edge.embedded(), verbs.create())(made).unwrap())
    shows = (
        (made.unwrap(), "<svg ", "continue_on_error"),
        (planned, "<table>", "POST"),
        (done, "<table>", "namespaces/shop"),
    )
    for value, shape, wanted in shows:
        shown = value._repr_html_()
        assert shown.count(shape) == 1
        assert wanted in shown
        assert HIDDEN not in shown + repr(value) + str(value)
        assert "<s>" not in shown
    assert "&lt;s&gt;" in done._repr_html_()


def test_a_long_report_is_shown_in_part_and_counted():
    long = Report((Outcome("created", Origin()),) * (MOST + 1234))
    assert "… and 1,234 more" in long._repr_html_()


def test_a_report_of_several_clusters_says_where():
    made = pipeline()
    reports = [
        unsafe_perform_io(edge.visit(edge.embedded(cluster=name), verbs.create())(made).unwrap())
        for name in ("eu", "us")
    ]
    both = sum(reports, Report())
    assert {name: len(found.outcomes) for name, found in both.clusters.items()} == {"eu": 2, "us": 2}


def test_an_outcome_tells_what_each_function_changed():
    made = pipeline(b.decorated(set_labels(team="web")), b.decorated(Success))
    done = unsafe_perform_io(edge.visit(edge.embedded(), verbs.create())(made).unwrap())
    assert [outcome.changed_by for outcome in done.outcomes] == [
        {"set_labels(team=web)": ("metadata.labels",)}
    ] * 2
    assert HIDDEN not in repr(done.outcomes)
