"""What a server offers: kept on disk between commands, and asked once more where something is not found.

Theory of operation. The mapper is the memory of the stage `mapped`, so it grows along a visit: a definition
among the resources counts for what comes after it, before a server has it. What a cache says may be old, so
what is not found by it is looked for once more:

    cache ──▶ Discovery(fresh=False) ──nothing found──▶ asked again, plus what the run has learnt: fresh
    server ─▶ Discovery(fresh=True)  ──nothing found──▶ that is an error of its resource

The chunk in which something was not found goes through its stages again, which is no more than computing the
same functions with another memory: nothing has been sent of it yet. See also `fkube.edge.renewing`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success
from toolz import concat

from fkube.documents.source import Named, Selected
from fkube.edge.client import Cache, Client, Clock, Send
from fkube.edge.running import hold
from fkube.exchange.conversation import Request, Response
from fkube.exchange.offers import keep_offers
from fkube.pipeline.discovery import Mapper
from fkube.pipeline.pipeline import Pipeline, resolved
from fkube.pipeline.resources import warn_of_ambiguity
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import MappingError, TransportError, VisitError
from fkube.verbs.discover import discover
from fkube.visitor.visits import Reached

Answers: TypeAlias = Mapping[str, Any]
"""The bodies that a server answered, by path."""

OLDEST = 6 * 60 * 60.0
"""The age in seconds from which the answers count no more, as in `ToDiscoveryClient` of cli-runtime."""


@dataclass(frozen=True, slots=True)
class DiskCache:
    """The cache of one server in a folder of its own. Many may read and write it at once.

    Follows `client-go/discovery/cached/disk`, with one file where that has one for each group version.
    """

    folder: str
    now: Clock
    name: str = "discovery"

    @property
    def path(self) -> str:
        """The file that holds it."""
        return os.path.join(self.folder, f"fkube-{self.name}.json")

    def beside(self, name: str, /) -> DiskCache:
        """The cache of something else of the same server; of its name only letters and digits count."""
        return replace(self, name=re.sub("[^0-9A-Za-z]+", "-", name).strip("-"))

    def read(self) -> Answers | None:
        """Read the answers; None where there are none, or they are too old or can't be understood."""
        try:
            with open(self.path, encoding="utf-8") as file:
                age = self.now() - os.fstat(file.fileno()).st_mtime
                content = json.load(file)
        except (OSError, ValueError, RecursionError):
            return None
        match content:
            case {"version": 1, "answers": dict(answers)} if answers and 0 <= age + 1 < OLDEST:
                return answers
        return None

    def write(self, answers: Answers) -> None:
        """Write the answers in place of the old ones. A folder that can't be written to stops no command."""
        with suppress(OSError, ValueError):  # The second is of a NUL byte in its path.
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            # Made readable by the owner only, and renamed when it is whole: nobody sees half of it.
            import tempfile

            handle, path = tempfile.mkstemp(prefix=".fkube-", dir=self.folder)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    # Not by `dump`, which writes piece by piece in Python.
                    file.write(json.dumps({"version": 1, "answers": dict(answers)}))
                os.replace(path, self.path)
            except OSError:
                os.unlink(path)


def open_cache(server: str, cache_dir: str | None, environ: Mapping[str, str], now: Clock) -> Cache | None:
    """The cache for a server: below `cache_dir`, else KUBECACHEDIR, else ~/.kube/cache; None without these.

    Follows `getDefaultCacheDir` and `computeDiscoverCacheDir` of cli-runtime.

    >>> open_cache("https://a.example:6443", "kept", {}, float).folder
    'kept/discovery/a.example_6443'
    """
    home = environ.get("HOME") or environ.get("USERPROFILE", "")
    default = environ.get("KUBECACHEDIR") or (os.path.join(home, ".kube", "cache") if home else "")
    within = default if cache_dir is None else cache_dir
    host = re.sub(r"[^(\w/.)]", "_", re.sub("^https?://", "", server), flags=re.ASCII)
    return DiskCache(os.path.join(within, "discovery", host), now) if within and server else None


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a server offers; `fresh`: it was asked just now, so that asking again is of no use."""

    mapper: Mapper
    fresh: bool = True


def read_discovery(client: Client) -> Result[Discovery, VisitError]:
    """What the server offers, from the cache if that is young, else asked.

    Errors: `StatusError` or `TransportError` where it is asked, and does not say.
    Follows `CachedDiscoveryClient` of client-go.
    """
    answers = (client.cache.read() if client.cache else None) or {}
    cached = hold(replace(client, send=_answer_from(answers)), discover())
    return cached.map(lambda mapper: Discovery(mapper, fresh=False)).lash(lambda _: ask_discovery(client))


def _answer_from(answers: Answers) -> Send:
    """A `send` that answers from the cache alone; it fails for a path that is not there."""

    def send(request: Request) -> Result[Response, VisitError]:
        if request.path not in answers:
            return Failure(TransportError(f"the cache has no {request.path}"))
        return Success(Response(200, answers[request.path]))

    return send


def ask_discovery(client: Client) -> Result[Discovery, VisitError]:
    """Ask the server what it offers now, and write that to the cache if it is complete.

    Only what discovery reads is written, so that nothing else that a server says stays on the disk.
    """
    answers: dict[str, Any] = {}

    def send(request: Request) -> Result[Response, VisitError]:
        answer = client.send(request)
        match answer:
            case Success(Response(status=200) as response):
                answers[request.path] = keep_offers(request.path, response.body)
        return answer

    mapper = hold(replace(client, send=send), discover())
    complete = mapper.map(lambda found: not found.missing).value_or(False)
    if client.cache and complete and None not in answers.values():
        client.cache.write(answers)
    return mapper.map(Discovery)


@dataclass(frozen=True, slots=True)
class ResolvedPipeline:
    """A pipeline once all that it names is known, and what the server offers."""

    discovery: Discovery
    pipeline: Pipeline


def resolve_pipeline(client: Client, pipeline: Pipeline) -> Result[ResolvedPipeline, VisitError]:
    """Resolve what a pipeline names; where something is unknown, ask the server once more."""
    if pipeline.local:
        return Success(ResolvedPipeline(Discovery(Mapper()), pipeline))

    def resolve(discovery: Discovery) -> Result[ResolvedPipeline, VisitError]:
        found = resolved(pipeline, discovery.mapper, client.namespace)
        if is_unknown(found) and not discovery.fresh:
            return resolve(ask_discovery(client).value_or(Discovery(Mapper())))
        types = (source.resource for source in pipeline.sources if isinstance(source, Named | Selected))
        client.warned(tuple(concat(warn_of_ambiguity(discovery.mapper.resources, type) for type in types)))
        return found.map(lambda pipeline: ResolvedPipeline(discovery, pipeline))

    return read_discovery(client).bind(resolve)


def is_unknown(step: Reached | Result[Pipeline, VisitError]) -> bool:
    """Whether a resource or pipeline failed because the server does not offer something it names."""
    return isinstance(step, Failure) and isinstance(step.failure(), MappingError)
