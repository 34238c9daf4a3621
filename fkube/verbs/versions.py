"""Which Kubernetes fkube follows, and what that says of a server. Nothing is sent but `GET /version`."""

from __future__ import annotations

from fkube.exchange.conversation import Exchange, Request, bind, call, done, failed, fmap, lash
from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.resource.patterns import compile_later

FOLLOWED = "v1.37.1"
"""The version of kubectl whose ways are fkube's."""

SKEW = 1
"""How many minor versions a server may be older or newer."""


def read_version() -> Exchange[Object]:
    """Read what a server says of its version. Errors: `StatusError`."""
    return fmap(
        call(Request("GET", "/version")), lambda found: found.body if isinstance(found.body, dict) else {}
    )


def match_version() -> Exchange[Object]:
    """Read a server's version, and require it to be the one that fkube follows.

    Errors: `UsageError` for another one.
    Follows `MatchesServerVersion` of client-go, which compares commits too.
    """
    unread = "couldn't read version from server"
    read = lash(read_version(), lambda error: failed(UsageError(f"{unread}: {error.message}")))
    return bind(read, _require_followed)


def _require_followed(found: Object) -> Exchange[Object]:
    """Fail unless a version is the one that fkube follows."""
    version = found.get("gitVersion")
    if version == FOLLOWED:
        return done(found)
    return failed(UsageError(f"server version ({version}) differs from client version ({FOLLOWED})"))


def skew_warning(version: str) -> str:
    """Say that a server is too old or too new; empty if it is neither, or its version can't be read.

    Follows `getVersionSkewWarning` of kubectl.

    >>> skew_warning("v1.30.2")[:58], skew_warning("v1.36.0")
    ('version difference between client (1.37) and server (1.30)', '')
    """
    ours, theirs = (_RELEASE.match(text) for text in (FOLLOWED, version))
    if not ours or not theirs:
        return ""
    (major, minor), (other, lower) = (map(int, found.groups()) for found in (ours, theirs))
    if major == other and abs(minor - lower) <= SKEW:
        return ""
    both = f"client ({major}.{minor}) and server ({other}.{lower})"
    return f"version difference between {both} exceeds the supported minor version skew of +/-{SKEW}"


_RELEASE = compile_later(r"v?([0-9]{1,9})\.([0-9]{1,9})(?![0-9])")
