"""`fkube scale`: set how many replicas objects should have."""

from __future__ import annotations

from functools import partial

from returns.result import Result, Success

from fkube import builder as b
from fkube.cli.checks import dry_run, refused
from fkube.cli.command import DRY_RUN, SELECTOR, Command, files
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.printing import PRINTING, Print, printing
from fkube.cli.session import found, pipeline, using, visited
from fkube.edge import Client
from fkube.edge.running import Verb, hold
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.errors import UsageError, located
from fkube.resource.info import Info
from fkube.verbs.paths import DryRun
from fkube.verbs.scale import scale


def run(console: Console, options: Options) -> None:
    """Find all objects, then scale one after another. Follows `ScaleOptions.RunScale` of kubectl."""
    checked: Result[tuple[Verb, Print], UsageError] = Result.do(
        (_verb(options, strategy), show)
        for _ in _sensible(options)
        for strategy in dry_run(console, options["dry-run"])
        for show in printing(options)
    )
    if not isinstance(checked, Success):
        return console.fail(checked.failure())
    named = b.resource_type_or_name_args(*options["arguments"], allow_empty_selector=options["all"])
    made = pipeline(options, named, b.require_object(True))
    return using(console, options, made, partial(_scaled, console, options, *checked.unwrap()))


def _verb(options: Options, strategy: DryRun) -> Verb:
    conditions = (options["current-replicas"], options["resource-version"])
    return scale(options["replicas"], *conditions, strategy, options["timeout"] if strategy == "none" else 0)


def _sensible(options: Options) -> Result[None, UsageError]:
    """Nothing, if the numbers make sense. Follows `ScaleOptions.Validate` of kubectl."""
    if "replicas" not in options["given"]:
        return refused('required flag(s) "replicas" not set')
    if options["replicas"] < 0:
        return refused("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")
    if options["current-replicas"] < -1:
        return refused("The --current-replicas must specify an integer of -1 or greater")
    return Success(None)


def _scaled(
    console: Console, options: Options, verb: Verb, show: Print, client: Client, made: Pipeline
) -> None:
    infos: list[Info] = []
    visited(console, client, made, found, lambda _, o: infos.append(o.info) if o.info else None)
    if options["resource-version"] and len(infos) > 1:
        return console.refuse("cannot use --resource-version with multiple resources")
    if not infos and not console.failures:
        return console.refuse("no objects passed to scale")
    return _one_by_one(console, client, verb, show, infos)


def _one_by_one(console: Console, client: Client, verb: Verb, show: Print, infos: list[Info]) -> None:
    """Scale up to the first that can't be."""
    for before, info in enumerate(infos):
        result = hold(client, verb(info))
        if not isinstance(result, Success):
            return console.fail(located(result.failure(), info.origin))
        console.warn(result.unwrap().warnings)
        show(console, before, result.unwrap())
    return None


COMMAND = Command(
    "scale [--resource-version=VERSION] [--current-replicas=COUNT] --replicas=COUNT "
    "(-f FILENAME | TYPE NAME)",
    """Set how many replicas objects should have: deployments, stateful sets, and others that can be scaled.

    With --current-replicas or --resource-version, only what is so far as it says is scaled.""",
    """
    # Scale a deployment to three
    fkube scale --replicas=3 deployment/web

    # Scale what a manifest names
    fkube scale --replicas=3 -f web.yaml

    # Scale a deployment to three if it has two, and wait until it has three
    fkube scale --current-replicas=2 --replicas=3 deployment/web --timeout=1m

    # Scale several
    fkube scale --replicas=5 deployment/web statefulset/db""",
    (
        Flag("replicas", "How many replicas there should be. Required.", kind="int"),
        Flag("current-replicas", "Scale only what has so many; -1: any.", kind="int", default=-1),
        Flag("resource-version", "Scale only this version of a single object."),
        Flag("timeout", "How long to wait for the replicas: 30s, 5m; 0 does not.", kind="duration"),
        *files("with the objects to scale"),
        SELECTOR,
        Flag("all", "Scale all objects of the types.", kind="bool"),
        DRY_RUN,
        *PRINTING,
    ),
    run,
)
