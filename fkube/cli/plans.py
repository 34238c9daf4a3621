"""Plans in files: written by `fkube plan -o json`, sent by `fkube apply --plan`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import partial
from itertools import groupby

from returns.result import Failure, Result, Success

from fkube import builder as b
from fkube import pipe
from fkube.cli.checks import SUFFIX
from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.messages import kind, name
from fkube.cli.session import using, visited
from fkube.edge import Client
from fkube.edge.files import keep_private, read_lines
from fkube.pipeline.pipeline import Pipeline
from fkube.report.ledger import key
from fkube.report.outcomes import Outcome
from fkube.report.planfile import opened, sealed
from fkube.resource.errors import Failures, SourceError, failures
from fkube.resource.info import Object
from fkube.resource.results import collected
from fkube.verbs.plan import perform


def rows(outcome: Outcome) -> list[Object]:
    """The requests of an outcome of a plan, each with what it is about and where that was written."""
    info, origin = outcome.info, outcome.origin
    if info is None:
        return []
    about = {
        "object": f"{kind(info.object)}/{info.name or f'{info.generate_name}*'}",
        "key": key(info.object),
        "apiVersion": info.api_version,
        "kind": info.kind,
        "namespace": info.namespace,
        "name": info.name,
        "source": str(origin),
        "document": origin.document,
        "line": origin.line,
        "action": outcome.action,
    }
    return [{**request, **about} for request in outcome.object["requests"]]


def say(console: Console, planned: Iterable[Object]) -> None:
    """Print requests, sealed if all could be planned; a file that they go to is for its owner only."""
    keep_private(sys.stdout)
    for row in planned if console.failures else sealed(planned):
        console.say(json.dumps(row))


def send(console: Console, options: Options) -> None:
    """Send exactly the requests of a plan, in its order, if it is as it was made."""
    if options["filename"] or options["kustomize"]:
        return console.refuse("--plan can't be used with -f or -k: it says what is sent")
    return using(console, options, _stages(options["plan"]), partial(_sent, console))


def _sent(console: Console, client: Client, stages: tuple[Pipeline, ...]) -> None:
    """Send stage by stage, up to one with failures: nothing is pruned then."""

    def told(_: int, outcome: Outcome) -> None:
        console.say(f"{name(outcome.object)} {outcome.action}{SUFFIX[outcome.dry_run]}")

    for made in stages:
        if not console.failures:
            visited(console, client, made, perform, told)


def _stages(path: str) -> Result[tuple[Pipeline, ...], Failures[object]]:
    """The pipelines of the objects of a plan, each with its requests: what is applied, and what is pruned."""
    read = _read(path)
    if not isinstance(read, Success):
        return Failure(failures(SourceError(f"the plan {path} can't be used: {read.failure()}")))
    stages = groupby(read.unwrap(), key=lambda object: object["requests"][0]["action"] == "pruned")
    return collected(_pipeline(path, tuple(objects)) for _, objects in stages)


def _pipeline(path: str, objects: tuple[Object, ...]) -> Result[Pipeline, Failures[object]]:
    made: Result[Pipeline, Failures[object]] = pipe(
        b.builder(), b.objects(*objects, name=path), b.local, b.continue_on_error, b.do
    )
    return made


def _read(path: str) -> Result[tuple[Object, ...], str]:
    return read_lines(path, opened).bind(lambda found: found.map(_objects))


def _objects(requests: Iterable[Object]) -> tuple[Object, ...]:
    """What the requests are about, with those of one object together."""
    together = groupby(requests, key=lambda row: (row["source"], row["key"]))
    return tuple(_object(list(group)) for _, group in together)


def _object(group: list[Object]) -> Object:
    first = group[0]
    named = {field: first[field] for field in ("namespace", "name") if first[field]}
    return {
        "apiVersion": first["apiVersion"],
        "kind": first["kind"],
        "metadata": named,
        "requests": [dict(row) for row in group],
    }
