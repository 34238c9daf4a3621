"""kubectl's grammar of resource arguments: `pods`, `pods,svc`, `pod web db`, `pod/web svc/web`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from returns.result import Failure, Result, Success
from toolz import unique

from fkube.documents.source import Named, Selected, Source
from fkube.resource.errors import UsageError, VisitError


@dataclass(frozen=True, slots=True)
class Arguments:
    """What arguments name: resources as a whole, names within them, or single objects."""

    resources: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    objects: tuple[Named, ...] = ()


NO_ARGUMENTS = Arguments()


def parse(*arguments: str) -> Result[Arguments, UsageError]:
    """What the arguments name; several resources before names are each resource with each name.

    Errors: in cli-runtime's words. Follows `Builder.ResourceTypeOrNameArgs` and
    `normalizeMultipleResourcesArgs`.

    >>> parse("pods,svc").unwrap().resources, parse("pods,svc", "web").unwrap().objects[1]
    (('pods', 'svc'), Named(resource='svc', name='web'))
    >>> parse("pod", "pod/web").failure().message[:52]
    'there is no need to specify a resource type as a sep'
    """
    normal = _multiplied(arguments)
    slashes = sum("/" in argument for argument in normal)
    if slashes and slashes != len(normal):
        return _refused(_NO_NEED)
    if slashes:
        return _all(tuple(map(named, normal)))
    return Success(Arguments(split(normal[0]) if normal else (), normal[1:]))


def appended(some: Arguments, more: Arguments) -> Arguments:
    """What both name.

    >>> appended(Arguments(("pods",)), Arguments(("services",))).resources
    ('pods', 'services')
    """
    both = ((*getattr(some, part), *getattr(more, part)) for part in ("resources", "names", "objects"))
    return Arguments(*both)


def has_names(*arguments: str) -> Result[bool, UsageError]:
    """Whether the arguments name objects, not only types. Follows `HasNames` of cli-runtime.

    >>> has_names("rc,pod"), has_names("rc/foo")
    (<Success: False>, <Success: True>)
    """
    return parse(*arguments).map(lambda found: bool(found.names or found.objects))


def is_usage_error(error: VisitError) -> bool:
    """Whether nothing was asked for at all, so that help may help. Follows `IsUsageError`.

    >>> is_usage_error(chosen((), NO_ARGUMENTS, selecting=False).failure())
    True
    """
    return error.message == _MISSING


def chosen(
    read: tuple[Source, ...], asked: Arguments, selecting: bool, apart: bool = False
) -> Result[tuple[Source, ...], UsageError]:
    """What is to be visited: what is read, beside it what selectors choose or what is named.

    `apart`: refuse the one beside the other, as kubectl's command line does.
    Errors: in cli-runtime's words, the first that applies. Follows `Builder.visitorResult`.

    >>> print(chosen((), Arguments(("pods",)), selecting=False).failure())
    resource(s) were provided, but no name was specified
    """
    if read and (apart or asked == NO_ARGUMENTS):
        return _beside_paths(asked).map(lambda _: read)
    if read:
        return chosen((), asked, selecting).map(lambda named: (*read, *named))
    if selecting:
        return _beside_selectors(asked).map(lambda asked: tuple(map(Selected, asked.resources)))
    if asked.objects and asked.resources:
        return _refused("you may not specify individual resources and bulk resources in the same call")
    if asked.objects:
        return Success(asked.objects)
    if asked.names:
        return _within_one(asked)
    return _refused("resource(s) were provided, but no name was specified" if asked.resources else _MISSING)


def _within_one(asked: Arguments) -> Result[tuple[Source, ...], UsageError]:
    """Each name within the one resource."""
    if len(asked.resources) > 1:
        return _refused("you must specify only one resource")
    return Success(tuple(Named(asked.resources[0], name, apart=True) for name in asked.names))


def _beside_paths(asked: Arguments) -> Result[Arguments, UsageError]:
    if asked.resources:
        return _refused(f"{_PATHS_GIVEN}, you may not specify resource arguments as well")
    if asked.objects:
        return _refused("resource/name arguments cannot be provided when a path is specified")
    return Success(asked)


def _beside_selectors(asked: Arguments) -> Result[Arguments, UsageError]:
    if asked.names:
        return _refused("name cannot be provided when a selector is specified")
    if asked.objects:
        return _refused(_SELECTOR_AND_NAMES)
    if not asked.resources:
        return _refused("at least one resource must be specified to use a selector")
    return Success(asked)


def _refused(message: str) -> Result[Any, UsageError]:
    return Failure(UsageError(message))


def named(argument: str) -> Result[Named, UsageError]:
    """One object as `resource/name`. Follows `splitResourceTypeName`.

    >>> print(named("a/b/c").failure())
    arguments in resource/name form may not have more than one slash
    """
    segments = argument.split("/")
    if len(segments) > 2:
        return _refused("arguments in resource/name form may not have more than one slash")
    if not all(segments) or "," in segments[0]:
        return _refused("arguments in resource/name form must have a single resource and name")
    return Success(Named(segments[0], segments[1]))


def split(argument: str) -> tuple[str, ...]:
    """The parts between commas, each once. Follows `SplitResourceArgument`.

    >>> split("pods,svc,pods")
    ('pods', 'svc')
    """
    return tuple(unique(argument.split(",")))


def _multiplied(arguments: tuple[str, ...]) -> tuple[str, ...]:
    resources = split(arguments[0]) if len(arguments) > 1 else ()
    if len(resources) < 2:
        return arguments
    return tuple(f"{resource}/{name}" for resource in resources for name in arguments[1:])


def _all(found: tuple[Result[Named, UsageError], ...]) -> Result[Arguments, UsageError]:
    """All objects, or the first argument that names none."""
    wrong = next((result for result in found if isinstance(result, Failure)), None)
    if wrong is not None:
        return Failure(wrong.failure())
    return Success(Arguments(objects=tuple(result.unwrap() for result in found)))


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
