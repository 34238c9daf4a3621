"""Lines of kubectl's log on stderr, as klog writes them. Text only, no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase

from fkube.resource.names import quote_text


def log_line(now: datetime, process: int, place: str, message: str, *pairs: tuple[str, str | int]) -> str:
    r"""A line of the log: when, by which process, from which place, a message and what belongs to it.

    Follows `FormatHeader` and `KVListFormat` of klog.

    >>> now = datetime(2026, 11, 29, 18, 33, 3, 119905)
    >>> log_line(now, 17205, "a.go", "Response", ("status", "200 OK"), ("milliseconds", 2))
    'I1129 18:33:03.119905   17205 a.go] "Response" status="200 OK" milliseconds=2'
    """
    values = "".join(f" {key}={_value_text(value)}" for key, value in pairs)
    return f"I{now:%m%d %H:%M:%S.%f} {process:>7} {place}] {quote_text(message)}{values}"


def _value_text(value: str | int) -> str:
    r"""A value as klog writes it: a text of several lines as a block.

    >>> _value_text("a\n")
    '<\n\ta\n >'
    """
    if isinstance(value, int):
        return str(value)
    if "\n" not in value:
        return quote_text(value)
    lines = value.removesuffix("\n").split("\n")
    return "".join(("<", *(f"\n\t{line}" for line in lines), "\n >"))


def level_of(file: str, general: int, patterns: str) -> int:
    """How much is told from a file: what holds in general, or what the first pattern for it says.

    Follows `VDepth` and `setV` of klog.

    >>> level_of("request", 2, "round*=8,request=9"), level_of("request", 2, "req*=1")
    (9, 2)
    """
    return max(general, next(_levels_for(file, patterns), 0))


def _levels_for(file: str, patterns: str) -> Iterator[int]:
    """The levels of the patterns that match a file."""
    for part in filter(None, patterns.split(",")):
        pattern, _, level = part.partition("=")
        if fnmatchcase(file, pattern):
            yield int(level)
