"""Go templates cut into tokens. Follows `lex` of text/template/parse, its error messages included."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import takewhile
from typing import TypeAlias

from fkube.resource.dataclasses import dataclass
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later

KEYWORDS = frozenset(
    (".", "block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with")
)
SPACES = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a template. Keywords are kinds of their own; of an `error`, the text says what is wrong."""

    kind: str
    at: int
    text: str
    line: int = 0

    def __str__(self) -> str:
        """The token as errors quote it. Follows `item.String`."""
        if self.kind in ("eof", "error"):
            return self.text
        if self.kind in KEYWORDS:
            return f"<{self.text}>"
        long = len(self.text.encode(errors="replace")) > 10
        return f"{quote_text(self.text[:10])}..." if long else quote_text(self.text)


Tokens: TypeAlias = Generator[Token, None, int]
"""Tokens, and then the position behind them; -1 after an error."""


def lex_tokens(text: str) -> Iterator[Token]:
    """Cut a template into tokens, up to its end or to an error, each with its line.

    >>> [token.text for token in lex_tokens("a {{- .b }}")]
    ['a', '{{', '.b', ' ', '}}', 'EOF']
    """
    line = before = 0
    for token in _lex_template(text):
        line, before = line + text.count("\n", before, token.at), token.at
        yield Token(token.kind, token.at, token.text, line + 1)


def _lex_template(text: str) -> Iterator[Token]:
    """Cut a template into texts, and actions into their tokens."""
    at = 0
    while at >= 0:
        opening = _OPENING.search(text, at)
        piece = text[at : opening.start() if opening else len(text)]
        if shown := piece.rstrip(SPACES) if opening and opening[0] != "{{" else piece:
            yield Token("text", at, shown)
        if opening is None:
            yield Token("eof", len(text), "EOF")
            return
        inside = opening.end()
        if text.startswith("/*", inside):
            at = yield from _lex_comment(text, inside)
        else:
            yield Token("{{", opening.start(), "{{")
            at = yield from _lex_action(text, inside)


def _lex_comment(text: str, at: int) -> Tokens:
    """Pass over a comment."""
    end = text.find("*/", at + 2) + 2
    closing = _CLOSING.match(text, end)
    if end < 2 or closing is None:
        yield Token("error", at, "unclosed comment" if end < 2 else "comment ends before closing delimiter")
        return -1
    return closing.end()


def _lex_action(text: str, at: int) -> Tokens:
    """Cut an action into tokens, up to its closing delimiter."""
    parentheses = 0
    while True:
        if closing := _CLOSING.match(text, at):
            if parentheses:
                yield Token("error", at, "unclosed left paren")
                return -1
            start = at + 2 if text[at] != "}" else at
            yield Token("}}", start, "}}")
            return closing.end()
        token = _lex_item(text, at)
        parentheses += {"(": 1, ")": -1}.get(token.kind, 0)
        if parentheses < 0:
            token = Token("error", at, "unexpected right paren")
        yield token
        if token.kind == "error":
            return -1
        at += len(token.text)


def _lex_item(text: str, at: int) -> Token:
    """The token of an action at a position."""
    first = text[at : at + 1]
    if not first:
        return Token("error", at, "unclosed action")
    if first in SPACES:
        return _lex_spaces(text, at)
    if first in _QUOTED:
        kind, pattern, what = _QUOTED[first]
        found = pattern.match(text, at)
        return Token(kind, at, found[0]) if found else Token("error", at, f"unterminated {what}")
    if first in "=|()":
        return Token(first, at, first)
    if first == ":":
        right = text.startswith(":=", at)
        return Token(":=", at, ":=") if right else Token("error", at, "expected :=")
    if first == "$" or (first == "." and text[at + 1 : at + 2] not in _DIGITS):
        return _lex_word(text, at, "variable" if first == "$" else "field")
    if first in _NUMERIC:
        return _lex_number(text, at)
    if is_alphanumeric(first):
        return _lex_word(text, at, "identifier")
    if first.isascii() and first.isprintable():
        return Token("char", at, first)
    return Token("error", at, f"unrecognized character in action: {name_character(first)}")


def _lex_spaces(text: str, at: int) -> Token:
    """A run of spaces, without the last if it belongs to a closing delimiter that trims."""
    run = "".join(takewhile(lambda c: c in SPACES, text[at:]))
    return Token("space", at, run[:-1] if text.startswith("-}}", at + len(run)) else run)


def _lex_word(text: str, at: int, kind: str) -> Token:
    """A field, variable, function or keyword, which only certain characters may follow."""
    sign = 0 if kind == "identifier" else 1
    rest = takewhile(is_alphanumeric, text[at + sign :])
    word = text[at : at + sign] + "".join(rest)
    follows = text[at + len(word) : at + len(word) + 1]
    if not (follows in _TERMINATORS or text.startswith("}}", at + len(word))):
        return Token("error", at, f"bad character {name_character(follows)}")
    if word in KEYWORDS:
        return Token(word, at, word)
    return Token("bool" if word in ("true", "false") else kind, at, word)


def _lex_number(text: str, at: int) -> Token:
    """A number, which may turn out to be none when it is read."""
    end, good = _scan_number(text, at)
    kind = "number"
    if good and text[end : end + 1] in ("+", "-"):
        kind = "complex"
        end, good = _scan_number(text, end)
        good = good and text[end - 1] == "i"
    written = text[at:end]
    return (
        Token(kind, at, written) if good else Token("error", at, f"bad number syntax: {quote_text(written)}")
    )


def _scan_number(text: str, at: int) -> tuple[int, bool]:
    """Where a number ends, and whether it ends there: a letter may not follow."""
    found = _NUMBER.match(text, at)
    end = found.end() if found else at
    follows = text[end : end + 1]
    return (end + 1, False) if follows and is_alphanumeric(follows) else (end, True)


def is_alphanumeric(character: str) -> bool:
    """Whether a character may be part of a name: a letter, a digit or an underscore."""
    return character == "_" or character.isalpha() or character.isdecimal()


def name_character(character: str) -> str:
    """Name a character as Go's `%#U` does.

    >>> name_character("a")
    "U+0061 'a'"
    """
    shown = f" '{character}'" if character.isprintable() else ""
    return f"U+{ord(character):04X}{shown}"


_OPENING = compile_later(r"\{\{(?:-[ \t\r\n])?")
_CLOSING = compile_later(r"[ \t\r\n]-\}\}[ \t\r\n]*|\}\}")
_DIGITS = ("", *"0123456789")
_NUMERIC = ".+-0123456789"
_TERMINATORS = ("", *SPACES, *".,|:)(")
_QUOTED = {
    '"': ("string", compile_later(r'"(?:\\[^\n]|[^"\\\n])*"'), "quoted string"),
    "`": ("raw", compile_later(r"`[^`]*`"), "raw quoted string"),
    "'": ("charconst", compile_later(r"'(?:\\[^\n]|[^'\\\n])*'"), "character constant"),
}
_NUMBER = compile_later(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?"
    r"|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?"
    r"|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
