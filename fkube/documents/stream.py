"""Bytes to lines to documents: encodings, line ends, separators, JSON values in a row. Nothing is decoded."""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import TypeAlias

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Origin
from fkube.syntax.jsontext import cut_values, is_json

MAX_DOCUMENT = 32 * 2**20
"""How many characters a document may have; kubectl has no limit but memory."""

_SEPARATOR = "---"

Piece: TypeAlias = tuple[int, str]
"""A line or part of one, and its number."""

Part: TypeAlias = tuple[int, str, bool]
"""The text of a document, the line on which it starts, and whether it is one JSON value of a row."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text between separators, or one JSON value of several in a row; kept out of every repr.

    `warnings`: what was told of the source when it was read.
    """

    text: str = field(repr=False)
    origin: Origin
    json: bool = False
    warnings: tuple[str, ...] = ()


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Decode chunks of bytes to lines, each with its newline, the last one too.

    UTF-8, or UTF-16 with a byte order mark. A byte that is no UTF-8 becomes a lone surrogate, for `decode` to
    refuse its document. A line longer than a document may be comes in pieces, so that memory stays bounded.
    Follows `FileVisitor.Visit` of cli-runtime and `LineReader` of apimachinery.

    >>> list(lines([b"\\xef\\xbb\\xbfa: 1\\r", b"\\nb: 2"]))
    ['a: 1\\n', 'b: 2\\n']
    """
    held: list[str] = []
    for text in _decode_chunks(iter(chunks)):
        *whole, last = text.split("\n")
        for line in whole:
            yield "".join((*held, line)).removesuffix("\r") + "\n"
            held = []
        held.append(last)
        if sum(map(len, held)) > MAX_DOCUMENT:
            yield "".join(held)
            held = []
    if any(held):
        yield "".join(held) + "\n"


def split(lines: Iterable[str], source: str) -> Iterator[Document]:
    """Split lines into documents, one at a time; the number of each is the one YAML gives it.

    Separators start documents, so an empty one between two of them counts; only what stands before the first
    one does not, if it is blank or comment. JSON values in a row count one each. Of a document that is too
    large there is only as much as shows that.
    Follows `YAMLOrJSONDecoder.Decode` of apimachinery; after a wrong separator it stops, and this goes on.

    >>> [(found.text, found.origin.line) for found in split(["a: 1\\n", "---\\n", "b: 2"], "ab.yaml")]
    [('a: 1\\n', 1), ('b: 2', 3)]
    """
    number = 0
    for line, text, json in _split_parts(_number_lines(lines)):
        if number or not _is_void(text):
            number += 1
            yield Document(text, Origin(source, number, line), json)


def misplaced_text(text: str) -> str:
    """The text that wrongly follows a separator at the start of a document: all but a comment; or empty.

    >>> misplaced_text("--- {}\\n"), misplaced_text("--- # web\\n")
    ('{}', '')
    """
    after = text.partition("\n")[0].removeprefix(_SEPARATOR).strip() if text.startswith(_SEPARATOR) else ""
    return "" if after.startswith("#") else after


def _decode_chunks(chunks: Iterator[bytes]) -> Iterator[str]:
    """Decode chunks of bytes to texts, by the byte order mark in the first two or three bytes."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) > 1:
            break
    wide = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encoding, errors = ("utf-16", "replace") if wide else ("utf-8-sig", "surrogateescape")
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    yield from (decoder.decode(chunk) for chunk in chain((head,), chunks))
    yield decoder.decode(b"", True)


def _number_lines(lines: Iterable[str]) -> Iterator[Piece]:
    """Each piece with the number of its line; a long line comes in several pieces."""
    number = 1
    for line in lines:
        yield number, line
        number += line.endswith("\n")


def _is_void(text: str) -> bool:
    """Whether a text has nothing but blanks and comments."""
    return all(line.strip(" ")[:1] in ("", "#") for line in text.splitlines())


def _split_parts(lines: Iterator[Piece]) -> Iterator[Part]:
    """Split a text into documents: JSON values in a row at its start, then YAML to the end."""
    tabs: tuple[Piece, ...] = ()
    for piece in lines:
        if piece[1].strip():
            rest = chain((piece,), lines)
            json = piece[1].lstrip()[0] == "{"
            yield from _yaml_parts((yield from _json_parts(rest)) if json else chain(tabs, rest))
            return
        # To YAML a tab may be an error even where nothing else is; one such line says as much as many.
        tabs = (piece,) if "\t" in piece[1] else tabs
    yield from _yaml_parts(iter(tabs))


def _json_parts(lines: Iterator[Piece]) -> Generator[Part, None, Iterator[Piece]]:
    """Yield the JSON values at the start of a text, and return what is left, to be read as YAML.

    After two values nothing is YAML: what is no value is yielded too, for `decode` to refuse, and ends the
    text unless it begins with a bracket.
    """
    stream = _cut_lines(lines)
    count, size, last = 0, 0, 1
    held: list[Piece] = []
    for number, piece, level in stream:
        if held or piece.strip():
            # Space before a value on the line of the last one is no indentation.
            text = piece if held or number > last else piece.lstrip()
            held += [(number, text)] if size <= MAX_DOCUMENT else []
            size += len(piece)
        if held and not level:
            if size <= MAX_DOCUMENT and not _is_value(held, count):
                break
            yield _join_pieces(held)
            held, size, count, last = [], 0, count + 1, number
    if held and count > 1:
        yield _join_pieces(held)
        return iter(())
    return chain(held, ((number, piece) for number, piece, _ in stream))


def _is_value(held: list[Piece], count: int) -> bool:
    """Whether pieces make a JSON value; after two values a bracket is enough, for `decode` to refuse it.

    `count`: how many values came before.
    """
    _, text, _ = _join_pieces(held)
    return (count > 1 and text.lstrip()[:1] in ("{", "[")) or is_json(text)


def _join_pieces(held: list[Piece]) -> Part:
    """The part that the pieces of a JSON value make."""
    return held[0][0], "".join(piece for _, piece in held), True


def _cut_lines(lines: Iterator[Piece]) -> Iterator[tuple[int, str, int]]:
    """Cut lines where a JSON value ends or a separator stands; each piece with the depth open after it."""
    level, fresh = 0, True
    for number, line in lines:
        if fresh and line.startswith(_SEPARATOR):
            level = 0
            yield number, line, level
        else:
            for piece, level in cut_values(line, level):  # noqa: B020
                yield number, piece, level
        fresh = line.endswith("\n")


def _yaml_parts(lines: Iterator[Piece]) -> Iterator[Part]:
    """Split a text at separators. A wrong separator starts a document too, for `decode` to refuse it.

    Follows `YAMLReader.Read` of apimachinery.
    """
    held: list[str] = []
    start = size = 0
    ended = True
    for number, line in lines:
        begins, ended = ended, line.endswith("\n")
        if begins and held and line.startswith(_SEPARATOR):
            yield start, "".join(held), False
            held, size = [], 0
            if not misplaced_text(line):
                continue
        start = start if held else number
        held += [line] if size <= MAX_DOCUMENT else []
        size += len(line)
    if held:
        yield start, "".join(held), False
