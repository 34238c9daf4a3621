"""The instrument, without measuring: rows, ratios, and that the page is of what was measured."""

import doctest
import json
import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from importlib import import_module

import pytest
import yaml

from benchmarks import page, run
from benchmarks.inputs import Files, bodies, deployment, manifests
from benchmarks.judging import Verdict, verdicts
from benchmarks.pictures import PICTURES, cost_of_growth, digest, time_by_connections, time_to_create
from benchmarks.profiling import function_lines, import_lines
from benchmarks.results import KEPT, NONE, read_results, with_row, written
from benchmarks.row import Bar, Contender, Row
from benchmarks.rows import COMMANDS, CONNECTIONS, ROWS, SIZES, chosen
from benchmarks.running import METER, turns
from benchmarks.states import GIVEN, RESET
from benchmarks.world import PROGRAMS, World, reason_to_skip
from fkube.cli.program import COMMANDS as OURS

BARS = {
    "version": [("kubectl", 2.0)],
    "get-one": [("kubectl", 2.0)],
    "dry-run-one": [("kubectl", 2.0)],
    "help": [("kubectl", 1.2)],
    "create": [("kubectl", 0.7), ("floor", 1.25), ("kubernetes", 0.5), ("lightkube", 0.5), ("kr8s", 0.5)],
    "apply-new": [("kubectl", 0.7)],
    "apply-again": [("kubectl", 0.03)],
    "server-side-new": [("kubectl", 0.65)],
    "server-side-again": [("kubectl", 0.3)],
    "get-files": [("kubectl", 0.5)],
    "list-name": [("kubectl", 0.8)],
    "list-table": [("kubectl", 1.2)],
    "list-json": [("kubectl", 1.0)],
    "delete": [("kubectl", 0.3)],
    "dry-run-many": [("kubectl", 0.9)],
    "decode": [("C loader", 0.35)],
    "decode-events": [("C loader", 0.7)],
    "stages": [("loop", 1.5)],
}
"""What was promised, row by row."""
PURE = ("judging", "page", "profiling", "results", "rows", "running")


def every_command():
    """Each command of each row."""
    for row in ROWS.values():
        yield from ((row, contender.command) for contender in row.contenders.values())
        yield from ((row, row.inside),) if row.inside else ()


@pytest.mark.parametrize("name", PURE)
def test_the_examples_of_a_module(name):
    found = doctest.testmod(import_module(f"benchmarks.{name}"))
    assert found.failed == 0


def test_every_row_that_was_promised_is_there_with_its_bar():
    assert {name: [(b.against, b.most) for b in ROWS[name].bars] for name in BARS} == BARS
    assert {"list-10000", "stream-100000", "batch", "growth", "connections"} <= set(ROWS)
    assert {f"help-{command}" for command in COMMANDS} <= set(ROWS)
    assert set(COMMANDS) <= set(OURS)
    assert SIZES == (1_000, 3_000, 10_000, 30_000, 100_000)
    assert (CONNECTIONS[0], CONNECTIONS[-1]) == (1, 64)


def test_who_is_held_to_a_bar_and_beside_whom_are_contenders():
    for row in ROWS.values():
        for bar in row.bars:
            assert row.inside or {bar.of, bar.against} <= set(row.contenders), row.name


def test_states_and_names_of_commands_are_known(tmp_path):
    world = World(tmp_path, Files(tmp_path / "files", 0.001))
    for row, command in every_command():
        assert row.given in GIVEN
        assert row.reset in RESET
        assert all("{" not in word for word in world.words(command, row))


def test_a_command_whose_program_is_missing_is_skipped_with_a_reason(monkeypatch, tmp_path):
    monkeypatch.setitem(PROGRAMS, "corpus", tmp_path / "none")
    monkeypatch.setitem(PROGRAMS, "fkube", tmp_path)
    assert reason_to_skip("{fkube} create -f {corpus}") == "the corpus of ../shared is not there"
    assert reason_to_skip("{fkube} create -f {files}") == ""


def test_rows_are_chosen_by_names_and_globs():
    assert chosen("") == tuple(ROWS.values())
    assert [row.name for row in chosen("list-name, help")] == ["help", "list-name"]
    assert {row.name for row in chosen("help-*")} == {f"help-{command}" for command in COMMANDS}
    with pytest.raises(SystemExit, match="no row is called 'lost'"):
        chosen("create,lost")


def test_everyone_is_first_once_and_who_takes_long_runs_less():
    row = Row("r", "", {name: Contender("", most=2 * (name == "a")) for name in "abc"})
    rounds = [[name for number, name in turns(row, ["a", "b", "c"], 3) if number == n] for n in range(3)]
    assert rounds == [["a", "b", "c"], ["b", "c", "a"], ["c", "b"]]
    assert len(list(turns(replace(row, rounds=2), ["b"], 3))) == 6


def test_files_are_the_same_each_time_and_bodies_say_what_manifests_say(tmp_path):
    texts = list(yaml.safe_load_all("".join(manifests(deployment, 3))))
    assert [json.loads(line) for line in bodies(deployment, 3)] == texts
    assert len({each["metadata"]["name"] for each in texts}) == 3
    assert 650 < len(deployment(1)) < 750  # So that 10,000 are 7 MB.
    made = Files(tmp_path, 0.001).deployments(2_000)
    assert made.read_text() == "".join(manifests(deployment, 2))


def samples(**walls):
    """The samples of contenders whose walls are given, round after round."""
    return {
        name: [{"round": n, "wall": wall, "cpu": wall / 2, "peak": 50.0} for n, wall in enumerate(took)]
        for name, took in walls.items()
    }


def test_a_bar_is_judged_by_the_median_of_pairs():
    row = Row("r", "", bars=(Bar("kubectl", 0.7), Bar("kubectl", 0.5, "cpu"), Bar("floor", 2.0)))
    measured = samples(fkube=(1.0, 6.0, 1.0), kubectl=(2.0, 10.0, 1.0))
    kept = with_row(NONE, "r", {"samples": measured}, {})
    told = verdicts(kept, row)
    assert [(each.ratio, each.met) for each in told] == [(0.6, True), (0.6, False), (None, None)]
    assert str(told[0]) == "r: fkube 0.6 × kubectl (wall; bar 0.7, met)"
    assert str(told[2]) == "r: fkube not measured (wall; bar 2)"
    assert [each.met for each in verdicts(NONE, row)] == [None] * 3
    assert Verdict("r", Bar("kubectl", 0.7), 0.7).met is True


def test_a_row_that_is_run_again_replaces_itself_alone():
    first = with_row(with_row(NONE, "a", {"samples": {}}, {"d": "1"}), "b", {"samples": {}}, {"d": "1"})
    again = with_row(first, "a", {"samples": samples(fkube=(1.23456789,))}, {"d": "2"})
    assert again["rows"]["b"] == first["rows"]["b"]
    assert again["rows"]["a"]["samples"]["fkube"][0]["wall"] == 1.2346
    assert sorted(each["d"] for each in again["runs"].values()) == ["1", "2"]
    assert json.loads(written(again)) == json.loads(json.dumps(again))


def test_what_a_trial_took_is_not_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "KEPT", tmp_path / "new" / "results.json")
    run._keep(NONE, 0.1)
    assert list(tmp_path.iterdir()) == []
    run._keep(NONE, 1)
    assert read_results(tmp_path / "new" / "results.json") == NONE
    assert read_results(tmp_path / "none.json") == NONE


def test_the_page_and_the_pictures_are_of_what_was_measured():
    assert page.problems(read_results()) == []
    assert KEPT.read_text(encoding="utf-8") == written(read_results())


def test_a_number_that_was_changed_is_found_on_the_page_and_in_its_picture():
    planted = deepcopy(read_results())
    for sample in planted["rows"]["create"]["samples"]["fkube"]:
        sample["wall"] *= 3
    told = [problem.partition(" ")[0] for problem in page.problems(planted)]
    names = ("README.md", "ratios.svg", "create.svg")
    assert told == [f"docs/benchmarks/{name}" for name in names]


def test_every_row_is_on_the_page_and_every_picture_in_it():
    text = page.make_page(read_results())
    assert all(f"`{name}`" in text for name in ROWS)
    assert all(f"]({picture})" in text for picture in PICTURES)
    assert "{" not in text


def test_the_page_tells_what_was_missed_skipped_and_never_run():
    took = samples(fkube=(8.0,), kubectl=(1.0,))
    measured = {"samples": took, "skipped": {"kubectl": "not there"}, "rounds": 1}
    text = page.make_page(with_row(NONE, "dry-run-many", measured, {"date": "2020-01-01"}))
    assert "| fkube | kubectl | time | 8.00 | 8.00 | ≤ 0.9 | **missed** |" in text
    assert "* `dry-run-many`, kubectl: not there" in text
    assert "* in 5 rounds or more, so that these say little: `dry-run-many`" in text
    assert "* `create`: never run" in text
    assert "| date | 2020-01-01 |" in text


def test_another_number_quotes_another_digest():
    kept = with_row(NONE, "create", {"samples": samples(fkube=(1.0,))}, {})
    other = with_row(NONE, "create", {"samples": samples(fkube=(1.1,))}, {})
    assert digest(kept, "create.svg") != digest(other, "create.svg")
    assert digest(kept, "growth.svg") == digest(other, "growth.svg")


def test_the_points_of_curves():
    grown = {"1,000": [{"round": 0, "cpu": 0.3, "number": 1000, "peak": 40.0}]}
    assert cost_of_growth(with_row(NONE, "growth", {"samples": grown}, {})) == [(1000, 300.0, 40.0)]
    created = with_row(NONE, "create", {"samples": samples(fkube=(2.0,), floor=(1.0,))}, {})
    assert time_to_create(created) == [("floor", 1.0, 0.5), ("fkube", 2.0, 1.0)]
    spread = with_row(NONE, "connections", {"samples": {"8": samples(f=(3.0,))["f"]}}, {})
    assert time_by_connections(spread) == [(8, 3.0, 1.5)]


def test_a_profile_is_summed_by_room():
    stats = {
        ("/v/site-packages/fkube/syntax/y.py", 3, "parse"): (2, 2, 3.0, 3.5, {}),
        ("/v/site-packages/fkube/syntax/z.py", 4, "scan"): (1, 1, 0.5, 0.5, {}),
        ("~", 0, "<len>"): (9, 9, 0.5, 0.5, {}),
    }
    lines = list(function_lines(stats))
    assert lines[1:3] == ["   3.500 s  88%  fkube/syntax", "   0.500 s  12%  built in"]
    assert lines[4].split() == ["3.000", "3.500", "2", "fkube/syntax", "y.py:3", "parse"]


def test_imports_are_summed_by_package_and_room():
    told = """import time: self [us] | cumulative | imported package
import time:      1500 |       1500 |   fkube.cli.flags
import time:       500 |       2000 | fkube.cli
import time:       250 |        250 | yaml.loader
"""
    assert [line.strip() for line in import_lines(told)] == [
        *("2.2 ms in 3 modules", "2.0 ms  fkube/cli", "0.2 ms  yaml", "own ms  module"),
        *("1.5  fkube.cli.flags", "0.5  fkube.cli", "0.2  yaml.loader"),
    ]


def test_the_meter_runs_a_command_to_its_end_and_tells_its_status(tmp_path):
    out, err = tmp_path / "out", tmp_path / "err"
    program = "import sys; print('said'); sys.exit(3)"
    words = [sys.executable, "-I", "-S", str(METER), str(out), str(err), sys.executable, "-c", program]
    told = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    assert (told["status"], out.read_text(), err.read_text()) == (3, "said\n", "")
    assert set(told) == {"wall", "cpu", "peak", "status"}
