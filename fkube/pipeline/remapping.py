"""Resources mapped once more, by what a server offers now. Pure."""

from __future__ import annotations

from functools import reduce

from returns.result import Result, Success

from fkube.documents.source import Named
from fkube.pipeline.discovery import Mapper, map_info
from fkube.pipeline.pipeline import Pipeline, named, namespace_decorators
from fkube.resource.dataclasses import replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Info


def remap(pipeline: Pipeline, known: Mapper, namespace: str, info: Info) -> Result[Info, VisitError]:
    """Map a resource as if it came to the stage `mapped` now, and give it its namespace anew.

    One that a server listed stays as it is: it may be another's. So does one that functions of a user's own
    were given after mapping. `namespace`: the client's.
    Errors: `MappingError` where its kind is gone, `NamespaceError`.

    >>> remap(Pipeline(), Mapper(), "shop", Info({"kind": "Pod"}, live=True))
    <Success: Info( Pod )>
    """
    if info.live or pipeline.after or info.mapping is None:
        return Success(info)
    if info.absent:
        kind = f"{info.mapping.kind}.{info.mapping.version}.{info.mapping.group}"
        return named(pipeline, known, namespace, Named(kind, info.name))
    read = replace(info, object=info.read_as or info.object, mapping=None)
    decorators = namespace_decorators(pipeline, pipeline.namespace or namespace)
    return reduce(lambda result, decorate: result.bind(decorate), decorators, map_info(known, read))
