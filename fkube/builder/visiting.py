"""Steps that set how resources are visited: lists, order, fetched objects, failures, requests."""

from __future__ import annotations

from fkube.builder.request import Builder, Step, makes_step, with_pipeline
from fkube.pipeline.pipeline import RequestTransform


def flatten(b: Builder) -> Builder:
    """Visit each item of a list instead of the list (`Flatten`)."""
    return with_pipeline(b, flatten=True)


def latest(b: Builder) -> Builder:
    """Replace each resource that was read by the server's object (`Latest`).

    Selectors and predicates then choose by the server's object.
    """
    return with_pipeline(b, latest=True)


@makes_step
def require_object(required: bool) -> Step:
    """Say whether objects that are named are fetched before the visit; without this step they are.

    Follows `RequireObject`.
    """
    return lambda b: with_pipeline(b, require_object=required)


def continue_on_error(b: Builder) -> Builder:
    """Continue after failures, and report all of them (`ContinueOnError`)."""
    return with_pipeline(b, continue_on_error=True)


def arranged(b: Builder) -> Builder:
    """Put the foundations of other objects first, whatever the order of the input.

    A user's functions come before that. See `fkube.visitor.arranging.arranged`.
    """
    return with_pipeline(b, arranged=True)


def local(b: Builder) -> Builder:
    """Use no server: resources have no mapping, and all of them must be read (`Local`)."""
    return with_pipeline(b, local=True)


@makes_step
def request_chunks_of(size: int) -> Step:
    """List so many objects at a time, or all with 0; without this step 500 (`RequestChunksOf`)."""
    return lambda b: with_pipeline(b, limit=size)


@makes_step
def transform_requests(*transforms: RequestTransform) -> Step:
    """Change every request about the resources before it is sent; without arguments, remove all transforms.

    Follows `TransformRequests`.
    """
    return lambda b: with_pipeline(b, transforms=transforms)
