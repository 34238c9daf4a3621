"""Rounds: each contender once, in turn, the first of a round another each time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from benchmarks.row import Row
from benchmarks.states import begin, end, reset
from benchmarks.world import World, reason_to_skip, with_new_server

METER = Path(__file__).with_name("meter.py")
Samples = Mapping[str, list[dict[str, float]]]
"""What each contender took, round after round: `round`, `wall` and `cpu` in seconds, `peak` in MiB."""
Say = Callable[[str], object]


def measure(world: World, row: Row, rounds: int, say: Say) -> dict[str, Any]:
    """Run a row; what it took, and who was skipped and why."""
    if row.inside:
        return _measure_inside(world, row, rounds, say)
    commands = {name: contender.command for name, contender in row.contenders.items()}
    skipped = {name: why for name, command in commands.items() if (why := reason_to_skip(command))}
    there = [name for name in commands if name not in skipped]
    samples: dict[str, list[dict[str, float]]] = {name: [] for name in there}
    begin(world, row)
    for number, name in turns(row, there, rounds):
        sample = _measure_once(world, row, name)
        say(f"{row.name} {number + 1}: {name} {sample['wall']:.2f} s, CPU {sample['cpu']:.2f} s")
        samples[name].append({"round": number, **sample})
    end(world, row)
    return {"samples": samples, "skipped": skipped}


def turns(row: Row, names: list[str], rounds: int) -> Iterator[tuple[int, str]]:
    """Who is next, round after round: A B, B A, A B; who takes long is left out of later rounds.

    >>> from benchmarks.row import Contender
    >>> row = Row("a", "", {"k": Contender("", most=1), "f": Contender("")})
    >>> [*turns(row, ["k", "f"], 2)]
    [(0, 'k'), (0, 'f'), (1, 'f')]
    """
    for number in range(rounds * row.rounds):
        first = number % len(names) if names else 0
        for name in names[first:] + names[:first]:
            if not 0 < row.contenders[name].most <= number:
                yield number, name


def _measure_once(world: World, row: Row, name: str) -> dict[str, float]:
    """Make what has to be there, and run a contender once."""
    own: AbstractContextManager[World] = nullcontext(world)
    with with_new_server(world) if row.reset == "new-server" else own as there:
        reset(there, row)
        words = there.words(row.contenders[name].command, row)
        sample = meter(words, there, name)
    printed = (there.folder / "stdout").read_text(encoding="utf-8", errors="replace")
    if row.lines and name in ("kubectl", "fkube"):
        wanted, got = world.files.count(row.number), printed.count("\n")
        if got != wanted:
            raise SystemExit(f"bench: {row.name}: {name} printed {got} lines, and not {wanted}")
    return sample | (json.loads(printed) if row.told else {})


def meter(words: list[str], world: World, name: str) -> dict[str, float]:
    """Run a command to its end; what it took. One that fails ends the benchmark."""
    out, err = world.folder / "stdout", world.folder / "stderr"
    command = [sys.executable, "-I", "-S", str(METER), str(out), str(err), *words]
    told = subprocess.run(
        command, env=world.environment(name), cwd=world.folder, capture_output=True, text=True, check=True
    )
    sample = json.loads(told.stdout)
    if sample.pop("status"):
        raise SystemExit(f"bench: {' '.join(words)} failed:\n{err.read_text(errors='replace')[-3000:]}")
    return dict(sample)


def _measure_inside(world: World, row: Row, rounds: int, say: Say) -> dict[str, Any]:
    """Run a program that measures two ways in pairs: it prints the CPU of each, round after round."""
    if why := reason_to_skip(row.inside):
        return {"samples": {}, "skipped": {"fkube": why}}
    meter([*world.words(row.inside, row), str(rounds)], world, "fkube")
    told = json.loads((world.folder / "stdout").read_text())
    say(f"{row.name}: {', '.join(f'{name} {min(took):.3f} s' for name, took in told.items())}")
    samples = {
        name: [{"round": number, "cpu": cpu} for number, cpu in enumerate(took)]
        for name, took in told.items()
    }
    return {"samples": samples, "skipped": {}}
