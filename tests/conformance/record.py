"""Record what a real API server is, as `fkube/cluster/facts.json.gz`: nothing about kinds is written by hand.

`record(Server(url, token))` asks a running server that may be written to (a scratch namespace is made and
deleted), `write(facts, path)` stores the answers. Samples are the smallest objects that the server accepts:
how a kind behaves is then observed, not known.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
import yaml

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

FIELDS = (Path(__file__).parent / "fields.txt").read_text(encoding="utf-8").split()
"""Field selectors to try on every resource."""

SAMPLES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "samples.yaml").read_text(encoding="utf-8"))


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
