"""`label`: set labels of an object, and remove them."""

from __future__ import annotations

from collections.abc import Mapping

from fkube.exchange.conversation import Exchange, bind, done, fmap, warnings
from fkube.report.outcomes import Action, Outcome
from fkube.resource.dataclasses import replace
from fkube.resource.info import Info, Object
from fkube.verbs.keychanges import Changes, KeyChanges
from fkube.verbs.naming import Verb, makes_verb
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
) -> Verb:
    """Set each label to its value; a label whose value is None is removed.

    The outcome's info has the object as it was, its object the labels as they should be. `local` asks no
    server. With a `resource_version` the server changes only that version. Errors: `UsageError` for a label
    that has another value, without `overwrite`; `StatusError` as the server has it.
    Follows `LabelOptions.RunLabel` of kubectl.

    >>> pod = Info({"kind": "Pod", "metadata": {"name": "web", "labels": {"app": "a"}}})
    >>> outcome = label({"app": None, "tier": "b"}, local=True)(pod).result.unwrap()
    >>> outcome.action, outcome.object["metadata"]["labels"]
    ('modified', {'tier': 'b'})
    """
    write = Write(dry_run, field_manager)
    how = KeyChanges("labels", changes, resource_version, write, local, overwrite, _refuse_overwrite)
    return check_dry_run(dry_run, lambda info: bind(how.start(info), lambda pair: _label(how, *pair)))


def _label(how: KeyChanges, info: Info, object: Object) -> Exchange[Outcome]:
    """Send the changes, unless there are none or offline; `info` has the object as it was."""
    changes = how.effective(info)
    outcome = how.write.report(_action(changes), info, object)
    if not changes or how.offline:
        return done(outcome)
    return fmap(how.send(info), lambda response: replace(outcome, warnings=warnings(response)))


def _action(changes: Changes) -> Action:
    """The outcome's action: keys set, removed, both, or neither. Follows `updateDataChangeMsg` of kubectl."""
    added, removed = (any((value is None) == gone for value in changes.values()) for gone in (False, True))
    if added and removed:
        return "modified"
    return "labeled" if added else "unlabeled" if removed else "unchanged"


def _refuse_overwrite(_: Info, present: Mapping[str, str]) -> str:
    """Say why these labels can't be overwritten; empty if there are none.

    Follows `validateNoOverwrites` of kubectl.
    """
    kept = [f"'{key}' already has a value ({present[key]}), and --overwrite is false" for key in present]
    return f"[{', '.join(kept)}]" if len(kept) > 1 else "".join(kept)
