"""KYAML, the YAML of braces and double quotes, as kubectl prints it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeAlias

from toolz import valmap

from fkube.resource.patterns import compile_later
from fkube.syntax.gotext import json_line
from fkube.syntax.yamlscalars import is_timestamp

Order: TypeAlias = Callable[[Iterable[str]], Iterable[str]]
"""Puts the keys of a mapping in order."""


def kyaml_text(value: object, order: Order = sorted) -> str:
    """The value as a KYAML document, with its marker and a line end; `order`: that of keys.

    Follows `KYAMLPrinter` of cli-runtime.

    >>> print(kyaml_text({"on": [{"a": "b"}, {}], "c": [1, "x\\ny"]}), end="")
    ---
    {
      c: [
        1,
        "\\
           x\\n\\
           y\\
          ",
      ],
      "on": [{
        a: "b",
      }, {}],
    }
    """
    return f"---\n{format_kyaml(value, 0, order)}\n"


def format_kyaml(value: object, depth: int, order: Order = sorted) -> str:
    """The value as KYAML; `depth` is how many levels the line that it begins on is indented.

    Follows `Encoder.renderNode` of sigs.k8s.io/yaml/kyaml.
    """
    if isinstance(value, str):
        return _quote_text(value, depth + 1)
    if isinstance(value, dict) and value:
        pairs = (f"{_format_key(key)}: {format_kyaml(value[key], depth + 1, order)}" for key in order(value))
        return _format_block("{", pairs, "}", depth)
    if isinstance(value, (list, tuple)) and value:
        if all(isinstance(item, (dict, list, tuple)) for item in value):
            return f"[{', '.join(format_kyaml(item, depth, order) for item in value)}]"
        return _format_block("[", (format_kyaml(item, depth + 1, order) for item in value), "]", depth)
    return json_line(value)


def _format_block(opening: str, lines: Iterable[str], closing: str, depth: int) -> str:
    """Put lines between brackets, each indented below `depth` and ended by a comma."""
    inner, outer = "  " * (depth + 1), "  " * depth
    return "".join((f"{opening}\n", *(f"{inner}{line},\n" for line in lines), f"{outer}{closing}"))


def _format_key(key: str) -> str:
    """A key of a mapping, in quotes where YAML could read it as something else (`needsQuotes`)."""
    inner = "".join(c for c in key[1:-1] if c not in "-./")
    plain = all(c == "_" or unicodedata.category(c)[0] in "LN" for c in key[:1] + inner + key[1:][-1:])
    number = _NUMBER.fullmatch(key.replace("_", ""))
    ambiguous = not key or number or key.lower() in _WORDS or is_timestamp(key)
    return key if plain and not ambiguous else _quote_line(key).replace("\t", "\\t")


def _quote_text(text: str, depth: int) -> str:
    """A text in double quotes; one of several lines has each on a line of its own, at `depth`.

    Follows `renderString`.
    """
    if "\n" not in text:
        return _quote_line(text)
    indent = "  " * depth
    lines = text.removesuffix("\n").split("\n")
    ends = [*["\\n"] * (len(lines) - 1), "\\n" if text.endswith("\n") else ""]
    written = (_format_line(line, end) for line, end in zip(lines, ends, strict=True))
    return "".join(('"\\\n', *(f"{indent}{line}\\\n" for line in written), f'{indent}"'))


def _quote_line(text: str) -> str:
    """A text in double quotes, on one line."""
    return f'"{"".join(map(_escape_character, text))}"'


def _format_line(line: str, end: str) -> str:
    """A line of a text of several; `end` is the escape of its line end, or empty.

    Leading white space is escaped, any other line stands one column further in. Go escapes white space that
    is an escape already, too, which makes another text of it.
    """
    return ("\\" if line[:1] in ("\t", " ") else " ") + "".join(map(_escape_character, line)) + end


def _escape_character(character: str) -> str:
    """A character as it is written within double quotes. Follows `appendEscapedRune`."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_LETTERS = dict(zip("\a\b\n\v\f\r\0\x1b\x85\xa0\u2028\u2029", "abnvfr0eN_LP", strict=True))
_ESCAPES: dict[str, str] = {"\t": "\t", '"': '\\"', "\\": "\\\\"} | valmap("\\{}".format, _LETTERS)
_WORDS = {"null", "t", "f", "true", "y", "yes", "on", "false", "n", "no", "off", "inf", "infinity", "nan"}
_NUMBER = compile_later(
    r"0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0[xX][0-9a-fA-F]*\.?[0-9a-fA-F]*[pP]-?\d+"
    r"|(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
)
