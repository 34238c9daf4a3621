"""Steps that say what is read: files, URLs, standard input, texts, objects. Nothing is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from fkube.builder.request import Builder, Step, makes_step, refused, with_pipeline
from fkube.documents.source import Kustomization, Objects, Path, Source, Stdin, Text, Url
from fkube.visitor.visits import Decorator


class PathLike(Protocol):
    """What `pathlib.Path` and its like are."""

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
        read = with_pipeline(b, require_namespace=b.pipeline.require_namespace or enforce_namespace)
        for path in map(_path, paths):
            read = stdin(read) if path == "-" else sources(_file(path, recursive))(read)
        return sources(Kustomization(_path(kustomize)))(read) if kustomize else read

    return step


@makes_step
def sources(*given: Source) -> Step:
    """Read these sources too, those of one's own among them, for which the edge is given a reader.

    >>> from fkube.builder import builder, do
    >>> from fkube.documents.source import Named, Path
    >>> do(sources(Path("a.yaml"), Named("pod", "web"))(builder())).unwrap().sources
    (Path(path='a.yaml', recursive=False), Named(resource='pod', name='web'))
    """
    return lambda b: with_pipeline(b, sources=(*b.sources, *given))


def stdin(b: Builder) -> Builder:
    """Read manifests from standard input, which can be read once (`Stdin`).

    >>> from fkube.builder import builder, do
    >>> do(stdin(stdin(builder()))).failure().errors[0].message
    'standard input cannot be used for multiple arguments'
    """
    return sources(Stdin())(stdin_in_use(b))


def stdin_in_use(b: Builder) -> Builder:
    """Say that something else reads standard input: it can't be a source too (`StdinInUse`)."""
    taken = refused(b, STDIN_MULTI_USE) if b.stdin_in_use else b
    return replace(taken, stdin_in_use=True)


@makes_step
def text(manifest: str, name: str = "text") -> Step:
    """Read manifests from a string; `name` stands for it in errors (`Stream`)."""
    return sources(Text(manifest, name))


@makes_step
def objects(*given: Mapping[str, Any], name: str = "objects") -> Step:
    """Take objects made in code; `name` stands for them in errors."""
    return sources(Objects(given, name))


@makes_step
def schema(validator: Decorator) -> Step:
    """Let everything that is read pass through a validator before anything else (`Schema`).

    A list is validated as it is written, and then each item of it once it is opened.

    See also: `fkube.documents.validation`, which makes validators.
    """
    return lambda b: with_pipeline(b, validators=(*b.pipeline.validators, validator))


def strict(b: Builder) -> Builder:
    """Warn of each key that a mapping of a manifest has twice, with its line; the last of them counts.

    See also: `fkube.documents.validation.unique_keys`, a validator that refuses them.
    """
    return with_pipeline(b, strict=True)


def _file(path: str, recursive: bool) -> Source:
    return Url(path) if path.startswith(("http://", "https://")) else Path(path, recursive)


def _path(path: str | PathLike) -> str:
    return path if isinstance(path, str) else path.__fspath__()
