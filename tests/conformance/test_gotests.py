"""fkube's functions beside the calls that Go's own tests make of those that they follow."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from returns.result import Failure, Result, Success

from fkube.merging.fields import compared, fields_of, from_fields_v1, merged, problems, reconciled, without
from fkube.merging.fields.managers import Manager
from fkube.merging.fields.updating import Rules, apply_configuration, update_managers
from fkube.merging.patches import (
    Schema,
    difference,
    strategic_merged,
    three_way_difference,
    three_way_merge,
)
from fkube.resource.info import Info
from fkube.resource.selectors import field_selector, label_selector
from fkube.syntax import jsonpath
from fkube.syntax.quantity import quantity
from tests.conformance.gotests import PACKAGES, recorded_calls
from tests.conformance.gotypes import read_type

Call: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = tuple[Any, Any]
"""What fkube answers, and what Go has answered."""
pytestmark = pytest.mark.skipif(
    "KUBEBUILDER_ASSETS" in os.environ and shutil.which("go") is None, reason="Go's own tests need Go"
)
KNOWN = yaml.safe_load((Path(__file__).parent / "gotests.yaml").read_text())


def of_selectors(parse: Callable[[str], Any], info: Callable[[Call], Info]) -> Callable[[Call], Answer]:
    """Ask selectors of one kind: what they are, or why they are none, and what they choose."""

    def ask(call: Call) -> Answer:
        selector = parse(call["text"])
        if call["call"] == "matches":
            return isinstance(selector, Success) and selector.unwrap()(info(call)), call["out"]
        return _text(selector), call.get("out") if "out" in call else call["error"]

    return ask


def of_quantities(call: Call) -> Answer:
    """Ask what number a quantity is."""
    ours, theirs = quantity(call["text"]), Decimal(call["out"]) if "out" in call else None
    return ours, ours if ours == theirs else theirs


def of_jsonpath(call: Call) -> Answer:
    """Ask whether a template is one, and what is written by it."""
    template = jsonpath.parse(call["text"])
    if call["call"] == "parse" or isinstance(template, Failure):
        return str(template.failure()) if isinstance(template, Failure) else None, call["error"]
    written = jsonpath.render(template.unwrap(), call["data"], call["missing"], call["json"])
    if isinstance(written, Failure):
        # An error comes with the template, and never with the object.
        return str(written.failure()).endswith(f": {call['error']}."), True
    ours, theirs = written.unwrap(), call["error"] or call["out"]
    # What Go finds in a map comes in another order each time.
    return (sorted(ours.split()), sorted(theirs.split())) if ".." in call["text"] else (ours, theirs)


def of_strategic_patches(call: Call) -> Answer:
    """Ask for a patch of two objects or three, or for what a patch leaves of an object."""
    schema = Schema(call["schema"], call["schemas"])
    objects = [call.get(key) or {} for key in ("original", "patch", "modified", "current")]
    original, patch, modified, live = objects
    made = {
        "apply": lambda: strategic_merged(schema, original, patch),
        "two": lambda: difference(schema, original, modified),
        "three": lambda: three_way_difference(schema, original, modified, live, call.get("overwrite", True)),
    }[call["call"]]()
    # Messages name no values: they may be those of a Secret.
    return (None if isinstance(made, Failure) else made.unwrap()), call["out"]


def of_merge_patches(call: Call) -> Answer:
    """Ask for the merge patch of three objects."""
    return three_way_merge(*(call[key] or {} for key in ("original", "modified", "current"))), call["out"]


def of_types(call: Call) -> Answer:
    """Ask what a typed value is: whether it is valid, its fields, and how it merges with another."""
    type, value, other = read_type(call["type"]), call.get("value"), call.get("other")
    if call["call"] == "validate":
        return bool(problems(type, value, call["duplicates"])), bool(call["error"])
    if call.get("error"):
        return None, None  # Values that are not valid come no further here.
    if call["call"] == "merge":
        return merged(type, value, other), call["out"]
    if call["call"] == "remove":
        return without(type, value, _fields(call["fields"])), call["out"]
    if call["call"] == "reconcile":
        return reconciled(type, _fields(call["fields"])), _fields(call["out"] or call["fields"])
    if call["call"] == "compare":
        change = compared(type, value, other)
        return [change.removed, change.modified, change.added], [*map(_fields, call["out"])]
    return fields_of(type, value), _fields(call["out"])


def of_updates(call: Call) -> Answer:
    """Ask who owns which fields after an update or an apply, what that leaves, or what is in its way."""
    if call["call"] not in ("apply", "update"):
        return of_types(call)
    types, live = call["types"], call["live"]
    reset = tuple(_fields(call["ignored"] or {}))
    rules = Rules(lambda version: read_type(types[version]) if types.get(version) else None, reset)
    before = [
        Manager(name, "Apply" if applied else "Update", version, fields=_fields(fields))
        for name, (version, applied, fields) in call["managers"].items()
    ]
    who = Manager(call["manager"], call["call"].title(), call["version"])
    after = {name: (version, _fields(fields)) for name, (version, _, fields) in (call["after"] or {}).items()}
    if call["call"] == "update":
        return _owners(update_managers(rules, live, call["object"], before, who)), after
    found = apply_configuration(rules, live, call["object"], before, who, call["force"])
    if isinstance(found, Failure):
        return frozenset().union(*(fields for _, fields in found.failure())), _fields(
            call.get("conflicts") or {}
        )
    result = found.unwrap()
    return (result.object, _owners(result.managers)), (call.get("out", live), after) if not call[
        "error"
    ] else None


ASKED: Mapping[str, Callable[[Call], Answer]] = {
    "fields": of_selectors(field_selector, lambda call: Info(call["fields"] or {})),
    "labels": of_selectors(label_selector, lambda call: Info({"metadata": {"labels": call["labels"]}})),
    "resource": of_quantities,
    "jsonpath": of_jsonpath,
    "jsonmergepatch": of_merge_patches,
    "strategicpatch": of_strategic_patches,
    "typed": of_types,
    "merge": of_updates,
}


@pytest.mark.parametrize("package", [package.name for package in PACKAGES])
def test_calls_are_answered_as_in_go(package: str, record_property: Callable[[str, int], None]) -> None:
    calls = [*recorded_calls(package)]
    found = differing(package, calls)
    counts = Counter(_name(call) for call, *_ in found)
    known = {name: count for entry in KNOWN.get(package, ()) for name, count in entry["cases"].items()}
    unknown = [_told(*each) for each in found if counts[_name(each[0])] != known.get(_name(each[0]))]
    assert not unknown, "\n".join(unknown[:20])
    assert dict(counts) == known
    record_property("calls of Go's own tests", len(calls))


@pytest.mark.parametrize("package", [package.name for package in PACKAGES])
def test_other_answers_are_found(package: str) -> None:
    calls = [*recorded_calls(package)][-9:]
    assert differing(package, [{**call, **OTHER.get(call["call"], {"out": 1})} for call in calls])


OTHER: Mapping[str, Any] = {
    "parse": {"out": "other", "error": "other"},
    "validate": {"error": None, "value": {"other": [1]}},
    "apply": {"out": {"other": 1}, "error": None},
    "update": {"after": {"other": ["v1", False, {"f:other": {}}]}},
    "matches": {"out": None},
    "quantity": {"out": "0.123"},
    "fields": {"out": {"f:other": {}}, "error": None},
    "reconcile": {"out": {"f:other": {}}},
    "compare": {"out": [{"f:other": {}}, {}, {}], "error": None},
}
"""What Go never answered, by call."""


def differing(package: str, calls: Sequence[Call]) -> list[tuple[Call, Any, Any]]:
    """The calls that fkube answers in another way, with both answers."""
    found = [(call, *ASKED[package](call)) for call in calls]
    return [each for each in found if not _same(*each[1:])]


def _name(call: Call) -> str:
    """The name of cases that differ for one reason: the test, what it calls, and the text that it gives."""
    return " ".join(filter(None, (call["test"], call["call"], call.get("text"))))


def _told(call: Call, ours: object, theirs: object) -> str:
    given = {key: value for key, value in call.items() if key not in ("type", "types", "schema", "schemas")}
    return f"{_name(call)}: fkube {ours!r}, Go {theirs!r}; {json.dumps(given)[:1500]}"


def _same(ours: Any, theirs: Any) -> bool:
    """Whether two answers are equal; in JSON 1 and 1.0 are two things, true and 1 too."""
    return repr(_ordered(ours)) == repr(_ordered(theirs))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    if isinstance(value, frozenset):
        return sorted(value)
    return [*map(_ordered, value)] if isinstance(value, list | tuple) else value


def _text(found: Result[Any, Any]) -> str:
    return str(found.failure() if isinstance(found, Failure) else found.unwrap())


def _fields(written: Any) -> Any:
    return from_fields_v1(written)


def _owners(managers: Any) -> Any:
    return {manager.name: (manager.version, manager.fields) for manager in managers}
