"""What an object that was looked at proves of a write before: by its fields, its version and its times."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from toolz import dissoc

from fkube.exchange.conversation import Request, Response, with_query
from fkube.exchange.messages import began
from fkube.resource.dataclasses import replace
from fkube.resource.info import Object, metadata_of, with_metadata
from fkube.resource.secrets import encode_string_data

RESOLUTION = 1.0
"""Seconds by which a server's timestamps are cut off."""


def is_older(look: Response, timestamp: Any) -> bool | None:
    """Whether a timestamp of the server is from before the conversation; None where nobody can tell.

    One of the second in which it began counts as later.

    >>> look = Response(200, headers=(("date", "Sun, 06 Nov 1994 08:49:37 GMT"),), elapsed=5.0)
    >>> is_older(look, "1994-11-06T08:49:30Z"), is_older(look, "1994-11-06T08:49:32Z"), is_older(look, "soon")
    (True, False, None)
    """
    then, since = read_timestamp(timestamp), began(look)
    return None if then is None or since is None else then <= since - RESOLUTION


def read_timestamp(timestamp: Any) -> float | None:
    """The time that a timestamp means, in seconds since 1970; None for what is none.

    >>> read_timestamp("1970-01-01T00:01:00Z"), read_timestamp(None)
    (60.0, None)
    """
    try:
        time = datetime.fromisoformat(timestamp)
    except (TypeError, ValueError):
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def is_untouched(look: Response, version: str) -> bool:
    """Whether nobody has changed an object since before a write: by its version, or else by its times."""
    metadata = metadata_of(look.body)
    if version:
        return metadata.get("resourceVersion") == version
    times = [one.get("time") for one in metadata.get("managedFields") or ()]
    return bool(times) and all(is_older(look, time) for time in (metadata.get("creationTimestamp"), *times))


def is_known(write: Request, live: Object) -> bool:
    """Whether the manager of a write is among those of an object, as far as either is told."""
    manager = dict(write.query).get("fieldManager")
    known = [one.get("manager") for one in metadata_of(live).get("managedFields") or ()]
    return not manager or not known or manager in known


def as_kept(sent: Object) -> Object:
    """What was sent, as a server keeps it: a status it does not, and of a Secret no plain text."""
    plain = sent.get("kind") == "Secret" and isinstance(sent.get("stringData"), dict)
    kept = encode_string_data(sent) if plain else sent
    return {key: value for key, value in kept.items() if key != "status"}


def make_dry(write: Request, live: Object) -> Request:
    """The same write as a dry run; where it wants a resourceVersion, it is given the present one."""
    version, body = metadata_of(live).get("resourceVersion"), write.body
    if version_of(body):
        body = with_metadata(body, resourceVersion=version)
    elif isinstance(body, list):
        present = {"value": version}
        body = [{**one, **present} if _sets_version(one) else one for one in body]
    return with_query(replace(write, body=body), dryRun="All")


def _sets_version(operation: Any) -> bool:
    """Whether an operation of a JSON patch is how it wants a resourceVersion."""
    return isinstance(operation, dict) and operation.get("path") == "/metadata/resourceVersion"


def comparable(object: Object) -> Object:
    """An object without what each write changes, whatever it says: version and times."""
    managers = [dissoc(one, "time") for one in metadata_of(object).get("managedFields") or ()]
    return with_metadata(object, resourceVersion=None, managedFields=managers)


def holds(sent: Any, live: Any) -> bool:
    """Whether a live object has all that was sent; a server may have added to it.

    Empty values count as equal, and as equal to none.

    >>> holds({"spec": {"ports": [{"port": 80}]}}, {"spec": {"ports": [{"port": 80, "protocol": "TCP"}]}})
    True
    >>> holds({"data": {"k": "v"}}, {"data": {"k": "other"}})
    False
    """
    if isinstance(sent, dict) and isinstance(live, dict):
        return all(holds(value, live.get(key)) for key, value in sent.items())
    if isinstance(sent, list) and isinstance(live, list):
        return len(sent) == len(live) and all(map(holds, sent, live))
    return bool(sent == live or not (sent or live))


def version_of(object: Any) -> str:
    """The resourceVersion of an object, empty if it has none."""
    return str(metadata_of(object).get("resourceVersion") or "")
