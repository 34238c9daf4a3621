"""The loopback HTTP server around the embedded cluster: sockets and threads, and nothing that they carry."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread, current_thread

import yaml
from returns.io import IOFailure, IOResult, IOSuccess
from returns.result import Failure, Result

from fkube.cluster.state import State
from fkube.cluster.watch import watching
from fkube.edge.hosting import Cell, Clock, send, stop, utc_now, watch
from fkube.edge.wire import LAST_CHUNK, Received, chunk, encoded, head, receive, whole
from fkube.errors import SourceError
from fkube.exchange import Request, Response

HOST = "127.0.0.1"


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
        accepting = Thread(target=_accept, args=(cell, listener, open), daemon=True)
        accepting.start()
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            stop(cell)
            _close(accepting, listener, open)


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
    try:
        with _signalled() as stopped, serve(state, port) as url:
            config.write_text(kubeconfig(url), encoding="utf-8")
            say(f"serving a cluster at {url}\nexport KUBECONFIG={config}")
            stopped.wait()
    except OSError as problem:
        return IOFailure(SourceError(f"the cluster can't be served: {problem}; choose another port or file"))
    return IOSuccess(None)


@contextmanager
def _signalled() -> Iterator[Event]:
    """An event that Ctrl-C or SIGTERM sets, while the context lasts."""
    stopped = Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: stopped.set()) for number in numbers]
    try:
        yield stopped
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _accept(cell: Cell, listener: socket.socket, open: dict[Thread, socket.socket]) -> None:
    """A thread for each connection, until the cell has stopped."""
    while True:
        connection, _ = listener.accept()
        if cell.stopped:
            return connection.close()
        thread = Thread(target=_converse, args=(cell, connection, open), daemon=True)
        open[thread] = connection
        thread.start()


def _close(accepting: Thread, listener: socket.socket, open: dict[Thread, socket.socket]) -> None:
    """Wake the accepting thread with a connection of our own, and end the others."""
    socket.create_connection(listener.getsockname()).close()
    accepting.join()
    for thread, connection in tuple(open.items()):
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        thread.join()


def _converse(cell: Cell, connection: socket.socket, open: dict[Thread, socket.socket]) -> None:
    """Answer the requests of one connection. A client that vanishes is an OSError, and nobody's loss."""
    with suppress(OSError), connection, connection.makefile("rb") as stream:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (reading := receive(stream, connection.sendall)) and _answered(cell, connection, reading):
            pass
        connection.shutdown(socket.SHUT_WR)
        # A client still sending is let finish: closing now would reset it before it has read the answer.
        while stream.read1(65536):
            pass
    open.pop(current_thread(), None)


def _answered(cell: Cell, connection: socket.socket, reading: Result[Received, Response]) -> bool:
    """Answer one request; whether the connection stays open."""
    if isinstance(reading, Failure):
        connection.sendall(whole(reading.failure(), keep_alive=False))
        return False
    received = reading.unwrap()
    request = received.request
    if not watching(cell.state, request):
        response = send(cell, request)
        connection.sendall(whole(response, received.keep_alive, request.method != "HEAD"))
    else:
        _stream(cell, connection, request)
    return received.keep_alive


def _stream(cell: Cell, connection: socket.socket, request: Request) -> None:
    """Tell a watcher what happens, each event a chunk, as it happens."""
    found = watch(cell, request, lambda: _gone(connection))
    if isinstance(found, Failure):
        return connection.sendall(whole(found.failure()))
    response, events = found.unwrap()
    connection.sendall(head(response, (("transfer-encoding", "chunked"),)))
    for event in events:
        connection.sendall(chunk(encoded(event)))
    return connection.sendall(LAST_CHUNK)


def _gone(connection: socket.socket) -> bool:
    """Whether the client has closed its side."""
    connection.setblocking(False)
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    finally:
        connection.setblocking(True)
