"""Steps that choose resources on the server by type and name, and any resources by namespace and selector."""

from __future__ import annotations

from returns.result import Failure, Success

from fkube.builder.arguments import Arguments, append_arguments, parse, parse_name
from fkube.builder.request import Builder, Step, makes_step, refuse, with_pipeline
from fkube.documents.source import Named
from fkube.resource.dataclasses import replace
from fkube.resource.names import quote_text


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
        match parsed:
            case Success(found):
                every = allow_empty_selector and bool(found.resources) and not found.names
                return replace(_add_arguments(b, found), selecting=b.selecting or every)
            case _:
                return refuse(b, parsed.failure().message)

    return step


@makes_step
def resource_types(*types: str) -> Step:
    """Name types of resources, among whose objects selectors choose (`ResourceTypes`)."""
    return lambda b: _add_arguments(b, Arguments(types))


@makes_step
def resource_names(resource: str, *names: str) -> Step:
    """Name objects, either of this type or as `type/name`.

    Errors: a name without a type where `resource` is empty. Follows `ResourceNames`.

    >>> from fkube.builder import builder, do
    >>> do(resource_names("pod", "a", "svc/b")(builder())).unwrap().sources
    (Named(resource='pod', name='a'), Named(resource='svc', name='b'))
    """

    def step(b: Builder) -> Builder:
        for name in names:
            if "/" not in name and not resource:
                b = refuse(b, f'the argument "{name}" must be RESOURCE/NAME')
                continue
            match parse_name(name) if "/" in name else Success(Named(resource, name)):
                case Success(found):
                    b = _add_arguments(b, Arguments(objects=(found,)))
                case Failure(error):
                    return refuse(b, error.message)
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
    """Refuse resources that are read beside resources that are named, as kubectl's command line does."""
    return replace(b, apart=True)


@makes_step
def namespace(name: str) -> Step:
    """Set the namespace of the request; an empty one means the client's (`NamespaceParam`)."""
    return lambda b: with_pipeline(b, namespace=name)


def default_namespace(b: Builder) -> Builder:
    """Set the namespace of resources that name none (`DefaultNamespace`)."""
    return with_pipeline(b, default_namespace=True)


def require_namespace(b: Builder) -> Builder:
    """Refuse resources of any other namespace (`RequireNamespace`)."""
    return with_pipeline(b, require_namespace=True)


def all_namespaces(b: Builder) -> Builder:
    """List over all namespaces (`AllNamespaces`)."""
    return with_pipeline(b, namespace="", all_namespaces=True)


@makes_step
def label_selector(selector: str) -> Step:
    """Keep resources whose labels match; the server selects among its own (`LabelSelectorParam`).

    Errors: a selector that can't be parsed; one beside `select_all`.

    >>> from fkube.builder import builder, do, filenames
    >>> print(do(label_selector("a in b")(filenames("x")(builder()))).failure().errors[0])
    the provided selector "a in b" is not valid: unable to parse requirement: found 'b' expected: '('
    """
    return _select_by("label", selector.strip(), selector)


@makes_step
def field_selector(selector: str) -> Step:
    """Keep resources whose fields match; the server selects among its own (`FieldSelectorParam`)."""
    return _select_by("field", selector.strip(), selector.strip())


def select_all(b: Builder) -> Builder:
    """Choose every object of the types named (`SelectAllParam`)."""
    if b.selecting:
        return refuse(b, "setting 'all' parameter but found a non empty selector. ")
    return replace(b, select_all=True)


def _select_by(kind: str, selector: str, given: str) -> Step:
    """Make the step of a label or field selector; an empty one changes nothing.

    One beside `select_all` is refused. `kind` is `label` or `field`; `given` is the selector as the error
    quotes it.
    """

    def step(b: Builder) -> Builder:
        if not selector:
            return b
        if b.select_all:
            found = f"found non-empty {kind} selector {quote_text(given)}"
            return refuse(b, f"{found} with previously set 'all' parameter. ")
        return replace(with_pipeline(b, **{f"{kind}_selector": selector}), selecting=True)

    return step


def _add_arguments(b: Builder, more: Arguments) -> Builder:
    """Append resource arguments to those of the builder."""
    return replace(b, arguments=append_arguments(b.arguments, more))
