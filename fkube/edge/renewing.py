"""What a server offers during a visit: asked anew, once, where a path is not there that should be.

Theory of operation. A definition can be deleted and made again with another scope or plural, and a cache
does not know. The server answers then as it does for any path that nobody serves: with 404 and no
`Status`. An object that is just not there has one, and is no reason to ask. The conversation about the
resource ends there, and begins again with the resource mapped anew, if that changes its mapping:

    verb(info) ── 404, no Status ──▶ Offers.renew (the first asks, others wait for it) ──▶ verb(remap(info))

Nothing was written at a path that is not there, so the new conversation repeats nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from returns.result import Failure, Result, Success

from fkube.edge.client import Client
from fkube.edge.offers import Discovery, ask_discovery
from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Listen,
    Lost,
    Request,
    Response,
    Then,
    failed,
    fold,
    lash,
    status_error,
)
from fkube.pipeline.discovery import Mapper, add_known
from fkube.pipeline.pipeline import Pipeline, mapper_of, with_mapper
from fkube.pipeline.remapping import remap
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import MappingError, StatusError, VisitError
from fkube.resource.info import Info, RESTMapping, metadata_of
from fkube.verbs.attempts import is_unserved
from fkube.verbs.paging import Page
from fkube.visitor.stages import Stage

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Offers:
    """What one visit knows of what the server offers, maybe nothing yet; its threads share one renewal."""

    client: Client
    discovery: Discovery = Discovery(Mapper(), fresh=False)
    lock: Lock = field(default_factory=Lock)

    @property
    def mapper(self) -> Mapper:
        """What the server offers, as far as is known."""
        return self.discovery.mapper

    def renew(self) -> Mapper:
        """Ask the server what it offers, unless this visit has; if it does not say, what is known stays."""
        with self.lock:
            if not self.discovery.fresh:
                self.discovery = ask_discovery(self.client).value_or(replace(self.discovery, fresh=True))
            return self.discovery.mapper

    def renew_stages(self, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        """The stages with what the server offers now, and with what only they knew.

        Follows `DeferredDiscoveryRESTMapper.Reset` of client-go.
        """
        return with_mapper(stages, add_known(self.renew(), mapper_of(stages)))

    def remap(self, pipeline: Pipeline, info: Info) -> Result[Info, VisitError]:
        """Map a resource anew by what the server offers now. Errors: as `remap`."""
        known = self.renew()
        # Where the server has never said what it offers, nothing is known to be gone.
        return remap(pipeline, known, self.client.namespace, info) if known.kinds else Success(info)


def renewing(
    offers: Offers, pipeline: Pipeline, converse: Callable[[Info], Exchange[T]]
) -> Callable[[Info], Exchange[T]]:
    """Make a conversation about a resource begin again, mapped anew, where its path is not there.

    Errors: those of the conversation; of a kind that is gone, a `MappingError`.
    """

    def begin(info: Info) -> Exchange[T]:
        def call(
            request: Request, then: Then[Exchange[T]], delay: float, lost: Lost[Exchange[T]]
        ) -> Exchange[T]:
            def go_on(response: Response) -> Exchange[T]:
                anew = offers.remap(pipeline, info) if is_unserved(response) else Success(info)
                if isinstance(anew, Success) and anew.unwrap().mapping != info.mapping:
                    return converse(anew.unwrap())
                return _end_unknown(then(response), response, anew)

            return Call(request, go_on, delay, lost)

        return fold(converse(info), Done, call, Listen)

    # What was asked just now need not be asked again.
    return converse if offers.discovery.fresh else begin


def is_outdated(mapping: RESTMapping, first: Result[Page, VisitError]) -> bool:
    """Whether the first page of a list shows that its mapping is of another definition.

    There is no such path, or what is listed lives in namespaces and the mapping says it lives in none.
    """
    listed = first.map(lambda page: any(map(_has_namespace, page.infos))).value_or(False)
    return is_missing_path(first) or (listed and not mapping.namespaced)


def _has_namespace(info: Info) -> bool:
    """Whether a listed object has a namespace, or the object of a row does, where it is a table."""
    rows = info.object.get("rows") if info.kind == "Table" else ()
    return bool(info.namespace) or any(metadata_of(row.get("object")).get("namespace") for row in rows or ())


def is_missing_path(first: Result[Any, VisitError]) -> bool:
    """Whether the first answer of a list or a watch is that there is no such path: a 404 names no object."""
    match first:
        case Failure(StatusError(code=404)):
            return True
    return False


def _end_unknown(rest: Exchange[T], response: Response, anew: Result[Info, VisitError]) -> Exchange[T]:
    """The rest of a conversation at a path that is not there; where the kind is gone, its failure says so."""
    if isinstance(anew, Success):
        return rest
    missing = status_error(response).message

    def explain(error: VisitError) -> Exchange[T]:
        of_path = isinstance(error, StatusError) and (error.code, error.message) == (404, missing)
        gone = anew.failure()
        return failed(gone if of_path and isinstance(gone, MappingError) else error)

    return lash(rest, explain)
