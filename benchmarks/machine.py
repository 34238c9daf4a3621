"""On what was measured: the machine, the versions, the date and the commit."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.world import PROGRAMS, ROOT, VENVS
from tests.conformance.assets import version as server_version

MODEL, TOTAL = r"model name\s*: (.*)", r"MemTotal:\s*(\d+)"
PACKAGES = ("fkube", "PyYAML", "urllib3", "kubernetes", "lightkube", "kr8s")


def describe() -> dict[str, str]:
    """What stands over each table."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": _commit(),
        "processor": f"{os.cpu_count()} × {_found('/proc/cpuinfo', MODEL)}",
        "memory": f"{int(_found('/proc/meminfo', TOTAL) or 0) / 2**20:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "kubectl": _kubectl(),
        "kube-apiserver": server_version().removeprefix("v"),
        **{name: found for name, found in _packages().items() if name in PACKAGES},
    }


def _commit() -> str:
    """The commit, and whether something was changed since."""
    changed = _said(["git", "status", "--porcelain", "--untracked-files=no", "--", "fkube", "benchmarks"])
    return (_said(["git", "rev-parse", "--short=12", "HEAD"]) or "unknown") + (
        " and changes" if changed else ""
    )


def _kubectl() -> str:
    told = _said([str(PROGRAMS["kubectl"]), "version", "--client", "-o", "json"])
    return str(json.loads(told)["clientVersion"]["gitVersion"]).removeprefix("v") if told else "unknown"


def _packages() -> dict[str, str]:
    """The versions of packages: those that fkube was measured with come last, and count."""
    listed: dict[str, str] = {}
    for venv in (VENVS / "peers", VENVS / "plain"):
        pip = [str(ROOT / ".venv/bin/python"), "-m", "pip", "--python", str(venv / "bin" / "python")]
        told = _said([*pip, "list", "--format", "json", "--disable-pip-version-check"])
        listed |= {each["name"]: each["version"] for each in json.loads(told or "[]")}
    return listed


def _said(command: Sequence[str]) -> str:
    """What a command prints; nothing if it can't be run."""
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _found(path: str, pattern: str) -> str:
    """What a pattern finds in a file of the kernel; nothing where there is no such file."""
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8"))
    except OSError:
        return ""
    return found[1] if found else ""
