"""The same pipeline to three clusters: it is a value; reports are added, and the sum says what was where."""

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.report import Report

MANIFEST = """
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}
"""


def create(client: edge.Client, text: str) -> Report:
    pipeline = pipe(b.builder(), b.text(text, "shop.yaml"), b.default_namespace, b.continue_on_error, b.do)
    return unsafe_perform_io(edge.visit(client, verbs.create())(pipeline).unwrap())


clusters = [edge.embedded(cluster=name) for name in ("eu", "us", "asia")]
create(clusters[2], MANIFEST.partition("---")[0])  # One of them has the settings already.

report = sum((create(client, MANIFEST) for client in clusters), Report())
for name, there in report.clusters.items():
    print(f"{name}: {there}")
    print(*(f"  {error}" for error in there.errors), sep="\n", end="\n" * bool(there.errors))
print("together:", report)
