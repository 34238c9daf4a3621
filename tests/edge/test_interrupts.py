"""Ctrl-C and SIGTERM anywhere in a run: what the server was sent is told, once, and nothing else."""

import os
import signal
import sys
from pathlib import Path
from threading import Event

import pytest
from returns.result import Success
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.edge import Client
from fkube.edge.interrupts import defer_interrupts
from fkube.exchange import Response
from fkube.resource.info import with_metadata

WATCHED = {str(Path(edge.__file__).with_name(f"{name}.py")) for name in ("running", "visiting", "interrupts")}
OBJECTS = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{n}"}} for n in range(4)]
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "c4"}}


class At:
    """A trace function: a signal at the n-th line of the edge, or of the fold, in the main thread."""

    def __init__(self, line, number):
        self.left, self.number = line, number

    def __call__(self, frame, event, _):
        if frame.f_code.co_filename not in WATCHED and frame.f_code is not told.__code__:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                signal.raise_signal(self.number)
        return self


def told(names, outcome):
    names.append(outcome.info.name)
    return names


def interrupted(line, number, steps, server):
    """What was sent, told and ended of a run with a signal at a line, and whether it came so far."""
    sent, names, ended, trace = [], [], [], At(line, number)

    def send(request):
        if request.method == "GET":
            return server.send(request)
        sent.append(request.body["metadata"]["name"])
        return Success(Response(201, with_metadata(request.body, uid="1")))

    pipeline = pipe(b.builder(), b.objects(*OBJECTS, NAMESPACE), b.default_namespace, *steps, b.do).unwrap()
    client, keep = Client(send), lambda outcome: ended.append(outcome.info.name)
    visit = edge.fold(client, verbs.create(), told, names, 2, 3, ended=keep)
    sys.settrace(trace)
    try:
        visit(pipeline)
    except KeyboardInterrupt:
        assert trace.left <= 0
    finally:
        sys.settrace(None)
    return sent, names, ended, trace.left <= 0


def interrupt(number, frame):
    raise KeyboardInterrupt(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("steps", [(b.continue_on_error,), ()], ids=["eager", "fail_fast"])
def test_a_signal_anywhere_loses_nothing(number, steps):
    server, line, told_of, came = edge.embedded(), 0, set(), True
    before, traced = signal.signal(number, interrupt), sys.gettrace()
    try:
        while came:
            line += 1
            sent, names, ended, came = interrupted(line, number, steps, server)
            assert signal.getsignal(number) is interrupt, line
            assert names == sorted(set(names)), line
            assert names == sorted(sent) == sorted(ended), line
            told_of.add(len(names))
    finally:
        signal.signal(number, before)
        sys.settrace(traced)
    # It came before anything was sent, after all of it, and in between.
    assert {0, 5} < told_of


def twice():
    with defer_interrupts() as interrupts:
        interrupts.idle = False
        signal.raise_signal(signal.SIGINT)
        assert interrupts.caught is not None
        signal.raise_signal(signal.SIGINT)
        pytest.fail("the second was deferred too")


def test_the_second_signal_is_served_at_once():
    before = signal.signal(signal.SIGINT, interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            twice()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_signal_that_no_program_handles_is_left_alone():
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with defer_interrupts():
            assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_was_sent_before_ctrl_c_is_told():
    came, sent, names = Event(), [], []

    def handler(_, frame):
        # Once, and only while the main thread waits for an outcome: elsewhere it would be another test.
        waiting = (frame.f_code.co_name, frame.f_back.f_code.co_name) == ("wait", "result")
        if waiting and not came.is_set():
            came.set()
            raise KeyboardInterrupt

    def send(request):
        if request.method == "POST":
            while len(sent) == 3 and not came.is_set():
                os.kill(os.getpid(), signal.SIGINT)
            sent.append(request.body["metadata"]["name"])
        return (
            embedded.send(request)
            if request.method == "GET"
            else Success(Response(201, with_metadata(request.body, uid="1")))
        )

    embedded = edge.embedded()
    objects = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{n}"}} for n in range(500)]
    pipeline = pipe(b.builder(), b.objects(*objects), b.default_namespace, b.continue_on_error, b.do).unwrap()
    visit = edge.fold(Client(send), verbs.create(), lambda _, o: names.append(o.info.name), None, 2, 300)
    before = signal.signal(signal.SIGINT, handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            visit(pipeline)
    finally:
        signal.signal(signal.SIGINT, before)
    assert names == sorted(sent, key=lambda name: int(name[1:]))
    assert len(names) < 300
