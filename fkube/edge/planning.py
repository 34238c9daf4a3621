"""Plans: the requests that a verb would send, as data. Reads are sent, writes are not."""

from __future__ import annotations

from functools import partial

from fkube.edge.asking import ask_verb
from fkube.edge.client import Client
from fkube.edge.running import Verb
from fkube.edge.sourcevisitors import NO_READERS, Readers
from fkube.edge.visiting import OfPipeline, visit
from fkube.verbs.plan import Plan, plan_of, recording


def plan(
    client: Client, verb: Verb, concurrency: int = 8, chunk: int = 256, readers: Readers = NO_READERS
) -> OfPipeline[Plan]:
    """Plan a visit: the requests that would change something, in order, instead of sending them.

    Equation: plan(c, v)(p) = the writes of visit(c, v)(p), each of them taken to succeed

    >>> from fkube import builder as b, pipe, verbs
    >>> from fkube.edge.client import embedded
    >>> shop = b.objects({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    >>> plan(embedded(), verbs.create())(pipe(b.builder(), shop, b.do)).map(str)
    <IOResult: <Success: POST /api/v1/namespaces?fieldManager=kubectl-create&fieldValidation=Strict>>
    """
    planned = recording(partial(ask_verb, verb)) if callable(verb) else verb
    visiting = visit(client, planned, concurrency, chunk, readers=readers)
    return lambda target: visiting(target).map(plan_of)
