"""Record what a real API server is, as `fkube/cluster/facts.json.gz`: nothing about kinds is written by hand.

`record(Server(url, token))` asks a running server that may be written to (a scratch namespace is made and
deleted), `write(facts, path)` stores the answers. Samples are the smallest objects that the server accepts:
how a kind behaves is then observed, not known.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from dataclasses import dataclass, field
from typing import Any

import urllib3

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
KEPT = (
    *("type", "format", "required", "$ref", "enum", "default"),
    *("x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type"),
    *("x-kubernetes-patch-merge-key", "x-kubernetes-patch-strategy", "x-kubernetes-group-version-kind"),
    *("x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields", "x-kubernetes-unions"),
)
NO_BUILD = {"gitCommit": "", "gitTreeState": ""}
"""What is told of how a server was built, and is another for each who builds it."""

SPACE = "fkube-record"
BAD_NAMES = ("A_b", "a.b", "1a", "a:b", "a" * 64, "a" * 254, "a%b")
"""Names that tell the rules apart: RFC 1123 subdomain and label, RFC 1035 label, path segment."""

FIELDS = (
    *(
        "metadata.name",
        "metadata.namespace",
        "name",
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
    ),
    *("spec.serviceAccountName", "spec.hostNetwork", "spec.hostUsers", "spec.clusterIP", "spec.type"),
    *(
        "spec.unschedulable",
        "spec.signerName",
        "spec.driver",
        "spec.pool.name",
        "status.phase",
        "status.podIP",
    ),
    *("status.podIPs", "status.nominatedNodeName", "status.replicas", "status.successful", "type", "reason"),
    *("reportingComponent", "source", "action", "reportingController", "involvedObject.kind"),
    *("involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion"),
    *("involvedObject.resourceVersion", "involvedObject.fieldPath", "regarding.kind", "regarding.namespace"),
    *("regarding.name", "regarding.uid", "regarding.apiVersion", "regarding.resourceVersion"),
    *("regarding.fieldPath", "spec.podName", "spec.serviceAccountName", "spec.nodeUID", "spec.podUID"),
)
"""Field selectors to try on every resource."""

POD = {"containers": [{"name": "c", "image": "i"}]}
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": POD}
WORKLOAD = {"spec": {"selector": {"matchLabels": {"a": "b"}}, "template": TEMPLATE}}
JOB = {"template": {"spec": {**POD, "restartPolicy": "Never"}}}
ROLE = {"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}}
HOOK = {
    "webhooks": [
        {
            "name": "a.b.c",
            "clientConfig": {"url": "https://127.0.0.1:1/"},
            "sideEffects": "None",
            "admissionReviewVersions": ["v1"],
            "rules": [],
        }
    ]
}
MATCH = {
    "matchConstraints": {
        "resourceRules": [
            {"apiGroups": ["x.y"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["zs"]}
        ]
    }
}
SAMPLES: dict[str, dict[str, Any]] = {
    "pods": {"spec": POD},
    "podtemplates": {"template": TEMPLATE},
    "replicationcontrollers": {"spec": {"replicas": 0, "selector": {"a": "b"}, "template": TEMPLATE}},
    "services": {"spec": {"ports": [{"port": 80}], "clusterIP": "None"}},
    "persistentvolumes": {
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/x"}}
    },
    "persistentvolumeclaims": {
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    },
    "events": {"involvedObject": {"namespace": SPACE}},
    "resourcequotas": {"spec": {"hard": {"pods": "1"}}},
    "events.events.k8s.io": {
        "eventTime": "2025-01-01T00:00:00.000000Z",
        "reportingController": "a.b/c",
        "reportingInstance": "i",
        "action": "a",
        "reason": "r",
        "type": "Normal",
        "regarding": {"namespace": SPACE},
    },
    "deployments.apps": WORKLOAD,
    "daemonsets.apps": WORKLOAD,
    "replicasets.apps": WORKLOAD,
    "statefulsets.apps": {"spec": {**WORKLOAD["spec"], "serviceName": "s"}},
    "controllerrevisions.apps": {"revision": 1, "data": {}},
    "jobs.batch": {"spec": JOB},
    "cronjobs.batch": {"spec": {"schedule": "* * * * *", "jobTemplate": {"spec": JOB}}},
    "horizontalpodautoscalers.autoscaling": {
        "spec": {
            "maxReplicas": 3,
            "scaleTargetRef": {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"},
        }
    },
    "rolebindings.rbac.authorization.k8s.io": ROLE,
    "clusterrolebindings.rbac.authorization.k8s.io": ROLE,
    "ingresses.networking.k8s.io": {
        "spec": {"defaultBackend": {"service": {"name": "s", "port": {"number": 80}}}}
    },
    "ingressclasses.networking.k8s.io": {"spec": {"controller": "a.b/c"}},
    "networkpolicies.networking.k8s.io": {"spec": {"podSelector": {}}},
    "servicecidrs.networking.k8s.io": {"spec": {"cidrs": ["10.9.0.0/24"]}},
    "poddisruptionbudgets.policy": {"spec": {"maxUnavailable": 1, "selector": {"matchLabels": {"a": "b"}}}},
    "priorityclasses.scheduling.k8s.io": {"value": 1},
    "runtimeclasses.node.k8s.io": {"handler": "h"},
    "storageclasses.storage.k8s.io": {"provisioner": "a.b/c"},
    "csidrivers.storage.k8s.io": {"spec": {}},
    "csinodes.storage.k8s.io": {"spec": {"drivers": []}},
    "csistoragecapacities.storage.k8s.io": {"storageClassName": "s"},
    "volumeattachments.storage.k8s.io": {
        "spec": {"attacher": "a", "nodeName": "n", "source": {"persistentVolumeName": "p"}}
    },
    "volumeattributesclasses.storage.k8s.io": {"driverName": "a.b", "parameters": {"a": "b"}},
    "endpointslices.discovery.k8s.io": {"addressType": "IPv4", "endpoints": []},
    "leases.coordination.k8s.io": {"spec": {}},
    "validatingwebhookconfigurations.admissionregistration.k8s.io": HOOK,
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": HOOK,
    "validatingadmissionpolicies.admissionregistration.k8s.io": {
        "spec": {**MATCH, "validations": [{"expression": "true"}]}
    },
    "validatingadmissionpolicybindings.admissionregistration.k8s.io": {
        "spec": {"policyName": "p", "validationActions": ["Deny"]}
    },
    "mutatingadmissionpolicies.admissionregistration.k8s.io": {
        "spec": {
            **MATCH,
            "reinvocationPolicy": "Never",
            "mutations": [
                {"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": "Object{}"}}
            ],
        }
    },
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io": {"spec": {"policyName": "p"}},
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": {
        "spec": {
            "type": "Limited",
            "limited": {"nominalConcurrencyShares": 1, "limitResponse": {"type": "Reject"}},
        }
    },
    "flowschemas.flowcontrol.apiserver.k8s.io": {
        "spec": {"priorityLevelConfiguration": {"name": "global-default"}, "matchingPrecedence": 9000}
    },
    "resourceclaims.resource.k8s.io": {"spec": {}},
    "resourceclaimtemplates.resource.k8s.io": {"spec": {"spec": {}}},
    "deviceclasses.resource.k8s.io": {"spec": {}},
    "customresourcedefinitions.apiextensions.k8s.io": {
        "metadata": {"name": "zs.x.y"},
        "spec": {
            "group": "x.y",
            "scope": "Cluster",
            "names": {"plural": "zs", "kind": "Z"},
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object"}},
                }
            ],
        },
    },
    "apiservices.apiregistration.k8s.io": {
        "metadata": {"name": "v1.x.y"},
        "spec": {
            "group": "x.y",
            "version": "v1",
            "groupPriorityMinimum": 1,
            "versionPriority": 1,
            "service": {"namespace": "n", "name": "s"},
            "insecureSkipTLSVerify": True,
        },
    },
    "ipaddresses.networking.k8s.io": {
        "metadata": {"name": "10.9.8.7"},
        "spec": {"parentRef": {"resource": "services", "namespace": "n", "name": "s"}},
    },
    "devicetaintrules.resource.k8s.io": {"spec": {"taint": {"key": "a", "effect": "NoSchedule"}}},
    "storageversionmigrations.storagemigration.k8s.io": {
        "spec": {"resource": {"group": "a", "resource": "b"}}
    },
    "resourceslices.resource.k8s.io": {
        "spec": {
            "driver": "a.b",
            "nodeName": "n",
            "pool": {"name": "p", "generation": 1, "resourceSliceCount": 1},
        }
    },
}


@dataclass(frozen=True)
class Server:
    """A running API server, and who asks it."""

    url: str
    token: str = field(repr=False)
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(cert_reqs="CERT_NONE"), repr=False
    )

    def ask(
        self, method: str, path: str, body: Any = None, accept: str = "application/json", **query: str
    ) -> Any:
        """The response, its body decoded as `.body`."""
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        headers = {"Authorization": f"Bearer {self.token}", "Accept": accept}
        headers |= (
            {"Content-Type": "application/json"}
            if method != "PATCH"
            else {"Content-Type": "application/merge-patch+json"}
        )
        data = None if body is None else json.dumps(body)
        response = self.pool.request(
            method, f"{self.url}{path}{'?' if asked else ''}{asked}", body=data, headers=headers
        )
        response.body = (
            json.loads(response.data) if response.data[:1] in (b"{", b"[") else response.data.decode()
        )
        return response


def record(server: Server, version: str = "") -> dict[str, Any]:
    """All that the embedded cluster knows of a server; `version` replaces a git version that says nothing."""
    core = server.ask("GET", "/api", accept=AGGREGATED).body["items"]
    groups = server.ask("GET", "/apis", accept=AGGREGATED).body["items"]
    told = server.ask("GET", "/version").body
    server.ask("POST", "/api/v1/namespaces", {"metadata": {"name": SPACE}})
    resources = list(served([*core, *groups]))
    try:
        traits = {key: kind_facts(server, *where) for key, where in resources}
    finally:
        server.ask("DELETE", f"/api/v1/namespaces/{SPACE}")
        server.ask("PUT", f"/api/v1/namespaces/{SPACE}/finalize", {"metadata": {"name": SPACE}, "spec": {}})
    return {
        "version": {**told, **({**NO_BUILD, "gitVersion": version} if version else {})},
        "core": core,
        "groups": groups,
        "schemas": schemas(server),
        "resources": traits,
    }


def served(groups: list[Any]) -> Any:
    """Every resource of the discovery documents: `group/version/resource`, group, version, entry."""
    for group in groups:
        name = group["metadata"].get("name", "")
        for version in group["versions"]:
            for entry in version["resources"]:
                yield f"{name}/{version['version']}/{entry['resource']}", (name, version["version"], entry)


def schemas(server: Server) -> dict[str, Any]:
    """All OpenAPI v3 schemas by name, without words."""
    found: dict[str, Any] = {}
    for path in sorted(server.ask("GET", "/openapi/v3").body["paths"].values(), key=json.dumps):
        document = server.ask("GET", path["serverRelativeURL"]).body
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            found[name] = pruned(schema)
    return {name: found[name] for name in sorted(found)}


def pruned(schema: Any) -> Any:
    """A schema without descriptions, and without the `allOf` that only wraps a reference."""
    kept = {key: schema[key] for key in KEPT if key in schema}
    if len(schema.get("allOf", ())) == 1 and set(schema["allOf"][0]) == {"$ref"}:
        kept["$ref"] = schema["allOf"][0]["$ref"]
    kept |= {
        key: [pruned(s) for s in schema[key]]
        for key in ("oneOf", "anyOf", "allOf")
        if key in schema and "$ref" not in kept
    }
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            kept[key] = pruned(schema[key])
    if "properties" in schema:
        kept["properties"] = {name: pruned(s) for name, s in sorted(schema["properties"].items())}
    if "$ref" in kept:
        kept["$ref"] = kept["$ref"].removeprefix("#/components/schemas/")
    return kept


def kind_facts(server: Server, group: str, version: str, entry: Any) -> dict[str, Any]:
    """What is observed of one resource: its Table, selectors, warnings, and how its objects are written."""
    root = f"/apis/{group}/{version}" if group else f"/api/{version}"
    path = (
        f"{root}/namespaces/{SPACE}/{entry['resource']}"
        if entry["scope"] == "Namespaced"
        else f"{root}/{entry['resource']}"
    )
    facts: dict[str, Any] = {}
    if "list" in entry["verbs"]:
        table = server.ask("GET", path, accept=TABLE)
        facts["columns"] = table.body["columnDefinitions"]
        facts["warnings"] = table.headers.getlist("Warning")
        facts["fields"] = [
            f for f in FIELDS if server.ask("GET", path, fieldSelector=f + "%3Dx").status == 200
        ]
    if "create" in entry["verbs"] and "get" in entry["verbs"]:
        sample = SAMPLES.get(f"{entry['resource']}.{group}".rstrip("."), {})
        facts |= name_facts(server, path, sample)
        facts |= write_facts(server, path, sample)
    return {key: value for key, value in facts.items() if value or value in ({}, False)}


def name_facts(server: Server, path: str, sample: Any) -> dict[str, Any]:
    """Which rule names keep, and how long they may be, from what the server says of the bad ones."""
    said = [name_causes(server, path, sample, name) for name in BAD_NAMES]
    first = " ".join(said[0])
    rules = {"subdomain": "subdomain" in first, "label": "RFC 1123 label" in first, "segment": bool(said[-1])}
    long = {
        m for message in (*said[4], *said[5]) for m in re.findall(r"must be no more than \d+ \w+", message)
    }
    return {
        "name": next((rule for rule, holds in rules.items() if holds), ""),
        "long": sorted(long, key=len)[::-1],
    }


def name_causes(server: Server, path: str, sample: Any, name: str) -> list[str]:
    """What the server has against a name."""
    body = server.ask("POST", path, {**sample, "metadata": {"name": name}}, dryRun="All").body
    causes = body.get("details", {}).get("causes", ()) if body.get("kind") == "Status" else ()
    return [cause["message"] for cause in causes if cause.get("field") in ("metadata.name", "name")]


def write_facts(server: Server, path: str, sample: Any) -> dict[str, Any]:
    """How an object is created, updated and deleted, seen on one."""
    name = sample.get("metadata", {}).get("name", f"{SPACE}-object")
    one = f"{path}/{name}"
    absent = server.ask("PUT", one, {**sample, "metadata": {"name": name}}, dryRun="All")
    made = server.ask("POST", path, {**sample, "metadata": {"name": name}})
    facts: dict[str, Any] = {"upsert": absent.status not in (404, 405)}
    if made.status != 201:
        print(f"no sample for {path}: {made.body.get('message', '')[:300]}")
        return facts
    facts["generation"] = made.body["metadata"].get("generation", 0)
    if "status" in made.body:
        facts["status"] = first_status(made.body["status"])
    body = {key: value for key, value in made.body.items() if key != "status"}
    bare = {k: v for k, v in made.body["metadata"].items() if k not in ("resourceVersion", "managedFields")}
    facts["unconditional"] = server.ask("PUT", one, {**body, "metadata": bare}, dryRun="All").status == 200
    noted = server.ask("PATCH", one, {"metadata": {"annotations": {"a": "b"}}}).body["metadata"]
    facts["annotated"] = noted.get("generation", 0) != facts["generation"]
    gone = server.ask("DELETE", one)
    facts["returned"] = gone.body["kind"] != "Status"
    facts["orphaning"] = "orphan" in gone.body["metadata"].get("finalizers", ())
    server.ask("PATCH", one, {"metadata": {"finalizers": None}})
    server.ask("PUT", f"{one}/finalize", {"metadata": {"name": name}, "spec": {}})
    return facts


def first_status(status: dict[str, Any]) -> dict[str, Any]:
    """The status of a new object, without what depends on the sample or on the clock."""
    aside = ("conditions", "qosClass", "conversion", "acceptedNames", "storedVersions")
    return {key: value for key, value in status.items() if key not in aside and not key.endswith("Time")}


def write(facts: dict[str, Any], path: str) -> None:
    """Compressed, and the same bytes for the same facts."""
    text = json.dumps(facts, separators=(",", ":"), ensure_ascii=False)
    with open(path, "wb") as file:
        file.write(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def main() -> None:
    """`record.py URL TOKEN FILE [VERSION]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    for argument in ("url", "token", "file"):
        parser.add_argument(argument)
    parser.add_argument("version", nargs="?", default="")
    asked = parser.parse_args()
    urllib3.disable_warnings()
    write(record(Server(asked.url, asked.token), asked.version), asked.file)


if __name__ == "__main__":
    main()
