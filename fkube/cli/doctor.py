"""`fkube doctor`: what fkube finds on this machine and on the server, what is wrong, and how to mend it."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

from returns.io import IOSuccess
from returns.result import Failure, Success
from returns.unsafe import unsafe_perform_io

from fkube.cli.checks import first_broken
from fkube.cli.clients import connect_client, connection_flags, limit_run, match_server
from fkube.cli.command import Call, Command, output_flag
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.kuberc import Preferences, check_preferences, read_preferences
from fkube.cli.overview import fill_text
from fkube.edge.client import Client
from fkube.edge.connecting import find_connection
from fkube.edge.kubeconfigfiles import SERVICE_ACCOUNT, look_for_kubeconfigs
from fkube.edge.localfiles import read_bytes, read_text
from fkube.edge.machine import look_at_machine
from fkube.edge.running import hold
from fkube.kubeconfig.connection import Connection
from fkube.kubeconfig.findings import (
    explain_connection,
    explain_credentials,
    explain_files,
    explain_proxies,
    read_credentials,
)
from fkube.kubeconfig.kubeconfig import Kubeconfig, LookedFor, merge_kubeconfigs
from fkube.kubeconfig.surroundings import Machine, explain_program, explain_tools
from fkube.report.diagnosis import Diagnosis, Finding, diagnosis_data, diagnosis_lines, ok, problem, warning
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import Failures
from fkube.resource.results import unwrap_or_failure
from fkube.verbs.examine import examine
from fkube.verbs.findings import explain_examination

PATIENCE = "10s"
"""How long one request may take where no flag says so: who asks what is wrong does not wait for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorOptions:
    """Whose set-up to look at, and how to print what is found."""

    call: Call = group(Call)
    client: bool = flag("Ask no server.", False)
    output: str = output_flag("json")


def run(console: Console, options: DoctorOptions) -> None:
    """Look at everything, print a line for each thing, and fail if one is a problem."""
    found = " ".join(options.call.arguments)
    checked = first_broken(
        (options.call.arguments, f"unexpected arguments: [{found}]"),
        (options.output not in ("", "json"), "--output must be 'json'"),
    )
    checked.alt(console.fail).map(lambda _: _print_diagnosis(console, options))


def _print_diagnosis(console: Console, options: DoctorOptions) -> None:
    call = options.call
    patient = call if "request-timeout" in call.given else replace(call, request_timeout=PATIENCE)
    diagnosis = Diagnosis(tuple(_look_at_all(console, patient, ask=not options.client)))
    if options.output == "json":
        console.say(json.dumps(diagnosis_data(diagnosis), indent=2, ensure_ascii=False))
    else:
        console.say("\n".join(diagnosis_lines(diagnosis, partial(fill_text, broken=False))))
    console.status = 1 if diagnosis.counts["problem"] else 0


def _look_at_all(console: Console, call: Call, ask: bool) -> Iterator[Finding]:
    """Look at the program, the way to the server, the server if it is to be asked, and other tools."""
    machine = look_at_machine(os.environ)
    yield from explain_program(machine)
    if call.embedded:
        yield ok("cluster", "the embedded one, in memory")
        reachable = True
    else:
        reachable = yield from _look_at_connection(call, machine)
    yield from _look_at_server(console, call) if ask and reachable else ()
    yield from explain_tools(machine)
    yield _look_at_preferences(call)


def _look_at_connection(call: Call, machine: Machine) -> Generator[Finding, None, bool]:
    """Look at the kubeconfigs and what they and the flags choose; return whether there is a server to ask."""
    files = look_for_kubeconfigs(call.kubeconfig, os.environ)
    yield from explain_files(files, _chosen_by(call))
    if any(isinstance(file.read, Failure) for file in files):
        return False
    config = _merge_files(files)
    match find_connection(call.kubeconfig, os.environ, SERVICE_ACCOUNT, False, connection_flags(call)):
        case Success(found):
            yield from explain_connection(found, config, call.context)
            certificate = _read_certificate(found)
            yield explain_credentials(found, read_credentials(found, certificate), datetime.now(UTC))
            yield from explain_proxies(found, os.environ, machine.has("socks"))
            return True
        case wrong:
            yield from (problem("context", error.message) for error in wrong.failure().errors)
            return False


def _chosen_by(call: Call) -> str:
    """What names the kubeconfigs that are looked for."""
    if call.kubeconfig:
        return "--kubeconfig"
    return "KUBECONFIG" if os.environ.get("KUBECONFIG") else "default"


def _merge_files(files: tuple[LookedFor, ...]) -> Kubeconfig:
    """All kubeconfigs that could be read as one."""
    return merge_kubeconfigs(file.read.value_or(Kubeconfig()) for file in files if file.read is not None)


def _read_certificate(found: Connection) -> bytes:
    """The client certificate of a connection, empty if there is none."""
    data: bytes = found.user.get("client-certificate-data") or b""
    path = found.user.get("client-certificate", "")
    return data or read_bytes(path).value_or(b"")


def _look_at_server(console: Console, call: Call) -> tuple[Finding, ...]:
    """Ask the server, if a client of it can be made, and say what its answers mean."""
    client = connect_client(call, console.note).bind(partial(limit_run, call))
    matched = client.bind(partial(match_server, call)).map(console.watch)
    found = matched.map(partial(_examine_and_close, call)).lash(
        lambda failed: IOSuccess(_name_errors(failed))
    )
    return unsafe_perform_io(found.unwrap())


def _examine_and_close(call: Call, client: Client) -> tuple[Finding, ...]:
    """Ask a server what there is to ask, and say what its answers mean."""
    namespace = call.namespace or client.namespace
    with closing(client):
        examined = hold(client, examine(namespace))
    return tuple(explain_examination(examined.unwrap(), namespace))


def _name_errors(failed: Failures[Any]) -> tuple[Finding, ...]:
    """Say why there is no client that could ask."""
    return tuple(problem("server", error.message) for error in failed.errors)


def _look_at_preferences(call: Call) -> Finding:
    """Look at the user's kuberc: whether there is one, and what it changes."""
    home = os.path.join(os.environ.get("HOME", ""), ".kube", "kuberc")
    path = call.kuberc or os.environ.get("KUBERC") or home
    if path == "off":
        return ok("kuberc", "switched off by KUBERC=off")
    if not os.path.exists(path):
        return ok("kuberc", f"none at {path}")
    read = read_text(path).bind(lambda text: read_preferences(text, path)).bind(check_preferences)
    told = read.map(lambda found: ok("kuberc", f"{path}; {_describe_preferences(found)}"))
    return unwrap_or_failure(told.alt(lambda why: warning("kuberc", f"{path} is not used: {why}", "mend it")))


def _describe_preferences(found: Preferences) -> str:
    """The aliases and the commands with other defaults, by name."""
    aliases = ", ".join(alias.name for alias in found.aliases) or "none"
    defaults = ", ".join(one.command for one in found.defaults) or "none"
    return f"aliases: {aliases}; other defaults: {defaults}"


COMMAND = Command(
    "doctor",
    """Look at the set-up and the server, and say of each thing whether it is right and how to mend it.

    It looks at the kubeconfigs, the context, the credentials and the proxy that a command with the same flags
    would use, and asks the server for its version, who it says you are, what you may do in the namespace, and
    whether that is there; then at fkube's extras, kubectl, completion and preferences. Nothing is changed,
    and no credential is shown. The exit status is 1 if something is a problem.""",
    """
    # Look at what fkube finds here, and at the server it would ask
    fkube doctor

    # Look at another context and namespace
    fkube doctor --context=staging -n shop

    # Ask no server
    fkube doctor --client

    # Print what is a problem, by jq
    fkube doctor -o json | jq '.findings[] | select(.level == "problem")'""",
    DoctorOptions,
    run,
)
