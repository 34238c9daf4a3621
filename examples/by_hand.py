"""Exchanges are values: plan the requests of a manifest, then answer one by hand. There is no server."""

from returns.result import Result

from fkube.documents.manifest import documents
from fkube.exchange import Call, Done, Exchange, Response
from fkube.pipeline import Pipeline, stages
from fkube.pipeline.discovery import legacy_mapper
from fkube.report import Outcome
from fkube.resource.errors import VisitError
from fkube.verbs import create
from fkube.visitor.stages import through
from fkube.visitor.visits import reached

MANIFEST = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"
visitor = documents(MANIFEST + MANIFEST.replace("Map", "Mop"), "web.yaml")

# What a server offers is data, so a plan needs no server: only stages, and what is reached through them.
KINDS = ({"name": "configmaps", "kind": "ConfigMap", "namespaced": True},)
known = legacy_mapper([{"groupVersion": "v1", "resources": KINDS}])
good, bad = reached(through(*stages(Pipeline(default_namespace=True), known, "shop"))(visitor))
exchange = good.map(create()).unwrap()
print("planned:", exchange.request if isinstance(exchange, Call) else "nothing")
print("refused:", bad.failure())

TAKEN = Response(409, {"kind": "Status", "reason": "AlreadyExists", "message": '"web" already exists'})
WELL = Response(201, {"kind": "ConfigMap"}, (("warning", '299 - "mind the gap"'),))


def answer(exchange: Exchange[Outcome], response: Response) -> Result[Outcome, VisitError]:
    """An interpreter of an exchange: here, somebody who answers every request alike."""
    while isinstance(exchange, Call):
        exchange = exchange.then(response)
    assert isinstance(exchange, Done)  # Who creates listens to nothing.
    return exchange.result


print("answered:", answer(exchange, TAKEN).failure())
print("answered:", answer(exchange, WELL).unwrap().warnings)
