"""What a row is: a piece of work, who does it, and the bar it has to meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OURS = "fkube"
"""The contender that is held to the bars: the command line, installed as a user installs it."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Who does the work of a row, by what command. `most`: rounds at most, 0 for as many as are asked for."""

    command: str
    most: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """At most so many times what `against` takes, by the median of pairs; `of`: who is held to it."""

    against: str
    most: float
    measure: str = "wall"
    of: str = OURS


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of work.

    `given` is made once before it, `reset` before each run (see `states.py`). `number` objects are worked on.
    `rounds` is how often a round is run where others are run once. `inside` is a program that itself measures
    two ways in pairs, for what a whole process would drown. With `lines` a command line has to print a line
    for each object; with `told` a program prints the CPU of its work alone. `offline`: no server is needed.
    """

    name: str
    what: str
    contenders: Mapping[str, Contender] = field(default_factory=dict)
    bars: tuple[Bar, ...] = ()
    given: str = ""
    reset: str = ""
    number: int = 1
    rounds: int = 1
    inside: str = ""
    lines: bool = False
    told: bool = False
    offline: bool = False


def both(words: str, most: int = 0) -> dict[str, Contender]:
    """kubectl and fkube with the same words."""
    return {"kubectl": Contender(f"{{kubectl}} {words}", most), OURS: Contender(f"{{fkube}} {words}")}


def script(name: str, words: str, most: int = 0, python: str = "peers") -> dict[str, Contender]:
    """A contender that is a small program in `contenders/`."""
    return {name: Contender(f"{{{python}}} {{contenders}}/{name}.py {words}", most)}


def peers(words: str, most: int = 2) -> dict[str, Contender]:
    """The other clients for Python."""
    names = ("kubernetes", "lightkube", "kr8s")
    return {name: each for peer in names for name, each in script(peer, words, most).items()}


def started(name: str, words: str, most: float | None = None, offline: bool = True, rounds: int = 3) -> Row:
    """A row of one short command, which is nearly all start."""
    bars = (Bar("kubectl", most),) if most else ()
    return Row(name, f"`{words.format(one='web.yaml')}`", both(words), bars, rounds=rounds, offline=offline)
