"""The types of metadata fields, which all objects have. No other field is known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeAlias

from fkube.resource.info import Object
from fkube.resource.patterns import compile_later

Mistake: TypeAlias = tuple[str, tuple[str, ...]]
"""A message about a field of the wrong type, and the path of the field."""


def _fields_of_types(**names: str) -> dict[str, str]:
    """Make a table from field to type of the names that fields of each type have."""
    return {name: type for type, row in names.items() for name in row.split()}


_OWNER = _fields_of_types(string="apiVersion kind name uid", bool="controller blockOwnerDeletion")
_MANAGER = _fields_of_types(string="manager operation apiVersion fieldsType subresource", time="time")
_FIELDS: dict[str, Any] = {
    **_fields_of_types(string="apiVersion kind"),
    "metadata": {
        **_fields_of_types(
            string="name generateName namespace selfLink uid resourceVersion",
            int64="generation deletionGracePeriodSeconds",
            time="creationTimestamp deletionTimestamp",
        ),
        **{key: {"*": "string"} for key in ("labels", "annotations")},
        "ownerReferences": [_OWNER],
        "finalizers": ["string"],
        "managedFields": [_MANAGER],
    },
}
_TEXTS, _MAPS = frozenset(("name", "namespace")), frozenset(("labels", "annotations"))
_PLAIN = _TEXTS | _MAPS
_TYPES = {"string": str, "int64": int, "bool": bool}
_NAMES = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}
_RFC3339 = compile_later(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})"
)


def wrong_type(object: Object) -> Mistake | None:
    """Find the first metadata field of the wrong type: a message and its path, or None.

    Follows `metadataValidatingDecoder.Decode` of cli-runtime; null is fine anywhere.

    >>> wrong_type({"kind": "Pod", "metadata": {"name": 5}})
    ('cannot unmarshal number into metadata.name of type string: quote it', ('metadata', 'name'))
    """
    return None if _is_plain(object) else next(_find_mistakes(object, _FIELDS, ()), None)


def _is_plain(object: Object) -> bool:
    """Whether the metadata of an object are names, labels and annotations alone, as most manifests' are."""
    # All that is read comes through here: looking at each field by its type takes six times as long.
    metadata = object.get("metadata") if isinstance(object, dict) else None
    return (
        isinstance(metadata, dict)
        and metadata.keys() <= _PLAIN
        and _are_texts(map(object.get, ("apiVersion", "kind")))
        and _are_texts(map(metadata.get, _TEXTS.intersection(metadata)))
        and all(
            texts.__class__ is dict and _are_texts(texts.values())
            for texts in map(metadata.get, _MAPS.intersection(metadata))
        )
    )


def _are_texts(values: Iterable[Any]) -> bool:
    """Whether each value is a text."""
    return all(value.__class__ is str for value in values)


def _find_mistakes(value: Any, wanted: Any, path: tuple[str, ...]) -> Iterator[Mistake]:
    """Find every value of the wrong type; `wanted` is a type name, a list of one, or types by field."""
    if value is None:
        return
    if isinstance(wanted, dict) and isinstance(value, dict):
        for key, field in value.items():
            yield from _find_mistakes(field, wanted.get(key, wanted.get("*", "any")), (*path, key))
    elif isinstance(wanted, list) and isinstance(value, list):
        for item in value:
            yield from _find_mistakes(item, wanted[0], path)
    elif wanted == "time" and isinstance(value, str):
        if not _is_time(value):
            yield f'{".".join(path)} is no time like "2006-01-02T15:04:05Z"', path
    elif wanted != "any" and type(value) is not _TYPES.get(wanted if isinstance(wanted, str) else ""):
        yield _type_message(value, wanted, path), path


def _type_message(value: Any, wanted: Any, path: tuple[str, ...]) -> str:
    """What Go's decoder says of a value that has not the wanted type."""
    got = json_name(value)
    of = {"time": "string"}.get(wanted, wanted) if isinstance(wanted, str) else _NAMES[type(wanted)]
    hint = ": quote it" if of == "string" and got in ("number", "bool") else ""
    return f"cannot unmarshal {got} into {'.'.join(path) or 'a Kubernetes object'} of type {of}{hint}"


def json_name(value: Any) -> str:
    """The word of Go's decoder for a value: `number`, `array`.

    >>> json_name(1.5), json_name([])
    ('number', 'array')
    """
    return _NAMES.get(type(value), "value")


def _is_time(text: str) -> bool:
    """Whether a text is a time as RFC 3339 writes it."""
    try:
        return bool(_RFC3339.fullmatch(text) and datetime.fromisoformat(text[:19]))
    except ValueError:
        return False
