"""Many inputs for one target: chosen by what they cover where atheris is there, else drawn by chance.

Each target runs in a process of its own (`python -m tests.fuzz.engine NAME INPUTS SEED FILE`), which writes
what it found to the file: an input that breaks the process off takes no other target with it.
"""

from __future__ import annotations

import base64
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.fuzz.judging import Clock, Escape, Target, judge

SIZES = (4, 16, 48, 128, 400)
"""The lengths of inputs that are drawn by chance."""

ENDLESS = 3
"""How many inputs may be broken off: then the target is left, as each costs seconds."""

MEMORY = 4 << 30
"""The bytes that a process may take: what wants more gets a MemoryError, which is an escape."""


@dataclass(slots=True)
class Tally:
    """What the inputs of one target came to."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_data: bytes = b""
    escapes: dict[tuple[str, str, str], Escape] = field(default_factory=dict)

    def add(self, target: Target, data: bytes, clock: Clock = time.thread_time) -> None:
        """Judge one more input; of each escape the smallest input is kept."""
        verdict = judge(target, data, clock)
        self.inputs += 1
        self.seconds += verdict.seconds
        if verdict.seconds > self.slowest:
            self.slowest, self.slowest_data = verdict.seconds, data
        if found := verdict.escape:
            before = self.escapes.get(found.key)
            smaller = before is None or len(data) < len(before.data)
            count = 1 + (before.count if before else 0)
            self.escapes[found.key] = replace(found if smaller or before is None else before, count=count)

    @property
    def is_endless(self) -> bool:
        """Whether so many inputs were broken off that the target is left."""
        return sum(one.count for one in self.escapes.values() if one.kind == "TooLong") >= ENDLESS


def draw_by_chance(target: Target, inputs: int, seed: object) -> Iterable[bytes]:
    """Inputs by chance; the same for the same seed."""
    for number in range(inputs):
        chance = random.Random(f"{seed}/{target.name}/{number}")
        yield chance.randbytes(chance.choice(SIZES))


def fuzz(target: Target, inputs: int, seed: object, clock: Clock = time.thread_time) -> Tally:
    """Judge so many inputs drawn by chance."""
    tally = Tally()
    for data in draw_by_chance(target, inputs, seed):
        tally.add(target, data, clock)
        if tally.is_endless:
            break
    return tally


def fuzz_by_coverage(
    target: Target, inputs: int, seed: int, corpus: str, finish: Callable[[Tally], None]
) -> None:
    """Judge so many inputs that atheris chooses; it never returns, so what it found goes to `finish`."""
    import atheris

    tally = Tally()

    def test_one(data: bytes) -> None:
        tally.add(target, data)
        if tally.inputs >= inputs or tally.is_endless:
            finish(tally)
            os._exit(0)

    # What grows its inputs slowly leaves most of the structure undrawn: the first are by chance.
    for number, data in enumerate(draw_by_chance(target, 64, seed)):
        Path(corpus, f"chance-{number}").write_bytes(data)
    options = (
        f"-seed={seed or 1}",
        "-max_len=512",
        "-len_control=0",
        f"-rss_limit_mb={MEMORY >> 20}",
        "-timeout=100",
        "-verbosity=0",
        f"-artifact_prefix={corpus}-",
    )
    atheris.Setup([sys.argv[0], *options, corpus], test_one)
    atheris.Fuzz()


def write_tally(path: str, tally: Tally) -> None:
    """Write what was found to a file."""
    found = [{**asdict(one), "data": base64.b64encode(one.data).decode()} for one in tally.escapes.values()]
    row: dict[str, Any] = {
        "inputs": tally.inputs,
        "seconds": tally.seconds,
        "slowest": tally.slowest,
        "escapes": found,
    }
    row["slowest_data"] = base64.b64encode(tally.slowest_data).decode()
    Path(f"{path}.part").write_text(json.dumps(row))
    os.replace(f"{path}.part", path)


def read_tally(path: str) -> Tally:
    """Read what a process found."""
    row = json.loads(Path(path).read_text())
    found = [Escape(**{**one, "data": base64.b64decode(one["data"])}) for one in row["escapes"]]
    slowest_data = base64.b64decode(row["slowest_data"])
    return Tally(row["inputs"], row["seconds"], row["slowest"], slowest_data, {one.key: one for one in found})


def has_atheris() -> bool:
    """Whether inputs can be chosen by what they cover."""
    return find_spec("atheris") is not None


def main(name: str, inputs: str, seed: str, path: str) -> None:
    """Fuzz one target, and write what was found."""
    by_coverage = has_atheris() and os.environ.get("FUZZ_ENGINE") != "chance"
    if by_coverage:
        import atheris

        with atheris.instrument_imports(include=["fkube"]):
            from tests.fuzz.targets import BY_NAME
    else:
        from tests.fuzz.targets import BY_NAME
    target = BY_NAME[name]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if not by_coverage:
        return write_tally(path, fuzz(target, int(inputs), seed))
    corpus = f"{path}.corpus"
    os.makedirs(corpus, exist_ok=True)
    return fuzz_by_coverage(target, int(inputs), int(seed), corpus, lambda tally: write_tally(path, tally))


if __name__ == "__main__":
    main(*sys.argv[1:])
