"""The two forms of a Secret's values: plain text as it is written, base64 as the server keeps it."""

from __future__ import annotations

from base64 import b64encode

from toolz import dissoc

from fkube.resource.info import Object


def encode_string_data(secret: Object) -> Object:
    """Move what a Secret gives in `stringData` to `data`, in base64. Follows the conversion of `v1.Secret`.

    >>> encode_string_data({"kind": "Secret", "stringData": {"key": "a"}, "data": {"other": "Yg=="}})
    {'kind': 'Secret', 'data': {'other': 'Yg==', 'key': 'YQ=='}}
    """
    plain = {key: b64encode(str(text).encode()).decode() for key, text in secret["stringData"].items()}
    return {**dissoc(secret, "stringData"), "data": {**(secret.get("data") or {}), **plain}}
