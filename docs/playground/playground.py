"""What the playground runs, in a browser's Python as in any other: two texts to what its page shows.

A manifest is visited by the pipeline of a program, on an embedded cluster. The program names `pipeline`, and
`verb` if it is not `create`; the text is its `manifest`. All that is shown is made of what ran, masked.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from returns.io import IOResult
from returns.pipeline import is_successful
from returns.result import Failure, Result, Success
from returns.unsafe import unsafe_perform_io

from fkube import edge, verbs
from fkube.cli.tableprinter import NO_TABLE, Style, format_table
from fkube.edge.client import Client
from fkube.edge.traces import trace
from fkube.exchange.messages import TABLE, Request
from fkube.pipeline.explain import explain
from fkube.pipeline.pictures import svg
from fkube.pipeline.pipeline import Pipeline
from fkube.pipeline.tracepage import page_of_data
from fkube.pipeline.tracing import Trace, trace_data
from fkube.resource.errors import Failures
from fkube.resource.info import Object, RESTMapping
from fkube.showing.masking import hide_secrets
from fkube.showing.servertable import Table, table

FILE = "pipeline"
"""What the program is called in messages."""

Shown = dict[str, Any]
"""What the page shows, as JSON."""


def play(manifest: str, program: str, client: Client | None = None) -> Shown:
    """Run a program on a manifest and a cluster, a new one if none is given, and say what to show.

    >>> shown = play("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}", EXAMPLE)
    >>> shown["report"], shown["cluster"].splitlines()[1].split()[:2]
    ('1 created', ['shop', 'Active'])
    """
    printed = StringIO()
    names: dict[str, Any] = {"manifest": manifest, "__name__": "__main__"}
    client = client or edge.embedded()
    with redirect_stdout(printed):
        try:
            exec(compile(program, FILE, "exec"), names)
            shown = _run(names, client)
        except BaseException as error:  # noqa: BLE001 - whatever a program does is shown
            shown = _explain_error(error)
    return {"printed": printed.getvalue(), **shown, **_show_cluster(client)}


EXAMPLE = """\
from fkube import builder as b, pipe

pipeline = pipe(b.builder(), b.text(manifest), b.flatten, b.do)
"""


def _run(names: dict[str, Any], client: Client) -> Shown:
    """Trace the pipeline of a program against a client while it runs; what can't begin is explained."""
    pipeline, verb = names.get("pipeline"), names.get("verb", verbs.create())
    made: Result[Any, Failures[Any]] = pipeline if isinstance(pipeline, Result) else Success(pipeline)
    match made:
        case Success(found) if not isinstance(found, Pipeline):
            return {"error": "the program names no `pipeline`: pipeline = pipe(b.builder(), ..., b.do)"}
        case Failure(_):
            return {"error": explain(made)}
    traced: IOResult[Trace, Failures[Any]] = trace(client, verb, run=True)(made)
    shown = {"picture": svg(made, verb), "explain": explain(made, verb)}
    if not is_successful(traced):
        failures = unsafe_perform_io(traced.failure())
        return {**shown, "error": "\n".join(map(str, failures.errors))}
    return {**shown, **_show_trace(unsafe_perform_io(traced.unwrap()))}


def _show_trace(traced: Trace) -> Shown:
    """The way of each resource as a page, its requests, and the report."""
    data = trace_data(traced)
    return {
        "trace": page_of_data(data),
        "report": str(traced.report),
        "ok": traced.ok,
        "outcomes": [_outcome_line(way) for way in data["ways"]],
        "requests": [_request_line(*sent) for way in data["ways"] for sent in _sent(way)],
    }


def _outcome_line(way: Shown) -> str:
    """What became of a resource, as a line: kubectl's word, or why not."""
    ended = way["outcome"]
    if ended is None:
        return f"{way['resource']} {way['steps'][-1]['became']}"
    return f"{way['resource']} {ended['action']}" + (f": {ended['error']}" if ended["error"] else "")


def _sent(way: Shown) -> Iterator[tuple[Shown, Shown | None]]:
    """The requests of a resource, each with its answer."""
    answers = [*way["answers"], *[None] * len(way["requests"])]
    return zip(way["requests"], answers, strict=False)


def _request_line(request: Shown, answer: Shown | None) -> Shown:
    """A request as the page shows it."""
    query = "&".join(f"{key}={value}" for key, value in request["query"].items())
    line = f"{request['method']} {request['path']}{'?' if query else ''}{query}"
    status = answer["status"] if answer else None
    return {"line": line, "body": _pretty(request["body"]), "status": status}


def _show_cluster(client: Client) -> Shown:
    """The objects that are in a cluster and not in an empty one: as tables, and each by itself."""
    found = [(mapping, _added(mapping, client)) for mapping in _list_kinds(client)]
    before, lines = NO_TABLE, list[str]()
    for mapping, rows in found:
        style = Style(with_namespace=mapping.namespaced, with_kind=True)
        before, more = format_table(style, before, (mapping, rows))
        lines += more
    objects = [_object(mapping, row.object or {}) for mapping, rows in found for row in rows.rows]
    return {"cluster": "\n".join(lines), "objects": objects}


def _list_kinds(client: Client) -> Iterator[RESTMapping]:
    """List the kinds that a cluster offers to list, in the version it prefers."""
    groups = _get(client, "/apis").get("groups", ())
    for version in ("v1", *(group["preferredVersion"]["groupVersion"] for group in groups)):
        offered = _get(client, f"/apis/{version}" if "/" in version else f"/api/{version}")
        group, _, name = version.rpartition("/")
        for kind in offered.get("resources", ()):
            if "list" in kind["verbs"] and "/" not in kind["name"]:
                yield RESTMapping(group, name, kind["kind"], kind["name"], kind["namespaced"])


def _added(mapping: RESTMapping, client: Client) -> Table:
    """The table of the objects of a kind that an empty cluster has not."""
    start = f"/apis/{mapping.group}/{mapping.version}" if mapping.group else f"/api/{mapping.version}"
    query = (("includeObject", "Object"),)
    body = client.send(Request("GET", f"{start}/{mapping.resource}", query, accept=TABLE)).unwrap().body
    found = table(body, datetime.now(UTC))
    return Table(found.columns, tuple(row for row in found.rows if not _is_first(row.metadata or {})))


def _is_first(metadata: Object) -> bool:
    """Whether an object was there before all others: it has the first resource versions."""
    return int(metadata.get("resourceVersion", 0)) <= _FIRST


def _get(client: Client, path: str) -> Shown:
    """The body of an answer of a cluster."""
    body: Shown = client.send(Request("GET", path)).unwrap().body
    return body


_FIRST = int(_get(edge.embedded(), "/api/v1/namespaces")["metadata"]["resourceVersion"])
"""The resource version of an empty cluster."""


def _object(mapping: RESTMapping, found: Object) -> Shown:
    """An object as the page shows it."""
    metadata = found["metadata"]
    shown = {**hide_secrets(found), "metadata": {**hide_secrets(found)["metadata"]}}
    shown["metadata"].pop("managedFields", None)
    kind = f"{mapping.kind.lower()}{'.' * bool(mapping.group)}{mapping.group}"
    return {
        "namespace": metadata.get("namespace", ""),
        "name": f"{kind}/{metadata['name']}",
        "body": _pretty(shown),
    }


def _pretty(body: Any) -> str:
    """JSON for people to read; empty for none."""
    return "" if body is None else json.dumps(body, indent=2, ensure_ascii=False)


def _explain_error(error: BaseException) -> Shown:
    """An exception of a program as one sentence, with its line in the program."""
    if isinstance(error, SyntaxError):
        return {"error": f"line {error.lineno}: {error.msg}", "line": error.lineno}
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == FILE), 0)
    return {"error": f"line {line}: {type(error).__name__}: {error}", "line": line}
