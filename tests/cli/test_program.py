"""The command line from its words to what it prints, leaves on a server and exits with: tables of cases."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from returns.result import Success

from fkube.cli import VARIABLE, main, program
from fkube.cli.command import command
from fkube.cli.console import Console
from fkube.cli.overview import COMMANDS
from fkube.cluster import empty
from fkube.edge.client import Client
from fkube.edge.serve import serve
from fkube.exchange import Response

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MAIN = [sys.executable, "-c", "from fkube.cli import main; main()"]


TWO = """apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {app: web}}
data: {k: "y"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b, labels: {app: db}}
"""
MANIFESTS = {
    "two.yaml": TWO,
    "ns.yaml": "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}",
    "deep/a.yaml": "{apiVersion: v1, kind: ServiceAccount, metadata: {name: deep}}",
    "other.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}",
    "bad.yaml": "kind: [\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n",
    "kind.yaml": "{apiVersion: v1, kind: Nope, metadata: {name: a}}",
    "name.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: A_}}",
    "strict.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, datum: {}}",
    "gen.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: gen-}}",
    "held.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: held, finalizers: [a.b/c]}}",
    "empty.yaml": "---\nnull\n",
}
A = 'Error from server (AlreadyExists): error when creating "two.yaml": configmaps "a" already exists'
LOST = 'error when creating "two.yaml": namespaces "shop" not found'
FIRST = (
    "Hint: the namespace shop must be there first: create it, or send it along with --arrange, "
    "which begins with namespaces.\n"
)
# Words, exit status, standard output, standard error; each on an embedded cluster of its own.
CREATED = [
    ("create -f two.yaml", 0, "configmap/a created\nconfigmap/b created\n", ""),
    ("create -f two.yaml -o name", 0, "configmap/a\nconfigmap/b\n", ""),
    ("create -f two.yaml -l app=db", 0, "configmap/b created\n", ""),
    ("create -f two.yaml -l app=web --dry-run=client", 0, "configmap/a created (dry run)\n", ""),
    ("create -f ns.yaml --dry-run=server", 0, "namespace/shop created (server dry run)\n", ""),
    (
        "create -f ns.yaml --dry-run", 0, "namespace/shop created (dry run)\n",
        "Warning: --dry-run is deprecated and can be replaced with --dry-run=client.\n",
    ),
    (
        "create -f ns.yaml --dry-run=false", 0, "namespace/shop created\n",
        "Warning: --dry-run=false (boolean value) is deprecated and can be replaced with --dry-run=none.\n",
    ),
    ("create -f deep", 0, "serviceaccount/deep created\n", ""),
    ("create -R -f .,ns.yaml -l app=none --validate=0", 1, "", None),
    ("create -f ns.yaml,two.yaml -l !app", 0, "namespace/shop created\n", ""),
    ("-n shop create -f ns.yaml,two.yaml -o name", 0, "namespace/shop\nconfigmap/a\nconfigmap/b\n", ""),
    (
        "create -n shop -f two.yaml", 1, "",
        f"Error from server (NotFound): {LOST} (document 1, line 1)\n"
        f"Error from server (NotFound): {LOST} (document 2, line 6)\n"
        f"{FIRST}",
    ),
    (
        "create -f two.yaml,two.yaml -o name", 1, "configmap/a\nconfigmap/b\n",
        f'{A} (document 1, line 1)\n{A.replace(chr(34) + "a", chr(34) + "b")} (document 2, line 6)\n'
        "Hint: to change what is there, use `fkube apply`.\n",
    ),
    (
        "create -f bad.yaml", 1, "configmap/good created\n",
        "error: error parsing bad.yaml: did not find expected node content (document 1, line 1)\n",
    ),
    (
        "create -f kind.yaml", 1, "",
        'error: resource mapping not found for name: "a" namespace: "" from "kind.yaml": no matches for kind '
        '"Nope" in version "v1"; ensure CRDs are installed first (document 1, line 1)\n',
    ),
    ("create -f name.yaml", 1, "", None),
    ("create -f strict.yaml --validate=ignore", 0, "configmap/a created\n", ""),
    ("create -f strict.yaml --validate=warn", 0, "configmap/a created\n", 'Warning: unknown field "datum"\n'),
    ("create -f strict.yaml", 1, "", None),
    (
        "create -n shop -f other.yaml", 1, "",
        'error: the namespace from the provided object "other" does not match the namespace "shop". You must '
        "pass '--namespace=other' to perform this operation. (other.yaml, document 1, line 1)\n",
    ),
    ("create -f empty.yaml", 1, "", "error: no objects passed to create\n"),
    ("create", 1, "", "error: must specify one of -f and -k\n"),
    ("create -f two.yaml -f nope.yaml", 1, "", 'error: the path "nope.yaml" does not exist\n'),
    ("create -f two.yaml -k .", 1, "", "error: only one of -f or -k can be specified\n"),
    (
        "create -f two.yaml x y", 1, "",
        "error: Unexpected args: [x y]\nSee 'fkube create -h' for help and examples\n",
    ),
    (
        "create -f two.yaml -o wide", 1, "",
        'error: unable to match a printer suitable for the output format "wide", allowed formats are: '
        "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,"
        "template,templatefile,yaml\n",
    ),
    (
        "create -f two.yaml --dry-run=x", 1, "",
        'error: Invalid dry-run value (x). Must be "none", "server", or "client".\n',
    ),
    (
        "create -f two.yaml --validate=x", 1, "",
        'error: invalid - validate option "x"; must be one of: strict (or true), warn, ignore (or false)\n',
    ),
    (
        "create -f two.yaml -x", 1, "",
        "error: unknown shorthand flag: 'x' in -x\nSee 'fkube create --help' for usage.\n",
    ),
    ("plan -f empty.yaml", 1, "", "error: no objects passed to create\n"),
    ("plan", 1, "", "error: must specify one of -f and -k\n"),
    ("nope", 1, "", 'error: unknown command "nope" for "fkube"\n'),
    ("creat", 1, "", 'error: unknown command "creat" for "fkube"\n\nDid you mean this?\n\tcreate\n'),
    ("get", 1, "", None),
    ("get nope", 1, "", "error: the server doesn't have a resource type \"nope\"\n"),
    ("get cm", 0, "", "No resources found in default namespace.\n"),
    ("get cm,sa -n shop", 0, "", "No resources found in shop namespace.\n"),
    ("get cm -A", 0, "", "No resources found\n"),
    ("get nodes", 0, "", "No resources found\n"),
    ("get cm a", 1, "", 'Error from server (NotFound): configmaps "a" not found\n'),
    ("get cm a --ignore-not-found -o yaml", 0, "", ""),
    ("get cm a --ignore-not-found", 0, "", ""),
    ("get cm -o name", 0, "", ""),
    ("get cm a -o json", 1, "", 'Error from server (NotFound): configmaps "a" not found\n'),
    ("get cm --show-labels -o yaml", 1, "", "error: --show-labels option cannot be used with yaml printer\n"),
    ("get ns default -o name", 0, "namespace/default\n", ""),
    ("get -o=name ns/default -- ns/kube-public", 0, "namespace/default\nnamespace/kube-public\n", ""),
    ("get ns default sa/a", 1, "", None),
    (
        "get ns -l a,,b", 1, "",
        'Error from server (BadRequest): Unable to find "/v1, Resource=namespaces" that match label selector '
        "\"a,,b\", field selector \"\": found ',', expected: identifier after ','\n",
    ),
    ("delete ns kube-node-lease", 0, 'namespace "kube-node-lease" deleted\n', ""),
    ("delete cm -l app=web", 0, "No resources found\n", ""),
    ("delete cm a --ignore-not-found", 0, "", ""),
    ("delete cm a", 1, "", 'Error from server (NotFound): configmaps "a" not found\n'),
    ("delete cm", 1, "", "error: resource(s) were provided, but no name was specified\n"),
    ("delete cm --all -l a=b", 1, "", "error: setting 'all' parameter but found a non empty selector. \n"),
    ("delete cm a -o json", 1, "", "error: unexpected -o output mode: json. We only support '-o name'\n"),
    (
        "delete cm a --cascade=x", 1, "",
        'error: invalid cascade value (x). Must be "background", "foreground", or "orphan"\n',
    ),
    (
        "delete cm a --cascade=false --ignore-not-found", 0, "",
        "warning: --cascade=false is deprecated (boolean value) and can be replaced with --cascade=orphan.\n",
    ),
    (
        "delete pod a --now --grace-period=3", 1, "",
        "error: --now and --grace-period cannot be specified together\n",
    ),
    (
        "delete pod a --force --grace-period=3", 1, "",
        "error: --force and --grace-period greater than 0 cannot be specified together\n",
    ),
    (
        "delete pod a --force --dry-run=client", 0,
        'pod "a" force deleted from default namespace (dry run)\n',
        "Warning: Immediate deletion does not wait for confirmation that the running resource has been "
        "terminated. The resource may continue to run on the cluster indefinitely.\n",
    ),
    (
        "delete ns kube-node-lease -n shop", 0, 'namespace "kube-node-lease" deleted\n',
        "Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n",
    ),
    ("delete deploy/web -o name --dry-run=client", 0, "deployment.apps/web\n", ""),
    ("api-resources --sort-by=x", 1, "", "error: --sort-by accepts only name or kind\n"),
    ("api-resources x", 1, "", None),
    ("api-resources --api-group=batch -o name", 0, "cronjobs.batch\njobs.batch\n", ""),
    ("api-resources --categories=all --verbs=watch --api-group= -o name --no-headers", 0, None, ""),
    ("version --client", 0, None, ""),
    ("completion", 1, "", None),
    ("completion tcsh", 1, "", None),
]  # fmt: skip


@pytest.mark.parametrize(("words", "status", "out", "err"), CREATED, ids=lambda value: str(value)[:40])
def test_commands_on_an_embedded_cluster(fkube, words, status, out, err):
    found = fkube(f"--embedded {words}")
    assert found == (status, found[1] if out is None else out, found[2] if err is None else err)
    # Where the table leaves a text open there is one.
    assert out is not None or found[1]
    assert err is not None or found[2]


def test_a_table_as_kubectl_prints_it(cluster, fkube):
    fkube("create -f two.yaml -f deep")
    assert fkube("get configmaps")[1] == "NAME   DATA   AGE\na      1      0s\nb      0      0s\n"
    assert fkube("get -f two.yaml --show-labels --no-headers")[1] == (
        "a     1     0s    app=web\nb     0     0s    app=db\n"
    )
    assert fkube("get cm/a -L app --show-kind")[1] == (
        "NAME          DATA   AGE   APP\nconfigmap/a   1      0s    web\n"
    )
    assert fkube("get ns/default cm/a")[1] == (
        "NAME                STATUS   AGE\nnamespace/default   Active   0s\n\n"
        "NAME          DATA   AGE\nconfigmap/a   1      0s\n"
    )
    assert fkube("get cm,pods -A")[1] == (
        "NAMESPACE   NAME          DATA   AGE\n"
        "default     configmap/a   1      0s\ndefault     configmap/b   0      0s\n"
    )


@pytest.mark.parametrize("words", ["get ns", "get ns --chunk-size=1", "get ns --chunk-size=0"])
def test_pages_are_printed_as_one_table(cluster, fkube, words):
    rows = fkube(words)[1].splitlines()
    assert [row.split()[0] for row in rows] == [
        "NAME",
        "default",
        "kube-node-lease",
        "kube-public",
        "kube-system",
    ]
    assert len({row.index(row.split()[1]) for row in rows}) == 1


def test_lists_and_single_objects_as_json_and_yaml(cluster, fkube):
    fkube("create -f two.yaml")
    listed = json.loads(fkube("get cm -o json")[1])
    assert [item["metadata"]["name"] for item in listed["items"]] == ["a", "b"]
    assert (listed["kind"], listed["metadata"]) == ("List", {"resourceVersion": ""})
    assert json.loads(fkube("get cm a -o json")[1]) == listed["items"][0]
    assert json.loads(fkube("get -f two.yaml -o json")[1]) == listed
    assert json.loads(fkube("get -f . -l app=web -o json")[1])["items"][0] == listed["items"][0]
    status, out, err = fkube("get cm a nope b -o json")
    assert (status, json.loads(out), err.count("NotFound")) == (1, listed, 1)
    assert fkube("get cm -o yaml")[1].startswith(
        'apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    k: "y"\n'
    )
    assert json.loads(fkube("get cm -l app=none -o json")[1])["items"] == []


def test_several_created_objects_are_documents_of_their_own(cluster, fkube):
    out = fkube("create -f two.yaml -o yaml")[1]
    assert [part.splitlines()[0] for part in out.split("---\n")] == ["apiVersion: v1"] * 2
    assert json.loads(fkube("create -f gen.yaml -o json --show-managed-fields")[1])["metadata"][
        "name"
    ].startswith("gen-")


@pytest.mark.parametrize(
    ("flag", "warns"), [("strict", True), ("true", True), ("warn", True), ("false", False)]
)
def test_keys_that_are_there_twice_are_warned_of_unless_they_are_to_be_ignored(fkube, flag, warns):
    Path("two.yaml").write_text(TWO.replace("{name: b,", "{name: b, name: c,"))
    status, out, err = fkube(f"--embedded create --validate={flag} -f two.yaml")
    assert (status, out) == (0, "configmap/a created\nconfigmap/c created\n")
    assert ('line 8: key "name" already set in map' in err) == warns


def test_what_is_created_is_read_and_deleted_by_its_manifest(cluster, fkube):
    fkube("create -f two.yaml")
    assert fkube("delete -f two.yaml --dry-run=server")[1] == (
        'configmap "a" deleted from default namespace (server dry run)\n'
        'configmap "b" deleted from default namespace (server dry run)\n'
    )
    assert fkube("delete -f two.yaml -l app=web -o name")[1] == "configmap/a\n"
    status, out, err = fkube("delete -f two.yaml")
    assert (status, out) == (1, 'configmap "b" deleted from default namespace\n')
    lost = 'error when deleting "two.yaml": configmaps "a" not found'
    assert err == f"Error from server (NotFound): {lost} (document 1, line 1)\n"
    assert fkube("get cm")[2] == "No resources found in default namespace.\n"


def test_delete_waits_until_the_objects_are_gone(cluster, fkube):
    fkube("create -f held.yaml")
    status, out, err = fkube("delete cm held --timeout=1ms")
    assert (status, out) == (1, 'configmap "held" deleted from default namespace\n')
    held = "it is being deleted, and held by the finalizer a.b/c"
    assert err == f"error: timed out waiting for the condition on configmaps/held: {held}\n"
    assert fkube("delete cm --all --wait=false")[:2] == (
        0,
        'configmap "held" deleted from default namespace\n',
    )
    assert fkube("get cm held -o name")[1] == "configmap/held\n"


@pytest.mark.parametrize("verb", ["get", "create", "apply", "delete", "replace"])
def test_without_kustomize_there_is_a_sentence_that_says_what_to_do(
    cluster, fkube, folder, monkeypatch, verb
):
    monkeypatch.setenv("PATH", "")
    sentence = "error: kustomize is missing: put kubectl or kustomize on the PATH to build k\n"
    assert fkube(f"{verb} -k k") == (1, "", sentence)


@pytest.mark.parametrize("verb", ["get", "create", "apply", "delete", "replace"])
@pytest.mark.parametrize(
    ("more", "error"),
    [
        ("-f a.yaml", "only one of -f or -k can be specified"),
        ("-R", "the -k flag can't be used with -f or -R"),
    ],
)
def test_kustomize_stands_alone(cluster, fkube, verb, more, error):
    status, out, err = fkube(f"{verb} -k k {more}")
    assert (status, out) == (1, "")
    assert error in err


def test_plan_prints_the_requests_and_sends_none(cluster, fkube):
    status, out, err = fkube("plan -f two.yaml -f gen.yaml --dry-run=server -n default")
    path = "/api/v1/namespaces/default/configmaps"
    query = "dryRun=All&fieldManager=kubectl-create&fieldValidation=Strict"
    assert (status, err) == (0, "")
    assert out.splitlines()[1:] == [
        f"POST {path}?{query} # configmap/b from two.yaml, document 2, line 6",
        f"POST {path}?{query} # configmap/gen-* from gen.yaml, document 1, line 1",
    ]
    row = json.loads(fkube("plan -f ns.yaml -o json --field-manager=me")[1])
    assert row["query"] == {"fieldManager": "me", "fieldValidation": "Strict"}
    assert fkube("get cm,ns -l !kubernetes.io/metadata.name")[2] == "No resources found\n"


def test_api_resources_in_the_columns_of_kubectl(cluster, fkube):
    rows = fkube("api-resources --api-group=apps -o wide")[1].splitlines()
    assert rows[0].split() == [
        "NAME",
        "SHORTNAMES",
        "APIVERSION",
        "NAMESPACED",
        "KIND",
        "VERBS",
        "CATEGORIES",
    ]
    assert rows[3].split()[:5] == ["deployments", "deploy", "apps/v1", "true", "Deployment"]
    kinds = [
        row.split()[-1]
        for row in fkube("api-resources --namespaced=false --sort-by=kind --no-headers")[1].splitlines()
    ]
    assert kinds == sorted(kinds)
    assert ("Namespace" in kinds, "Pod" in kinds) == (True, False)


def test_the_version_of_the_server(cluster, fkube):
    assert re.search(r"^Server Version: v1\.\d+", fkube("version")[1], re.M)


def test_a_server_that_is_not_there(fkube):
    refused = (
        "The connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?\n"
    )
    assert fkube("get pods -s http://127.0.0.1:9") == (1, "", refused)
    assert fkube("version -s http://127.0.0.1:9")[0] == 1


def test_without_a_kubeconfig_there_is_a_sentence_that_says_what_to_do(fkube):
    status, _, err = fkube("get pods")
    assert (status, err.count("\n"), "--embedded" in err) == (1, 1, True)
    Path("broken").write_text("clusters: 5")
    assert "--embedded" in fkube("get pods --kubeconfig broken")[2]


def test_standard_input():
    words = [*MAIN, "--embedded", "create", "-f", "-", "-o", "name"]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(words, input=TWO, capture_output=True, text=True, env=environ)
    assert (done.returncode, done.stdout, done.stderr) == (0, "configmap/a\nconfigmap/b\n", "")


def ended(monkeypatch, *words):
    """What the process would end with."""
    monkeypatch.setattr(sys, "argv", ["fkube", *words])
    with pytest.raises(SystemExit) as exit:
        main()
    return exit.value.code


def test_the_program_ends_with_its_status(monkeypatch, capsys):
    assert ended(monkeypatch, "--help") == 0
    assert capsys.readouterr().out.startswith("fkube creates")
    assert ended(monkeypatch, "create") == 1


@pytest.mark.parametrize("format", ["json", "yaml"])
def test_what_can_be_read_can_be_printed_in_any_locale(monkeypatch, format):
    deep = f"{{apiVersion: v1, kind: Pod, metadata: {{name: é}}, spec: {'[' * 126}{']' * 126}}}"
    words = [*MAIN, "--embedded", "create", "-f", "-", "--dry-run=client", "-o", format]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, input=deep.encode(), capture_output=True, env=environ)
    assert (done.returncode, done.stderr, "é" in done.stdout.decode()) == (0, b"", True)


def test_bytes_that_are_no_text_are_printed_as_they_are():
    secret = b"{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: /wD+w6k=}}"
    template = "go-template={{base64decode .data.k}}"
    words = [*MAIN, "--embedded", "create", "-f", "-", "--dry-run=client", "-o", template]
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, input=secret, capture_output=True, env=environ)
    assert (done.returncode, done.stdout) == (0, b"\xff\x00\xfe\xc3\xa9")


def test_a_reader_that_leaves_is_no_error(monkeypatch):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert ended(monkeypatch, "options") == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_results_that_cannot_be_written_are_one_sentence_and_exit_status_1():
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with open("/dev/full", "w") as full:
        done = subprocess.run([*MAIN, "options"], stdout=full, stderr=subprocess.PIPE, env=environ)
    said = b"error: results can't be written to standard output: no space left on device\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_file_that_can_not_be_used_is_not_called_standard_output(monkeypatch, capsys):
    def fails(words):
        raise FileNotFoundError(2, "No such file or directory", "/none/x")

    monkeypatch.setattr("fkube.cli._run_words", fails)
    assert ended(monkeypatch, "options") == 1
    assert capsys.readouterr().err == "error: /none/x: no such file or directory\n"


def test_the_version_is_a_flag_too(fkube):
    assert fkube("--version") == fkube("version --client")


def test_the_package_is_the_program():
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    words = [sys.executable, "-m", "fkube", "options"]
    assert subprocess.run(words, capture_output=True, env=environ, check=True).stdout


@pytest.mark.parametrize("missing", ["click", "h11", "rich"])
def test_without_the_extra_one_sentence_says_how_to_install_it(missing, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == missing else name)
    assert ended(monkeypatch, "options") == "fkube's command line is an extra: pip install 'fkube[cli]'"


def test_ctrl_c_ends_with_130_and_what_was_held_back_is_said(monkeypatch, capsys):
    class Interrupted(Terminal):
        def write(self, text):
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdout", Interrupted())
    assert program.run(["--embedded", "create", "-f", "kind.yaml", "-f", "two.yaml"], {}) == 130
    assert capsys.readouterr().err.startswith("error: resource mapping not found")


def test_a_cluster_is_served_until_it_is_told_to_stop(fkube):
    os.mkfifo("config")
    found = []

    def asked():
        Path("copy").write_text(Path("config").read_text())
        found.append(Path("copy").read_text())
        os.kill(os.getpid(), signal.SIGTERM)

    thread = Thread(target=asked)
    thread.start()
    status, out, err = fkube("cluster -f two.yaml -l app=web --write-kubeconfig config")
    thread.join()
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "configmap/a created"
    assert re.search(r"^serving a cluster at (http://127\.0\.0\.1:\d+)$", out, re.M)[1] in found[0]


def test_a_port_that_is_taken(fkube, cluster):
    with serve(empty()) as url:
        status, _, err = fkube(f"cluster --port {url.rpartition(':')[2]}")
    assert (status, err.startswith("error: the cluster can't be served: ")) == (1, True)
    assert fkube("cluster --port -1")[2] == "error: invalid port -1: give one from 0 to 65535\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_and_fits_the_terminal(fkube, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "90")
    status, out, err = fkube(f"{name} --help")
    assert (status, err, fkube(f"help {name}")[1]) == (0, "", out)
    assert all(len(line) <= 90 for line in out.splitlines())
    assert all((f"--{flag.name}" in out) != bool(flag.deprecated) for flag in command(name).flags)
    assert name == "options" or f"fkube {name}" in out.partition("Examples:")[2].partition("Usage:")[0]


def test_help_names_all_commands_and_options_all_flags(fkube):
    assert all(name in fkube("--help")[1] for name in COMMANDS)
    assert fkube("")[1] == fkube("help")[1] == fkube("-h")[1]
    assert "--embedded" in fkube("options")[1]
    assert fkube("--bogus")[2] == "error: unknown flag: --bogus\nSee 'fkube --help' for usage.\n"


COMPLETED = {
    ("fkube ", 1): "create",
    ("fkube create --dry", 2): "--dry-run",
    ("fkube create --dry-run s", 3): "server",
    ("fkube delete --cascade ", 3): "orphan",
    ("fkube -n shop get -o y", 5): "yaml",
}


@pytest.mark.parametrize("line", COMPLETED)
def test_shells_complete_words(capsys, monkeypatch, line):
    words, position = line
    environ = {VARIABLE: "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(position)}
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    status = program.run([], environ)
    assert (status, f",{COMPLETED[line]}" in capsys.readouterr().out) == (0, True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_for_shells(fkube, shell):
    status, out, _ = fkube(f"completion {shell}")
    assert (status, VARIABLE in out) == (0, True)


class Terminal:
    """A stream that says it is a terminal, and keeps what is written."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text

    def flush(self):
        pass

    def isatty(self):
        return True


def test_long_work_is_shown_on_a_terminal_and_only_there(monkeypatch, capsys):
    console, client = Console(began=-1e9, steps=12, planned=500), Client(lambda _: Success(Response(200)))
    console.watch(client)
    assert (console.display, capsys.readouterr()) == (None, ("", ""))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "dumb")
    console.watch(client)
    assert console.display is None
    monkeypatch.setenv("TERM", "xterm")
    console.watch(client)
    display = console.display
    display.draw()
    assert "12 of 500 objects" in terminal.text
    console.note("a remark")
    assert (display.shown, terminal.text.endswith("\x1b[2Ka remark\n")) == (None, True)
    display.draw()
    assert (console.close(), display.shown, display.thread.is_alive()) == (0, None, False)
    before = terminal.text
    display.draw()
    assert terminal.text == before


@pytest.mark.parametrize(
    ("variable", "shown"),
    [("OTHER", "\x1b[33;1mWarning:\x1b[0m old\n"), ("NO_COLOR", "Warning: old\n")],
)
def test_warnings_are_yellow_on_a_terminal_that_takes_colours(monkeypatch, variable, shown):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(variable, "1")
    Console().warn(["old", "old"])
    assert terminal.text == shown


CORPORA = [
    ("create -o name -f {0}/kube-prometheus/setup -f {0}/kube-prometheus", 0, 131, 0),
    ("create -o name -f {0}/microservices-demo", 0, 35, 0),
    ("create -o name -f {0}/microservices-demo -n shop", 1, 0, 35 + 1),  # And a hint.
    ("plan -f {0}/kube-prometheus/setup -f {0}/kube-prometheus", 0, 131, 0),
]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real manifests is not beside the repository")
@pytest.mark.parametrize(("words", "status", "out", "err"), CORPORA)
def test_real_manifests(fkube, words, status, out, err):
    found = fkube(f"--embedded {words.format(CORPUS)}")
    assert (found[0], found[1].count("\n"), found[2].count("\n")) == (status, out, err)
