"""The work of a row with fkube as a library, as the README does it.

python library.py create FILE NAMESPACE [CONNECTIONS] | list NAMESPACE | visit FILE
"""

import json
import sys
import time

from fkube import builder as b
from fkube import edge, pipe, verbs


def create(file: str, namespace: str, connections: int = 8) -> None:
    """Create what a file has; each has to become `created`."""
    read = (b.filenames(file), b.namespace(namespace), b.default_namespace, b.flatten, b.continue_on_error)
    client = edge.connect(concurrency=connections)
    report = client.bind(
        lambda found: edge.visit(found, verbs.create(), concurrency=connections)(
            pipe(b.builder(), *read, b.do)
        )
    )
    outcomes = report.unwrap()._inner_value.outcomes
    assert all(outcome.action == "created" for outcome in outcomes), outcomes


def names(namespace: str) -> None:
    """Print the names of all Deployments of a namespace."""
    listed = b.resource_type_or_name_args("deployments", allow_empty_selector=True)
    pipeline = pipe(
        b.builder(), listed, b.namespace(namespace), b.default_namespace, b.continue_on_error, b.do
    )
    got = edge.connect().bind(lambda client: edge.visit(client, verbs.get())(pipeline))
    for outcome in got.unwrap()._inner_value.outcomes:
        print(f"deployment.apps/{outcome.info.name if outcome.info else outcome}")


def visit(file: str) -> None:
    """Visit what a file has with a dry run that sends nothing; print the seconds of CPU of that alone."""
    began = time.process_time()
    read = (
        b.filenames(file),
        b.namespace("default"),
        b.default_namespace,
        b.flatten,
        b.continue_on_error,
        b.do,
    )
    count = edge.fold(
        edge.embedded(),
        verbs.create(dry_run="client"),
        lambda n, outcome: n + (outcome.action == "created"),
        0,
    )
    made = count(pipe(b.builder(), *read)).unwrap()._inner_value
    print(json.dumps({"cpu": time.process_time() - began, "number": made}))


match sys.argv[1:]:
    case ["create", file, namespace, *connections]:
        create(file, namespace, *map(int, connections))
    case ["list", namespace]:
        names(namespace)
    case ["visit", file]:
        visit(file)
