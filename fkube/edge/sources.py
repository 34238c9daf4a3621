"""Sources to documents: what is asked for is opened and read here, and closed again. Decodes nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from select import select
from typing import Any, BinaryIO

from returns.result import Failure, Result, Success

from fkube.documents.source import Kustomization, Objects, Path, Source, Stdin, Text, Url
from fkube.documents.stream import Document, lines, split
from fkube.edge.paths import chunks, files, shown, unreadable
from fkube.resource.errors import DecodeError, SourceError, VisitError
from fkube.resource.info import Origin

STDIN = "STDIN"
"""What kubectl calls standard input."""

Item = Result[Document, VisitError]

_BUILDERS = {"kubectl": "kustomize", "kustomize": "build"}
"""What builds a kustomization, and how it is told to."""


def read(source: Source, *, stdin: BinaryIO | None = None, pause: float = 1.0) -> Iterator[Item | None]:
    """The documents of a source, one at a time: nothing is opened before the first is asked for.

    A None says that the next has to be waited for. `pause` is in seconds, between attempts to read a URL.
    What is on the server has no documents.
    Errors: a `SourceError` for each thing that can't be read, in kubectl's words; the rest is read still.

    >>> [document.unwrap().origin for document in read(Text("a: 1", "here"))]
    [Origin(source='here', document=1, line=1)]
    """
    match source:
        case Path():
            yield from _paths(source)
        case Url(url):
            # Imported here: who reads files should not wait for urllib3.
            from fkube.edge.web import read_url

            yield from read_url(url, pause)
        case Stdin():
            yield from _stdin(sys.stdin.buffer if stdin is None else stdin)
        case Text(text, name):
            yield from _split((text.encode("utf-8", "surrogatepass"),), name)
        case Objects(objects, name):
            yield from (_written(object, Origin(name, number)) for number, object in enumerate(objects, 1))
        case Kustomization(directory):
            yield from _kustomized(directory)


def _split(chunks: Iterable[bytes], name: str) -> Iterator[Item]:
    return map(Success, split(lines(chunks), name))


def _paths(source: Path) -> Iterator[Item]:
    """The documents of one file after another."""
    for found in files(source):
        if isinstance(found, Success):
            path = found.unwrap()
            try:
                yield from _split(chunks(path), shown(path))
            except OSError as error:
                yield Failure(unreadable(path, error))
        else:
            yield Failure(found.failure())


def _stdin(stream: BinaryIO) -> Iterator[Item | None]:
    """The documents of standard input, each as soon as it is there."""
    read_some = getattr(stream, "read1", stream.read)
    try:
        for document in _split(iter(partial(read_some, 2**16), b""), STDIN):
            yield document
            if not _ready(stream):
                yield None
    except OSError as error:
        yield Failure(unreadable(STDIN, error))


def _ready(stream: BinaryIO) -> bool:
    """Whether a stream can be read without waiting; of one that can't be asked, that is taken to be so."""
    try:
        return bool(select((stream,), (), (), 0)[0])
    except (OSError, ValueError, TypeError):
        return True


def _written(object: Mapping[str, object], origin: Origin) -> Item:
    """An object as the document it would be; it is read back, so that nobody else holds what is inside it."""
    try:
        return Success(Document(json.dumps(object, allow_nan=False, default=_mapping), origin, json=True))
    except (TypeError, ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Failure(DecodeError(f"the object can't be written as JSON: {reason}", origin))


def _mapping(value: object) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is no type of JSON")


def _kustomized(directory: str) -> Iterator[Item]:
    """The documents that kustomize makes of a directory.

    Follows `KustomizeVisitor.Visit` of cli-runtime, by the command instead of the library.
    """
    built = _built(directory)
    if isinstance(built, Success):
        yield from _split((built.unwrap(),), directory)
    else:
        yield Failure(SourceError(built.failure(), Origin(directory)))


def _built(directory: str) -> Result[bytes, str]:
    """What kustomize prints, or why it does not."""
    found = ((shutil.which(name), action) for name, action in _BUILDERS.items())
    command = next(([path, action] for path, action in found if path), None)
    if command is None:
        return Failure(f"kustomize is missing: put kubectl or kustomize on the PATH to build {directory}")
    try:
        done = subprocess.run([*command, "--", directory], stdin=subprocess.DEVNULL, capture_output=True)
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        return Failure(f"building {directory} failed: {command[0]} can't be run: {why}")
    if done.returncode:
        return Failure(f"building {directory} failed: {_said(done.stderr)}")
    return Success(done.stdout)


def _said(stderr: bytes) -> str:
    """The error in the last line of a program, without its prefix: kubectl kustomize has that of a log."""
    last = stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    logged = re.search(r' err="(.*)"$', last)
    said = re.sub(r"\\(.)", r"\1", logged[1]) if logged else last
    return said.removeprefix("error: ").removeprefix("Error: ")
