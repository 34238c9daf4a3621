"""What a terminal is shown of waiting; and what stops a run by itself, as the command line tells it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from threading import active_count

import pytest
from returns.io import IOSuccess
from returns.result import Failure, Success

from fkube.cli import program, session
from fkube.cli.console import Console
from fkube.cli.waiting import Waiting
from fkube.edge import embedded
from fkube.edge.client import Client
from fkube.exchange import Request, Response
from fkube.resource.errors import TransportError

URL = "https://user:secret@10.0.0.1:6443"
PODS = Request("GET", "/api/v1/pods", (("labelSelector", "x"),))


class Terminal:
    """A stream that is a terminal, or none, and keeps what is written."""

    encoding = "utf-8"

    def __init__(self, terminal=True):
        self.text, self.terminal = "", terminal

    def write(self, text):
        self.text += text

    def flush(self):
        pass

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("silence", "told"),
    [
        (4.9, ""),
        (5.0, "waiting for 10.0.0.1:6443: GET /api/v1/pods (5 s)"),
        (61.0, "waiting for 10.0.0.1:6443: GET /api/v1/pods (61 s)"),
    ],
)
def test_what_is_waited_for_is_told_after_some_seconds(silence, told):
    time, seen = [0.0], []
    waiting = Waiting(URL, lambda: time[0])

    def send(request):
        time[0] += silence
        seen.append(waiting.describe())
        return Success(Response(200))

    client = waiting.watch(Client(send))
    client.send(PODS)
    assert (seen, waiting.describe(), waiting.open) == ([told], "", {})


def test_an_answer_to_one_request_ends_the_silence_of_all():
    time, seen = [0.0], []
    waiting = Waiting(URL, lambda: time[0])

    def send(request):
        if request.path == "/quick":
            return Success(Response(200))
        time[0] += 20.0
        client.send(Request("GET", "/quick"))
        time[0] += 4.0
        seen.append(waiting.describe())
        time[0] += 2.0
        seen.append(waiting.describe())
        raise KeyboardInterrupt

    client = waiting.watch(Client(send))
    with pytest.raises(KeyboardInterrupt):
        client.send(Request("GET", "/slow\x1b[2J"))
    assert seen == ["", "waiting for 10.0.0.1:6443: GET /slow?[2J (6 s)"]
    assert waiting.open == {}


def show_on_screen(monkeypatch):
    """Make standard error a terminal, from within a test: pytest takes it back between fixtures and tests."""
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def test_the_line_is_erased_where_a_result_comes_and_drawn_in_one_line(monkeypatch):
    screen = show_on_screen(monkeypatch)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("COLUMNS", "40")
    console, before = Console(began=-1e9, steps=1, planned=2), active_count()
    console.watch(Client(lambda _: Success(Response(200)), server=URL))
    # Results on the terminal say how far the work is.
    console.display.draw()
    assert screen.text == ""
    console.display.describe = lambda: "waiting for something with a name that is longer than the line"
    console.display.draw()
    assert "waiting for something with a name that" in screen.text
    assert "longer" not in screen.text
    assert console.display.shown is not None
    console.say("pod/web created")
    assert screen.text.endswith("\x1b[2Kpod/web created\n")
    assert console.display.shown is None
    console.display.draw()
    console.close()
    assert (console.display, active_count()) == (None, before)
    assert screen.text.endswith("\x1b[2K")


def test_progress_and_silence_are_one_line(monkeypatch):
    show_on_screen(monkeypatch)
    console = Console(began=-1e9, steps=12, planned=500)
    seen = []

    def send(_):
        seen.append(console.display.describe())
        return Success(Response(200))

    console.watch(Client(send, server=URL)).send(PODS)
    console.close()
    assert seen == ["12 of 500 objects"]


@pytest.fixture
def dead(monkeypatch):
    """A cluster that is gone after 20 writes."""
    inner, writes = embedded(), []

    def send(request):
        writes.extend([request] * (request.method != "GET"))
        return Failure(TransportError("connection reset")) if len(writes) > 20 else inner.send(request)

    client = replace(inner, send=send, server=URL)
    monkeypatch.setattr(session, "connect_client", lambda *_: IOSuccess(client))


MANY = "\n---\n".join(
    json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{n}"}}) for n in range(200)
)
MANIFESTS = {"many.yaml": MANY}


@pytest.mark.parametrize("flags", ["", "--plan-first", "--arrange"])
@pytest.mark.usefixtures("dead")
def test_a_dead_server_is_one_sentence_for_all_that_is_skipped(fkube, folder, flags):
    status, out, err = fkube(f"create -f many.yaml --report r.jsonl {flags}")
    rows = [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]
    skipped = sum(row["action"] == "skipped" for row in rows)
    created = 0 if flags == "--plan-first" else 20
    assert (status, out.count("created"), len(rows)) == (1, created, 200)
    if flags != "--plan-first":
        said = f"{skipped} objects were skipped: the server 10.0.0.1:6443 gives no answers any more"
        assert err.count(said) == 1
        assert "secret" not in err
        assert skipped >= 200 - 20 - 5 - 16
    assert err.count("\n") <= 5 + 16 + 1


def test_the_time_of_a_run_is_one_sentence_for_all_that_is_skipped(fkube, folder, cluster):
    status, out, err = fkube("create -f many.yaml --report r.jsonl --timeout-run 1ns")
    assert (status, out) == (1, "")
    assert "--timeout-run" in err
    assert fkube("create -f many.yaml --timeout-run 1h")[::2] == (0, "")
    assert fkube("get configmaps --timeout-run=-1s")[::2] == (
        1, "error: --timeout-run must not be less than 0\n",
    )  # fmt: skip
    assert 'invalid argument "5" for "--timeout-run" flag' in fkube("get configmaps --timeout-run=5")[2]


def test_no_thread_is_left_where_an_exception_ends_the_program(monkeypatch):
    show_on_screen(monkeypatch)

    def fail(_):
        raise BrokenPipeError

    monkeypatch.setattr(session, "connect_client", lambda *_: IOSuccess(Client(fail, server=URL)))
    before = active_count()
    with pytest.raises(BrokenPipeError):
        program.run(["version"], {})
    assert active_count() == before


def test_no_thread_is_left_after_an_interrupt(monkeypatch):
    screen, threads = show_on_screen(monkeypatch), []

    def interrupt(_):
        threads.append(active_count())
        raise KeyboardInterrupt

    client = Client(interrupt, server=URL)
    monkeypatch.setattr(session, "connect_client", lambda *_: IOSuccess(client))
    before = active_count()
    assert program.run(["version"], {}) == 130
    assert (threads, active_count()) == ([before + 1], before)
    assert screen.text == ""
