"""Texts escaped for HTML, JavaScript and URLs, and base64 decoded, as Go does it."""

from __future__ import annotations

import re
from base64 import b64decode
from urllib.parse import quote_plus

from fkube.resource.patterns import compile_later
from fkube.syntax.gotemplate.values import to_bytes, to_text


def escape_html(text: str) -> str:
    """Escape a text for HTML. Follows `HTMLEscape` of text/template.

    >>> escape_html("<a href='x'>")
    '&lt;a href=&#39;x&#39;&gt;'
    """
    return text.translate(_HTML)


def escape_javascript(text: str) -> str:
    r"""Escape a text for JavaScript. Follows `JSEscape` of text/template.

    >>> print(escape_javascript("a'<\n"))
    a\'\u003C\u000A
    """
    return _SPECIAL.sub(_escape_special, text)


def escape_query(text: str) -> str:
    """Escape a text for the query of a URL. Follows `QueryEscape` of net/url.

    >>> escape_query("a b&ü")
    'a+b%26%C3%BC'
    """
    return quote_plus(to_bytes(text), safe="")


def decode_base64(text: str) -> str:
    """Decode base64, of which line ends are no part. Follows `base64decode` of cli-runtime.

    Errors: ValueError that says which byte is wrong.

    >>> decode_base64("YWJj")
    'abc'
    """
    data = to_bytes(text)
    wrong = _find_wrong_byte(data)
    if wrong is not None:
        raise ValueError(f"base64 decode failed: illegal base64 data at input byte {wrong}")
    return to_text(b64decode(data))


def _find_wrong_byte(data: bytes) -> int | None:
    """Where a text stops being base64; None if it does not. Follows `decodeQuantum` of encoding/base64."""
    places = [(at, byte) for at, byte in enumerate(data) if byte not in b"\r\n"]
    for start in range(0, len(places), 4):
        group = places[start : start + 4]
        bad = next((n for n, (_, byte) in enumerate(group) if byte not in _ALPHABET), None)
        if bad is None:
            if len(group) < 4:
                return len(data) - len(group)
            continue
        return _find_wrong_padding(data, places, start, bad)
    return None


def _find_wrong_padding(data: bytes, places: list[tuple[int, int]], start: int, bad: int) -> int | None:
    """Where padding is wrong that begins a group of four at `bad`; None if it is as it should be."""
    at, byte = places[start + bad]
    if byte != ord("=") or bad < 2:
        return at
    rest = places[start + bad + 1 :]
    if bad == 2:
        if not rest:
            return len(data)
        if rest[0][1] != ord("="):
            return rest[0][0] - 1
        rest = rest[1:]
    return rest[0][0] if rest else None


def _escape_special(found: re.Match[str]) -> str:
    """The escape of a character that JavaScript or HTML reads as something else."""
    character = found[0]
    if character in _SLASHED:
        return f"\\{character}"
    code = ord(character)
    # What was no UTF-8 is written as it is.
    if code > 0x7F and (character.isprintable() or 0xDC80 <= code <= 0xDCFF):
        return character
    return f"\\u{code:04X}"


_HTML = str.maketrans({"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"})
_SPECIAL = compile_later("[\\\\'\"<>&=\0-\x1f\x80-\U0010ffff]")
_SLASHED = ("\\", "'", '"')
_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
