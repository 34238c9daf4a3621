"""`fkube trace` on the command line: text, JSON, a page; nothing sent unless it is to be run; all masked."""

import json
import stat

import pytest

from fkube.cli import trace as command

MANIFESTS = {
    "web.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web, labels: {app: web}}
---
{apiVersion: v1, kind: Secret, metadata: {name: s, annotations: {a: hunter2}}, stringData: {k: hunter2}}
""",
    "list.yaml": """\
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
""",
    "unknown.yaml": "{apiVersion: example.com/v1, kind: Shirt, metadata: {name: s}}\n",
    "empty.yaml": "",
    "broken.yaml": "kind: [\n",
}
EQUATION = """\
report = (continue_on_error ∘ decorated(set_namespace(default), filter_namespace) ∘ mapped ∘
          flattened ∘ lists_mapped)(v)(each(run ∘ create))

"""
WEB = """\
configmap/web from web.yaml, document 1, line 1
  passed                          lists_mapped, flattened
  mapped                          configmaps (v1, namespaced)
  decorated(set_namespace(defau…  metadata.namespace: nothing → default
  create                          POST /api/v1/namespaces/default/configmaps
                                    ?fieldManager=kubectl-create&fieldValidation=Strict
"""


def test_a_way_as_text(cluster, fkube):
    assert fkube("trace -f web.yaml web") == (0, EQUATION + WEB, "")
    assert fkube("trace -f web.yaml -f list.yaml cm/web") == (0, EQUATION + WEB, "")
    assert fkube("get cm,secrets -l !kubernetes.io/x")[1].count("web") == 0


def test_a_run_shows_the_answers(cluster, fkube):
    status, out, err = fkube("trace -f web.yaml --run")
    assert (status, err) == (0, "")
    assert out.count("→ 201") == out.count("  report ") == out.count(" created") == 2
    status, out, err = fkube("trace -f web.yaml --run cm/web")
    assert (status, out.count("→ 409"), err.count("already exists")) == (1, 1, 2)
    assert fkube("get secret s -o name")[1] == "secret/s\n"


@pytest.mark.parametrize("flags", ["--apply", "--server-side"])
def test_apply_reads_what_is_there(cluster, fkube, flags):
    fkube("apply -f web.yaml")
    status, out, _ = fkube(f"trace {flags} -f web.yaml -f list.yaml")
    assert (status, out.count(" GET "), out.count("→ 404")) == (0, 4, 2)
    assert "each(run ∘ apply)" in out.replace("\n          ", " ")


def test_what_is_dropped_says_why(cluster, fkube):
    status, out, err = fkube("trace -f web.yaml -l app=db")
    assert (status, out.count("dropped: app=db said no"), err) == (0, 2, "")


ERRORS = [
    ("trace", "error: must specify one of -f and -k\n"),
    ("trace -f none.yaml", 'error: the path "none.yaml" does not exist\n'),
    ("trace -f empty.yaml", "error: no objects passed to create\n"),
    ("trace -f web.yaml absent", 'error: no resource of the manifests is named "absent"\n'),
    ("trace -f web.yaml --overwrite", "error: --overwrite can only be used with --apply or --server-side\n"),
    ("trace --apply -f web.yaml --save-config", "error: --save-config can't be used with --apply"),
    ("trace -f web.yaml -o yaml", "error: unable to match a printer"),
    ("trace -f web.yaml --html none/page.html", "error: none/page.html can't be written: no such file"),
    ("trace -f unknown.yaml", "error: resource mapping not found"),
    ("trace -f broken.yaml", "error: error parsing broken.yaml"),
]


@pytest.mark.parametrize(("words", "error"), ERRORS)
def test_errors_are_those_of_other_commands(cluster, fkube, words, error):
    status, _, err = fkube(words)
    assert status == 1
    assert err.startswith(error), err


def test_a_run_fails_for_what_is_not_shown(cluster, fkube):
    assert fkube("trace -f web.yaml -f unknown.yaml web")[0] == 0
    status, out, err = fkube("trace -f web.yaml -f unknown.yaml web --run")
    assert (status, "Shirt" in out, "Shirt" in err) == (1, False, True)


def test_json_is_what_the_library_gives(cluster, fkube):
    data = json.loads(fkube("trace -f list.yaml -o json b")[1])
    (way,) = data["ways"]
    assert (way["resource"], way["list"], way["namespace"]) == ("configmap/b", "v1 List", "default")
    assert [step["became"] for step in way["steps"]] == [
        "read",
        "passed",
        "opened",
        "changed",
        "changed",
        "passed",
    ]
    assert [stage["kind"] for stage in data["stages"]] == ["scanned", "plain", "scanned", "plain", "visit"]


@pytest.mark.parametrize(
    "more", ["", "--run", "--apply --run", "-o json", "-o json --run", "--html page.html"]
)
def test_no_secret_is_shown(cluster, fkube, folder, more):
    status, out, err = fkube(f"trace -f web.yaml {more}")
    page = (folder / "page.html").read_text() if "html" in more else ""
    assert status == 0
    assert ("secret/s" in out) or ("secret/s" in page)
    assert not any("hunter2" in text or "aHVudGVyMg" in text for text in (out, err, page))


def test_a_page_is_for_its_owner(cluster, fkube, folder):
    assert fkube("trace -f web.yaml --html page.html") == (0, "", "")
    assert stat.S_IMODE((folder / "page.html").stat().st_mode) == 0o600
    status, out, _ = fkube("trace -f web.yaml --html page.html -o json")
    assert (status, len(json.loads(out)["ways"])) == (0, 2)


def test_colours_are_for_terminals_that_take_them(cluster, fkube, monkeypatch):
    monkeypatch.setattr(command, "takes_colours", lambda stream: True)
    assert "\x1b[32mcreated\x1b[0m" in fkube("trace -f web.yaml --run")[1]
