"""`fkube cluster`: an API server in memory, on this machine only."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from returns.result import Success

from fkube.cli.command import MANIFESTS, Call, Command, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag, group
from fkube.cli.outcomeprinter import print_line
from fkube.cli.session import Session, make_pipeline, perform_or_report, visit_each
from fkube.cluster import State, empty
from fkube.edge import Client
from fkube.edge.livecluster import Cell, answer_request, utc_now
from fkube.edge.serve import foreground
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import failures
from fkube.verbs.create import create


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """Where to serve, and what is there at first."""

    call: Call = group(Call)
    port: int = flag("The port to serve at; 0 is any that is free.", 0)
    write_kubeconfig: str = flag("The file to write the kubeconfig to.", "")
    selection: Selection = group(Selection, *MANIFESTS, "selector", usage=" with objects to start with")


def run(console: Console, options: ClusterOptions) -> None:
    """Create what is given, and serve until Ctrl-C or SIGTERM."""
    if not 0 <= options.port < 2**16:
        return console.refuse(f"invalid port {options.port}: give one from 0 to 65535")
    state = _create_state(console, options)
    with tempfile.TemporaryDirectory(prefix="fkube-") as folder:
        config = Path(options.write_kubeconfig or Path(folder, "kubeconfig")).absolute()
        served = foreground(state, config, options.port, lambda text: console.say(text + _USE))
        perform_or_report(console, served.alt(failures))
    return None


def _create_state(console: Console, options: ClusterOptions) -> State:
    """Make the state of a new cluster, create the objects of the manifests in it, and print each."""
    cell = Cell(empty(now=utc_now()))
    client = Client(lambda request: Success(answer_request(cell, request)), server="embedded")
    if options.selection.has_manifests:
        tell = partial(print_line, console, "unchanged")
        made = make_pipeline(options).alt(lambda failures: console.fail(*failures.errors))
        made.map(lambda made: visit_each(Session(console, console.watch(client), made), create(), tell))
    return cell.state


_USE = """
With that export in another terminal, kubectl and fkube find it:
  kubectl get namespaces
  fkube get namespaces
Ctrl-C ends it, and all that is in it."""

COMMAND = Command(
    "cluster [--port=PORT] [--write-kubeconfig=PATH] [-f FILENAME]",
    """Serve a cluster in memory on this machine's loopback, until Ctrl-C or SIGTERM.

    It is an API server without controllers: objects are kept, and nothing runs. Any client can talk to it,
    without credentials. Its kubeconfig is written to a temporary file, or where you say.""",
    """
    # Serve a cluster, and leave its kubeconfig in a file
    fkube cluster --write-kubeconfig=/tmp/fkube.yaml

    # Serve a cluster that has objects in it already
    fkube cluster -f manifests/ -R --port=8001""",
    ClusterOptions,
    run,
    "creating",
)
