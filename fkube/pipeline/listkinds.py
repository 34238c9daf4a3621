"""The kinds of lists, which a server offers without naming them: a stage looks them up before flattening."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial, reduce

from returns.result import Result, Success

from fkube.pipeline.discovery import Mapper, add_definition, is_crd, kind_for, mapping_error
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, Object, is_list
from fkube.visitor.algebra import One
from fkube.visitor.combinators import visitor_list
from fkube.visitor.lists import list_items
from fkube.visitor.stages import Scanned
from fkube.visitor.visits import Reached, Visitor


def lists_mapped(known: Mapper) -> Scanned[Mapper]:
    """Refuse each list of a kind that the server does not offer; a list that has lists in it is opened.

    What it leaves of a list, `flattened` opens; so the items of a list that is refused are never seen.
    Law: stage_over_list
    Errors: `MappingError` in kubectl's words, with the list's origin.
    Follows `mapper.infoForData` of cli-runtime, which runs before `FlattenListVisitor`.
    """
    return Scanned(map_next_list, known, "lists_mapped")


def map_next_list(known: Mapper, result: Reached) -> tuple[Mapper, Visitor]:
    """Each list's own kind is looked up in what the server offers, before its items are."""
    found: list[Visitor] = []
    # A stack of our own, as in `fkube.visitor.lists.items`: lists may be nested deeper than Python's stack.
    stack = [result]
    while stack:
        step = stack.pop().bind(partial(check_list_kind, known))
        if inner := _open_outer_list(step):
            stack.extend(reversed(inner))
        else:
            known = reduce(add_definition, _definitions(step), known)
            found.append(One(step))
    return known, visitor_list(*found)


def check_list_kind(known: Mapper, info: Info) -> Result[Info, VisitError]:
    """Return a resource, unless it is a list of an unknown kind; one that is mapped already is known.

    Errors: `MappingError` in kubectl's words.
    """
    if info.mapping is not None or not is_list(info.object):
        return Success(info)
    found = list_kind_for(known, info.api_version, info.kind)
    return found.map(lambda _: info).alt(partial(mapping_error, info))


def list_kind_for(known: Mapper, api_version: str, kind: str) -> Result[None, VisitError]:
    """Say whether this is the kind of a list: that of a resource, with or without `List`, or `List` itself.

    Each group version that has resources has a `List`.
    Errors: `MappingError` in the words of `meta.NoKindMatchError`.
    Follows `NewDiscoveryRESTMapper` of client-go.

    >>> print(list_kind_for(Mapper(), "v1", "FooList").failure())
    no matches for kind "FooList" in version "v1"
    """
    single = kind.removesuffix("List")
    group, _, version = api_version.rpartition("/")
    served = (group, version, single) in known.kinds or (not single and _serves(known, group, version))
    missing = kind_for(known, api_version, kind).map(lambda _: None)
    return Success(None) if single != kind and served else missing


def _serves(known: Mapper, group: str, version: str) -> bool:
    """Whether a server offers anything of a group version."""
    return any((r.mapping.group, r.mapping.version) == (group, version) for r in known.resources)


def _open_outer_list(step: Reached) -> list[Reached]:
    """The items of a list that has lists among them; nothing of anything else."""
    items = step.map(lambda info: info.object.get("items")).value_or(None)
    nested = isinstance(items, list | tuple) and any(isinstance(x, dict) and is_list(x) for x in items)
    return list_items(step.unwrap()) if nested else []


def _definitions(step: Reached) -> Iterator[Object]:
    """The definitions that a resource is, or that a list has among its items."""
    infos = step.map(lambda info: list_items(info) if is_list(info.object) else [step]).value_or([])
    return (info.unwrap().object for info in infos if isinstance(info, Success) and is_crd(info.unwrap()))
