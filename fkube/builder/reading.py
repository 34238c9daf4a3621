"""Steps that say what is read: files, URLs, standard input, texts, objects. Nothing is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fkube.builder.request import Builder, Step, refused
from fkube.source import Kustomization, Objects, Path, Source, Stdin, Text, Url
from fkube.visitor import Decorator

STDIN_MULTI_USE = "standard input cannot be used for multiple arguments"


def filenames(
    *paths: str, recursive: bool = False, kustomize: str = "", enforce_namespace: bool = False
) -> Step:
    """Read manifests: `-` is standard input, `http(s)://` a URL, anything else a file, directory or pattern.

    With `enforce_namespace` objects of another namespace than the one meant are refused.
    Errors: `kustomize` beside paths or `recursive`. Follows `FilenameParam`.

    >>> from fkube.builder import builder, do
    >>> do(filenames("a.yaml", "-")(builder())).unwrap().sources
    (Path(path='a.yaml', recursive=False), Stdin())
    """

    def step(b: Builder) -> Builder:
        problems = (
            *(("only one of -f or -k can be specified",) if kustomize and paths else ()),
            *(("the -k flag can't be used with -f or -R",) if kustomize and recursive else ()),
        )
        if problems:
            return refused(b, *problems)
        read = replace(b, require_namespace=b.require_namespace or enforce_namespace)
        for path in paths:
            read = stdin(read) if path == "-" else _reading(read, _file(path, recursive))
        return _reading(read, Kustomization(kustomize)) if kustomize else read

    return step


def stdin(b: Builder) -> Builder:
    """Read manifests from standard input, which can be read once (`Stdin`).

    >>> from fkube.builder import builder, do
    >>> do(stdin(stdin(builder()))).failure().errors[0].message
    'standard input cannot be used for multiple arguments'
    """
    return _reading(stdin_in_use(b), Stdin())


def stdin_in_use(b: Builder) -> Builder:
    """Say that something else reads standard input: it can't be a source too (`StdinInUse`)."""
    taken = refused(b, STDIN_MULTI_USE) if b.stdin_in_use else b
    return replace(taken, stdin_in_use=True)


def text(manifest: str, name: str = "text") -> Step:
    """Read manifests from a string; `name` stands for it in errors (`Stream`)."""
    return lambda b: _reading(b, Text(manifest, name))


def objects(*given: Mapping[str, Any], name: str = "objects") -> Step:
    """Take objects made in code; `name` stands for them in errors."""
    return lambda b: _reading(b, Objects(given, name))


def schema(validator: Decorator) -> Step:
    """Let everything that is read pass through a validator before anything else (`Schema`).

    See also: `fkube.validation`, which makes validators.
    """
    return lambda b: replace(b, validators=(*b.validators, validator))


def strict(b: Builder) -> Builder:
    """Warn of each key that a mapping of a manifest has twice, with its line; the last of them counts.

    See also: `fkube.validation.unique_keys`, a validator that refuses them.
    """
    return replace(b, strict=True)


def _reading(b: Builder, source: Source) -> Builder:
    return replace(b, sources=(*b.sources, source))


def _file(path: str, recursive: bool) -> Source:
    return Url(path) if path.startswith(("http://", "https://")) else Path(path, recursive)
