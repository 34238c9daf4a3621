"""Answers in a form that can be compared: without what differs from server to server and run to run."""

from __future__ import annotations

import re
from typing import Any

MASKED = (
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "lastTransitionTime",
    "continue",
)
LEFT_OUT = ("managedFields", "description", "storageVersionHash")
PATTERNS = (
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UID"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"(gen-|Gen_)[a-z0-9]{5}\b", r"\1GEN"),
    (r"^(\d+[smhdy])+$", "AGE"),
    (r"(record \(|current: )\d+", r"\1N"),
    (r'(resourceVersion\\?":\\?")\d+', r"\1N"),
)


def comparable(value: Any) -> Any:
    """JSON data without uids, times, versions and generated names."""
    if isinstance(value, dict):
        return {key: _field(key, inner) for key, inner in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [comparable(inner) for inner in value]
    return _masked(value) if isinstance(value, str) else value


def _field(key: str, value: Any) -> Any:
    return "*" if key in MASKED and isinstance(value, str) and value else comparable(value)


def _masked(text: str) -> str:
    for pattern, replacement in PATTERNS:
        text = re.sub(pattern, replacement, text)
    return text


def answer(status: int, body: Any, headers: list[tuple[str, str]]) -> dict[str, Any]:
    """What is compared of an answer."""
    warned = sorted(value for key, value in headers if key.lower() == "warning")
    kind = next((value for key, value in headers if key.lower() == "content-type"), "")
    return {"status": status, "body": comparable(body), "warnings": warned, "type": kind}
