"""The commands that change objects, from their words to what they print: tables of cases."""

import io
import json
from pathlib import Path
from unittest.mock import ANY

import pytest

TWO = """{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: web}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, annotations: {app: web}}}
"""
WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: "web:1"}]}}
"""
EMPTY = "{apiVersion: v1, kind: List, items: []}"
NEW = "{apiVersion: v1, kind: ConfigMap, metadata: {name: new}}"
RAW = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"raw","annotations":{"a":"<b>"}}}'
MANIFESTS = {
    "two.yaml": TWO,
    "new.yaml": NEW,
    "raw.json": RAW,
    "empty.yaml": EMPTY,
    "web.yaml": WEB,
    "patch.json": '{"data":{"k":"v"}}',
}
TAKEN = "error: 'app' already has a value (web), and --overwrite is false"
ONE = "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n"


@pytest.fixture(autouse=True)
def objects(cluster, fkube):
    """What the commands find."""
    assert fkube("create -f two.yaml -f web.yaml")[0] == 0


MARKING = [
    ("label cm a b tier=x", 0, "configmap/a labeled\nconfigmap/b labeled\n", ""),
    ("label cm a app-", 0, "configmap/a unlabeled\n", ""),
    ("label cm a app- tier=x", 0, "configmap/a modified\n", ""),
    ("label cm a app=web none-", 0, 'label "none" not found.\nconfigmap/a not labeled\n', ""),
    ("label cm a none- --dry-run=client", 0, "configmap/a not labeled (dry run)\n", ""),
    ("label -f two.yaml tier=x --dry-run=server -o name", 0, "configmap/a\nconfigmap/b\n", ""),
    ("label cm a app=x", 1, "", f"{TAKEN}\n"),
    ("label cm --list --all", 0,
     "Listing labels for ConfigMap./a:\n app=web\nListing labels for ConfigMap./b:\n", ""),
    ("label cm/a --list", 0, "app=web\n", ""),
    ("label cm a x=y -o jsonpath={.metadata.labels}", 0, '{"app":"web","x":"y"}', ""),
    ("label cm a x=y -o jsonpath={.a[b]}", 1, "", None),
    ("label cm a x=y -o jsonpath", 1, "", "error: template format specified but no template given\n"),
    ("label cm a b x=y --resource-version=1", 1, "",
     "error: --resource-version may only be used with a single resource\n"),
    ("label --local -f two.yaml -l app=none x=y", 0, "configmap/a labeled\nconfigmap/b labeled\n", ""),
    ("label --local -f two.yaml x=y -n other -o jsonpath={.metadata.namespace}", 0, "", ""),
    ("label --local cm a x=y", 1, "",
     "error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set\n"),
    ("label --local x=y", 1, "",
     "error: one or more files must be specified as -f pod.yaml or --filename=pod.json\n"),
    ("label --local -f two.yaml x=y --dry-run=server", 1, "",
     "error: cannot specify --local and --dry-run=server - did you mean --dry-run=client?\n"),
    ("label x=y", 1, "", ONE),
    ("label cm a", 1, "", "error: at least one label update is required\n"),
    ("label cm a --list -o yaml", 1, "", "error: --list and --output may not be specified together\n"),
    ("label cm --all -l a x=y", 1, "", "error: cannot set --all and --selector at the same time\n"),
    ("label cm --all --field-selector a=b x=y", 1, "",
     "error: cannot set --all and --field-selector at the same time\n"),
    ("annotate cm a b note=x", 0, "configmap/a annotated\nconfigmap/b annotated\n", ""),
    ("annotate cm b app-", 0, "configmap/b annotated\n", ""),
    ("annotate cm b --list", 0, "app=web\n", ""),
    # A directory of one file is that file: cli-runtime takes a single object to be meant.
    ("annotate -f two.yaml --list", 0, "app=web\n", ""),
    ("annotate cm a b --list", 0,
     "Listing annotations for ConfigMap./a:\nListing annotations for ConfigMap./b:\n app=web\n", ""),
    ("annotate cm b app=x", 1, "",
     "error: --overwrite is false but found the following declared annotation(s): "
     "'app' already has a value (web)\n"),
    ("annotate cm a", 1, "", "error: at least one annotation update is required\n"),
    ("annotate -k . a=b", 1, "", "error: the -k flag can't be used with -f or -R\n"),
    ("annotate --local a=b", 1, "",
     "error: one or more files must be specified as -f rsrc.yaml or --filename=rsrc.json\n"),
]  # fmt: skip


PATCH = [
    ("patch cm a -p 'data: {k: v}'", 0, "configmap/a patched\n", ""),
    ("patch cm a b --type merge -p '{\"data\":{\"k\":\"v\"}}' -o name", 0, "configmap/a\nconfigmap/b\n", ""),
    ("patch cm a -p '{}'", 0, "configmap/a patched (no change)\n", ""),
    ("patch cm a --patch-file patch.json -o jsonpath={.data}", 0, '{"k":"v"}', ""),
    ("patch cm a --type json -p '[{op: add, path: /data, value: {k: v}}]'", 0, "configmap/a patched\n", ""),
    ("patch cm a --dry-run=client -p 'data: {k: v}'", 0, "configmap/a patched\n", ""),
    ("patch cm a --dry-run=server -p 'data: {k: v}'", 0, "configmap/a patched\n", ""),
    ("patch --local -f two.yaml -p 'data: {k: v}' -o jsonpath={.data}", 0, '{"k":"v"}{"k":"v"}', ""),
    ("patch --local -f two.yaml --type merge -p 'metadata: {labels: null}'", 0,
     "configmap/a patched\nconfigmap/b patched (no change)\n", ""),
    ("patch --local -f two.yaml --type json -p 'a: b'", 1, "", None),
    ("patch --local -f two.yaml --type merge -p '[]'", 1, "", None),
    ("patch --local -f web.yaml -o jsonpath={.spec.template.spec.containers[*].image} "
     "-p 'spec: {template: {spec: {containers: [{name: main, image: \"web:2\"}]}}}'", 0, "web:2", ""),
    ("patch deployment web --subresource scale --type merge -p 'spec: {replicas: 5}'", 0,
     "scale.autoscaling/web patched\n", ""),
    ("patch cm none -p '{}'", 1, "", 'Error from server (NotFound): configmaps "none" not found\n'),
    ("patch cm a -p '{a: ['", 1, "", "Error from server (BadRequest): invalid JSON patch\n"),
    ("patch cm a -p 'a: ['", 1, "",
     "error: unable to parse the patch: yaml: line 2: did not find expected node content\n"),
    ("patch cm a -p null", 1, "", None),
    ("patch cm a --patch-file none.json", 1, "",
     "error: unable to read patch file: open none.json: no such file or directory\n"),
    ("patch cm a --patch-file a -p '{}'", 1, "", "error: cannot specify --patch and --patch-file together\n"),
    ("patch cm a", 1, "",
     "error: must specify --patch or --patch-file containing the contents of the patch\n"),
    ("patch cm a -p '{}' --type x", 1, "", 'error: --type must be one of [json merge strategic], not "x"\n'),
    ("patch --local cm a -p '{}'", 1, "", "error: cannot specify --local and server resources\n"),
    ("patch --local -f two.yaml -p '{}' --dry-run=server", 1, "",
     "error: cannot specify --local and --dry-run=server - did you mean --dry-run=client?\n"),
]  # fmt: skip
SCALE = [
    ("scale deployment web --replicas=3", 0, "deployment.apps/web scaled\n", ""),
    ("scale deployment --all --replicas=3 -o jsonpath={.spec.replicas}", 0, "3", ""),
    ("scale -f web.yaml --replicas=3 --current-replicas=1", 0, "deployment.apps/web scaled\n", ""),
    ("scale deployment web --replicas=3 --current-replicas=2", 1, "",
     "error: Expected replicas to be 2, was 1\n"),
    ("scale deployment web --replicas=3 --resource-version=1", 1, "", None),
    ("scale deployment web --replicas=3 --dry-run=client", 0, "deployment.apps/web scaled (dry run)\n", ""),
    ("scale deployment web --replicas=3 --dry-run=server -o name", 0, "deployment.apps/web\n", ""),
    ("scale deployment web none --replicas=3", 1, "deployment.apps/web scaled\n",
     'Error from server (NotFound): deployments.apps "none" not found\n'),
    ("scale cm/a deployment/web --replicas=3", 1, "",
     "Error from server (NotFound): the server could not find the requested resource: "
     "configmaps have no subresource scale here\n"),
    ("scale cm a b --replicas=3 --resource-version=1", 1, "",
     "error: cannot use --resource-version with multiple resources\n"),
    ("scale deployment web", 1, "", 'error: required flag(s) "replicas" not set\n'),
    ("scale deployment web --replicas=-1", 1, "",
     "error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n"),
    ("scale deployment web --replicas=1 --current-replicas=-2", 1, "",
     "error: The --current-replicas must specify an integer of -1 or greater\n"),
    ("scale deployment -l app=none --replicas=1", 1, "", "error: no objects passed to scale\n"),
]  # fmt: skip
MAPS = "/api/v1/namespaces/default/configmaps"
MUTUAL = "are mutually exclusive\n"
REPLACE = [
    ("replace -f two.yaml", 0, "configmap/a replaced\nconfigmap/b replaced\n", ""),
    ("replace -f two.yaml -o name --dry-run=server", 0, "configmap/a\nconfigmap/b\n", ""),
    ("replace -f two.yaml --dry-run=client", 0,
     "configmap/a replaced (dry run)\nconfigmap/b replaced (dry run)\n", ""),
    ("replace -f new.yaml", 1, "",
     'Error from server (NotFound): error when replacing "new.yaml": configmaps "new" '
     "not found (document 1, line 1)\n"),
    ("replace --force -f two.yaml", 0,
     'configmap "a" deleted from default namespace\nconfigmap/a replaced\n'
     'configmap "b" deleted from default namespace\nconfigmap/b replaced\n', ""),
    ("replace --force -f two.yaml -o name", 0, "configmap/a\nconfigmap/a\nconfigmap/b\nconfigmap/b\n", ""),
    ("replace --force -f empty.yaml", 1, "No resources found\n", "error: no objects passed to replace\n"),
    ("replace", 1, "", "error: must specify one of -f and -k\n"),
    ("replace -f two.yaml --grace-period=1", 1, "", "error: --grace-period must have --force specified\n"),
    ("replace -f two.yaml --timeout=1s", 1, "", "error: --timeout must have --force specified\n"),
    ("replace -f two.yaml --force --dry-run=server", 1, "",
     "error: --dry-run can not be used when --force is set\n"),
    (f"replace --raw {MAPS}/a -f none.json", 1, "", "error: open none.json: no such file or directory\n"),
    ("replace --raw api -f two.yaml", 1, "", 'error: --raw must be a valid URL path: parse "api"\n'),
    ("create --save-config -f new.yaml", 0, "configmap/new created\n", ""),
    (f"create --raw {MAPS}?dryRun=All -f raw.json", 0, None, ""),
    (f"create --raw {MAPS} -f raw.json -f two.yaml", 1, "",
     "error: --raw can only use a single local file or stdin\n"),
    (f"create --raw {MAPS} -f http://a/b", 1, "", "error: --raw cannot read from a url\n"),
    (f"create --raw {MAPS} -R -f raw.json", 1, "", f"error: --raw and --recursive {MUTUAL}"),
    (f"create --raw {MAPS} -l a=b -f raw.json", 1, "", f"error: --raw and --selector (-l) {MUTUAL}"),
    (f"create --raw {MAPS} -o yaml -f raw.json", 1, "", f"error: --raw and --output {MUTUAL}"),
    (f"delete --raw {MAPS}/none", 1, "", 'Error from server (NotFound): configmaps "none" not found\n'),
    (f"delete --raw {MAPS}/a?dryRun=All", 0, None, ""),
    (f"delete --raw {MAPS}/a -i", 1, "", "error: --interactive can not be used with --raw\n"),
]  # fmt: skip
CASES = [*MARKING, *PATCH, *SCALE, *REPLACE]


@pytest.mark.parametrize(("words", "status", "out", "err"), CASES, ids=[case[0] for case in CASES])
def test_case(fkube, words, status, out, err):
    ended, printed, complained = fkube(words)
    assert ended == status
    assert printed == out or (out is None and json.loads(printed)["kind"])
    assert complained == err or err is None


ASKED = (
    "You are about to delete the following 2 resource(s):\nconfigmap/a\nconfigmap/b\n"
    "Do you want to continue? (y/N): "
)
GONE = 'configmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n'
ANSWERS = [
    ("cm a b", "Y\n", 0, ASKED + GONE, ""),
    ("-f two.yaml", "y", 0, ASKED + GONE, ""),
    ("cm a b", "n\n", 0, f"{ASKED}deletion is cancelled\n", ""),
    ("cm a b", "", 0, f"{ASKED}deletion is cancelled\n", ""),
    ("cm -l app=none", "y\n", 0, "No resources found\n", ""),
    ("cm a none", "y\n", 1, None, 'Error from server (NotFound): configmaps "none" not found\n'),
]


@pytest.mark.parametrize(("words", "answer", "status", "out", "err"), ANSWERS)
def test_delete_asks_before_it_deletes_anything(fkube, monkeypatch, words, answer, status, out, err):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert fkube(f"delete -i {words}") in [(status, out, err), (status, ANY, err)][: 1 + (out is None)]
    assert ("configmap/a" in fkube("get cm -o name")[1]) == ("deleted from" not in (out or "deleted from"))


SECRET = """apiVersion: v1
kind: Secret
metadata: {name: keys}
data: {a: aHVudGVyMg==, b: aHVudGVyMg==}
"""
DIFFS = [
    ("apply -f two.yaml", "diff -f two.yaml", 0, ""),
    ("", "diff -f new.yaml", 1, "+  name: new"),
    ("", "diff --server-side -f new.yaml --concurrency=0", 1, "+  name: new"),
    ("label -f two.yaml app=other --overwrite", "diff -f two.yaml", 1, "-    app: other"),
    ("label -f two.yaml app=other --overwrite", "diff -f two.yaml -l app=none", 0, ""),
    ("", "diff -f two.yaml -f none.yaml", 2, 'error: the path "none.yaml" does not exist\n'),
    ("", "diff --nonsense", 2, "error: unknown flag: --nonsense\n"),
    ("", "diff", 2, "error: must specify one of -f and -k\n"),
    ("", "diff cm a", 2, "error: Unexpected args: [cm a]\n"),
    ("", "diff -f two.yaml --force-conflicts", 2, "error: --force-conflicts only works with --server-side\n"),
    ("", "diff -f bad.yaml -f new.yaml", 2, 'The ConfigMap "A_" is invalid: '),
]


@pytest.mark.parametrize(("before", "words", "status", "told"), DIFFS, ids=[case[1] for case in DIFFS])
def test_diff_says_by_its_status_whether_something_differs(fkube, before, words, status, told):
    Path("bad.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: A_}}")
    fkube(before or "version --client")
    ended, printed, complained = fkube(words)
    assert ended == status
    assert told in (complained if status == 2 else printed)
    assert (complained if status < 2 else printed) == ""
    # Law: nothing was changed, so it says the same again.
    assert fkube(words)[0] == status


@pytest.fixture
def keys(fkube):
    """A Secret that is not as its manifest says."""
    Path("secret.yaml").write_text(SECRET)
    fkube("apply -f secret.yaml")
    fkube("patch secret keys -p 'data: {a: aHVudGVyMw==}'")


@pytest.mark.parametrize(
    "words", ["diff -f secret.yaml", "diff --server-side -f secret.yaml --force-conflicts"]
)
def test_diff_hides_what_secrets_keep(fkube, keys, words):
    printed = fkube(words)[1]
    assert "-  a: '*** (before)'" in printed.replace('"', "'")
    assert "+  a: '*** (after)'" in printed.replace('"', "'")
    assert "aHVudGVy" not in printed


def test_diff_shows_what_secrets_keep_where_it_is_asked_for(fkube, keys):
    assert "-  a: aHVudGVyMw==" in fkube("diff --show-secrets -f secret.yaml")[1]


@pytest.mark.parametrize(("program", "status"), [("true", 0), ("false", 1), ("sh -c", 2), ("none-such", 2)])
def test_diff_runs_the_program_of_the_environment(fkube, monkeypatch, program, status):
    monkeypatch.setenv("KUBECTL_EXTERNAL_DIFF", program)
    ended, printed, complained = fkube("diff -f new.yaml")
    assert (ended, printed) == (status, "")
    assert ("failed to run" in complained) == (status == 2)


def test_diff_gives_a_program_two_files_of_each_object_the_first_of_a_new_one_is_empty(
    fkube, monkeypatch, tmp_path
):
    program = tmp_path / "sizes"
    program.write_text(f'#!/bin/sh\nfor f in "$1"/* "$2"/*; do wc -c < "$f"; done > {tmp_path}/told\n')
    program.chmod(0o755)
    monkeypatch.setenv("KUBECTL_EXTERNAL_DIFF", str(program))
    assert fkube("diff -f new.yaml")[0] == 0
    live, merged = map(int, (tmp_path / "told").read_text().split())
    assert live == 0 < merged


@pytest.mark.parametrize(("variable", "coloured"), [("UNUSED", True), ("NO_COLOR", False)])
def test_diff_is_coloured_on_a_terminal(fkube, monkeypatch, variable, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, "1")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert ("\x1b[32m+kind: ConfigMap\x1b[0m" in fkube("diff -f new.yaml")[1]) == coloured


def test_get_of_many_manifests_reads_lists_and_asks_for_what_no_list_has(fkube, folder, cluster):
    manifests = [f"kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: m{n:02d}\n" for n in range(40)]
    (folder / "many.yaml").write_text("---\n".join(manifests))
    assert fkube("create -f many.yaml")[0] == 0
    assert fkube("delete configmap m20")[0] == 0
    (folder / "more.yaml").write_text(manifests[0])
    status, out, err = fkube("get -f many.yaml -f more.yaml -o name -v 6")
    assert (status, out.split()) == (1, [f"configmap/m{n:02d}" for n in (*range(20), *range(21, 40), 0)])
    assert 'configmaps "m20" not found' in err
    asked = [line for line in err.splitlines() if "/api/v1/namespaces/default/configmaps" in line]
    assert len(asked) < 15
    assert any("configmaps/m20" in line for line in asked)
    assert any("configmaps?limit=500" in line for line in asked)
