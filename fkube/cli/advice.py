"""What to do about refusals that have a known way out: a line of ours behind kubectl's words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import StatusError, VisitError


@dataclass(frozen=True, slots=True)
class WayOut:
    """A refusal with a known way out: its reason, what its message has in it, and what to do.

    `doing`: what is being done to objects where it helps (`creating`); empty for anything. What the pattern
    has in brackets stands in `what` for `{}`.
    """

    reason: str
    told: str
    what: str
    doing: tuple[str, ...] = ()

    def advise(self, error: StatusError, doing: str) -> Iterator[str]:
        """What to do about a refusal, if this is the way out of it."""
        # Of a message of megabytes a search could take as long as it likes.
        found = re.search(self.told, error.message[:4096])
        if found and error.reason == self.reason and (doing in self.doing or not self.doing):
            yield self.what.format(*found.groups())


def advise(error: VisitError, doing: str = "") -> str:
    """Say what to do about a server's refusal, if there is a known way out; else nothing.

    `doing`: what the command does to objects, as in its messages.

    >>> advise(StatusError('configmaps "a" already exists', 409, "AlreadyExists"), "creating")
    'to change what is there, use `fkube apply`'
    >>> advise(StatusError("boom", 500))
    ''
    """
    if not isinstance(error, StatusError):
        return ""
    return next((what for way in WAYS_OUT for what in way.advise(error, doing)), "")


WAYS_OUT = (
    WayOut("AlreadyExists", "", "to change what is there, use `fkube apply`", ("creating",)),
    WayOut(
        "NotFound",
        '^namespaces "([^"]*)" not found$',
        "the namespace {} must be there first: create it, or send it along with --arrange, which begins with "
        "namespaces",
        ("creating", "applying"),
    ),
    WayOut(
        "Invalid",
        "metadata.annotations: Too long|annotations.*must have at most 262144 bytes",
        "apply keeps what it applied in an annotation, and this is too long for one: use "
        "`fkube apply --server-side`, which keeps none",
        ("applying",),
    ),
    WayOut(
        "Invalid",
        r": Too long: may not be more than \d{7,} bytes",
        "the server keeps no object of that size: divide it into several",
    ),
    WayOut("RequestEntityTooLarge", "", "the server takes no object of that size: divide it into several"),
    WayOut(
        "Invalid",
        "metadata.resourceVersion: .*must be specified for an update",
        "give the resourceVersion that `fkube get -o yaml` prints, or use `fkube apply`, which needs none",
    ),
    WayOut(
        "Invalid",
        "field is immutable|is immutable after creation|may not change once set|updates .*fields other than",
        "what can't be changed has to be deleted and created anew; `fkube apply --force` and "
        "`fkube replace --force` do both",
    ),
    WayOut(
        "Conflict",
        "the object has been modified",
        "try again; a manifest without metadata.resourceVersion is for any version",
    ),
    WayOut(
        "Forbidden",
        "new content in namespace (.*) because it is being terminated",
        "wait until it is gone (`fkube wait --for=delete namespace/{}`), and create it anew",
    ),
    WayOut(
        "Forbidden",
        '^[^:]* is forbidden: User ".*" cannot [a-z]+ ',
        "a Role or ClusterRole must allow it to this user; --context, --user or --as name another",
    ),
    WayOut(
        "InternalError",
        "failed calling webhook",
        "the webhook's service has to answer, or its configuration to say `failurePolicy: Ignore`",
    ),
    WayOut(
        "BadRequest",
        "strict decoding error",
        "correct the manifest, or send it as it is with --validate=warn",
        ("creating", "applying", "replacing"),
    ),
)
"""The ways out that are known; the first that fits counts."""
