"""Refusals of Secrets without the values that were sent: a server quotes what it can't take. Pure."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from toolz import concat, valmap

from fkube.exchange.messages import Request, Response
from fkube.resource.dataclasses import replace
from fkube.resource.info import metadata_of
from fkube.resource.patterns import compile_later

HIDDEN = "***"
"""What stands in a message for a value."""

_SECRETS = compile_later(r"/api/v1/namespaces/([^/]+)/secrets(?:/([^/]+))?(?:/.*)?")
_PUBLIC = ("apiVersion", "kind", "metadata")
_LONG = 8
"""A value that is shorter than this may be part of a word by chance: only whole words are hidden then."""


def hide_values(request: Request, response: Response) -> Response:
    """Hide the values of a Secret that was sent in the texts of its refusal: plain, escaped and in base64.

    Equation: hide_values(r, a) = a where r is about no Secret, or sends nothing
    Names and keys stay. kubectl prints what the server says.

    >>> request = Request("POST", "/api/v1/namespaces/a/secrets", body={"stringData": "hunter2"})
    >>> refusal = Response(400, {"message": ".stringData: expected map, got &{hunter2}"})
    >>> hide_values(request, refusal).body
    {'message': '.stringData: expected map, got &{***}'}
    """
    place = _SECRETS.fullmatch(request.path)
    if place is None or not request.body:
        return response
    known = {_name_of(request.body), *place.groups()}
    texts = set(concat(map(_list_forms, _list_texts(_decode_body(request.body))))) - known
    return replace(response, body=_hide_in(response.body, texts)) if texts else response


def _hide_in(body: Any, texts: Iterable[str]) -> Any:
    """The body of a refusal with these texts hidden in what people read of it, the longest first."""
    pattern = re.compile("|".join(map(_match_text, sorted(texts, key=len, reverse=True))))
    hide = partial(pattern.sub, HIDDEN)
    if not isinstance(body, Mapping):
        return hide(body) if isinstance(body, str) else body
    details: Any = body.get("details")
    causes = details.get("causes") if isinstance(details, Mapping) else None
    hidden = _hide_in_fields(hide, body)
    if not isinstance(causes, list):
        return hidden
    return {**hidden, "details": {**details, "causes": [_hide_in_fields(hide, cause) for cause in causes]}}


def _hide_in_fields(hide: Callable[[str], str], found: Any) -> Any:
    """A Status or one of its causes, with texts hidden in its message and in the field that it names."""
    if not isinstance(found, Mapping):
        return found
    read = {key: found[key] for key in ("message", "field") if isinstance(found.get(key), str)}
    return {**found, **valmap(hide, read)}


def _match_text(text: str) -> str:
    """The pattern that finds a text; a short one is no part of a word, and no word of a sentence."""
    if len(text) >= _LONG:
        return re.escape(text)
    before = r"(?<![\w ])" if len(text) < _LONG // 2 else r"(?<!\w)"
    return rf"{before}{re.escape(text)}(?!\w)"


def _decode_body(body: Any) -> Any:
    """The JSON data of a body; nothing of one that is no JSON, of which a server quotes a character."""
    if not isinstance(body, str | bytes):
        return body
    with suppress(ValueError, RecursionError):
        return json.loads(body)
    return None


def _name_of(body: Any) -> Any:
    """The name that an object gives itself, or nothing."""
    name = metadata_of(body).get("name")
    return name if isinstance(name, str) else None


def _list_texts(body: Any) -> Iterator[str]:
    """The texts that may be secret in an object, a patch of one, or a list of the operations of one."""
    if isinstance(body, list):
        body = {"operations": [step.get("value") for step in body if isinstance(step, Mapping)]}
    if not isinstance(body, Mapping):
        return
    for key, part in body.items():
        # The type of a Secret is no secret, nor are the keys of its data.
        if key not in _PUBLIC and not (key == "type" and isinstance(part, str)):
            yield from _list_leaves(list(part.values()) if isinstance(part, Mapping) else part)


def _list_leaves(value: Any) -> Iterator[str]:
    """The texts and numbers in JSON data, and the keys of its maps; however deep, so without recursion."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            yield from map(str, part)
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
        elif part is not None and not isinstance(part, bool):
            yield str(part)


def _list_forms(text: str) -> Iterator[str]:
    """The forms in which a message may have a text: as it is, escaped, and to and from base64."""
    data = text.encode("utf-8", "surrogatepass")
    plain = [text, b64encode(data).decode()]
    with suppress(ValueError):
        plain.append(b64decode(data, validate=True).decode())
    yield from filter(None, (form for each in plain for form in (each, json.dumps(each)[1:-1])))
