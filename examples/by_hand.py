"""Exchanges are values: plan the requests of a manifest, then answer one by hand. There is no server."""

from fkube.discovery import legacy
from fkube.exchange import Call, Response
from fkube.manifest import documents
from fkube.pipeline import Pipeline, planned
from fkube.verbs import create

KINDS = ({"name": "configmaps", "kind": "ConfigMap", "namespaced": True},)
MANIFEST = """
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
---
apiVersion: v1
kind: ConfigMop
metadata: {name: web}
"""

# What a server offers is data, so a plan needs no server.
known = legacy([{"groupVersion": "v1", "resources": KINDS}])
_, steps = planned(Pipeline((), default_namespace=True), known, "shop", documents(MANIFEST, "web.yaml"))
good, bad = steps
exchange = good.map(create()).unwrap()
print("planned:", exchange.request)
print("refused:", bad.failure())

# An interpreter of an exchange: here, somebody who answers.
ANSWERS = {
    "taken": Response(409, {"kind": "Status", "reason": "AlreadyExists", "message": '"web" already exists'}),
    "well": Response(201, {"kind": "ConfigMap"}, (("warning", '299 - "mind the gap"'),)),
}


def answered(exchange, response):
    return answered(exchange.then(response), response) if isinstance(exchange, Call) else exchange.result


print("answered:", answered(exchange, ANSWERS["taken"]).failure())
print("answered:", answered(exchange, ANSWERS["well"]).unwrap().warnings)
