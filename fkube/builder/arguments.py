"""kubectl's grammar of resource arguments: `pods`, `pods,svc`, `pod web db`, `pod/web svc/web`."""

from __future__ import annotations

from typing import TypeVar

from returns.result import Failure, Result, Success
from toolz import unique

from fkube.documents.source import Named, Selected, Source
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.results import collect_results

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Arguments:
    """Parsed resource arguments: types, names of objects of these types, and single objects."""

    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    objects: tuple[Named, ...] = ()


NO_ARGUMENTS = Arguments()
"""The arguments of a request that has none."""


def parse(*arguments: str) -> Result[Arguments, UsageError]:
    """Parse resource arguments; several types before names mean each type with each name.

    Errors: in cli-runtime's words. Follows `Builder.ResourceTypeOrNameArgs` and
    `normalizeMultipleResourcesArgs`.

    >>> parse("pods,svc").unwrap().resources, parse("pods,svc", "web").unwrap().objects[1]
    (('pods', 'svc'), Named(resource='svc', name='web'))
    >>> parse("pod", "pod/web").failure().message[:52]
    'there is no need to specify a resource type as a sep'
    """
    normal = _pair_types_with_names(arguments)
    slashes = sum("/" in argument for argument in normal)
    if not slashes:
        return Success(Arguments(split_argument(normal[0]) if normal else (), normal[1:]))
    if slashes != len(normal):
        return Failure(UsageError(_NO_NEED))
    return collect_results(map(parse_name, normal)).map(lambda objects: Arguments(objects=objects))


def append_arguments(some: Arguments, more: Arguments) -> Arguments:
    """Append arguments, part by part.

    >>> append_arguments(Arguments(("pods",)), Arguments(("services",))).resources
    ('pods', 'services')
    """
    return Arguments(some.resources + more.resources, some.names + more.names, some.objects + more.objects)


def has_names(*arguments: str) -> Result[bool, UsageError]:
    """Whether the arguments name objects, not only types. Follows `HasNames` of cli-runtime.

    >>> has_names("rc,pod"), has_names("rc/foo")
    (<Success: False>, <Success: True>)
    """
    return parse(*arguments).map(lambda found: bool(found.names or found.objects))


def is_usage_error(error: VisitError) -> bool:
    """Whether the error is that no resource was asked for, so that help may help. Follows `IsUsageError`.

    >>> is_usage_error(choose_sources((), NO_ARGUMENTS, selecting=False).failure())
    True
    """
    return error.message == _MISSING


def check_usage(value: T, *problems: tuple[object, str]) -> Result[T, UsageError]:
    """Return a value, or the message of the first problem whose condition holds.

    >>> print(check_usage(1, (False, "never"), (True, "refused")).failure())
    refused
    """
    found = next((message for condition, message in problems if condition), None)
    return Success(value) if found is None else Failure(UsageError(found))


def choose_sources(
    read: tuple[Source, ...], asked: Arguments, selecting: bool, apart: bool = False
) -> Result[tuple[Source, ...], UsageError]:
    """Choose the sources to visit: those that are read, and beside them those that arguments name.

    `selecting`: a selector or `select_all` was given, so that types need no names. `apart`: refuse the one
    beside the other, as kubectl's command line does. Errors: in cli-runtime's words, the first that
    applies. Follows `Builder.visitorResult`.

    >>> print(choose_sources((), Arguments(("pods",)), selecting=False).failure())
    resource(s) were provided, but no name was specified
    """
    if read and not apart and asked != NO_ARGUMENTS:
        return choose_sources((), asked, selecting).map(lambda sources: (*read, *sources))
    if read:
        return check_usage(
            read,
            (asked.resources, f"{_PATHS_GIVEN}, you may not specify resource arguments as well"),
            (asked.objects, "resource/name arguments cannot be provided when a path is specified"),
        )
    return _choose_selected(asked) if selecting else _choose_named(asked)


def _choose_selected(asked: Arguments) -> Result[tuple[Source, ...], UsageError]:
    """Choose all objects of each type that a selector matches; refuse names beside a selector."""
    return check_usage(
        tuple(map(Selected, asked.resources)),
        (asked.names, "name cannot be provided when a selector is specified"),
        (asked.objects, _SELECTOR_AND_NAMES),
        (not asked.resources, "at least one resource must be specified to use a selector"),
    )


def _choose_named(asked: Arguments) -> Result[tuple[Source, ...], UsageError]:
    """Choose the single objects, or each name of the one type; refuse types without names."""
    types, names = asked.resources, asked.names
    bulk = "you may not specify individual resources and bulk resources in the same call"
    return check_usage(
        asked.objects or tuple(Named(type, name, apart=True) for type in types for name in names),
        (asked.objects and types, bulk),
        (names and len(types) > 1, "you must specify only one resource"),
        (types and not names, "resource(s) were provided, but no name was specified"),
        (not types and not asked.objects, _MISSING),
    )


def parse_name(argument: str) -> Result[Named, UsageError]:
    """Parse `resource/name`. Follows `splitResourceTypeName`.

    >>> print(parse_name("a/b/c").failure())
    arguments in resource/name form may not have more than one slash
    """
    segments = argument.split("/")
    incomplete = not all(segments) or "," in segments[0]
    return check_usage(
        Named(segments[0], segments[-1]),
        (len(segments) > 2, "arguments in resource/name form may not have more than one slash"),
        (incomplete, "arguments in resource/name form must have a single resource and name"),
    )


def split_argument(argument: str) -> tuple[str, ...]:
    """Split an argument at its commas, each part once. Follows `SplitResourceArgument`.

    >>> split_argument("pods,svc,pods")
    ('pods', 'svc')
    """
    return tuple(unique(argument.split(",")))


def _pair_types_with_names(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Replace several types before names by `type/name` arguments; leave all others as they are."""
    types = split_argument(arguments[0]) if len(arguments) > 1 else ()
    if len(types) < 2:
        return arguments
    return tuple(f"{type}/{name}" for type in types for name in arguments[1:])


_NO_NEED = (
    "there is no need to specify a resource type as a separate argument when passing arguments in "
    "resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource "
    "resource/<resource_name>'"
)
_PATHS_GIVEN = "when paths, URLs, or stdin is provided as input"
_SELECTOR_AND_NAMES = "selectors and the all flag cannot be used when passing resource/name arguments"
_MISSING = """You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'"""
