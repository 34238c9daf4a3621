"""What is warned of in texts of which kubectl reads a part without a word: never a value of them."""

from dataclasses import replace

import pytest
from returns.result import Success
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.documents.manifest import Document, documents, repeated_keys, text_warnings
from fkube.documents.validation import unique_keys
from fkube.resource.info import Origin
from fkube.visitor import each

A, B = (f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n" for name in "ab")
JSON = '{{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {{"name": "{}"}}}}\n'.format
UNREAD = "this is not read, as a document has ended before it: put --- between them"


def warned(text):
    """The names that are read of a text, and what is warned of."""
    read = documents(text, "t")(each(Success)).unwrap()
    return [info.name for info in read], sorted({warning for info in read for warning in info.warnings})


@pytest.mark.parametrize(
    ("text", "names", "places"),
    [
        (f"{A}...\n{B}", ["a"], ["document 1, line 5"]),
        (f"---\n{A}...\n{B}", ["a"], ["document 1, line 6"]),
        (f"{A}---\n{A}...\n# b\n{B}", ["a", "a"], ["document 2, line 10"]),
        (f"---\n{JSON('a')}{JSON('b')}", ["a"], ["document 1, line 3"]),
        (f"# a comment\n{JSON('a')}{JSON('b')}", ["a"], ["document 1, line 3"]),
        (f"{JSON('a')}{JSON('b')}", ["a", "b"], []),
        (f"{JSON('a')}---\n{JSON('b')}{JSON('c')}", ["a", "b"], ["document 2, line 4"]),
        (f"{A}---\n{B}...\n", ["a", "b"], []),
        (f"{A}---\n# nothing\n", ["a"], []),
        ("---\n{kind: List, items: [{kind: A}]}\nkind: B\n", [""], ["document 1, line 3"]),
    ],
)
def test_text_behind_the_first_document_of_a_part_is_told(text, names, places):
    assert warned(text) == (names, [f"t, {place}: {UNREAD}" for place in places])


def test_no_warning_has_a_value():
    text = f"x: &x {{password: hunter1}}\n{A}data:\n  password: hunter2\n  <<: *x\n...\nhunter3\n"
    _, found = warned(text)
    assert found == [
        't, document 1, line 6: "data.password" is replaced by the merge key (<<) in line 7',
        f"t, document 1, line 9: {UNREAD}",
    ]


def test_every_item_of_a_list_has_the_warnings_of_its_text():
    text = f"---\n{{kind: List, apiVersion: v1, items: [{JSON('a')}, {JSON('b')}]}}\n{B}"
    pipeline = pipe(b.builder(), b.text(text, "t"), b.default_namespace, b.flatten, b.continue_on_error, b.do)
    report = edge.visit(edge.embedded(), verbs.create())(pipeline).unwrap()._inner_value
    assert [(len(o.warnings), o.action) for o in report.outcomes] == [(1, "created"), (1, "created")]


@pytest.mark.parametrize("rest", ["", "...\n# the end\n"])
def test_what_is_read_past_can_be_refused(rest):
    steps = (b.default_namespace, b.schema(unique_keys), b.continue_on_error)
    pipeline = pipe(b.builder(), b.text(f"{A}{rest or f'...{chr(10)}{B}'}", "t"), *steps, b.do)
    report = edge.visit(edge.embedded(), verbs.create())(pipeline).unwrap()._inner_value
    assert report.ok == bool(rest)


def test_a_client_is_told_what_no_resource_can_tell():
    found = []
    client = replace(edge.embedded(), warned=found.extend)
    steps = (b.default_namespace, b.label_selector("app=none"), b.continue_on_error)
    pipeline = pipe(b.builder(), b.text(f"{A}...\n{B}---\nnull\n...\n{B}", "t"), *steps, b.do)
    report = edge.visit(client, verbs.create())(pipeline).unwrap()._inner_value
    assert (report.outcomes, found) == (
        (),
        [f"t, document 1, line 5: {UNREAD}", f"t, document 2, line 11: {UNREAD}"],
    )


def test_a_refused_object_keeps_the_warnings_of_its_text():
    text = f"{A.replace('name: a', 'name: A')}...\n{B}"
    pipeline = pipe(b.builder(), b.text(text, "t"), b.default_namespace, b.continue_on_error, b.do)
    report = edge.visit(edge.embedded(), verbs.create())(pipeline).unwrap()._inner_value
    assert [(o.action, o.warnings) for o in report.outcomes] == [
        ("failed", (f"t, document 1, line 5: {UNREAD}",))
    ]


def test_json_is_read_to_its_end_but_keys_may_be_there_twice():
    document = Document('{"a": 1,\n"a": "..."}', Origin("t", 1, 1), json=True)
    assert text_warnings(document) == ()
    assert repeated_keys(document) == ('t, document 1, line 2: key "a" already set in map',)
