"""`--resume`: skip objects that a report proves done and that are still there, or that were under way."""

from __future__ import annotations

from functools import partial

from returns.result import Success

from fkube.exchange.conversation import (
    Call,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    lash,
    send,
    status_error,
)
from fkube.report.ledger import Ledger, Proof, place
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import StatusError, TransportError, VisitError
from fkube.resource.info import Info, with_metadata
from fkube.verbs.evidence import as_kept, holds
from fkube.verbs.naming import Verb
from fkube.verbs.paths import collection, kind_at, path


def skip_proven(known: Ledger, verb: Verb) -> Verb:
    """Make a verb skip an object that was done as it is written now, and is still there by its uid.

    One of which the report says nothing may have been created when the run was killed: where the verb is
    refused because it exists, it is skipped too if it has all that the manifest says. One that may have been
    created under a name that nobody knows is `unknown` still, and not created again.
    Errors: those of the verb; `StatusError` where an object that was done can't be looked at.
    """

    def resume(info: Info) -> Exchange[Outcome]:
        proof = known.proof(info)
        if proof is None or info.mapping is None:
            if not info.name and place(info) in known.unsure:
                return done(_unknown(info))
            return lash(verb(info), partial(_skip_if_there, info)) if known.may_be_there(info) else verb(info)
        done_before = f"{collection(info.mapping, info.namespace)}/{proof.name}"
        return bind(
            send(Request("GET", done_before, kind=info.mapping.kind)),
            partial(_skip_or_run, verb, info, proof),
        )

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


def _skip_if_there(info: Info, error: VisitError) -> Exchange[Outcome]:
    """Skip an object that is refused because it exists, if it has all that its manifest says.

    It is not `created`, as nobody knows who did that. Errors: the given one, in any other case.
    """
    refused: Exchange[Outcome] = failed(error)
    where = path(info)
    if (
        not isinstance(error, StatusError)
        or error.reason != "AlreadyExists"
        or not isinstance(where, Success)
    ):
        return refused

    def compare(response: Response) -> Exchange[Outcome]:
        asked = with_metadata(as_kept(info.object), **dict.fromkeys(_OF_SERVERS))
        same = response.status == 200 and holds(asked, response.body)
        return done(Outcome("skipped", info.origin, info, response.body)) if same else refused

    return Call(Request("GET", where.unwrap(), kind=kind_at(info)), compare, lost=lambda _: refused)


_OF_SERVERS = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink")
"""The fields of metadata that a server writes, whatever is sent."""


def _unknown(info: Info) -> Outcome:
    """The outcome of an object that may have been created under a generated name."""
    why = f"the report does not say whether {info.generate_name}* was created: look, and leave it out if so"
    return Outcome("unknown", info.origin, info, error=TransportError(why, True, info.origin))
