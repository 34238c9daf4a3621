"""Checks of laws against generated values, for what extension authors write and for fkube itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter, signature
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from fkube import laws
from fkube.algebra import Decorator, Predicate, Visitor
from fkube.conditions import Condition
from fkube.testing import conversations, owned, patching, waits, workloads
from fkube.testing import strategies as s

Law = Callable[..., bool]


def check_decorator(decorate: Decorator, *, examples: int = 100) -> None:
    """Check every law of decorators for this one: pure, typed, and lawful in any pipeline.

    Errors: AssertionError with the law and the smallest example against it.

    >>> from dataclasses import replace
    >>> from returns.result import Success
    >>> check_decorator(lambda info: Success(replace(info, live=True)), examples=10)
    >>> check_decorator(lambda info: Success(info.object.pop("kind")), examples=10)
    Traceback (most recent call last):
    ...
    AssertionError: decorator_pure does not hold: d(i) == d(i), ... i is what it was
      info = Info(v1 ConfigMap a)
    """
    _check_all("decorate", decorate, examples)


def check_predicate(holds: Predicate, *, examples: int = 100) -> None:
    """Check every law of predicates for this one.

    Errors: AssertionError with the law and the smallest example against it.

    >>> check_predicate(lambda info: info.kind == "Pod", examples=10)
    """
    _check_all("holds", holds, examples)


def check_visitor_transform(transform: Callable[[Visitor], Visitor], *, examples: int = 100) -> None:
    """Check that a function from visitor to visitor may stand in a pipeline: it can be visited in chunks.

    Errors: AssertionError with the law and the smallest example against it.

    >>> from fkube.visitor import flattened
    >>> check_visitor_transform(flattened, examples=10)
    """
    _check_all("transform", transform, examples)


def check_condition(condition: Condition, *, examples: int = 100) -> None:
    """Check every law of conditions for this one: it goes together with others, and tells when it is due.

    Errors: AssertionError with the law and the smallest example against it.

    >>> from fkube.conditions import created, within
    >>> check_condition(within(1, created), examples=10)
    """
    _check_all("awaited", condition, examples)


def check_law(law: Law, *, examples: int = 100, **fixed: Any) -> None:
    """Check one law of `fkube.laws` for generated values; what is given by name is not generated.

    Errors: AssertionError with the law and the smallest example against it.

    >>> from fkube.visitor import visitor_list
    >>> check_law(laws.list_associative, examples=10, visitor_list=visitor_list)
    """
    found = counterexample(law, examples=examples, **fixed)
    if found is not None:
        values = "".join(f"\n  {name} = {value!r}" for name, value in found.items())
        raise AssertionError(f"{law.__name__} does not hold: {law.__doc__}{values}")


def counterexample(
    law: Law, *, examples: int = 100, shrink: bool = True, **fixed: Any
) -> Mapping[str, Any] | None:
    """The smallest generated values for which a law does not hold, by parameter; None if none were found.

    >>> counterexample(laws.list_singleton, examples=10)
    """
    generated = st.fixed_dictionaries({name: _BY_PARAMETER[name] for name in _quantified(law, fixed)})
    try:
        return find(
            generated, lambda values: not law(**values, **fixed), settings=_settings(examples, shrink)
        )
    except NoSuchExample:
        return None


def laws_about(parameter: str) -> Iterator[Law]:
    """The laws that quantify over something, or have an implementation as parameter, of this name.

    >>> [law.__name__ for law in laws_about("set_namespace")]
    ['require_set_namespace', 'set_namespace_idempotent']
    """
    every = (getattr(laws, name) for name in laws.__all__)
    return (law for law in every if parameter in signature(law).parameters)


def _check_all(parameter: str, value: object, examples: int) -> None:
    # Purity first: what is impure breaks the others too, and says less by it.
    for law in sorted(laws_about(parameter), key=lambda law: not law.__name__.endswith("_pure")):
        check_law(law, examples=examples, **{parameter: value})


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
    **dict.fromkeys(("resources", "more_resources"), st.lists(s.infos(), max_size=4).map(tuple)),
    **dict.fromkeys(("reply", "rereply"), conversations.replies()),
    **dict.fromkeys(("steps", "more_steps"), s.steps()),
    **dict.fromkeys(("awaited", "also", "more"), waits.conditions()),
    **dict.fromkeys(("seconds", "limit"), waits.seconds()),
    **dict.fromkeys(("live", "config"), owned.owned_values()),
    "again": conversations.repetitions(),
    "attempts": st.integers(0, 3),
    "answers": st.lists(conversations.responses(), max_size=4).map(tuple),
    "change": s.changes(),
    "chunk": st.integers(1, 4),
    "stages": st.lists(s.stages(), max_size=3).map(tuple),
    "visitors": st.lists(s.visitors(), max_size=4).map(tuple),
    **dict.fromkeys(("stage", "restage"), s.stages()),
    **dict.fromkeys(("reported", "also_reported", "more_reported"), s.reports()),
    **dict.fromkeys(("visit", "next_visit"), s.visits()),
    "error": s.errors(),
    "exchange": conversations.exchanges(),
    "fields": owned.field_sets(),
    "fn": s.visitor_functions(),
    "info": s.infos(),
    "mapper": s.mappers(),
    "moment": waits.moments(),
    "namespace": s.namespaces(),
    "origin": s.origins(),
    "texts": workloads.texts(),
    "typed": st.just(owned.SPEC),
    "verb": conversations.verbs(),
    "value": st.integers(0, 9),
    "request": conversations.requests(),
    "schema": patching.schemas(),
    "workload": workloads.workloads(),
    **dict.fromkeys(("rename", "rerename"), workloads.image_changes()),
    **dict.fromkeys(("template", "retemplate"), workloads.templates()),
    **dict.fromkeys(("applied", "wanted", "current"), patching.typed_objects()),
}
