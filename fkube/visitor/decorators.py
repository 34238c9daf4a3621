"""Decorators, `Info -> Result[Info, VisitError]`, that set and check namespaces.

Follows the visitor functions at the end of `visitor.go` of cli-runtime. `UpdateObjectNamespace` has no
counterpart: a namespace is read off the object and kept nowhere else. `fkube.visitor.changing` has
the decorators that change other fields.
"""

from __future__ import annotations

from collections.abc import Callable

from returns.result import Failure, Result, Success

from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import NamespaceError, VisitError
from fkube.resource.info import Info, with_metadata, with_object
from fkube.resource.names import quote_text
from fkube.visitor.changing import as_manifest, set_annotations, set_images, set_labels
from fkube.visitor.visits import Decorator

__all__ = [
    "as_manifest",
    "check_namespace",
    "filter_namespace",
    "force_namespace",
    "require_namespace",
    "set_annotations",
    "set_images",
    "set_labels",
    "set_namespace",
]


@dataclass(frozen=True, slots=True, repr=False)
class NamespaceDecorator:
    """A decorator that knows a namespace; it compares and prints like the call that made it.

    `rule`: what it does with a resource and the namespace; `name`: what it is printed as.
    """

    name: str
    rule: Callable[[Info, str], Result[Info, VisitError]]
    namespace: str

    def __call__(self, info: Info, /) -> Result[Info, VisitError]:
        return self.rule(info, self.namespace)

    def __repr__(self) -> str:
        return f"{self.name}({self.namespace})"


def set_namespace(namespace: str) -> Decorator:
    """Set the namespace of resources that live in one and name none.

    Law: set_namespace_idempotent
    Follows `SetNamespace` of cli-runtime.

    >>> set_namespace("shop")(Info({"kind": "Pod"}))
    <Success: Info( Pod shop)>
    """
    return NamespaceDecorator("set_namespace", _set_namespace, namespace)


def require_namespace(namespace: str) -> Decorator:
    """Set the namespace of resources that name none, and refuse those that name another.

    Law: require_set_namespace
    Errors: `NamespaceError`.
    Follows `RequireNamespace` of cli-runtime.

    >>> print(require_namespace("shop")(Info({"kind": "Pod", "metadata": {"namespace": "bar"}})).failure())
    the namespace from the provided object "bar" does not match the namespace "shop". You must pass \
'--namespace=bar' to perform this operation.
    """
    return NamespaceDecorator("require_namespace", _require_namespace, namespace)


def check_namespace(namespace: str) -> Decorator:
    """Refuse resources that name another namespace; set none.

    Without a mapping it is `require_namespace`: what names no namespace may live in none.
    Law: check_require_namespace
    Errors: `NamespaceError`.
    Follows `RequireNamespace` and `Info.Namespaced` of cli-runtime, for an `Info` without a mapping.

    >>> check_namespace("shop")(Info({"kind": "Pod"}))
    <Success: Info( Pod )>
    """
    return NamespaceDecorator("check_namespace", _check_namespace, namespace)


def force_namespace(namespace: str) -> Decorator:
    """Set the namespace of all resources that live in one, whichever they name.

    Before mapping, every kind counts as one that does; `filter_namespace` removes it from the others.
    Law: force_namespace_idempotent, require_force_namespace
    Has no counterpart in cli-runtime; kustomize's `namespace` does so.

    >>> force_namespace("shop")(Info({"kind": "Pod", "metadata": {"namespace": "bar"}}))
    <Success: Info( Pod shop)>
    """
    return NamespaceDecorator("force_namespace", _force_namespace, namespace)


def filter_namespace(info: Info) -> Result[Info, VisitError]:
    """Remove the namespace of a resource whose kind lives in none.

    Law: filter_namespace_idempotent
    Follows `FilterNamespace` of cli-runtime.

    >>> from fkube.resource.info import RESTMapping
    >>> node = RESTMapping("", "v1", "Node", "nodes", namespaced=False)
    >>> filter_namespace(Info({"kind": "Node", "metadata": {"namespace": "shop"}}, mapping=node))
    <Success: Info( Node )>
    """
    return Success(info if info.namespaced or not info.namespace else _in_namespace(info, None))


def _set_namespace(info: Info, namespace: str) -> Result[Info, VisitError]:
    """The rule of `set_namespace`."""
    return Success(info if info.namespace or not info.namespaced else _in_namespace(info, namespace))


def _require_namespace(info: Info, namespace: str) -> Result[Info, VisitError]:
    """The rule of `require_namespace`."""
    return _check_namespace(info, namespace).bind(lambda checked: _set_namespace(checked, namespace))


def _check_namespace(info: Info, namespace: str) -> Result[Info, VisitError]:
    """The rule of `check_namespace`."""
    if not info.namespaced or info.namespace in ("", namespace):
        return Success(info)
    found, required = quote_text(info.namespace), quote_text(namespace)
    message = (
        f"the namespace from the provided object {found} does not match the namespace {required}."
        f" You must pass '--namespace={info.namespace}' to perform this operation."
    )
    return Failure(NamespaceError(message, info.origin))


def _force_namespace(info: Info, namespace: str) -> Result[Info, VisitError]:
    """The rule of `force_namespace`."""
    there = not info.namespaced or info.namespace == namespace
    return Success(info if there else _in_namespace(info, namespace))


def _in_namespace(info: Info, namespace: str | None) -> Info:
    """Put a resource into a namespace, or with None into none."""
    return with_object(info, with_metadata(info.object, namespace=namespace or None))
