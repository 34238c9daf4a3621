"""`fkube plan`: the requests that `fkube create` would send."""

from __future__ import annotations

import sys
from functools import partial
from urllib.parse import urlencode

from returns.result import Success

from fkube.cli.batch import ARRANGE, ordered
from fkube.cli.command import CREATING, DRY_RUN, Command, output
from fkube.cli.console import Console
from fkube.cli.create import checked
from fkube.cli.flags import Options
from fkube.cli.output import known_format
from fkube.cli.plans import rows, say
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.info import Object
from fkube.pipeline import Pipeline
from fkube.report import Outcome
from fkube.verbs.plan import planned


def run(console: Console, options: Options) -> None:
    """Print requests, one a line, and send none of them."""
    given = checked(console, options, "plan", known_format(options["output"], "json"))
    if not isinstance(given, Success):
        return console.fail(given.failure())
    verbs, format = given.unwrap()

    kept: list[Object] = []
    # A terminal is for people: what may be secret is not shown on it.
    verb = planned(verbs.verb, bodies=format == "json" and not sys.stdout.isatty())

    def use(client: Client, made: Pipeline) -> None:
        told = (lambda _, outcome: kept.extend(rows(outcome))) if format else partial(_told, console)
        count = visited(console, client, made, verb, told)
        if not count and not console.failures:
            console.refuse("no objects passed to create")
        say(console, kept)

    return using(console, options, pipeline(options, ordered(options)), use)


def _told(console: Console, _: int, outcome: Outcome) -> None:
    for row in rows(outcome):
        query = f"?{urlencode(row['query'])}" if row["query"] else ""
        console.say(f"{row['method']} {row['path']}{query} # {row['object']} from {outcome.origin}")


COMMAND = Command(
    "plan -f FILENAME",
    """Print the requests that `fkube create` would send with the same flags, and send none of them.

    Each line is a method, a path with its query, and after a # the object and where it was written. The
    server is only asked what kinds it has. With -o json each line is a JSON object with a digest, and with
    the body unless it is printed on a terminal: a file of these is what `fkube apply --plan` sends. It holds
    what Secrets hold, so only its owner may read it.""",
    """
    # Print what would be sent
    fkube plan -f manifests/ -R -n shop

    # Keep a plan, and send exactly that
    fkube plan -f manifests/ -o json > plan.json
    fkube apply --plan plan.json

    # Count what would be created, by path
    fkube plan -f manifests/ | cut -d'?' -f1 | sort | uniq -c""",
    (*CREATING, ARRANGE, DRY_RUN, output("json")),
    run,
    "creating",
)
