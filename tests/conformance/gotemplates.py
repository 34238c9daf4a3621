"""Go's text/template, run on templates and data by the program in `server/templates`."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.syntax.gotemplate.table import DATA, EXPECTED, Made, mask_values, read_templates

Case = tuple[str, dict[str, Any], bool]
"""A template, data, and whether a missing key is an error."""


def run_go(cases: Sequence[Case]) -> list[Made]:
    """What Go makes of each case, with `***` for values in errors."""
    asked = [{"template": template, "data": data, "strict": strict} for template, data, strict in cases]
    lines = "".join(f"{json.dumps(one)}\n" for one in asked)
    command = ["go", "run", "./templates"]
    where = Path(__file__).parent / "server"
    answer = subprocess.run(
        command, cwd=where, input=lines, capture_output=True, text=True, check=True
    ).stdout
    found = [json.loads(line) for line in answer.splitlines()]
    texts = [b64decode(one["text"] or "").decode("utf-8", "surrogateescape") for one in found]
    return [(text, mask_values(one["error"])) for text, one in zip(texts, found, strict=True)]


def table_cases() -> list[Case]:
    """The cases of the handwritten table: each template with missing keys allowed, and not."""
    return [(template, DATA, strict) for template in read_templates() for strict in (False, True)]


def record() -> None:
    """Write what Go makes of the table, for the tests that run without Go."""
    expected = [list(made) for made in run_go(table_cases())]
    EXPECTED.write_text(json.dumps(expected, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
