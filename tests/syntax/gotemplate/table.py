"""The table of Go templates that is checked: each with what Go made of it. Nothing is run here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from returns.result import Failure

from fkube.resource.names import quote_text
from fkube.syntax.gotemplate import Bounds, parse, render

HERE = Path(__file__).parent
DATA: dict[str, Any] = json.loads((HERE / "data.json").read_text(encoding="utf-8"))
EXPECTED = HERE / "expected.json"
BOUNDS = Bounds(steps=100_000, characters=20_000_000)

Made = tuple[str, str]
"""The text that a template made, and the error that ended it."""


def read_templates() -> list[str]:
    """The templates of the table, one a line."""
    lines = (HERE / "templates.txt").read_text(encoding="utf-8").split("\n")
    return [line.replace("↵", "\n") for line in lines if line and not line.startswith("# ")]


def mask_values(error: str) -> str:
    """An error of Go with `***` where it has a value."""
    for pattern in _VALUES:
        error = pattern.sub(lambda found: f"{found[1]}***{found[2]}", error)
    return _TWO_VALUES.sub(r"\1***: \2: ***", error)


def make(template: str, data: dict[str, Any], strict: bool) -> Made:
    """What fkube makes of a template; the error as Go has it, without what kubectl says before it."""
    found = parse(template)
    match found:
        case Failure(wrong):
            return "", mask_values(wrong.message)
    text, error = render(found.unwrap(), data, not strict, BOUNDS)
    before = f"error executing template {quote_text(template)}: "
    return text, mask_values(error.message.removeprefix(before)) if error else ""


_VALUES = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        "(range can't iterate over ).*()$",
        "(can't use ).*( to iterate over more than one variable)$",
        "(non-comparable type ).*(: \\S+ \\S+)$",
        "(non-function ).*( of type )",
        "(index out of range: ).*()$",
    )
]
_TWO_VALUES = re.compile("(non-comparable types ).*?: (\\S+(?: \\{\\})?, \\S+(?: \\{\\})?): .*$", re.DOTALL)
