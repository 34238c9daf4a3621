"""A case is run: the program in this process, its output, its files, and whatever it raised, all searched."""

from __future__ import annotations

import io
import os
import ssl
import stat
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import trustme

from fkube.cli import program
from fkube.cluster import State, empty, respond
from fkube.edge import connecting
from fkube.edge.serve import serve
from fkube.exchange import Request
from tests.canaries.canary import Leak, files_of, leaks, new_files
from tests.canaries.cases import NAMES, SECRET, Case, answer
from tests.edge.stub import Entry, Stub

SIGNED = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
trustme.CA().issue_cert("127.0.0.1").configure_cert(SIGNED)

SECRET_THERE = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "there", "namespace": "default"},
    "stringData": {"k": SECRET},
}


def begun() -> State:
    """A cluster with a Secret of which nobody may hear."""
    query = (("fieldManager", "other"), ("force", "true"))
    path = "/api/v1/namespaces/default/secrets"
    return respond(empty(), Request("POST", path, query, SECRET_THERE))[0]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run left: exit status (None after an exception), what it printed, traceback, files."""

    status: int | None
    out: str
    err: str
    trace: str
    files: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Servers:
    """The addresses that a case may name."""

    url: str
    tls: str


@contextmanager
def open_servers() -> Iterator[Servers]:
    """A cluster whose clock stands still, and a server behind TLS that refuses everyone."""
    refusal = answer({"kind": "Status", "message": "no", "reason": "Unauthorized", "code": 401}, 401)
    with (
        serve(begun(), clock=lambda: datetime(2025, 1, 1, tzinfo=UTC)) as url,
        open_stub((refusal,), SIGNED) as tls,
    ):
        yield Servers(url, f"https://127.0.0.1:{tls.port}")


@contextmanager
def open_stub(answers: tuple[Entry, ...], context: ssl.SSLContext | None = None) -> Iterator[Stub]:
    """A server that plays its script."""
    stub = Stub(answers, context)
    Thread(target=stub.run, daemon=True).start()
    try:
        yield stub
    finally:
        stub.release.set()
        stub.listener.close()


def run_case(case: Case, servers: Servers, run: Callable[..., int] = program.run) -> Run:
    """Run the program in a folder of its own, where it finds the files of the case."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stub = f"http://127.0.0.1:{stack.enter_context(open_stub(case.answers)).port}" if case.answers else ""
        names = {"{url}": servers.url, "{tls}": servers.tls, "{here}": str(folder), "{stub}": stub}
        for name, content in case.files.items():
            data = (
                content
                if isinstance(content, bytes)
                else _fill(content, names).encode("utf-8", "surrogatepass")
            )
            (folder / name).write_bytes(data)
        before = files_of(folder)
        environ = {"HOME": str(folder), "KUBECACHEDIR": str(folder / "cache"), "PATH": os.environ["PATH"]}
        environ |= {name: _fill(value, names) for name, value in case.environ.items()}
        stack.enter_context(patch.dict(os.environ, environ, clear=True))
        # A server that is not there is asked again after pauses: nobody waits for them here.
        stack.enter_context(
            patch.object(connecting, "connect", partial(connecting.connect, sleep=_wake_at_once))
        )
        stack.enter_context(patch("time.sleep", _wake_at_once))
        # What an editor is given is a file for a while: it must be gone, or its owner's alone.
        stack.enter_context(patch.object(tempfile, "tempdir", str(folder)))
        stack.enter_context(_within(folder))
        status, out, err, trace = _capture(lambda: run([_fill(word, names) for word in case.words], {}))
        found = tuple(_look_at(path, folder) for path in new_files(folder, before))
        return Run(status, out, err, trace, found)


def _wake_at_once(seconds: float) -> None:
    """Sleep for no time."""


def _fill(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(name, value)
    return text


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _look_at(path: Path, folder: Path) -> tuple[str, int, str]:
    mode = stat.S_IMODE(path.stat().st_mode)
    return str(path.relative_to(folder)), mode, path.read_bytes().decode("utf-8", "replace")


def _capture(run: Callable[[], int]) -> tuple[int | None, str, str, str]:
    """What a run prints and raises. Programs that it starts write to the same standard error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "replace") for _ in range(2))
    status, trace = None, ""
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", None):
        try:
            status = run()
        except Exception:  # noqa: BLE001 - it is what is looked for
            trace = traceback.format_exc()
    texts = []
    for stream in (out, err):
        with suppress(ValueError):
            stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8", "replace"))  # type: ignore[attr-defined]
    return status, texts[0], texts[1], trace


def problems(case: Case, found: Run) -> list[str]:
    """What a run may not do: show a canary, raise, or leave a file that others can read."""
    hidden = tuple(name for name in NAMES if name not in case.shows)
    seen: list[Leak] = [
        *leaks(hidden, "standard output", found.out),
        *leaks(NAMES, "standard error", found.err),
    ]
    seen += leaks(NAMES, "a traceback", found.trace)
    for name, _, text in found.files:
        seen += leaks(tuple(one for one in NAMES if one not in case.keeps), f"the file {name}", text)
    open_to_all = [f"others can read {name}: {mode:o}" for name, mode, _ in found.files if mode & 0o077]
    raised = [f"an exception leaves: {_last_lines(found.trace)}"] if found.trace else []
    return [*map(str, seen), *open_to_all, *raised]


def _last_lines(trace: str) -> str:
    """Where an exception was raised, and its class; not its text, which may be a secret's."""
    lines = trace.strip().split("\n")
    place = [line.strip() for line in lines if "/fkube/" in line][-1:]
    return f"{lines[-1].partition(':')[0]} at {''.join(place).rpartition('/fkube/')[2]}"


def all_problems(cases: dict[str, Case], servers: Servers) -> dict[str, Any]:
    """The problems of many cases, by their names."""
    found = {name: problems(case, run_case(case, servers)) for name, case in cases.items()}
    return {name: wrong for name, wrong in found.items() if wrong}
