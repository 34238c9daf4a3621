"""Ctrl-C in the midst of sending: what the server was sent is told, and nothing else."""

import os
import signal
from threading import Event

import pytest
from returns.result import Success
from toolz import pipe

from fkube import builder as b
from fkube import edge, verbs
from fkube.edge import Client
from fkube.exchange import Response


def test_what_was_sent_before_ctrl_c_is_told():
    interrupted, sent, told = Event(), [], []

    def handler(_, frame):
        # Once, and only while the main thread waits for an outcome: elsewhere it would be another test.
        waiting = (frame.f_code.co_name, frame.f_back.f_code.co_name) == ("wait", "result")
        if waiting and not interrupted.is_set():
            interrupted.set()
            raise KeyboardInterrupt

    def send(request):
        if request.method == "POST":
            while len(sent) == 3 and not interrupted.is_set():
                os.kill(os.getpid(), signal.SIGINT)
            sent.append(request.body["metadata"]["name"])
        return embedded.send(request) if request.method == "GET" else Success(Response(201, request.body))

    embedded = edge.embedded()
    objects = [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"c{n}"}} for n in range(500)]
    pipeline = pipe(b.builder(), b.objects(*objects), b.default_namespace, b.continue_on_error, b.do).unwrap()
    visit = edge.fold(Client(send), verbs.create(), lambda _, o: told.append(o.info.name), None, 2, 300)
    before = signal.signal(signal.SIGINT, handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            visit(pipeline)
    finally:
        signal.signal(signal.SIGINT, before)
    assert told == sorted(sent, key=lambda name: int(name[1:]))
    assert len(told) < 300
