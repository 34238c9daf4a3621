"""What `label` and `annotate` share: keys of metadata set and taken away, by a merge patch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from fkube.exchange.conversation import MERGE_PATCH, Exchange, Request, Response, bind, call, done, failed
from fkube.resource.errors import VisitError
from fkube.resource.info import Info, Object, with_metadata
from fkube.verbs.paths import at_path
from fkube.verbs.retrieve import retrieve_latest
from fkube.verbs.writing import Write

Changes: TypeAlias = Mapping[str, str | None]
"""What becomes of each key: its value, or None for one that goes."""


@dataclass(frozen=True, slots=True)
class Marking:
    """How metadata is changed: which field of it, in what way; `refused` says why an object must stay so.

    `local` asks no server anything. With a `resource_version` the server changes only that version.
    """

    field: str
    changes: Changes
    resource_version: str
    write: Write
    local: bool
    refused: Callable[[Info], VisitError | None]


def marked(marking: Marking, info: Info) -> Exchange[tuple[Info, Object]]:
    """The resource as the server has it, and its object as it should be."""
    return bind(done(info) if marking.local else retrieve_latest(info), partial(_changed, marking))


def _changed(marking: Marking, info: Info) -> Exchange[tuple[Info, Object]]:
    if problem := marking.refused(info):
        return failed(problem)
    keys = {**_keys(marking, info), **marking.changes}
    kept = {key: value for key, value in keys.items() if value is not None}
    version = {"resourceVersion": marking.resource_version} if marking.resource_version else {}
    return done((info, with_metadata(info.object, **{marking.field: kept}, **version)))


def differing(marking: Marking, info: Info) -> Changes:
    """The changes that change something."""
    keys = _keys(marking, info)
    return {key: value for key, value in marking.changes.items() if keys.get(key) != value}


def sent(marking: Marking, info: Info) -> Exchange[Response]:
    """Ask the server to change what is different. Errors: `StatusError` as the server has it."""
    version = {"resourceVersion": marking.resource_version} if marking.resource_version else {}
    body = {"metadata": {**version, marking.field: differing(marking, info)}}
    return at_path(
        info,
        lambda place: call(marking.write.ask(Request("PATCH", place, body=body, content_type=MERGE_PATCH))),
    )


def _keys(marking: Marking, info: Info) -> Mapping[str, str]:
    return info.metadata.get(marking.field) or {}
