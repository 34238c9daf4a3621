"""Credentials from the exec plugin of a kubeconfig: runs it, and decodes what it prints."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from returns.result import Failure, Result, Success

from fkube.edge.credentials import Credential, Renew, bearer_header
from fkube.edge.localfiles import read_bytes
from fkube.exchange.answers import decode_json
from fkube.kubeconfig.conflicts import interactive_mode, is_plain_text
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object

EXTENSION = "client.authentication.k8s.io/exec"
"""The extension of a kubeconfig's cluster that plugins get as its `config`."""


def plugin_credentials(connection: Connection, environ: Mapping[str, str]) -> Renew:
    """Make the `Renew` that runs the user's exec plugin; the plugin's standard error is passed on.

    Errors: a program that is missing, fails, or says nothing of use: a `UsageError`, without its output.
    Follows `Authenticator.refreshCredsLocked` of client-go.
    """
    settings = connection.user.get("exec", {})

    def renew(_: Credential | None) -> Result[Credential, VisitError]:
        return Result.do(
            credential
            for interactive in _may_ask(settings)
            for output in _run_plugin(settings, _exec_info(connection, interactive), environ)
            for credential in decode_credential(settings, output)
        ).alt(lambda problem: UsageError(f"Unable to connect to the server: getting credentials: {problem}"))

    return renew


def _may_ask(settings: Object) -> Result[bool, str]:
    """Whether the plugin may ask on the terminal; a failure if it must, and there is none."""
    mode, terminal = interactive_mode(settings), sys.stdin is not None and sys.stdin.isatty()
    if mode == "Always" and not terminal:
        return Failure("exec plugin cannot support interactive mode: standard input is not a terminal")
    return Success(mode != "Never" and terminal)


def _exec_info(connection: Connection, interactive: bool) -> Object:
    """The `ExecCredential` that a plugin finds in KUBERNETES_EXEC_INFO; `interactive`: it may ask."""
    settings = connection.user["exec"]
    cluster = {"cluster": _exec_cluster(connection)} if settings.get("provideClusterInfo") else {}
    spec = {**cluster, "interactive": interactive}
    return {"kind": "ExecCredential", "apiVersion": settings["apiVersion"], "spec": spec}


def _exec_cluster(connection: Connection) -> Object:
    """The cluster as a plugin may know it, with its CA as data (`ConfigToExecCluster` of client-go)."""
    cluster = connection.cluster
    extensions = cluster.get("extensions", ())
    own = [extension.get("extension") for extension in extensions if extension.get("name") == EXTENSION]
    plain = ("tls-server-name", "insecure-skip-tls-verify", "proxy-url", "disable-compression")
    ca = cluster.get("certificate-authority-data")
    if not ca and cluster.get("certificate-authority"):
        # That it can be read was seen when the connection was made.
        ca = read_bytes(cluster["certificate-authority"]).value_or(b"")
    return {
        "server": connection.server,
        **{key: cluster[key] for key in plain if cluster.get(key)},
        **({"certificate-authority-data": base64.b64encode(ca).decode()} if ca else {}),
        "config": own[0] if own else None,
    }


def _run_plugin(settings: Object, info: Object, environ: Mapping[str, str]) -> Result[bytes, str]:
    """Run the plugin with `info` in its environment; give what it prints, or why it could not."""
    command = settings["command"]
    path = shutil.which(os.path.normpath(command), path=environ.get("PATH", ""))
    if path is None:
        hint = settings.get("installHint") or "install the credential plugin that the kubeconfig names"
        return Failure(f"exec: executable {command} not found: {_printable(hint)}")
    own = {variable["name"]: variable.get("value", "") for variable in settings.get("env", ())}
    given = {"KUBERNETES_EXEC_INFO": json.dumps(info, separators=(",", ":"))}
    stdin = None if info["spec"]["interactive"] else subprocess.DEVNULL
    words, variables = [path, *settings.get("args", ())], {**environ, **own, **given}
    try:
        run = subprocess.run(words, env=variables, stdin=stdin, stdout=subprocess.PIPE, check=False)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or "a NUL byte or half a character in it, or a = in a name"
        return Failure(f"exec: {command} can't be run: {problem}")
    if run.returncode:
        return Failure(f"exec: executable {command} failed with exit code {run.returncode}")
    return Success(run.stdout)


def decode_credential(settings: Object, output: bytes) -> Result[Credential, str]:
    """The credential in what a plugin printed, or what is wrong with it.

    `settings`: the `exec` of the kubeconfig's user.

    >>> version = "client.authentication.k8s.io/v1"
    >>> output = b'{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"t"}}' % version.encode()
    >>> decode_credential({"apiVersion": version}, output).unwrap() == Credential("Bearer t")
    True
    """
    printed = decode_json(output).value_or(None)
    if not isinstance(printed, dict) or printed.get("kind") != "ExecCredential":
        return Failure("decoding stdout: the exec plugin must print an ExecCredential in JSON")
    wanted, given = settings["apiVersion"], printed.get("apiVersion")
    if given != wanted:
        problem = f"exec plugin is configured to use API version {wanted}"
        return Failure(f"{problem}, plugin returned version {given}")
    status = printed.get("status")
    if not isinstance(status, dict):
        return Failure("exec plugin didn't return a status field")
    return _read_status(status)


def _read_status(status: Mapping[str, Any]) -> Result[Credential, str]:
    """The credential in the status of an `ExecCredential`: a token, a certificate with its key, or all."""
    names = ("token", "clientCertificateData", "clientKeyData")
    token, certificate, key = (status.get(name) or "" for name in names)
    if not all(isinstance(value, str) and is_plain_text(value) for value in (token, certificate, key)):
        return Failure("decoding stdout: token and certificates must be strings of UTF-8")
    if not token and not certificate and not key:
        return Failure("exec plugin didn't return a token or cert/key pair")
    if bool(certificate) != bool(key):
        return Failure("exec plugin returned only certificate or key, not both")
    pair = {"client-certificate-data": certificate.encode(), "client-key-data": key.encode()} if key else {}
    header = bearer_header(token) if token else ""
    return _expiry(status.get("expirationTimestamp")).map(partial(Credential, header, pair))


def _expiry(timestamp: Any) -> Result[float, str]:
    """The second of the Unix clock at which a credential expires; without a timestamp it never does."""
    if timestamp is None:
        return Success(float("inf"))
    try:
        return Success(datetime.fromisoformat(timestamp).timestamp())
    except (TypeError, ValueError, OverflowError):
        return Failure("decoding stdout: expirationTimestamp must be a time like 2030-01-31T12:00:00Z")


def _printable(text: str) -> str:
    """Write control characters as U+XXXX, so no terminal obeys them (`cleanANSIEscapeCodes` of client-go)."""
    return "".join(c if c in "\t\n" or unicodedata.category(c)[0] != "C" else f"U+{ord(c):04X}" for c in text)
