"""Runs a schedule: a verb visits objects through the proxy, and what the server has then is read."""

from __future__ import annotations

import gc
import io
import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from traceback import walk_tb
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import urllib3
from returns.io import IOResult, IOSuccess
from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io
from toolz import pipe

from fkube import builder as b
from fkube import edge
from fkube.cli import program, session
from fkube.cluster import empty
from fkube.edge import running
from fkube.edge.client import Client, Events
from fkube.edge.connecting import connect
from fkube.edge.limits import limit_time
from fkube.edge.line import Line
from fkube.edge.resourcewatch import watch_resources
from fkube.edge.serve import serve
from fkube.exchange import Request, Response
from fkube.exchange.conversation import encode_body
from fkube.report.ledger import row
from fkube.report.outcomes import Outcome
from fkube.resource.errors import VisitError
from fkube.syntax.jsonpath import parse
from fkube.verbs.apply import apply
from fkube.verbs.conditions import deleted, jsonpath
from fkube.verbs.create import create
from fkube.verbs.delete import delete
from fkube.verbs.get import get
from fkube.verbs.serverside import server_side
from fkube.verbs.wait import wait
from tests.faults.objects import manifest, post, put_there, read_all
from tests.faults.proxy import Proxy, Script
from tests.faults.schedules import WRITERS, Schedule
from tests.faults.upstream import Seen, Upstream, about, method_of

HANG = 30.0
"""Seconds after which a run that has not ended never will. Nothing else here is against the clock."""

PATIENCE = 0.3
"""Seconds of `wait` and `watch`."""

Verb = Callable[..., Any]

VERBS: Mapping[str, Callable[[], Verb]] = {
    "create": create,
    "apply": apply,
    "server-side": server_side,
    "delete": delete,
    "get": get,
    "list": get,
    "wait-deleted": lambda: wait(deleted, PATIENCE),
    "wait-data": lambda: wait(jsonpath(parse("{.metadata.labels.n}").unwrap()), PATIENCE),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a schedule: rows as they were told, the outcomes of the report, and the server then.

    `outcomes`: None where nothing could begin (`refused` says why). `raised`: the exception that left, with
    its place; `left`: those that left the client. `there`: the objects by label, several where the server
    named them. `told`: what a watch told, in order; `told_end`: why it ended, if it failed. `code`: the
    exit status of a command, whose words are in `refused`.
    """

    rows: tuple[Mapping[str, Any], ...] = ()
    outcomes: tuple[Outcome, ...] | None = None
    refused: str = ""
    raised: str = ""
    left: tuple[str, ...] = ()
    code: int = 0
    ended: bool = True
    seen: tuple[Seen, ...] = ()
    there: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    told: tuple[tuple[str, str], ...] = ()
    told_end: str = ""
    pauses: tuple[float, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Clock:
    """A clock that runs by itself, and that pauses move at once. `time.sleep` would refuse the same."""

    pauses: list[float] = field(default_factory=list)
    moved: float = 0.0

    def now(self) -> float:
        return time.monotonic() + self.moved

    def sleep(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if seconds > threading.TIMEOUT_MAX:
            raise OverflowError("timestamp too large to convert to C PyTime_t")
        self.pauses.append(float(seconds))
        self.moved += seconds


@contextmanager
def embedded_upstream() -> Iterator[Upstream]:
    """The embedded cluster, served."""
    passed: list[timedelta] = []

    def now() -> datetime:
        return datetime.now(UTC) + sum(passed, timedelta())

    with serve(empty(), clock=now) as url:
        upstream = Upstream(url, age=lambda: passed.append(timedelta(hours=1)))
        try:
            yield upstream
        finally:
            upstream.close()


_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Planted:
    """What a run has in place of its own: a client made of the client, the verb, how long it may take."""

    adapt: Callable[[Client], Client] = lambda client: client
    verb: Verb | None = None
    hang: float = HANG


def drive(schedule: Schedule, upstream: Upstream, planted: Planted = Planted()) -> Run:
    """Run a schedule in a namespace of its own, maybe with mistakes planted."""
    namespace = f"faults-{os.getpid()}-{next(_NUMBERS)}"
    post(upstream, "/api/v1/namespaces", {"kind": "Namespace", "metadata": {"name": namespace}})
    for n, item in enumerate(schedule.items):
        put_there(upstream, namespace, n, item)
    if schedule.verb in WRITERS and any(item.before != "none" for item in schedule.items):
        upstream.age()
    proxy, clock = Proxy(upstream, Script(schedule.rows, schedule.rest)), Clock()
    box: list[Run] = []
    thread = threading.Thread(
        target=lambda: box.append(_visit(schedule, namespace, proxy, clock, planted)), daemon=True
    )
    thread.start()
    thread.join(planted.hang)
    if not box:
        proxy.close()
        _free(proxy.url, thread)
        return Run(ended=False, seen=tuple(proxy.seen))
    try:
        proxy.settle()
        return replace(
            box[0],
            seen=tuple(proxy.seen),
            there=read_all(upstream, namespace),
            pauses=tuple(clock.pauses),
            problems=tuple(proxy.problems),
        )
    finally:
        proxy.close()


def _free(url: str, thread: threading.Thread) -> None:
    """Free a run that waits for a connection which was never given back: else this process would not end."""
    port = urlsplit(url).port
    for one in gc.get_objects():
        if isinstance(one, urllib3.HTTPConnectionPool) and one.port == port and one.pool is not None:
            while thread.is_alive() and not one.pool.full():
                one.pool.put(None)
                thread.join(1.0)


def _visit(schedule: Schedule, namespace: str, proxy: Proxy, clock: Clock, planted: Planted) -> Run:
    """Visit through the proxy; an exception that leaves is an observation."""
    rows: list[Mapping[str, Any]] = []
    left: list[str] = []
    with refused_port() as dead:
        client, nobody = (_connect(url, namespace, schedule, clock) for url in (proxy.url, dead))
        try:
            limited = limit_time(refusing(client, nobody, proxy, left), schedule.time, clock.now)
            asked = planted.adapt(limited)
            with mock.patch.object(running, "Line", lambda client, *_: Line(client, clock.now, clock.sleep)):
                if schedule.verb == "watch":
                    return replace(_watch(asked, schedule, clock), left=tuple(left))
                if schedule.command:
                    return replace(_run_command(asked, schedule), left=tuple(left))
                run = _ended(_begin(asked, schedule, rows, planted.verb), rows)
                return replace(run, left=tuple(left))
        except Exception as error:  # noqa: BLE001 - that any leaves is what is looked for
            return Run(rows=tuple(rows), raised=name_exception(error))
        finally:
            client.close()
            nobody.close()


def _begin(
    client: Client, schedule: Schedule, rows: list[Mapping[str, Any]], planted: Verb | None
) -> IOResult[Any, Any]:
    verb = planted or VERBS[schedule.verb]()
    visit = edge.visit(
        client, verb, schedule.concurrency, schedule.chunk, ended=lambda outcome: rows.append(row(outcome))
    )
    return visit(pipeline(schedule))


def _ended(came: IOResult[Any, Any], rows: list[Mapping[str, Any]]) -> Run:
    match unsafe_perform_io(came.map(Success).value_or(None)) or unsafe_perform_io(came.failure()):
        case Success(report):
            return Run(rows=tuple(rows), outcomes=report.outcomes)
        case failures:
            return Run(rows=tuple(rows), refused=str(failures) or "no reason")


REPORTED = ("create", "apply", "server-side")
"""The verbs whose commands write a report."""


def _run_command(client: Client, schedule: Schedule) -> Run:
    """Run the command of a schedule as its process would, and read the report that it leaves."""
    with TemporaryDirectory() as folder:
        manifests, report = Path(folder, "all.yaml"), Path(folder, "report")
        documents = [json.dumps(manifest(n, item)) for n, item in enumerate(schedule.items)]
        manifests.write_text("\n---\n".join(documents))
        words = [word.format(file=manifests, report=report) for word in COMMANDS[schedule.verb].split()]
        said = io.StringIO()
        with (
            mock.patch.object(session, "connect_client", return_value=IOSuccess(client)),
            redirect_stdout(said),
            redirect_stderr(said),
        ):
            code = program.run(words, {})
        lines = report.read_text().splitlines() if report.exists() else []
        return Run(tuple(map(json.loads, lines)), None, said.getvalue(), code=code)


COMMANDS = {
    "create": "create -f {file} --report {report}",
    "apply": "apply -f {file} --report {report}",
    "server-side": "apply --server-side -f {file} --report {report}",
    "delete": "delete -f {file} --timeout 300ms",
    "get": "get -f {file} -o name",
    "list": "get configmaps",
    "wait-deleted": "wait -f {file} --for delete --timeout 300ms",
    "wait-data": "wait -f {file} --for jsonpath={{.metadata.labels.n}} --timeout 300ms",
}


def _watch(client: Client, schedule: Schedule, clock: Clock) -> Run:
    came = watch_resources(client, pipeline(schedule), "", clock.now, clock.sleep, PATIENCE)
    told: list[tuple[str, str]] = []
    match unsafe_perform_io(came.map(Success).value_or(None)) or unsafe_perform_io(came.failure()):
        case Success(watch):
            for batch in watch.events:
                match batch:
                    case Success(events):
                        told.extend((e.type, str(e.object.get("metadata", {}).get("name"))) for e in events)
                    case Failure(error):
                        return Run(told=tuple(told), told_end=str(error))
            return Run(told=tuple(told))
        case failures:
            return Run(refused=str(failures) or "no reason")


def pipeline(schedule: Schedule) -> Any:
    """The pipeline of a schedule."""
    if schedule.verb in ("list", "watch"):
        chosen = [
            b.resource_type_or_name_args("configmaps", allow_empty_selector=True),
            b.request_chunks_of(2),
        ]
    else:
        chosen = [b.objects(*(manifest(n, item) for n, item in enumerate(schedule.items)))]
    eager = [b.continue_on_error] if schedule.eager else []
    return pipe(b.builder(), *chosen, b.default_namespace, b.flatten, *eager, b.do)


def _connect(url: str, namespace: str, schedule: Schedule, clock: Clock) -> Client:
    made = connect(
        None,
        schedule.concurrency,
        {},
        sleep=clock.sleep,
        cache_dir="",
        server=url,
        namespace=namespace,
        request_timeout=schedule.timeout,
    )
    return unsafe_perform_io(made.unwrap())


@contextmanager
def refused_port() -> Iterator[str]:
    """The URL of a port that is taken, and at which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def refusing(client: Client, nobody: Client, proxy: Proxy, left: list[str]) -> Client:
    """The client, whose connection is refused where the script says so: the proxy could not know for what."""

    def choose(request: Request) -> Client:
        query = "&".join(f"{key}={value}" for key, value in request.query)
        body = b"" if request.body is None else encode_body(request.body)
        subject = about(f"{request.path}?{query}", body)
        with proxy.lock:
            fault = proxy.peek(subject)
            if fault.kind != "refuse":
                return client
            proxy.used[subject] += 1
            method = method_of(request.method, query)
            proxy.seen.append(Seen(subject, method, fault))
        return nobody

    def send(request: Request) -> Result[Response, VisitError]:
        with noting(left):
            return choose(request).send(request)

    def stream(request: Request, patience: float = float("inf")) -> Events:
        with noting(left):
            yield from choose(request).stream(request, patience)

    return replace(client, send=send, stream=stream)


@contextmanager
def noting(left: list[str]) -> Iterator[None]:
    """Write down an exception that leaves: of a client none may, and further out its place is not seen."""
    try:
        yield
    except Exception as error:
        left.append(name_exception(error))
        raise


def name_exception(error: BaseException) -> str:
    """The class of an exception, and the place in fkube from which it came."""
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(code, line) for code, line in frames if "/fkube/" in code.co_filename]
    code, _ = (ours or frames)[-1]
    module = code.co_filename.rpartition("/fkube/")[2] if ours else Path(code.co_filename).name
    return f"{type(error).__name__} in {module}: {code.co_name}"
