"""Decorators: one step more for each resource, `Info -> Result[Info, VisitError]`. Here those of namespaces.

Follows the visitor functions at the end of `visitor.go` of cli-runtime. `UpdateObjectNamespace` has no
counterpart: a namespace is read off the object and kept nowhere else. `fkube.visitor.changing` has
those of what else an object says.
"""

from __future__ import annotations

from dataclasses import dataclass

from returns.result import Failure, Result, Success

from fkube.resource.errors import NamespaceError, VisitError
from fkube.resource.info import Info, with_metadata, with_object
from fkube.resource.names import quoted
from fkube.visitor.changing import as_manifest, set_annotations, set_images, set_labels

__all__ = [
    "as_manifest",
    "filter_namespace",
    "force_namespace",
    "require_namespace",
    "set_annotations",
    "set_images",
    "set_labels",
    "set_namespace",
]


@dataclass(frozen=True, slots=True, repr=False)
class SetNamespace:
    """The decorator that `set_namespace` makes."""

    namespace: str

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        return Success(info if info.namespace or not info.namespaced else _in_namespace(info, self.namespace))

    def __repr__(self) -> str:
        return f"set_namespace({self.namespace})"


@dataclass(frozen=True, slots=True, repr=False)
class RequireNamespace:
    """The decorator that `require_namespace` makes."""

    namespace: str

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        if not info.namespaced or info.namespace in ("", self.namespace):
            return SetNamespace(self.namespace)(info)
        found, required = quoted(info.namespace), quoted(self.namespace)
        message = (
            f"the namespace from the provided object {found} does not match the namespace {required}."
            f" You must pass '--namespace={info.namespace}' to perform this operation."
        )
        return Failure(NamespaceError(message, info.origin))

    def __repr__(self) -> str:
        return f"require_namespace({self.namespace})"


@dataclass(frozen=True, slots=True, repr=False)
class ForceNamespace:
    """The decorator that `force_namespace` makes."""

    namespace: str

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        there = not info.namespaced or info.namespace == self.namespace
        return Success(info if there else _in_namespace(info, self.namespace))

    def __repr__(self) -> str:
        return f"force_namespace({self.namespace})"


def set_namespace(namespace: str) -> SetNamespace:
    """Put resources that live in namespaces and name none into this one.

    Law: set_namespace_idempotent
    Follows `SetNamespace` of cli-runtime.

    >>> set_namespace("shop")(Info({"kind": "Pod"}))
    <Success: Info( Pod shop)>
    """
    return SetNamespace(namespace)


def require_namespace(namespace: str) -> RequireNamespace:
    """Put resources that name no namespace into this one, and refuse those that name another.

    Law: require_set_namespace
    Errors: `NamespaceError`.
    Follows `RequireNamespace` of cli-runtime.

    >>> print(require_namespace("shop")(Info({"kind": "Pod", "metadata": {"namespace": "bar"}})).failure())
    the namespace from the provided object "bar" does not match the namespace "shop". You must pass \
'--namespace=bar' to perform this operation.
    """
    return RequireNamespace(namespace)


def force_namespace(namespace: str) -> ForceNamespace:
    """Put resources that live in namespaces into this one, whichever they name.

    Before mapping every kind is taken to live in one; `filter_namespace` takes it off those that do not.
    Law: force_namespace_idempotent, require_force_namespace
    Has no counterpart in cli-runtime; kustomize's `namespace` does so.

    >>> force_namespace("shop")(Info({"kind": "Pod", "metadata": {"namespace": "bar"}}))
    <Success: Info( Pod shop)>
    """
    return ForceNamespace(namespace)


def filter_namespace(info: Info) -> Result[Info, VisitError]:
    """Take the namespace off a resource whose kind lives in none.

    Law: filter_namespace_idempotent
    Follows `FilterNamespace` of cli-runtime.

    >>> from fkube.resource.info import RESTMapping
    >>> node = RESTMapping("", "v1", "Node", "nodes", namespaced=False)
    >>> filter_namespace(Info({"kind": "Node", "metadata": {"namespace": "shop"}}, mapping=node))
    <Success: Info( Node )>
    """
    return Success(info if info.namespaced or not info.namespace else _in_namespace(info, None))


def _in_namespace(info: Info, namespace: str | None) -> Info:
    return with_object(info, with_metadata(info.object, namespace=namespace or None))
