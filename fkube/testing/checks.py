"""Checks for extension authors: one call asks every law of what they write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from itertools import product
from typing import Literal, TypeAlias

from fkube import laws
from fkube.exchange.conversation import Exchange
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info
from fkube.testing.lawcheck import Law, check_law, check_laws
from fkube.verbs.conditions import Condition
from fkube.visitor.combinators import and_then
from fkube.visitor.stages import Scanned, Stage, needs_all, parts, stage_name
from fkube.visitor.visits import Decorator, Predicate, Visitor

StageKind: TypeAlias = Literal["plain", "scanned", "whole"]
"""What a stage has to see: one resource at a time, also a memory of those before, or all of the input."""


def check_decorator(decorate: Decorator, *, examples: int = 100) -> None:
    """Check every law of decorators for this one: pure, typed, and lawful in any pipeline.

    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> from dataclasses import replace
    >>> from returns.result import Success
    >>> check_decorator(lambda info: Success(replace(info, live=True)), examples=10)
    >>> check_decorator(lambda info: Success(info.object.pop("kind")), examples=10)
    Traceback (most recent call last):
    ...
    AssertionError: decorator_pure does not hold: d(i) is an info or an error of fkube's
      left: Success of str
      right: Success of an info, or Failure
      info:
        object:
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: a}
    """
    check_laws({"decorate": decorate}, examples)


def check_predicate(holds: Predicate, *, examples: int = 100) -> None:
    """Check every law of predicates for this one.

    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> check_predicate(lambda info: info.kind == "Pod", examples=10)
    """
    check_laws({"holds": holds}, examples)


def check_function(function: Callable[[Info], Visitor], *, examples: int = 100) -> None:
    """Check every law of one-to-many functions for this one, and what it makes of visitors.

    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> from fkube.visitor.combinators import infos, one
    >>> check_function(lambda info: infos(info, info), examples=10)
    >>> check_function(lambda info: one(info) if info.object.clear() else one(info), examples=10)
    Traceback (most recent call last):
    ...
    AssertionError: function_pure does not hold: i is what it was
      left:
        object: {}
      right:
        object:
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: a}
      info:
        object:
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: a}
      fn: Tell(tag='a', copies=0, refuses=Always(value=False), errors=(), forgives=False)
    """
    check_laws({"becomes": function}, examples)
    check_laws({"transform": and_then(function)}, examples)


def check_visitor(visitor: Visitor, *, examples: int = 100) -> None:
    """Check that this is a visitor: each visit leaves the same, and it combines with any other.

    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> from returns.result import Success
    >>> check_visitor(lambda fn: fn(Success(Info({"kind": "Pod"}))), examples=10)
    """
    for law in _OF_VISITORS:
        place = "visitor" if "visitor" in signature(law).parameters else "a"
        check_law(law, examples=examples, **{place: visitor})


def check_stage(stage: Stage, kind: StageKind | None = None, *, examples: int = 100) -> StageKind:
    """Say which kind of stage this is, once its laws hold: plain, scanned or whole.

    A plain one distributes over the list, a scanned one hands its memory on, a whole one sees everything.
    Errors: AssertionError for one that is not of the kind that is claimed, or has no kind; with the law.

    >>> from fkube.visitor.stages import sorted_by, take
    >>> from fkube.visitor.combinators import flattened
    >>> [check_stage(stage, examples=10) for stage in (flattened, take(2), sorted_by(Info.name.fget))]
    ['plain', 'scanned', 'whole']
    >>> check_stage(take(2), "plain", examples=10)
    Traceback (most recent call last):
    ...
    AssertionError: take(2) is scanned, and not plain: transform_over_list does not hold: ...
    """
    if not callable(stage):
        raise AssertionError(f"a stage is a function from visitor to visitor, and {stage!r} is none")
    actual = _kind_of(stage)
    if kind not in (None, actual):
        raise AssertionError(_kind_message(stage, kind, actual, examples))
    for part in parts(stage):
        _check_part(part, _kind_of(part), examples)
    if actual != "whole":
        check_laws({"stage": stage}, examples)
    return actual


def check_verb(
    verb: Callable[[Info], Exchange[Outcome]],
    dry_run: Callable[[Info], Exchange[Outcome]] | None = None,
    *,
    examples: int = 100,
) -> None:
    """Check that this is a verb: pure, with one outcome at the end, and the same for the same answers.

    `dry_run` is the same verb made for a dry run, which sends no write that does not say so.
    Errors: AssertionError with the law, its clause, both sides and the smallest example against it.

    >>> from fkube.verbs import create
    >>> check_verb(create(), create(dry_run="server"), examples=10)
    """
    for each, law in product((verb,) if dry_run is None else (verb, dry_run), _OF_VERBS):
        check_law(law, examples=examples, verb=each)
    if dry_run is not None:
        check_law(laws.dry_run_sends_no_write, examples=examples, dry_run=dry_run)


def check_condition(condition: Condition, *, examples: int = 100) -> None:
    """Check every law of conditions for this one: it combines with others, and says when it is due.

    Errors: AssertionError with the law and the smallest example against it.

    >>> from fkube.verbs.conditions import created, within
    >>> check_condition(within(1, created), examples=10)
    """
    check_laws({"awaited": condition}, examples)


def _kind_of(stage: Stage) -> StageKind:
    """Which kind of stage this is by what it is made of; no law is asked."""
    if needs_all(stage):
        return "whole"
    return "scanned" if any(isinstance(part, Scanned) for part in parts(stage)) else "plain"


def _check_part(part: Stage, kind: StageKind, examples: int) -> None:
    """Check the laws of this kind for one part of a stage; those that say most come first."""
    try:
        for parameter, law in _OF_STAGES[kind]:
            check_law(law, examples=examples, **{parameter: part})
    except AssertionError as broken:
        hint = f"\n  or else: {_MADE_BY}" if kind == "plain" else ""
        raise AssertionError(f"{stage_name(part)} is no {kind} stage: {broken}{hint}") from None


def _kind_message(stage: Stage, kind: str | None, actual: StageKind, examples: int) -> str:
    """The message that a stage is not of the kind claimed, with the law that shows it where there is one."""
    refused = f"{stage_name(stage)} is {actual}, and not {kind}"
    if kind != "plain":
        return f"{refused}: {_MADE_BY}"
    try:
        check_law(laws.transform_over_list, examples=examples, transform=stage)
    except AssertionError as broken:
        return f"{refused}: {broken}"
    return refused


_OF_VISITORS: tuple[Law, ...] = (
    laws.visitor_pure,
    laws.conservation,
    laws.naturality,
    laws.list_unit,
    laws.list_singleton,
    laws.list_associative,
    laws.eager_associative,
    laws.eager_singleton,
    laws.eager_agrees,
    laws.fail_fast_prefix,
    laws.right_unit,
    laws.and_then_associative,
    laws.continue_on_error_idempotent,
    laws.continue_on_error_over_list,
)
_OF_VERBS: tuple[Law, ...] = (laws.verb_pure, laws.verb_ends, laws.planned_sends_no_write)
_OF_TRANSFORMS = (("transform", laws.visitor_pure), ("transform", laws.naturality))
_OF_STAGES: Mapping[StageKind, tuple[tuple[str, Law], ...]] = {
    "plain": (*_OF_TRANSFORMS, ("transform", laws.failures_stay), ("transform", laws.transform_over_list)),
    "scanned": (("stage", laws.scan_pure), *_OF_TRANSFORMS),
    "whole": (("stage", laws.whole_pure), *_OF_TRANSFORMS),
}
_MADE_BY = "scanned(...) makes one that remembers, whole(...) one that sees everything"
