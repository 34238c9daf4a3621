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

from returns.result import Failure, Result, Success

from fkube.edge.client import Cache, Clock, Send
from fkube.exchange.conversation import Request, Response
from fkube.resource.errors import TransportError, VisitError

Answers: TypeAlias = Mapping[str, Any]
"""The bodies that a server answered, by path."""

OLDEST = 6 * 60 * 60.0
"""Seconds after which what is kept is not believed any more (that of `ToDiscoveryClient` of cli-runtime)."""

_VERSION = 1


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
        """What is kept, or None where there is nothing, or it is too old, or it is not to be understood."""
        try:
            with open(self.path, encoding="utf-8") as file:
                age = self.now() - os.fstat(file.fileno()).st_mtime
                found = json.load(file)
        except (OSError, ValueError, RecursionError):
            return None
        known = isinstance(found, dict) and found.get("version") == _VERSION
        answers = found.get("answers") if known and 0 <= age + 1 < self.oldest else None
        return answers if isinstance(answers, dict) and answers else None

    def write(self, answers: Answers) -> None:
        """Keep this in the place of what was there. A folder that can't be written to costs no command."""
        with suppress(OSError):
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            # Made readable by the owner only, and renamed when it is whole: nobody sees half of it.
            handle, path = tempfile.mkstemp(prefix=".fkube-", dir=self.folder)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump({"version": _VERSION, "answers": dict(answers)}, file)
                os.replace(path, self.path)
            except OSError:
                os.unlink(path)


def cache(server: str, cache_dir: str | None, environ: Mapping[str, str], now: Clock) -> Cache | None:
    """The cache for a server: below `cache_dir`, else KUBECACHEDIR, else ~/.kube/cache; None without these.

    Follows `getDefaultCacheDir` and `computeDiscoverCacheDir` of cli-runtime.

    >>> cache("https://a.example:6443", "kept", {}, float).folder
    'kept/discovery/a.example_6443'
    """
    home = environ.get("HOME") or environ.get("USERPROFILE", "")
    default = environ.get("KUBECACHEDIR") or (os.path.join(home, ".kube", "cache") if home else "")
    within = default if cache_dir is None else cache_dir
    host = re.sub(r"[^(\w/.)]", "_", re.sub("^https?://", "", server), flags=re.ASCII)
    return DiskCache(os.path.join(within, "discovery", host), now) if within and server else None


def replayed(answers: Answers) -> Send:
    """Answer from what is kept alone."""

    def send(request: Request) -> Result[Response, VisitError]:
        if request.path not in answers:
            return Failure(TransportError(f"the cache has no {request.path}"))
        return Success(Response(200, answers[request.path]))

    return send


def recorded(send: Send) -> tuple[dict[str, Any], Send]:
    """What will have been answered, and how to send so that it is."""
    answers: dict[str, Any] = {}

    def sent(request: Request) -> Result[Response, VisitError]:
        answered = send(request)
        if isinstance(answered, Success) and answered.unwrap().status == 200:
            answers[request.path] = answered.unwrap().body
        return answered

    return answers, sent
