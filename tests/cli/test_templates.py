"""`get` by templates and in the order of a field: words in, exit status and both outputs out."""

from __future__ import annotations

import json

import pytest

OBJECTS = """
{apiVersion: v1, kind: ConfigMap, metadata: {name: c, labels: {rank: "10", app: web}}, data: {x: "1"}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {rank: "9", app: web}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, labels: {app: db}}, data: {x: "2"}}
---
{apiVersion: v1, kind: Secret, metadata: {name: s2}, stringData: {password: hunter2}}
---
{apiVersion: v1, kind: Secret, metadata: {name: s1}}
"""
MANIFESTS = {
    "objects.yaml": OBJECTS,
    "names.jsonpath": "{range .items[*]}{.metadata.name}\n{end}",
    "names.gotemplate": "{{range .items}}{{.metadata.name}}\n{{end}}",
    "columns.txt": "NAME RANK\n.metadata.name {metadata.labels.rank}\n",
    "bad.txt": "NAME\n",
}


@pytest.fixture(autouse=True)
def objects(cluster, fkube):
    """What there is to get."""
    assert fkube("create -f objects.yaml")[0] == 0


ALLOWED = (
    "allowed formats are: "
    "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,"
    "jsonpath-file,kyaml,name,table,template,templatefile,wide,yaml"
)
UNEXPECTED = (
    "error: unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or "
    "'{.name1.name2}'\n"
)
NO_FIELD = 'error: couldn\'t find any field with path "{.nope}" in the list of objects\n'
NOT_FOUND = 'Error from server (NotFound): configmaps "none" not found\n'
NO_TEMPLATE = "error: template format specified but no template given\n"
NO_COLUMNS = "error: custom-columns format specified but no custom columns given\n"

# Words, exit status, standard output, standard error: kubectl's, but for its dump of the object.
ROWS = [
    ("cm -o 'jsonpath={.items[*].metadata.name}'", 0, "a b c", ""),
    ("cm a -o 'jsonpath={.kind}/{.metadata.name}'", 0, "ConfigMap/a", ""),
    ("cm -o 'jsonpath={.kind} {.metadata}'", 0, 'List {"resourceVersion":""}', ""),
    ("cm a b -o 'jsonpath={.items[-1].metadata.name}'", 0, "b", ""),
    (
        "cm,secrets -o 'jsonpath={range .items[*]}{.kind} {end}'",
        0,
        "ConfigMap ConfigMap ConfigMap Secret Secret ",
        "",
    ),
    ("cm -o 'jsonpath={.items[?(@.metadata.labels.app==\"web\")].metadata.name}'", 0, "a c", ""),
    ("cm -l app=none -o 'jsonpath={.items}'", 0, "[]", ""),
    ("cm a -o 'jsonpath={.nope}'", 0, "", ""),
    (
        "cm a -o 'jsonpath={.nope}' --allow-missing-template-keys=false",
        1,
        "",
        'error: error executing jsonpath "{.nope}": Error executing template: nope is not found.\n',
    ),
    (
        "secret s2 -o 'jsonpath={.data[0]}'",
        1,
        "",
        'error: error executing jsonpath "{.data[0]}": Error executing template: '
        "map[string]interface {} is not array or slice.\n",
    ),
    ("cm -o 'jsonpath={.items[*}'", 1, "", "error: error parsing jsonpath {.items[*}, unterminated array\n"),
    ("cm -o jsonpath=", 1, "", NO_TEMPLATE),
    ("cm -o jsonpath", 1, "", NO_TEMPLATE),
    ("cm a -o jsonpath --template={.kind}", 0, "ConfigMap", ""),
    ("cm -o jsonpath-file=names.jsonpath", 0, "a\nb\nc\n", ""),
    ("cm -o jsonpath-file --template=names.jsonpath", 0, "a\nb\nc\n", ""),
    (
        "cm -o jsonpath-file=none.jsonpath",
        1,
        "",
        "error: error reading --template none.jsonpath, open none.jsonpath: no such file or directory\n",
    ),
    ("cm a -o 'jsonpath-as-json={.kind}{.nope}'", 0, '[\n    "ConfigMap"\n]\n[]\n', ""),
    ("cm none -o 'jsonpath={.kind}'", 1, "", NOT_FOUND),
    ("cm none a -o 'jsonpath={.kind}'", 1, "List", NOT_FOUND),
    ("cm none --ignore-not-found -o 'jsonpath={.kind}'", 0, "", ""),
    ("-f objects.yaml -o 'jsonpath={.items[*].metadata.name}'", 0, "c a b s2 s1", ""),
    (
        "cm -o 'custom-columns=NAME:.metadata.name,X:.data.x'",
        0,
        "NAME   X\na      <none>\nb      2\nc      1\n",
        "",
    ),
    ("cm c -o 'custom-columns=NAME:metadata.name,DATA:{.data}'", 0, "NAME   DATA\nc      map[x:1]\n", ""),
    ("cm c --no-headers -o 'custom-columns=NAME:metadata.name'", 0, "c\n", ""),
    ("cm -l app=none -o 'custom-columns=NAME:metadata.name'", 0, "NAME\n", ""),
    ("cm -o custom-columns --template=N:.metadata.name", 0, "N\na\nb\nc\n", ""),
    ("cm -o custom-columns-file=columns.txt", 0, "NAME   RANK\na      9\nb      <none>\nc      10\n", ""),
    ("cm a --no-headers -o custom-columns-file=columns.txt", 0, "NAME   RANK\na      9\n", ""),
    (
        "cm -o custom-columns-file=none.txt",
        1,
        "",
        "error: error reading template none.txt, open none.txt: no such file or directory\n",
    ),
    (
        "cm -o custom-columns-file=bad.txt",
        1,
        "",
        "error: invalid template, missing spec line. Expected format is one line of space separated headers, "
        "one line of space separated column specs.\n",
    ),
    ("cm -o custom-columns=", 1, "", NO_COLUMNS),
    ("cm -o custom-columns", 1, "", NO_COLUMNS),
    (
        "cm -o custom-columns={.a",
        1,
        "",
        "error: unexpected custom-columns spec: {.a, expected <header>:<json-path-expr>\n",
    ),
    ("cm -o 'custom-columns=A:{.a'", 1, "", UNEXPECTED),
    ("cm -o 'custom-columns=A:.a['", 1, "A\n", "error: unterminated array\n"),
    ("cm -o 'custom-columns=A:.kind[0]'", 1, "A\n", "error: string is not array or slice\n"),
    (
        "cm -L app -o custom-columns=A:.kind",
        1,
        "",
        "error: --label-columns option cannot be used with custom-columns=A:.kind printer\n",
    ),
    (
        "cm --show-labels -o 'jsonpath={.kind}'",
        1,
        "",
        "error: --show-labels option cannot be used with jsonpath={.kind} printer\n",
    ),
    (
        "cm -o 'jsonpath={.a}' --template={.b}",
        1,
        "",
        f'error: unable to match a printer suitable for the output format "jsonpath={{.a}}", {ALLOWED}\n',
    ),
    ("cm --template={{.kind}}", 0, "List", ""),
    ("cm a -o go-template={{.kind}}/{{.nope}}", 0, "ConfigMap/<no value>", ""),
    ("cm -o template --template={{.kind}}", 0, "List", ""),
    ("cm,secrets -o 'go-template={{range .items}}{{.metadata.name}} {{end}}'", 0, "a b c s1 s2 ", ""),
    ("cm -o go-template-file=names.gotemplate", 0, "a\nb\nc\n", ""),
    ("secret s2 -o 'go-template={{base64decode .data.password}}'", 0, "hunter2", ""),
    (
        "cm a -o go-template={{.kind}}{{.kind.x}}",
        1,
        "ConfigMap",
        'error: error executing template "{{.kind}}{{.kind.x}}": template: output:1:16: executing "output" '
        "at <.kind.x>: can't evaluate field x in type interface {}\n",
    ),
    (
        "cm a -o go-template={{.nope}} --allow-missing-template-keys=false",
        1,
        "",
        'error: error executing template "{{.nope}}": template: output:1:2: executing "output" at '
        '<.nope>: map has no entry for key "nope"\n',
    ),
    (
        "cm a -o go-template={{if",
        1,
        "",
        "error: error parsing template {{if, template: output:1: unclosed action\n",
    ),
    ("cm -o template", 1, "", "error: template format specified but no template given\n"),
    (
        "cm -o templatefile=no",
        1,
        "",
        "error: error reading --template no, open no: no such file or directory\n",
    ),
    ("cm --sort-by=.metadata.name -o name", 0, "configmap/a\nconfigmap/b\nconfigmap/c\n", ""),
    ("cm --sort-by=.metadata.labels.rank -o name", 0, "configmap/b\nconfigmap/a\nconfigmap/c\n", ""),
    (
        "-f objects.yaml --sort-by={.metadata.name} -o name",
        0,
        "configmap/a\nconfigmap/b\nconfigmap/c\nsecret/s1\nsecret/s2\n",
        "",
    ),
    ("cm --sort-by=.data.x -o 'custom-columns=N:.metadata.name'", 0, "N\na\nc\nb\n", ""),
    ("cm --sort-by=.data.x -o 'jsonpath={.items[*].data.x}'", 0, "1 2", ""),
    ("cm --sort-by=.nope -o name", 1, "", NO_FIELD),
    (
        "cm --sort-by=.metadata -o name",
        1,
        "",
        "error: Field {.metadata} is an unsortable type: map[string]interface {}\n",
    ),
    ("cm --sort-by={.a}{.b} -o name", 1, "", UNEXPECTED),
    ("cm a --sort-by=.nope -o name", 0, "configmap/a\n", ""),
    ("cm -l app=none --sort-by=.nope -o name", 0, "", ""),
    ("cm --sort-by=.nope", 1, "", NO_FIELD),
]


@pytest.mark.parametrize(("asked", "status", "out", "err"), ROWS, ids=[row[0] for row in ROWS])
def test_get(fkube, asked, status, out, err):
    assert fkube(f"get {asked}") == (status, out, err)


def test_tables_are_sorted(fkube):
    by_rank = fkube("get cm --sort-by=.metadata.labels.rank -L rank")[1]
    assert [line.split()[0] for line in by_rank.splitlines()] == ["NAME", "b", "a", "c"]
    status, out, _ = fkube("get cm,secrets --sort-by {.metadata.name} --no-headers")
    names = [line.split()[0] for line in out.splitlines()]
    assert (status, names) == (0, [*(f"configmap/{n}" for n in "abc"), "secret/s1", "secret/s2"])


def test_named_objects_are_sorted_in_their_table(fkube):
    out = fkube("get cm b a --sort-by=.metadata.name --no-headers")[1]
    assert [line[0] for line in out.splitlines()] == ["a", "b"]


def test_a_table_of_one_needs_no_order(fkube):
    assert fkube("get cm a --sort-by=.nope --no-headers")[0] == 0


def test_lists_are_sorted_before_they_are_printed(fkube):
    for output in ("json", "jsonpath-as-json={.items[*]}"):
        out = json.loads(fkube("get cm --sort-by=.data.x -o", output)[1])
        objects = out["items"] if output == "json" else out
        assert [object["metadata"]["name"] for object in objects] == ["a", "c", "b"]


def test_no_error_shows_a_secret(fkube):
    for template in ("{.data.password[0]}", "{.data[?(@.x)]}", "{.data.password.x[0]}", "{.items[0].data}"):
        _, _, err = fkube("get secret s2 --allow-missing-template-keys=false -o", f"jsonpath={template}")
        assert err.startswith("error: error executing jsonpath")
        assert "hunter2" not in err
        assert "aHVudGVyMg" not in err


def test_no_error_of_a_go_template_shows_a_secret(fkube):
    for action in (
        ".data.password.x",
        "range .data.password",
        "eq .data .data",
        "base64decode .data.password .kind",
    ):
        more = "{{end}}" if action.startswith("range") else ""
        _, out, err = fkube("get secret s2 -o", f"go-template={{{{{action}}}}}{more}")
        assert err.startswith("error: error executing template")
        assert "aHVudGVyMg" not in out + err
        assert "hunter2" not in out + err
