"""A source of one's own and a stage with a memory, both checked by the kit before they are used."""

from collections.abc import Iterator
from dataclasses import dataclass

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.resource.info import Info, Origin
from fkube.testing import check_source, check_stage
from fkube.visitor import Reached, Visitor, decorated, from_result, one
from fkube.visitor.decorators import set_annotations
from fkube.visitor.stages import scanned


@dataclass(frozen=True)
class Settings:
    names: tuple[str, ...]


def read_settings(source: Settings) -> Iterator[Visitor]:
    for line, name in enumerate(source.names, start=1):
        manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}
        yield one(Info(manifest, Origin("settings", line=line)))


def number(count: int, result: Reached) -> tuple[int, Visitor]:
    """The memory for the next resource, and what becomes of this one."""
    return count + 1, decorated(set_annotations(number=str(count)))(from_result(result))


settings, numbered = Settings(("greeting", "currency")), scanned(number, 1)
check_source(settings, read_settings)
print("checked: a source, and a stage that is", check_stage(numbered))
pipeline = pipe(b.builder(), b.sources(settings), b.default_namespace, b.through(numbered), b.do)
visit = edge.visit(edge.embedded(), verbs.create(), readers={Settings: read_settings})
for outcome in unsafe_perform_io(visit(pipeline).unwrap()).outcomes:
    print(outcome.origin, outcome.object["metadata"]["annotations"])
