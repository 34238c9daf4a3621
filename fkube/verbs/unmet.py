"""What keeps a condition from being met, in words for people. Pure; no value of a Secret is among them."""

from __future__ import annotations

from typing import Any

from fkube.merging.schemashape import map_in
from fkube.resource.info import Object, metadata_of
from fkube.resource.names import quote_text
from fkube.syntax.gotext import go_text
from fkube.syntax.jsonpath import Values

AWAY = "it is not there"
"""What keeps every condition of an object that is not there from being met."""
LONGEST = 100
"""How many characters of a value are shown."""


def is_current(object: Object, row: Object) -> bool:
    """Whether a condition, or else the status, is about the object's present generation.

    Follows `getObservedGeneration` of kubectl's wait.
    """
    observed, generation = _generations(object, row)
    numbers = isinstance(generation, int) and isinstance(observed, int)
    return not numbers or observed >= generation


def _generations(object: Object, row: Object) -> tuple[Any, Any]:
    """The generation that a condition, or else the status, is about, and that of the object; or None."""
    observed = row.get("observedGeneration", map_in(object, "status").get("observedGeneration"))
    return observed, metadata_of(object).get("generation")


def describe_condition(object: Object | None, type: str, row: Object) -> str:
    """Say what a condition is instead of the one waited for; an empty `row` is one that is not there.

    >>> ready = {"type": "Ready", "status": "True", "observedGeneration": 1}
    >>> describe_condition({"metadata": {"generation": 4}}, "ready", ready)
    'Ready is True, but of generation 1, not 4'
    """
    if object is None:
        return AWAY
    if not row:
        rows = map_in(object, "status").get("conditions") or ()
        types = ", ".join(str(one.get("type")) for one in rows if isinstance(one, dict))
        return f"it has no condition {type}{f', only {types}' if types else ''}"
    observed, generation = _generations(object, row)
    reason = f" ({row['reason']})" if row.get("reason") and isinstance(row["reason"], str) else ""
    of = f", but of generation {observed}, not {generation}" if not is_current(object, row) else ""
    return f"{row['type']} is {row['status']}{reason}{of}"


def describe_value(object: Object | None, found: tuple[Values, ...]) -> str:
    """Say which value a template has found instead of the one waited for; none of a Secret.

    >>> describe_value({"kind": "Pod"}, (("Pending",),)), describe_value({"kind": "Pod"}, ((),))
    ('the value is "Pending"', 'there is no value')
    """
    if object is None:
        return AWAY
    if not found or not found[0]:
        return "there is no value"
    if object.get("kind") == "Secret":
        return "the value is another"
    text = go_text(found[0][0])
    return f"the value is {quote_text(text if len(text) <= LONGEST else f'{text[:LONGEST]}…')}"


def describe_deletion(object: Object) -> str:
    """Say why an object is still there: nobody deletes it, or who holds it.

    >>> going = {"deletionTimestamp": "1970-01-01T00:00:00Z", "finalizers": ["example.com/a"]}
    >>> describe_deletion({"metadata": going}), describe_deletion({"metadata": {"name": "a"}})
    ('it is being deleted, and held by the finalizer example.com/a', 'it is not being deleted')
    """
    metadata = metadata_of(object)
    if not metadata.get("deletionTimestamp"):
        return "it is not being deleted"
    held: Any = metadata.get("finalizers") or map_in(object, "spec").get("finalizers")
    if not isinstance(held, list) or not held:
        return "it is being deleted"
    finalizers = f"finalizer{'s' * (len(held) > 1)} {', '.join(map(str, held))}"
    return f"it is being deleted, and held by the {finalizers}"
