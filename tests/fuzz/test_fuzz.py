"""A share of `make fuzz`, the same inputs each time in CI; and the fuzzer is seen to find what is planted."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from tests.fuzz import __main__ as command
from tests.fuzz import engine, judging
from tests.fuzz.coverage import raw_functions, reached_codes
from tests.fuzz.drawing import Source
from tests.fuzz.engine import draw_by_chance, fuzz, read_tally, write_tally
from tests.fuzz.judging import Escape, Target, judge, minimise, show_input
from tests.fuzz.shapes import MISSING, ODD, deform, nested, write
from tests.fuzz.targets import BY_NAME, TARGETS

SEED = "1" if os.environ.get("CI") == "true" else str(time.time_ns())
INPUTS = 120
"""How many inputs an average target gets here."""


@pytest.mark.parametrize("name", BY_NAME)
def test_no_input_escapes(name: str) -> None:
    target = BY_NAME[name]
    tally = fuzz(target, max(20, int(INPUTS * target.share)), SEED)
    escapes = [minimise(target, one, tries=60) for one in tally.escapes.values()]
    assert not escapes, "\n".join(
        f"{one.kind} at {one.place}: {one.text}: {show_input(target, one.data)}" for one in escapes
    )


REACHED_ELSEWHERE = {
    *(
        "fkube.cluster.statuses.forbidden",
        "fkube.resource.exporting.export_lazily",
        "fkube.resource.guarding.check_result",
        "fkube.resource.guarding.wrong_type_error",
        "fkube.resource.piping.pipe",
    ),
    *("fkube.pipeline.result.add_source", "fkube.syntax.yamlevents.refusal", "fkube.builder.request.refuse"),
    *("fkube.visitor.changing.set_labels", "fkube.visitor.changing.set_annotations"),
    *("fkube.cluster.writing.effects.end_namespace", "fkube.verbs.paths.qualified_resource"),
    *(
        f"fkube.cluster.reading.cells.{name}"
        for name in ("count", "equations", "join_texts", "pair", "selector", "subjects", "values_at")
    ),
    *("fkube.visitor.decorators.require_namespace", "fkube.visitor.decorators.force_namespace"),
}
"""Functions that are only called as modules are imported, or that words of our own are given."""


def test_every_function_that_takes_what_may_be_anything_is_reached() -> None:
    wanted = raw_functions()
    left = {name for name in wanted.values() if name not in REACHED_ELSEWHERE}
    for seed in range(30):
        # After the first round only the targets of rooms in which something is left.
        rooms = {name.split(".")[1] for name in left}
        for target in TARGETS:
            if target.name.partition(".")[0] in rooms or not seed:
                left -= _reached(target, 24, seed, wanted)
    assert left == set()


def _reached(target: Target, inputs: int, seed: int, wanted: dict[CodeType, str]) -> set[str]:
    """The functions that inputs of a target reach."""
    run = [partial(judge, target, data) for data in draw_by_chance(target, inputs, f"reach/{seed}")]
    codes = reached_codes(lambda: [one() for one in run])
    return {wanted[code] for code in codes if code in wanted}


def _raise_on(byte: int) -> Target:
    def call(data: bytes) -> int:
        if byte in data:
            raise KeyError("planted")
        return 0

    return Target("planted.raises", lambda source: (source.rest(),), call, (int,))


def test_a_function_that_raises_is_found_with_its_smallest_input() -> None:
    target = _raise_on(0xAB)
    (escape,) = fuzz(target, 300, "planted").escapes.values()
    small = minimise(target, escape)
    assert (small.kind, small.data, escape.count > 1) == ("KeyError", b"\xab", True)
    assert show_input(target, small.data) == repr(b"\xab")


def test_a_place_is_the_innermost_line_of_fkube() -> None:
    from fkube.exchange import Response, status_error

    target = Target("planted", lambda source: (), lambda: status_error(Response(500, {"code": "x"})))
    escape = judge(target, b"").escape
    assert escape is None or escape.place.startswith("exchange/messages.py")


def test_a_function_that_is_slow_is_found_by_the_clock() -> None:
    times = iter([0.0, 0.5, 0.0, 1.5])
    verdicts = [judge(Target("planted", lambda source: (), int), b"", lambda: next(times)) for _ in range(2)]
    assert [verdict.escape and verdict.escape.kind for verdict in verdicts] == [None, "slow"]


def test_a_function_without_end_is_broken_off(monkeypatch: Any) -> None:
    monkeypatch.setattr(judging, "HANG", 0.02)

    def never() -> None:
        while True:
            try:
                sum(range(100))
            except Exception:  # noqa: BLE001 - as code on trial may do
                continue

    tally = fuzz(Target("planted", lambda source: (), never), 10, "planted")
    (escape,) = tally.escapes.values()
    assert (escape.kind, tally.inputs) == ("TooLong", engine.ENDLESS)


def test_a_value_of_another_type_is_found() -> None:
    escape = judge(Target("planted", lambda source: (), str, (int,)), b"").escape
    assert escape is not None
    assert (escape.kind, escape.place) == ("wrong value", "str")


def test_what_a_process_found_is_read_again(tmp_path: Path) -> None:
    tally = fuzz(_raise_on(1), 50, 1)
    write_tally(str(tmp_path / "a"), tally)
    assert read_tally(str(tmp_path / "a")) == tally


def test_the_command_tells_of_an_escape_and_fails(tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    target = _raise_on(0xAB)
    monkeypatch.setattr(command, "TARGETS", (target,))
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "run", lambda share, seed, folder: fuzz(share.target, share.inputs, seed))
    monkeypatch.setenv("FUZZ", "200")
    assert command.main([]) == 1
    printed = capsys.readouterr().out
    assert "planted.raises: KeyError at" in printed
    assert "input ab" in printed
    monkeypatch.setattr(command, "TARGETS", (Target("planted", lambda source: (), int),))
    assert command.main([]) == 0
    assert "200 inputs, 0 kinds of escape" in capsys.readouterr().out


def test_a_target_runs_in_a_process_of_its_own(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("FUZZ_ENGINE", "chance")
    tally = command.run(command.Share(BY_NAME["syntax.html"], 50), 1, tmp_path)
    assert tally is not None
    assert (tally.inputs, tally.escapes) == (50, {})


def test_a_process_that_ends_without_a_word_is_told(capsys: Any) -> None:
    assert command.report(command.Share(TARGETS[0], 1), None)


def test_an_escape_that_is_not_seen_again_is_left_out() -> None:
    assert command.confirm(_raise_on(1), Escape("planted.raises", "KeyError", "x", b"\x02")) is None


def test_inputs_are_the_same_for_the_same_bytes() -> None:
    for target in TARGETS:
        for data in draw_by_chance(target, 3, 1):
            assert show_input(target, data) == show_input(target, data)


def test_a_source_that_has_run_dry_changes_nothing() -> None:
    value = {"a": [1, {"b": None}]}
    assert deform(Source(b""), value) == value
    assert write(Source(b""), ("text",)) == "text"


def test_values_are_deformed_in_each_way_the_table_names() -> None:
    seen = [deform(Source(bytes([1, 1, 0, 0, odd])), {"a": 1}) for odd in range(len(ODD))]
    assert {} in seen
    assert {"a": None} in seen
    assert MISSING not in (one.get("a") for one in seen)
    assert nested(3) == [[[]]]
