"""JSON values and texts that are almost right: a real one with a few places changed. Nothing is mutated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fkube.syntax.jsontext import MAX_WRAPPED_DEPTH, is_deeper
from tests.fuzz.drawing import Source

MISSING = object()
"""In the place of a value: the value is not there."""


def nested(depth: int, key: str = "") -> Any:
    """Lists within lists, or with a key maps within maps.

    >>> nested(2), nested(2, "a")
    ([[]], {'a': {'a': {}}})
    """
    value: Any = {} if key else []
    for _ in range(depth if key else depth - 1):
        value = {key: value} if key else [value]
    return value


DEEPEST = MAX_WRAPPED_DEPTH - 40
"""As deep as data can be where it stands in an object: `decode_json` and the readers of YAML refuse more."""
ODD: Sequence[Any] = (
    *(MISSING, None, [], {}, "", "x", 0, -1, 1.5, True, False, [None], [[]], [{}], {"": None}, {"a": {}}),
    *(2**63 - 1, -(2**63), 1e300, 1e-300, 5e18, "9" * 23, "9" * 5000, "-1", "1e999", "a\x00b", "\ud800"),
    *("℀", "a\nb", "\x1b[31m", "x" * 5000, "2024-01-01T00:00:00Z", "0000-00-00", "99999-12-31T00:00:00Z"),
    *("a/b/c", "/", "..", "http://[::1", ["a", 1, None], [1, "a"], {"name": None}, [{"name": 1}]),
    *(nested(40), nested(DEEPEST), nested(40, "a"), nested(DEEPEST, "properties"), nested(DEEPEST, "a")),
)
"""What stands in the place of a value: another type, a number too large, nothing, something without end."""


def deform(source: Source, value: Any, most: int = 3, odd: Sequence[Any] = ODD) -> Any:
    """A JSON value with up to `most` places changed; as it is where the source has run dry.

    >>> deform(Source(b""), {"a": 1}), deform(Source(bytes([1, 1, 1, 0, 1])), {"a": 1})
    ({'a': 1}, {'a': None})
    """
    for _ in range(source.number(most + 1)):
        changed = _change(source, value, value, odd)
        # Deeper than that no data comes in: it is refused where it is decoded.
        if not is_deeper(changed, MAX_WRAPPED_DEPTH):
            value = None if changed is MISSING else changed
    return value


def _change(source: Source, value: Any, whole: Any, odd: Sequence[Any]) -> Any:
    """Go down to a place by the source, and change that."""
    places = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    if not places or source.number(8) == 0:
        return _replacement(source, value, whole, odd)
    place = source.pick(places)
    inner = _change(source, value[place], whole, odd)
    if isinstance(value, dict):
        return {
            key: inner if key == place else old
            for key, old in value.items()
            if (key, inner) != (place, MISSING)
        }
    return [inner if n == place else old for n, old in enumerate(value) if (n, inner) != (place, MISSING)]


def _replacement(source: Source, value: Any, whole: Any, odd: Sequence[Any]) -> Any:
    match source.number(16):
        case 15:
            return [value, value]
        case 14:
            return (
                {"a": value}
                if not isinstance(value, dict)
                else {**value, source.pick(("", "a", "$patch")): None}
            )
        case 13:
            return _part(source, whole)
        case 12:
            return compose(source)
        case _:
            return source.pick(odd)


def _part(source: Source, value: Any) -> Any:
    """Some part of a value."""
    places = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return _part(source, value[source.pick(places)]) if places and source.number(3) else value


WORDS = (
    *(
        "metadata",
        "name",
        "namespace",
        "labels",
        "annotations",
        "spec",
        "status",
        "items",
        "kind",
        "apiVersion",
    ),
    *(
        "data",
        "containers",
        "template",
        "a",
        "b",
        "",
        "$patch",
        "op",
        "path",
        "value",
        "from",
        "type",
        "properties",
    ),
)


def compose(source: Source, words: Sequence[str] = WORDS, depth: int = 4) -> Any:
    """Any JSON value with keys of these words.

    >>> compose(Source(b"")), compose(Source(bytes([2, 1, 0])))
    (None, {'metadata': None})
    """
    match source.number(5) if depth else 4:
        case 1:
            return [compose(source, words, depth - 1) for _ in range(source.number(4))]
        case 2:
            return {source.pick(words): compose(source, words, depth - 1) for _ in range(source.number(5))}
        case 3:
            return source.pick(words)
        case 0:
            return None
        case _:
            found = source.pick(ODD)
            return None if found is MISSING else found


ODD_WORDS = (
    *(
        "",
        "\x00",
        "\n",
        "\r\n",
        "\t",
        " ",
        '"',
        "'",
        "\\",
        "`",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ":",
        ": ",
        ",",
        "=",
        "!",
    ),
    *(
        "*",
        "&",
        "#",
        "%",
        "@",
        "$",
        "/",
        "//",
        "-",
        "--",
        "---\n",
        "...",
        "..",
        ".",
        "|",
        ">",
        "?",
        "!!",
        "<<: *a",
        "~",
    ),
    *(
        "0",
        "1",
        "-1",
        "9" * 25,
        "9" * 5000,
        "1e999",
        ".5",
        "0x",
        "1_000",
        "null",
        "true",
        "é",
        "℀",
        "😀",
        "\ud800",
    ),
    *(
        "\ufeff",
        "\x85",
        "\u2028",
        "\x7f",
        "\x1b",
        "a",
        "http://[::1",
        "%zz",
        "&x",
        "*x",
        "{a: ",
        "[" * 300,
        "{" * 300,
    ),
)


def write(source: Source, seeds: Sequence[str], words: Sequence[str] = ()) -> str:
    """A text: one of the seeds with a few places changed, or one that is only bytes.

    >>> write(Source(b""), ["seed"]), write(Source(bytes([3, 104, 105])), ["seed"])
    ('seed', 'hi')
    """
    if source.number(4) == 3:
        return source.rest().decode("utf-8", "surrogateescape")
    text = source.pick(seeds)
    for _ in range(source.number(5)):
        text = _edit(source, text, source.pick(((*words, *ODD_WORDS), words or ODD_WORDS, seeds)))
    return text


def _edit(source: Source, text: str, words: Sequence[str]) -> str:
    """Change one place of a text."""
    start, size = source.number(len(text) + 1), source.number(12)
    before, within, after = text[:start], text[start : start + size], text[start + size :]
    match source.number(8):
        case 0:
            return before + source.pick(words) + within + after
        case 1:
            return before + source.pick(words) + after
        case 2:
            return before + after
        case 3:
            return before + within + within + after
        case 4:
            return before + within
        case 5 if source.number(32) == 31:
            return before + within * 2000 + after
        case 6:
            return before + chr(source.number(0x300)) + within + after
        case _:
            return before + within[::-1] + after


def to_bytes(text: str) -> bytes:
    """A text as bytes; a lone surrogate is the byte that it stands for, or bytes that are no UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
