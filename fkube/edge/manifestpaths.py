"""Paths of manifests: which files a file, a directory or a glob pattern means, and their bytes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import partial
from stat import S_ISDIR

from returns.result import Failure, Result, Success, safe
from toolz import concat

from fkube.documents.source import Path
from fkube.resource.errors import SourceError
from fkube.resource.info import Origin

EXTENSIONS = (".json", ".yaml", ".yml")
"""What a file in a directory must end with to be read; a file that is named may be called anything."""

_KNOWN = f"[{' '.join(EXTENSIONS)}]"

FoundPath = Result[str, SourceError]


def find_files(source: Path) -> Iterator[FoundPath]:
    """Find the files that a path means: itself, those of a directory, or those that match it as a pattern.

    Errors: a `SourceError` for what is not there or can't be looked at; everything else is found still.
    Follows `expandIfFilePattern` and `Builder.Path` of cli-runtime.
    """
    matches = tuple(_expand_pattern(source.path))
    found = concat(_find_below(match, source.recursive) for match in matches)
    names = printable_path(" ".join(match.value_or(source.path) for match in matches))
    yield next(found, _fail(names, f"error reading [{names}]: recognized file extensions are {_KNOWN}"))
    yield from found


def read_chunks(path: str) -> Iterator[bytes]:
    """Read a file a chunk at a time; it is closed at its end, and when the iterator is dropped."""
    with open(path, "rb") as file:
        yield from iter(partial(file.read, 2**16), b"")


def explain_unreadable(path: str, error: OSError) -> SourceError:
    """Why a file can't be opened or read.

    >>> print(explain_unreadable("a.yaml", PermissionError(13, "")))
    open a.yaml: permission denied
    """
    if isinstance(error, IsADirectoryError):
        advice = f"write {printable_path(path)}/ to read the files in it"
        return _error(path, f"{_reason('read', path, error)}; {advice}")
    return _error(path, _reason("open", path, error))


def printable_path(path: str) -> str:
    """The path as text that can be printed, whatever its bytes are."""
    return os.fsencode(path).decode("utf-8", "replace")


def _expand_pattern(pattern: str) -> Iterator[FoundPath]:
    """The path if it is there, else what matches it as a pattern, sorted; itself if nothing does."""
    # As Go writes patterns: ^ negates a class, a backslash takes a character for itself.
    translated = re.sub(r"\\(.)", r"[\1]", pattern).replace("[^", "[!")
    if "\0" in pattern or not _is_missing(pattern):
        yield Success(pattern)
    elif "[" in re.sub(r"\\.|\[[^]]+\]", "", pattern):
        yield _fail(pattern, f'pattern "{printable_path(pattern)}" is not valid: syntax error in pattern')
    else:
        from glob import glob

        matches = sorted(glob(translated, include_hidden=True), key=lambda path: path.split(os.sep))
        yield from map(Success, matches or [pattern])


def _find_below(found: FoundPath, recursive: bool) -> Iterator[FoundPath]:
    """The manifests of a directory, or the one file, or why it can't be read."""
    match found.bind(_check_access):
        case Success(path):
            yield from _walk(path, recursive)
        case failure:
            yield failure


def _walk(root: str, recursive: bool) -> Iterator[FoundPath]:
    """The manifests below a path in the order of their names; a link to a directory is not followed.

    Files need a manifest's extension, but for `root` itself.

    Follows `ExpandPathsToFileVisitors` of cli-runtime, where the first error ends the walk; here it goes on.
    """
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            if not S_ISDIR(os.lstat(path).st_mode):
                yield from [Success(path)] if path == root or path.endswith(EXTENSIONS) else []
            elif path == root or recursive:
                names = sorted(os.listdir(path), key=os.fsencode, reverse=True)
                waiting += [os.path.normpath(os.path.join(path, name)) for name in names]
        except OSError as error:
            yield _fail(path, f'error reading "{printable_path(root)}": {_reason("open", path, error)}')


_stat = safe((OSError,))(os.stat)


def _is_missing(path: str) -> bool:
    """Whether nothing is at a path; a link to nothing counts as missing."""
    return isinstance(_stat(path).swap().value_or(None), FileNotFoundError)


def _check_access(path: str) -> FoundPath:
    """The path, if it exists and can be accessed."""
    subject = f'the path "{printable_path(path)}"'
    if "\0" in path:
        return _fail(path, f"{subject} cannot be accessed: there is a NUL character in it")
    if _is_missing(path):
        return _fail(path, f"{subject} does not exist")
    reason = _stat(path).alt(partial(_reason, "stat", path))
    return reason.map(lambda _: path).alt(lambda why: _error(path, f"{subject} cannot be accessed: {why}"))


def _reason(action: str, path: str, error: OSError) -> str:
    """Word an error of the system as Go does, such as `open a.yaml: permission denied`."""
    reason = os.strerror(error.errno or 0)
    return f"{action} {printable_path(path)}: {reason[:1].lower()}{reason[1:]}"


def _error(path: str, message: str) -> SourceError:
    """The error about this path."""
    return SourceError(message, Origin(printable_path(path)))


def _fail(path: str, message: str) -> FoundPath:
    """The failure about this path."""
    return Failure(_error(path, message))
