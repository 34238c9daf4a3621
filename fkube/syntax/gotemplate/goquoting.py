"""Texts and characters in quotes as Go's strconv writes them: `"`, `'`, backquotes, ASCII only."""

from __future__ import annotations

from fkube.resource.names import quote_text


def quote_string(text: str, flags: str = "") -> str:
    """Put a text into quotes as `%q` does; by the flag `#` into backquotes if it can be, by `+` in ASCII.

    >>> print(quote_string('a"é', "+"), quote_string('a"', "#"))
    "a\\"\\u00e9" `a"`
    """
    if "#" in flags and all(character not in "`\ufeff\x7f" and _is_visible(character) for character in text):
        return f"`{text}`"
    inner = quote_text(text)
    return _to_ascii(inner) if "+" in flags else inner


def quote_rune(character: str, ascii: bool = False) -> str:
    """Put a character into single quotes.

    >>> print(quote_rune('"'), quote_rune("'"))
    '"' '\\''
    """
    inner = {"'": "\\'", '"': '"'}.get(character) or quote_text(character)[1:-1]
    return f"'{_to_ascii(inner) if ascii else inner}'"


def _is_visible(character: str) -> bool:
    """Whether a character may stand in backquotes."""
    return (character >= " " or character == "\t") and not "\ud800" <= character <= "\udfff"


def _to_ascii(text: str) -> str:
    """Write what is beyond ASCII by its number."""
    return "".join(map(_escape_beyond, text))


def _escape_beyond(character: str) -> str:
    """The character, or its number if it is beyond ASCII."""
    code = ord(character)
    return character if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
