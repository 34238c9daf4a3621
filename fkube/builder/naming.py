"""Steps that name resources on the server: types, names, `type/name`, in kubectl's grammar."""

from __future__ import annotations

from dataclasses import replace

from returns.result import Success

from fkube.builder import arguments as grammar
from fkube.builder.arguments import Arguments, appended, parse
from fkube.builder.request import Builder, Step, makes_step, refused, with_pipeline
from fkube.documents.source import Named


@makes_step
def resource_type_or_name_args(*args: str, allow_empty_selector: bool = False) -> Step:
    """Ask for objects on the server: `pods`, `pods,services`, `pod web db`, `pod/web svc/web`, `all`.

    With `allow_empty_selector` types without names mean all of their objects.
    Errors: in cli-runtime's words. Follows `ResourceTypeOrNameArgs`.

    >>> from fkube.builder import builder, do
    >>> do(resource_type_or_name_args("pod,svc", "web")(builder())).unwrap().sources
    (Named(resource='pod', name='web'), Named(resource='svc', name='web'))
    """

    def step(b: Builder) -> Builder:
        parsed = parse(*args)
        if not isinstance(parsed, Success):
            return refused(b, parsed.failure().message)
        found = parsed.unwrap()
        every = allow_empty_selector and bool(found.resources) and not found.names
        return replace(_asking(b, found), selecting=b.selecting or every)

    return step


@makes_step
def resource_types(*types: str) -> Step:
    """Name types of resources, for selectors to choose among their objects (`ResourceTypes`)."""
    return lambda b: _asking(b, Arguments(types))


@makes_step
def resource_names(resource: str, *names: str) -> Step:
    """Name objects: of this type, or of their own as `type/name`.

    Errors: a name without a type where `resource` is empty. Follows `ResourceNames`.

    >>> from fkube.builder import builder, do
    >>> do(resource_names("pod", "a", "svc/b")(builder())).unwrap().sources
    (Named(resource='pod', name='a'), Named(resource='svc', name='b'))
    """

    def step(b: Builder) -> Builder:
        for name in names:
            if "/" not in name and not resource:
                b = refused(b, f'the argument "{name}" must be RESOURCE/NAME')
                continue
            found = grammar.named(name) if "/" in name else Success(Named(resource, name))
            if not isinstance(found, Success):
                return refused(b, found.failure().message)
            b = _asking(b, Arguments(objects=(found.unwrap(),)))
        return b

    return step


def single_resource_type(b: Builder) -> Builder:
    """Refuse more than one type of resource (`SingleResourceType`)."""
    return with_pipeline(b, single_resource_type=True)


@makes_step
def subresource(name: str) -> Step:
    """Fetch this subresource of each object that is named: `status`, `scale` (`Subresource`)."""
    return lambda b: with_pipeline(b, subresource=name)


def one_kind_of_source(b: Builder) -> Builder:
    """Refuse what is named on the server beside what is read, as kubectl's command line does."""
    return replace(b, apart=True)


def _asking(b: Builder, more: Arguments) -> Builder:
    return replace(b, arguments=appended(b.arguments, more))
