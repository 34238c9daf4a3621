"""Checks of laws with generated values: the smallest values that break one, and the message then."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, signature
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample
from hypothesis.strategies import SearchStrategy

from fkube import laws
from fkube.laws.compare import Sides, first_line
from fkube.resource.dataclasses import dataclass
from fkube.resource.guarding import exception_error
from fkube.testing import conversations, merging, resources, waits, workloads
from fkube.testing import strategies as s
from fkube.testing.messages import law_message

Law = Callable[..., object]
"""A function that returns whether a law holds, as a bool or by `Sides`."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Values for which a law does not hold, and the clause that does not."""

    values: Mapping[str, object]
    sides: Sides


def check_law(law: Law, *, examples: int = 100, **fixed: object) -> None:
    """Check one law of `fkube.laws` with generated values; what is given by name is not generated.

    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> from fkube.visitor.combinators import visitor_list
    >>> check_law(laws.list_associative, examples=10, visitor_list=visitor_list)
    """
    found = _find_counterexample(law, examples, True, fixed)
    if found:
        raise AssertionError(law_message(law.__name__, found.sides, found.values))


def check_laws(about: Mapping[str, object], examples: int) -> None:
    """Check every law that has one of these parameters, with the value that is given for it.

    `about`: from the names of parameters to their values.
    """
    pairs = ((law, name) for name in about for law in laws_about(name))
    # Purity first: what is impure breaks the others too, and says less by it.
    for law, name in sorted(pairs, key=lambda pair: not pair[0].__name__.endswith("_pure")):
        check_law(law, examples=examples, **{name: about[name]})


def counterexample(
    law: Law, *, examples: int = 100, shrink: bool = True, **fixed: object
) -> Mapping[str, Any] | None:
    """The smallest generated values for which a law does not hold, by parameter; None if none were found.

    >>> counterexample(laws.list_singleton, examples=10)
    """
    found = _find_counterexample(law, examples, shrink, fixed)
    return found.values if found else None


def laws_about(*parameters: str) -> Iterator[Law]:
    """The laws that have a parameter of one of these names: a generated value or an implementation.

    >>> [law.__name__ for law in laws_about("set_namespace")]
    ['check_require_namespace', 'require_set_namespace', 'set_namespace_idempotent']
    """
    every = (getattr(laws, name) for name in laws.__all__)
    return (law for law in every if not signature(law).parameters.keys().isdisjoint(parameters))


def _find_counterexample(
    law: Law, examples: int, shrink: bool, fixed: Mapping[str, object]
) -> Counterexample | None:
    """The last counterexample that a search found, which is the smallest if it may shrink."""
    required = (p.name for p in signature(law).parameters.values() if p.default is Parameter.empty)
    generated = st.fixed_dictionaries({name: _STRATEGIES[name] for name in required if name not in fixed})
    broken: list[Counterexample] = []

    def breaks(values: Mapping[str, object]) -> bool:
        # The law gets a copy, so that what is shown is what went in.
        sides = _judge_law(law, {**pickle.loads(pickle.dumps(values)), **fixed})
        if not sides:
            broken.append(Counterexample(values, sides))
        return not sides

    try:
        find(generated, breaks, settings=_settings(examples, shrink))
    except NoSuchExample:
        return None
    except Flaky:
        # A law that does not hold the first time and holds the second has failed once.
        pass
    return broken[-1]


def _judge_law(law: Law, values: Mapping[str, object]) -> Sides:
    """Ask whether a law holds for these values; an exception is a clause that does not hold."""
    try:
        holds = law(**values)
    except Exception as error:  # noqa: BLE001 - whose it is, its frames tell
        return Sides("nothing is raised", exception_error(law, error).message, "nothing")
    return holds if isinstance(holds, Sides) else Sides(first_line(law), holds, True)


def _settings(examples: int, shrink: bool) -> settings:
    """The same examples each time, as quickly as can be: no database, no deadline."""
    return settings(
        max_examples=examples,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=tuple(HealthCheck),
        deadline=None,
        database=None,
        derandomize=True,
    )


def _tuples(elements: SearchStrategy[object], max_size: int = 4) -> SearchStrategy[tuple[object, ...]]:
    """Tuples of up to `max_size` elements."""
    return st.lists(elements, max_size=max_size).map(tuple)


_PARAMETERS: tuple[tuple[str, SearchStrategy[object]], ...] = (
    ("a b c visitor", s.visitors()),
    ("again", conversations.repetitions()),
    ("applied wanted current", merging.schema_objects()),
    ("attempts", st.integers(0, 3)),
    ("awaited also more", waits.conditions()),
    ("becomes rebecomes", s.info_functions()),
    ("change", s.changes()),
    ("chunk", st.integers(1, 4)),
    ("decorate redecorate", s.decorators()),
    ("dry_run", conversations.dry_runs()),
    ("error", resources.errors()),
    ("exchange", conversations.exchanges()),
    ("fields", merging.field_sets()),
    ("fn", s.visitor_functions()),
    ("holds also_holds", s.predicates()),
    ("info", resources.infos()),
    ("live config", merging.typed_objects()),
    ("mapped_info", resources.mapped_infos()),
    ("moment", waits.moments()),
    ("namespace", resources.namespaces()),
    ("origin", resources.origins()),
    ("rename rerename", workloads.image_changes()),
    ("repeated_applied repeated_wanted repeated_current", merging.repeating_objects()),
    ("reply rereply", conversations.replies()),
    ("reported also_reported more_reported", resources.reports()),
    ("request", conversations.requests()),
    ("resources more_resources", _tuples(resources.infos())),
    ("schema", st.just(merging.SCHEMA)),
    ("seconds limit", waits.SECONDS),
    ("server_answers", _tuples(conversations.server_answers(), 6)),
    ("stage restage", s.stages()),
    ("stages", _tuples(s.stages(), 3)),
    ("steps", resources.steps()),
    ("template retemplate", workloads.templates()),
    ("texts", workloads.texts()),
    ("typed", st.just(merging.TYPE)),
    ("value", st.integers(0, 9)),
    ("verb", conversations.verbs()),
    ("visit next_visit", resources.visits()),
    ("visitors", _tuples(s.visitors())),
    ("workload", workloads.workloads()),
)
"""What generates the values of each parameter, by the names that laws have for it."""
_STRATEGIES = {name: strategy for names, strategy in _PARAMETERS for name in names.split()}
