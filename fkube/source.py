"""Where manifests come from, as data. Nothing is opened here: `fkube.edge` reads sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Path:
    """A file, a directory or a glob pattern: which of them, only a look at the file system tells."""

    path: str
    recursive: bool = False


@dataclass(frozen=True, slots=True)
class Url:
    """A manifest behind an HTTP or HTTPS address."""

    url: str


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
    """One object on the server: a resource as the user typed it, and a name."""

    resource: str
    name: str


@dataclass(frozen=True, slots=True)
class Selected:
    """The objects of a resource, as the user typed it, that selectors choose on the server."""

    resource: str


Source: TypeAlias = Path | Url | Stdin | Text | Kustomization | Objects | Named | Selected
