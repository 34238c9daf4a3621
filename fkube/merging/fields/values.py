"""Values of fields by their paths, as the server writes those in messages. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

_ITEM = re.compile(r'\[((?:[^]"]|"(?:[^"\\]|\\.)*")*)\]')
_KEY = re.compile(r'([^=,]*)=("(?:[^"\\]|\\.)*"|[^,]*)')


def at(value: Any, path: str) -> Any:
    """What is at a path; None where nothing is.

    >>> pod = {"spec": {"containers": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]}}
    >>> at(pod, '.spec.containers[name="b"].image'), at({"data": {"a.b": "1"}}, ".data.a.b"), at(pod, ".x")
    ('y', '1', None)
    """
    if not path:
        return value
    item = _ITEM.match(path)
    if item:
        found = (one for one in value if _is(one, item[1])) if isinstance(value, list) else iter(())
        return at(next(found, None), path[item.end() :])
    inner = (
        ((key, path[1 + len(key) :]) for key in value if path[1:].startswith(key))
        if isinstance(value, dict)
        else ()
    )
    for key, rest in sorted(inner, key=lambda pair: len(pair[1])):
        if not rest or rest[0] in ".[":
            return at(value[key], rest)
    return None


def _is(item: Any, told: str) -> bool:
    """Whether an item is the one that is told by its keys, or by its value."""
    keys = {name: _read(text) for name, text in _KEY.findall(told)}
    if "" in keys:
        return bool(item == keys[""])
    return isinstance(item, dict) and all(item.get(name, value) == value for name, value in keys.items())


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
