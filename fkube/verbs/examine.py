"""Ask a server what a person asks first: is it there, who does it say I am, and what may I do. Pure.

What is refused is an answer too: only a server that gives none ends the conversation early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias, TypeVar

from returns.result import Failure, Result

from fkube.exchange.conversation import Exchange, Request, bind, call, conclude, done, fmap, lash
from fkube.exchange.repeating import sequence
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import StatusError, VisitError
from fkube.resource.info import Object
from fkube.verbs.versions import read_version

T = TypeVar("T")

Answered: TypeAlias = Result[T, VisitError]
"""What a server said, or why it did not."""

VERBS = ("create", "get", "list", "patch", "delete")
RESOURCES = (
    ("", "configmaps"),
    ("apps", "deployments"),
    ("", "pods"),
    ("", "secrets"),
    ("", "services"),
)
"""The verbs and the resources, each with its group, that are asked about."""


@dataclass(frozen=True, slots=True)
class Right:
    """Whether a verb is allowed on a resource, in the namespace that was asked about."""

    verb: str
    group: str
    resource: str
    allowed: bool = False


@dataclass(frozen=True, slots=True)
class Examination:
    """What a server answered to each question: its version, who we are, what we may do, the namespace."""

    version: Answered[Object] = field(repr=False)
    user: Answered[Object] = field(repr=False)
    rights: Answered[tuple[Right, ...]]
    namespace: Answered[Object] = field(repr=False)


def examine(namespace: str) -> Exchange[Examination]:
    """Ask all of it; where no answer comes to the first question, no other is asked.

    It never fails: each failure stands where the answer would.

    >>> print(examine("shop").request)
    GET /version
    """
    return bind(_keep_failure(read_version()), partial(_ask_others, namespace))


def _ask_others(namespace: str, version: Answered[Object]) -> Exchange[Examination]:
    """Ask the rest, unless the server gave no answer at all."""
    if isinstance(version, Failure) and not isinstance(version.failure(), StatusError):
        return done(Examination(version, version, Failure(version.failure()), version))
    place = Request("GET", f"/api/v1/namespaces/{namespace}", kind="Namespace")
    questions: tuple[Exchange[Answered[Any]], ...] = (
        _keep_failure(_review("authentication.k8s.io", "SelfSubjectReview", {})),
        _keep_failure(review_rights(namespace)),
        _keep_failure(fmap(call(place), lambda found: _map(found.body))),
    )
    return fmap(sequence(questions), lambda answers: Examination(version, *answers))


def _keep_failure(exchange: Exchange[T]) -> Exchange[Answered[T]]:
    """The conversation that succeeds with the result of another, whatever that is."""
    return conclude(exchange, done)


def review_rights(namespace: str) -> Exchange[tuple[Right, ...]]:
    """Ask which of the verbs are allowed on the resources: by the rules, then one by one where they end.

    An authorizer that can't list its rules says that they are incomplete: what they do not allow may be
    allowed all the same. Errors: of the first question that is refused, where no rules are told.
    """
    rules = _review("authorization.k8s.io", "SelfSubjectRulesReview", {"spec": {"namespace": namespace}})
    open_rules: Exchange[Object] = lash(rules, lambda _: done({"incomplete": True}))
    return bind(open_rules, partial(_ask_one_by_one, namespace))


def _ask_one_by_one(namespace: str, told: Object) -> Exchange[tuple[Right, ...]]:
    """Ask about each right which the rules do not give, if they may not be all."""
    listed = told.get("resourceRules")
    rules = [rule for rule in listed if isinstance(rule, dict)] if isinstance(listed, list) else []
    rights = read_rights(rules)
    if isinstance(listed, list) and not told.get("incomplete"):
        return done(rights)
    return sequence([done(right) if right.allowed else _ask_right(namespace, right) for right in rights])


def _ask_right(namespace: str, right: Right) -> Exchange[Right]:
    """Ask whether one right is there."""
    asked = {"namespace": namespace, "verb": right.verb, "group": right.group, "resource": right.resource}
    review = _review(
        "authorization.k8s.io", "SelfSubjectAccessReview", {"spec": {"resourceAttributes": asked}}
    )
    return fmap(
        review, lambda told: Right(right.verb, right.group, right.resource, told.get("allowed") is True)
    )


def read_rights(rules: Sequence[Object]) -> tuple[Right, ...]:
    """Read which of the verbs the rules allow on the resources; a rule for named objects allows none.

    >>> rules = [{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}]
    >>> [f"{right.verb} {right.resource}" for right in read_rights(rules) if right.allowed]
    ['get pods']
    """
    return tuple(
        Right(verb, group, resource, any(_allows(rule, verb, group, resource) for rule in rules))
        for group, resource in RESOURCES
        for verb in VERBS
    )


def _allows(rule: Object, verb: str, group: str, resource: str) -> bool:
    """Whether a rule allows a verb on every object of a resource."""
    wanted = {"verbs": verb, "apiGroups": group, "resources": resource}
    return not rule.get("resourceNames") and all(
        not {"*", value}.isdisjoint(_texts(rule.get(key))) for key, value in wanted.items()
    )


def _texts(value: Any) -> Iterable[str]:
    """The texts of a list; none of what is no list."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else ()


def _review(group: str, kind: str, more: Object) -> Exchange[Object]:
    """Send a review, and give its status; nothing is kept by the server."""
    path = f"/apis/{group}/v1/{kind.lower()}s"
    body = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {}, **more}
    return fmap(
        call(Request("POST", path, body=body, kind=kind)), lambda found: _map(_map(found.body).get("status"))
    )


def _map(value: Any) -> Object:
    """The value if it is a map, else an empty one."""
    return value if isinstance(value, dict) else {}
