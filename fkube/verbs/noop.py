"""Skip an apply that would change nothing: `unchanged` without a write.

One read of the object, and of the schemas of its group, prove it; both may be answered from a cache.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from fkube.exchange.conversation import Exchange, Response, bind, done, fmap, lash
from fkube.merging.fields import Type, fields_of, merged, problems
from fkube.merging.fields.managers import Manager, read_managers
from fkube.merging.fields.merge import equal_values, is_within
from fkube.merging.fields.updating import STRIPPED
from fkube.merging.lastapplied import last_applied
from fkube.report.outcomes import Outcome
from fkube.resource.info import Info, Object, RESTMapping, with_metadata
from fkube.resource.secrets import encode_string_data
from fkube.verbs.naming import Verb
from fkube.verbs.paths import DryRun, get_at_path, path
from fkube.verbs.schemas import type_of
from fkube.verbs.unchanged import mark_unchanged

_SERVER_FIELDS = ("creationTimestamp", "managedFields", "resourceVersion", "uid", "generation", "selfLink")
"""The fields of the metadata that only the server sets."""


def skip_unchanged(manager: str, verb: Verb, dry_run: DryRun = "none") -> Verb:
    """Skip the verb for an object of which an apply by `manager` would change nothing.

    What is not proven is left to the verb; its outcome is `unchanged` too if the object stays as it was.
    """

    def skip_or_run(info: Info, live: Object, type: Type | None) -> Exchange[Outcome]:
        """Skip the verb where it is proven to change nothing; without a type nothing is proven."""
        if type is None or not leaves_unchanged(type, live, info.object, manager):
            return fmap(verb(info), partial(mark_unchanged, live))
        return done(Outcome("unchanged", info.origin, info, live, dry_run=dry_run))

    def read_type(info: Info, mapping: RESTMapping, response: Response) -> Exchange[Outcome]:
        """Go on with the type of the kind, if the GET has found an object; else run the verb."""
        if response.status != 200 or not isinstance(response.body, dict):
            return verb(info)
        type = lash(type_of(mapping), lambda _: done(None))
        return bind(type, partial(skip_or_run, info, response.body))

    def read_live(info: Info) -> Exchange[Outcome]:
        if info.mapping is None or not path(info).value_or(""):
            return verb(info)
        return bind(get_at_path(info), partial(read_type, info, info.mapping))

    return read_live


def leaves_unchanged(type: Type, live: Object, config: Object, manager: str) -> bool:
    """Whether it is proven that applying a configuration changes nothing of the live object.

    It is where the manager owns just the fields of the configuration, the live object with the configuration
    written over it is what it was, and nothing has to be migrated or noted besides. A zero that is owned and
    not there was left out by the server: who takes a field away takes it from its owners too.

    >>> leaves_unchanged(Type({}), {"metadata": {}}, {"data": {"a": "1"}}, "me")
    False
    """
    known = read_managers(live.get("metadata") or {}).value_or(())
    version = str(config.get("apiVersion") or "")
    own = next((one for one in known if one.applies and one.name == manager and not one.subresource), None)
    if own is None or last_applied(live) is not None or any(one.version != version for one in known):
        return False
    if any((config.get("metadata") or {}).get(key) is not None for key in _SERVER_FIELDS):
        return False
    # Of these fields there may still be a null, such as `creationTimestamp: null`.
    plain = with_metadata(config, **dict.fromkeys(_SERVER_FIELDS))
    return _owns_and_equals(type, live, plain, own)


def _owns_and_equals(type: Type, live: Object, config: Object, own: Manager) -> bool:
    """Whether the manager owns exactly a configuration, and the live object has all its values."""
    # What becomes of a status that is applied with the rest, or of a null, only the server knows.
    if problems(type, config) or _has_null(config) or "status" in config:
        return False
    secret = (config.get("apiVersion"), config.get("kind")) == ("v1", "Secret") and "stringData" in config
    if own.fields != fields_of(type, config) - STRIPPED:
        return False
    given = encode_string_data(config) if secret else config
    if is_within(type, live, given):
        return True
    return equal_values(_without_zeros(merged(type, live, given), live), live)


def _without_zeros(value: Any, live: Any) -> Any:
    """A value without the zeros that the server leaves out when it stores it: those not in the live one."""
    if isinstance(value, dict) and isinstance(live, dict):
        kept = {key: inner for key, inner in value.items() if inner or key in live}
        return {key: _without_zeros(inner, live.get(key)) for key, inner in kept.items()}
    if isinstance(value, list) and isinstance(live, list) and len(value) == len(live):
        return list(map(_without_zeros, value, live))
    return value


def _has_null(value: Any) -> bool:
    """Whether there is a null in a value, at any depth."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return value is None
    # Only for what may have one: most values are texts.
    return any(inner is None or (inner.__class__ in (dict, list) and _has_null(inner)) for inner in value)
