"""`--resume`: what a report proves done, and is still there, is not done again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fkube.exchange.conversation import Call, Exchange, Request, Response, done, failed, status_error
from fkube.report.ledger import Ledger, Proof, place
from fkube.report.outcomes import Outcome
from fkube.resource.errors import StatusError, TransportError
from fkube.resource.info import Info
from fkube.verbs.paths import collection

Verb = Callable[[Info], Exchange[Outcome]]


def resumed(known: Ledger, verb: Verb) -> Verb:
    """The verb, which skips an object that was done as it is written now, and is still there by its uid.

    One that may have been created under a name that nobody knows is `unknown` still, and not created again.
    Errors: `StatusError` where the object can't be looked at.
    """

    def resuming(info: Info) -> Exchange[Outcome]:
        proof = known.proof(info)
        if proof is None or info.mapping is None:
            return done(_unsure(info)) if not info.name and place(info) in known.unsure else verb(info)
        path = f"{collection(info.mapping, info.namespace)}/{proof.name}"
        return Call(Request("GET", path), lambda response: _looked(verb, info, proof, response))

    return resuming


def _looked(verb: Verb, info: Info, proof: Proof, response: Response) -> Exchange[Outcome]:
    if response.status == 200:
        same = (response.body.get("metadata") or {}).get("uid") == proof.uid
        return done(Outcome("skipped", info.origin, info, response.body)) if same else verb(info)
    error: StatusError = replace(status_error(response), origin=info.origin)
    return verb(info) if response.status == 404 else failed(error)


def _unsure(info: Info) -> Outcome:
    said = f"the report does not say whether {info.generate_name}* was created: look, and leave it out if so"
    return Outcome("unknown", info.origin, info, error=TransportError(said, True, info.origin))
