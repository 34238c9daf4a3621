"""Live objects chosen by a selector, changed, and written back by server-side apply."""

from pathlib import Path

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.visitor.decorators import as_manifest, set_images, set_labels

MANIFESTS = Path(__file__).parents[1] / "manifests"
cluster = edge.embedded()
there = pipe(b.builder(), b.filenames(MANIFESTS), b.flatten, b.namespace("shop"), b.default_namespace, b.do)
print(unsafe_perform_io(edge.visit(cluster, verbs.create())(there).unwrap()))

pipeline = pipe(
    b.builder(),
    b.resource_types("deployments", "services", "configmaps"),
    b.label_selector("app=web"),
    b.namespace("shop"),
    # What only a server writes is taken off, so that an object of its own can be applied to it again.
    b.decorated(as_manifest, set_labels(tier="front"), set_images("mirror.example.com/{}".format)),
    b.do,
)
# By force: whoever created the objects owns their images, and the report says what was taken from whom.
verb = verbs.server_side(field_manager="cookbook", force=True)
report = unsafe_perform_io(edge.visit(cluster, verb)(pipeline).unwrap())
for outcome in report.outcomes:
    print(outcome.action, outcome.info, outcome.object["metadata"]["labels"]["tier"])
    for taken in outcome.taken:
        print("  taken:", taken.field, taken.manager)
print(report)
