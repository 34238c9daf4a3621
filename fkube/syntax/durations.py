"""Lengths of time in words, as kubectl and the API server print them: `90s`, `3d2h`. Pure."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "y": 31_536_000}
_SPANS = (
    (120, "s", ""),
    (600, "m", "s"),
    (10_800, "m", ""),
    (28_800, "h", "m"),
    (172_800, "h", ""),
    (691_200, "d", "h"),
    (63_072_000, "d", ""),
    (252_288_000, "y", "d"),
)
"""Below so many seconds: the unit, and the unit of what is left over."""


def human_duration(seconds: float) -> str:
    """Print a length of time in one or two units. Follows `HumanDuration` of apimachinery.

    >>> [human_duration(s) for s in (-9, 5, 119, 125, 600, 18_060, 49 * 3600, 9 * 86_400, 3 * 31_536_000)]
    ['<invalid>', '5s', '119s', '2m5s', '10m', '5h1m', '2d1h', '9d', '3y']
    """
    if seconds < 0:
        return "<invalid>" if seconds <= -2 else "0s"
    for limit, unit, finer in _SPANS:
        if seconds < limit:
            whole, left = divmod(int(seconds), _SECONDS[unit])
            part = left // _SECONDS[finer] if finer else 0
            return f"{whole}{unit}" + (f"{part}{finer}" if part else "")
    return f"{int(seconds) // _SECONDS['y']}y"


def human_age(timestamp: str | None, now: datetime) -> str:
    """Print how long ago a timestamp was, `<unknown>` for none. Follows `translateTimestampSince` of kubectl.

    >>> from datetime import UTC
    >>> now = datetime(2026, 1, 3, tzinfo=UTC)
    >>> human_age("2026-01-01T00:00:00Z", now), human_age(None, now)
    ('2d', '<unknown>')
    """
    with suppress(ValueError, TypeError):
        return human_duration((now - datetime.fromisoformat(str(timestamp))).total_seconds())
    return "<unknown>"
