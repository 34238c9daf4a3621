"""The events of PyYAML's own parser, as libyaml gives them: for where there is no libyaml, as in a browser.

Where the two differ in what they read, functions of the scanner are replaced (`fkube.syntax.yamlscans`).
The sentences of errors are libyaml's too, which quote nothing of the text.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from yaml.error import MarkedYAMLError
from yaml.events import Event as AnyEvent
from yaml.loader import BaseLoader
from yaml.reader import ReaderError

from fkube.resource.patterns import compile_later
from fkube.syntax.yamlscans import SCANS

if TYPE_CHECKING:
    from fkube.syntax.yamlevents import GetEvent

_UNREADABLE = compile_later("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SENTENCES = (
    ("sequence entries are not", "block sequence entries are not allowed in this context"),
    ("mapping keys are not", "mapping keys are not allowed in this context"),
    ("mapping values are not", "mapping values are not allowed in this context"),
    ("found character", "found character that cannot start any token"),
    ("found unexpected document separator", "found unexpected document indicator"),
    ("found undefined tag handle", "found undefined tag handle"),
    ("found duplicate YAML directive", "found duplicate %YAML directive"),
    ("found incompatible YAML document", "found incompatible YAML document"),
    ("duplicate tag handle", "found duplicate %TAG directive"),
    ("expected escape sequence", "did not find expected hexdecimal number"),
    ("expected indentation indicator", "found an indentation indicator equal to 0"),
    ("expected chomping", "did not find expected comment or line break"),
    ("expected a comment", "did not find expected comment or line break"),
    ("expected ' '", "did not find expected whitespace or line break"),
    ("expected '>'", "did not find the expected '>'"),
    ("expected '!'", "did not find expected '!'"),
    ("expected URI escape", "did not find URI escaped octet"),
    ("expected URI", "did not find expected tag URI"),
    ("expected a digit", "did not find expected version number"),
    ("expected alphabetic", "did not find expected alphabetic or numeric character"),
    ("expected '<document start>'", "did not find expected <document start>"),
    ("expected the node content", "did not find expected node content"),
    ("expected ',' or ']'", "did not find expected ',' or ']'"),
    ("expected ',' or '}'", "did not find expected ',' or '}'"),
)
"""How a sentence of PyYAML begins, and what libyaml says there."""


def open_parser(data: bytes) -> GetEvent:
    """Parse UTF-8 text; an event for each call.

    >>> [type(event).__name__ for event in iter(open_parser(b"a"), None)][2:4]
    ['ScalarEvent', 'DocumentEndEvent']
    """
    text = data.decode("utf-8", "surrogatepass").removeprefix("\ufeff")
    if refused := _UNREADABLE.search(text):
        return partial(_refuse_character, text, refused)
    parser: Any = BaseLoader(text)
    for name, scan in SCANS.items():
        setattr(parser, name, partial(scan, parser))
    return partial(_next_event, parser)


def _refuse_character(text: str, refused: re.Match[str]) -> AnyEvent:
    """Raise the error of a text with a character that no YAML may have."""
    surrogate = "\ud800" <= refused[0] <= "\udfff"
    reason = "invalid Unicode character" if surrogate else "control characters are not allowed"
    position = len(text[: refused.start()].encode("utf-8", "surrogatepass"))
    raise ReaderError("", position, ord(refused[0]), "utf-8", reason)


def _next_event(parser: Any) -> AnyEvent | None:
    """The parser's next event, an error in libyaml's words."""
    try:
        event: AnyEvent | None = parser.get_event()
        return event
    except MarkedYAMLError as error:
        error.problem = _translate(str(error.problem), str(error.context))
        raise


def _translate(problem: str, context: str) -> str:
    """Libyaml's sentence for one of PyYAML; others are the same, or name nothing of the text."""
    if problem.startswith("expected <block end>"):
        return f"did not find expected {'key' if 'mapping' in context else '`-` indicator'}".replace("`", "'")
    return next((said for begin, said in _SENTENCES if problem.startswith(begin)), problem)
