"""Sources of manifests as data. Nothing is opened here: `fkube.edge` reads them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeAlias

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.patterns import compile_later


@dataclass(frozen=True, slots=True)
class Path:
    """A file, a directory or a glob pattern; which of them, only the file system knows."""

    path: str
    recursive: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Url:
    """A manifest behind an HTTP or HTTPS address, which may hold a password or a token: no repr shows it.

    >>> Url("https://me:secret@a.example/b.yaml?token=secret")
    Url(url='https://a.example/b.yaml?…')
    """

    url: str

    def __repr__(self) -> str:
        return f"Url(url={shown(self.url)!r})"


@dataclass(frozen=True, slots=True)
class Stdin:
    """Standard input; it can be read once."""


@dataclass(frozen=True, slots=True)
class Text:
    """A manifest as a string, kept out of every repr: it may hold a Secret."""

    text: str = field(repr=False)
    name: str = "text"


@dataclass(frozen=True, slots=True)
class Kustomization:
    """A directory for kustomize to build."""

    directory: str


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects made in code."""

    objects: tuple[Mapping[str, object], ...] = field(repr=False)
    name: str = "objects"


@dataclass(frozen=True, slots=True)
class Named:
    """One object on the server: a resource as the user typed it, and a name.

    `apart`: they were arguments of their own, so that the first may be a category.
    """

    resource: str
    name: str
    apart: bool = field(default=False, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Selected:
    """The objects of a resource, as the user typed it, that selectors choose on the server."""

    resource: str


Source: TypeAlias = Hashable
"""One of these sources, or any frozen value for which the edge is given a reader."""

OURS = (Path, Url, Stdin, Text, Kustomization, Objects, Named, Selected)
"""The sources that need no reader from outside."""


def source_name(source: Source) -> str:
    """The name of a source in pictures and messages: no password, and of a user's own source only the type.

    >>> source_name(Path("manifests/", recursive=True)), source_name(Named("pod", "web"))
    ('manifests/ and below', 'pod/web')
    """
    match source:
        case Path(path, recursive):
            return f"{path}{' and below' if recursive else ''}"
        case Url(url):
            return shown(url)
        case Stdin():
            return "standard input"
        case Kustomization(directory):
            return f"kustomize {shown(directory)}"
        case Named(resource, name):
            return f"{resource}/{name}"
        case Selected(resource):
            return resource
        case Text() | Objects():
            return source.name
    return type(source).__name__


_PARTS = compile_later(r"(?s)^(\w[\w+.-]*://)(?:[^/?#]*@)?([^?#]*)(\?)?.*")


def shown(url: str) -> str:
    """Hide the password and the query of a URL, which may hold a token.

    >>> shown("https://me:secret@a.example/b.yaml?token=secret")
    'https://a.example/b.yaml?…'
    """
    return _PARTS.sub(lambda parts: f"{parts[1]}{parts[2]}{'?…' if parts[3] else ''}", url)
