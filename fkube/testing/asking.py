"""Laws asked with generated values: the smallest that break one, and what is said then."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample
from hypothesis.strategies import SearchStrategy

from fkube import laws
from fkube.laws.compare import Sides
from fkube.resource.guarding import raised
from fkube.testing import conversations, ends, owned, patching, resources, waits, workloads
from fkube.testing import strategies as s
from fkube.testing.showing import tell

Law = Callable[..., Any]
"""A function that returns whether a law holds, as a bool or by `Sides`."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Values for which a law does not hold, and the clause that does not."""

    values: Mapping[str, Any]
    sides: Sides


def check_law(law: Law, *, examples: int = 100, **fixed: Any) -> None:
    """Check one law of `fkube.laws` for generated values; what is given by name is not generated.

    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> from fkube.visitor.combinators import visitor_list
    >>> check_law(laws.list_associative, examples=10, visitor_list=visitor_list)
    """
    broken = _search(law, examples, True, fixed)
    if broken is not None:
        raise AssertionError(tell(law.__name__, broken.sides, broken.values))


def check_laws(about: Mapping[str, Any], examples: int) -> None:
    """Check every law that is about one of the parameters of these names, for what is given for it."""
    asked = ((law, name) for name in about for law in laws_about(name))
    # Purity first: what is impure breaks the others too, and says less by it.
    for law, name in sorted(asked, key=lambda pair: not pair[0].__name__.endswith("_pure")):
        check_law(law, examples=examples, **{name: about[name]})


def counterexample(
    law: Law, *, examples: int = 100, shrink: bool = True, **fixed: Any
) -> Mapping[str, Any] | None:
    """The smallest generated values for which a law does not hold, by parameter; None if none were found.

    >>> counterexample(laws.list_singleton, examples=10)
    """
    broken = _search(law, examples, shrink, fixed)
    return None if broken is None else broken.values


def laws_about(*parameters: str) -> Iterator[Law]:
    """The laws that quantify over something, or have an implementation as parameter, of these names.

    >>> [law.__name__ for law in laws_about("set_namespace")]
    ['require_set_namespace', 'set_namespace_idempotent']
    """
    every = (getattr(laws, name) for name in laws.__all__)
    return (law for law in every if not signature(law).parameters.keys().isdisjoint(parameters))


def _search(law: Law, examples: int, shrink: bool, fixed: Mapping[str, Any]) -> Broken | None:
    generated = st.fixed_dictionaries({name: _BY_PARAMETER[name] for name in _quantified(law, fixed)})
    found: list[Broken] = []

    def breaks(values: Mapping[str, Any]) -> bool:
        # The law gets a copy, so that what is shown is what went in.
        sides = _judge(law, {**pickle.loads(pickle.dumps(values)), **fixed})
        if not sides:
            found.append(Broken(values, sides))
        return not sides

    try:
        find(generated, breaks, settings=_settings(examples, shrink))
    except NoSuchExample:
        return None
    except Flaky:
        # What answers otherwise the second time has failed once.
        pass
    return found[-1]


def _judge(law: Law, values: Mapping[str, Any]) -> Sides:
    """The clause of a law that does not hold, if any; an exception is one too."""
    try:
        holds = law(**values)
    except Exception as error:  # noqa: BLE001 - whose it is, its frames tell
        return Sides("nothing is raised", raised(law, error).message, "nothing")
    return holds if isinstance(holds, Sides) else Sides((law.__doc__ or "").splitlines()[0], holds, True)


def _quantified(law: Law, fixed: Mapping[str, Any]) -> Iterator[str]:
    parameters = signature(law).parameters.values()
    return (p.name for p in parameters if p.default is Parameter.empty and p.name not in fixed)


def _settings(examples: int, shrink: bool) -> settings:
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    quiet = tuple(HealthCheck)
    return settings(
        max_examples=examples,
        phases=phases,
        suppress_health_check=quiet,
        deadline=None,
        database=None,
        derandomize=True,
    )


_BY_PARAMETER: Mapping[str, SearchStrategy[Any]] = {
    **dict.fromkeys(("a", "b", "c", "visitor"), s.visitors()),
    **dict.fromkeys(("decorate", "redecorate"), s.decorators()),
    **dict.fromkeys(("holds", "also_holds"), s.predicates()),
    **dict.fromkeys(("becomes", "rebecomes"), s.info_functions()),
    **dict.fromkeys(("resources", "more_resources"), st.lists(resources.infos(), max_size=4).map(tuple)),
    **dict.fromkeys(("reply", "rereply"), conversations.replies()),
    **dict.fromkeys(("steps", "more_steps"), resources.steps()),
    **dict.fromkeys(("awaited", "also", "more"), waits.conditions()),
    **dict.fromkeys(("seconds", "limit"), waits.seconds()),
    **dict.fromkeys(("live", "config"), owned.owned_values()),
    "again": conversations.repetitions(),
    "attempts": st.integers(0, 3),
    "request": conversations.requests(),
    "answers": st.lists(conversations.responses(), max_size=4).map(tuple),
    "change": s.changes(),
    "chunk": st.integers(1, 4),
    "stages": st.lists(s.stages(), max_size=3).map(tuple),
    "visitors": st.lists(s.visitors(), max_size=4).map(tuple),
    **dict.fromkeys(("stage", "restage"), s.stages()),
    **dict.fromkeys(("reported", "also_reported", "more_reported"), ends.reports()),
    **dict.fromkeys(("visit", "next_visit"), ends.visits()),
    "dry_run": conversations.dry_runs(),
    "error": resources.errors(),
    "exchange": conversations.exchanges(),
    "fields": owned.field_sets(),
    "fn": s.visitor_functions(),
    "info": resources.infos(),
    "mapped_info": resources.mapped_infos(),
    "mapper": resources.mappers(),
    "moment": waits.moments(),
    "namespace": resources.namespaces(),
    "origin": resources.origins(),
    "server_answers": st.lists(conversations.server_answers(), max_size=6).map(tuple),
    "texts": workloads.texts(),
    "typed": st.just(owned.SPEC),
    "verb": conversations.verbs(),
    "value": st.integers(0, 9),
    "schema": patching.schemas(),
    "workload": workloads.workloads(),
    **dict.fromkeys(("rename", "rerename"), workloads.image_changes()),
    **dict.fromkeys(("template", "retemplate"), workloads.templates()),
    **dict.fromkeys(("applied", "wanted", "current"), patching.typed_objects()),
}
