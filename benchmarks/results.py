"""What was measured, as it is kept: docs/benchmarks/results.json, rows and what they ran on.

{"runs": {ID: {"date", "commit", "processor", …}},
 "rows": {NAME: {"run": ID, "rounds", "samples": {CONTENDER: [{"round", "wall", "cpu", "peak"}]}, "skipped"}}}
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

PAGES = Path(__file__).parents[1] / "docs" / "benchmarks"
KEPT = PAGES / "results.json"
Results: TypeAlias = Mapping[str, Any]
NONE: Results = {"runs": {}, "rows": {}}
FLAT = re.compile(r"\{\s+([^{}\[\]]*?)\s+\}")
"""An object that holds none."""
DIGITS = {"wall": 4, "cpu": 5, "peak": 1}


def read_results(path: Path = KEPT) -> Results:
    """What was kept; nothing where there is no such file."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else NONE


def with_row(results: Results, name: str, measured: Mapping[str, Any], run: Mapping[str, str]) -> Results:
    """The results with a row in place of the one that was there; a run that no row names any more goes.

    >>> first = with_row(NONE, "a", {"samples": {}}, {"date": "1"})
    >>> [run["date"] for run in with_row(first, "a", {"samples": {}}, {"date": "2"})["runs"].values()]
    ['2']
    """
    key = sha256(json.dumps(run, sort_keys=True).encode()).hexdigest()[:8]
    rows = {**results["rows"], name: {**_rounded(measured), "run": key}}
    runs = {**results["runs"], key: dict(run)}
    named = {row["run"] for row in rows.values()}
    return {"runs": {key: each for key, each in runs.items() if key in named}, "rows": rows}


def written(results: Results) -> str:
    """The text of the file: a line for each sample."""
    text = json.dumps({**results, "rows": dict(sorted(results["rows"].items()))}, indent=1)
    return FLAT.sub(lambda found: f"{{{' '.join(found[1].split())}}}", text) + "\n"


def _rounded(measured: Mapping[str, Any]) -> dict[str, Any]:
    """A row's samples without digits that mean nothing."""
    samples = {
        name: [{key: round(value, DIGITS.get(key, 0)) for key, value in sample.items()} for sample in taken]
        for name, taken in measured["samples"].items()
    }
    return {**measured, "samples": samples}
