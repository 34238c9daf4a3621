"""The figures of the last whole run of each instrument, kept for docs/explanation/failure.md."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fkube.edge.attempt import AGENT


def keep_figures(instrument: str, figures: Mapping[str, Any]) -> None:
    """Keep what an instrument counted in the file that FIGURES names, as the targets of the Makefile do."""
    path = os.environ.get("FIGURES")
    if path is None:
        return
    kept = read_figures(Path(path))
    day = datetime.now(UTC).date().isoformat()
    whole = {**kept, instrument: {**figures, "day": day, "agent": AGENT}}
    Path(path).write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_figures(path: Path) -> dict[str, Any]:
    """What was kept so far, by instrument."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
