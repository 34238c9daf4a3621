"""What a verb says of each resource: checked, and as one of a batch. Sends nothing."""

from __future__ import annotations

from functools import partial

from fkube.exchange.conversation import Call, Done, Exchange, Listen, bind, done, failed, fmap, lash
from fkube.pipeline.pipeline import Pipeline
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError
from fkube.resource.guarding import wrong_type_error
from fkube.resource.info import Info
from fkube.verbs.batch import assume_promised, promises, try_in_stand_in
from fkube.verbs.naming import Verb
from fkube.verbs.retrieve import Chosen, after_retrieval


def ask_verb(verb: Verb, info: Info) -> Exchange[Outcome]:
    """Ask a verb for the exchange about a resource, and check what it gives.

    Errors: what is no exchange; one for a resource that needs a namespace and has none.
    """
    exchange = verb(info)
    if not isinstance(exchange, Done | Call | Listen):
        wanted = "an exchange, as verbs.create() does when it is called"
        return failed(wrong_type_error(verb, exchange, wanted, info))
    homeless = info.namespaced and info.mapping is not None and not info.namespace
    if homeless and not isinstance(exchange, Done):
        problem = f"{info.object_name} names no namespace, and nothing puts it into one"
        return failed(UsageError(f"{problem}: {_GIVE_NAMESPACE}", info.origin))
    return bind(exchange, partial(_check_outcome, verb, info))


def _check_outcome(verb: Verb, info: Info, outcome: Outcome) -> Exchange[Outcome]:
    """Accept an `Outcome` as the end of a verb's exchange; fail for anything else."""
    if isinstance(outcome, Outcome):
        return done(outcome)
    return failed(wrong_type_error(verb, outcome, "an exchange of an Outcome", info))


@dataclass(slots=True, eq=False)
class BatchVerb:
    """A verb that assumes in a dry run what the batch would have created before.

    `promised`: the namespaces and definitions that dry runs before would have created.
    Namespaces and definitions are sent alone, so that no other thread is about when `promised` grows.
    """

    verb: Verb
    promised: frozenset[str] = frozenset()

    def __call__(self, info: Info) -> Exchange[Outcome]:
        """The verb's exchange about a resource; in a dry run, what was promised before counts as there."""
        tried = try_in_stand_in(self.verb)(info)
        exchange = lash(tried, lambda error: assume_promised(info, self.promised, error))
        return fmap(exchange, self._add_promises)

    def _add_promises(self, outcome: Outcome) -> Outcome:
        """Add to `promised` what a dry run would have created."""
        self.promised |= promises(outcome)
        return outcome


def prepare_verb(pipeline: Pipeline, verb: Verb) -> Chosen:
    """Prepare a verb to run: with checks, as one of a batch, after retrieval if the pipeline asks for it."""
    return after_retrieval(pipeline, BatchVerb(partial(ask_verb, verb)))


_GIVE_NAMESPACE = "add default_namespace to the pipeline, or a decorator such as force_namespace"
