"""What a server offers, from the cache of a client or asked anew: once more where something is not found.

Theory of operation. The mapper is the memory of the stage `mapped`, so it grows along a visit: a definition
among the resources counts for what comes after it, before a server has it. What a cache says may be old, so
what is not found by it is looked for once more:

    cache ──▶ Known(fresh=False) ──nothing found──▶ asked again, plus what the run has learnt: fresh
    server ─▶ Known(fresh=True)  ──nothing found──▶ that is an error of its resource

The chunk in which something was not found goes through its stages again, which is no more than computing the
same functions with another memory: nothing has been sent of it yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from returns.result import Result, Success

from fkube.edge.client import Client
from fkube.edge.discoverycache import recorded, replayed
from fkube.edge.running import hold
from fkube.pipeline.discovery import Mapper
from fkube.pipeline.pipeline import Pipeline, resolved
from fkube.resource.errors import MappingError, VisitError
from fkube.verbs.discover import discover
from fkube.visitor.algebra import Reached


@dataclass(frozen=True, slots=True)
class Known:
    """What a server offers; `fresh` where it was asked just now, so that asking again is of no use."""

    mapper: Mapper
    fresh: bool = True


def known(client: Client) -> Result[Known, VisitError]:
    """What the server offers, from the cache while that is young.

    Errors: `StatusError` or `TransportError` where it is asked, and does not say.
    Follows `CachedDiscoveryClient` of client-go.
    """
    kept = client.cache.read() if client.cache else None
    told = hold(replace(client, send=replayed(kept)), discover()) if kept else None
    if isinstance(told, Success):
        return told.map(lambda mapper: Known(mapper, fresh=False))
    return asked(client)


def asked(client: Client) -> Result[Known, VisitError]:
    """What the server says that it offers now; the cache has that from here on, if it was told in full."""
    if client.cache is None:
        return hold(client, discover()).map(Known)
    answers, send = recorded(client.send)
    told = hold(replace(client, send=send), discover())
    if isinstance(told, Success) and not told.unwrap().missing:
        client.cache.write(answers)
    return told.map(Known)


def again(client: Client, last: Known) -> Known:
    """What the server offers now, before what was known of it; where it does not say, only the latter.

    Follows `DeferredDiscoveryRESTMapper.Reset` of client-go.
    """
    now = asked(client).map(lambda known: _united(known.mapper, last.mapper))
    return Known(now.value_or(last.mapper))


def missing(mapper: Mapper) -> tuple[str, ...]:
    """A warning for each group version that discovery could not have.

    Follows `memCacheClient.refreshLocked` of client-go, which writes them to its log.
    """
    return tuple(f"couldn't get the resource list for {version}: {_DOWN}" for version in mapper.missing)


def _united(first: Mapper, second: Mapper) -> Mapper:
    """All that both offer, what the first does before what only the second does."""
    rest = {kind: found for kind, found in second.kinds.items() if kind not in first.kinds}
    return replace(first, kinds={**first.kinds, **rest})


def resolving(client: Client, pipeline: Pipeline) -> Result[tuple[Known, Pipeline], VisitError]:
    """What is known, and the pipeline once all that it names is; before giving up the server is asked."""
    if pipeline.local:
        return Success((Known(Mapper()), pipeline))
    return known(client).bind(lambda first: _resolved(client, pipeline, first))


def _resolved(client: Client, pipeline: Pipeline, first: Known) -> Result[tuple[Known, Pipeline], VisitError]:
    found = resolved(pipeline, first.mapper, client.namespace)
    if is_unknown(found) and not first.fresh:
        first = again(client, Known(Mapper(), fresh=False))
        found = resolved(pipeline, first.mapper, client.namespace)
    return found.map(lambda pipeline: (first, pipeline))


def is_unknown(step: Reached | Result[Pipeline, VisitError]) -> bool:
    """Whether this failed because something is not offered."""
    return not isinstance(step, Success) and isinstance(step.failure(), MappingError)


_DOWN = "the server is currently unable to handle the request"
