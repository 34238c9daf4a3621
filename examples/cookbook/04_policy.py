"""A policy whose every violation is told with file and line; while there is one, nothing is applied."""

from pathlib import Path

from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.resource.errors import ValidationError, VisitError
from fkube.resource.info import Info
from fkube.visitor.decorators import set_labels

MANIFESTS = Path(__file__).parents[1] / "manifests"


def require_app(info: Info) -> Result[Info, VisitError]:
    """Refuse what does not say which app it belongs to."""
    if "app" in info.labels:
        return Success(info)
    return Failure(ValidationError(f"{info.kind} {info.name} has no label app", info.origin))


asked = pipe(b.builder(), b.filenames(MANIFESTS), b.flatten, b.namespace("shop"), b.default_namespace)
cluster = edge.embedded()
# The rehearsal visits everything, whatever fails, before the first object is sent.
apply = edge.visit(cluster, verbs.apply(), rehearsal=verbs.apply(dry_run="server"))

report = unsafe_perform_io(apply(pipe(asked, b.decorated(require_app), b.do)).unwrap())
print(*report.errors, report, sep="\n")

mended = pipe(asked, b.decorated(set_labels(app="web"), require_app), b.do)
print(unsafe_perform_io(apply(mended).unwrap()))
