"""`make profile ROW=…`: the functions in which a row spends its time, by room, and what a start imports."""

from __future__ import annotations

import marshal
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.row import OURS, Row
from benchmarks.rows import START, chosen
from benchmarks.running import meter
from benchmarks.states import begin, reset
from benchmarks.world import World, reason_to_skip, worlds

MOST = 40
"""So many functions or modules are printed."""
IMPORTED = re.compile(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)
PLACE = re.compile(r"/site-packages/(fkube/\w+|\w+)")
Function: TypeAlias = tuple[str, int, str]


def profile_row(name: str, scale: float) -> None:
    """Run fkube's part of a row under a profile, and print where its time went."""
    row, *others = chosen(name or "*")
    if others:
        raise SystemExit("profile: one row at a time, please")
    with worlds(scale, not row.offline) as world:
        begin(world, row)
        words = program(world, row)
        reset(world, row)
        python = str(world.words("{python}", row)[0])
        meter(
            [
                python,
                str(world.words("{contenders}/profiled.py", row)[0]),
                str(world.folder / "profile"),
                *words,
            ],
            world,
            OURS,
        )
        print(*function_lines(marshal.loads((world.folder / "profile").read_bytes())), sep="\n")
        if row in START:
            meter([python, "-X", "importtime", *words], world, OURS)
            print("", *import_lines((world.folder / "stderr").read_text()), sep="\n")


def program(world: World, row: Row) -> list[str]:
    """The Python program of a row that is ours, and its arguments: the command line, else what there is."""
    commands = [contender.command for contender in row.contenders.values()]
    command = (
        row.contenders[OURS].command
        if OURS in row.contenders
        else row.inside + " 1"
        if row.inside
        else commands[0]
    )
    if why := reason_to_skip(command):
        raise SystemExit(f"profile: {row.name}: {why}")
    words = world.words(command, row)
    return words if Path(words[0]).name == "fkube" else words[1:]


def room_of(file: str) -> str:
    """Where a function is: `fkube/room`, a package, Python's own library, or built in.

    >>> room_of("/a/site-packages/fkube/syntax/x.py"), room_of("/a/site-packages/yaml/x.py"), room_of("~")
    ('fkube/syntax', 'yaml', 'built in')
    """
    if found := PLACE.search(file):
        return found[1]
    return "built in" if file == "~" else "Python"


def function_lines(stats: Mapping[Function, tuple[Any, ...]]) -> Iterator[str]:
    """The rooms by the time of their own functions, and the functions that take most."""
    total = sum(entry[2] for entry in stats.values()) or 1.0
    rooms: Counter[str] = Counter()
    for (file, _, _), entry in stats.items():
        rooms[room_of(file)] += entry[2]
    yield f"{total:.2f} s of CPU under the profile, which makes calls dearer than they are"
    yield from (f"{seconds:8.3f} s {seconds / total:4.0%}  {room}" for room, seconds in rooms.most_common(25))
    yield f"\n{'own s':>8} {'with called':>11} {'calls':>9}  function"
    for (file, line, name), entry in sorted(stats.items(), key=lambda item: -item[1][2])[:MOST]:
        place = f"{room_of(file)} {Path(file).name}:{line}" if file != "~" else "built in"
        yield f"{entry[2]:8.3f} {entry[3]:11.3f} {entry[1]:9,}  {place} {name}"


def import_lines(told: str) -> Iterator[str]:
    """What `-X importtime` tells: packages and rooms, and the modules that take most, by their own time."""
    modules = [(name, int(spent) / 1000) for spent, name in IMPORTED.findall(told)]
    yield f"{sum(spent for _, spent in modules):.1f} ms in {len(modules)} modules"
    packages = _summed((_package(name), spent) for name, spent in modules)
    yield from (f"{spent:8.1f} ms  {name}" for name, spent in packages.most_common(25))
    yield f"\n{'own ms':>8}  module"
    yield from (f"{spent:8.1f}  {name}" for name, spent in _summed(modules).most_common(MOST))


def _summed(spent: Iterable[tuple[str, float]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, each in spent:
        total[name] += each  # type: ignore[assignment]
    return total


def _package(module: str) -> str:
    """The package of a module; of fkube, its room."""
    parts = module.split(".")
    return "/".join(parts[:2]) if parts[0] == "fkube" else parts[0]
