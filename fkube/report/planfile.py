"""Plans as files: a line of JSON for each request, with the digest of all lines up to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from returns.result import Failure, Result, Success
from toolz import dissoc

from fkube.report.ledger import digest, parse_row
from fkube.resource.info import Object

_END: Object = {}
_REQUEST = ("method", "path", "contentType")
_OBJECT = ("apiVersion", "kind", "namespace", "name", "action", "source", "key")
_ROW = {
    **dict.fromkeys((*_REQUEST, *_OBJECT, "digest"), str),
    **dict.fromkeys(("document", "line"), int),
    "query": {"*": str},
    "body": dict,
    "!": [*_REQUEST, *_OBJECT, "query", "body"],
}
"""What a row of a plan must have."""


def seal_plan(rows: Iterable[Object]) -> Iterator[Object]:
    """Add to each row the digest of itself and all before it, and mark the last.

    >>> [sorted(row) for row in seal_plan([{"a": 1}, {"a": 2}])]
    [['a', 'digest'], ['a', 'digest', 'last']]
    """
    before = ""
    for row, after in pairwise(chain(rows, [_END])):
        marked = {**row, "last": True} if after is _END else row
        before = digest([before, marked])
        yield {**marked, "digest": before}


def open_plan(lines: Iterable[str]) -> Result[tuple[Object, ...], str]:
    """Read the rows of a plan, and refuse one that was changed in any way since it was made.

    Equation: open_plan(map(json.dumps, seal_plan(rows))) = rows with the last marked, for rows of that shape
    Errors: the first line that is wrong.

    >>> open_plan(["{}"]).failure()
    'line 1 is no request of a plan'
    """
    before, rows = "", []
    for number, line in enumerate(filter(str.strip, lines), 1):
        row = parse_row(line, _ROW)
        if not row:
            return Failure(f"line {number} is no request of a plan")
        bare = dissoc(row, "digest")
        before = digest([before, bare])
        if row.get("digest") != before:
            return Failure(f"line {number} is not what was planned: its digest is another")
        rows.append(bare)
    if not rows or not rows[-1].get("last"):
        return Failure("its end is missing")
    return Success(tuple(rows))
