"""`fkube create`: create the objects of manifests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from returns.result import Result, Success

from fkube.cli.batch import BATCH, Verbs, ordered, performed
from fkube.cli.checks import dry_run, manifests, no_arguments, validation
from fkube.cli.command import CREATING, DRY_RUN, Command
from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.printing import PRINTING, printing
from fkube.cli.raw import RAW, sendable, sent
from fkube.cli.session import pipeline, using
from fkube.edge import Client
from fkube.edge.running import Verb
from fkube.pipeline.pipeline import Pipeline
from fkube.resource.errors import UsageError
from fkube.verbs.create import create
from fkube.verbs.paths import DryRun

T = TypeVar("T")


def run(console: Console, options: Options) -> None:
    """Create, and say so object by object. Follows `CreateOptions.RunCreate` of kubectl."""
    given = checked(console, options, "create", printing(options))
    if not isinstance(given, Success):
        return console.fail(given.failure())
    if options["raw"]:
        return sent(console, options, "POST")
    verb, told = given.unwrap()

    def use(client: Client, made: Pipeline) -> None:
        count = performed(console, options, client, made, verb, partial(told, console))
        if not count and not console.failures:
            console.refuse("no objects passed to create")

    return using(console, options, pipeline(options, ordered(options)), use)


def checked(
    console: Console, options: Options, command: str, told: Result[T, UsageError]
) -> Result[tuple[Verbs, T], UsageError]:
    """The verb that the flags ask for and how it is told of, or the first thing wrong with them."""
    return Result.do(
        (Verbs(made(strategy), made("client" if strategy == "client" else "server")), how)
        for _ in no_arguments(options, command)
        for strategy in dry_run(console, options["dry-run"])
        for directive in validation(options["validate"])
        for made in (_made(options, directive),)
        for how in told
        for _ in manifests(options)
        for _ in sendable(options, "selector", "output")
    )


def _made(options: Options, directive: str) -> Callable[[DryRun], Verb]:
    """The verb that the flags ask for, by its dry run."""
    return lambda strategy: create(strategy, options["field-manager"], directive, options["save-config"])


COMMAND = Command(
    "create -f FILENAME",
    """Create objects from files, directories, URLs or standard input.

    Manifests are YAML or JSON. Whatever fails, the others are created; the exit status is 1 if one
    failed.""",
    """
    # Create the pod described in pod.yaml
    fkube create -f pod.yaml

    # Create what a directory describes, with all below it, in a namespace
    fkube create -f manifests/ -R -n shop

    # Create the objects with a label only, and print them as the server has them
    fkube create -f manifests/ -l app=web -o yaml

    # Create what was written in any order, once a dry run of all of it has succeeded
    fkube create -f manifests/ -R --arrange --plan-first --report report.jsonl

    # Try manifests without a cluster
    cat web.yaml | fkube --embedded create -f -""",
    (*CREATING, *BATCH, RAW, DRY_RUN, *PRINTING),
    run,
    "creating",
)
