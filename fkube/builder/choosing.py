"""Steps that choose among resources: namespaces and selectors."""

from __future__ import annotations

from dataclasses import replace

from fkube.builder.request import Builder, Step, makes_step, refused, with_pipeline
from fkube.resource.names import quoted


@makes_step
def namespace(name: str) -> Step:
    """Say which namespace is meant; the client's own where this is empty (`NamespaceParam`)."""
    return lambda b: with_pipeline(b, namespace=name)


def default_namespace(b: Builder) -> Builder:
    """Put resources that name no namespace into the one meant (`DefaultNamespace`)."""
    return with_pipeline(b, default_namespace=True)


def require_namespace(b: Builder) -> Builder:
    """Refuse resources of any namespace but the one meant (`RequireNamespace`)."""
    return with_pipeline(b, require_namespace=True)


def all_namespaces(b: Builder) -> Builder:
    """List over all namespaces (`AllNamespaces`)."""
    return with_pipeline(b, namespace="", all_namespaces=True)


@makes_step
def label_selector(selector: str) -> Step:
    """Keep resources whose labels match; the server chooses among its own (`LabelSelectorParam`).

    Errors: a selector that is none; one beside `select_all`.

    >>> from fkube.builder import builder, do, filenames
    >>> print(do(label_selector("a in b")(filenames("x")(builder()))).failure().errors[0])
    the provided selector "a in b" is not valid: unable to parse requirement: found 'b' expected: '('
    """

    def step(b: Builder) -> Builder:
        if selector.strip() and b.select_all:
            return refused(b, _BESIDE_ALL.format("label", quoted(selector)))
        return _selecting(b, label_selector=selector.strip())

    return step


@makes_step
def field_selector(selector: str) -> Step:
    """Keep resources whose fields match; the server chooses among its own (`FieldSelectorParam`)."""
    stripped = selector.strip()

    def step(b: Builder) -> Builder:
        if stripped and b.select_all:
            return refused(b, _BESIDE_ALL.format("field", quoted(stripped)))
        return _selecting(b, field_selector=stripped)

    return step


def select_all(b: Builder) -> Builder:
    """Choose every object of the resources named (`SelectAllParam`)."""
    if b.selecting:
        return refused(b, "setting 'all' parameter but found a non empty selector. ")
    return replace(b, select_all=True)


def _selecting(b: Builder, **selector: str) -> Builder:
    """The builder with a selector; an empty one says nothing."""
    return replace(with_pipeline(b, **selector), selecting=True) if all(selector.values()) else b


_BESIDE_ALL = "found non-empty {} selector {} with previously set 'all' parameter. "
