"""Text to visitors: documents decoded as kubectl does, to resources or to the reasons why there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from returns.result import Failure, Success
from toolz import mapcat, unique

from fkube.documents.stream import MAX_DOCUMENT, Document, lines, misplaced_text, split
from fkube.documents.validation import validation_error
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import DecodeError
from fkube.resource.info import Info, Object, Origin, is_list
from fkube.resource.metadata import wrong_type
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later
from fkube.syntax import jsontext
from fkube.syntax.yamlblock import read_block
from fkube.visitor.combinators import broken, nothing, one
from fkube.visitor.visits import Visited, Visitor, VisitorFunc, visit_in_turn

T = TypeVar("T")

Warn: TypeAlias = Callable[[Document], tuple[str, ...]]
"""Finds what a document has to be warned of."""

__all__ = [
    "MAX_DOCUMENT",
    "Document",
    "Documents",
    "decode",
    "documents",
    "lines",
    "repeated_keys",
    "split",
    "strictly",
    "text_warnings",
]

_UNDECODED = compile_later("[\ud800-\udfff]")
_ODD_START = compile_later(r"(?:\s|---|#[^\n]*\n)*[\[{!&'\"|>]")
"""The start of a text whose root may end before the text does."""
_UNREAD = "this is not read, as a document has ended before it: put --- between them"
_REPLACED = "{} is replaced by the merge key (<<) in line {}"


@dataclass(frozen=True, slots=True, repr=False)
class Documents:
    """A visitor of the documents of a text, each decoded when its turn comes; the text is in no repr."""

    text: str
    source: str

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        return visit_in_turn(map(decode, split(lines(_encode_text(self.text)), self.source)), fn)

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


def _encode_text(text: str) -> Iterator[bytes]:
    """A text as bytes, in pieces."""
    return (text[at : at + 2**16].encode("utf-8", "surrogatepass") for at in range(0, len(text), 2**16))


def decode(document: Document, validated: bool = False) -> Visitor:
    """Visit the resource of a document, or the reason why there is none; nothing if it is empty or null.

    The resource has the document's `text_warnings`.

    Follows `StreamVisitor.Visit`, `unstructuredJSONScheme.Decode` and `metadataValidatingDecoder.Decode`: a
    resource needs a kind, and metadata of the right types; a missing apiVersion is for validation to find:
    with `validated` it is a `ValidationError`, and so is what else `kind_problems` finds.

    >>> print(decode(Document("kind: Pod\\nmetadata: {name: 5}", Origin("a.yaml", 1, 7))).result.failure())
    a.yaml, document 1, line 8: cannot unmarshal number into metadata.name of type string: quote it
    """
    return _decode(document, validated, text_warnings)


def _decode(document: Document, validated: bool, warn: Warn) -> Visitor:
    """Visit the resource of a document; `warn` finds its warnings in a text that is not plain."""
    plain = None if document.json or len(document.text) > MAX_DOCUMENT else read_block(document.text)
    match _load_document(document) if plain is None else Success(plain):
        case Failure((message, line)):
            return _broken_document(document, message, line)
        case Success((value, line)) if value is not None:
            problems = kind_problems(value) if validated else ()
            # In a plain text there is nothing to warn of.
            told = warn if plain is None else lambda _: ()
            return _invalid_document(document, problems, line) or _read_resource(document, value, line, told)
    return nothing


def _read_resource(document: Document, value: Any, line: int, warn: Warn) -> Visitor:
    """Visit decoded data as a resource, or say why it is none; `line`: where the data starts."""
    problem, path = _object_problem(value)
    if problem:
        from fkube.syntax import yamllines

        place = yamllines.line_of(document.text, path) or line
        return broken(DecodeError(problem, _origin_at(document, place), undecoded=True))
    listed = _item_lines(document.text) if is_list(value) else ()
    lines = tuple(_origin_at(document, item).line for item in listed)
    warnings = (*document.warnings, *warn(document))
    return one(Info(value, _origin_at(document, line), warnings=warnings, item_lines=lines))


def _item_lines(text: str) -> Sequence[int]:
    from fkube.syntax import yamllines

    return yamllines.item_lines(text)


def text_warnings(document: Document) -> tuple[str, ...]:
    r"""A warning for each thing in a text that kubectl reads past without a word: never a value of it.

    That is text behind the first document, and keys whose values a merge key (`<<`) replaces.

    >>> text_warnings(Document("kind: A\n...\nkind: B", Origin("a.yaml", 1, 1)))
    ('a.yaml, document 1, line 3: this is not read, as a document has ended before it: put --- between them',)
    """
    text = document.text
    if document.json or not _may_warn(text):
        return ()
    from fkube.syntax import yamllines
    from fkube.syntax.yamlevents import unread_line

    unread, replaced = unread_line(text), yamllines.replaced_keys(text)
    told = [
        (line, _REPLACED.format(quote_text(path), _origin_at(document, merge).line))
        for path, line, merge in replaced
    ]
    told += [] if unread is None else [(unread, _UNREAD)]
    return tuple(f"{_origin_at(document, line)}: {message}" for line, message in told)


def _may_warn(text: str) -> bool:
    """Whether something in a text may not be read, or may be replaced."""
    # Every document is asked: one pattern for all of it took as long as a fifth of the decoding.
    marked = "<<" in text or "\n..." in text or "\n---" in text
    return marked or text.startswith("...") or _ODD_START.match(text) is not None


def kind_problems(value: Any) -> tuple[str, ...]:
    """What kubectl's validation says of data without a kind and a version, and of items of a List.

    Follows `getObjectKind` and `validateList` of kubectl's pkg/validation.

    >>> kind_problems({"apiVersion": 1}), kind_problems("text")
    (("apiVersion isn't string type", 'kind not set'), ('invalid object to validate',))
    """
    if not isinstance(value, dict):
        return (_INVALID,)
    version, items = value.get("apiVersion"), value.get("items")
    problems = tuple(filter(None, (_text_problem(value, key) for key in ("apiVersion", "kind"))))
    if isinstance(version, str) and version.count("/") > 1:
        return (f"unexpected GroupVersion string: {version}", *problems)
    if problems or (version, value["kind"]) != ("v1", "List"):
        return problems
    return tuple(unique(mapcat(kind_problems, items))) if isinstance(items, list) else (_INVALID,)


_INVALID = "invalid object to validate"


def _text_problem(value: Object, key: str) -> str:
    """What is wrong with a key that must be a text; empty if it is one."""
    found = value.get(key)
    return f"{key} not set" if found is None else "" if isinstance(found, str) else f"{key} isn't string type"


def _invalid_document(document: Document, problems: tuple[str, ...], line: int) -> Visitor | None:
    """Visit the problems that validation finds in a document whose data starts at `line`; None for none."""
    return broken(validation_error(_origin_at(document, line), problems)) if problems else None


def strictly(document: Document, validated: bool = False) -> Visitor:
    """Visit as `decode` does, with a warning for each key that a mapping has twice; kubectl sees only one.

    >>> strictly(Document("kind: A\\nkind: B", Origin("a.yaml", 1, 1))).result.unwrap().warnings
    ('a.yaml, document 1, line 2: key "kind" already set in map',)
    """
    return _decode(document, validated, lambda it: (*text_warnings(it), *repeated_keys(it)))


def repeated_keys(document: Document) -> tuple[str, ...]:
    """A warning for each key that a mapping of a document has twice."""
    from fkube.syntax import yamllines

    repeated = yamllines.duplicate_keys(document.text)
    places = ((_origin_at(document, line), quote_text(key)) for key, line in repeated)
    return tuple(f"{place}: key {key} already set in map" for place, key in places)


def _load_document(document: Document) -> jsontext.Loaded:
    """Read the JSON data of a document, or why it can't be read."""
    text = document.text
    if len(text) > MAX_DOCUMENT:
        return Failure((f"larger than {MAX_DOCUMENT >> 20} MiB: split it, with --- between documents", 0))
    if wrong_byte := None if text.isascii() else _UNDECODED.search(text):
        return Failure(("invalid UTF-8: save it as UTF-8", text.count("\n", 0, wrong_byte.start())))
    if misplaced_text(text):
        return Failure(("invalid Yaml document separator: only a comment may follow --- on its line", 0))
    if document.json and jsontext.is_shallow(text):
        return jsontext.load(text)
    # Imported here, as `yamllines` is: PyYAML takes long, and most manifests are plain.
    from fkube.syntax.yamljson import load_any

    return load_any(text)


def _object_problem(value: Any) -> tuple[str, tuple[str, ...]]:
    """The reason why JSON data is no resource, and the path to what is wrong; empty if it is one."""
    if isinstance(value, dict):
        kind, version = value.get("kind"), value.get("apiVersion")
        if not kind or not isinstance(kind, str):
            return "Object 'Kind' is missing: every object has a kind, like `kind: ConfigMap`", ("kind",)
        if isinstance(version, str) and version.count("/") > 1:
            return f"unexpected GroupVersion string: {version}: write it like `apps/v1`", ("apiVersion",)
    return wrong_type(value) or ("", ())


def _broken_document(document: Document, message: str, line: int) -> Visitor:
    """Visit the reason why a document is no resource; `line`: counted from 0 in the document."""
    # At the end of a text the parser speaks of the line after the last.
    last = document.text.rstrip("\n").count("\n")
    return broken(DecodeError(message, _origin_at(document, min(line, last))))


def _origin_at(document: Document, line: int) -> Origin:
    """The origin of a line of a document, counted from 0; a document made in code has no lines."""
    origin = document.origin
    return replace(origin, line=origin.line + line) if origin.line and line else origin
