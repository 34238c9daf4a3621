"""Steps that say how resources are visited: lists opened, objects fetched, failures, requests."""

from __future__ import annotations

from fkube.builder.request import Builder, Step, makes_step, with_pipeline
from fkube.pipeline.pipeline import RequestTransform


def flatten(b: Builder) -> Builder:
    """Open lists, so that each of their items is visited (`Flatten`)."""
    return with_pipeline(b, flatten=True)


def latest(b: Builder) -> Builder:
    """Fetch what the server has of each resource that was read, and go on with that (`Latest`).

    Selectors and predicates then choose by what the server has.
    """
    return with_pipeline(b, latest=True)


@makes_step
def require_object(required: bool) -> Step:
    """Say whether an object that is named is fetched before it is visited; unless said otherwise, it is.

    Follows `RequireObject`.
    """
    return lambda b: with_pipeline(b, require_object=required)


def continue_on_error(b: Builder) -> Builder:
    """Go on after a failure, and report all of them (`ContinueOnError`)."""
    return with_pipeline(b, continue_on_error=True)


def arranged(b: Builder) -> Builder:
    """Put first what others stand on, whatever the order of the input.

    Steps of one's own come before that. See `fkube.visitor.arranging.arranged`.
    """
    return with_pipeline(b, arranged=True)


def local(b: Builder) -> Builder:
    """Ask no server anything: resources have no mapping, and all of them must be read (`Local`)."""
    return with_pipeline(b, local=True)


@makes_step
def request_chunks_of(size: int) -> Step:
    """List so many objects at a time, or with 0 all at once; 500 unless said (`RequestChunksOf`)."""
    return lambda b: with_pipeline(b, limit=size)


@makes_step
def transform_requests(*transforms: RequestTransform) -> Step:
    """Change every request about the resources before it is sent; none at all forgets those said before.

    Follows `TransformRequests`.
    """
    return lambda b: with_pipeline(b, transforms=transforms)
