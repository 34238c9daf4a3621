"""Tokens, passwords, files, plugins, impersonation: what a server gets to see of us, and when anew."""

from __future__ import annotations

import base64
import json
import ssl
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io

from fkube.cli import main
from fkube.edge.connecting import connect
from fkube.edge.credentials import (
    REREAD,
    Credential,
    cached_source,
    impersonation_headers,
    token_file_credentials,
)
from fkube.edge.execplugin import decode_credential
from fkube.resource.errors import UsageError
from tests.edge import stub
from tests.edge.stub import PODS, Serving, World, answer, bad, good

serving, world = pytest.fixture(stub.serving), pytest.fixture(stub.world)

CA = trustme.CA()
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CA.issue_cert("127.0.0.1").configure_cert(CONTEXT)
TRUSTED = {"certificate-authority-data": base64.b64encode(CA.cert_pem.bytes()).decode()}
V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"


def secure(serving: Serving, *script: stub.Entry) -> tuple[stub.Stub, str]:
    made = serving(*script, context=CONTEXT)
    return made, f"https://127.0.0.1:{made.port}"


SHOWN: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"token": "t"}, ["Bearer t"]),
    (
        {"username": "jürgen", "password": "p:w"},
        ["Basic " + base64.b64encode("jürgen:p:w".encode()).decode()],
    ),
    (
        {"token": "t", "exec": {"command": "/nonexistent", "apiVersion": V1, "interactiveMode": "Never"}},
        ["Bearer t"],
    ),
]


@pytest.mark.parametrize(("user", "shown"), SHOWN)
def test_a_secure_server_is_shown_who_we_are(
    user: dict[str, Any], shown: list[str], serving: Serving, world: World
) -> None:
    server, url = secure(serving, answer())
    assert good(world.connected(url, TRUSTED, user)).status == 200
    assert server.seen[0].all("authorization") == shown


def test_an_insecure_server_is_shown_nothing(serving: Serving, world: World) -> None:
    plain = serving(answer())
    good(world.plain(plain, user={"token": "t", "as": "jane"}))
    assert plain.seen[0].all("authorization") == []
    assert plain.seen[0].all("impersonate-user") == ["jane"]


def test_impersonation_is_headers(serving: Serving, world: World) -> None:
    server, url = secure(serving, answer())
    user = {"as": "jürgen", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": {"x/Y%": ["1", "2"]}}
    good(world.connected(url, TRUSTED, user))
    names = ("impersonate-user", "impersonate-uid", "impersonate-group", "impersonate-extra-x%2fy%25")
    assert [server.seen[0].all(name) for name in names] == [["jürgen"], ["7"], ["a", "b"], ["1", "2"]]


def test_flags_impersonate(serving: Serving, world: World) -> None:
    server, url = secure(serving, answer())
    good(
        world.connected(
            url, TRUSTED, {"token": "t"}, flags={"as_": "jane", "as_groups": ["dev"], "token": "f"}
        )
    )
    seen = server.seen[0]
    assert [seen.all(key) for key in ("authorization", "impersonate-user", "impersonate-group")] == [
        ["Bearer f"],
        ["jane"],
        ["dev"],
    ]


def test_the_flags_of_a_command_impersonate(serving: Serving, tmp_path: Path, monkeypatch: Any) -> None:
    server, url = secure(serving, answer({"items": []}))
    (tmp_path / "ca").write_bytes(CA.cert_pem.bytes())
    words = f"api-resources --server={url} --certificate-authority={tmp_path / 'ca'} --token=t --as=jane"
    extra = "--as-group=a --as-group=b --as-uid=7 --as-user-extra=k=1 --as-user-extra=k=2=3 --as-user-extra=x"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setattr(sys, "argv", ["fkube", *words.split(), *extra.split()])
    with pytest.raises(SystemExit):
        main()
    names = ("authorization", *(f"impersonate-{name}" for name in ("user", "group", "uid", "extra-k")))
    assert [server.seen[0].all(name) for name in names] == [
        ["Bearer t"], ["jane"], ["a", "b"], ["7"], ["1", "2=3"],
    ]  # fmt: skip


def test_a_token_that_is_no_header_is_not_shown_in_the_error(serving: Serving, world: World) -> None:
    server, url = secure(serving, answer())
    error = bad(world.connected(url, TRUSTED, {"token": "secret\nsecret"}))
    assert isinstance(error, UsageError)
    assert 'invalid header field value for "Authorization"' in error.message
    assert "secret" not in error.message
    assert server.seen == []


def test_a_token_file_is_read_again_each_minute(tmp_path: Path) -> None:
    clock = [0.0]
    path = tmp_path / "token"
    path.write_text("one\n")
    source = cached_source(token_file_credentials(str(path), lambda: clock[0]), lambda: clock[0])

    def shown() -> str:
        return source(None).unwrap().authorization

    assert shown() == "Bearer one"
    path.write_text("two")
    clock[0] = REREAD - 1
    assert shown() == "Bearer one"
    clock[0] = REREAD
    assert shown() == "Bearer two"
    path.unlink()
    clock[0] = 3 * REREAD
    assert shown() == "Bearer two"
    path.write_text("three")
    assert source(source(None).unwrap()).unwrap().authorization == "Bearer three"


def test_a_token_file_is_shown(serving: Serving, world: World, tmp_path: Path) -> None:
    server, url = secure(serving, answer())
    (tmp_path / "token").write_text(" secret\n")
    good(world.connected(url, TRUSTED, {"tokenFile": "token"}))
    assert server.seen[0].all("authorization") == ["Bearer secret"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("empty", "read empty token"), ("missing", "no such file"), ("binary", "it is no text")],
)
def test_the_faults_of_a_token_file_are_told(
    name: str, words: str, serving: Serving, world: World, tmp_path: Path
) -> None:
    _, url = secure(serving, answer())
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff")
    (problem,) = world.refused(url, TRUSTED, {"tokenFile": name})
    assert words in problem
    assert str(tmp_path / name) in problem


def test_the_token_of_a_pod_is_read_again_each_minute(serving: Serving, tmp_path: Path) -> None:
    server, url = secure(serving, answer())
    (tmp_path / "token").write_text("one\n")
    (tmp_path / "ca.crt").write_bytes(CA.cert_pem.bytes())
    port = url.rpartition(":")[2]
    environ = {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": port}
    clock = [1000.0]
    made = connect(environ=environ, service_account=str(tmp_path), now=lambda: clock[0])
    client = unsafe_perform_io(made.unwrap())
    for passed, token in ((0.0, "two"), (30.0, "two"), (61.0, "three")):
        clock[0] = 1000.0 + passed
        good(client)
        (tmp_path / "token").write_text(token)
    good(client)
    client.close()
    shown = [seen.all("authorization")[0] for seen in server.seen]
    assert shown == ["Bearer one", "Bearer one", "Bearer two", "Bearer two"]


def test_a_rotated_token_is_used_after_a_401(serving: Serving, world: World, tmp_path: Path) -> None:
    server, url = secure(serving, answer(status=401), answer())
    (tmp_path / "token").write_text("old")
    client = world.connected(url, TRUSTED, {"tokenFile": "token"})
    (tmp_path / "token").write_text("new")
    assert good(client).status == 200
    assert [seen.all("authorization") for seen in server.seen] == [["Bearer old"], ["Bearer new"]]
    fixed = world.connected(secure(serving, answer(status=401))[1], TRUSTED, {"token": "t"})
    assert good(fixed).status == 401


@given(st.lists(st.sampled_from(["ask", "refuse", "expire"]), max_size=8))
def test_a_credential_is_kept_until_it_expires_or_is_refused(steps: list[str]) -> None:
    made: list[Credential] = []

    def produce(_: Credential | None) -> Success[Credential]:
        made.append(Credential(f"{len(made)}", expires=clock[0] + 10))
        return Success(made[-1])

    clock = [0.0]
    source = cached_source(produce, lambda: clock[0])
    source(None)
    for step in steps:
        before = len(made)
        clock[0] += 10 if step == "expire" else 0
        shown = source(made[-1] if step == "refuse" else None).unwrap()
        assert shown is made[-1]
        assert len(made) == before + (step != "ask")
    assert source(Credential("older")).unwrap() is made[-1]


def test_what_cannot_be_had_is_asked_for_again() -> None:
    answers = iter([Failure(UsageError("no")), Success(Credential("t"))])
    source = cached_source(lambda _: next(answers), lambda: 0.0)
    assert isinstance(source(None), Failure)
    assert source(None).unwrap().authorization == "t"


PLUGIN = """#!{python}
import json, os, sys
with open({log!r}, "a") as log:
    info = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
    print(json.dumps([sys.argv[1:], os.environ.get("OWN"), os.environ.get("BASE"), info]), file=log)
with open({log!r}) as log:
    count = len(log.readlines())
status = {status!r}
print(json.dumps({{"kind": "ExecCredential", "apiVersion": info["apiVersion"],
                  "status": {{key: value.replace("COUNT", str(count)) for key, value in status.items()}}}}))
"""


def plugin(directory: Path, status: dict[str, str], **settings: Any) -> dict[str, Any]:
    """A user with a plugin that says this, and writes what it was told into `log`."""
    path = directory / "plugin"
    path.write_text(PLUGIN.format(python=sys.executable, log=str(directory / "log"), status=status))
    path.chmod(0o700)
    return {"exec": {"command": "./plugin", "apiVersion": V1, "interactiveMode": "Never", **settings}}


def told(directory: Path) -> list[Any]:
    return [json.loads(line) for line in (directory / "log").read_text().splitlines()]


@pytest.mark.parametrize("version", [V1, V1BETA1])
def test_a_plugin_says_who_we_are_once(version: str, serving: Serving, world: World, tmp_path: Path) -> None:
    server, url = secure(serving, answer())
    env = [{"name": "OWN", "value": "1"}]
    user = plugin(tmp_path, {"token": "t"}, apiVersion=version, args=["a", "b"], env=env)
    client = world.connected(url, TRUSTED, user, {"BASE": "2"})
    assert not (tmp_path / "log").exists()
    assert [good(client).status, good(client).status] == [200, 200]
    assert server.seen[1].all("authorization") == ["Bearer t"]
    spec = {"kind": "ExecCredential", "apiVersion": version, "spec": {"interactive": False}}
    assert told(tmp_path) == [[["a", "b"], "1", "2", spec]]


def test_a_plugin_is_told_the_cluster(serving: Serving, world: World, tmp_path: Path) -> None:
    _, url = secure(serving, answer())
    extensions = [
        {"name": "other"},
        {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "a"}},
    ]
    user = plugin(tmp_path, {"token": "t"}, provideClusterInfo=True)
    good(world.connected(url, {**TRUSTED, "extensions": extensions}, user))
    (tmp_path / "ca").write_bytes(CA.cert_pem.bytes())
    good(world.connected(url, {"certificate-authority": "ca"}, user))
    good(world.connected(url, {"insecure-skip-tls-verify": True}, user))
    clusters = [info["spec"]["cluster"] for *_, info in told(tmp_path)]
    assert clusters == [
        {"server": url, **TRUSTED, "config": {"audience": "a"}},
        {"server": url, **TRUSTED, "config": None},
        {"server": url, "insecure-skip-tls-verify": True, "config": None},
    ]


def test_a_plugin_is_asked_again_once_after_a_401(serving: Serving, world: World, tmp_path: Path) -> None:
    server, url = secure(serving, answer(status=401), answer(), answer(status=401))
    client = world.connected(url, TRUSTED, plugin(tmp_path, {"token": "t-COUNT"}))
    assert good(client).status == 200
    assert [seen.all("authorization") for seen in server.seen] == [["Bearer t-1"], ["Bearer t-2"]]
    assert good(client).status == 401
    assert len(server.seen) == 4
    assert len(told(tmp_path)) == 3


def test_an_expired_credential_is_renewed(serving: Serving, world: World, tmp_path: Path) -> None:
    server, url = secure(serving, answer())
    old = plugin(tmp_path, {"token": "t-COUNT", "expirationTimestamp": "2020-01-01T00:00:00Z"})
    client = world.connected(url, TRUSTED, old)
    assert [good(client).status, good(client).status] == [200, 200]
    assert server.seen[1].all("authorization") == ["Bearer t-2"]
    new = plugin(tmp_path, {"token": "t-COUNT", "expirationTimestamp": "2999-01-01T00:00:00+02:00"})
    client = world.connected(url, TRUSTED, new)
    assert [good(client).status, good(client).status] == [200, 200]
    assert len(told(tmp_path)) == 3


def test_a_plugin_may_give_a_certificate(serving: Serving, world: World, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("127.0.0.1").configure_cert(context)
    CA.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    server = serving(answer(), context=context)
    mine = CA.issue_cert("me@example.org")
    certificate = mine.cert_chain_pems[0].bytes().decode()
    pair = {"clientCertificateData": certificate, "clientKeyData": mine.private_key_pem.bytes().decode()}
    client = world.connected(f"https://127.0.0.1:{server.port}", TRUSTED, plugin(tmp_path, pair))
    assert [good(client).status, good(client).status] == [200, 200]
    assert server.connections == 1
    assert server.seen[0].all("authorization") == []
    wrong = {**pair, "clientKeyData": "no key"}
    error = bad(world.connected(f"https://127.0.0.1:{server.port}", TRUSTED, plugin(tmp_path, wrong)))
    assert "are no pair in PEM form" in error.message


def test_a_new_certificate_is_a_new_connection(serving: Serving, world: World, tmp_path: Path) -> None:
    server, url = secure(serving, answer())
    mine = CA.issue_cert("me@example.org")
    pair = {
        "clientCertificateData": mine.cert_chain_pems[0].bytes().decode() + "# COUNT",
        "clientKeyData": mine.private_key_pem.bytes().decode(),
        "expirationTimestamp": "2020-01-01T00:00:00Z",
    }
    client = world.connected(url, TRUSTED, plugin(tmp_path, pair))
    assert [good(client).status, good(client).status] == [200, 200]
    assert server.connections == 2


FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"command": "no-such-plugin"},
        "exec: executable no-such-plugin not found: install the credential plugin",
    ),
    ({"command": "no-such", "installHint": "brew install\x1b[1m it"}, "not found: brew installU+001B[1m it"),
    (
        {"command": "/bin/sh", "args": ["-c", "echo secret; exit 3"]},
        "exec: executable /bin/sh failed with exit code 3",
    ),
    ({"command": "/bin/sh", "args": ["-c", "echo secret"]}, "must print an ExecCredential in JSON"),
    ({"command": "/bin/sh", "args": ["-c", "\0"]}, "can't be run: a NUL byte"),
    ({"command": "/bin/sh", "env": [{"name": "A=B", "value": "secret"}]}, "or a = in a name"),
    ({"command": "/bin/sh", "interactiveMode": "Always"}, "standard input is not a terminal"),
]


@pytest.mark.parametrize(("settings", "words"), FAULTS)
def test_a_plugin_that_fails_is_one_sentence(
    settings: dict[str, Any], words: str, serving: Serving, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    _, url = secure(serving, answer())
    user = {"exec": {"apiVersion": V1, "interactiveMode": "IfAvailable", **settings}}
    error = bad(world.connected(url, TRUSTED, user, {"PATH": "/nonexistent"}), PODS)
    assert isinstance(error, UsageError)
    assert error.message.startswith("Unable to connect to the server: getting credentials: ")
    assert words in error.message
    assert "secret" not in error.message


SAID: list[tuple[Any, str]] = [
    ([], "must print an ExecCredential in JSON"),
    ({"kind": "Pod", "apiVersion": V1}, "must print an ExecCredential in JSON"),
    (
        {"kind": "ExecCredential", "apiVersion": V1BETA1},
        f"API version {V1}, plugin returned version {V1BETA1}",
    ),
    ({"kind": "ExecCredential", "apiVersion": V1}, "didn't return a status field"),
]
STATUSES: list[tuple[dict[str, Any], str]] = [
    ({}, "didn't return a token or cert/key pair"),
    ({"clientKeyData": "secret"}, "returned only certificate or key, not both"),
    ({"token": ["secret"]}, "must be strings"),
    ({"token": "secret", "expirationTimestamp": "soon"}, "expirationTimestamp must be a time"),
    ({"token": "secret", "expirationTimestamp": 7}, "expirationTimestamp must be a time"),
]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        *SAID,
        *(
            ({"kind": "ExecCredential", "apiVersion": V1, "status": status}, words)
            for status, words in STATUSES
        ),
    ],
)
def test_what_a_plugin_says_is_checked(said: Any, words: str) -> None:
    problem = decode_credential({"apiVersion": V1}, json.dumps(said).encode()).failure()
    assert words in problem
    assert "secret" not in problem


def test_no_credential_is_in_a_repr() -> None:
    assert "secret" not in repr(Credential("Bearer secret", {"client-key-data": b"secret"}))
    assert impersonation_headers({"as-groups": ["g"]}) == ()
