"""ApplySets: objects applied together, known by labels on them and annotations on one parent."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import partial
from hashlib import sha256

from returns.result import Failure, Result, Success

from fkube.exchange.conversation import (
    Done,
    Exchange,
    Request,
    Response,
    bind,
    done,
    failed,
    fmap,
    send,
    status_error,
)
from fkube.exchange.messages import APPLY_PATCH
from fkube.pipeline.discovery import Mapper, mapping_for
from fkube.resource.dataclasses import dataclass, replace
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Info, Object, RESTMapping, with_metadata
from fkube.resource.results import collect_results
from fkube.verbs.paging import list_request, page
from fkube.verbs.paths import DryRun, collection
from fkube.verbs.versions import FOLLOWED
from fkube.verbs.writing import Write

TOOLING = f"kubectl/{FOLLOWED}"
"""The tool named on a set: kubectl's own, so that both can go on with the other's sets."""

_KEYS = ("id", "part-of", "is-parent-type", "tooling", "contains-group-kinds", "additional-namespaces")
ID, PART_OF, PARENT_TYPE, TOOL, KINDS, NAMESPACES = (f"applyset.kubernetes.io/{key}" for key in _KEYS)


@dataclass(frozen=True, slots=True)
class Parent:
    """The object that records a set. Follows `ApplySetParentRef` of kubectl."""

    name: str
    namespace: str
    mapping: RESTMapping

    @property
    def id(self) -> str:
        """The value of the label on all members. Follows `ApplySet.ID` of kubectl."""
        mapping = self.mapping
        text = ".".join((self.name, self.namespace, mapping.kind, mapping.group))
        return f"applyset-{urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip('=')}-v1"

    @property
    def path(self) -> str:
        """The path of the object."""
        return f"{collection(self.mapping, self.namespace)}/{self.name}"

    def __str__(self) -> str:
        """The parent as kubectl's messages name it: `RESOURCE.GROUP/NAME`."""
        return f"{self.mapping.resource}.{self.mapping.group}/{self.name}"


@dataclass(frozen=True, slots=True)
class Members:
    """The kinds of the members of a set, and their namespaces."""

    kinds: frozenset[RESTMapping] = frozenset()
    namespaces: frozenset[str] = frozenset()

    def __or__(self, other: Members) -> Members:
        return Members(self.kinds | other.kinds, self.namespaces | other.namespaces)


def find_parent(known: Mapper, reference: str, namespace: str) -> Result[Parent, VisitError]:
    """Find the parent that `[RESOURCE][.GROUP]/NAME` names; a Secret where only a name is given.

    Errors: in kubectl's words. Follows `ParseApplySetParentRef` and `ApplySet.Validate` of kubectl.
    """
    resource, slash, name = reference.partition("/")
    resource, name = (resource, name) if slash else ("secrets", reference)
    if not name:
        return Failure(UsageError(f'invalid parent reference "{reference}": name cannot be blank'))
    plural, _, group = resource.partition(".")
    missing = f'invalid parent reference "{reference}": no matches for {group}/, Resource={plural}'
    found: Result[RESTMapping, VisitError] = mapping_for(known, resource).alt(lambda _: UsageError(missing))
    return found.bind(partial(_place_parent, name, namespace))


def _place_parent(name: str, namespace: str, mapping: RESTMapping) -> Result[Parent, VisitError]:
    """Make a parent of this name; it needs a namespace if its kind lives in namespaces."""
    if mapping.namespaced and not namespace:
        return Failure(UsageError("namespace is required to use namespace-scoped ApplySet"))
    return Success(Parent(name, namespace if mapping.namespaced else "", mapping))


def check_parent_type(known: Mapper, set: Parent) -> Exchange[Parent]:
    """Check that a parent is a Secret, a ConfigMap, or of a custom type whose definition is labelled for it.

    Errors: `UsageError`. Follows `getAllowedCustomResourceParents` of kubectl.
    """
    if _is_builtin(set):
        return done(set)
    definitions = mapping_for(known, "customresourcedefinitions.apiextensions.k8s.io")
    listed = bind(Done(definitions), lambda crds: page(crds, list_request(crds, labels=PARENT_TYPE)))
    gvr = f"{set.mapping.group}/{set.mapping.version}, Resource={set.mapping.resource}"
    refused = UsageError(f'resource "{gvr}" is not permitted as an ApplySet parent')
    allowed = fmap(listed, lambda first: {info.name for info in first.infos})
    return bind(allowed, lambda names: done(set) if set.mapping.qualified in names else failed(refused))


def _is_builtin(set: Parent) -> bool:
    """Whether a parent is a Secret or a ConfigMap: always permitted, and created if missing."""
    return set.mapping.qualified in ("secrets", "configmaps")


def read_members(known: Mapper, set: Parent) -> Exchange[Members]:
    """Read the members of a set from its parent; none where there is no parent yet.

    Errors: `UsageError` for a parent that belongs to another tool or set.
    Follows `ApplySet.fetchParent` of kubectl.
    """

    def read_answer(response: Response) -> Exchange[Members]:
        if response.status == 404:
            unknown = UsageError("custom resource ApplySet parents cannot be created automatically")
            return done(Members()) if _is_builtin(set) else failed(unknown)
        if response.status >= 400:
            why = status_error(response).message
            return failed(UsageError(f'failed to fetch ApplySet parent object "{set}": {why}'))
        return Done(_read_members(known, set, response.body))

    return bind(send(Request("GET", set.path, kind=set.mapping.kind)), read_answer)


def _read_members(known: Mapper, set: Parent, object: Object) -> Result[Members, VisitError]:
    """Read the members from the annotations of the parent's live object.

    Errors: `UsageError` for a parent of another tool or set, or a kind that the server does not have.
    """
    info = Info(object)
    notes = info.metadata.get("annotations") or {}
    if wrong := _foreign_parent(set, notes, info.labels):
        return Failure(UsageError(wrong))
    names = [name for name in notes[KINDS].split(",") if name]
    spaces = frozenset(filter(None, (*notes.get(NAMESPACES, "").split(","), set.namespace)))
    kinds = collect_results(_find_kind(known, name) for name in names)
    return kinds.map(lambda found: Members(frozenset(found), spaces))


def _foreign_parent(set: Parent, notes: Object, labels: Object) -> str:
    """Why an object can't be the parent of the set; empty if it can. `notes`: its annotations."""
    tool = str(notes.get(TOOL)).rpartition("/")[0] or notes.get(TOOL)
    difference = f"(got: {labels.get(ID)}, want: {set.id})"
    checks = (
        (TOOL in notes, f'already exists and is missing required annotation "{TOOL}"'),
        (tool == "kubectl", f'already exists and is managed by tooling "{tool}" instead of "kubectl"'),
        (ID in labels, f"exists and does not have required label {ID}"),
        (labels.get(ID) == set.id, f'exists and has incorrect value for label "{ID}" {difference}'),
    )
    if problems := [why for passed, why in checks if not passed]:
        return f'ApplySet parent object "{set}" {problems[0]}'
    needed = f'kubectl requires the "{KINDS}" annotation to be set on all ApplySet parent objects'
    return "" if KINDS in notes else f'parsing ApplySet annotation on "{set}": {needed}'


def _find_kind(known: Mapper, name: str) -> Result[RESTMapping, VisitError]:
    """Find the kind that the parent's annotation names as KIND.GROUP, such as `Deployment.apps`."""
    kind, _, group = name.partition(".")
    every = (resource.mapping for resource in known.resources)
    found = next((mapping for mapping in every if (mapping.kind, mapping.group) == (kind, group)), None)
    missing = f'could not find mapping for kind in "{KINDS}" annotation: no matches for kind "{kind}"'
    return Failure(UsageError(missing)) if found is None else Success(found)


def write_members(set: Parent, members: Members, dry_run: DryRun, field_validation: str) -> Exchange[None]:
    """Write the members to the parent, by force where another manager owns the fields.

    A client-side dry run writes nothing.

    Errors: `UsageError`. Follows `ApplySet.updateParent` of kubectl.
    """
    if dry_run == "client":
        return done(None)
    write = Write(dry_run, "kubectl-applyset", field_validation)
    request = Request("PATCH", set.path, body=_configuration(set, members), content_type=APPLY_PATCH)
    gentle, forced = (write.send(request, force=force) for force in ("false", "true"))
    answer = bind(gentle, lambda response: forced if response.status == 409 else done(response))

    def check_answer(response: Response) -> Exchange[None]:
        why = f"failed to update ApplySet: {status_error(response).message}"
        return failed(UsageError(why)) if response.status >= 400 else done(None)

    return bind(answer, check_answer)


def _configuration(set: Parent, members: Members) -> Object:
    """The parent as server-side apply sends it: members in annotations, the id in a label."""
    kinds = (f"{m.kind}.{m.group}" if m.group else m.kind for m in members.kinds)
    notes = {
        TOOL: TOOLING,
        KINDS: ",".join(sorted(frozenset(kinds))),
        NAMESPACES: ",".join(sorted(members.namespaces - {set.namespace})),
    }
    within = {"namespace": set.namespace} if set.namespace else {}
    metadata = {"name": set.name, **within, "annotations": notes, "labels": {ID: set.id}}
    return {"apiVersion": set.mapping.api_version, "kind": set.mapping.kind, "metadata": metadata}


def add_set_label(set: Parent, info: Info) -> Result[Info, VisitError]:
    """Add to a resource the label by which it belongs to a set.

    Errors: a resource that has such a label already. Follows `ApplySet.AddLabels` of kubectl.
    """
    if PART_OF in info.labels:
        return Failure(UsageError(f'ApplySet label "{PART_OF}" already set in input data', info.origin))
    return Success(replace(info, object=with_metadata(info.object, labels={**info.labels, PART_OF: set.id})))


def members_of(infos: tuple[Info, ...]) -> Members:
    """The kinds and namespaces of these resources, as the members of a set."""
    kinds = frozenset(info.mapping for info in infos if info.mapping is not None)
    return Members(kinds, frozenset(info.namespace for info in infos if info.namespaced and info.namespace))
