"""What was found out about a set-up: lines with a level each, what to do, and how they end. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Object

Level: TypeAlias = Literal["ok", "warning", "problem"]
"""Nothing is wrong; something may be, or is missing; something is wrong that commands will fail of."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: its topic, how it is, in a sentence, and how to mend it."""

    topic: str
    level: Level
    message: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that was looked at, in order.

    >>> Diagnosis((ok("context", "shop"), warning("kubectl", "it is not on the PATH"))).counts
    {'ok': 1, 'warning': 1, 'problem': 0}
    """

    findings: tuple[Finding, ...] = ()

    @property
    def counts(self) -> dict[Level, int]:
        """How many findings there are of each level."""
        found = Counter(finding.level for finding in self.findings)
        return {level: found[level] for level in LEVELS}


LEVELS: tuple[Level, ...] = ("ok", "warning", "problem")

Fill: TypeAlias = Callable[[str, str, str], str]
"""Lay out a text: with what its first line begins, and with what the others do."""


def _keep_line(text: str, initial: str, later: str) -> str:  # noqa: ARG001
    """Lay out a text in one line, however long it is."""
    return initial + text


def ok(topic: str, message: str) -> Finding:
    """Find that nothing is wrong with a topic."""
    return Finding(topic, "ok", message)


def warning(topic: str, message: str, mend: str = "") -> Finding:
    """Find something about a topic that may be wrong, or that is missing."""
    return Finding(topic, "warning", message, mend)


def problem(topic: str, message: str, mend: str = "") -> Finding:
    """Find something wrong with a topic, of which commands will fail."""
    return Finding(topic, "problem", message, mend)


def diagnosis_lines(diagnosis: Diagnosis, fill: Fill = _keep_line) -> Iterator[str]:
    """The lines for a terminal: level, topic and message in columns, how to mend below, the counts last.

    `fill` lays out a text behind its first and its later beginnings.

    >>> for line in diagnosis_lines(Diagnosis((problem("server", "it is down", "start it"),))):
    ...     print(line)
    problem  server  it is down
                     → start it
    <BLANKLINE>
    1 problem (server), 0 warnings, 0 ok
    """
    wide = max((len(finding.topic) for finding in diagnosis.findings), default=0)
    for finding in diagnosis.findings:
        head = f"{finding.level:<7}  {finding.topic:<{wide}}  "
        blank = " " * len(head)
        yield fill(finding.message, head, blank)
        if finding.mend:
            yield fill(finding.mend, f"{blank}→ ", f"{blank}  ")
    yield ""
    yield ", ".join(_summary(diagnosis))


def _summary(diagnosis: Diagnosis) -> Iterator[str]:
    """How many findings there are of each level, the worst first and with their topics."""
    for level in ("problem", "warning"):
        topics = [finding.topic for finding in diagnosis.findings if finding.level == level]
        about = f" ({', '.join(dict.fromkeys(topics))})" if topics else ""
        yield f"{len(topics)} {level}{'s' * (len(topics) != 1)}{about}"
    yield f"{diagnosis.counts['ok']} ok"


def diagnosis_data(diagnosis: Diagnosis) -> Object:
    """The diagnosis as JSON data.

    >>> diagnosis_data(Diagnosis((ok("context", "shop"),)))["findings"]
    [{'topic': 'context', 'level': 'ok', 'message': 'shop', 'mend': ''}]
    """
    findings = [
        {"topic": one.topic, "level": one.level, "message": one.message, "mend": one.mend}
        for one in diagnosis.findings
    ]
    return {"findings": findings, "counts": dict(diagnosis.counts)}
