"""fkube run as processes that are forked from one that has imported it: the same program, without the wait.

`python -m tests.conformance.forks FD` is the process that is forked; it ends when the socket is closed.
"""

from __future__ import annotations

import json
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import fkube
from fkube.cli import main

LIMIT = 2**17
"""Bytes of a command line and its environment."""


@dataclass(frozen=True, slots=True)
class Forks:
    """The process that is forked, by the socket on which it is asked."""

    asked: int

    def run(
        self,
        words: Sequence[str],
        cwd: Path | None,
        environment: Mapping[str, str],
        stdin: bytes,
        seconds: float,
    ) -> tuple[int, bytes, bytes]:
        """Run `fkube words`: its exit status, what it wrote, and what it complained of."""
        request = json.dumps([words, str(cwd or Path.cwd()), dict(environment)]).encode()
        told, tell = os.pipe()
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            given.write(stdin)
            given.seek(0)
            files = [given.fileno(), out.fileno(), err.fileno(), tell]
            with socket.socket(fileno=os.dup(self.asked)) as requests:
                socket.send_fds(requests, [request], files)
            os.close(tell)
            status = _status(told, seconds)
            out.seek(0)
            err.seek(0)
            return status, out.read(), err.read()


@cache
def forks() -> Forks:
    """Start the process that is forked; it ends with this one."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        theirs.set_inheritable(True)
        command = [sys.executable, "-m", "tests.conformance.forks", str(theirs.fileno())]
        nothing = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        os.posix_spawn(sys.executable, command, environment, file_actions=[nothing])
    return Forks(ours.detach())


def _status(told: int, seconds: float) -> int:
    """The exit status that is told at last."""
    with os.fdopen(told) as lines:
        pid = int(lines.readline())
        if not select.select([told], [], [], seconds)[0]:
            os.kill(pid, signal.SIGKILL)
            raise TimeoutError(f"fkube ran for {seconds} seconds")
        return int(lines.readline())


def serve(requests: socket.socket) -> None:
    """Fork for each request, until nobody can ask any more."""
    # All that a command would import when it needs it.
    for module in pkgutil.walk_packages(fkube.__path__, "fkube."):
        if module.name.split(".")[1] not in ("__main__", "laws", "testing"):
            import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, files, _, _ = socket.recv_fds(requests, LIMIT, 4)
        if not message:
            break
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if not _watched(files[3]):
                os._exit(0)
            _begin(json.loads(message), files)
            main()
        for file in files:
            os.close(file)


def _watched(tell: int) -> bool:
    """Whether this is the process that runs fkube; the other one waits for it and tells of its end."""
    child = os.fork()
    if child:
        os.write(tell, f"{child}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        os.write(tell, f"{status}\n".encode())
    return not child


def _begin(request: Any, files: Sequence[int]) -> None:
    """Have fkube's files, folder, environment and command line."""
    for number, file in enumerate(files):
        if number < 3:
            os.dup2(file, number)
        os.close(file)
    words, cwd, environment = request
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = words


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked)
