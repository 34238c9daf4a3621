"""Files and live objects in one visit: what is written and what is there get the same label."""

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.visitor.decorators import as_manifest, set_labels

OLD = """
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {greeting: welcome}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}
"""
NEW = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}"

cluster = edge.embedded()
there = pipe(b.builder(), b.text(OLD), b.default_namespace, b.do)
print(unsafe_perform_io(edge.visit(cluster, verbs.create())(there).unwrap()))

pipeline = pipe(
    b.builder(),
    b.text(NEW, "new.yaml"),
    b.resource_type_or_name_args("configmap/settings", "serviceaccount/web"),
    b.default_namespace,
    b.decorated(as_manifest, set_labels(release="7")),
    b.do,
)
apply = edge.visit(cluster, verbs.server_side(field_manager="cookbook"))
report = unsafe_perform_io(apply(pipeline).unwrap())
for outcome in report.outcomes:
    labels = outcome.object["metadata"]["labels"]
    print(outcome.object["kind"], labels, "from", outcome.origin.source or "the cluster")
print(report)
