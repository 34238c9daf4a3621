"""Ask a server what it offers: aggregated discovery, or the documents of every group version."""

from __future__ import annotations

from collections.abc import Callable

from toolz import unique

from fkube.exchange.conversation import Call, Exchange, Request, Response, bind, call, done, fmap, succeeded
from fkube.exchange.repeating import sequence
from fkube.pipeline.discovery import Mapper, aggregated, legacy
from fkube.resource.info import Object

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
        paths = (*_core_paths(core.body), *_group_paths(groups.body))
        return fmap(sequence(tuple(map(_read_list, paths))), legacy)

    return then


def _read_list(path: str) -> Exchange[Object]:
    """The resource list at a path; in place of one that can't be had, its name."""
    _, _, named = path.removeprefix("/api").removeprefix("s").partition("/")
    answered = Call(Request("GET", path), lambda response: done(succeeded(response)))
    return fmap(answered, lambda had: had.map(lambda ok: ok.body).value_or({"groupVersion": named}))


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
