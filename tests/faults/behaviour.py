"""What each kind of fault does to a request, on the wire."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.faults import faults
from tests.faults.faults import Fault
from tests.faults.upstream import Answer, Asked, kept
from tests.faults.wire import Wire, broken_chunk, chunk, head, render

if TYPE_CHECKING:
    from tests.faults.proxy import Proxy

BOMB = 64 << 20
DRIPS = 300
PADDING = gzip.compress(b" " * BOMB)


@dataclass(slots=True, eq=False)
class Exchange:
    """One request, and its fault."""

    proxy: Proxy
    wire: Wire
    asked: Asked
    fault: Fault

    def act(self) -> None:
        """Do to the request what its fault says."""
        if self.fault.kind == "late" and self.asked.verb == "GET":
            self.fault = Fault("reset-before")
        if self.asked.watches and self.fault.kind not in BEFORE:
            return self._relay_watch()
        return BEHAVIOUR[self.fault.kind](self)

    def carry_out(self) -> Answer:
        """Let the upstream carry the request out, and write that down."""
        answer = self.proxy.forward(self.asked)
        self.proxy.note(self.asked, self.fault, answer.status)
        return answer

    def carry_out_if_acted(self) -> None:
        """Let the upstream carry the request out, if the fault says so."""
        if self.fault.acted:
            self.carry_out()
        else:
            self.proxy.note(self.asked, self.fault)

    def _relay_watch(self) -> None:
        self.proxy.note(self.asked, self.fault, 200)
        answer, upstream = self.proxy.upstream.open(self.asked)
        with self.proxy.lock:
            self.proxy.open.add(upstream)
        try:
            self._relay_lines(answer)
        except (http.client.HTTPException, ValueError, AttributeError):
            pass  # The upstream was hung up on, at the end of the run.
        finally:
            with self.proxy.lock:
                self.proxy.open.discard(upstream)
            answer.close()
            upstream.close()
            self.wire.close()

    def _relay_lines(self, answer: http.client.HTTPResponse) -> None:
        kind = self.fault.kind
        headers = [
            *kept(iter(answer.getheaders())),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "close"),
        ]
        if kind.startswith("gzip"):
            headers.append(("Content-Encoding", "gzip"))
        self.wire.send(head(answer.status, headers))
        if kind == "silence":
            return self.wire.wait_for_end()
        for number, line in enumerate(answer):
            if number == 0 and kind != "ok":
                if self._spoil(line):
                    return None
            else:
                self.wire.send(chunk(line))
        self.wire.send(b"0\r\n\r\n")
        return None

    def _spoil(self, line: bytes) -> bool:
        """Send the first line of a watch with its fault; True where the stream is over."""
        fault, send = self.fault, self.wire.send
        other = {
            "deform": lambda: faults.deform(line, fault.place, fault.value) + b"\n",
            "wrong-kind": lambda: faults.with_kind(line) + b"\n",
            "other-object": lambda: faults.of_another(line) + b"\n",
            "nonsense": lambda: fault.choice.encode() + b"\n",
        }
        if fault.kind in other:
            send(chunk(other[fault.kind]()))
        elif fault.kind == "drip":
            for n in range(0, len(line), 3):
                send(chunk(line[n : n + 3]))
        else:
            packed = gzip.compress(line) + PADDING
            whole = {"gzip-bomb": packed, "gzip-nonsense": line, "reset-after": line}
            half = whole.get(fault.kind, line[: len(line) // 2])
            send(broken_chunk(fault.choice, line) if fault.kind == "chunks" else chunk(half))
            if fault.kind.startswith("reset"):
                self.wire.reset()
            return True
        return False


def _with_body(answer: Answer, body: bytes) -> Answer:
    return Answer(answer.status, answer.headers, body)


def _pass_on(x: Exchange) -> None:
    x.wire.send(render(x.carry_out()))


def _hang_up(x: Exchange) -> None:
    x.carry_out_if_acted()
    x.wire.close()


def _reset_before(x: Exchange) -> None:
    x.proxy.note(x.asked, x.fault)
    x.wire.reset()


def _reset_during(x: Exchange) -> None:
    data = render(x.carry_out())
    x.wire.send(data[: len(data) * 2 // 3])
    x.wire.reset()


def _reset_after(x: Exchange) -> None:
    x.carry_out()
    x.wire.reset()


def _carry_out_late(x: Exchange) -> None:
    at = x.proxy.note(x.asked, x.fault)
    x.proxy.keep(x.asked, x.fault.after, at)
    x.wire.reset()


def _truncate(x: Exchange) -> None:
    answer = x.carry_out()
    data = render(answer)
    x.wire.send(data[: len(data) - max(len(answer.body) // 2, 1)])
    x.wire.close()


def _drip(x: Exchange) -> None:
    data = render(x.carry_out())
    for n in range(len(data[:DRIPS])):
        x.wire.send(data[n : n + 1])
    x.wire.send(data[DRIPS:])


def _be_silent(x: Exchange) -> None:
    x.carry_out_if_acted()
    x.wire.wait_for_end()


def _say_less(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(answer, max(len(answer.body) - 3, 0)))
    # Left open: a close now would race with the next request on a connection that looks whole.


def _say_more(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(answer, len(answer.body) + 10))
    x.wire.close()


def _break_chunks(x: Exchange) -> None:
    answer = x.carry_out()
    first = head(answer.status, [*answer.headers, ("Transfer-Encoding", "chunked")])
    x.wire.send(first + broken_chunk(x.fault.choice, answer.body))
    x.wire.close()


def _send_bomb(x: Exchange) -> None:
    answer = x.carry_out()
    packed = gzip.compress(answer.body) + PADDING
    x.wire.send(render(_with_body(answer, packed), None, ("Content-Encoding", "gzip")))


def _send_no_gzip(x: Exchange) -> None:
    answer = x.carry_out()
    body = gzip.compress(answer.body)[:-9] if x.fault.choice == "cut" else answer.body
    x.wire.send(render(_with_body(answer, body), None, ("Content-Encoding", "gzip")))


def _send_status(x: Exchange) -> None:
    x.carry_out_if_acted()
    media, body = faults.refusal(x.fault)
    headers = [("Content-Type", media)] if media else []
    if x.fault.retry is not None:
        # A date to wait for means nothing without the server's own, which every real one tells.
        date = format_datetime(datetime.now(UTC), usegmt=True)
        headers += [("Retry-After", x.fault.retry), ("Date", date)]
    x.wire.send(render(Answer(x.fault.status, tuple(headers), body)))


def _redirect(x: Exchange) -> None:
    x.proxy.note(x.asked, x.fault)
    target = x.fault.choice.replace("{self}", x.proxy.url)
    x.wire.send(render(Answer(x.fault.status, (("Location", target),), b"")))


def _deform(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(_with_body(answer, faults.deform(answer.body, x.fault.place, x.fault.value))))


def _change_kind(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(_with_body(answer, faults.with_kind(answer.body))))


def _change_object(x: Exchange) -> None:
    answer = x.carry_out()
    x.wire.send(render(_with_body(answer, faults.of_another(answer.body))))


def _talk_nonsense(x: Exchange) -> None:
    x.carry_out_if_acted()
    status = 201 if x.asked.method == "POST" else 200
    media = (("Content-Type", "application/json"),)
    x.wire.send(render(Answer(status, media, x.fault.choice.encode())))


BEHAVIOUR: Mapping[str, Callable[[Exchange], None]] = {
    "ok": _pass_on,
    "close": _hang_up,
    "reset-before": _reset_before,
    "reset-during": _reset_during,
    "reset-after": _reset_after,
    "late": _carry_out_late,
    "truncate": _truncate,
    "drip": _drip,
    "silence": _be_silent,
    "length-short": _say_less,
    "length-long": _say_more,
    "chunks": _break_chunks,
    "gzip-bomb": _send_bomb,
    "gzip-nonsense": _send_no_gzip,
    "status": _send_status,
    "redirect": _redirect,
    "deform": _deform,
    "wrong-kind": _change_kind,
    "other-object": _change_object,
    "nonsense": _talk_nonsense,
}

BEFORE = ("close", "reset-before", "late", "status", "redirect")
"""The faults of a watch that come before its answer."""
