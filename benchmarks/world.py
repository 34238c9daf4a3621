"""Where a row runs: a real server, the files, and the programs, which a row's commands name in braces."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from string import Formatter

from benchmarks.inputs import Files
from benchmarks.row import OURS, Row
from benchmarks.rows import SIZES
from tests.conformance.assets import assets
from tests.conformance.server import Server, running

ROOT = Path(__file__).parents[1]
VENVS = ROOT / ".cache" / "bench"
"""The environments that are measured: each has what a user has, and nothing of ours."""
CORPUS = ROOT.parent / "shared" / "corpus" / "kube-prometheus"
CONTENDERS = Path(__file__).parent / "contenders"
PROGRAMS = {
    "kubectl": ROOT / ".venv" / "bin" / "kubectl",
    "fkube": VENVS / "plain" / "bin" / "fkube",
    "python": VENVS / "plain" / "bin" / "python",
    "peers": VENVS / "peers" / "bin" / "python",
    "corpus": CORPUS,
}
"""What commands name that may not be there."""
MISSING = {
    "corpus": "the corpus of ../shared is not there",
}


@dataclass(frozen=True, slots=True)
class World:
    """A folder, the files in it, and a server if a row needs one."""

    folder: Path
    files: Files
    server: Server | None = None

    def words(self, command: str, row: Row) -> list[str]:
        """The words of a command, what is in braces filled in."""
        names = set(_named(command))
        return [word.format_map(self._meanings(names, row)) for word in shlex.split(command)]

    def _meanings(self, names: set[str], row: Row) -> Mapping[str, str]:
        files = self.files
        made: dict[str, Callable[[], object]] = {
            "one": partial(files.deployments, 0),
            "files": partial(files.deployments, row.number),
            "bodies": partial(files.bodies, row.number),
            "configmap_bodies": partial(files.config_map_bodies, row.number),
            **{f"configmaps_{size}": partial(files.config_maps, size) for size in SIZES},
            "namespace": partial(namespace_of, row),
            "number": partial(files.count, row.number),
            "contenders": CONTENDERS.absolute,
            **{name: path.absolute for name, path in PROGRAMS.items()},
        }
        return {name: str(made[name]()) for name in names}

    def environment(self, contender: str) -> dict[str, str]:
        """The environment of a contender; kubectl keeps what it has read in a home of its own."""
        home = self.folder / "homes" / ("kubectl" if contender == "kubectl" else OURS)
        home.mkdir(parents=True, exist_ok=True)
        there = {"KUBECONFIG": str(self.server.kubeconfig)} if self.server else {}
        return {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8", **there}

    def do(self, command: str, row: Row, contender: str = "harness") -> None:
        """Run a command that is not measured."""
        words, env = self.words(command, row), self.environment(contender)
        done = subprocess.run(words, env=env, cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: {shlex.join(words)}: exit {done.returncode}\n{done.stderr[-3000:]}")


def _named(command: str) -> list[str]:
    """The names in braces."""
    return [name for _, name, _, _ in Formatter().parse(command) if name]


def namespace_of(row: Row) -> str:
    """The namespace in which a row works."""
    return f"bench-{row.name}"


def reason_to_skip(command: str) -> str:
    """Why a command can't be run here; empty if it can."""
    absent = [name for name in _named(command) if name in PROGRAMS and not PROGRAMS[name].exists()]
    return "; ".join(
        MISSING.get(name, f"{PROGRAMS[name].name} is not installed: make bench") for name in absent
    )


@contextmanager
def worlds(scale: float, with_server: bool) -> Iterator[World]:
    """A world that is gone with its files when the block ends."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="fkube-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        world = World(folder, Files(folder / "files", scale))
        yield stack.enter_context(with_new_server(world)) if with_server else world


@contextmanager
def with_new_server(world: World) -> Iterator[World]:
    """The same world with another server, in which nothing has been made."""
    with running(assets()) as server:
        yield replace(world, server=server)
