"""`fkube doctor`: a table of set-ups and servers, and what is said of each; dates; and its exit status."""

from __future__ import annotations

import base64
import json
import os
import re
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from fkube.cli import program
from fkube.kubeconfig.certificates import certificate_span, token_end
from fkube.verbs.examine import RESOURCES, VERBS, read_rights
from tests.edge import stub
from tests.edge.stub import Entry, Serving, answer

serving = pytest.fixture(stub.serving)

CA, OTHER = trustme.CA(), trustme.CA()
SOON, LATER = (datetime.now(UTC) + timedelta(days=days) for days in (3, 300))


def blob(pem: trustme.Blob) -> str:
    return base64.b64encode(pem.bytes()).decode()


def user(**dates: datetime) -> dict[str, str]:
    """A user with a client certificate."""
    pair = CA.issue_cert("me@example.org", **dates)
    return {
        "client-certificate-data": blob(pair.cert_chain_pems[0]),
        "client-key-data": blob(pair.private_key_pem),
    }


def jwt(**claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"h.{body}.s"


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CA.issue_cert("127.0.0.1").configure_cert(context)
    return context


TRUSTED = {"certificate-authority-data": blob(CA.cert_pem)}


def review(status: Any, kind: str = "SelfSubjectReview") -> bytes:
    return answer({"kind": kind, "status": status})


def status(code: int, reason: str, message: str) -> bytes:
    return answer({"kind": "Status", "message": message, "reason": reason, "code": code}, code)


def version(text: Any) -> bytes:
    return answer({"gitVersion": text})


def rules(*given: Any, **more: Any) -> bytes:
    told = {"resourceRules": [*given], "nonResourceRules": [], "incomplete": False, **more}
    return review(told, "SelfSubjectRulesReview")


def rule(verbs: str, resources: str, groups: tuple[str, ...] = ("", "apps"), **more: Any) -> dict[str, Any]:
    return {"verbs": verbs.split(), "apiGroups": [*groups], "resources": resources.split(), **more}


UNAUTHORIZED = status(401, "Unauthorized", "Unauthorized")
FORBIDDEN = status(403, "Forbidden", "no")
MISSING = status(404, "NotFound", "the server could not find the requested resource")
V = version("v1.37.2")
JANE = review({"userInfo": {"username": "jane", "groups": ["dev"]}})
ALL = rules(rule("*", "*", ("*",)))
SHOP = answer({"kind": "Namespace", "metadata": {"name": "shop"}})
YES, NO = (review({"allowed": allowed}, "SelfSubjectAccessReview") for allowed in (True, False))
GOING = {"name": "shop", "deletionTimestamp": "2025-01-01T00:00:00Z"}
GOOD = (V, JANE, ALL, SHOP)

ALL_RIGHTS = (
    "ok rights in namespace shop: create, get, list, patch and delete on configmaps, deployments.apps, pods,"
    " secrets and services"
)
NEW_CREDENTIALS = "→ get new ones where these came from, and put them into the kubeconfig"


@dataclass(frozen=True)
class Case:
    """A set-up, what the server plays, and lines that are printed, spaces made one.

    `absent`: topics of which nothing is said. A kubeconfig that is a text stands as it is.
    """

    answers: tuple[Entry, ...] = GOOD
    lines: tuple[str, ...] = ()
    config: Any = None
    user: Any = None
    cluster: Any = field(default_factory=lambda: dict(TRUSTED))
    words: str = ""
    environ: dict[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    plain: bool = False
    status: int = 0


CASES = {
    "all is well": Case(
        user={"token": "t"},
        lines=(
            "ok kubeconfig {home}/.kube/config, by default; contexts: x (current), y",
            "ok context x, with cluster c, user u, namespace shop",
            "ok cluster {server}",
            "ok user a token",
            "ok server it answers: Kubernetes v1.37.2",
            "ok version v1.37.2; fkube does as kubectl v1.37.1 does, and is compared with it",
            "ok identity jane, in dev",
            ALL_RIGHTS,
            "ok namespace shop is there",
            "ok completion not set up; `fkube completion --help` says how",
            "ok kuberc none at {home}/.kube/kuberc",
            "0 problems, 1 warning (kubectl), 16 ok",
        ),
        absent=("tls", "proxy"),
    ),
    "no kubeconfig": Case(
        config="",
        status=1,
        lines=(
            "ok kubeconfig {home}/.kube/config, by default; no such file",
            "problem context no configuration has been provided, try setting KUBERNETES_MASTER environment"
            " variable: there is no kubeconfig at {home}/.kube/config, so give --kubeconfig or --server,"
            " or use"
            " --embedded for a cluster in memory",
        ),
        absent=("server", "identity", "user", "cluster"),
    ),
    "KUBECONFIG that names nothing": Case(
        environ={"KUBECONFIG": "{home}/none:{home}/.kube/config"},
        lines=(
            "warning kubeconfig {home}/none, by KUBECONFIG, 1 of 2; no such file",
            "ok kubeconfig {home}/.kube/config, by KUBECONFIG, 2 of 2; contexts: x (current), y",
            "ok server it answers: Kubernetes v1.37.2",
        ),
    ),
    "kubeconfig given that is not there": Case(
        words="--kubeconfig={home}/none",
        status=1,
        lines=(
            "problem kubeconfig stat {home}/none: no such file or directory; check --kubeconfig and"
            " KUBECONFIG,"
            " or use --embedded for a cluster in memory",
        ),
        absent=("context", "server"),
    ),
    "broken kubeconfig": Case(
        config="clusters: []\nusers: [\n",
        status=1,
        lines=(
            'problem kubeconfig error loading config file "{home}/.kube/config": yaml: line 3: did not find'
            " expected node content; mend it, or use --embedded for a cluster in memory",
        ),
        absent=("context", "server"),
    ),
    "context that is not there": Case(
        words="--context=z",
        status=1,
        lines=('problem context context "z" does not exist; known contexts: x, y',),
        absent=("server",),
    ),
    "another context": Case(
        words="--context=y",
        status=1,
        lines=('problem context no server found for cluster "gone"',),
    ),
    "server without TLS": Case(
        plain=True,
        user={"token": "t"},
        lines=(
            "warning user a token; not shown to the server, which is reached without TLS",
            "→ write https:// for its server in the kubeconfig",
            "ok identity jane, in dev",
        ),
    ),
    "certificate not checked": Case(
        cluster={"insecure-skip-tls-verify": True},
        lines=(
            "warning tls the server's certificate is not checked: whoever is on the way can read and"
            " change all",
            "→ set certificate-authority in place of insecure-skip-tls-verify",
        ),
    ),
    "another authority": Case(
        cluster={"certificate-authority-data": blob(OTHER.cert_pem)},
        status=1,
        lines=(
            "problem server Unable to connect to the server: tls: failed to verify certificate: x509:"
            " certificate"
            " signed by unknown authority; set certificate-authority to the CA of this cluster",
        ),
        absent=("identity", "rights", "namespace"),
    ),
    "server that is down": Case(
        words="--server=https://127.0.0.1:1",
        status=1,
        lines=(
            "problem server The connection to the server 127.0.0.1:1 was refused - did you specify the"
            " right host"
            " or port?",
            "→ start the server, or choose another one with --context or --server",
        ),
        absent=("identity", "rights", "namespace", "version"),
    ),
    "server that hangs": Case(
        answers=("stall",),
        words="--request-timeout=100ms",
        status=1,
        lines=(
            "problem server the server {host} did not answer GET /version in the time of --request-timeout",
            "→ look at the network, a VPN, a firewall; --request-timeout=1m waits longer",
        ),
    ),
    "no API server": Case(
        answers=(answer(b"<html>", 200, "text/html"),),
        status=1,
        lines=(
            "problem server the server answered GET /version with text/html instead of JSON: is the server a"
            " Kubernetes API server?",
        ),
    ),
    "no version": Case(
        answers=(answer([1]), JANE, ALL, SHOP),
        lines=("warning server it answers without a version", "→ is it a Kubernetes API server?"),
    ),
    "old server": Case(
        answers=(version("v1.30.1"), JANE, ALL, SHOP),
        lines=(
            "warning version version difference between client (1.37) and server (1.30) exceeds the supported"
            " minor version skew of +/-1",
        ),
    ),
    "401": Case(
        answers=(UNAUTHORIZED,),
        user={"token": jwt(exp=1_000_000_000)},
        status=1,
        lines=(
            "problem user a token, which expired on 2001-09-09 01:46 UTC",
            NEW_CREDENTIALS,
            "ok server it answers, but does not tell its version: Unauthorized (401)",
            "problem identity the server does not know these credentials (401)",
            "→ log in anew, or choose another user with --context or --user",
            "2 problems (user, identity), 1 warning (kubectl), 11 ok",
        ),
        absent=("rights", "namespace", "version"),
    ),
    "client certificate": Case(
        user=user(not_after=LATER),
        lines=(f"ok user a client certificate, valid until {LATER:%Y-%m-%d %H:%M} UTC",),
    ),
    "client certificate that expires soon": Case(
        user=user(not_after=SOON),
        lines=(
            f"warning user a client certificate, which expires soon, on {SOON:%Y-%m-%d %H:%M} UTC",
            NEW_CREDENTIALS,
        ),
    ),
    "client certificate that has expired": Case(
        user=user(not_after=datetime(2020, 1, 2, 3, 4, tzinfo=UTC)),
        answers=(UNAUTHORIZED,),
        status=1,
        lines=("problem user a client certificate, which expired on 2020-01-02 03:04 UTC", NEW_CREDENTIALS),
    ),
    "client certificate of the future": Case(
        user=user(not_before=datetime(2090, 1, 1, tzinfo=UTC), not_after=datetime(2091, 1, 1, tzinfo=UTC)),
        status=1,
        lines=(
            "problem user a client certificate, valid only from 2090-01-01 00:00 UTC on",
            "→ look at this machine's clock",
        ),
    ),
    "acting as another": Case(
        user={"token": jwt(exp=4_000_000_000)},
        words="--as=root",
        lines=("ok user a token; acts as root, valid until 2096-10-02 07:06 UTC",),
    ),
    "exec plugin that is not there": Case(
        user={
            "exec": {
                "command": "/nowhere/login",
                "args": ["hush"],
                "apiVersion": "client.authentication.k8s.io/v1",
                "interactiveMode": "Never",
            }
        },
        status=1,
        lines=(
            "ok user the exec plugin /nowhere/login",
            "problem server Unable to connect to the server: getting credentials: exec: executable"
            " /nowhere/login"
            " not found: install the credential plugin that the kubeconfig names",
        ),
    ),
    "two ways to log in": Case(
        user={"token": "t", "username": "u", "password": "p"},
        status=1,
        lines=(
            "problem context more than one authentication method found for u; found [token basicAuth],"
            " only one"
            " is allowed",
        ),
        absent=("server",),
    ),
    "certificate file that is not there": Case(
        user={"client-certificate": "gone.crt", "client-key": "gone.key"},
        status=1,
        lines=(
            "problem server Error in configuration: * unable to read client-cert {home}/.kube/gone.crt"
            " for u due"
            " to open {home}/.kube/gone.crt: no such file or directory * unable to read client-key"
            " {home}/.kube/gone.key for u due to open {home}/.kube/gone.key: no such file or directory",
        ),
    ),
    "no reviews": Case(
        answers=(V, MISSING, MISSING, MISSING, SHOP),
        lines=(
            "ok identity the server does not tell: it has no SelfSubjectReview",
            "warning rights the server does not tell: the server could not find the requested resource (404)",
            "ok namespace shop is there",
        ),
    ),
    "403 for all": Case(
        answers=(V, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN),
        lines=(
            "warning identity the server does not tell: no (403)",
            "warning rights the server does not tell: no (403)",
            "ok namespace shop; whether it is there may not be read",
        ),
    ),
    "nobody": Case(
        answers=(V, review({"userInfo": {"username": "system:anonymous"}}), rules(), FORBIDDEN),
        status=1,
        lines=(
            "ok user none",
            "warning identity nobody (system:anonymous): no credentials were shown",
            "problem rights in namespace shop: nothing on configmaps, deployments.apps, pods, secrets"
            " and services",
        ),
    ),
    "some rights by rules": Case(
        answers=(
            V,
            JANE,
            rules(
                rule("get list", "*", ("",)),
                rule("*", "deployments", ("apps",)),
                rule("delete", "secrets", resourceNames=["one"]),
                rule("patch", "pods", ("other",)),
            ),
            SHOP,
        ),
        lines=(
            "warning rights in namespace shop: get and list on configmaps, pods, secrets and services;"
            " create,"
            " get, list, patch and delete on deployments.apps",
            "→ a Role or ClusterRole must allow the rest to this user; --context, --user or --as name"
            " another",
        ),
    ),
    "some rights one by one": Case(
        answers=(
            V,
            JANE,
            rules(rule("create get list patch delete", "configmaps pods secrets services"), incomplete=True),
            *(YES, NO, YES, NO, YES),
            SHOP,
        ),
        lines=(
            "warning rights in namespace shop: create, get, list, patch and delete on configmaps, pods,"
            " secrets"
            " and services; create, list and delete on deployments.apps",
        ),
    ),
    "rights one by one without rules": Case(
        answers=(V, JANE, MISSING, *[YES] * (len(VERBS) * len(RESOURCES)), SHOP),
        lines=(ALL_RIGHTS, "ok namespace shop is there"),
    ),
    "namespace that is not there": Case(
        answers=(V, JANE, ALL, MISSING),
        words="-n depot",
        status=1,
        lines=(
            "problem namespace depot is not there",
            "→ kubectl create namespace depot, or another with -n",
        ),
    ),
    "namespace that goes": Case(
        answers=(V, JANE, ALL, answer({"kind": "Namespace", "metadata": GOING})),
        lines=("warning namespace shop is being deleted: nothing can be created in it",),
    ),
    "answers of other shapes": Case(
        answers=(V, review(["a"]), rules(1, {"verbs": "*"}), SHOP),
        status=1,
        lines=("ok identity the server asks for none",),
    ),
    "an answer to something else": Case(
        answers=(V, YES, ALL, SHOP),
        lines=(
            "warning identity the server does not tell: the server answered POST"
            " /apis/authentication.k8s.io/v1/selfsubjectreviews with JSON that is no answer to it: kind"
            " is not"
            " as asked",
        ),
    ),
    "proxy of the environment": Case(
        environ={"HTTPS_PROXY": "http://me:hush@proxy.example:3128"},
        words="--server=https://api.example --client",
        lines=("ok proxy there is one, by HTTPS_PROXY",),
    ),
    "proxy that is none": Case(
        environ={"HTTPS_PROXY": "ftp://me:hush@proxy.example"},
        words="--server=https://api.example --client",
        status=1,
        lines=(
            'problem proxy by HTTPS_PROXY: unsupported scheme "ftp", must be http, https, or socks5',
            "→ correct HTTPS_PROXY",
        ),
    ),
    "proxy that is not used": Case(
        environ={"https_proxy": "http://me:hush@proxy.example:3128"},
        lines=("ok proxy none for this server, though HTTPS_PROXY is set in the environment",),
    ),
    "kuberc switched off": Case(environ={"KUBERC": "off"}, lines=("ok kuberc switched off by KUBERC=off",)),
    "embedded": Case(
        words="--embedded",
        config="",
        lines=(
            "ok cluster the embedded one, in memory",
            "ok identity the server asks for none",
            "ok namespace default is there",
            "0 problems, 1 warning (kubectl), 13 ok",
        ),
        absent=("kubeconfig", "context", "user"),
    ),
}


def config_of(case: Case, server: str) -> str:
    cluster = {} if case.plain else case.cluster
    return (
        case.config
        if isinstance(case.config, str)
        else json.dumps(
            {
                "current-context": "x",
                "contexts": [
                    {"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "shop"}},
                    {"name": "y", "context": {"cluster": "gone"}},
                ],
                "clusters": [{"name": "c", "cluster": {"server": server, **cluster}}],
                "users": [{"name": "u", "user": case.user or {}}],
            }
        )
    )


def unfold(text: str) -> list[str]:
    """The lines of a text, those that were folded as one, spaces made one."""
    whole = re.sub(r"\n {9,}(?=[^ →])", " ", text)
    return [" ".join(line.split()) for line in whole.splitlines()]


@dataclass(frozen=True)
class Told:
    status: int
    out: str
    err: str
    names: dict[str, str]


@pytest.fixture
def doctor(serving: Serving, folder: Path, capsys: Any, monkeypatch: Any) -> Any:
    """Run `fkube doctor` in the set-up of a case, with nothing on the PATH."""
    (folder / "bin").mkdir()
    (folder / ".kube").mkdir()

    def run(case: Case, *more: str) -> Told:
        played = serving(*case.answers, context=None if case.plain else tls())
        host = f"127.0.0.1:{played.port}"
        names = {"home": str(folder), "host": host, "server": f"http{'' if case.plain else 's'}://{host}"}
        if text := config_of(case, names["server"]):
            (folder / ".kube" / "config").write_text(text)
        for name in (
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "https_proxy",
            "http_proxy",
            "NO_PROXY",
            "no_proxy",
            "KUBERC",
        ):
            monkeypatch.delenv(name, raising=False)
        environ = {"PATH": str(folder / "bin"), "COLUMNS": "1000", **case.environ}
        for name, value in environ.items():
            monkeypatch.setenv(name, value.replace("{home}", str(folder)))
        words = [word.format(**names) for word in case.words.split()]
        status = program.run(["doctor", *words, *more], dict(os.environ))
        return Told(status, *capsys.readouterr(), names)

    return run


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told(name: str, doctor: Any) -> None:
    case = CASES[name]
    told = doctor(case)
    lines = unfold(told.out)
    for line in case.lines:
        assert line.format(**told.names) in lines, told.out
    topics = {line.split()[1] for line in lines if line.startswith(("ok ", "warning ", "problem "))}
    assert topics.isdisjoint(case.absent)
    assert told.status == case.status
    assert "hush" not in told.out + told.err


def test_as_json_it_is_the_same(doctor: Any) -> None:
    told = doctor(CASES["401"], "-o", "json")
    found = json.loads(told.out)
    assert found["counts"] == {"ok": 11, "warning": 1, "problem": 2}
    assert {one["topic"] for one in found["findings"] if one["level"] == "problem"} == {"user", "identity"}
    assert told.status == 1
    wrong = doctor(CASES["401"], "-o", "yaml")
    assert (wrong.status, wrong.out, wrong.err) == (1, "", "error: --output must be 'json'\n")


def test_without_a_question_no_server_is_asked(doctor: Any) -> None:
    told = doctor(Case(answers=("reset",)), "--client")
    assert " server " not in told.out
    assert told.status == 0


def test_kubectl_completion_and_preferences_are_found(doctor: Any, folder: Path) -> None:
    script = '#!/bin/sh\necho \'{"clientVersion": {"gitVersion": "v1.36.0"}}\'\n'
    for name in ("kubectl", "kubectl-fkube"):
        (folder / "bin" / name).write_text(script)
        (folder / "bin" / name).chmod(0o755)
    (folder / ".bashrc").write_text("source <(fkube completion bash)\n")
    kuberc = (
        "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\naliases: [{name: see, command: get}]\n"
    )
    (folder / ".kube" / "kuberc").write_text(kuberc)
    told = doctor(CASES["embedded"])
    lines = unfold(told.out)
    assert f"ok kubectl {folder}/bin/kubectl, v1.36.0" in lines
    assert f"ok completion set up in {folder}/.bashrc" in lines
    assert f"ok kuberc {folder}/.kube/kuberc; aliases: see; other defaults: none" in lines
    (folder / "bin" / "kubectl").write_text("#!/bin/sh\necho broken\n")
    (folder / "bin" / "kubectl-fkube").unlink()
    (folder / ".kube" / "kuberc").write_text("kind: Pod\n")
    told = doctor(CASES["embedded"])
    lines = unfold(told.out)
    without = "which does not say its version; `kubectl fkube` needs kubectl-fkube on the PATH too"
    assert f"ok kubectl {folder}/bin/kubectl, {without}" in lines
    assert any(line.startswith(f"warning kuberc {folder}/.kube/kuberc is not used: ") for line in lines)


def test_lines_are_as_wide_as_the_terminal(doctor: Any, folder: Path) -> None:
    told = doctor(replace_columns(CASES["all is well"]))
    # But for a path that is longer than the line.
    assert all(len(line) <= 80 or str(folder) in line for line in told.out.splitlines())
    assert re.search(r"^ {21}\S", told.out, re.MULTILINE)


def replace_columns(case: Case) -> Case:
    return Case(case.answers, config=case.config, user=case.user, environ={"COLUMNS": "80"})


DATES = (
    (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
    (datetime(2000, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)),
    (datetime(1950, 1, 1, tzinfo=UTC), datetime(2120, 2, 29, tzinfo=UTC)),
)


@pytest.mark.parametrize(("begin", "end"), DATES)
@pytest.mark.parametrize("kind", trustme.KeyType)
def test_the_dates_of_a_certificate_are_those_it_was_made_with(begin: Any, end: Any, kind: Any) -> None:
    pem = CA.issue_cert("a", not_before=begin, not_after=end, key_type=kind).cert_chain_pems[0].bytes()
    assert certificate_span(pem) == (begin, end)
    for cut in range(30, len(pem), 97):
        # What is no certificate has no dates, or those which are read before it breaks.
        assert certificate_span(pem[:cut]) is None
        assert certificate_span(pem[:cut] + b"\0" + pem[cut + 1 :]) in (None, (begin, end))


@pytest.mark.parametrize("token", ["", "a.b.c", "a.b", jwt(), jwt(exp="soon"), jwt(exp=1e300), "a.WzFd.c"])
def test_a_token_without_an_end_has_none(token: str) -> None:
    assert token_end(token) is None


def test_rules_allow_what_they_say() -> None:
    given = [
        rule("*", "pods", ("",)),
        rule("get", "*"),
        rule("delete", "secrets", ("*",), resourceNames=["x"]),
    ]
    allowed = {(right.verb, right.resource) for right in read_rights(given) if right.allowed}
    assert allowed == {*((verb, "pods") for verb in VERBS), *(("get", name) for _, name in RESOURCES)}
