"""What became of each object, a line of JSON each, and what such lines prove. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.report.outcomes import Outcome
from fkube.resource.info import Info, Object

Place: TypeAlias = tuple[str, int, int, str]
"""Source, document, line and digest of what was written with a name to be made."""

NOT_DONE = ("failed", "unknown")


@dataclass(frozen=True, slots=True)
class Proof:
    """That an object was done: its digest as it was sent, and on the server its name and uid."""

    digest: str
    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a report proves: by key for what has a name, by place for what the server named.

    `unsure`: the places of what may have been created, under a name that nobody knows.
    """

    named: Mapping[str, Proof] = field(default_factory=dict)
    generated: Mapping[Place, Proof] = field(default_factory=dict)
    unsure: frozenset[Place] = frozenset()

    def proof(self, info: Info) -> Proof | None:
        """That this very object was done, if the report has it."""
        found = self.named.get(key(info.object)) if info.name else self.generated.get(place(info))
        return found if found is not None and found.digest == digest(info.object) else None


def key(object: Object) -> str:
    """What an object is called in a report: kind, namespace if it has one, name.

    >>> key({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}})
    'deployment.apps/shop/web'
    """
    metadata = object.get("metadata") or {}
    group = str(object.get("apiVersion") or "").rpartition("/")[0]
    kind = ".".join(filter(None, (str(object.get("kind") or "").lower(), group)))
    name = metadata.get("name") or f"{metadata.get('generateName') or ''}*"
    return "/".join(str(part) for part in (kind, metadata.get("namespace"), name) if part)


def digest(value: Any) -> str:
    """The SHA-256 of a JSON value, however its keys are ordered.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1})
    True
    """
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=dict)
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def place(info: Info) -> Place:
    """Where an object was written, and what."""
    return (info.origin.source, info.origin.document, info.origin.line, digest(info.object))


def row(outcome: Outcome) -> Object:
    """An outcome as a line of a report. Nothing of the object is in it but its digest, name and uid."""
    origin, info = outcome.origin, outcome.info
    left = outcome.object.get("metadata") or {}
    sure = outcome.dry_run == "none" and outcome.action not in NOT_DONE
    return {
        "source": origin.source,
        "document": origin.document,
        "line": origin.line,
        "key": key(_called(info, left)) if info else "",
        "action": outcome.action,
        "error": outcome.error.message if outcome.error else "",
        "warnings": list(outcome.warnings),
        "digest": digest(info.object) if info else "",
        "uid": str(left.get("uid") or "") if sure else "",
        **({"dryRun": outcome.dry_run} if outcome.dry_run != "none" else {}),
    }


def _called(info: Info, left: Object) -> Object:
    """The object by the name that the server gave it, if it gave one."""
    return {**info.object, "metadata": {**info.metadata, "name": info.name or left.get("name")}}


def ledger(lines: Iterable[str]) -> Result[Ledger, str]:
    """What the lines of a report prove; a last line that was cut proves nothing.

    Of an object that was done in two forms nothing is proven. Errors: the number of a line that is none.

    >>> ledger(["{", '{"key": "a"}']).failure()
    'line 1 is no line of a report'
    """
    texts = [line for line in lines if line.strip()]
    rows = [_row(text) for text in texts]
    broken = next((n for n, found in enumerate(rows[:-1], 1) if not found), 0)
    if broken:
        return Failure(f"line {broken} is no line of a report")
    return Success(_ledger([found for found in rows if found]))


def _ledger(rows: Iterable[Object]) -> Ledger:
    named: dict[str, dict[str, Proof]] = {}
    generated: dict[Place, Proof] = {}
    unsure: set[Place] = set()
    for found in rows:
        at = (found["source"], found["document"], found["line"], found["digest"])
        if found["action"] == "unknown":
            unsure.add(at)
        elif found["uid"]:
            proof = Proof(found["digest"], found["key"].rpartition("/")[2], found["uid"])
            named.setdefault(found["key"], {})[proof.digest] = proof
            generated[at] = proof
    single = {known: next(iter(proofs.values())) for known, proofs in named.items() if len(proofs) == 1}
    return Ledger(single, generated, frozenset(unsure))


def _row(text: str) -> Object:
    """A line of a report, or nothing if it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and set(found) >= _FIELDS else {}


_FIELDS = {"source", "document", "line", "key", "action", "digest", "uid"}
