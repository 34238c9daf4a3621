"""`fkube apply --plan`: send the requests of a plan that `fkube plan -o json` has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from toolz import pipe

from fkube import builder as b
from fkube.cli.command import Call, Selection
from fkube.cli.console import Console
from fkube.cli.outcomeprinter import print_line
from fkube.cli.session import Attempt, Session, use_client, visit_each
from fkube.edge import Client
from fkube.edge.localfiles import read_lines
from fkube.pipeline.pipeline import Pipeline
from fkube.report.planfile import open_plan
from fkube.resource.errors import SourceError, failures
from fkube.resource.info import Object
from fkube.resource.results import collect_results
from fkube.verbs.plan import perform


def send_plan(console: Console, call: Call, selection: Selection, path: str) -> None:
    """Send the requests of a plan in its order, if the file was not changed since it was made.

    `path` is the file; a `selection` with manifests is refused.
    """
    if selection.has_manifests:
        return console.refuse("--plan can't be used with -f or -k: it says what is sent")
    action = _read_stages(path).map(lambda stages: partial(_send_stages, console, stages))
    return use_client(console, call, action)


def _send_stages(console: Console, stages: tuple[Pipeline, ...], client: Client) -> None:
    """Send what is applied, then what is pruned, unless something failed before."""
    tell = partial(print_line, console, "unchanged")
    for stage in stages:
        if not console.failures:
            visit_each(Session(console, client, stage), perform, tell)


def _read_stages(path: str) -> Attempt[tuple[Pipeline, ...]]:
    """Read a plan into pipelines, one for what is applied and one for what is pruned.

    Errors: a file that can't be read, or is no whole plan.
    """
    read = read_lines(path, open_plan).bind(lambda requests: requests)
    usable = read.alt(lambda why: failures(SourceError(f"the plan {path} can't be used: {why}")))
    return usable.bind(lambda requests: collect_results(_make_pipelines(path, requests)))


def _make_pipelines(path: str, requests: Iterable[Object]) -> Iterator[Attempt[Pipeline]]:
    """Make a pipeline for each run of requests that apply or that prune, in the order of the plan.

    Its objects stand for those of the plan, and have the requests about them in a field.
    """
    together = groupby(requests, key=lambda row: (row["source"], row["key"]))
    objects = (_object_with_requests(list(rows)) for _, rows in together)
    for _, stage in groupby(objects, key=lambda object: object["requests"][0]["action"] == "pruned"):
        yield pipe(b.builder(), b.objects(*stage, name=path), b.local, b.continue_on_error, b.do)


def _object_with_requests(requests: list[Object]) -> Object:
    """The object that some requests are about, by type and name, with the requests in a field."""
    first = requests[0]
    return {
        "apiVersion": first["apiVersion"],
        "kind": first["kind"],
        "metadata": {field: first[field] for field in ("namespace", "name") if first[field]},
        "requests": [dict(request) for request in requests],
    }
