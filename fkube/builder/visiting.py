"""Steps that say how resources are visited: lists opened, objects fetched, failures, requests."""

from __future__ import annotations

from dataclasses import replace

from fkube.builder.request import Builder, Step
from fkube.pipeline import RequestTransform


def flatten(b: Builder) -> Builder:
    """Open lists, so that each of their items is visited (`Flatten`)."""
    return replace(b, flatten=True)


def latest(b: Builder) -> Builder:
    """Fetch what the server has of each resource that was read, and go on with that (`Latest`).

    Selectors and predicates then choose by what the server has.
    """
    return replace(b, latest=True)


def require_object(required: bool) -> Step:
    """Say whether an object that is named is fetched before it is visited; unless said otherwise, it is.

    Follows `RequireObject`.
    """
    return lambda b: replace(b, require_object=required)


def continue_on_error(b: Builder) -> Builder:
    """Go on after a failure, and report all of them (`ContinueOnError`)."""
    return replace(b, continue_on_error=True)


def arranged(b: Builder) -> Builder:
    """Put first what others stand on, whatever the order of the input: see `fkube.arranging.arranged`."""
    return replace(b, arranged=True)


def local(b: Builder) -> Builder:
    """Ask no server anything: resources have no mapping, and all of them must be read (`Local`)."""
    return replace(b, local=True)


def request_chunks_of(size: int) -> Step:
    """List so many objects at a time, or with 0 all at once; 500 unless said (`RequestChunksOf`)."""
    return lambda b: replace(b, limit=size)


def transform_requests(*transforms: RequestTransform) -> Step:
    """Change every request about the resources before it is sent; none at all forgets those said before.

    Follows `TransformRequests`.
    """
    return lambda b: replace(b, transforms=transforms)
