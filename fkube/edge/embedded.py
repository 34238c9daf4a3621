"""The embedded cluster as a client: one in memory, which lives as long as the value does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fkube.edge.client import Client

if TYPE_CHECKING:
    from fkube.cluster import State
    from fkube.edge.hosting import Clock


def embedded(state: State | None = None, clock: Clock | None = None, cluster: str = "") -> Client:
    """A client of a cluster of its own, which starts from `state` or empty, and runs in this process.

    `cluster` is what outcomes call it.

    >>> from fkube.exchange.conversation import Request
    >>> embedded().send(Request("GET", "/api/v1/namespaces/default")).unwrap().body["kind"]
    'Namespace'
    """
    # Imported here: who talks to a real server should not wait for one of ours.
    from fkube.edge.hosting import hosted

    return replace(hosted(state, clock), cluster=cluster)
