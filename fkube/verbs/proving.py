"""`unchanged` without a write: proof that an apply would leave an object, and who manages it, as they are.

One read of the object, and of the schemas of its group; both can be answered from what was read before.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from fkube.exchange.conversation import Call, Exchange, Request, Response, bind, done, fmap, lash
from fkube.merging.fields import Type, fields_of, merged, problems
from fkube.merging.fields.managers import Manager, read
from fkube.merging.fields.merge import same
from fkube.merging.fields.updating import STRIPPED
from fkube.merging.lastapplied import last_applied
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info, Object, with_metadata
from fkube.verbs.paths import DryRun, path
from fkube.verbs.schemas import type_of

_OWN = ("creationTimestamp", "managedFields", "resourceVersion", "uid", "generation", "selfLink")


def unless_unchanged(
    manager: str, verb: Callable[[Info], Exchange[Outcome]], dry_run: DryRun = "none"
) -> Callable[[Info], Exchange[Outcome]]:
    """The verb, but nothing is sent for an object of which an apply by `manager` would change nothing.

    Whatever is not proven is left to the verb: a PATCH would have left the resourceVersion
    as it is, see `unchanged`.
    """
    return partial(_asked, manager, verb, dry_run)


def _asked(
    manager: str, verb: Callable[[Info], Exchange[Outcome]], dry_run: DryRun, info: Info
) -> Exchange[Outcome]:
    mapping, place = info.mapping, path(info).value_or("")
    if mapping is None or not place:
        return verb(info)

    def judged(live: Object, type: Type | None) -> Exchange[Outcome]:
        if type is None or not unchanged(type, live, info.object, manager):
            return fmap(verb(info), partial(_same, live))
        return done(Outcome("unchanged", info.origin, info, live, dry_run=dry_run))

    def found(response: Response) -> Exchange[Outcome]:
        if response.status != 200 or not isinstance(response.body, dict):
            return verb(info)
        asked = lash(type_of(mapping), lambda _: done(None))
        return bind(asked, partial(judged, response.body))

    return Call(Request("GET", place), found)


def _same(live: Object, came: Outcome) -> Outcome:
    """The outcome, as unchanged if the server left the version of the object."""
    versions = [(one.get("metadata") or {}).get("resourceVersion") for one in (live, came.object)]
    kept = came.dry_run == "none" and versions[0] == versions[1] is not None
    return replace(came, action="unchanged") if kept and came.action == "serverside-applied" else came


def unchanged(type: Type, live: Object, config: Object, manager: str) -> bool:
    """Whether applying a configuration is proven to change nothing of the live object.

    It is where the manager owns just the fields of the configuration, the live object with the configuration
    written over it is what it was, and nothing has to be migrated or noted besides. A zero that is owned and
    not there was left out by the server: who takes a field away takes it from its owners too.

    >>> unchanged(Type({}), {"metadata": {}}, {"data": {"a": "1"}}, "me")
    False
    """
    known = read(live.get("metadata") or {}).value_or(())
    version = str(config.get("apiVersion") or "")
    own = next((one for one in known if _is(one, manager)), None)
    if own is None or last_applied(live) is not None or any(one.version != version for one in known):
        return False
    plain = with_metadata(config, **dict.fromkeys(_OWN))
    return _told_nothing(config) and _leaves(type, live, plain, own)


def _is(one: Manager, manager: str) -> bool:
    return one.applies and one.name == manager and not one.subresource


def _told_nothing(config: Object) -> bool:
    """Whether a configuration says nothing of what only the server sets, but for a time that is null."""
    metadata: Mapping[str, Any] = config.get("metadata") or {}
    return all(metadata.get(key) is None for key in _OWN)


def _leaves(type: Type, live: Object, config: Object, own: Manager) -> bool:
    if problems(type, config) or _nulls(config):
        return False
    # What becomes of a status that is applied with the rest, only the server knows.
    exactly = own.fields == fields_of(type, config) - STRIPPED and "status" not in config
    return exactly and same(_stored(merged(type, live, _encoded(config)), live), live)


def _encoded(config: Object) -> Object:
    """A Secret with what it gives in plain text as data, as which the server keeps it."""
    if (config.get("apiVersion"), config.get("kind")) != ("v1", "Secret") or "stringData" not in config:
        return config
    told = {key: b64encode(str(value).encode()).decode() for key, value in config["stringData"].items()}
    rest = {key: value for key, value in config.items() if key != "stringData"}
    return {**rest, "data": {**(config.get("data") or {}), **told}}


def _stored(value: Any, live: Any) -> Any:
    """A value without what the server leaves out when it stores it: zeros that it has not kept before."""
    if isinstance(value, dict) and isinstance(live, dict):
        kept = {key: inner for key, inner in value.items() if inner or key in live}
        return {key: _stored(inner, live.get(key)) for key, inner in kept.items()}
    if isinstance(value, list) and isinstance(live, list) and len(value) == len(live):
        return list(map(_stored, value, live))
    return value


def _nulls(value: Any) -> bool:
    """Whether there is a null in a value: what it becomes, only the server knows."""
    if isinstance(value, dict):
        return any(map(_nulls, value.values()))
    return any(map(_nulls, value)) if isinstance(value, list) else value is None
