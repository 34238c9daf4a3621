"""Steps that add sources: files, URLs, standard input, texts, objects. Nothing is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from fkube.builder.request import Builder, Step, makes_step, refuse, with_pipeline
from fkube.documents.source import Kustomization, Objects, Path, Source, Stdin, Text, Url
from fkube.resource.dataclasses import replace
from fkube.resource.piping import pipe
from fkube.visitor.visits import Decorator


class PathLike(Protocol):
    """A path as an object, such as a `pathlib.Path`."""

    def __fspath__(self) -> str: ...


STDIN_MULTI_USE = "standard input cannot be used for multiple arguments"


@makes_step
def filenames(
    *paths: str | PathLike,
    recursive: bool = False,
    kustomize: str | PathLike = "",
    enforce_namespace: bool = False,
) -> Step:
    """Read manifests: `-` is standard input, `http(s)://` a URL, anything else a file, directory or pattern.

    With `enforce_namespace` objects of any other namespace are refused.
    Errors: `kustomize` beside paths or `recursive`. Follows `FilenameParam`.

    >>> from fkube.builder import builder, do
    >>> do(filenames("a.yaml", "-")(builder())).unwrap().sources
    (Path(path='a.yaml', recursive=False), Stdin())
    """
    steps = [_read_path(path, recursive) for path in map(_path_text, paths)]
    steps += [sources(Kustomization(_path_text(kustomize)))] if kustomize else []

    def step(b: Builder) -> Builder:
        both = "only one of -f or -k can be specified" if kustomize and paths else ""
        deep = "the -k flag can't be used with -f or -R" if kustomize and recursive else ""
        if both or deep:
            return refuse(b, *filter(None, (both, deep)))
        strict = with_pipeline(b, require_namespace=b.pipeline.require_namespace or enforce_namespace)
        return pipe(strict, *steps)

    return step


@makes_step
def sources(*given: Source) -> Step:
    """Read these sources; the edge must be given a reader for a user's own.

    >>> from fkube.builder import builder, do
    >>> from fkube.documents.source import Named, Path
    >>> do(sources(Path("a.yaml"), Named("pod", "web"))(builder())).unwrap().sources
    (Path(path='a.yaml', recursive=False), Named(resource='pod', name='web'))
    """
    return lambda b: with_pipeline(b, sources=(*b.sources, *given))


def stdin(b: Builder) -> Builder:
    """Read manifests from standard input, which can be read only once (`Stdin`).

    >>> from fkube.builder import builder, do
    >>> do(stdin(stdin(builder()))).failure().errors[0].message
    'standard input cannot be used for multiple arguments'
    """
    return sources(Stdin())(stdin_in_use(b))


def stdin_in_use(b: Builder) -> Builder:
    """Refuse standard input as a source, because something else reads it (`StdinInUse`)."""
    return replace(refuse(b, STDIN_MULTI_USE) if b.stdin_in_use else b, stdin_in_use=True)


@makes_step
def text(manifest: str, name: str = "text") -> Step:
    """Read manifests from a text; `name` is its name in errors (`Stream`)."""
    return sources(Text(manifest, name))


@makes_step
def objects(*given: Mapping[str, Any], name: str = "objects") -> Step:
    """Visit objects made in code; `name` is their source in errors."""
    return sources(Objects(given, name))


@makes_step
def schema(validator: Decorator) -> Step:
    """Validate every resource that is read, before anything else (`Schema`).

    A list is validated as it is written, and then each of its items.

    See also: `fkube.documents.validation`, which makes validators.
    """
    return lambda b: with_pipeline(b, validators=(*b.pipeline.validators, validator))


def strict(b: Builder) -> Builder:
    """Warn of each key that a mapping in a manifest has twice; the last of them counts.

    See also: `fkube.documents.validation.unique_keys`, a validator that refuses them.
    """
    return with_pipeline(b, strict=True)


def validated(b: Builder) -> Builder:
    """Refuse documents without a kind or an apiVersion in the words of kubectl's validation.

    See also: `fkube.documents.manifest.kind_problems`, which finds them.
    """
    return with_pipeline(b, validated=True)


def _read_path(path: str, recursive: bool) -> Step:
    """Make the step that reads a path: `-` is standard input, `http(s)://` a URL."""
    if path == "-":
        return stdin
    return sources(Url(path) if path.startswith(("http://", "https://")) else Path(path, recursive))


def _path_text(path: str | PathLike) -> str:
    return path if isinstance(path, str) else path.__fspath__()
