"""The flags of kubectl's commands: `python -m tests.conformance.flags` records the table in `tests/cli`.

It takes Go, and minutes: kubectl is built from its modules.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from fkube.cli.overview import COMMANDS, SUBCOMMANDS
from tests.conformance.assets import MODULE

RECORDED = Path(__file__).parents[1] / "cli" / "kubectl-flags.json"

Shown: TypeAlias = dict[str, tuple[str, str]]
"""By the name of each flag its shorthand and its default."""


def record() -> None:
    """Let kubectl's own code tell its flags, and write those of the commands that fkube has."""
    with tempfile.TemporaryDirectory() as folder:
        copied = shutil.copytree(MODULE, Path(folder, "server"))
        go = ["go", "run", "-mod=mod", "./flags"]
        told = json.loads(subprocess.run(go, cwd=copied, check=True, stdout=subprocess.PIPE).stdout)
    # The folder of the cache is that of whoever asks.
    told[""]["cache-dir"][1] = ""
    RECORDED.write_text(table_text(told))


def table_text(told: Mapping[str, Mapping[str, list[str]]]) -> str:
    """The table of the commands that fkube has, a flag a line; without a name: of all commands."""
    names = [name for name in ("", *COMMANDS, *SUBCOMMANDS) if name in told]
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_rows(told[name])}" for name in names) + "\n}\n"


def _rows(flags: Mapping[str, list[str]]) -> str:
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(flag)}" for name, flag in sorted(flags.items()))
    return f"{{\n{rows}\n}}" if rows else "{}"


def shown(help: str) -> Shown:
    """The flags that the text of kubectl's help shows."""
    found = re.findall(r"^ {4}(?:-(\w), )?--([\w-]+)=(.*):$", help, re.MULTILINE)
    return {name: (short, re.sub("^'(.*)'$", r"\1", default)) for short, name, default in found}


if __name__ == "__main__":
    record()
