"""What of the stored objects a request sees, and in which form: shared by reading, listing and watching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from returns.result import Result

from fkube.cluster.kinds import Target
from fkube.cluster.state import State
from fkube.exchange import Request, Response
from fkube.info import Object


@dataclass(frozen=True, slots=True)
class Choice:
    """The objects that a list or watch asks for: stored under start <= key < end, and chosen by `holds`."""

    target: Target
    start: str
    end: str
    holds: Callable[[Object], bool]
    shown: Callable[[Object], Object]
    """One object in the version and form that the request accepts: itself, a Table of one, PartialObjectMetadata."""


def choice(state: State, request: Request) -> Result[Choice, Response]:
    """What a list or watch request asks for. Errors: the response that refuses it (404, 400, 406)."""
    raise NotImplementedError
