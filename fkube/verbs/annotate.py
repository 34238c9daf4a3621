"""`annotate`: set annotations of an object, and remove them."""

from __future__ import annotations

from collections.abc import Mapping

from toolz import valmap

from fkube.exchange.conversation import Exchange, Response, bind, done, fmap, warnings
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info, Object
from fkube.verbs.keychanges import Changes, KeyChanges
from fkube.verbs.naming import Verb, makes_verb
from fkube.verbs.paths import DryRun
from fkube.verbs.unchanged import mark_unchanged
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

    Where nothing changes the outcome is `unchanged`. Its info has the object as it was. `local` asks no
    server. With a `resource_version` the server changes only that version. Errors: `UsageError`
    for an annotation that has another value, without `overwrite`; `StatusError` as the server has it.
    Follows `AnnotateOptions.RunAnnotate` of kubectl.

    >>> pod = Info({"kind": "Pod", "metadata": {"name": "web"}})
    >>> annotate({"note": "a"}, local=True)(pod).result.unwrap().object["metadata"]["annotations"]
    {'note': 'a'}
    """
    write = Write(dry_run, field_manager)
    how = KeyChanges("annotations", changes, resource_version, write, local, overwrite, _refuse_overwrite)
    return check_dry_run(dry_run, lambda info: bind(how.start(info), lambda pair: _annotate(how, *pair)))


def _annotate(how: KeyChanges, info: Info, object: Object) -> Exchange[Outcome]:
    """Send the changes, unless offline; `info` is the resource as it was, `object` as it should be."""
    if how.offline:
        action = "annotated" if how.effective(info) else "unchanged"
        return done(how.write.report(action, info, object))

    def report(response: Response) -> Outcome:
        annotated = how.write.report("annotated", info, response.body, warnings(response))
        return mark_unchanged(info.object, annotated)

    return fmap(how.send(info), report)


def _refuse_overwrite(info: Info, present: Mapping[str, str]) -> str:
    """Say why these annotations can't be overwritten; empty if they can.

    Follows `validateNoAnnotationOverwrites` of kubectl.
    """
    # An annotation of a Secret may hold what it keeps.
    values = valmap(lambda _: "***", present) if info.kind == "Secret" else present
    kept = (f"'{key}' already has a value ({values[key]})" for key in values if key != CHANGE_CAUSE)
    problems = "; ".join(kept)
    refused = "--overwrite is false but found the following declared annotation(s): "
    return refused + problems if problems else ""
