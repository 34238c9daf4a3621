"""What libyaml's scanner does otherwise than PyYAML's own, as functions of a parser of PyYAML."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from yaml.error import Mark
from yaml.loader import BaseLoader
from yaml.scanner import ScannerError
from yaml.tokens import ScalarToken, TagToken

from fkube.resource.patterns import compile_later

_BLANK = " \t\r\n\x85\u2028\u2029"
_BLANKZ = "\0" + _BLANK
_BREAK = compile_later("\r\n|[\r\n\x85\u2028\u2029]")
_GAP = compile_later(f"[{_BLANK}]*")
_TAB = compile_later("[\r\n\x85\u2028\u2029] *\t")
_END = compile_later(f"(?:---|\\.\\.\\.)[{_BLANKZ}]")
_WORD = compile_later(f"(?:[^{_BLANKZ}:]|:(?![{_BLANKZ}]))*")
_FLOW_WORD = compile_later(f"(?:[^{_BLANKZ}:,\\[\\]{{}}]|:(?![{_BLANKZ},?\\[\\]{{}}]))*")
_ESCAPE = compile_later(
    r"""(")|\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})"""
    r"""|[\r\n\x85\u2028\u2029 \t0abtnvfre"\\/N_LP]|([xuU])|(.))"""
)
_HEADER = compile_later("(?:([-+])([1-9])?|([1-9])([-+])?)?[ \t]*(?=[#\0\r\n\x85\u2028\u2029])")
_TAG = compile_later("(!(?:[-0-9A-Za-z_]*!)?+)([-0-9A-Za-z_;/?:@&=+$.!~*'()]*)")
_DIRECTIVE_NAME = compile_later("[-0-9A-Za-z_]*")
_UNKNOWN = "found unknown escape character"


def _scan_to_next_token(parser: Any) -> None:
    """Go to the next token: past spaces, breaks, comments, and tabs where no key can begin.

    Follows `yaml_parser_scan_to_next_token` of libyaml.
    """
    while True:
        while parser.peek() == " " or (
            parser.peek() == "\t" and (parser.flow_level or not parser.allow_simple_key)
        ):
            parser.forward()
        if parser.peek() == "#":
            while parser.peek() not in "\0\r\n\x85\u2028\u2029":
                parser.forward()
        if not parser.scan_line_break():
            return
        parser.allow_simple_key = parser.allow_simple_key or not parser.flow_level


def _scan_plain(parser: Any) -> ScalarToken:
    """Scan a scalar without quotes: words, and the gaps between them, folded.

    Follows `yaml_parser_scan_plain_scalar` of libyaml.
    """
    start = end = parser.get_mark()
    read = gap = ""
    while not (parser.peek() == "#" or (parser.column == 0 and _match(_END, parser))):
        if word := _match(_FLOW_WORD if parser.flow_level else _WORD, parser):
            read, gap = read + _fold(gap) + word, ""
            parser.forward(len(word))
            end = parser.get_mark()
        found = _scan_gap(parser, start)
        gap = found or gap
        if not found or not (parser.flow_level or parser.column > parser.indent):
            break
    parser.allow_simple_key = bool(_BREAK.search(gap))
    return ScalarToken(read, True, start, end)


def _refuse(parser: Any, context: str, start: Mark | None, problem: str) -> NoReturn:
    """Raise the error of a text that is no YAML where the parser is."""
    raise ScannerError(context, start, problem, parser.get_mark())


def _match(pattern: Any, parser: Any) -> str:
    """What a pattern matches where the parser is; empty for nothing."""
    found = pattern.match(parser.buffer, parser.pointer)
    return str(found[0]) if found else ""


def _fold(gap: str) -> str:
    """What a gap between words stands for: itself, or its breaks, of which a single one is a space."""
    breaks = [found if found in "\u2028\u2029" else "\n" for found in _BREAK.findall(gap)]
    if not breaks:
        return gap
    return ("".join(breaks[1:]) or " ") if breaks[0] == "\n" else "".join(breaks)


def _scan_gap(parser: Any, start: Mark) -> str:
    """Scan the blanks and breaks behind a word; no tab may stand for the indentation of the next line."""
    if parser.flow_level and parser.peek() == ":" and parser.peek(1) in ",?[]{}":
        # It may end a key, or be part of the text.
        _refuse(parser, "while scanning a plain scalar", start, "found unexpected ':'")
    gap = _match(_GAP, parser)
    for tab in _TAB.finditer(gap):
        if len(tab[0]) - 2 <= parser.indent:
            parser.forward(tab.end() - 1)
            problem = "found a tab character that violates indentation"
            _refuse(parser, "while scanning a plain scalar", start, problem)
    parser.forward(len(gap))
    return gap


def _scan_flow_scalar(parser: Any, style: str) -> ScalarToken:
    """Scan a quoted scalar, unless an escape in it is unknown or the number of no character."""
    start = parser.get_mark()
    for escape in _ESCAPE.finditer(parser.buffer, parser.pointer + 1) if style == '"' else ():
        if escape[1]:
            break
        if problem := _escape_problem(escape):
            parser.forward(escape.start() + 2 * (problem != _UNKNOWN) - parser.pointer)
            _refuse(parser, "while parsing a quoted scalar", start, problem)
    scalar: ScalarToken = BaseLoader.scan_flow_scalar(parser, style)
    return scalar


def _escape_problem(escape: re.Match[str]) -> str:
    """Why an escape can't be read, or empty."""
    digits = escape[2] or escape[3] or escape[4]
    if not digits:
        return "did not find expected hexdecimal number" if escape[5] else _UNKNOWN if escape[6] else ""
    code = int(digits, 16)
    wrong = 0xD800 <= code <= 0xDFFF or code > 0x10FFFF
    return "found invalid Unicode character escape code" if wrong else ""


def _scan_block_header(parser: Any, start: Mark) -> tuple[bool | None, int | None]:
    """Scan the indicators of a block scalar: whether to keep its last breaks, and its indentation."""
    header = _HEADER.match(parser.buffer, parser.pointer)
    if not header:
        refused: tuple[bool | None, int | None] = BaseLoader.scan_block_scalar_indicators(parser, start)
        return refused
    parser.forward(len(header[0]))
    chomping, increment = header[1] or header[4], header[2] or header[3]
    return chomping == "+" if chomping else None, int(increment) if increment else None


def _scan_block_indentation(parser: Any) -> Any:
    """Scan the breaks before the first line of a block scalar, which may not begin with a tab."""
    found = BaseLoader.scan_block_scalar_indentation(parser)
    _check_block_tab(parser)
    return found


def _scan_block_breaks(parser: Any, indent: int) -> Any:
    """Scan the breaks within a block scalar, up to a line that may not begin with a tab."""
    found = BaseLoader.scan_block_scalar_breaks(parser, indent)
    if parser.column < indent:
        _check_block_tab(parser)
    return found


def _check_block_tab(parser: Any) -> None:
    """Refuse a tab where the indentation of a block scalar should be."""
    if parser.peek() == "\t":
        problem = "found a tab character where an indentation space is expected"
        _refuse(parser, "while scanning a block scalar", None, problem)


def _scan_tag(parser: Any) -> TagToken:
    """Scan a tag; in a flow collection a comma may follow, and none is in it.

    Follows `yaml_parser_scan_tag` of libyaml, but for tags with `<` or `%`.
    """
    start, tag = parser.get_mark(), _TAG.match(parser.buffer, parser.pointer)
    end = tag and parser.buffer[tag.end()]
    if not tag or not end or end == "%" or parser.peek(1) == "<":
        token: TagToken = BaseLoader.scan_tag(parser)
        return token
    parser.forward(len(tag[0]))
    if len(tag[1]) > 1 and not tag[2]:
        _refuse(parser, "while parsing a tag", start, "did not find expected tag URI")
    if end not in _BLANKZ and not (parser.flow_level and end == ","):
        problem = "did not find expected whitespace or line break"
        _refuse(parser, "while scanning a tag", start, problem)
    return TagToken((tag[1], tag[2]) if tag[2] else (None, "!"), start, parser.get_mark())


def _scan_directive_name(parser: Any, start: Mark) -> str:
    """Scan the name of a directive, of which there are two."""
    name = _match(_DIRECTIVE_NAME, parser)
    parser.forward(len(name))
    if not name:
        problem = "could not find expected directive name"
    elif parser.peek() not in _BLANKZ:
        problem = "found unexpected non-alphabetical character"
    else:
        problem = "" if name in ("YAML", "TAG") else "found unknown directive name"
    if problem:
        _refuse(parser, "while scanning a directive", start, problem)
    return name


def _fetch_stream_end(parser: Any) -> None:
    """End the text on a line of its own, as libyaml counts them."""
    if parser.column:
        parser.line, parser.column = parser.line + 1, 0
    BaseLoader.fetch_stream_end(parser)


SCANS: dict[str, Callable[..., Any]] = {
    "scan_to_next_token": _scan_to_next_token,
    "scan_plain": _scan_plain,
    "scan_flow_scalar": _scan_flow_scalar,
    "scan_block_scalar_indicators": _scan_block_header,
    "scan_block_scalar_indentation": _scan_block_indentation,
    "scan_block_scalar_breaks": _scan_block_breaks,
    "scan_tag": _scan_tag,
    "scan_directive_name": _scan_directive_name,
    "fetch_stream_end": _fetch_stream_end,
}
"""What replaces functions of PyYAML's scanner, by their names."""
