"""What commands say of settings and documents that are none: kubectl's words first, then what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fkube.cli.console import Console
from fkube.cli.listprinters import StreamPrinter, print_sorted

CONFIG = """
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: x, context: {cluster: c}}]
"""
FIRST = "Error in configuration: context was not found for specified context: no; known contexts: x\n"
LATER = 'error: context "no" does not exist; known contexts: x\n'
TOLD = {
    **dict.fromkeys(("get cm", "delete cm a", "label cm a b=c", "scale deploy/a --replicas=1"), FIRST),
    **dict.fromkeys(("get cm -n a", "get --raw /api", "create -f cm.yaml", "api-resources"), LATER),
    "get cm --cluster=d": "Error in configuration: \n"
    "* context was not found for specified context: no; known contexts: x\n"
    '* no server found for cluster "d"\n',
}
Fkube = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize("words", TOLD)
def test_an_unknown_context_in_the_words_of_each_command(words: str, fkube: Fkube, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(CONFIG)
    Path("cm.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    assert fkube(f"{words} --kubeconfig={tmp_path}/config --context=no") == (1, "", TOLD[words])


STOP = "if you choose to ignore these errors, turn validation off with --validate=false (document 1, line 1)"


@pytest.mark.parametrize(
    "verb", ["create", "apply", "apply --server-side", "replace", "create --validate=warn"]
)
def test_commands_that_send_manifests_validate_them(verb: str, fkube: Fkube) -> None:
    Path("a.yaml").write_text("metadata: {name: a}\n")
    told = 'error: error validating "a.yaml": error validating data: [apiVersion not set, kind not set]'
    assert fkube(f"{verb} --embedded -f a.yaml") == (1, "", f"{told}; {STOP}\n")


@pytest.mark.parametrize("verb", ["create --validate=false", "get", "delete", "label a=b"])
def test_other_commands_say_that_a_document_is_no_object(verb: str, fkube: Fkube) -> None:
    Path("a.yaml").write_text("metadata: {name: a}\n")
    status, out, err = fkube(f"{verb} --embedded -f a.yaml")
    assert (status, out) == (1, "")
    assert err.startswith("error: unable to decode \"a.yaml\": Object 'Kind' is missing: every object")


@pytest.mark.parametrize(
    ("flags", "header"),
    [
        ("", "NAME   SHORTNAMES   APIVERSION   NAMESPACED   KIND\n"),
        ("-o wide", "NAME   SHORTNAMES   APIVERSION   NAMESPACED   KIND   VERBS   CATEGORIES\n"),
        ("-o name", ""),
        ("--no-headers", ""),
    ],
)
def test_no_resources_have_a_header(flags: str, header: str, fkube: Fkube) -> None:
    assert fkube(f"api-resources --embedded --api-group=no {flags}") == (0, header, "")


def test_version_takes_no_arguments(fkube: Fkube) -> None:
    assert fkube("version a b") == (1, "", "error: extra arguments: [a b]\n")


@pytest.mark.parametrize(("failed", "out"), [(True, ""), (False, "configmap/a\nconfigmap/a\n")])
def test_of_a_single_file_nothing_is_printed_once_something_failed(
    failed: bool, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    console, found = Console(), {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}
    if failed:
        console.refuse("no")
    print_sorted(console, "", True, StreamPrinter("name", console, True), [found, found])
    assert capsys.readouterr().out == out
