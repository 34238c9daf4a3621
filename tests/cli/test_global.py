"""Flags of every command, and what goes with them: preferences, profiles, the log, kept commands, editing."""

import json
import pstats
import stat
import sys
from pathlib import Path

import pytest
from returns.result import Success

from fkube.cli.command import Call
from fkube.cli.editing import strip_comments
from fkube.cli.flags import Flag
from fkube.cli.kuberc import Defaults, Preferences, prefer, read_preferences
from fkube.cli.program import split_command
from fkube.cli.recording import command_words
from fkube.verbs.versions import FOLLOWED, skew_warning

MAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: old}}"
SECRET = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: hunter2}}"
PREFERENCES = """apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults:
- {command: get, options: [{name: output, default: name}]}
aliases:
- {name: maps, command: get, prependArgs: [cm], options: [{name: output, default: name}]}
- {name: run, command: run}
"""
OLD_PREFERENCES = PREFERENCES.replace("v1beta1", "v1alpha1").replace("defaults", "overrides")
MANIFESTS = {
    "a.yaml": MAP,
    "s.yaml": SECRET,
    "two.yaml": f"{MAP}\n---\n{MAP.replace('name: a', 'name: b')}\n",
    "rc": PREFERENCES,
    "old": OLD_PREFERENCES.replace("options:", "flags:"),
    "behind": f"kind: Pod\n---\n{PREFERENCES}",
    "policy": f"{PREFERENCES}credentialPluginPolicy: DenyAll\n",
    "dashed": PREFERENCES.replace("name: output", "name: --output"),
    "twice": PREFERENCES.replace("name: run", "name: maps"),
    "mistyped": PREFERENCES.replace("default: name", "default: true"),
    "empty": "",
}
WHILE = "error occurred while applying preferences "
NONE_VALID = f"{WHILE}kuberc error kuberc: no valid preferences found in {{}}, use --v=5 to see details\n"


@pytest.mark.parametrize(
    ("words", "out", "err"),
    [
        ("get cm --kuberc=rc", "configmap/a\n", ""),
        ("get cm --kuberc rc -o jsonpath={.items[*].kind}", "ConfigMap", ""),
        ("get cm --kuberc=old", "configmap/a\n", ""),
        ("get cm --kuberc=behind", "configmap/a\n", ""),
        ("maps --kuberc=rc", "configmap/a\n", ""),
        ("-n default maps a --kuberc=rc", "configmap/a\n", ""),
        ("maps -ojsonpath={.items[*].kind} --kuberc=rc", "ConfigMap", ""),
        ("get cm -o name --kuberc=empty", "configmap/a\n", ""),
        ("get cm --kuberc=policy", "", None),
        ("get cm --kuberc=none", "", f"{WHILE}kuberc error kuberc: open none: no such file or directory\n"),
        ("get cm --kuberc=a.yaml", "", NONE_VALID.format("a.yaml")),
        ("get cm --kuberc=mistyped", "", NONE_VALID.format("mistyped")),
        ("get cm --kuberc=dashed", "", f"{WHILE}flag name --output should be in long form without dashes\n"),
        ("get cm --kuberc=twice", "", f"{WHILE}duplicate alias name maps\n"),
        ("get cm --kuberc", "", f"{WHILE}kuberc file is not found\n"),
        ("run a --kuberc=rc", "", f'{WHILE}command "run" not found to set alias "run"\n'),
    ],
)
def test_preferences(fkube, cluster, words, out, err):
    fkube("create -f a.yaml")
    status, printed, told = fkube(words)
    assert (printed, status) == (out, 0 if out else 1)
    assert err is None or told == err


@pytest.mark.parametrize(
    ("environ", "out"),
    [
        ({}, "configmap/a\n"),
        ({"KUBERC": "off"}, None),
        ({"KUBECTL_KUBERC": "false"}, None),
        ({"KUBERC": "{here}/empty"}, None),
    ],
)
def test_preferences_of_the_home(fkube, cluster, folder, capsys, environ, out):
    from fkube.cli import program

    fkube("create -f a.yaml")
    (folder / ".kube" / "kuberc").write_text(PREFERENCES)
    found = {name: value.format(here=folder) for name, value in environ.items()}
    assert program.run(["get", "cm"], {"HOME": str(folder), **found}) == 0
    printed = capsys.readouterr().out
    assert printed == out if out else printed.startswith("NAME")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: maps", "name: [maps]"),
        ("command: get, prependArgs", "command: {get: 1}, prependArgs"),
        ("prependArgs: [cm]", "prependArgs: cm"),
        ("prependArgs: [cm]", "prependArgs: [[cm]]"),
        ("prependArgs: [cm]", "appendArgs: {cm: 1}"),
        ("command: get, options", "command: 1, options"),
        ("options: [{name: output", "options: [{name: [output]"),
        ("kind:", "credentialPluginPolicy: [AllowAll]\nkind:"),
    ],
)
def test_preferences_of_other_types_are_none(old, new):
    assert isinstance(read_preferences(PREFERENCES, "rc"), Success)
    wrong = read_preferences(PREFERENCES.replace(old, new, 1), "rc")
    assert wrong.failure() == "no valid preferences found in rc, use --v=5 to see details"


def test_preferences_that_are_broken_are_told_of(fkube, cluster, folder, capsys):
    from fkube.cli import program

    (folder / ".kube" / "kuberc").write_text("kind: [")
    assert program.run(["get", "ns", "default", "-o", "name"], {"HOME": str(folder)}) == 0
    printed = capsys.readouterr()
    assert printed.out == "namespace/default\n"
    assert printed.err.startswith("kuberc: no preferences loaded from")


def test_profiles_are_written(fkube, cluster):
    assert fkube("get ns -o name --profile=cpu --profile-output=cpu")[0] == 0
    assert pstats.Stats("cpu").total_calls > 100
    assert fkube("get ns -o name --profile=heap --profile-output=heap")[0] == 0
    assert Path("heap").stat().st_size > 0


@pytest.mark.parametrize(
    ("words", "err"),
    [
        ("--profile=x", "error: unknown profile 'x'\n"),
        ("--profile=mutex", "error: profile 'mutex' is of Go: give cpu or heap\n"),
        ("--profile=cpu --profile-output=no/p", "error: open no/p: no such file or directory\n"),
        ("--profile=heap --profile-output=no/p", "error: open no/p: no such file or directory\n"),
        ("--profile=cpu --profile-output=a\0b", "error: open a\0b: embedded null byte\n"),
    ],
)
def test_profiles_that_can_not_be_written(fkube, cluster, words, err):
    assert fkube(f"get ns {words}") == (1, "", err)


def test_requests_are_told_of(fkube, cluster):
    status, out, err = fkube("get ns default -o name -v=6")
    assert (status, out) == (0, "namespace/default\n")
    assert f'"Response" verb="GET" url="{cluster}/api/v1/namespaces/default" status="200 OK"' in err
    assert fkube("get ns default -o name -v=5")[2] == ""
    assert '"Response" verb="GET" url="embedded/api/v1' in fkube("--embedded get ns -v=6")[2]
    assert "hunter2" not in fkube("create -f s.yaml -v=10")[2]


@pytest.mark.parametrize(
    ("words", "err"),
    [
        ("-v=x", '"x" for "-v, --v" flag: strconv.ParseInt: parsing "x": invalid syntax'),
        ("-v=0x6", '"0x6" for "-v, --v" flag: strconv.ParseInt: parsing "0x6": invalid syntax'),
        (
            "-v=99999999999",
            '"99999999999" for "-v, --v" flag: strconv.ParseInt: parsing "99999999999": value out of range',
        ),
        (
            f"--vmodule=a={'9' * 5000}",
            f'"a={"9" * 5000}" for "--vmodule" flag: syntax error: expect comma-separated list of filename=N',
        ),
        ("--vmodule=a", '"a" for "--vmodule" flag: syntax error: expect comma-separated list of filename=N'),
    ],
)
def test_levels_that_are_none(fkube, words, err):
    assert fkube(f"get ns {words}") == (
        1,
        "",
        f"error: invalid argument {err}\nSee 'fkube get --help' for usage.\n",
    )


def test_the_version_of_the_server(fkube, cluster):
    status, out, _ = fkube("version -o json")
    told = json.loads(out)
    assert (status, told["clientVersion"]["gitVersion"][:1]) == (0, "v")
    matches = told["serverVersion"]["gitVersion"] == FOLLOWED
    assert fkube("get ns --match-server-version")[0] == (0 if matches else 1)
    assert fkube("version -o yaml --client")[1].startswith("clientVersion:\n")
    assert fkube("version now")[2] == "error: extra arguments: [now]\n"
    assert fkube("version -o name")[2] == "error: --output must be 'yaml' or 'json'\n"


@pytest.mark.parametrize("version", [f"v1.{'9' * 5000}", f"{'9' * 5000}.1", "v1.x", "²", ""])
def test_versions_that_can_not_be_read_are_in_no_warning(version):
    assert skew_warning(version) == ""


def _cause(fkube, what):
    found = json.loads(fkube(f"get {what} -o json")[1])
    return found["metadata"].get("annotations", {}).get("kubernetes.io/change-cause")


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("apply -f a.yaml --record", "fkube apply --filename=a.yaml --record=true"),
        ("label cm a x=y --record", "fkube label cm a x=y --record=true"),
        ("label cm a --list --record", None),
        ("label cm a x=y --record --dry-run=client", None),
        ("annotate cm a x=y --record", "fkube annotate cm a x=y --record=true"),
        ("patch cm a -p {} --record", "fkube patch cm a --patch={} --record=true"),
        ("patch cm a -p {} --record=false", None),
    ],
)
def test_commands_are_kept(fkube, cluster, words, kept):
    fkube("create -f a.yaml")
    status, _, err = fkube(words)
    assert status == 0
    assert err.startswith("Flag --record has been deprecated, --record will be removed in the future\n")
    assert _cause(fkube, "cm/a") == kept


def test_commands_are_kept_on_what_they_create(fkube, cluster):
    fkube("create -f a.yaml --record --save-config")
    assert _cause(fkube, "cm/a") == "fkube create --filename=a.yaml --record=true --save-config=true"


def test_commands_are_kept_on_secrets_without_values(fkube, cluster):
    fkube("create -f s.yaml")
    fkube("patch secret s --record -p", '{"stringData": {"k": "hunter3"}}')
    assert _cause(fkube, "secret/s") == "fkube patch secret s --record=true --patch=***"
    fkube("annotate secret s note=hunter3 --token=hunter4 --record")
    assert _cause(fkube, "secret/s") == "fkube annotate secret s note=*** --token=CLASSIFIED --record=true"


def test_no_login_of_a_url_is_kept():
    call = Call(written=((Flag("filename", ""), "https://me:hunter2@a.example/b.yaml"),))
    assert (
        command_words("apply", call, hides=False)
        == "fkube apply --filename=https://CLASSIFIED@a.example/b.yaml"
    )


def test_help_is_silent_of_what_is_deprecated(fkube):
    assert "--record" not in fkube("apply --help")[1]


def _editor(folder, monkeypatch, script):
    """Let a script of Python be the editor: it is given the `path` and the `text` of a file."""
    (folder / "editor.py").write_text(f"import sys; path = sys.argv[1]; text = open(path).read()\n{script}")
    monkeypatch.setenv("EDITOR", f"{sys.executable} {folder}/editor.py")
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))


NEW = "open(path, 'w').write(text.replace('old', 'new'))"


@pytest.mark.parametrize(
    ("script", "words", "status", "out", "err"),
    [
        (NEW, "", 0, "configmap/a created\n", ""),
        (NEW, "-o json", 0, None, ""),
        (NEW, "--dry-run=client", 0, "configmap/a created (dry run)\n", ""),
        ("", "", 0, "", "Edit cancelled, no changes made.\n"),
        ("open(path, 'a').write('# more')", "", 0, "", "Edit cancelled, no changes made.\n"),
        ("open(path, 'w').write('# only')", "", 0, "", "Edit cancelled, saved file was empty.\n"),
        ("open(path, 'w').write('kind: [')", "", 1, "", None),
        ("open(path, 'w').write(text.replace('default', 'other'))", "", 1, "", None),
        ("sys.exit(1)", "", 1, "", None),
    ],
)
def test_objects_are_edited(fkube, cluster, folder, monkeypatch, script, words, status, out, err):
    _editor(folder, monkeypatch, script)
    ended, printed, told = fkube(f"create -f a.yaml --edit {words}")
    assert ended == status
    assert out is None or printed == out
    assert err is None or told == err
    kept = [*folder.glob("fkube-edit-*")]
    assert bool(kept) == ("A copy of your changes has been stored" in told)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept)
    created = script == NEW and "dry" not in words
    assert fkube("get cm a -o jsonpath={.data.k}")[1] == ("new" if created else "")


def test_only_whole_lines_are_comments():
    text = "a: x\u2028# y\nb: z\x85#\n"
    assert strip_comments(f"# c\r\n{text}") == text


def test_no_place_for_what_is_edited_is_told(fkube, cluster, folder, monkeypatch):
    _editor(folder, monkeypatch, NEW)
    monkeypatch.setattr("tempfile.tempdir", f"{folder}/none")
    told = "error: a temporary file can't be edited: no such file or directory\n"
    assert fkube("create -f a.yaml --edit") == (1, "", told)


def test_what_can_not_be_read_is_edited_again(fkube, cluster, folder, monkeypatch):
    script = "open(path, 'w').write('kind: [' if '# The edited' not in text else open('a.yaml').read())"
    _editor(folder, monkeypatch, script)
    assert fkube("create -f a.yaml --edit")[:2] == (0, "configmap/a created\n")
    assert not [*folder.glob("fkube-edit-*")]


def test_each_of_several_objects_is_edited(fkube, cluster, folder, monkeypatch):
    _editor(folder, monkeypatch, NEW)
    assert fkube("create -f two.yaml --edit")[1] == "configmap/a created\nconfigmap/b created\n"


def test_lines_end_as_on_windows(fkube, cluster, folder, monkeypatch):
    _editor(folder, monkeypatch, "open('seen', 'wb').write(open(path, 'rb').read())")
    fkube("create -f a.yaml --edit --windows-line-endings")
    assert b"apiVersion: v1\r\n" in Path("seen").read_bytes()


@pytest.mark.parametrize("other", ["--plan-first", "--report=r", "--resume=r"])
def test_editing_does_not_go_with_batches(fkube, other):
    assert "can't be used with" in fkube(f"create -f a.yaml --edit {other}")[2]


def test_an_editor_that_is_not_there(fkube, cluster, monkeypatch):
    monkeypatch.setenv("EDITOR", "/none")
    assert fkube("create -f a.yaml --edit") == (1, "", 'error: unable to launch the editor "/none"\n')


def test_waiting_without_a_server(fkube):
    met = (0, "configmap/a condition met\n", "")
    assert fkube("wait --local -f a.yaml --for=create") == met
    assert fkube("wait --local -f a.yaml --for=jsonpath={.data.k}=old") == met
    status, _, err = fkube("wait --local -f a.yaml --for=jsonpath={.data.k}=new")
    assert (status, err) == (1, "error: condition not met for configmap/a (a.yaml, document 1, line 1)\n")


def test_what_would_be_pruned_is_shown(fkube, cluster):
    fkube("apply -f two.yaml,s.yaml")
    status, out, _ = fkube("diff --prune -f a.yaml")
    assert status == 1
    assert "-  name: b" in out
    assert "-  k: '***'" in out
    assert "hunter2" not in out
    assert fkube("get cm b -o name")[1] == "configmap/b\n"
    status, out, _ = fkube("diff --prune --prune-allowlist=core/v1/Secret -f two.yaml")
    assert (status, "name: s" in out, "name: b" in out) == (1, True, False)


def test_resources_of_a_cache(fkube, cluster):
    fresh = fkube("api-resources -v=6")
    assert '"Response"' in fresh[2]
    assert fkube("api-resources --cached -v=6") == (0, fresh[1], "")
    assert json.loads(fkube("api-resources -o json")[1])["kind"] == "APIResourceList"


def test_a_default_does_not_add_to_what_is_given():
    found = Preferences((Defaults("get", (("filename", "a"), ("output", "name"))),))
    assert prefer(found, ("get", "-f", "b"), split_command) == Success(("get", ("--output=name", "-f", "b")))
