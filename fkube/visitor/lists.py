"""Lists of resources: what is in a `List`, a `RoleBindingList` or any other object with `items`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from returns.result import Failure, Result, Success

from fkube.resource.errors import DecodeError, VisitError
from fkube.resource.info import Info, Object, Origin, is_list
from fkube.resource.metadata import wrong_type
from fkube.visitor.algebra import One, Visited, Visitor, VisitorFunc, VisitorList

T = TypeVar("T")
Item = Result[Info, VisitError]


@dataclass(frozen=True, slots=True)
class Flattened:
    """A visitor of the items of each list in its place."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Item) -> Visited[T]:
            # The equation, short of making a visitor for each resource that is no list.
            opened = isinstance(result, Success) and is_list(result.unwrap().object)
            return items(result.unwrap())(fn) if opened else fn(result)

        return self.visitor(visit)


def items(info: Info) -> Visitor:
    """The resources of a list, lists within it opened in place; any other resource as itself.

    An item with neither kind nor apiVersion takes them from its list (`PodList` gives `Pod`).
    Law: flattened_list
    Errors: `items` that are no array, and an item that is no object, has no kind, or has metadata of a wrong
    type, are `DecodeError`s.
    Follows `unstructuredJSONScheme.decodeToList` of apimachinery.

    >>> items(Info({"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}))
    One(result=<Success: Info(v1 Pod a)>)
    """
    found: list[Visitor] = []
    stack: list[Item] = [Success(info)]
    while stack:
        item = stack.pop()
        if isinstance(item, Success) and is_list(item.unwrap().object):
            stack.extend(reversed(_opened(item.unwrap())))
        else:
            found.append(One(item))
    return found[0] if len(found) == 1 else VisitorList(tuple(found))


def _opened(info: Info) -> list[Item]:
    """The items of one list, one level deep."""
    contents = info.object["items"]
    if not isinstance(contents, (list, tuple, type(None))):
        message = f"items of {info.kind or 'a list'} is no array: an object with items is read as a list"
        return [Failure(DecodeError(message, info.origin))]
    inherited = {"apiVersion": info.api_version, "kind": info.kind.removesuffix("List")}
    placed = zip(_origins(info, len(contents or ())), contents or (), strict=True)
    return [_item(info, origin, inherited, item, number) for number, (origin, item) in enumerate(placed, 1)]


def _origins(info: Info, count: int) -> Iterable[Origin]:
    """Where items are written: each on its own line where that is known, else where their list is."""
    lines = info.item_lines
    return (replace(info.origin, line=n) for n in lines) if len(lines) == count else (info.origin,) * count


def _item(info: Info, origin: Origin, inherited: Object, item: object, number: int) -> Item:
    """One item of a list as a resource from where it is written."""
    if not isinstance(item, dict):
        return _refused(info, origin, number, "is no object: write it as a mapping with apiVersion and kind")
    typed = item if item.get("kind") or item.get("apiVersion") else {**item, **inherited}
    if not typed.get("kind"):
        return _refused(info, origin, number, "has no kind: set its apiVersion and kind")
    if wrong := wrong_type(typed):
        return _refused(info, origin, number, f"can't be read: {wrong[0]}")
    version = info.resource_version
    return Success(
        replace(info, object=typed, origin=origin, mapping=None, list_version=version, item_lines=())
    )


def _refused(info: Info, origin: Origin, number: int, problem: str) -> Item:
    return Failure(DecodeError(f"item {number} of {info.kind or 'a list'} {problem}", origin))
