"""Text to visitors: documents decoded as kubectl decodes them, to resources or to the reasons why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from returns.result import Failure, Result, Success

from fkube.documents.stream import MAX_DOCUMENT, Document, lines, misplaced, split
from fkube.resource.errors import DecodeError
from fkube.resource.info import Info, Origin, is_list
from fkube.resource.metadata import wrong_type
from fkube.resource.names import quoted
from fkube.syntax import jsontext, yamljson
from fkube.syntax.yamlkeys import duplicates
from fkube.visitor.algebra import One, Visited, VisitorFunc, visit_in_turn
from fkube.visitor.combinators import broken, nothing, one
from fkube.visitor.visits import Visitor

T = TypeVar("T")

__all__ = ["MAX_DOCUMENT", "Document", "Documents", "decode", "documents", "lines", "split", "strictly"]

_UNDECODED = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, repr=False)
class Documents:
    """A visitor of the documents of a text, each decoded when its turn comes; the text is in no repr."""

    text: str
    source: str

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return visit_in_turn(map(decode, split(lines(_encoded(self.text)), self.source)), fn)

    def __repr__(self) -> str:
        return f"documents({self.source})"


def documents(text: str, source: str = "") -> Documents:
    """Visit the documents of a text, in order (`StreamVisitor`); one is read when the one before it is done.

    Equation: documents(t, s) = visitor_list(*map(decode, split(lines([t]), s)))
    Errors: a `DecodeError` for each document that can't be read, with its number and line.

    >>> from fkube.visitor.combinators import each
    >>> documents("kind: A\\n---\\nkind: B", "ab.yaml")(each(Success))
    <Success: (Info( A  from ab.yaml, document 1, line 1), Info( B  from ab.yaml, document 2, line 3))>
    """
    return Documents(text, source)


def _encoded(text: str) -> Iterator[bytes]:
    """A text as bytes, a piece at a time."""
    return (text[at : at + 2**16].encode("utf-8", "surrogatepass") for at in range(0, len(text), 2**16))


def decode(document: Document) -> Visitor:
    """Visit the resource of a document, or the reason why there is none; nothing if it is empty or null.

    Follows `StreamVisitor.Visit`, `unstructuredJSONScheme.Decode` and `metadataValidatingDecoder.Decode`: a
    resource needs a kind, and metadata of the right types; a missing apiVersion is for validation to find.

    >>> print(decode(Document("kind: Pod\\nmetadata: {name: 5}", Origin("a.yaml", 1, 7))).result.failure())
    a.yaml, document 1, line 8: cannot unmarshal number into metadata.name of type string: quote it
    """
    loaded = _loaded(document)
    if not isinstance(loaded, Success):
        message, line = loaded.failure()
        return _broken(document, message, line)
    value, line = loaded.unwrap()
    if value is None:
        return nothing
    problem, path = _problem(value)
    if problem:
        return _broken(document, problem, yamljson.line_of(document.text, path) or line)
    listed = yamljson.item_lines(document.text) if is_list(value) else ()
    lines = tuple(_origin(document, item).line for item in listed)
    return one(Info(value, _origin(document, line), item_lines=lines))


def strictly(document: Document) -> Visitor:
    """Visit as `decode` does, with a warning for each key that a mapping has twice; kubectl sees only one.

    >>> strictly(Document("kind: A\\nkind: B", Origin("a.yaml", 1, 1))).result.unwrap().warnings
    ('a.yaml, document 1, line 2: key "kind" already set in map',)
    """
    visitor, found = decode(document), duplicates(document.text)
    if not found or not isinstance(visitor, One):
        return visitor
    origins = ((_origin(document, line), key) for key, line in found)
    warned = tuple(f"{origin}: key {quoted(key)} already set in map" for origin, key in origins)
    return One(visitor.result.map(lambda info: replace(info, warnings=warned)))


def _loaded(document: Document) -> Result[tuple[Any, int], tuple[str, int]]:
    """The JSON data of a document and the line where it starts, or what is wrong and where."""
    text = document.text
    if len(text) > MAX_DOCUMENT:
        return Failure((f"larger than {MAX_DOCUMENT >> 20} MiB: split it, with --- between documents", 0))
    if undecoded := _UNDECODED.search(text):
        return Failure(("invalid UTF-8: save it as UTF-8", text.count("\n", 0, undecoded.start())))
    if misplaced(text):
        return Failure(("invalid Yaml document separator: only a comment may follow --- on its line", 0))
    return jsontext.load(text) if document.json and jsontext.shallow(text) else yamljson.load(text)


def _problem(value: Any) -> tuple[str, tuple[str, ...]]:
    """What keeps JSON data from being a resource, and where; empty if nothing does."""
    if isinstance(value, dict):
        kind, version = value.get("kind"), value.get("apiVersion")
        if not kind or not isinstance(kind, str):
            return "Object 'Kind' is missing: every object has a kind, like `kind: ConfigMap`", ("kind",)
        if isinstance(version, str) and version.count("/") > 1:
            return "apiVersion is no group and version, like `apps/v1`", ("apiVersion",)
    return wrong_type(value) or ("", ())


def _broken(document: Document, message: str, line: int) -> Visitor:
    # At the end of a text the parser speaks of the line after the last.
    last = document.text.rstrip("\n").count("\n")
    return broken(DecodeError(message, _origin(document, min(line, last))))


def _origin(document: Document, line: int) -> Origin:
    """Where in its source a line of a document is; a document made in code has no lines."""
    origin = document.origin
    return replace(origin, line=origin.line + line) if origin.line and line else origin
