"""A verb of one's own, `restarted`: a function from an object to a conversation about it."""

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.exchange import MERGE_PATCH, Done, Exchange, Request, bind, call, fmap
from fkube.report import Outcome
from fkube.resource.info import Info

POD = "{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}"
SPEC = f"{{selector: {{matchLabels: {{app: web}}}}, template: {POD}}}"
MANIFEST = f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {SPEC}}}"
NOW = "2026-01-31T12:00:00Z"


def restarted(info: Info) -> Exchange[Outcome]:
    annotations = {"kubectl.kubernetes.io/restartedAt": NOW}
    patch = {"spec": {"template": {"metadata": {"annotations": annotations}}}}
    request = fmap(Done(verbs.path(info)), lambda path: Request("PATCH", path, (), patch, MERGE_PATCH))
    answer = bind(request, call)
    return fmap(answer, lambda found: Outcome("restarted", info.origin, info, found.body))


cluster = edge.embedded()
web = pipe(b.builder(), b.text(MANIFEST), b.default_namespace, b.do)
print(unsafe_perform_io(edge.visit(cluster, verbs.create())(web).unwrap()))

deployments = pipe(b.builder(), b.resource_types("deployments"), b.select_all, b.do)
# As any verb it can be planned, rehearsed and sent by many connections.
print(unsafe_perform_io(edge.plan(cluster, restarted)(deployments).unwrap()))
report = unsafe_perform_io(edge.visit(cluster, restarted)(deployments).unwrap())
print(report, report.outcomes[0].object["spec"]["template"]["metadata"]["annotations"])
