"""Commands with secrets in them, and with something wrong: each a line of a table."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.canaries.canary import canary
from tests.edge.stub import Entry, Last

TOKEN, PASSWORD, KEY, PROXY, SECRET, EXEC, ENVIRON, FILE, URL, ANSWER, PLAN = map(
    canary,
    ("token", "password", "key", "proxy", "secret", "exec", "environ", "file", "url", "answer", "plan"),
)
NAMES = ("token", "password", "key", "proxy", "secret", "exec", "environ", "file", "url", "answer", "plan")


@dataclass(frozen=True, slots=True)
class Case:
    """A command line, the files and the environment it finds, and what a stub answers where it asks one.

    In words, files and environment `{url}` is the embedded cluster, `{stub}` the stub, `{tls}` one behind
    TLS, `{here}` the folder. `shows`: the canaries that its standard output is asked to show; `keeps`: those
    that a file of its owner's alone is left with.
    """

    words: tuple[str, ...]
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Entry, ...] = ()
    shows: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()


Cases = Iterator[tuple[str, Case]]


def config(user: Any = None, cluster: Any = None, server: str = "{url}", **more: Any) -> str:
    """A kubeconfig."""
    return json.dumps(
        {
            "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
            "clusters": [{"name": "k", "cluster": {"server": server, **(cluster or {})}}],
            "users": [{"name": "u", "user": user or {}}],
            **more,
        }
    )


def secret(body: str, name: str = "s", kind: str = "Secret") -> str:
    """The manifest of a Secret, with something in it that may be wrong."""
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}}}\n{body}\n"


TLS_CLUSTER = {"insecure-skip-tls-verify": True}
EXEC_V1 = "client.authentication.k8s.io/v1"


def plugin(script: str, **more: Any) -> Any:
    """A user of an exec plugin that is a shell script."""
    return {
        "exec": {
            "command": "/bin/sh",
            "args": ["-c", script],
            "apiVersion": EXEC_V1,
            "interactiveMode": "Never",
            **more,
        }
    }


def printed(**status: Any) -> str:
    """A script that prints a credential."""
    return f"echo '{json.dumps({'kind': 'ExecCredential', 'apiVersion': EXEC_V1, 'status': status})}'"


PROXIES = (
    f"http://u:{PROXY}@127.0.0.1:1",
    f"http://u:{PROXY}@[::1",
    f"http://u:{PROXY}@\u2100.example",
    f"http://u:{PROXY}@h:port",
    f"http://u:{PROXY}@h:99999",
    f"ftp://u:{PROXY}@h",
    f"u:{PROXY}@h:3128",
    f"{PROXY}:3128",
    f"http://u:{PROXY}@h h",
    f"http://u:{PROXY}@h\n",
    f"http://u:{PROXY}@h\0",
    f"socks5://u:{PROXY}@127.0.0.1:1",
    f"http://u:{PROXY}@",
    f"http://u:{PROXY}@]:1",
    f"http://u:{PROXY}@%zz",
    f"http:{PROXY}",
    f"//u:{PROXY}@h",
    f"http://u:{PROXY}@h/{PROXY}?{PROXY}#{PROXY}",
    f"http://u:{PROXY}\ud800@h",
    f"http://u:{PROXY}é@127.0.0.1:1",
    f"http://{'a' * 70}:{PROXY}@" + "b" * 70 + ".c",
)
SERVERS = (
    f"https://u:{URL}@127.0.0.1:1",
    f"https://u:{URL}@[::1",
    f"https://u:{URL}@\u2100",
    f"u:{URL}@h:1",
    f"https://h/{URL}?{URL}",
    f"https://u:{URL}@h:bad",
)

USERS: dict[str, Any] = {
    "token": {"token": TOKEN},
    "token of two lines": {"token": f"{TOKEN}\n{TOKEN}"},
    "token with NUL": {"token": f"{TOKEN}\0"},
    "token beyond Latin-1": {"token": f"{TOKEN}\u20ac"},
    "token with half a surrogate": {"token": f"{TOKEN}\ud800"},
    "token that is a list": {"token": [TOKEN]},
    "token that is a mapping": {"token": {TOKEN: TOKEN}},
    "token and password": {"token": TOKEN, "username": "u", "password": PASSWORD},
    "password": {"username": "u", "password": PASSWORD},
    "password of two lines": {"username": "u", "password": f"{PASSWORD}\n"},
    "password beyond Latin-1": {"username": "u", "password": f"{PASSWORD}\u20ac"},
    "password with half a surrogate": {"username": "u", "password": f"{PASSWORD}\ud800"},
    "password that is a list": {"username": "u", "password": [PASSWORD]},
    "token file": {"tokenFile": "{here}/token"},
    "token file that is no text": {"tokenFile": "{here}/bytes"},
    "token file of two lines": {"tokenFile": "{here}/lines"},
    "key that is none": {
        "client-certificate-data": base64.b64encode(f"x{KEY}".encode()).decode(),
        "client-key-data": base64.b64encode(
            f"-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----".encode()
        ).decode(),
    },
    "key without certificate": {
        "client-key-data": base64.b64encode(KEY.encode()).decode(),
        "client-key": "{here}/key",
    },
    "key that is no base64": {"client-key-data": f"{KEY}!", "client-certificate-data": f"{KEY}!"},
    "key file": {"client-certificate": "{here}/key", "client-key": "{here}/key"},
    "key file with other letters": {"client-certificate": "{here}/bytes", "client-key": "{here}/bytes"},
    "auth provider": {"auth-provider": {"name": "gcp", "config": {"access-token": TOKEN}}},
    "auth provider of another name": {"auth-provider": {"name": ["x", TOKEN]}},
    "impersonation": {"token": TOKEN, "as": "a\nb", "as-user-extra": {"k": [TOKEN, 1]}},
    "exec that fails": plugin(f"echo {EXEC}; exit 3"),
    "exec that prints no JSON": plugin(f"echo {EXEC}"),
    "exec that prints a list": plugin(f"echo '[\"{EXEC}\"]'"),
    "exec of another version": plugin(
        f"""echo '{{"kind":"ExecCredential","apiVersion":"x","status":{{"token":"{EXEC}"}}}}'"""
    ),
    "exec without status": plugin(
        f"""echo '{{"kind":"ExecCredential","apiVersion":"{EXEC_V1}","status":"{EXEC}"}}'"""
    ),
    "exec with a token": plugin(printed(token=EXEC)),
    "exec with a token of two lines": plugin(printed(token=f"{EXEC}\n{EXEC}")),
    "exec with a token that is a list": plugin(printed(token=[EXEC])),
    "exec with half a surrogate": plugin(printed(token=f"{EXEC}\ud800")),
    "exec with a time that is none": plugin(printed(token=EXEC, expirationTimestamp=EXEC)),
    "exec with a key that is none": plugin(printed(clientCertificateData=EXEC, clientKeyData=EXEC)),
    "exec with a key only": plugin(printed(clientKeyData=EXEC)),
    "exec with a key of half a surrogate": plugin(
        printed(clientCertificateData=f"{EXEC}\ud800", clientKeyData=EXEC)
    ),
    "exec with arguments and environment": plugin(
        "exit 1", env=[{"name": "A", "value": ENVIRON}], args=["-c", "exit 1", EXEC]
    ),
    "exec with an environment that is none": plugin("exit 1", env=[{"name": "A=B", "value": f"{ENVIRON}\0"}]),
    "exec with half a name": plugin("exit 1", env=[{"value": ENVIRON}]),
    "exec that is not there": {
        "exec": {"command": "/nowhere/x", "args": [EXEC], "apiVersion": EXEC_V1, "interactiveMode": "Never"}
    },
    "exec with NUL": {
        "exec": {"command": "/bin/sh\0", "args": [EXEC], "apiVersion": EXEC_V1, "interactiveMode": "Never"}
    },
}
KEPT: dict[str, str | bytes] = {
    "token": FILE,
    "bytes": f"{FILE}\xff{FILE}".encode("latin-1"),
    "lines": f"{FILE}\n{FILE}\n",
    "key": f"-----BEGIN PRIVATE KEY-----\n{FILE}\u20ac\n-----END PRIVATE KEY-----\n",
}
GET = ("get", "secrets", "--kubeconfig={here}/config")
DOCTOR = ("doctor", "--kubeconfig={here}/config")


def users() -> Cases:
    """Each user of a kubeconfig, with a server that is not there, one without TLS, one that refuses."""
    for name, user in USERS.items():
        for server in ("https://127.0.0.1:1", "{url}", "{tls}"):
            yield (
                f"user: {name}, {server}",
                Case(GET, {**KEPT, "config": config(user, TLS_CLUSTER if server == "{tls}" else {}, server)}),
            )
        for server in ("{url}", "{tls}"):
            made = config(user, TLS_CLUSTER if server == "{tls}" else {}, server)
            yield f"user examined: {name}, {server}", Case(DOCTOR, {**KEPT, "config": made})
            yield f"user told: {name}, {server}", Case((*GET, "-v=10"), {**KEPT, "config": made})


def proxies() -> Cases:
    """Each proxy, in a kubeconfig, a flag and the environment; and each server with a password in it."""
    for number, proxy in enumerate(PROXIES):
        yield (
            f"proxy {number} of a kubeconfig",
            Case(GET, {"config": config({}, {"proxy-url": proxy}, "https://a.example")}),
        )
        yield (
            f"proxy {number} told",
            Case((*GET, "-v=10"), {"config": config({}, {"proxy-url": proxy}, "https://a.example")}),
        )
        if number % 2:
            examined = Case(DOCTOR, {"config": config({}, {"proxy-url": proxy}, "https://a.example")})
            yield f"proxy {number} examined", examined
        if "\0" not in proxy:
            shown = proxy.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
            yield (
                f"proxy {number} of a flag",
                Case(("get", "secrets", "--server=https://a.example", f"--proxy-url={shown}")),
            )
            yield (
                f"proxy {number} of the environment",
                Case(("get", "secrets", "--server=https://a.example"), {}, {"HTTPS_PROXY": shown}),
            )
            if number % 2 == 0 or "://" not in proxy:
                examined = Case(("doctor", "--server=https://a.example"), {}, {"HTTPS_PROXY": shown})
                yield f"proxy {number} of the environment examined", examined
    for number, server in enumerate(SERVERS):
        yield f"server {number} of a kubeconfig", Case(GET, {"config": config({"token": TOKEN}, {}, server)})
        yield f"server {number} examined", Case(DOCTOR, {"config": config({"token": TOKEN}, {}, server)})
        told = Case((*GET, "-v=10"), {"config": config({"token": TOKEN}, {}, server)})
        # The path of a server is told, as kubectl tells it: where clusters share one, it has their names.
        if "/{URL}?" not in server.replace(URL, "{URL}"):
            yield f"server {number} told", told
        yield f"server {number} of a flag", Case(("get", "secrets", f"--server={server}", f"--token={TOKEN}"))
        yield (
            f"server {number} of the environment",
            Case(("get", "secrets"), {}, {"KUBERNETES_MASTER": server}),
        )


BROKEN_CONFIGS = (
    "users: [{{name: u, user: {{token: *{0}}}}}]",
    "users: [{{name: u, user: {{token: !{0} x}}}}]",
    'users: [{{name: u, user: {{token: "{0}}}}}]',
    "users:\n- name: u\n  user:\n    token: {0}\n   password: {0}\n",
    "users: {0}",
    "users: [{0}]",
    "{0}",
    "[{0}]",
    "users: [{{name: [{0}], user: {{}}}}]",
    "users: [{{name: u, user: {0}}}]",
    "users: [{{name: u, user: {{token: [{0}]}}}}]",
    "users: [{{name: u, user: {{exec: {{env: [{0}]}}}}}}]",
    "users: [{{name: u, user: {{exec: {0}}}}}]",
    'users: [{{name: u, user: {{token: "\\{0}"}}}}]',
    "%{0}\nusers: []",
    "users: [{{name: u, user: {{token: !!int {0}}}}}]",
    "users: [{{name: u, user: {{token: !!binary {0}!}}}}]",
    "users: [{{name: u, user: {{client-key-data: {0}!}}}}]",
    "{0}: : :",
    "\t{0}",
    "apiVersion: {0}",
    "kind: [{0}]",
    "? {0}\n: [",
    "a: &{0}",
    "a: |{0}\n b",
    "users: [{{name: u, user: {{as-user-extra: {{k: {0}}}}}}}]",
    "current-context: [{0}]",
    "users: '{0}",
    "--- {0}\n--- {0}\n",
    "a: {0}\x01",
    "a: *{0}.b'c'd",
    "kind: {0}",
    "kind: {0}\napiVersion: {0}",
    "apiVersion: v1/{0}",
    "apiVersion: {0}/v1",
    "kind: Pod {0}",
)


def broken_configs() -> Cases:
    """Kubeconfigs that are none, with a token where they break."""
    for number, text in enumerate(BROKEN_CONFIGS):
        yield f"broken kubeconfig {number}", Case(GET, {"config": text.format(TOKEN)})
        if number % 3 == 0:
            yield f"broken kubeconfig {number} examined", Case(DOCTOR, {"config": text.format(TOKEN)})


MANIFESTS = {
    "alias": "stringData: {{k: *{0}}}",
    "anchor": "stringData: {{k: &{0} a, l: &{0} [*{0}}}",
    "tag": "stringData: {{k: !{0} a}}",
    "tagged int": "stringData: {{k: !!int {0}}}",
    "tagged float": "stringData: {{k: !!float {0}}}",
    "binary": "data: {{k: !!binary {0}!}}",
    "quote": 'stringData: {{k: "{0}}}',
    "escape": 'stringData: {{k: "\\{0}"}}',
    "single quote": "stringData: {{k: '{0}}}",
    "directive": "%{0}",
    "indentation": "stringData:\n  k: {0}\n l: {0}",
    "tab": "stringData:\n\tk: {0}",
    "control": "stringData: {{k: {0}\x01}}",
    "no mapping": "stringData: {0}",
    "list": "stringData: [{0}]",
    "value is a list": "stringData: {{k: [{0}]}}",
    "value is a mapping": "data: {{k: {{{0}: 1}}}}",
    "no base64": "data: {{k: {0}!}}",
    "type": "type: {{a: {0}}}",
    "unknown field": "stringDat: {{k: {0}}}",
    "immutable": "immutable: {0}",
    "good": "stringData: {{k: {0}}}",
    "twice": "stringData: {{k: {0}, k: {0}}}",
    "colon": "stringData: {{k: {0}: {0}}}",
    "key": "stringData: {{? [{0}] : a}}",
    "merge": "stringData: {{<<: {0}}}",
    "block": "stringData:\n  k: |{0}\n   x",
    "document": "--- {0}\nx",
    "surrogate": 'stringData: {{k: "{0}\\ud800"}}',
    "labels": "stringData: {{k: {0}}}\nlabels: [",
    "last applied": "stringData: {{k: {0}}}\ndata: [",
    "null key": "stringData: {{~: {0}}}",
    "number": "stringData: {{k: 1}}\ndata: {{k: 1, l: {0}}}",
    "flow": "stringData: {{k: [{0}, }}",
    "plain scalar": "stringData:\n  k: {0}\n    : [",
    "reserved": "stringData: {{k: @{0}}}",
    "percent": "stringData: {{k: %{0}}}",
    "replaced by a merge": "stringData: {{k: {0}, <<: {{k: x{0}}}}}",
    "replaced by merges": "stringData: {{k: {0}, <<: [{{k: {0}}}, {{k: x{0}}}]}}",
    "behind the end": "stringData: {{k: {0}}}\n...\nstringData: {{k: {0}}}",
    "text behind the end": "...\n{0}",
    "value behind the value": "--- {{k: {0}}}\n{0}",
    "json": '{{"stringData":{{"k":"{0}\\q"}}}}',
}
WRITES = (
    "create -f {m}",
    "create -f {m} --dry-run=client",
    "create -f {m} --validate=warn --report={{here}}/r",
    "apply -f {m} --report={{here}}/r",
    "apply -f {m} --server-side",
    "diff -f {m}",
    "replace -f {m}",
    "replace -f {m} --force",
    "delete -f {m}",
    "plan -f {m}",
    "plan --apply -f {m}",
    "trace -f {m} -o json",
    "trace -f {m} --run",
    "trace --apply -f {m} --html={{here}}/page",
    "label -f {m} a=b --local",
    "get -f {m}",
    "apply set-last-applied -f {m}",
    "wait -f {m} --for=jsonpath={{{{.data.k}}}}=x --timeout=0s",
)
SHORT = ("create -f {m} --report={{here}}/r", "apply -f {m}", "apply -f {m} --server-side")


def manifests() -> Cases:
    """Manifests of Secrets that are broken, in each command that reads one."""
    for name, body in MANIFESTS.items():
        text = secret(body.format(SECRET))
        if name == "json":
            text = body.format(SECRET)
        for line in WRITES:
            words = line.format(m="{here}/m.yaml").replace("{{", "{").replace("}}", "}").split()
            yield (
                f"manifest: {name}: {line}",
                Case((*words, "--kubeconfig={here}/config"), {"m.yaml": text, "config": config()}),
            )


def _words(line: str) -> tuple[str, ...]:
    return (*line.split(), "--kubeconfig={here}/config")


APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
COMMANDS: dict[str, Case] = {
    line: Case(_words(line), {"config": config()})
    for line in (
        "get secret/there",
        "get secrets -o wide --show-labels",
        "get secrets -o name",
        "get secret there --sort-by={.data.k}",
        "get secret/there -o custom-columns=A:.data.k.l",
        "get secret/there -o jsonpath={.data.k.l[0]}",
        "get secret/there -o jsonpath={.data[?(@.x>1)]}",
        "get secret/there -o jsonpath={range",
        "get secret/there -o go-template={{.data.k.l}}",
        "get secret/there -o go-template={{eq(.data)(.data)}}{{range(.data.k)}}{{end}}",
        "get secret/there -o go-template={{range(.data.k)}}{{end}}",
        "get secret/there -o go-template={{.data.k|base64decode|call}}",
        "get secret/there -o go-template={{.stringData.none}} --allow-missing-template-keys=false",
        "get secret/there --template={{if",
        "label secret/there a=b -o go-template={{.data.k.l}}",
        "label secret/there a=b",
        "label secret/there a=b --list",
        "annotate secret/there a=b",
        "scale secret/there --replicas=1",
        "wait secret/there --for=jsonpath={.data.k}=x --timeout=0s",
        "wait secret/there --for=condition=Ready --timeout=0s",
        "delete secret/there",
        "delete secrets --all",
        "apply view-last-applied secret/none",
        "api-resources",
        "version",
        "doctor",
        "doctor -o json",
        "get secrets --field-selector=data.k=a",
        "get secrets -w --request-timeout=x",
        "apply --prune -l a=b -f {here}/config",
    )
}
DOCUMENT = secret(f"stringData: {{k: {SECRET}}}", "there")
_SHOW_TYPES = ("diff", "trace --server-side")
"""The commands that show the type of a Secret."""
BAD_PATCHES = (
    f'{{"data": {{"k": {SECRET}',
    f'{{"data": {{"k": *{SECRET}}}}}',
    f'[{{"op":"test","path":"/data/k","value":"{SECRET}"}}]',
    f'{{"data": {{"k": ["{SECRET}"]}}}}',
    f'{{"stringData": "{SECRET}"}}',
    f'"{SECRET}"',
    f'[{{"op":"{SECRET}"}}]',
    f'{{"immutable": "{SECRET}"}}',
)


def commands() -> Cases:
    """Commands about a Secret that is there, by which nothing of it is asked for; and patches of it."""
    for line, case in COMMANDS.items():
        yield f"command: {line}", case
    for number, patch in enumerate(BAD_PATCHES):
        for kind in ("json", "merge", "strategic"):
            words = ("patch", "secret/there", f"--type={kind}", "-p", patch, "--kubeconfig={here}/config")
            yield f"patch {number} {kind}", Case(words, {"config": config()})
    for number, changed in enumerate(
        (
            f"stringData: {{k: x{SECRET}}}",
            f"data: {{k: {SECRET}!}}",
            # A `type` is no secret of a Secret: diff shows it, as kubectl does.
            f"type: {SECRET}",
            f"immutable: true\nstringData: {{k: {SECRET}}}",
        )
    ):
        for line in (
            *SHORT,
            "diff -f {m}",
            "diff -f {m} --server-side",
            "plan --apply -f {m}",
            "trace --apply -f {m}",
            "trace --server-side -f {m} -o json",
            "replace -f {m}",
        ):
            words = line.format(m="{here}/m.yaml").replace("{{", "{").replace("}}", "}").split()
            yield (
                f"changed {number}: {line}",
                Case(
                    (*words, "--kubeconfig={here}/config"),
                    {"m.yaml": secret(changed, "there"), "config": config()},
                    shows=("secret",) if changed.startswith("type") and line.startswith(_SHOW_TYPES) else (),
                ),
            )


def sources() -> Cases:
    """Manifests behind URLs with passwords, and files of reports and plans that are broken."""
    for number, url in enumerate(
        (
            f"http://u:{URL}@127.0.0.1:1/x?t={URL}#{URL}",
            f"http://u:{URL}@[::1",
            f"http://u:{URL}@\u2100/",
            f"http://u:{URL}@h:bad/",
            f"http://u:{URL}@/x",
            f"https://u:{URL}@127.0.0.1:1",
            "{stub}/x?t=" + URL,
        )
    ):
        away = b"HTTP/1.1 302 Found\r\nLocation: http://u:%b@127.0.0.1:1/%b\r\nContent-Length: 0\r\n\r\n" % (
            URL.encode(),
            URL.encode(),
        )
        odd = b"HTTP/1.1 302 Found\r\nLocation: http://u:%b@[::1\r\nContent-Length: 0\r\n\r\n" % URL.encode()
        for name, answer in (("away", away), ("odd", odd)):
            yield (
                f"source {number} {name}",
                Case(
                    ("create", "-f", url, "--kubeconfig={here}/config"), {"config": config()}, {}, (answer,)
                ),
            )
    rows = (
        f'{{"key": "{PLAN}"',
        f'{{"method":"POST","body":"{PLAN}"}}',
        f"{PLAN}\n{PLAN}",
        f'["{PLAN}"]',
        _plan_row(),
        _ledger_row(),
    )
    for number, row in enumerate(rows):
        yield (
            f"plan {number}",
            Case(("apply", "--plan={here}/p", "--kubeconfig={here}/config"), {"config": config(), "p": row}),
        )
        yield (
            f"resume {number}",
            Case(
                (
                    "create",
                    "-f",
                    "{here}/m.yaml",
                    "--resume={here}/p",
                    "--report={here}/r",
                    "--kubeconfig={here}/config",
                ),
                {"config": config(), "p": row + "\n{}", "m.yaml": DOCUMENT},
            ),
        )


def _plan_row() -> str:
    fields = {
        "method": "POST",
        "path": "/x",
        "query": [PLAN],
        "contentType": "x",
        "body": {"k": PLAN},
        "apiVersion": "v1",
        "kind": "Secret",
        "namespace": "",
        "name": "a",
        "action": "created",
        "source": "s",
        "key": "k",
        "last": True,
    }
    from fkube.report.planfile import seal_plan

    return "\n".join(json.dumps(row) for row in seal_plan([fields]))


def _ledger_row() -> str:
    row = {
        "source": ["a"],
        "document": {"a": PLAN},
        "line": 1,
        "key": [PLAN],
        "action": "created",
        "digest": {"d": PLAN},
        "uid": PLAN,
    }
    return json.dumps(row)


def answer(body: Any, status: int = 200, **headers: str) -> bytes:
    """An answer on the wire."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {
        "Content-Type": "application/json",
        "Content-Length": str(len(data)),
        **{key.replace("_", "-"): value for key, value in headers.items()},
    }
    return (
        f"HTTP/1.1 {status} X\r\n".encode()
        + b"".join(f"{key}: {value}\r\n".encode() for key, value in lines.items())
        + b"\r\n"
        + data
    )


STATUS = {
    "kind": "Status",
    "apiVersion": "v1",
    "status": "Failure",
    "message": "no",
    "reason": "Invalid",
    "code": 422,
}
ANSWERS: dict[str, Entry] = {
    "text": answer(ANSWER.encode()),
    "a text": answer(ANSWER),
    "list": answer([ANSWER]),
    "metadata": answer({"kind": "Secret", "metadata": ANSWER}),
    "data": answer({"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "a"}, "data": ANSWER}),
    "items": answer({"kind": "SecretList", "items": [ANSWER]}),
    "table": answer({"kind": "Table", "rows": [{"cells": 1, "object": ANSWER}]}),
    "code": answer({**STATUS, "code": ANSWER}, 422),
    "seconds": answer({**STATUS, "details": {"retryAfterSeconds": ANSWER}}, 422),
    "details": answer({**STATUS, "details": ANSWER}, 422),
    "causes": answer({**STATUS, "details": {"causes": [ANSWER]}}, 422),
    "retry": answer(STATUS, 409, Retry_After=ANSWER),
    "type": answer(ANSWER.encode(), Content_Type="text/html"),
    "broken": answer(f'{{"data": "{ANSWER}'.encode()),
    "location": answer({}, 307, Location=f"http://u:{ANSWER}@h/{ANSWER}"),
    "odd location": answer({}, 302, Location=f"http://u:{ANSWER}@[::1"),
    "annotation": answer(
        {
            "kind": "Secret",
            "apiVersion": "v1",
            "metadata": {"name": "there", "uid": "u", "annotations": {APPLIED: f'{{"a": {ANSWER}'}},
        }
    ),
    "version": answer({"gitVersion": [ANSWER]}),
    "managers": answer(
        {
            "kind": "Secret",
            "apiVersion": "v1",
            "metadata": {
                "name": "there",
                "managedFields": [
                    {
                        "operation": "Apply",
                        "apiVersion": "v1",
                        "fieldsType": "FieldsV1",
                        "fieldsV1": {f'v:"{ANSWER}"': ANSWER},
                    }
                ],
            },
        }
    ),
    "no header": Last(b"HTTP/1.1 " + ANSWER.encode() + b"\r\n\r\n"),
    "no length": Last(b"HTTP/1.1 200 OK\r\nContent-Length: " + ANSWER.encode() + b"\r\n\r\n"),
    "no chunk": Last(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + ANSWER.encode() + b"\r\n"),
}
DISCOVERY = answer(
    {
        "kind": "APIGroupDiscoveryList",
        "items": [
            {
                "metadata": {},
                "versions": [
                    {
                        "version": "v1",
                        "resources": [
                            {
                                "resource": "secrets",
                                "singularResource": "secret",
                                "responseKind": {"group": "", "version": "v1", "kind": "Secret"},
                                "scope": "Namespaced",
                                "verbs": ["get", "list"],
                            }
                        ],
                    }
                ],
            }
        ],
    }
)
GROUPS = answer({"kind": "APIGroupDiscoveryList", "items": []})
ASKING = (
    "get secret/there",
    "create -f {here}/m.yaml --validate=false --report={here}/r",
    "apply -f {here}/m.yaml --validate=false",
    "apply -f {here}/m.yaml --server-side --validate=false",
    "delete secret/there --wait=false",
    "patch secret/there -p {{}}",
    "label secret/there a=b",
    "diff -f {here}/m.yaml",
    "replace -f {here}/m.yaml",
    "wait secret/there --for=delete --timeout=0s",
    "version",
    "api-resources",
    "doctor",
)


def answers() -> Cases:
    """Answers with a secret where none belongs: to each command, and to its discovery."""
    for name, odd in ANSWERS.items():
        for line in ASKING:
            words = (
                *line.replace("{{", "{").replace("}}", "}").split(),
                "--kubeconfig={here}/config",
                "--request-timeout=5s",
            )
            files = {"config": config(server="{stub}"), "m.yaml": DOCUMENT}
            yield f"answer: {name}: {line}", Case(words, files, {}, (DISCOVERY, GROUPS, odd))
        yield (
            f"discovery: {name}",
            Case(
                (*_words("get secrets"), "--request-timeout=5s"),
                {"config": config(server="{stub}")},
                {},
                (odd,),
            ),
        )


FLAGS = (
    ("get", "secrets", f"--token={TOKEN}", "--token"),
    ("get", "secrets", f"--tokn={TOKEN}"),
    ("get", "secrets", f"--token={TOKEN}\n", "--server={tls}", "--insecure-skip-tls-verify"),
    ("get", "secrets", f"--token={TOKEN}\udcff", "--server={tls}", "--insecure-skip-tls-verify"),
    ("get", "secrets", "--as=\udcff", f"--token={TOKEN}", "--server={tls}", "--insecure-skip-tls-verify"),
    ("get", "secrets", f"--password={PASSWORD}", f"--token={TOKEN}"),
    (
        "get",
        "secrets",
        f"--password={PASSWORD}\udcff",
        "--username=u",
        "--server={tls}",
        "--insecure-skip-tls-verify",
    ),
    ("get", "secrets", f"--password={PASSWORD}", "--username=u", "--server=https://127.0.0.1:1"),
    ("get", "--raw=/x\udcff", f"--token={TOKEN}", "--server={tls}", "--insecure-skip-tls-verify"),
    (
        "get",
        "secrets",
        "--request-timeout=10000000000",
        f"--token={TOKEN}",
        "--server={tls}",
        "--insecure-skip-tls-verify",
    ),
    ("get", "secrets", "--certificate-authority=a\0b", f"--token={TOKEN}", "--server=https://127.0.0.1:1"),
    (
        "get",
        "secrets",
        "--client-certificate={here}/key",
        "--client-key={here}/key",
        "--server=https://127.0.0.1:1",
    ),
    ("get", "secrets", "-l", "a=\udcff", f"--token={TOKEN}", "--server={url}"),
    ("get", "secrets", "-w", "-l", "a=\udcff", f"--token={TOKEN}", "--server={url}"),
    ("patch", "ns/default", "-p", f'{{"a": "{SECRET}\udcff"}}', "--server={url}"),
    ("patch", "ns/default", "--type=merge", "-p", f'{{"a": "{SECRET}\udcff"}}', "--server={url}"),
    ("get", "secrets", f"--as-user-extra={TOKEN}", f"--token={TOKEN}", "--server=https://127.0.0.1:1"),
    ("create", "--raw=/api", "-f", "{here}/token", "--server=http://127.0.0.1:1"),
    ("get", "secrets", f"--token={TOKEN}", "--kubeconfig={here}/nowhere"),
    ("get", "secrets", "--kubeconfig=a\0b", f"--token={TOKEN}"),
    ("get", "-f", "a\0b", "--embedded", f"--token={TOKEN}"),
)


def flags() -> Cases:
    """Secrets in flags, beside flags that are wrong."""
    for number, words in enumerate(FLAGS):
        yield f"flags {number}", Case(words, dict(KEPT))


TOLD = (
    ("create", "-f", "{here}/s"),
    ("create", "-f", "{here}/s", "--record", "--save-config"),
    ("create", "-f", "{here}/s", "--edit"),
    ("create", "-f", "{here}/broken", "--edit"),
    ("apply", "-f", "{here}/s", "--record"),
    ("apply", "--server-side", "-f", "{here}/s"),
    ("replace", "-f", "{here}/there"),
    ("diff", "-f", "{here}/there", "--prune", "--prune-allowlist=core/v1/Secret"),
    ("get", "secret", "there"),
    ("get", "secrets", "-A"),
    ("patch", "secret", "there", "--record", "-p", json.dumps({"stringData": {"a": SECRET}})),
    ("patch", "secret", "there", "--type=merge", "-p", json.dumps({"data": {"a": f"{SECRET}!"}})),
    (
        *("patch", "secret", "there", "--type=json", "--record", "-p"),
        json.dumps([{"op": "add", "path": "/stringData", "value": {"a": SECRET}}]),
    ),
    ("annotate", "secret", "there", f"note={SECRET}", "--record"),
    ("annotate", "secret", "there", f"note={SECRET}", f"--token={TOKEN}", "--record"),
    ("label", "secret", "there", "note=x", "--record", "--overwrite"),
    ("wait", "secret/there", "--for=jsonpath={.data.k}=x", "--timeout=30ms"),
    ("delete", "secret", "there", "--dry-run=server"),
    ("create", "--raw=/api/v1/namespaces/default/secrets", "-f", "{here}/s"),
)


def told() -> Cases:
    """Commands about Secrets that tell all of their requests, or keep themselves in an annotation."""
    files = {
        "s": secret(f"stringData: {{a: {SECRET}}}"),
        "there": secret(f"stringData: {{a: {SECRET}}}", "there"),
        "broken": secret(f"stringData: {{a: *{SECRET}}}"),
        "config": config({"token": TOKEN}),
    }
    for number, words in enumerate(TOLD):
        for level in ("-v=6", "-v=8", "-v=10", "--vmodule=*=9"):
            case = Case((*words, level, "--kubeconfig={here}/config"), files, {"EDITOR": "sed -i s/a:/b:/"})
            # What is refused stays in a file of its owner's, as kubectl leaves it.
            kept = ("secret",) if "--edit" in words else ()
            yield f"told {number} {level}", replace(case, keeps=kept)


def told_answers() -> Cases:
    """Answers with a secret where none belongs, told. What a server says of itself is told: -v is for it."""
    files = {"config": config(server="{stub}"), "m.yaml": DOCUMENT}
    for name, odd in ANSWERS.items():
        for line in ("get secret/there", "get secrets", "patch secret/there -p {}", "delete secret/there"):
            for level in ("-v=8", "-v=10") if name not in OF_SERVER else ():
                words = (*line.split(), level, "--kubeconfig={here}/config", "--request-timeout=5s")
                yield f"told answer: {name}: {line} {level}", Case(words, files, {}, (DISCOVERY, GROUPS, odd))


def hints() -> Cases:
    """Refusals that quote the Secret that was sent, and of which fkube knows the way out."""
    files = {"config": config(server="{stub}"), "m.yaml": DOCUMENT}
    none = answer({**STATUS, "reason": "NotFound", "code": 404}, 404)
    for name, refusal in REFUSED.items():
        for line, first in (("create", ()), ("apply", (none,)), ("apply --server-side", (none,))):
            for level in ("-v=0", "-v=10"):
                words = (*line.split(), "-f", "{here}/m.yaml", "--validate=false", level)
                yield (
                    f"hint: {name}: {line} {level}",
                    Case(
                        (*words, "--kubeconfig={here}/config"),
                        files,
                        {},
                        (DISCOVERY, GROUPS, *first, refusal),
                    ),
                )


def _refused(reason: str, code: int, message: str) -> bytes:
    causes = {"causes": [{"reason": "FieldValueInvalid", "message": message, "field": "stringData"}]}
    return answer(
        {**STATUS, "reason": reason, "code": code, "message": message, "details": causes},
        code,
    )


OF_SERVER = ("code", "seconds", "details", "causes", "retry", "managers", "no length")
REFUSED = {
    f"refused {number}": _refused(*row)
    for number, row in enumerate(
        (
            ("AlreadyExists", 409, f'secrets "{SECRET}" already exists'),
            ("NotFound", 404, f'namespaces "{SECRET}" not found'),
            ("Invalid", 422, f'metadata.annotations: Too long: "{SECRET}"'),
            ("Invalid", 422, f'data: Invalid value: "{SECRET}": field is immutable'),
            ("Forbidden", 403, f"new content in namespace {SECRET} because it is being terminated"),
            ("InternalError", 500, f'failed calling webhook "{SECRET}"'),
            ("BadRequest", 400, f'strict decoding error: unknown field "{SECRET}"'),
            ("Conflict", 409, f"the object has been modified: {SECRET}"),
        )
    )
}
"""Refusals of which fkube knows the way out, and which quote what was sent."""

SENT = secret(f"stringData: {{k: {SECRET}}}")
EDITORS = {
    "breaks it": ("sed -i s/stringData.*/[/", "s", ("secret",)),
    "changes it": ("sed -i s/k:/l:/", "s", ()),
    "changes nothing": ("true", "s", ()),
    "fails": ("false", "s", ()),
    "is not there": ("/nowhere/editor", "s", ()),
    "is no program": ("/", "s", ()),
    "empties it": ("truncate -s 0", "s", ()),
    "deletes it": ("rm", "s", ()),
    "writes what is refused": ("sed -i s/k:/l:/", "there", ("secret",)),
    "writes another namespace": ("sed -i s/namespace:.*/namespace:\\ b/", "s", ("secret",)),
    "writes no text": ("sed -i s/k:/\\xff:/", "s", ("secret",)),
}


def edits() -> Cases:
    """Editors that do something with a Secret, which is a file until it is created."""
    for name, (editor, file, keeps) in EDITORS.items():
        for output in ("name", "json"):
            words = ("create", "-f", f"{{here}}/{file}", "--edit", "-o", output, "--kubeconfig={here}/config")
            files = {
                "s": secret(f"stringData: {{k: {SECRET}}}", f"{'-'.join(name.split())}-{output}"),
                "there": secret(f"stringData: {{k: {SECRET}}}", "there"),
                "config": config(),
            }
            shown = ("secret",) if output == "json" else ()
            yield f"editor {name}, {output}", Case(words, files, {"EDITOR": editor}, (), shown, keeps)


GO_TEMPLATES = (
    '{{index .data "k" "x"}}',
    "{{slice .data.k 1 900}}",
    '{{slice .data.k "a"}}',
    "{{len (len .data.k)}}",
    "{{lt .data.k 1}}",
    "{{eq .data.k .data}}",
    "{{template .data.k}}",
    '{{template "x" .data.k}}',
    "{{call .data.k}}",
    "{{.data.k | base64decode | base64decode}}",
    "{{.data.k.x}}",
    "{{index .data .data.k .data.k}}",
    "{{and .data.k .data.k.x}}",
    "{{with .data.k}}{{.x}}{{end}}",
    "{{range $a, $b := .data}}{{$b.x}}{{end}}",
    "{{index .data.k .data.k}}",
    "{{(printf .data.k 1).x}}",
    "{{urlquery .data.k | call}}",
    "{{not .data.k.x}}",
    "{{.data.none}}",
    "{{.data.none.x}}",
    "{{index .data 1}}",
    '{{define "x"}}{{.k.y}}{{end}}{{template "x" .data}}',
    "{{.data.k .data.k}}",
    "{{print (.data.k | len | slice .data.k).x}}",
)


def templates() -> Cases:
    """Go templates that fail at the data of a Secret."""
    for number, template in enumerate(GO_TEMPLATES):
        for more in ("--allow-missing-template-keys=false", "-v=10"):
            words = ("get", "secret", "there", f"-o=go-template={template}", more)
            yield (
                f"template {number} {more}",
                Case((*words, "--kubeconfig={here}/config"), {"config": config()}),
            )


def _preference(options: str, command: str = "get") -> str:
    head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
    return f"{head}defaults: [{{command: {command}, options: {options}}}]\n"


PREFERENCES = (
    TOKEN,
    f"[{TOKEN}",
    f"a: *{TOKEN}",
    _preference(f"[{{name: token, default: {TOKEN}}}]"),
    _preference(f"[{{name: token, default: [{TOKEN}]}}]"),
    _preference(f"[{{name: token, default: {{a: {TOKEN}}}}}]"),
    _preference(f"[{{name: token, value: {TOKEN}}}]"),
    _preference(f"{TOKEN}"),
    _preference(f"[{TOKEN}]"),
    _preference(f'[{{name: token, default: "{TOKEN}\\n"}}]'),
    _preference(f"[{{name: proxy-url, default: 'http://u:{TOKEN}@[::1'}}]"),
    _preference(f"[{{name: password, default: {TOKEN}}}, {{name: nothing, default: {TOKEN}}}]"),
    _preference(f"[{{name: as-user-extra, default: {TOKEN}}}]"),
    _preference(f"[{{name: as-user-extra, default: 'a={TOKEN}'}}]"),
    _preference("[]") + f"aliases: [{{name: x, command: get, prependArgs: {{a: {TOKEN}}}}}]\n",
    _preference("[]") + f"credentialPluginPolicy: {TOKEN}\n",
)


def preferences() -> Cases:
    """Files of preferences with credentials, and such as are broken."""
    for number, text in enumerate(PREFERENCES):
        for words in (("--kuberc={here}/rc",), ("--kuberc={here}/rc", "-v=10")):
            files = {"rc": text, "config": config()}
            yield f"kuberc {number} {words[-1]}", Case((*GET, *words), files)


RECORDED = (
    ("annotate", "ns", "default", "a0=b", f"--token={TOKEN}"),
    ("annotate", "ns", "default", "a1=b", "--token", TOKEN),
    ("annotate", "ns", "default", "a2=b", "--username=u", f"--password={PASSWORD}"),
    ("annotate", "ns", "default", "a3=b", "--as=u", f"--as-user-extra=k={TOKEN}"),
    ("annotate", "ns", "default", "a4=b", f"--proxy-url=http://u:{PROXY}@127.0.0.1:1"),
    ("label", "secret", "there", "a=b"),
    ("patch", "secret", "there", "-p", f'{{"stringData": {{"x": "{SECRET}"}}}}'),
    ("patch", "secret", "there", f'-p{{"stringData": {{"x": "{SECRET}"}}}}'),
    ("patch", "secret/there", "--type=merge", f'--patch={{"stringData": {{"x": "{SECRET}"}}}}'),
    ("create", "-f", "{stub}/x?t=" + URL),
    ("apply", "-f", "{stub}/x?t=" + URL),
)
MANIFEST = b"apiVersion: v1\nkind: Secret\nmetadata: {name: r%d}\n"


def recorded() -> Cases:
    """Commands that keep themselves on an object, which is shown."""
    for number, words in enumerate(RECORDED):
        manifest = answer(MANIFEST % number, Content_Type="text/plain")
        environ = {"NO_PROXY": "127.0.0.1"}
        for level in ("-v=0", "-v=10"):
            output = "jsonpath={.metadata.annotations.kubernetes\\.io/change-cause}"
            yield (
                f"recorded {number} {level}",
                Case(
                    (*words, "--record", "-o", output, level, "--kubeconfig={here}/config"),
                    {"config": config()},
                    environ,
                    (manifest,) if "{stub}" in "".join(words) else (),
                ),
            )


UNMET = (
    "secret/there --for=jsonpath={.data.k}=x",
    "secret/there --for=jsonpath={.data}=x",
    "secret/there --for=jsonpath={.data.none}",
    "secret/there --for=jsonpath={.data.*}=x",
    "secret/there --for=jsonpath={}=x",
    "secret/there --for=condition=Ready",
    "secret/there --for=delete",
    "-f {here}/m --for=jsonpath={.stringData.k}=x --local",
    "-f {here}/m --for=jsonpath={.stringData}=x --local",
    "-f {here}/m --for=condition=Ready --local",
)


def unmet() -> Cases:
    """What is waited for in vain, and what is said of a Secret then."""
    for line in UNMET:
        for timeout in ("0s", "30ms"):
            words = ("wait", *line.split(), f"--timeout={timeout}", "--kubeconfig={here}/config")
            yield f"unmet: {line} {timeout}", Case(words, {"m": SENT, "config": config()})


def profiles() -> Cases:
    """Profiles of commands about Secrets: files that only their owner reads."""
    for kind in ("cpu", "heap", "mutex", SECRET[:3]):
        words = ("create", "-f", "{here}/m", f"--profile={kind}", "--profile-output={here}/p")
        files = {"m": SENT, "config": config({"token": TOKEN})}
        yield f"profile {kind}", Case((*words, "--kubeconfig={here}/config"), files)


CASES: dict[str, Case] = {
    name: case
    for make in (
        *(users, proxies, broken_configs, manifests, commands, sources, answers, flags, told),
        *(told_answers, hints, edits, templates, preferences, recorded, unmet, profiles),
    )
    for name, case in make()
}
