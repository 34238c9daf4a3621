"""Texts in quotes as Go reads them: escapes to characters. No JSONPath."""

from __future__ import annotations

import re

from returns.result import Failure, Result, Success

from fkube.resource.patterns import compile_later


def unquote_text(text: str) -> Result[str, str]:
    r"""Remove the quotes of a text, single or double, and replace its escapes.

    Follows `UnquoteExtend` of client-go and `UnquoteChar` of strconv. Bytes that are no UTF-8 become U+FFFD.

    >>> print(unquote_text(r"'\x41\'\u00e9'").unwrap(), unquote_text(r'"\q"').failure())
    A'é invalid syntax
    """
    return unquote_bytes(text).map(lambda found: found.decode(errors="replace"))


def unquote_bytes(text: str) -> Result[bytes, str]:
    r"""Remove the quotes of a text as `unquote_text` does, with the bytes that are no UTF-8.

    >>> unquote_bytes(r"'a\xff'").unwrap()
    b'a\xff'
    """
    quote, body = text[0], text[1:-1]
    parts = [_piece_bytes(found, quote) for found in _PIECE.finditer(body)]
    known = [part for part in parts if part is not None]
    return Success(b"".join(known)) if len(known) == len(parts) else Failure("invalid syntax")


def _piece_bytes(found: re.Match[str], quote: str) -> bytes | None:
    """The bytes that one piece of a text stands for, or None where it is no piece."""
    byte, octal, rune, letter = found["byte"], found["octal"], found["rune"], found["letter"]
    if byte or octal:
        code = int(byte, 16) if byte else int(octal, 8)
        return bytes([code]) if code < 256 else None
    if rune:
        code = int(rune[1:], 16)
        return None if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code).encode()
    if letter:
        return letter.encode() if letter == quote else _LETTERS.get(letter)
    return None if quote in found[0] or found[0] == "\\" else found[0].encode(errors="replace")


_PIECE = compile_later(
    r"[^\\]+|\\(?:x(?P<byte>[0-9a-fA-F]{2})|(?P<octal>[0-7]{3})"
    r"|(?P<rune>u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(?P<letter>.)|)",
    re.DOTALL,
)
_LETTERS = dict(zip("abfnrtv\\", (b"\a", b"\b", b"\f", b"\n", b"\r", b"\t", b"\v", b"\\"), strict=True))
