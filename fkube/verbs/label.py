"""`label`: set labels of an object, and take them away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from fkube.exchange.conversation import Exchange, bind, done, fmap, warnings
from fkube.report.outcomes import Action, Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, Object
from fkube.verbs.marking import Changes, Marking, differing, marked, sent
from fkube.verbs.naming import makes_verb
from fkube.verbs.paths import DryRun
from fkube.verbs.writing import Write, check_dry_run


@makes_verb
def label(
    changes: Changes,
    overwrite: bool = False,
    resource_version: str = "",
    dry_run: DryRun = "none",
    field_manager: str = "kubectl-label",
    local: bool = False,
) -> Callable[[Info], Exchange[Outcome]]:
    """Set each label to its value; one whose value is None goes.

    The outcome's info has the object as it was, its object the labels as they should be. `local` asks no
    server. Errors: `UsageError` for a label that has another value, without `overwrite`; `StatusError` as the
    server has it. Follows `LabelOptions.RunLabel` of kubectl.

    >>> pod = Info({"kind": "Pod", "metadata": {"name": "web", "labels": {"app": "a"}}})
    >>> outcome = label({"app": None, "tier": "b"}, local=True)(pod).result.unwrap()
    >>> outcome.action, outcome.object["metadata"]["labels"]
    ('modified', {'tier': 'b'})
    """
    refused = partial(_taken, changes, overwrite)
    how = Marking("labels", changes, resource_version, Write(dry_run, field_manager), local, refused)
    return check_dry_run(dry_run, lambda info: bind(marked(how, info), lambda found: _labeled(how, *found)))


def _labeled(how: Marking, info: Info, object: Object) -> Exchange[Outcome]:
    changed = differing(how, info)
    outcome = how.write.report(_action(changed), info, object)
    if not changed or how.local or how.write.dry_run == "client":
        return done(outcome)
    return fmap(sent(how, info), lambda response: replace(outcome, warnings=warnings(response)))


def _action(changed: Changes) -> Action:
    """Follows `updateDataChangeMsg` of kubectl."""
    added, removed = (any((value is None) == gone for value in changed.values()) for gone in (False, True))
    if added and removed:
        return "modified"
    return "labeled" if added else "unlabeled" if removed else "unchanged"


def _taken(changes: Changes, overwrite: bool, info: Info) -> VisitError | None:
    """Why labels can't be set. Follows `validateNoOverwrites` of kubectl."""
    told = [
        f"'{key}' already has a value ({info.labels[key]}), and --overwrite is false"
        for key, value in changes.items()
        if value is not None and not overwrite and info.labels.get(key, value) != value
    ]
    return UsageError(told[0] if len(told) == 1 else f"[{', '.join(told)}]", info.origin) if told else None
