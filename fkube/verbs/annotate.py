"""`annotate`: set annotations of an object, and remove them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fkube.exchange.conversation import Exchange, bind, done, fmap, warnings
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, Object
from fkube.verbs.keychanges import Changes, KeyChanges
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun
from fkube.verbs.writing import Write, check_dry_run

CHANGE_CAUSE = "kubernetes.io/change-cause"
"""The annotation that may always be overwritten."""


@makes_verb
def annotate(
    changes: Changes,
    overwrite: bool = False,
    resource_version: str = "",
    dry_run: DryRun = "none",
    field_manager: str = "kubectl-annotate",
    local: bool = False,
) -> Verb:
    """Set each annotation to its value; an annotation whose value is None is removed.

    The outcome's info has the object as it was. `local` asks no server. Errors: `UsageError` for an
    annotation that has another value, without `overwrite`; `StatusError` as the server has it.
    Follows `AnnotateOptions.RunAnnotate` of kubectl.

    >>> pod = Info({"kind": "Pod", "metadata": {"name": "web"}})
    >>> annotate({"note": "a"}, local=True)(pod).result.unwrap().object["metadata"]["annotations"]
    {'note': 'a'}
    """
    refuse = partial(_overwrite_error, changes, overwrite)
    how = KeyChanges("annotations", changes, resource_version, Write(dry_run, field_manager), local, refuse)
    return check_dry_run(dry_run, lambda info: bind(how.start(info), lambda pair: _annotate(how, *pair)))


def _annotate(how: KeyChanges, info: Info, object: Object) -> Exchange[Outcome]:
    report = partial(how.write.report, "annotated", info)
    if how.offline:
        return done(report(object))
    return fmap(how.send(info), lambda response: report(response.body, warnings(response)))


def _overwrite_error(changes: Changes, overwrite: bool, info: Info) -> VisitError | None:
    """Why annotations can't be overwritten. Follows `validateNoAnnotationOverwrites` of kubectl."""
    present: Mapping[str, str] = info.metadata.get("annotations") or {}
    problems = [
        # An annotation of a Secret may hold what it keeps.
        f"'{key}' already has a value ({'***' if info.kind == 'Secret' else present[key]})"
        for key, value in changes.items()
        if key != CHANGE_CAUSE and value is not None and not overwrite and present.get(key, value) != value
    ]
    refused = "--overwrite is false but found the following declared annotation(s): "
    return UsageError(refused + "; ".join(problems), info.origin) if problems else None
