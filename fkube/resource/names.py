"""Which texts may be label keys, label values and names, checked in the API server's words. No I/O.

Follows `k8s.io/apimachinery/pkg/api/validate/content`.
"""

from __future__ import annotations

import re
from itertools import chain

_NAME = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"

_NAME_MESSAGE = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
    f" character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_NAME}')"
)
_VALUE_MESSAGE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
    " start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345',"
    f" regex used for validation is '({_NAME})?')"
)
_SUBDOMAIN_MESSAGE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
    " start and end with an alphanumeric character (e.g. 'example.com',"
    f" regex used for validation is '{_SUBDOMAIN}')"
)


def label_key_problems(key: str) -> tuple[str, ...]:
    """Say why a text can be no label key; empty if it can be one. Follows `content.IsLabelKey`.

    >>> label_key_problems("app.kubernetes.io/name"), label_key_problems("/name")
    ((), ('prefix part must be non-empty',))
    """
    *prefixes, name = key.split("/")
    if len(prefixes) > 1:
        prefixed = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        return (f"a valid label key {_NAME_MESSAGE} {prefixed}",)
    empty = ("must be non-empty",)
    of_prefix = chain.from_iterable(subdomain_problems(prefix) if prefix else empty for prefix in prefixes)
    length = _length_problems(name, 63) if name else empty
    of_name = (*length, *_pattern_problems(_NAME, name, _NAME_MESSAGE))
    return (*map("prefix part {}".format, of_prefix), *map("name part {}".format, of_name))


def label_value_problems(value: str) -> tuple[str, ...]:
    """Say why a text can be no label value; empty if it can be one. Follows `content.IsLabelValue`.

    >>> label_value_problems(""), label_value_problems("x" * 64)
    ((), ('must be no more than 63 bytes',))
    """
    return (*_length_problems(value, 63), *_pattern_problems(rf"({_NAME})?", value, _VALUE_MESSAGE))


def subdomain_problems(name: str) -> tuple[str, ...]:
    """Say why a text can be no DNS subdomain; empty if it can be one. Follows `content.IsDNS1123Subdomain`.

    >>> subdomain_problems("example.com")
    ()
    """
    return (*_length_problems(name, 253), *_pattern_problems(_SUBDOMAIN, name, _SUBDOMAIN_MESSAGE))


def quote_text(text: str) -> str:
    r"""Put a text into double quotes, as Go's `%q` does.

    >>> print(quote_text('a "b"\n'))
    "a \"b\"\n"
    """
    return f'"{"".join(map(_escape_character, text))}"'


def _length_problems(text: str, limit: int) -> tuple[str, ...]:
    """Say that a text has more than `limit` bytes; empty if it has not."""
    too_long = len(text.encode(errors="surrogatepass")) > limit
    return (f"must be no more than {limit} bytes",) if too_long else ()


def _pattern_problems(pattern: str, text: str, message: str) -> tuple[str, ...]:
    """Give the message if a text does not match the whole pattern; else nothing."""
    return () if re.fullmatch(pattern, text) else (message,)


_ESCAPES = {c: f"\\{e}" for c, e in zip('"\\\a\b\f\n\r\t\v', '"\\abfnrtv', strict=True)}


def _escape_character(character: str) -> str:
    """Write one character as Go's `%q` does."""
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    code = ord(character)
    # Bytes that were no UTF-8 reach Python as lone surrogates.
    if code < 0x80 or 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code & 0xFF:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
