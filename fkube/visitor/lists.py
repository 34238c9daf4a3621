"""The items of lists: of a `List`, a `RoleBindingList` or any other object with `items`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from returns.result import Failure, Success

from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import DecodeError
from fkube.resource.info import Info, Origin, is_list
from fkube.resource.metadata import wrong_type
from fkube.visitor.algebra import One, VisitorList
from fkube.visitor.visits import Reached, Visited, Visitor, VisitorFunc

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Flattened:
    """A visitor of the items of each list, in the place of the list."""

    visitor: Visitor

    def __call__(self, fn: VisitorFunc[T], /) -> Visited[T]:
        def visit(result: Reached) -> Visited[T]:
            # The equation, without making a visitor for each resource that is no list.
            has_items = isinstance(result, Success) and is_list(result.unwrap().object)
            return items(result.unwrap())(fn) if has_items else fn(result)

        return self.visitor(visit)


def items(info: Info) -> Visitor:
    """Visit the items of a list, also of lists within it; a resource that is no list is visited itself.

    An item with neither kind nor apiVersion takes them from its list (`PodList` gives `Pod`).
    Law: flattened_list
    Errors: `items` that are no array, and an item that is no object, has no kind, or has metadata of a wrong
    type, are `DecodeError`s.
    Follows `unstructuredJSONScheme.decodeToList` of apimachinery.

    >>> items(Info({"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "a"}}]}))
    One(result=<Success: Info(v1 Pod a)>)
    """
    found: list[Visitor] = []
    stack: list[Reached] = [Success(info)]
    while stack:
        match stack.pop():
            case Success(inner) if is_list(inner.object):
                stack.extend(reversed(list_items(inner)))
            case item:
                found.append(One(item))
    return found[0] if len(found) == 1 else VisitorList(tuple(found))


def list_items(info: Info) -> list[Reached]:
    """Read the items of one list; lists among them stay lists."""
    contents = info.object["items"]
    if not isinstance(contents, (list, tuple, type(None))):
        message = f"items of {info.kind or 'a list'} is no array: an object with items is read as a list"
        return [Failure(DecodeError(message, info.origin, undecoded=True))]
    inherited = {"apiVersion": info.api_version, "kind": info.kind.removesuffix("List")}
    typed = [{**item, **inherited} if _lacks_type(item) else item for item in contents or ()]
    placed = zip(_item_origins(info, len(typed)), typed, strict=True)
    return [_read_item(info, origin, number, item) for number, (origin, item) in enumerate(placed, 1)]


def _lacks_type(item: Any) -> bool:
    """Whether an item has neither kind nor apiVersion."""
    return isinstance(item, dict) and not (item.get("kind") or item.get("apiVersion"))


def _item_origins(info: Info, count: int) -> Iterable[Origin]:
    """The origins of items: each on its own line where that is known, else that of the list."""
    lines = info.item_lines
    return (replace(info.origin, line=n) for n in lines) if len(lines) == count else (info.origin,) * count


def _read_item(info: Info, origin: Origin, number: int, item: Any) -> Reached:
    """Read one item of a list as a resource with an origin; `number` counts items from 1, for messages."""
    if problem := _item_problem(item):
        return Failure(
            DecodeError(f"item {number} of {info.kind or 'a list'} {problem}", origin, undecoded=True)
        )
    version = info.resource_version
    return Success(
        replace(info, object=item, origin=origin, mapping=None, list_version=version, item_lines=())
    )


def _item_problem(item: Any) -> str:
    """Say why something is no item of a list; empty if it is one."""
    if not isinstance(item, dict):
        return "is no object: write it as a mapping with apiVersion and kind"
    if not item.get("kind"):
        return "has no kind: set its apiVersion and kind"
    wrong = wrong_type(item)
    return f"can't be read: {wrong[0]}" if wrong else ""
