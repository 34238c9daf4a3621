"""Keys of a metadata field set and removed by a merge patch: what `label` and `annotate` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from fkube.exchange.conversation import MERGE_PATCH, Done, Exchange, Response, bind, done, failed, succeeded
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError
from fkube.resource.info import Info, Object, with_metadata
from fkube.verbs.retrieve import retrieve_latest
from fkube.verbs.writing import Write

Changes: TypeAlias = Mapping[str, str | None]
"""The new value of each key, or None for a key to remove."""


@dataclass(frozen=True, slots=True)
class KeyChanges:
    """How keys change: in which field of the metadata, to what.

    `local` asks no server anything. With a `resource_version` the server changes only that version. Without
    `overwrite`, `refuse` is given the keys that have another value, and says why they must keep it, if so.
    """

    field: str
    changes: Changes
    resource_version: str
    write: Write
    local: bool
    overwrite: bool
    refuse: Callable[[Info, Mapping[str, str]], str]

    @property
    def offline(self) -> bool:
        """Whether nothing is to be changed on the server."""
        return self.local or self.write.dry_run == "client"

    def effective(self, info: Info) -> Changes:
        """The changes that an object does not have yet."""
        present = self._present(info)
        return {key: value for key, value in self.changes.items() if present.get(key) != value}

    def start(self, info: Info) -> Exchange[tuple[Info, Object]]:
        """Read a resource, unless `local`; pair it with its object changed here, and send no change yet."""
        return bind(done(info) if self.local else retrieve_latest(info), self._apply)

    def send(self, info: Info) -> Exchange[Response]:
        """Send the changes that change something. Errors: `StatusError` as the server has it."""
        body = {"metadata": {**self._version(), self.field: self.effective(info)}}
        answer = self.write.send_to(info, "PATCH", body, MERGE_PATCH)
        return bind(answer, lambda response: Done(succeeded(response)))

    def _apply(self, info: Info) -> Exchange[tuple[Info, Object]]:
        """Pair a resource as it is with its object changed. Errors: `UsageError` where `refuse` says why."""
        present = self._present(info)
        new = {} if self.overwrite else {k: v for k, v in self.changes.items() if v is not None}
        other = {key: present[key] for key, value in new.items() if present.get(key, value) != value}
        if problem := self.refuse(info, other):
            return failed(UsageError(problem, info.origin))
        keys = {**present, **self.changes}
        kept = {key: value for key, value in keys.items() if value is not None}
        return done((info, with_metadata(info.object, **{self.field: kept}, **self._version())))

    def _present(self, info: Info) -> Mapping[str, str]:
        """The keys that an object has in this field."""
        return info.metadata.get(self.field) or {}

    def _version(self) -> Object:
        """The metadata that requires the `resource_version`; empty where none is given."""
        return {"resourceVersion": self.resource_version} if self.resource_version else {}
