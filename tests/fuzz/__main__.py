"""`python -m tests.fuzz`: FUZZ inputs (1,000,000) over all targets, in two processes; fails if one escapes.

Words choose targets whose names begin with one of them. FUZZ_SEED says which inputs; FUZZ_ENGINE=chance draws
them by chance where atheris is there too. The corpus that atheris grows is kept in .cache/fuzz.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tests.figures import keep_figures
from tests.fuzz.engine import Tally, has_atheris, read_tally
from tests.fuzz.judging import Escape, Target, judge, minimise, show_input
from tests.fuzz.targets import TARGETS

FOLDER = Path(".cache/fuzz")
LONGEST = 3600
"""Seconds after which a process is ended: the machine may be busy, but something must come of it."""


@dataclass(frozen=True, slots=True)
class Share:
    """A target, and how many inputs it gets."""

    target: Target
    inputs: int


def share_out(targets: Sequence[Target], inputs: int) -> tuple[Share, ...]:
    """Divide inputs among targets by their shares; all of them, and at least one each.

    >>> a, c = Target("a", lambda s: (), int, share=1.0), Target("c", lambda s: (), int, share=3.0)
    >>> [share.inputs for share in share_out((a, c), 100)]
    [25, 75]
    """
    whole = sum(target.share for target in targets)
    return tuple(Share(target, max(1, -int(-inputs * target.share // whole))) for target in targets)


def run(share: Share, seed: int, folder: Path) -> Tally | None:
    """Fuzz one target in a process of its own; None where the process ended without a word."""
    path = folder / f"{share.target.name}.json"
    path.unlink(missing_ok=True)
    words = [
        sys.executable,
        "-m",
        "tests.fuzz.engine",
        share.target.name,
        str(share.inputs),
        str(seed),
        str(path),
    ]
    try:
        ended = subprocess.run(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if not path.exists():
        (folder / f"{share.target.name}.log").write_bytes(ended.stdout)
        return None
    return read_tally(str(path))


def confirm(target: Target, escape: Escape) -> Escape | None:
    """The escape from the smallest input, or None if it is not seen again without the fuzzer around it."""
    again = judge(target, escape.data).escape
    if again is None:
        return None
    small = minimise(target, again)
    return Escape(small.target, small.kind, small.place, small.data, small.text, escape.count)


def report(share: Share, tally: Tally | None) -> list[str]:
    """What is said of one target, and each of its escapes."""
    target = share.target
    if tally is None:
        return [f"{target.name}: the process ended without a word: {FOLDER / target.name}.log"]
    rate = tally.inputs / tally.seconds if tally.seconds else 0
    print(
        f"{target.name:34} {tally.inputs:8,} inputs {rate:8,.0f}/s, slowest {tally.slowest:.3f} s", flush=True
    )
    found = [one for escape in tally.escapes.values() if (one := confirm(target, escape))]
    lines = []
    for one in sorted(found, key=lambda one: -one.count):
        what = f"{target.name}: {one.kind} at {one.place}, {one.count:,} times: {one.text}"
        lines.append(f"{what}\n    input {one.data.hex()}: {show_input(target, one.data)}")
        print(f"  ! {lines[-1]}", flush=True)
    return lines


def main(words: Sequence[str]) -> int:
    """Fuzz all targets, and give the exit status."""
    began, inputs, seed = (
        monotonic(),
        int(os.environ.get("FUZZ", "1000000")),
        int(os.environ.get("FUZZ_SEED", "1")),
    )
    chosen = [target for target in TARGETS if not words or target.name.startswith(tuple(words))]
    FOLDER.mkdir(parents=True, exist_ok=True)
    by_coverage = has_atheris() and os.environ.get("FUZZ_ENGINE") != "chance"
    how = "by coverage (atheris)" if by_coverage else "by chance: atheris does not install here"
    print(f"{inputs:,} inputs over {len(chosen)} targets, chosen {how}, seed {seed}", flush=True)
    shares, escapes, done = share_out(chosen, inputs), [], 0
    with ThreadPoolExecutor(2) as pool:
        for share, tally in zip(
            shares, pool.map(lambda share: run(share, seed, FOLDER), shares), strict=True
        ):
            escapes += report(share, tally)
            done += tally.inputs if tally else 0
    (FOLDER / "escapes.txt").write_text("\n".join(escapes) + "\n")
    figures = {
        "inputs": done,
        "targets": len(chosen),
        "escapes": len(escapes),
        "seconds": round(monotonic() - began),
    }
    keep_figures("fuzz", figures | {"engine": "atheris" if by_coverage else "chance"})
    print(f"{done:,} inputs, {len(escapes)} kinds of escape" + (f": {FOLDER}/escapes.txt" if escapes else ""))
    return 1 if escapes or done < inputs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
