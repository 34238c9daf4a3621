"""Credentials from a program: what an exec plugin of a kubeconfig is told, and what it tells. Runs it."""

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

from fkube.edge.credentials import Credential, Produce, bearer
from fkube.exchange.answers import json_value
from fkube.kubeconfig.conflicts import interactive_mode
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object

EXTENSION = "client.authentication.k8s.io/exec"


def plugin(connection: Connection, environ: Mapping[str, str]) -> Produce:
    """Run the exec plugin of the user for a new credential; what it writes to standard error is passed on.

    Errors: a program that is missing, fails, or says nothing of use: a `UsageError`, without its output.
    Follows `Authenticator.refreshCredsLocked` of client-go.
    """
    settings = connection.user.get("exec", {})

    def produce(_: Credential | None) -> Result[Credential, VisitError]:
        interactive = _interactive(settings)
        made = interactive.bind(lambda asks: _output(settings, _told(connection, asks), asks, environ))
        return made.bind(lambda output: credential(settings, output)).alt(
            lambda problem: UsageError(f"getting credentials: {problem}")
        )

    return produce


def _interactive(settings: Object) -> Result[bool, str]:
    """Whether the plugin may ask on the terminal."""
    mode, terminal = interactive_mode(settings), sys.stdin is not None and sys.stdin.isatty()
    if mode == "Always" and not terminal:
        return Failure("exec plugin cannot support interactive mode: standard input is not a terminal")
    return Success(mode != "Never" and terminal)


def _told(connection: Connection, interactive: bool) -> Object:
    """What KUBERNETES_EXEC_INFO says (`ExecCredential`)."""
    settings = connection.user["exec"]
    cluster = {"cluster": _cluster(connection)} if settings.get("provideClusterInfo") else {}
    spec = {**cluster, "interactive": interactive}
    return {"kind": "ExecCredential", "apiVersion": settings["apiVersion"], "spec": spec}


def _cluster(connection: Connection) -> Object:
    """The cluster as a plugin may know it (`ConfigToExecCluster` of client-go)."""
    cluster = connection.cluster
    extensions = cluster.get("extensions", ())
    named = [extension.get("extension") for extension in extensions if extension.get("name") == EXTENSION]
    plain = ("tls-server-name", "insecure-skip-tls-verify", "proxy-url", "disable-compression")
    ca = cluster.get("certificate-authority-data") or _read(cluster.get("certificate-authority", ""))
    return {
        "server": connection.server,
        **{key: cluster[key] for key in plain if cluster.get(key)},
        **({"certificate-authority-data": base64.b64encode(ca).decode()} if ca else {}),
        "config": named[0] if named else None,
    }


def _read(path: str) -> bytes:
    """The CA; that it can be read was seen when the connection was made."""
    if not path:
        return b""
    with open(path, "rb") as file:
        return file.read()


def _output(
    settings: Object, told: Object, interactive: bool, environ: Mapping[str, str]
) -> Result[bytes, str]:
    """What the plugin prints."""
    command = settings["command"]
    found = shutil.which(os.path.normpath(command), path=environ.get("PATH", ""))
    if found is None:
        hint = settings.get("installHint") or "install the credential plugin that the kubeconfig names"
        return Failure(f"exec: executable {command} not found: {_printable(hint)}")
    own = {variable["name"]: variable.get("value", "") for variable in settings.get("env", ())}
    asked = {"KUBERNETES_EXEC_INFO": json.dumps(told, separators=(",", ":"))}
    done = _run([found, *settings.get("args", ())], {**environ, **own, **asked}, interactive)
    failed = done.alt(lambda problem: f"exec: {command} can't be run: {problem}")
    return failed.bind(partial(_printed, command))


def _run(
    words: list[str], environ: Mapping[str, str], interactive: bool
) -> Result[subprocess.CompletedProcess[bytes], str]:
    stdin = None if interactive else subprocess.DEVNULL
    try:
        return Success(subprocess.run(words, env=environ, stdin=stdin, stdout=subprocess.PIPE, check=False))
    except (OSError, ValueError) as error:
        return Failure(getattr(error, "strerror", None) or "a NUL byte in it")


def _printed(command: str, done: subprocess.CompletedProcess[bytes]) -> Result[bytes, str]:
    if done.returncode:
        return Failure(f"exec: executable {command} failed with exit code {done.returncode}")
    return Success(done.stdout)


def credential(settings: Object, output: bytes) -> Result[Credential, str]:
    """What a plugin printed as a credential, or what is wrong with it.

    >>> version = "client.authentication.k8s.io/v1"
    >>> output = b'{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"t"}}' % version.encode()
    >>> credential({"apiVersion": version}, output).unwrap() == Credential("Bearer t")
    True
    """
    decoded = json_value(output).value_or(None)
    if not isinstance(decoded, dict) or decoded.get("kind") != "ExecCredential":
        return Failure("decoding stdout: the exec plugin must print an ExecCredential in JSON")
    wanted, given = settings["apiVersion"], decoded.get("apiVersion")
    if given != wanted:
        return Failure(
            f"exec plugin is configured to use API version {wanted}, plugin returned version {given}"
        )
    status = decoded.get("status")
    if not isinstance(status, dict):
        return Failure("exec plugin didn't return a status field")
    return _status(status)


def _status(status: Mapping[str, Any]) -> Result[Credential, str]:
    token, certificate, key = (
        status.get(name) or "" for name in ("token", "clientCertificateData", "clientKeyData")
    )
    if not all(isinstance(value, str) for value in (token, certificate, key)):
        return Failure("decoding stdout: token and certificates must be strings")
    if not token and not certificate and not key:
        return Failure("exec plugin didn't return a token or cert/key pair")
    if bool(certificate) != bool(key):
        return Failure("exec plugin returned only certificate or key, not both")
    shown = {"client-certificate-data": certificate.encode(), "client-key-data": key.encode()} if key else {}
    return _expiry(status.get("expirationTimestamp")).map(
        lambda expires: Credential(bearer(token) if token else "", shown, expires)
    )


def _expiry(timestamp: Any) -> Result[float, str]:
    """The second at which a credential expires; without a timestamp it never does."""
    if timestamp is None:
        return Success(float("inf"))
    try:
        return Success(datetime.fromisoformat(timestamp).timestamp())
    except (TypeError, ValueError, OverflowError):
        return Failure("decoding stdout: expirationTimestamp must be a time like 2030-01-31T12:00:00Z")


def _printable(text: str) -> str:
    """The text without anything that a terminal would obey (`cleanANSIEscapeCodes` of client-go)."""
    return "".join(c if c in "\t\n" or unicodedata.category(c)[0] != "C" else f"U+{ord(c):04X}" for c in text)
