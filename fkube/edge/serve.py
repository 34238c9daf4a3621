"""The loopback HTTP server of the embedded cluster: its sockets and threads."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread, current_thread
from time import monotonic, sleep

import yaml
from returns.io import IOFailure, IOResult, IOSuccess
from returns.result import Failure, Success

from fkube.cluster.state import State
from fkube.cluster.watch import asks_to_watch
from fkube.edge.interrupts import SIGNALS, handle_signals
from fkube.edge.livecluster import TICK, Cell, Clock, answer_request, open_watch, stop_cluster, utc_now
from fkube.edge.serverhttp import Peer, drop_body, read_requests, send_response, send_stream
from fkube.exchange.conversation import Request, encode_body
from fkube.resource.errors import SourceError

HOST = "127.0.0.1"
LINGER, LAST_READS = 5.0, 1024
"""Seconds, and reads, for which a client that was answered already may go on sending."""


@contextmanager
def serve(state: State, port: int = 0, clock: Clock = utc_now) -> Iterator[str]:
    """Serve a cluster on loopback while the context lasts, and give its URL; port 0 is any free one.

    It asks nobody who they are: whoever can reach this machine's loopback is its administrator.
    Errors: OSError where the port is taken.

    >>> from fkube.cluster.respond import empty
    >>> with serve(empty()) as url:
    ...     url.startswith("http://127.0.0.1:")
    True
    """
    cell = Cell(state, clock)
    open: dict[Thread, socket.socket] = {}
    with socket.create_server((HOST, port)) as listener:
        accepting = Thread(target=_accept_connections, args=(cell, listener, open), daemon=True)
        accepting.start()
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            stop_cluster(cell)
            _close_connections(accepting, listener, open)


def kubeconfig(url: str, namespace: str = "default") -> str:
    """The kubeconfig with which any client talks to the cluster at a URL.

    >>> print(kubeconfig("http://127.0.0.1:8001").splitlines()[-1])
    current-context: fkube
    """
    context = {"cluster": "fkube", "user": "fkube", "namespace": namespace}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "fkube", "cluster": {"server": url}}],
        "users": [{"name": "fkube", "user": {}}],
        "contexts": [{"name": "fkube", "context": context}],
        "current-context": "fkube",
    }
    return yaml.safe_dump(config, sort_keys=False)


def foreground(
    state: State, config: Path, port: int = 0, say: Callable[[str], object] = print
) -> IOResult[None, SourceError]:
    """Serve a cluster until Ctrl-C or SIGTERM; its kubeconfig is written first, and `say` told where.

    For the main thread, which alone hears of signals.
    Errors: a taken port, or a kubeconfig that can't be written, is a `SourceError`.
    """
    stopped = Event()
    try:
        with handle_signals(dict.fromkeys(SIGNALS, lambda *_: stopped.set())), serve(state, port) as url:
            config.write_text(kubeconfig(url), encoding="utf-8")
            say(f"serving a cluster at {url}\nexport KUBECONFIG={config}")
            stopped.wait()
    except OSError as problem:
        return IOFailure(SourceError(f"the cluster can't be served: {problem}; choose another port or file"))
    return IOSuccess(None)


def _accept_connections(cell: Cell, listener: socket.socket, open: dict[Thread, socket.socket]) -> None:
    """Start a thread for each connection, until the cluster has stopped; `open` has those that run."""
    while not cell.stopped:
        try:
            connection, _ = listener.accept()
        except OSError:
            # The listener is shut, or the machine has no more sockets to give for now.
            if not cell.stopped:
                sleep(TICK / 4)
            continue
        thread = Thread(target=_answer_requests, args=(cell, connection, open), daemon=True)
        open[thread] = connection
        thread.start()


def _close_connections(accepting: Thread, listener: socket.socket, open: dict[Thread, socket.socket]) -> None:
    """Wake the accepting thread with a connection of our own, and end the others.

    A thread that is in the middle of a long answer is not waited for: it ends with the process.
    """
    with suppress(OSError):
        socket.create_connection(listener.getsockname(), TICK / 4).close()
    until = monotonic() + TICK / 4
    for thread, connection in ((accepting, listener), *open.items()):
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        thread.join(max(until - monotonic(), 0))


def _answer_requests(cell: Cell, connection: socket.socket, open: dict[Thread, socket.socket]) -> None:
    """Answer the requests of one connection, until the client closes it or vanishes (an OSError)."""
    read = partial(connection.recv, 65536)
    with suppress(OSError), connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = Peer(read, connection.sendall)
        for reading in read_requests(peer):
            match reading:
                case Success(request):
                    _answer(cell, peer, request, partial(_is_gone, connection))
                case Failure(refusal):
                    send_response(peer, refusal)
        connection.shutdown(socket.SHUT_WR)
        # A client still sending is let finish: closing now would reset it before it has read the answer.
        connection.settimeout(LINGER)
        any(not read() for _ in range(LAST_READS))
    open.pop(current_thread(), None)


def _answer(cell: Cell, peer: Peer, request: Request, gone: Callable[[], bool]) -> None:
    """Answer one request; for a watch, send each event as it happens, until the client is `gone`."""
    if not asks_to_watch(cell.state, request):
        response = answer_request(cell, request)
        send_response(peer, drop_body(response) if request.method == "HEAD" else response)
        return
    match open_watch(cell, request, gone):
        case Success((response, events)):
            send_stream(peer, response, map(encode_body, events))
        case Failure(refusal):
            send_response(peer, refusal)


def _is_gone(connection: socket.socket) -> bool:
    """Whether the client has closed its side."""
    connection.setblocking(False)
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    finally:
        connection.setblocking(True)
