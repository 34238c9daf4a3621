"""Functions of cli-runtime's `Result`: one object of many, one mapping, errors left out. Pure.

Follows `k8s.io/cli-runtime/pkg/resource/result.go`; `fkube.edge.result` has what must ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from returns.result import Failure, Result, Success

from fkube.documents.source import Selected
from fkube.exchange.conversation import Request, with_query
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.dataclasses import replace
from fkube.resource.errors import Failures, UsageError, VisitError
from fkube.resource.info import Info, Object, RESTMapping, is_list
from fkube.resource.names import quote_text
from fkube.visitor.visits import steps_of, visited_of

T = TypeVar("T")


def targets_single_items(pipeline: Pipeline) -> bool:
    """Whether no source is a selection of many objects (`TargetsSingleItems`).

    >>> from fkube.documents.source import Named
    >>> [targets_single_items(Pipeline((source,))) for source in (Named("pod", "a"), Selected("pods"))]
    [True, False]
    """
    return not any(isinstance(source, Selected) for source in pipeline.sources)


def as_object(infos: Sequence[Info], single_item_implied: bool) -> Object:
    """Make one object of resources: a single item or list itself, else a `v1` List of them.

    The List has a resourceVersion where all have the same. Follows `Result.Object`.

    >>> pod = {"kind": "Pod", "metadata": {"resourceVersion": "5"}}
    >>> as_object([Info(pod)], single_item_implied=True) == pod
    True
    >>> as_object([Info(pod), Info(pod)], single_item_implied=False)["metadata"]
    {'resourceVersion': '5'}
    """
    if len(infos) == 1 and (single_item_implied or is_list(infos[0].object)):
        return infos[0].object
    versions = {info.resource_version for info in infos}
    version = versions.pop() if len(versions) == 1 else ""
    metadata = {"resourceVersion": version} if version else {}
    return {"apiVersion": "v1", "kind": "List", "metadata": metadata, "items": [i.object for i in infos]}


def ignore_errors(
    *ignored: Callable[[VisitError], bool],
) -> Callable[[Result[tuple[T, ...], Failures[T]]], Result[tuple[T, ...], Failures[T]]]:
    """Remove the errors of a visit that any of these functions matches; with none left it is a success.

    Follows `Result.IgnoreErrors`, and `FilterOut` of apimachinery.

    >>> failed = Failure(Failures((Success(1), Failure(UsageError("a")), Failure(UsageError("b")))))
    >>> ignore_errors(lambda error: True)(failed)
    <Success: (1,)>
    >>> len(ignore_errors(lambda error: error.message == "a")(failed).failure().errors)
    1
    """

    def is_kept(step: Result[T, VisitError]) -> bool:
        return not step.swap().map(lambda error: any(match(error) for match in ignored)).value_or(False)

    return lambda visited: visited_of(filter(is_kept, steps_of(visited)))


def one_mapping(mappings: Iterable[RESTMapping]) -> Result[RESTMapping, VisitError]:
    """Check that all mappings are the same, and return it.

    Errors: none, or several. Follows `Result.ResourceMapping`.

    >>> print(one_mapping([]).failure())
    expected only a single resource type
    """
    found = set(mappings)
    return Success(*found) if len(found) == 1 else Failure(UsageError("expected only a single resource type"))


def watch_single(collection: Request, name: str) -> Request:
    """Change the request for a collection to one for a single object of it. Follows `Helper.WatchSingle`.

    >>> print(watch_single(Request("GET", "/api/v1/nodes"), "a"))
    GET /api/v1/nodes?fieldSelector=metadata.name=a
    """
    return with_query(collection, fieldSelector=f"metadata.name={name}")


def add_source(doing: str, error: VisitError) -> VisitError:
    """Say in the message of an error which step failed, such as `creating`, and of which source.

    Follows `AddSourceToErr` of kubectl.

    >>> from fkube.resource.info import Origin
    >>> print(add_source("creating", UsageError("no", Origin("x.yaml", 2))).message)
    error when creating "x.yaml": no
    """
    if not error.origin.source:
        return error
    return replace(error, message=f"error when {doing} {quote_text(error.origin.source)}: {error.message}")
