"""The command line: one thin module a command. `main` is what `fkube` and `kubectl-fkube` run."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec


def main() -> None:
    """Run the program and exit with its status; without the extra `cli`, say how to install it."""
    if find_spec("click") is None or find_spec("rich") is None:
        sys.exit("fkube's command line is an extra: pip install 'fkube[cli]'")
    from fkube.cli import program

    try:
        status = program.run(sys.argv[1:], os.environ)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has gone; what is still in the buffer must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 141
    sys.exit(status)
