"""Each object made two, one for each namespace; what lives in no namespace stays one."""

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.resource.info import Info
from fkube.visitor import Visitor, decorated, one, visitor_list
from fkube.visitor.decorators import force_namespace

MANIFEST = """
{apiVersion: v1, kind: Namespace, metadata: {name: blue}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: green}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}
"""


def to_each_namespace(info: Info) -> Visitor:
    """An object becomes a visitor of many: nothing but the algebra."""
    if not info.namespaced:
        return one(info)
    return visitor_list(*(decorated(force_namespace(name))(one(info)) for name in ("blue", "green")))


# Only once its kind is mapped is it known whether an object lives in a namespace.
pipeline = pipe(b.builder(), b.text(MANIFEST), b.and_then(to_each_namespace, mapped=True), b.do)
report = unsafe_perform_io(edge.visit(edge.embedded(), verbs.create())(pipeline).unwrap())
for outcome in report.outcomes:
    print(outcome.action, outcome.info, sep=": ")
print(report)
