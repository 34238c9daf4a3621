"""From sources to documents: opens, reads and closes what a source names. Decodes nothing."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from select import select
from typing import Any, BinaryIO

from returns.result import Failure, Result, Success

from fkube.documents.source import Kustomization, Objects, Path, Source, Stdin, Text, Url
from fkube.documents.stream import Document, lines, split
from fkube.edge.localfiles import reason_of
from fkube.edge.manifestpaths import explain_unreadable, find_files, printable_path, read_chunks
from fkube.edge.streams import yield_from
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import DecodeError, SourceError, VisitError
from fkube.resource.info import Origin

STDIN = "STDIN"
"""What kubectl calls standard input."""

Item = Result[Document, VisitError]
"""A document, or why it can't be read."""

_BUILDERS = {"kubectl": "kustomize", "kustomize": "build"}
"""Programs that build a kustomization, and the subcommand for it."""


def read_documents(
    source: Source, *, stdin: BinaryIO | None = None, pause: float = 1.0
) -> Iterator[Item | None]:
    """Read the documents of a source, one at a time: nothing is opened before the first is asked for.

    A None says that the next has to be waited for. `pause` is in seconds, between attempts to read a URL.
    What is on the server has no documents.
    Errors: a `SourceError` for each thing that can't be read, in kubectl's words; the rest is read still.

    >>> [document.unwrap().origin for document in read_documents(Text("a: 1", "here"))]
    [Origin(source='here', document=1, line=1)]
    """
    match source:
        case Path():
            for found in find_files(source):
                yield from yield_from(found, _read_file)
        case Url(url):
            yield from _read_url(url, pause)
        case Stdin():
            yield from _read_stdin(sys.stdin.buffer if stdin is None else stdin)
        case Text(text, name):
            yield from _split_documents((text.encode("utf-8", "surrogatepass"),), name)
        case Objects(objects, name):
            for number, object in enumerate(objects, 1):
                yield _make_document(object, Origin(name, number))
        case Kustomization(directory):
            output = _run_kustomize(directory).alt(lambda problem: SourceError(problem, Origin(directory)))
            yield from yield_from(output, partial(_split_built, directory))


def _split_documents(chunks: Iterable[bytes], name: str) -> Iterator[Item]:
    """Split bytes into documents; `name` is what origins call the source."""
    return map(Success, split(lines(chunks), name))


def _split_built(directory: str, built: Built) -> Iterator[Item]:
    """Split what kustomize made of a directory into documents, each with the warnings that it had."""
    for item in _split_documents((built.manifests,), directory):
        yield item.map(lambda document: replace(document, warnings=built.warnings))


def _read_file(path: str) -> Iterator[Item]:
    """The documents of a file, and why it can't be read (further) if so."""
    try:
        yield from _split_documents(read_chunks(path), printable_path(path))
    except OSError as error:
        yield Failure(explain_unreadable(path, error))


def _read_stdin(stream: BinaryIO) -> Iterator[Item | None]:
    """The documents of standard input, each as soon as it is there."""
    read_some = getattr(stream, "read1", stream.read)
    try:
        for document in _split_documents(iter(partial(read_some, 2**16), b""), STDIN):
            yield document
            if not _can_read_now(stream):
                yield None
    except OSError as error:
        yield Failure(explain_unreadable(STDIN, error))


def _can_read_now(stream: BinaryIO) -> bool:
    """Whether a stream can be read without waiting; True for one that can't be asked."""
    try:
        return bool(select((stream,), (), (), 0)[0])
    except (OSError, ValueError, TypeError):
        return True


def _make_document(object: Mapping[str, object], origin: Origin) -> Item:
    """Write an object as a document, so that reading it back makes a copy that nobody else holds."""
    try:
        text = json.dumps(object, allow_nan=False, default=_encode_mapping)
        return Success(Document(text, origin, json=True))
    except (TypeError, ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Failure(DecodeError(f"the object can't be written as JSON: {reason}", origin))


def _encode_mapping(value: object) -> dict[Any, Any]:
    """Make a dict of any mapping, for the JSON encoder; TypeError for any other value."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no type of JSON")


def _read_url(url: str, pause: float) -> Iterator[Item]:
    # Imported here, as urllib3 takes long, and most manifests are files.
    from fkube.edge.manifesturls import read_url

    return read_url(url, pause)


@dataclass(frozen=True, slots=True)
class Built:
    """The manifests that kustomize made, and its warnings, such as that a field is deprecated."""

    manifests: bytes = field(repr=False)
    warnings: tuple[str, ...]


def _run_kustomize(directory: str) -> Result[Built, str]:
    """The manifests that kustomize makes of a directory, or why it does not.

    Follows `KustomizeVisitor.Visit` of cli-runtime, by the command instead of the library.
    """
    import shutil
    import subprocess

    paths = ((shutil.which(name), action) for name, action in _BUILDERS.items())
    command = next(([path, action] for path, action in paths if path), None)
    if command is None:
        return Failure(f"kustomize is missing: put kubectl or kustomize on the PATH to build {directory}")
    try:
        run = subprocess.run([*command, "--", directory], stdin=subprocess.DEVNULL, capture_output=True)
    except OSError as error:
        return Failure(f"building {directory} failed: {command[0]} can't be run: {reason_of(error)}")
    if run.returncode:
        return Failure(_last_error(run.stderr) or f"building {directory} failed without a word")
    told = run.stderr.decode("utf-8", "replace").splitlines()
    return Success(Built(run.stdout, tuple(line for line in told if line.startswith("# Warning: "))))


def _last_error(stderr: bytes) -> str:
    """The error in the last line that a program wrote, without the prefix of kubectl's log."""
    last = stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    logged = re.search(r' err="(.*)"$', last)
    message = re.sub(r"\\(.)", r"\1", logged[1]) if logged else last
    return message.removeprefix("error: ").removeprefix("Error: ")
