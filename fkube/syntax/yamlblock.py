"""Plain block YAML to JSON data, line by line: what most manifests are written in, and no more of YAML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from fkube.resource.patterns import compile_later
from fkube.syntax.yamlscalars import as_key, as_value, resolve_plain

Row: TypeAlias = tuple[int, tuple[int, ...], int, str | None, Any]
"""A line: where it begins, where its dashes are, where the rest is, a key if it has one, a value."""

# Quantifiers that give nothing back (`*+`) keep a line that matches nowhere from being tried in every way.
_REST = r"(?:[^ ]*[^ :])?(?<!:)"
_PLAIN = rf"(?!- |-$)[A-Za-z0-9_./$(+~^;\\-]{_REST}(?: ++[^ #]{_REST})*"
_QUOTED = r""""[^"\\]*+"|'[^']*+'"""
_ITEM = rf"(?:{_QUOTED}|-{{0,2}}[A-Za-z0-9_./][A-Za-z0-9_./=+-]*+)"
_FLOW = rf"\[ *+(?:{_ITEM}(?: *+, *+{_ITEM})*+)? *+\]|\{{ *+\}}"
_LINE = compile_later(
    r"( *+)((?:- ++)*+)(?:([A-Za-z0-9_./][A-Za-z0-9_./-]*+):(?= |$))?"
    rf"(?: *+({_PLAIN}|{_QUOTED}|{_FLOW}|\|-?))?(?: ++#.*| *+)"
)
_ITEMS = compile_later(_ITEM)
_OPEN, _CLIPPED, _STRIPPED = object(), object(), object()
"""Values that stand on the lines below: a collection or null, a text after `|`, one after `|-`."""
_FRESH: dict[type, type] = {tuple: list, frozenset: dict}
"""What the collection of a line becomes in the data: lines are kept, and data share nothing."""
_END: Row = (-1, (), -1, None, None)
_LONGEST_KEPT = 200
_MOST_COLUMNS = 60
"""How far to the right a line may begin: of what is nested in so many columns, any stack has room."""


def read_block(text: str) -> tuple[Any, int] | None:
    r"""Read a text of plain block YAML as JSON data, and the line where it starts, counted from 0.

    None for any text in which something else may stand: scalars with escapes or of several lines but `|`,
    collections in brackets in others, anchors, tags, directives, tabs, a second document, a key that comes
    twice, and whatever is wrong. So there is nothing to warn of in what is read.

    >>> read_block("a:\n- b: yes # so\n  c: [1, x]\nd: |\n  e\n")
    ({'a': [{'b': True, 'c': [1, 'x']}], 'd': 'e\n'}, 0)
    >>> read_block("a: 1\na: 2\n"), read_block("a: &b c\n"), read_block("a: b: c")
    (None, None, None)
    """
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if _has_more(line) and line.rstrip(" ") != "---"), 0)
    one = sum(line.startswith("---") for line in lines[:first]) < 2
    try:
        rows = [*_read_rows(lines, first), _END] if one and "".join(lines).isprintable() else [_END]
        value, at = _read_nested(rows, 0, -1)
    except ValueError:
        return None
    # A line further to the right than a collection ends it, and every one around it: it is still there.
    return (value, first) if at and rows[at] is _END else None


def _read_rows(lines: Sequence[str], at: int) -> Iterator[Row]:
    """The lines from one on that have more than comments; ValueError at one that is no plain block YAML."""
    while at < len(lines):
        line = lines[at]
        row = _read_line(line) if len(line) < _LONGEST_KEPT else _read_line.__wrapped__(line)
        at += 1
        if row is not None:
            if row[4] is _CLIPPED or row[4] is _STRIPPED:
                text, at = _read_literal(lines, at, row)
                row = (*row[:4], text)
            yield row


# Most lines of manifests come again and again: one that is known takes a twentieth of the time.
@lru_cache(maxsize=4096)
def _read_line(line: str) -> Row | None:
    """A line as a row, None if it has only blanks or a comment; ValueError if it is no plain block YAML."""
    if not _has_more(line):
        return None
    found = _LINE.fullmatch(line)
    if found is None or found.end(2) > _MOST_COLUMNS:
        raise ValueError("it may be more than plain block YAML")
    key, written, start, column = found[3], found[4], found.end(1), found.end(2)
    if as_key(resolve_plain(key)) != key if key else not (found[2] and written):
        raise ValueError("it has a key that is no text, or goes on from the line before or to the next")
    dashes = tuple(at for at in range(start, column) if line[at] == "-") if found[2] else ()
    return start, dashes, column, key, _read_value(written) if written else _OPEN


def _has_more(line: str) -> bool:
    """Whether a line has more than blanks and a comment."""
    return line.lstrip(" ")[:1] not in ("", "#")


def _read_value(written: str) -> Any:
    """The value of what a line has behind its key or dash."""
    match written[0]:
        case '"' | "'":
            return written[1:-1]
        case "[":
            return tuple(map(_read_value, _ITEMS.findall(written)))
        case "{":
            return frozenset()
        case "|":
            return _CLIPPED if written == "|" else _STRIPPED
    return as_value(resolve_plain(written))


def _read_literal(lines: Sequence[str], at: int, row: Row) -> tuple[str, int]:
    """The text on the lines below a row that ends with `|`, and the line behind it."""
    first = next((lines[n] for n in range(at, len(lines)) if lines[n]), "")
    width = len(first) - len(first.lstrip(" "))
    end = at
    while end < len(lines) and (not lines[end] or lines[end].startswith(first[:width])):
        end += 1
    outer = row[1][-1] if row[3] is None else row[2]
    # A line of blanks is of the text, or ends it, by how many they are: that is left to libyaml.
    if width <= outer or (end == len(lines) and lines[-1]) or any(map(str.isspace, lines[at : end + 1])):
        raise ValueError("it has lines of blanks only, or no newline at its end")
    text = "\n".join(line[width:] for line in lines[at:end]).rstrip("\n")
    return text + "\n" * (row[4] is _CLIPPED), end


def _read_nested(rows: Sequence[Row], at: int, column: int) -> tuple[Any, int]:
    """The value of a key at a column that has none on its line, and the row behind: a collection or null."""
    start, dashes, _, key, _ = rows[at]
    if dashes and start >= column:
        return _read_sequence(rows, at, 0)
    return _read_mapping(rows, at) if key and start > column and not dashes else (None, at)


def _read_sequence(rows: Sequence[Row], at: int, level: int) -> tuple[list[Any], int]:
    """The sequence whose first item is behind one of a row's dashes, and the row behind it."""
    start = column = rows[at][1][level]
    items: list[Any] = []
    while start == column:
        _, dashes, _, key, value = rows[at]
        if not dashes:
            return items, at
        if len(dashes) > level + 1:
            value, at = _read_sequence(rows, at, level + 1)
        elif key:
            value, at = _read_mapping(rows, at)
        else:
            value, at = _FRESH[type(value)](value) if type(value) in _FRESH else value, at + 1
        items.append(value)
        start, level = rows[at][0], 0
    return items, at


def _read_mapping(rows: Sequence[Row], at: int) -> tuple[dict[str, Any], int]:
    """The mapping whose first key is in a row, and the row behind it."""
    start = column = rows[at][2]
    found: dict[str, Any] = {}
    while start == column:
        _, dashes, _, key, value = rows[at]
        if key is None or key in found or (dashes and found):
            raise ValueError("a key comes twice, or an item among keys")
        if value is _OPEN:
            value, at = _read_nested(rows, at + 1, column)
        else:
            value, at = _FRESH[type(value)](value) if type(value) in _FRESH else value, at + 1
        found[key] = value
        start = rows[at][0]
    return found, at
