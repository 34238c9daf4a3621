"""What a server offers, kept on disk between commands as kubectl keeps it: private, replaced as a whole."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from fkube.edge.client import Clock

Answers: TypeAlias = Mapping[str, Any]
"""The bodies that a server answered, by path."""

OLDEST = 6 * 60 * 60.0
"""The age in seconds from which the answers count no more, as in `ToDiscoveryClient` of cli-runtime."""


@dataclass(frozen=True, slots=True)
class DiskCache:
    """The cache of one server in a folder of its own. Many may read and write it at once.

    Follows `client-go/discovery/cached/disk`, with one file where that has one for each group version.
    """

    folder: str
    now: Clock
    oldest: float = OLDEST

    @property
    def path(self) -> str:
        """The file that holds it."""
        return os.path.join(self.folder, "fkube-discovery.json")

    def read(self) -> Answers | None:
        """Read the answers; None where there are none, or they are too old or can't be understood."""
        try:
            with open(self.path, encoding="utf-8") as file:
                age = self.now() - os.fstat(file.fileno()).st_mtime
                content = json.load(file)
        except (OSError, ValueError, RecursionError):
            return None
        match content:
            case {"version": 1, "answers": dict(answers)} if answers and 0 <= age + 1 < self.oldest:
                return answers
        return None

    def write(self, answers: Answers) -> None:
        """Write the answers in place of the old ones. A folder that can't be written to stops no command."""
        with suppress(OSError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            # Made readable by the owner only, and renamed when it is whole: nobody sees half of it.
            handle, path = tempfile.mkstemp(prefix=".fkube-", dir=self.folder)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump({"version": 1, "answers": dict(answers)}, file)
                os.replace(path, self.path)
            except OSError:
                os.unlink(path)


def open_cache(
    server: str, cache_dir: str | None, environ: Mapping[str, str], now: Clock
) -> DiskCache | None:
    """The cache for a server: below `cache_dir`, else KUBECACHEDIR, else ~/.kube/cache; None without these.

    Follows `getDefaultCacheDir` and `computeDiscoverCacheDir` of cli-runtime.

    >>> open_cache("https://a.example:6443", "kept", {}, float).folder
    'kept/discovery/a.example_6443'
    """
    home = environ.get("HOME") or environ.get("USERPROFILE", "")
    default = environ.get("KUBECACHEDIR") or (os.path.join(home, ".kube", "cache") if home else "")
    within = default if cache_dir is None else cache_dir
    host = re.sub(r"[^(\w/.)]", "_", re.sub("^https?://", "", server), flags=re.ASCII)
    return DiskCache(os.path.join(within, "discovery", host), now) if within and server else None
