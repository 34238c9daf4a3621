"""Ask a server what it offers: aggregated discovery, or the documents of every group version."""

from __future__ import annotations

from toolz import pluck, unique

from fkube.exchange.conversation import Exchange, Request, Response, bind, call, done, fmap, send, succeeded
from fkube.exchange.repeating import sequence
from fkube.pipeline.discovery import Mapper, aggregated_mapper, legacy_mapper, mapper
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object

ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def discover() -> Exchange[Mapper]:
    """Read which resources the server offers; a group whose own server is down lacks only its kinds.

    Errors: `StatusError` where the server does not say what it offers at all.
    Follows `ServerGroupsAndResources` of client-go.

    >>> print(discover().request)
    GET /api
    """
    roots = (call(Request("GET", root, accept=ACCEPT)) for root in ("/api", "/apis"))
    return bind(sequence(tuple(roots)), _read_groups)


def _read_groups(answers: tuple[Response, ...]) -> Exchange[Mapper]:
    """Read the resources of all groups, given the answers of `/api` and `/apis`.

    Only a server without aggregated discovery is asked more: once for each group version.
    """
    core, groups = (answer.body for answer in answers)
    versions = tuple(f"/api/{version}" for version in core.get("versions") or ())
    parts = (_read_part(core, versions), _read_part(groups, _group_paths(groups)))
    return fmap(sequence(parts), _join_mappers)


def _join_mappers(mappers: tuple[Mapper, ...]) -> Mapper:
    """The mapper of what several know, the preferred first."""
    whole = mapper(resource for one in mappers for resource in one.resources)
    return replace(whole, missing=tuple(name for one in mappers for name in one.missing))


def _read_part(document: Object, paths: tuple[str, ...]) -> Exchange[Mapper]:
    """Read the resources of one of the two documents: from itself, or from the lists at these paths."""
    if document.get("kind") == "APIGroupDiscoveryList":
        return done(aggregated_mapper(document))
    return fmap(sequence(tuple(map(_read_resources, paths))), legacy_mapper)


def _read_resources(path: str) -> Exchange[Object]:
    """Read the resource list at a path; one that can't be had gives only its group and version."""
    _, _, group_version = path.removeprefix("/api").removeprefix("s").partition("/")
    lacking: Object = {"groupVersion": group_version}
    return fmap(send(Request("GET", path)), lambda r: succeeded(r).map(lambda ok: ok.body).value_or(lacking))


def _group_paths(groups: Object) -> tuple[str, ...]:
    """The path of every group version, each group's preferred one first."""
    every = (
        filter(None, (group.get("preferredVersion"), *(group.get("versions") or ())))
        for group in groups.get("groups") or ()
    )
    return tuple(f"/apis/{name}" for versions in every for name in unique(pluck("groupVersion", versions)))
