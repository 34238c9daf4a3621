"""`fkube cluster`: an API server in memory, on this machine only."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from returns.io import IOResult
from returns.result import Success

from fkube.cli.command import SELECTOR, Command, files
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.messages import name
from fkube.cli.session import finished, pipeline, visited
from fkube.cluster import State, empty
from fkube.edge import Client
from fkube.edge.hosting import Cell, send, utc_now
from fkube.edge.serve import foreground
from fkube.report.outcomes import Outcome
from fkube.resource.errors import failures
from fkube.verbs.create import create


def run(console: Console, options: Options) -> None:
    """Create what is given, and serve until Ctrl-C or SIGTERM."""
    if not 0 <= options["port"] < 2**16:
        return console.refuse(f"invalid port {options['port']}: give one from 0 to 65535")
    state = _filled(console, options)
    with tempfile.TemporaryDirectory(prefix="fkube-") as folder:
        config = Path(options["write-kubeconfig"] or Path(folder, "kubeconfig")).absolute()
        served = foreground(state, config, options["port"], lambda text: console.say(text + _USE))
        finished(console, served.alt(failures))
    return None


def _filled(console: Console, options: Options) -> State:
    """The state of a cluster with the objects of the manifests given."""
    cell = Cell(empty(now=utc_now()))
    client = Client(lambda request: Success(send(cell, request)), server="embedded")
    if options["filename"] or options["kustomize"]:
        made = finished(console, IOResult.from_result(pipeline(options)))
        if made is not None:
            visited(console, client, made, create(), partial(_told, console))
    return cell.state


def _told(console: Console, _: int, outcome: Outcome) -> None:
    console.say(f"{name(outcome.object)} created")


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
    (
        Flag("port", "The port to serve at; 0 is any that is free.", kind="int"),
        Flag("write-kubeconfig", "The file to write the kubeconfig to."),
        *files("with objects to start with"),
        SELECTOR,
    ),
    run,
    "creating",
)
