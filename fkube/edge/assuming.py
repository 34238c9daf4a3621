"""A dry run that remembers what the batch would have made so far: the one cell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fkube.exchange.conversation import Exchange, fmap, lash
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info
from fkube.verbs.batch import assumed, promises, standing_in


@dataclass(slots=True, eq=False)
class Assuming:
    """A verb in a batch: what a dry run would have created before is assumed to be there.

    Namespaces and definitions are sent alone, so that no other thread is about when `promised` grows.
    """

    verb: Callable[[Info], Exchange[Outcome]]
    promised: frozenset[str] = frozenset()

    def __call__(self, info: Info) -> Exchange[Outcome]:
        tried = lash(standing_in(self.verb)(info), lambda error: assumed(info, self.promised, error))
        return fmap(tried, self._kept)

    def _kept(self, outcome: Outcome) -> Outcome:
        self.promised |= promises(outcome)
        return outcome
