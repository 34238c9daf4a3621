"""The two forms of a Secret's values: plain text as it is written, base64 as the server keeps it."""

from __future__ import annotations

import re
from base64 import b64encode

from toolz import dissoc

from fkube.resource.info import Object


def encode_string_data(secret: Object) -> Object:
    """Move what a Secret gives in `stringData` to `data`, in base64; one that is none stays as it is.

    Half a surrogate pair is U+FFFD, as Go reads it. Follows the conversion of `v1.Secret`.

    >>> encode_string_data({"kind": "Secret", "stringData": {"key": "a"}, "data": {"other": "Yg=="}})
    {'kind': 'Secret', 'data': {'other': 'Yg==', 'key': 'YQ=='}}
    """
    given, kept = secret.get("stringData") or {}, secret.get("data") or {}
    if not (isinstance(given, dict) and isinstance(kept, dict)):
        # The server refuses it: what it is sent stays as it was written.
        return secret
    plain = {key: b64encode(_to_bytes(str(text))).decode() for key, text in given.items()}
    return {**dissoc(secret, "stringData"), "data": {**kept, **plain}}


def _to_bytes(text: str) -> bytes:
    """A text in UTF-8."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text).encode()
