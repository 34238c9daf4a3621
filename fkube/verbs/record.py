"""The annotation `kubernetes.io/change-cause`, written onto an object after another verb."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from fkube.exchange.conversation import MERGE_PATCH, Exchange, Request, bind, done, lash
from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Info
from fkube.verbs.annotate import CHANGE_CAUSE
from fkube.verbs.naming import Verb
from fkube.verbs.paths import at_path, outcome
from fkube.verbs.writing import Write, add_warnings

Cause: TypeAlias = Callable[[Info], str]
"""Says of a resource why it is changed."""


def record(verb: Verb, cause: Cause, field_manager: str = "", unchanged: bool = False) -> Verb:
    """Do a verb, then write the cause into the object's annotation.

    A dry run writes nothing; nor does what is `unchanged`, unless that is asked for.
    Where the cause can't be written, the outcome is that of the verb, with a warning.
    Follows `ChangeCauseRecorder.MakeRecordMergePatch` of cli-runtime, and `RunPatch` of kubectl.

    >>> same = record(lambda info: done(Outcome("unchanged", info.origin, info)), lambda _: "why")
    >>> same(Info({})).result.unwrap().action
    'unchanged'
    """
    return lambda info: bind(verb(info), partial(_write_cause, cause, field_manager, unchanged))


def _write_cause(cause: Cause, field_manager: str, unchanged: bool, ended: Outcome) -> Exchange[Outcome]:
    """Write the cause of an outcome into its object, if that was changed, or may be `unchanged`."""
    if ended.info is None or ended.dry_run != "none" or (ended.action == "unchanged" and not unchanged):
        return done(ended)
    write, info = Write(field_manager=field_manager), ended.info
    body = {"metadata": {"annotations": {CHANGE_CAUSE: cause(info)}}}
    request = partial(Request, "PATCH", body=body, content_type=MERGE_PATCH, kind=info.kind)
    answer = bind(
        at_path(info, lambda place: write.send(request(place))), partial(outcome, ended.action, info)
    )
    told = bind(answer, lambda came: done(add_warnings(replace(ended, object=came.object), *came.warnings)))
    return lash(told, partial(_warn_instead, ended))


def _warn_instead(ended: Outcome, error: VisitError) -> Exchange[Outcome]:
    """The outcome of the verb, with a warning that its cause is written nowhere."""
    return done(add_warnings(ended, f"error recording reason: {error.message}"))
