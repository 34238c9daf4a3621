"""What the user asked for, gathered step by step: every step is a function from builder to builder.

Follows `k8s.io/cli-runtime/pkg/resource/builder.go`; its usage errors are its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.arguments import NO_ARGUMENTS, Arguments, chosen, parse
from fkube.errors import Failures, UsageError
from fkube.pipeline import Pipeline
from fkube.selectors import field_selector as parse_field_selector
from fkube.selectors import label_selector as parse_label_selector
from fkube.source import Kustomization, Objects, Path, Source, Stdin, Text, Url
from fkube.visitor import Predicate


@dataclass(frozen=True, slots=True)
class Builder:
    """A request for resources as far as it has been said. Selectors are None until one is given."""

    sources: tuple[Source, ...] = ()
    namespace: str = ""
    default_namespace: bool = False
    require_namespace: bool = False
    all_namespaces: bool = False
    label_selector: str | None = None
    field_selector: str | None = None
    select_all: bool = False
    predicates: tuple[Predicate, ...] = ()
    arguments: Arguments = NO_ARGUMENTS
    flatten: bool = False
    continue_on_error: bool = False
    local: bool = False
    errors: tuple[UsageError, ...] = ()


Step: TypeAlias = Callable[[Builder], Builder]


def builder() -> Builder:
    """The builder of which nothing has been asked yet.

    >>> do(builder()).failure().errors[0].message.splitlines()[0]
    'You must provide one or more resources by argument or filename.'
    """
    return Builder()


def filenames(*paths: str, recursive: bool = False, kustomize: str = "") -> Step:
    """Read manifests: `-` is standard input, `http(s)://` a URL, anything else a file, directory or pattern.

    Errors: `kustomize` beside paths or `recursive`. Follows `FilenameParam`.

    >>> do(filenames("a.yaml", "-")(builder())).unwrap().sources
    (Path(path='a.yaml', recursive=False), Stdin())
    """

    def step(b: Builder) -> Builder:
        if kustomize and (paths or recursive):
            return _refused(
                b,
                "only one of -f or -k can be specified"
                if paths
                else "the -k flag can't be used with -f or -R",
            )
        read = b
        for path in paths:
            read = stdin(read) if path == "-" else _reading(read, _file(path, recursive))
        return _reading(read, Kustomization(kustomize)) if kustomize else read

    return step


def stdin(b: Builder) -> Builder:
    """Read manifests from standard input, which can be read once.

    >>> do(stdin(stdin(builder()))).failure().errors[0].message
    'standard input cannot be used for multiple arguments'
    """
    if Stdin() in b.sources:
        return _refused(b, "standard input cannot be used for multiple arguments")
    return _reading(b, Stdin())


def text(manifest: str, name: str = "text") -> Step:
    """Read manifests from a string; `name` stands for it in errors."""
    return lambda b: _reading(b, Text(manifest, name))


def objects(*given: Mapping[str, Any], name: str = "objects") -> Step:
    """Take objects made in code; `name` stands for them in errors."""
    return lambda b: _reading(b, Objects(given, name))


def namespace(name: str) -> Step:
    """Say which namespace is meant; the client's own where this is empty (`NamespaceParam`)."""
    return lambda b: replace(b, namespace=name)


def default_namespace(b: Builder) -> Builder:
    """Put resources that name no namespace into the one meant (`DefaultNamespace`)."""
    return replace(b, default_namespace=True)


def require_namespace(b: Builder) -> Builder:
    """Refuse resources of any namespace but the one meant (`RequireNamespace`)."""
    return replace(b, require_namespace=True)


def all_namespaces(b: Builder) -> Builder:
    """List over all namespaces (`AllNamespaces`)."""
    return replace(b, namespace="", all_namespaces=True)


def label_selector(selector: str) -> Step:
    """Keep resources whose labels match; the server chooses among its own (`LabelSelectorParam`).

    Errors: a selector that is none; one beside `select_all`.

    >>> print(do(label_selector("a in b")(filenames("x")(builder()))).failure().errors[0])
    the provided selector "a in b" is not valid: unable to parse requirement: found 'b' expected: '('
    """
    return lambda b: replace(
        _selecting(b, "label", selector), label_selector=selector.strip() or b.label_selector
    )


def field_selector(selector: str) -> Step:
    """Keep resources whose fields match; the server chooses among its own (`FieldSelectorParam`)."""
    return lambda b: replace(
        _selecting(b, "field", selector), field_selector=selector.strip() or b.field_selector
    )


def select_all(b: Builder) -> Builder:
    """Choose every object of the resources named (`SelectAllParam`)."""
    if b.label_selector is not None or b.field_selector is not None:
        return _refused(b, "setting 'all' parameter but found a non empty selector. ")
    return replace(b, select_all=True)


def filtered(*predicates: Predicate) -> Step:
    """Keep the resources for which every predicate holds."""
    return lambda b: replace(b, predicates=(*b.predicates, *predicates))


def resource_type_or_name_args(*args: str, allow_empty_selector: bool = False) -> Step:
    """Ask for objects on the server: `pods`, `pods,services`, `pod web db`, `pod/web svc/web`, `all`.

    Errors: in cli-runtime's words. Follows `ResourceTypeOrNameArgs`.

    >>> do(resource_type_or_name_args("pod,svc", "web")(builder())).unwrap().sources
    (Named(resource='pod', name='web'), Named(resource='svc', name='web'))
    """

    def step(b: Builder) -> Builder:
        parsed = parse(*args)
        if not isinstance(parsed, Success):
            return _refused(b, parsed.failure().message)
        every = allow_empty_selector and bool(parsed.unwrap().resources) and not parsed.unwrap().names
        selector = "" if every and b.label_selector is None else b.label_selector
        return replace(b, arguments=parsed.unwrap(), label_selector=selector)

    return step


def flatten(b: Builder) -> Builder:
    """Open lists, so that each of their items is visited (`Flatten`)."""
    return replace(b, flatten=True)


def continue_on_error(b: Builder) -> Builder:
    """Go on after a failure, and report all of them (`ContinueOnError`)."""
    return replace(b, continue_on_error=True)


def local(b: Builder) -> Builder:
    """Ask no server anything: resources have no mapping (`Local`)."""
    return replace(b, local=True)


def do(b: Builder) -> Result[Pipeline, Failures[Any]]:
    """The pipeline that was asked for, or everything that is wrong with it. Nothing is read (`Do`)."""
    selecting = b.select_all or b.label_selector is not None or b.field_selector is not None
    sources = chosen(b.sources, b.arguments, selecting).alt(lambda error: (error,))
    predicates = _predicates(b) if b.sources else Success(b.predicates)
    errors = (*(b.errors or _errors(sources)), *_errors(predicates))
    if errors:
        return Failure(Failures(errors))
    return Success(_pipeline(b, sources.unwrap(), predicates.unwrap()))


def _pipeline(b: Builder, sources: tuple[Source, ...], predicates: tuple[Predicate, ...]) -> Pipeline:
    same = ("namespace", "default_namespace", "require_namespace", "all_namespaces", "flatten")
    return Pipeline(
        sources,
        **{name: getattr(b, name) for name in (*same, "continue_on_error", "local")},
        predicates=predicates,
        label_selector=b.label_selector or "",
        field_selector=b.field_selector or "",
    )


def _selecting(b: Builder, kind: str, selector: str) -> Builder:
    if selector.strip() and b.select_all:
        return _refused(
            b, f"found non-empty {kind} selector \"{selector}\" with previously set 'all' parameter. "
        )
    return b


def _predicates(b: Builder) -> Result[tuple[Predicate, ...], tuple[UsageError, ...]]:
    """The filters for resources that were read: those given, and the selectors as predicates."""
    labels = _predicate(parse_label_selector, b.label_selector)
    fields = _predicate(parse_field_selector, b.field_selector)
    errors = (*_errors(labels), *_errors(fields))
    return Failure(errors) if errors else Success((*labels.unwrap(), *fields.unwrap(), *b.predicates))


def _predicate(
    parse: Callable[[str], Result[Predicate, UsageError]], selector: str | None
) -> Result[tuple[Predicate, ...], tuple[UsageError, ...]]:
    """A selector as a predicate, or in cli-runtime's words why it is none."""
    if not selector:
        return Success(())
    invalid = f'the provided selector "{selector}" is not valid'
    parsed = parse(selector).alt(lambda error: (UsageError(f"{invalid}: {error.message}"),))
    return parsed.map(lambda predicate: (predicate,))


def _reading(b: Builder, source: Source) -> Builder:
    return replace(b, sources=(*b.sources, source))


def _file(path: str, recursive: bool) -> Source:
    return Url(path) if path.startswith(("http://", "https://")) else Path(path, recursive)


def _refused(b: Builder, message: str) -> Builder:
    return replace(b, errors=(*b.errors, UsageError(message)))


def _errors(result: Result[Any, tuple[UsageError, ...]]) -> tuple[UsageError, ...]:
    return () if isinstance(result, Success) else result.failure()
