"""`fkube plan`: the requests that `fkube create` would send."""

from __future__ import annotations

import json
from functools import partial
from urllib.parse import urlencode

from returns.result import Success

from fkube.cli.command import CREATING, DRY_RUN, Command, output
from fkube.cli.console import Console
from fkube.cli.create import checked
from fkube.cli.flags import Options
from fkube.cli.messages import kind
from fkube.cli.session import pipeline, using, visited
from fkube.edge import Client
from fkube.info import Info
from fkube.pipeline import Pipeline
from fkube.report import Outcome
from fkube.verbs.plan import planned


def run(console: Console, options: Options) -> None:
    """Print requests, one a line, and send none of them."""
    given = checked(console, options, "plan", "json")
    if not isinstance(given, Success):
        return console.fail(given.failure())
    verbs, format = given.unwrap()

    def use(client: Client, made: Pipeline) -> None:
        count = visited(console, client, made, planned(verbs.verb), partial(_told, console, format))
        if not count and not console.failures:
            console.refuse("no objects passed to create")

    return using(console, options, pipeline(options), use)


def _told(console: Console, format: str, _: int, outcome: Outcome) -> None:
    named = _name(outcome.info) if outcome.info is not None else ""
    for request in outcome.object["requests"]:
        if format == "json":
            console.say(json.dumps({**request, "object": named, "source": str(outcome.origin)}))
        else:
            query = f"?{urlencode(request['query'])}" if request["query"] else ""
            console.say(f"{request['method']} {request['path']}{query} # {named} from {outcome.origin}")


def _name(info: Info) -> str:
    """The object as kubectl names it; a name that the server will make ends in a star."""
    return f"{kind(info.object)}/{info.name or f'{info.generate_name}*'}"


COMMAND = Command(
    "plan -f FILENAME",
    """Print the requests that `fkube create` would send with the same flags, and send none of them.

    Each line is a method, a path with its query, and after a # the object and where it was written. The
    server is only asked what kinds it has. With -o json each line is a JSON object. Bodies are not shown.""",
    """
    # Print what would be sent
    fkube plan -f manifests/ -R -n shop

    # Count what would be created, by path
    fkube plan -f manifests/ | cut -d'?' -f1 | sort | uniq -c""",
    (*CREATING, DRY_RUN, output("json")),
    run,
    "creating",
)
