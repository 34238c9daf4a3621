"""Reports as files: a line of JSON for each outcome, and what such lines prove. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.report.outcomes import Outcome
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.info import Info, Object, metadata_of, with_metadata
from fkube.syntax.misfits import Shape, find_misfit

Place: TypeAlias = tuple[str, int, int, str]
"""Source, document, line and digest of an object."""

NOT_DONE = ("failed", "unknown")
"""The actions of outcomes that do not prove an object done."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Proof that an object was done: its digest as it was sent, and its name and uid on the server."""

    digest: str
    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The proofs of a report: by key for named objects, by place for those that the server named.

    `unsure`: the places of objects that may have been created, under an unknown name. `refused`: the keys and
    digests of objects of which the last line says that they failed.
    """

    named: Mapping[str, Proof] = field(default_factory=dict)
    generated: Mapping[Place, Proof] = field(default_factory=dict)
    unsure: frozenset[Place] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()

    def proof(self, info: Info) -> Proof | None:
        """Find the proof that exactly this object was done."""
        found = self.named.get(key(info.object)) if info.name else self.generated.get(place(info))
        return found if found is not None and found.digest == digest(info.object) else None

    def may_be_there(self, info: Info) -> bool:
        """Whether this object may have been under way when the run ended: no line says what came of it."""
        return bool(info.name) and (key(info.object), digest(info.object)) not in self.refused


def key(object: Object) -> str:
    """Make the key of an object in a report: kind, namespace if it has one, name.

    >>> key({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}})
    'deployment.apps/shop/web'
    """
    metadata = metadata_of(object)
    group = str(object.get("apiVersion") or "").rpartition("/")[0]
    kind = ".".join(filter(None, (str(object.get("kind") or "").lower(), group)))
    name = metadata.get("name") or f"{metadata.get('generateName') or ''}*"
    return "/".join(str(part) for part in (kind, metadata.get("namespace"), name) if part)


def digest(value: Any) -> str:
    """Compute the SHA-256 of a JSON value, whatever the order of its keys.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1})
    True
    """
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict)
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def place(info: Info) -> Place:
    """Make the place of an object: where it was written, and its digest."""
    return (info.origin.source, info.origin.document, info.origin.line, digest(info.object))


def row(outcome: Outcome) -> Object:
    """Make a line of a report. Of the object it has only the digest, name and uid."""
    origin, info = outcome.origin, outcome.info
    metadata = outcome.object.get("metadata") or {}
    sure = outcome.dry_run == "none" and outcome.action not in NOT_DONE
    return {
        "source": origin.source,
        "document": origin.document,
        "line": origin.line,
        "key": key(with_metadata(info.object, name=info.name or metadata.get("name"))) if info else "",
        "action": outcome.action,
        "error": outcome.error.message if outcome.error else "",
        "warnings": list(outcome.warnings),
        "digest": digest(info.object) if info else "",
        "uid": str(metadata.get("uid") or "") if sure else "",
        **({"dryRun": outcome.dry_run} if outcome.dry_run != "none" else {}),
    }


def ledger(lines: Iterable[str]) -> Result[Ledger, str]:
    """Read the proofs off the lines of a report; a last line that was cut proves nothing.

    An object that was done in two forms has no proof. Errors: the number of a line that can't be read.

    >>> ledger(["{", '{"key": "a"}']).failure()
    'line 1 is no line of a report'
    """
    texts = [line for line in lines if line.strip()]
    rows = [parse_row(text, _ROW) for text in texts]
    broken = next((n for n, found in enumerate(rows[:-1], 1) if not found), 0)
    if broken:
        return Failure(f"line {broken} is no line of a report")
    return Success(_collect_proofs(filter(None, rows)))


def _collect_proofs(rows: Iterable[Object]) -> Ledger:
    """The ledger of the rows of a report; a name that was done in two forms is left out."""
    named: dict[str, dict[str, Proof]] = {}
    generated: dict[Place, Proof] = {}
    unsure: set[Place] = set()
    last: dict[tuple[str, str], str] = {}
    for found in rows:
        last[found["key"], found["digest"]] = found["action"]
        at = (found["source"], found["document"], found["line"], found["digest"])
        if found["action"] == "unknown":
            unsure.add(at)
        elif found["uid"]:
            generated[at] = Proof(found["digest"], found["key"].rpartition("/")[2], found["uid"])
            named.setdefault(found["key"], {})[found["digest"]] = generated[at]
    single = {known: next(iter(proofs.values())) for known, proofs in named.items() if len(proofs) == 1}
    refused = frozenset(sent for sent, action in last.items() if action == "failed")
    return Ledger(single, generated, frozenset(unsure), refused)


def parse_row(line: str, shape: Shape) -> Object:
    """Parse a line of JSON that has this shape; an empty object if it has not."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if find_misfit(found, shape) is None else {}


_TEXTS = ("source", "key", "action", "digest", "uid")
_ROW = {**dict.fromkeys(_TEXTS, str), "document": int, "line": int, "!": [*_TEXTS, "document", "line"]}
"""What a line of a report must have."""
