"""`--resume`: skip objects that a report proves done, and that are still there."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fkube.exchange.conversation import Exchange, Request, Response, bind, done, failed, send, status_error
from fkube.report.ledger import Ledger, Proof, place
from fkube.report.outcomes import Outcome
from fkube.resource.errors import StatusError, TransportError
from fkube.resource.info import Info
from fkube.verbs.naming import Verb
from fkube.verbs.paths import collection


def skip_proven(known: Ledger, verb: Verb) -> Verb:
    """Make a verb skip an object that was done as it is written now, and is still there by its uid.

    One that may have been created under a name that nobody knows is `unknown` still, and not created again.
    Errors: `StatusError` where the object can't be looked at.
    """

    def resume(info: Info) -> Exchange[Outcome]:
        proof = known.proof(info)
        if proof is None or info.mapping is None:
            return done(_unknown(info)) if not info.name and place(info) in known.unsure else verb(info)
        path = f"{collection(info.mapping, info.namespace)}/{proof.name}"
        return bind(send(Request("GET", path)), partial(_skip_or_run, verb, info, proof))

    return resume


def _skip_or_run(verb: Verb, info: Info, proof: Proof, response: Response) -> Exchange[Outcome]:
    """Skip an object that has the uid of its proof; one that is gone or another runs the verb.

    Errors: any refusal of the GET but a 404.
    """
    if response.status == 200:
        same = (response.body.get("metadata") or {}).get("uid") == proof.uid
        return done(Outcome("skipped", info.origin, info, response.body)) if same else verb(info)
    error: StatusError = replace(status_error(response), origin=info.origin)
    return verb(info) if response.status == 404 else failed(error)


def _unknown(info: Info) -> Outcome:
    """The outcome of an object that may have been created under a generated name."""
    why = f"the report does not say whether {info.generate_name}* was created: look, and leave it out if so"
    return Outcome("unknown", info.origin, info, error=TransportError(why, True, info.origin))
