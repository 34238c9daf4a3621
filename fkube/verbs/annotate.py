"""`annotate`: set annotations of an object, and take them away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from fkube.exchange.conversation import Exchange, bind, done, fmap, warnings
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, Object
from fkube.verbs.marking import Changes, Marking, marked, sent
from fkube.verbs.naming import makes_verb
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
) -> Callable[[Info], Exchange[Outcome]]:
    """Set each annotation to its value; one whose value is None goes.

    The outcome's info has the object as it was. `local` asks no server. Errors: `UsageError` for an
    annotation that has another value, without `overwrite`; `StatusError` as the server has it.
    Follows `AnnotateOptions.RunAnnotate` of kubectl.

    >>> pod = Info({"kind": "Pod", "metadata": {"name": "web"}})
    >>> annotate({"note": "a"}, local=True)(pod).result.unwrap().object["metadata"]["annotations"]
    {'note': 'a'}
    """
    refused = partial(_taken, changes, overwrite)
    how = Marking("annotations", changes, resource_version, Write(dry_run, field_manager), local, refused)
    return check_dry_run(dry_run, lambda info: bind(marked(how, info), lambda found: _annotated(how, *found)))


def _annotated(how: Marking, info: Info, object: Object) -> Exchange[Outcome]:
    if how.local or how.write.dry_run == "client":
        return done(how.write.report("annotated", info, object))
    return fmap(
        sent(how, info),
        lambda response: how.write.report("annotated", info, response.body, warnings(response)),
    )


def _taken(changes: Changes, overwrite: bool, info: Info) -> VisitError | None:
    """Why annotations can't be set. Follows `validateNoAnnotationOverwrites` of kubectl."""
    found: Mapping[str, str] = info.metadata.get("annotations") or {}
    told = [
        # That of a Secret may hold what it keeps.
        f"'{key}' already has a value ({'***' if info.kind == 'Secret' else found[key]})"
        for key, value in changes.items()
        if key != CHANGE_CAUSE and value is not None and not overwrite and found.get(key, value) != value
    ]
    refused = "--overwrite is false but found the following declared annotation(s): "
    return UsageError(refused + "; ".join(told), info.origin) if told else None
