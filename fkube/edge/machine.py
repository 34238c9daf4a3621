"""What is on this machine: extras of fkube with their versions, kubectl, the files of shells' completion."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata
from itertools import groupby
from operator import itemgetter

from fkube import __version__
from fkube.edge.localfiles import read_text
from fkube.kubeconfig.surroundings import Extra, Machine

DEVELOPMENT = ("bench", "dev", "docs", "fuzz")
"""The extras that only whoever works on fkube needs."""

LONGEST = 10.0
"""How many seconds kubectl may take to say its version."""


def look_at_machine(environ: Mapping[str, str]) -> Machine:
    """Look at what is installed here, and at what is on the PATH of the environment."""
    version = ".".join(map(str, sys.version_info[:3]))
    path = environ.get("PATH")
    kubectl = shutil.which("kubectl", path=path) or ""
    return Machine(
        __version__,
        version,
        tuple(_find_extras()),
        kubectl,
        _ask_kubectl(kubectl) if kubectl else "",
        bool(shutil.which("kubectl-fkube", path=path)),
        tuple(_find_completion(environ)),
    )


def _find_extras() -> Iterator[Extra]:
    """The extras that this fkube says it has, each with the versions of what it brings."""
    try:
        required = metadata.requires("fkube") or ()
    except metadata.PackageNotFoundError:
        # It runs from its source, and nothing says what its extras are.
        return
    found = (re.match(r"([\w.-]+).*extra == ['\"]([\w-]+)['\"]", line) for line in required)
    pairs = sorted((each[2], each[1]) for each in found if each)
    for extra, packages in groupby(pairs, key=itemgetter(0)):
        if extra not in DEVELOPMENT:
            yield Extra(extra, tuple((name, _version_of(name)) for _, name in packages))


def _version_of(package: str) -> str:
    """The version of a package, empty if it is not installed."""
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    return ""


def _ask_kubectl(path: str) -> str:
    """The version of a kubectl, empty if it does not say it."""
    try:
        words = [path, "version", "--client", "-o", "json"]
        run = subprocess.run(words, capture_output=True, timeout=LONGEST)
        return str(json.loads(run.stdout)["clientVersion"]["gitVersion"])
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError):
        return ""


def _find_completion(environ: Mapping[str, str]) -> Iterator[str]:
    """The files in the home by which a shell completes fkube's words."""
    home = environ.get("HOME", "")
    for name in _SHELL_FILES if home else ():
        path = os.path.join(home, name)
        if re.search("_FKUBE_COMPLETE|fkube completion", read_text(path).value_or("")):
            yield path


_SHELL_FILES = (
    *(".bashrc", ".bash_profile", ".profile", ".bash_completion", ".zshrc", ".config/fish/config.fish"),
    ".local/share/bash-completion/completions/fkube",
    ".config/fish/completions/fkube.fish",
)
"""Where shells look for completions, below the home."""
