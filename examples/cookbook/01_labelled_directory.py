"""A directory of manifests labelled, annotated, moved to a namespace and applied, without its Secrets."""

from pathlib import Path

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.resource.info import Info
from fkube.visitor.decorators import force_namespace, set_annotations, set_labels

MANIFESTS = Path(__file__).parents[1] / "manifests"


def is_no_secret(info: Info) -> bool:
    return info.kind != "Secret"


pipeline = pipe(
    b.builder(),
    b.filenames(MANIFESTS),
    b.flatten,
    b.filtered(is_no_secret),
    b.decorated(set_labels(team="web"), set_annotations({"shop.example.com/release": "7"})),
    b.decorated(force_namespace("shop")),
    b.do,
)
report = unsafe_perform_io(edge.visit(edge.embedded(), verbs.apply())(pipeline).unwrap())
for outcome in report.outcomes:
    metadata = outcome.object["metadata"]
    print(outcome.action, outcome.object["kind"], metadata.get("namespace", "-"), metadata["labels"]["team"])
print(report)
