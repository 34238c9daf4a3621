"""The page of a trace and its short form: whole, self-contained, and no word in them is markup."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from returns.result import Success

from fkube.documents.manifest import documents
from fkube.pipeline.tracepage import (
    MOST,
    page,
    page_of_data,
    repr_html,
    repr_html_of_data,
    restore_objects,
    share_objects,
)
from fkube.pipeline.tracing import Trace, trace_data
from fkube.pipeline.ways import trace_stages
from fkube.visitor import decorated, flattened
from fkube.visitor.decorators import set_namespace

HIDDEN = "correct horse battery staple"
MANIFEST = f"""
kind: List
apiVersion: v1
items:
- {{kind: Pod, apiVersion: v1, metadata: {{name: web, labels: {{a: "<b>"}}}}}}
- {{kind: Secret, apiVersion: v1, metadata: {{name: key}}, stringData: {{a: {HIDDEN}}}}}
--- # what can't be read
- {HIDDEN}
"""
# What would be markup, end a script, or be a placeholder, if it were not written as text.
ODD = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "&lt;b&gt;",
    "\"'`",
    "{title} %s \\u003c $1",
    "\u2028\u2029\ud7ff😀",
)


def traced(text):
    stages = (flattened, decorated(set_namespace("shop")))
    ways, after = trace_stages(stages, documents(text, "a.yaml"))
    return Trace(("a.yaml",), after, "create", ways)


def told(word):
    """The data of a trace that says a word wherever something may be said."""
    object = {"kind": "Pod", word: [word, {word: None}]}
    change = {"path": word, "before": word, "after": [word]}
    step = {"stage": 0, "became": "changed", "object": object, "changes": [change], "why": word}
    request = {"method": "POST", "path": word, "query": {word: word}, "body": object}
    way = {
        "resource": word,
        "origin": {"source": word, "document": 1, "line": 2},
        "list": word,
        "steps": [{**step, "stage": -1, "became": "read", "changes": []}, step],
        "namespace": word,
        "mapping": word,
        "requests": [request],
        "answers": [{"status": 201, "body": word}],
        "outcome": {"action": word, "error": "", "warnings": [word]},
    }
    stage = {"name": word, "note": word, "kind": "plain"}
    failed = {**way, "outcome": {"action": "failed", "error": word, "warnings": []}}
    equation = f"report = ({word})(v)(each(run ∘ {word}))"
    return {
        "sources": [word],
        "stages": [stage],
        "verb": word,
        "equation": equation,
        "ran": True,
        "ways": [way, failed],
    }


class Elements(HTMLParser):
    """The elements of a page as a parser finds them, with their attributes, but for the values of titles."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, [name if name == "title" else (name, value) for name, value in attrs]))

    def handle_comment(self, data):
        self.found.append(("comment", data))


def elements_of(html):
    parser = Elements()
    parser.feed(html)
    parser.close()
    return parser.found


def data_in(html):
    """The data that stands in a page."""
    (text,) = re.findall(r'<script type="application/json" id="trace-data">(.*?)</script>', html, re.DOTALL)
    return json.loads(text)


def test_the_data_of_a_page_is_the_data_of_the_trace():
    trace = traced(MANIFEST)
    assert restore_objects(data_in(page(trace))) == trace_data(trace)
    assert [way["resource"] for way in trace_data(trace)["ways"]] == ["pod/web", "secret/key", ""]


@pytest.mark.parametrize("word", ODD)
def test_odd_words_are_data_and_come_back(word):
    data = told(word)
    assert restore_objects(share_objects(data)) == data
    assert restore_objects(data_in(page_of_data(data))) == data


@pytest.mark.parametrize("write", [page_of_data, repr_html_of_data])
@pytest.mark.parametrize("word", ODD)
def test_no_word_becomes_markup(write, word):
    assert elements_of(write(told(word))) == elements_of(write(told("word")))


def test_values_that_python_takes_for_equal_stay_what_they_are():
    way = {
        "steps": [{"object": value} for value in (1, True, 1.0, 0, False, None)],
        "requests": [],
        "answers": [],
    }
    (back,) = restore_objects(json.loads(json.dumps(share_objects({"ways": [way]}))))["ways"]
    assert json.dumps(back) == json.dumps(way)


def test_an_object_stands_once_in_a_page():
    items = [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "marker"}, "spec": "long"}]
    trace = traced(json.dumps({"kind": "List", "apiVersion": "v1", "items": items * 50}))
    # As it was opened, and with its namespace; the other steps of all fifty have the number of one of them.
    assert page(trace).count('"spec":"long"') == 2


def test_a_page_names_nothing_beside_itself():
    html = page_of_data(told("word"))
    for outside in ("http:", "https:", "//cdn", "src=", "href=", "@import", "url(", "fetch(", "import("):
        assert outside not in html.lower().replace("// ", "")
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'" in html
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_nothing_in_the_script_reads_markup():
    assets = [*files("fkube.pipeline").joinpath("assets").iterdir()]
    script = "".join(asset.read_text(encoding="utf-8") for asset in assets if asset.name.endswith(".js"))
    for reads in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
        assert reads not in script


@pytest.mark.parametrize("write", [page, repr_html])
def test_secrets_are_hidden(write):
    html = write(traced(MANIFEST))
    assert "secret/key" in html
    assert HIDDEN not in html
    assert HIDDEN.partition(" ")[0] not in html


def test_the_short_form_has_no_script_and_styles_nothing_else():
    html = repr_html(traced(MANIFEST))
    assert "<script" not in html
    (style,) = re.findall("<style>(.*?)</style>", html, re.DOTALL)
    assert style.startswith(".fkube-trace {")
    assert style.endswith("}")
    depths = [style[:at].count("{") - style[:at].count("}") for at in range(1, len(style))]
    assert min(depths[len(".fkube-trace {") :]) == 1
    assert "\n\n" not in html


def test_the_short_form_says_what_became_of_each():
    html = repr_html(traced(MANIFEST))
    rows = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", html)
    words = [
        re.findall(r'<span class="way (\w+)" title="([^"]*)">(\w+)</span>', summary) for summary, _ in rows
    ]
    given = "decorated(set_namespace(shop))"
    assert words[0] == [
        ("read", "read", "read"),
        ("opened", "flattened", "opened"),
        ("changed", given, "changed"),
    ]
    assert [word for _, _, word in words[2]] == ["failed"]
    assert "<code>metadata.namespace</code>: <del>—</del> → <ins>&quot;shop&quot;</ins>" in rows[0][1]
    assert "read from a.yaml, document 1, line 5 in a v1 List" in rows[0][1]


def test_the_short_form_counts_what_it_leaves_out():
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}
    html = repr_html(traced("\n---\n".join([json.dumps(pod)] * (MOST + 3))))
    assert html.count("<details>") == MOST
    assert html.endswith("<p>… and 3 more</p></div>")


def test_a_failed_outcome_is_told_in_the_short_form():
    html = repr_html_of_data(told("word"))
    assert 'class="way done" title="word">word</span></summary>' in html
    assert 'class="way failed" title="word">failed</span></summary>' in html
    assert "<li>error: word</li>" in html
    assert "<li>warning: word</li>" in html
    assert "<li>answered 201</li>" in html


def test_what_was_skipped_is_no_success_in_the_short_form():
    data = told("word")
    skipped = {**data["ways"][0], "outcome": {"action": "skipped", "error": "cause", "warnings": []}}
    assert 'class="way dropped" title="word">skipped</span></summary>' in repr_html_of_data(
        {**data, "ways": [skipped]}
    )


def test_traces_without_a_way_are_written():
    trace = Trace(verb="create")
    assert data_in(page(trace))["ways"] == []
    assert repr_html(trace).count("<details>") == 0
    assert Success(trace).map(page).unwrap().startswith("<!DOCTYPE html>")
