"""YAML as kubectl prints it, which kubectl reads as the same object again. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cmp_to_key, lru_cache

import yaml

from fkube.resource.patterns import compile_later
from fkube.syntax.yamlscalars import is_timestamp, resolve_plain

_BASE60 = compile_later(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_HALVES = compile_later("[\ud800-\udfff]")
_BREAKS = compile_later("[\x85\u2028\u2029]")
_DIGITS = compile_later(r"[0-9]*")
_DUMPER = getattr(yaml, "CDumper", yaml.Dumper)
"""Libyaml's, where PyYAML has it."""


def yaml_text(value: object) -> str:
    """The value as a YAML document, with a line end and without markers.

    Strings that would be read as something else (`y`, `1e3`, dates) are quoted, those of several lines are
    blocks, lists are not indented and keys are in natural order.
    Follows `YAMLPrinter` of cli-runtime and the encoder of go.yaml.in/yaml/v2.

    >>> print(yaml_text({"a10": ["y", "x\\ny"], "a9": {}}), end="")
    a9: {}
    a10:
    - "y"
    - |-
      x
      y
    """
    stream = (yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False))
    end = (yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent())
    # Events, not nodes: a representer would be global, and slower.
    text = yaml.emit((*stream, *_value_events(value), *end), Dumper=_DUMPER, allow_unicode=True)
    return str(text).removesuffix("...\n")


def natural_order(keys: Iterable[str]) -> list[str]:
    """Keys in natural order: numbers by value, other signs before letters.

    Follows `keyList.Less` of go.yaml.in/yaml/v2.

    >>> natural_order(["a10", "a9", "ab", "a"])
    ['a', 'a9', 'a10', 'ab']
    """
    found = sorted(keys)
    return found if all(map(str.isalpha, found)) else sorted(found, key=cmp_to_key(_compare_keys))


def _value_events(value: object) -> Iterator[yaml.Event]:
    """The events by which PyYAML's emitter writes a value."""
    if isinstance(value, dict):
        yield yaml.MappingStartEvent(None, None, True, flow_style=not value)
        for key in natural_order(value):
            yield _scalar_event(key) if key != "<<" else _text_event(key, '"')
            yield from _value_events(value[key])
        yield yaml.MappingEndEvent()
    elif isinstance(value, (list, tuple)):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=not value)
        for item in value:
            yield from _value_events(item)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar_event(value)


def _scalar_event(value: object) -> yaml.Event:
    """The event of a scalar in the style of go-yaml, quoted where it would be read as something else.

    The emitter takes the next style where that can't hold the text.
    """
    if not isinstance(value, str):
        return _text_event(_format_float(value) if isinstance(value, float) else json.dumps(value))
    # Most texts come again, keys above all: to choose their style takes longer than to write them.
    return _keep_event(value) if len(value) < _LONGEST_KEPT else _string_event(value)


def _string_event(value: str) -> yaml.Event:
    """The event of a text, in the style that `_scalar_event` says."""
    if _HALVES.search(value):
        value = _HALVES.sub("\ufffd", value)
    if _BREAKS.search(value):
        # These are line ends to YAML; a style that folds them would change the text.
        return _text_event(value, '"')
    if "\n" in value:
        return _text_event(value, "|")
    readable = resolve_plain(value) == value and not is_timestamp(value) and not _BASE60.fullmatch(value)
    return _text_event(value, None if readable else '"')


_keep_event = lru_cache(maxsize=4096)(_string_event)
_LONGEST_KEPT = 100


def _format_float(value: float) -> str:
    """A float in Go's words: with an exponent from a million on (`FormatFloat(value, 'g', -1, 64)`)."""
    from decimal import Decimal

    digits = Decimal(repr(value)).normalize()
    if -4 <= digits.adjusted() < 6:
        return f"{digits:f}"
    return re.sub(r"e([-+])(\d)$", r"e\g<1>0\2", f"{digits:e}")


def _text_event(text: str, style: str | None = None) -> yaml.Event:
    """The event of a scalar's text; `style` is its quote or `|`, None for plain."""
    return yaml.ScalarEvent(None, None, (True, True), text, style=style)


def _compare_keys(a: str, b: str) -> int:
    """Compare keys by the first character in which they differ: negative if `a` comes first."""
    position = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    if position is None:
        return len(a) - len(b)
    x, y = a[position], b[position]
    if x.isalpha() or y.isalpha():
        return (x > y) - (x < y) if x.isalpha() and y.isalpha() else int(x.isalpha()) - int(y.isalpha())
    first, second = (_number_at(key, position, "0" in (x, y)) for key in (a, b))
    return 1 if first > second else -1


def _number_at(key: str, position: int, zero: bool) -> tuple[int, int, str]:
    """What to order a key by at a position: the number there, its length, and the character there.

    `zero`: one of the two characters compared is a zero, which counts only after other digits.
    """
    digits = _DIGITS.match(key, position)
    before = key[:position].rstrip("0")[-1:] if zero else ""
    # After other digits a zero counts: 10 comes before 100.
    value = int(f"{int(before.isdigit())}{digits[0] if digits else ''}" or 0)
    return value, len(digits[0]) if digits else 0, key[position]
