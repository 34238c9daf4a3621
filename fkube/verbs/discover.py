"""Ask a server what it offers: aggregated discovery, or the documents of every group version."""

from __future__ import annotations

from collections.abc import Callable

from returns.result import Success
from toolz import unique

from fkube.discovery import Mapper, aggregated, legacy
from fkube.exchange import Call, Exchange, Request, Response, bind, call, done, fmap, succeeded
from fkube.info import Object

ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def discover() -> Exchange[Mapper]:
    """What the server offers. A group whose own server is down costs its kinds, not the command.

    Errors: `StatusError` where the server does not say what it offers at all.
    Follows `ServerGroupsAndResources` of client-go.

    >>> print(discover().request)
    GET /api
    """
    core = call(Request("GET", "/api", accept=ACCEPT))
    return bind(core, lambda first: bind(call(Request("GET", "/apis", accept=ACCEPT)), _second(first)))


def _second(core: Response) -> Callable[[Response], Exchange[Mapper]]:
    def then(groups: Response) -> Exchange[Mapper]:
        if core.body.get("kind") == "APIGroupDiscoveryList":
            return done(aggregated(core.body, groups.body))
        return fmap(_lists((*_core_paths(core.body), *_group_paths(groups.body)), ()), legacy)

    return then


def _lists(paths: tuple[str, ...], found: tuple[Object, ...]) -> Exchange[tuple[Object, ...]]:
    """The resource lists at these paths, one call each; in place of one that can't be had, its name."""
    if not paths:
        return done(found)

    def then(response: Response) -> Exchange[tuple[Object, ...]]:
        _, _, named = paths[0].removeprefix("/api").removeprefix("s").partition("/")
        had = isinstance(succeeded(response), Success)
        return _lists(paths[1:], (*found, response.body if had else {"groupVersion": named}))

    return Call(Request("GET", paths[0]), then)


def _core_paths(versions: Object) -> tuple[str, ...]:
    return tuple(f"/api/{version}" for version in versions.get("versions") or ())


def _group_paths(listed: Object) -> tuple[str, ...]:
    """Every group version, each group's preferred one first."""
    return tuple(
        f"/apis/{group_version}"
        for group in listed.get("groups") or ()
        for group_version in unique(
            v["groupVersion"] for v in (group["preferredVersion"], *group["versions"])
        )
    )
