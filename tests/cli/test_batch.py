"""Whole batches on the command line: order, rehearsal, dry runs, reports, resuming."""

import itertools
import json
import os
import resource
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fkube.cluster import empty
from fkube.edge.recorder import Recorder, open_recorder
from fkube.edge.serve import serve
from fkube.report import Outcome
from fkube.report.ledger import digest, key, ledger
from fkube.resource.info import Info, Origin

NS = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n"
CRD = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shirts.a.b}
spec:
  group: a.b
  scope: Namespaced
  names: {plural: shirts, kind: Shirt}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
"""
SHIRT = "{apiVersion: a.b/v1, kind: Shirt, metadata: {name: red, namespace: shop}}\n"
MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {k: v}}\n"
SECRET = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: hunter2}}\n"
MANIFESTS = {
    "backwards.yaml": f"{SHIRT}---\n{MAP}---\n{CRD}---\n{NS}",
    "forwards.yaml": f"{CRD}---\n{NS}---\n{MAP}---\n{SHIRT}",
    "late.yaml": f"{NS}---\n{MAP}---\nkind: [\n",
    "invalid.yaml": f"{NS}---\n{MAP}---\n{MAP.replace('name: a', 'name: A_')}",
    "secret.yaml": SECRET,
    "gen.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: gen-}}\n",
    "a.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n",
    "b.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n",
}
VERBS = ["create", "apply"]
pytestmark = pytest.mark.usefixtures("cluster")


def rows(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


@pytest.mark.parametrize("verb", VERBS)
def test_what_stands_in_any_order_is_arranged(fkube, verb):
    status, out, err = fkube(f"{verb} -f backwards.yaml --arrange")
    assert (status, err) == (0, "")
    assert [line.split()[0].split("/")[0] for line in out.splitlines()] == [
        "namespace",
        "customresourcedefinition.apiextensions.k8s.io",
        "configmap",
        "shirt.a.b",
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_without_it_input_order_is_kept(fkube, verb):
    assert fkube(f"{verb} -f backwards.yaml")[0] == 1
    assert fkube("get ns shop -o name")[1] == "namespace/shop\n"
    assert fkube("get cm -n shop -o name")[1] == ""


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["late", "invalid"])
def test_a_bad_last_document_leaves_nothing_half_done(fkube, verb, name):
    status, out, err = fkube(f"{verb} -f {name}.yaml --plan-first --report report")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert [row["action"] for row in rows("report")] == ["skipped", "skipped", "failed"]
    assert "not found" in fkube("get ns shop")[2]


@pytest.mark.parametrize("verb", VERBS)
def test_a_good_batch_is_done_after_its_rehearsal(fkube, verb):
    status, out, err = fkube(f"{verb} -f backwards.yaml --arrange --plan-first")
    assert (status, out.count(" created\n")) == (0, 4)
    assert "the definition of shirts.a.b" in err or not err


@pytest.mark.parametrize("verb", VERBS)
def test_a_dry_run_in_a_namespace_of_the_batch_says_what_it_assumed(fkube, verb):
    status, out, err = fkube(f"{verb} -f forwards.yaml --dry-run=server")
    assert (status, out.count(" created (server dry run)\n")) == (0, 4)
    assert err.splitlines() == [
        "Warning: namespace shop is assumed to be there, as this batch creates it; what depends on it was "
        "checked in namespace default",
        "Warning: the definition of shirts.a.b is assumed to be there, as this batch creates it; what "
        "depends on it was not checked",
    ]
    assert "not found" in fkube("get ns shop")[2]
    # What nothing in the batch makes is not assumed, nor what comes later.
    assert fkube(f"{verb} -f backwards.yaml --dry-run=server")[0] == 1
    assert fkube(f"{verb} -f a.yaml -n shop --dry-run=server")[0] == 1
    assert fkube(f"{verb} -f invalid.yaml --dry-run=server")[0] == 1


@pytest.mark.parametrize("verb", VERBS)
def test_a_report_has_a_line_for_each_object_and_no_secret(fkube, verb):
    fkube(f"{verb} -f secret.yaml,late.yaml --report report")
    found = rows("report")
    assert sorted(row["key"] for row in found) == [
        "",
        "configmap/shop/a",
        "namespace/shop",
        "secret/default/s",
    ]
    assert "hunter2" not in Path("report").read_text()
    assert [row["action"] for row in found if row["error"]] == ["failed"]
    for row in found:
        assert set(row) == {
            "source", "document", "line", "key", "action", "error", "warnings", "digest", "uid"
        }  # fmt: skip
        assert bool(row["uid"]) == (row["action"] == "created")
    dry = fkube(f"{verb} -f a.yaml --dry-run=server --report dry") and rows("dry")
    assert (dry[0]["uid"], dry[0]["dryRun"]) == ("", "server")


@pytest.mark.parametrize("verb", VERBS)
def test_what_a_report_proves_done_is_skipped(fkube, verb):
    fkube(f"{verb} -f a.yaml,late.yaml --report report")
    Path("late.yaml").write_text(MANIFESTS["late.yaml"].replace("kind: [", MANIFESTS["b.yaml"]))
    fkube("delete cm a")
    status, out, err = fkube(f"{verb} -f a.yaml,late.yaml --resume report --report report")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "configmap/a created",
        "namespace/shop skipped",
        "configmap/a skipped",
        "configmap/b created",
    ]
    again = fkube(f"{verb} -f a.yaml,late.yaml --resume report")[1]
    assert again.count("skipped") == 4


THERE = {
    "the same": (MAP, MAP, 0),
    "with more of the server's": (MAP, MAP.replace("namespace: shop", "namespace: shop, labels: {a: b}"), 0),
    "other data": (MAP, MAP.replace("k: v", "k: w"), 1),
    "less data": (MAP.replace("k: v", "k: v, l: w"), MAP, 1),
    "a secret in plain text": (SECRET, SECRET, 0),
    "another secret": (SECRET, SECRET.replace("hunter2", "hunter3"), 1),
    "read from a server": (MAP.replace("name: a", "name: a, resourceVersion: '5', uid: u"), MAP, 0),
}


@pytest.mark.parametrize("how", THERE)
def test_what_was_under_way_when_the_run_was_killed_is_done_if_it_is_as_written(fkube, how):
    manifest, there, expected = THERE[how]
    Path("ns.yaml").write_text(NS)
    fkube("create -f ns.yaml")
    Path("there.yaml").write_text(there)
    assert fkube("apply -f there.yaml")[0] == 0
    Path("it.yaml").write_text(manifest)
    Path("report").write_text("")
    assert fkube("create -f it.yaml")[0] == 1
    status, out, err = fkube("create -f it.yaml --resume report --report report")
    assert (status, out.endswith(" skipped\n"), "already exists" in err) == (
        (0, True, False) if not expected else (1, False, True)
    )
    # What failed once is known: it was not under way.
    again = fkube("create -f it.yaml --resume report")
    assert (again[0], "skipped" in again[1]) == (expected, not expected)


def test_the_last_line_of_an_object_says_whether_it_failed():
    unknown = {"source": "", "document": 0, "line": 0, "action": "unknown", "uid": ""}
    info = Info({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}})
    lost = {**unknown, "key": key(info.object), "digest": digest(info.object)}
    lines = [json.dumps({**lost, "action": action}) for action in ("failed", "unknown", "failed")]
    for count, expected in enumerate((True, False, True, False)):
        assert ledger(lines[:count]).unwrap().may_be_there(info) == expected


def test_after_sigkill_a_resumed_creation_ends_well(folder):
    """The program is killed as the server carries a request out: its answer is never heard."""
    text = "---\n".join(
        MAP.replace("name: a", f"name: a{n}").replace(", namespace: shop", "") for n in range(60)
    )
    Path("many.yaml").write_text(text)
    requests, killed = itertools.count(1), []

    def kill_at_the_fortieth():
        if next(requests) == 40:
            killed[0].kill()
            killed[0].wait()
        return datetime(2025, 1, 1, tzinfo=UTC)

    with serve(empty(), clock=kill_at_the_fortieth) as url:
        words = [
            sys.executable,
            "-m",
            "fkube",
            "create",
            "-f",
            "many.yaml",
            "--server",
            url,
            "--report",
            "report",
        ]
        environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        killed.append(subprocess.Popen(words, stdout=subprocess.DEVNULL, env=environ))
        assert killed[0].wait() == -signal.SIGKILL
        told = len(rows("report"))
        done = subprocess.run([*words, "--resume", "report"], capture_output=True, text=True, env=environ)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 60)
    assert told < done.stdout.count(" skipped\n") < 60
    assert len(rows("report")) == told + 60


def test_a_name_of_the_servers_is_skipped_too(fkube):
    fkube("create -f gen.yaml --report report")
    assert fkube("create -f gen.yaml --resume report")[1].endswith(" skipped\n")
    assert fkube("get cm -o name")[1].count("gen-") == 1


def test_what_is_in_doubt_is_not_created_again(fkube):
    fkube("create -f gen.yaml --report report")
    unknown = {**rows("report")[0], "action": "unknown", "uid": ""}
    Path("report").write_text(json.dumps(unknown) + "\n")
    status, out, err = fkube("create -f gen.yaml --resume report")
    assert (status, out, "was created" in err) == (1, "", True)
    assert fkube("get cm -o name")[1].count("gen-") == 1


def test_a_manifest_that_changed_is_applied_again(fkube):
    fkube("apply -f a.yaml --report report")
    Path("a.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}\n")
    assert fkube("apply -f a.yaml --resume report")[1] == "configmap/a configured\n"


def test_reports_that_can_not_be_used(fkube):
    Path("bad").write_text("{}\n{}\n")
    assert fkube("create -f a.yaml --resume bad")[::2] == (
        1,
        "error: bad can't be resumed: line 1 is no line of a report\n",
    )
    assert fkube("create -f a.yaml --resume none")[::2] == (
        1,
        "error: the report none can't be used: no such file or directory\n",
    )
    assert fkube("create -f a.yaml --report none/x")[0] == 1
    assert fkube("get cm")[1] == ""
    assert fkube("apply -f a.yaml --plan-first --force")[0] == 1


def test_a_line_that_was_cut_proves_nothing(fkube):
    fkube("create -f a.yaml,b.yaml --report report")
    text = Path("report").read_text()
    assert len(ledger(text[:-9].splitlines()).unwrap().named) == 1


@pytest.fixture
def narrow():
    """Files may have so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("size", [0, 300])
def test_a_report_that_finds_no_room_is_named_and_stops_nothing(fkube, narrow, verb, size):
    narrow(size)
    status, out, err = fkube(f"{verb} -f a.yaml,b.yaml,forwards.yaml --report report")
    narrow(-1)
    assert (status, out.count(" created\n")) == (1, 6)
    assert err == "error: the report report can't be used: file too large\n"
    assert Path("report").stat().st_size == size
    # What was cut is taken away before anything is added to it.
    again = fkube(f"{verb} -f a.yaml,b.yaml,forwards.yaml --resume report --report report")[1]
    assert (again.count("skipped"), len(rows("report"))) == (
        6 if verb == "create" else size // 200,
        size // 200 + 6,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_report_on_a_full_device_is_named(fkube):
    status, out, err = fkube("create -f a.yaml,b.yaml --report /dev/full")
    assert (status, out) == (1, "configmap/a created\nconfigmap/b created\n")
    assert err == "error: the report /dev/full can't be used: no space left on device\n"


def test_a_report_whose_reader_is_gone_ends_early():
    reader, writer = os.pipe()
    recorder = Recorder(writer)
    recorder(Outcome("created", Origin("a")))
    os.close(reader)
    for _ in range(2):
        recorder(Outcome("created", Origin("a")))
    recorder.close()
    assert recorder.problem == "broken pipe"


def test_a_handle_that_can_not_be_closed_is_a_problem_too():
    reader, writer = os.pipe()
    recorder = Recorder(writer)
    os.close(writer)
    recorder.close()
    os.close(reader)
    assert recorder.problem == "bad file descriptor"


@pytest.mark.parametrize("path", [".", "a.yaml/x", "none/x", "a\0b"])
def test_a_report_that_can_not_be_opened_sends_nothing(fkube, path):
    for flag in ("--report", "--resume"):
        status, out, err = fkube("create -f a.yaml", flag, path)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert err.startswith(f"error: the report {path} can't be used: ")
    assert fkube("get cm")[1] == ""


def test_a_new_report_is_its_owners_and_one_that_is_there_keeps_its_mode(fkube):
    before = os.umask(0)
    fkube("create -f a.yaml --report new")
    os.umask(before)
    Path("there").touch(mode=0o640)
    Path("there").chmod(0o640)
    fkube("create -f b.yaml --report there")
    assert [stat.S_IMODE(Path(name).stat().st_mode) for name in ("new", "there")] == [0o600, 0o640]


@pytest.mark.parametrize("tail", ["", '{"source": "a', '{"a": 1}'])
def test_what_is_resumed_from_is_kept_however_it_is_written(fkube, tail):
    fkube("create -f a.yaml --report report")
    with open("report", "a") as file:
        file.write(tail)
    os.symlink("report", "link")
    out = fkube("create -f a.yaml,b.yaml --resume report --report ./link")[1]
    assert out == "configmap/a skipped\nconfigmap/b created\n"
    found = [row.get("action") for row in rows("report")]
    assert found[: len(found) - 2] == ["created", *([None] if tail == '{"a": 1}' else [])]
    assert sorted(found[-2:]) == ["created", "skipped"]


def test_a_name_that_is_no_utf8_has_its_line(tmp_path):
    path = str(tmp_path / "report")
    for kept in ("", path):
        with open_recorder(path, kept) as opened:
            opened.unwrap()(Outcome("failed", Origin("a\udcff")))
    found = rows(path)
    assert [row["source"] for row in found] == ["a\udcff"] * 2
    assert ledger(Path(path).read_text().splitlines()).unwrap().named == {}


def test_a_version_that_can_not_be_written_is_named_by_diff(fkube):
    # The server takes the name; with the kind and the namespace it is too long for a file.
    name = "a" * 250
    Path("long.yaml").write_text(f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}")
    status, out, err = fkube("diff -f long.yaml,a.yaml")
    assert (status, out) == (2, "")
    assert err.startswith("error: /")
    assert err.endswith(f"{name} can't be written: file name too long\n")


def test_sigterm_ends_with_its_status(fkube, monkeypatch):
    def terminated(*_):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("fkube.cli.console.Console.say", terminated)
    assert fkube("create -f a.yaml,b.yaml --report report")[0] == 143
    assert {row["action"] for row in rows("report")} == {"created"}


def test_a_plan_is_sent_as_it_was_made(fkube):
    status, out, _ = fkube("plan -f backwards.yaml,secret.yaml --arrange -o json")
    assert (status, len(out.splitlines())) == (0, 5)
    Path("plan").write_text(out)
    Path("secret.yaml").unlink()
    status, out, err = fkube("apply --plan plan")
    assert (status, err, out.count(" created\n")) == (0, "", 5)
    assert fkube("get shirts -n shop -o name")[1] == "shirt.a.b/red\n"
    assert fkube("apply --plan plan -f a.yaml")[0] == 1


def cut(lines):
    return lines[:-1]


def changed(lines):
    return [lines[0].replace('"v"', '"w"'), *lines[1:]]


def reordered(lines):
    return [lines[1], lines[0], *lines[2:]]


@pytest.mark.parametrize(
    "how", [cut, changed, reordered, lambda lines: lines[1:], lambda lines: [*lines, "{}"]]
)
def test_a_plan_that_was_changed_is_refused(fkube, how):
    Path("a.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}")
    lines = fkube("plan -f a.yaml,b.yaml,secret.yaml -o json")[1].splitlines()
    assert how(lines) != lines
    Path("plan").write_text("\n".join(how(lines)))
    status, out, err = fkube("apply --plan plan")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("error: the plan plan can't be used: ")
    assert fkube("get cm,secrets -o name")[1] == ""


def test_the_text_of_a_plan_has_no_secret_and_a_plan_with_failures_is_no_plan(fkube):
    assert "hunter2" not in fkube("plan -f secret.yaml")[1]
    Path("plan").write_text(fkube("plan -f late.yaml -o json")[1])
    assert fkube("apply --plan plan")[0] == 1
    assert fkube("apply --plan none")[2] == "error: the plan none can't be used: no such file or directory\n"
