"""Object metadata: what the API server rejects in it, and what it fills in itself. Pure.

Follows `ValidateObjectMeta`, `ValidateObjectMetaUpdate` and `ValidateFinalizerName` of apimachinery,
`validateKubeFinalizerName` of apiextensions, `BeforeCreate` and `BeforeUpdate` of apiserver.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from fkube.cluster.kinds import Kind
from fkube.cluster.statuses import FieldError, forbidden_field, invalid_field, required_field
from fkube.resource.info import Object
from fkube.resource.names import label_key_problems, label_value_problems, subdomain_problems
from fkube.resource.patterns import compile_later

ANNOTATIONS_LIMIT = 256 * 1024
"""Bytes that all annotations of an object may take together."""

SUFFIXES = "bcdfghjklmnpqrstvwxz2456789"
"""The characters of generated names (`utilrand.String`)."""

GENERATED = 58
"""How much of `generateName` is kept, so that five characters more fit in a label."""

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_NAME = compile_later(_LABEL)
_LABEL_MESSAGE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
    " end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
    f" '{_LABEL}')"
)
# Labels and their values come again and again.
_key_problems = lru_cache(4096)(label_key_problems)
_value_problems = lru_cache(4096)(label_value_problems)
_SERVER_SET = ("generation", "creationTimestamp", "managedFields")
DELETION = ("deletionTimestamp", "deletionGracePeriodSeconds")


def timestamp(now: datetime) -> str:
    """A time as Kubernetes writes it: in UTC, to the second."""
    return f"{now.astimezone(UTC).isoformat()[:19]}Z"


def is_ending(object: Object) -> bool:
    """Whether an object is being deleted."""
    return "deletionTimestamp" in object["metadata"]


def make_uid(seed: str, version: int) -> str:
    """A uid in the form of a random one, the same for the same seed and version."""
    code = blake2b(f"{seed}/{version}".encode(), digest_size=16).hexdigest()
    return f"{code[:8]}-{code[8:12]}-4{code[13:16]}-a{code[17:20]}-{code[20:]}"


def make_name(prefix: str, seed: str, attempt: int) -> str:
    """A name beginning with the prefix, the same for the same seed and attempt.

    >>> make_name("web-", "seed/7", 0)
    'web-cnhgq'
    """
    code = blake2b(f"{seed}/{attempt}".encode(), digest_size=5).digest()
    return prefix[:GENERATED] + "".join(SUFFIXES[byte % len(SUFFIXES)] for byte in code)


def name_problems(kind: Kind, name: str, prefix: bool = False) -> tuple[str, ...]:
    """Why an object of the kind can't have this name, or generated names this prefix."""
    # The limit is the number in "must be no more than 253 characters".
    long = [m for m in kind.facts.get("long", ()) if len(name) > int(re.findall(r"\d+", m)[0])]
    if _LABEL_NAME.fullmatch(name):
        return tuple(long)
    problems = _NAMES.get(kind.facts.get("name", ""), _segment_problems)
    # A prefix may end in a dash: what is generated goes on behind it.
    return (*long, *problems(f"{name}a" if prefix and name[-1:] == "-" else name))


def _subdomain_problems(name: str) -> tuple[str, ...]:
    """Why a name is no DNS subdomain; its length is not looked at."""
    return tuple(problem for problem in subdomain_problems(name) if not problem.startswith("must be no more"))


def _label_problems(name: str) -> tuple[str, ...]:
    """Why a name is no DNS label; its length is not looked at."""
    if _LABEL_NAME.fullmatch(name):
        return ()
    dotted = "." in name and not _subdomain_problems(name)
    return ("must not contain dots",) if dotted else (_LABEL_MESSAGE,)


def _segment_problems(name: str) -> tuple[str, ...]:
    """Why a name can't be a segment of a URL's path."""
    if name in (".", ".."):
        return (f"may not be '{name}'",)
    return tuple(f"may not contain '{c}'" for c in "/%" if c in name)


_NAMES: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "subdomain": _subdomain_problems,
    "label": _label_problems,
}
"""How the names of kinds are checked; those of others as segments of a path."""


def create_errors(kind: Kind, metadata: Object) -> Iterator[FieldError]:
    """Yield what is wrong with the metadata of a new object."""
    for field in ("generateName", "name"):
        name = metadata.get(field)
        problems = name_problems(kind, name, prefix=field == "generateName") if name else ()
        yield from (invalid_field(f"metadata.{field}", name, problem) for problem in problems)
    if not metadata.get("name"):
        yield required_field("metadata.name", "name or generateName is required")
    yield from _common_errors(metadata)
    yield from _finalizer_errors(kind, metadata)


def _common_errors(metadata: Object) -> tuple[FieldError, ...]:
    """What is wrong with generation, labels, annotations and owner references, where there are some."""
    # Most objects have few of them: only what is there is looked at.
    return tuple([error for key, check in _COMMON.items() if metadata.get(key) for error in check(metadata)])


def _generation_errors(metadata: Object) -> Iterator[FieldError]:
    if metadata["generation"] < 0:
        why = "must be greater than or equal to 0"
        yield invalid_field("metadata.generation", metadata["generation"], why)


def _label_errors(metadata: Object) -> Iterator[FieldError]:
    for key, value in metadata["labels"].items():
        for text, problems in ((key, _key_problems(key)), (value, _value_problems(value))):
            yield from (invalid_field("metadata.labels", text, problem) for problem in problems)


def _annotation_errors(metadata: Object) -> Iterator[FieldError]:
    """Yield which keys of annotations are wrong, and whether all are too large together."""
    annotations = metadata["annotations"]
    for key in annotations:
        problems = _key_problems(key.lower())
        yield from (invalid_field("metadata.annotations", key, problem) for problem in problems)
    if annotations_size(annotations) > ANNOTATIONS_LIMIT:
        message = f"Too long: may not be more than {ANNOTATIONS_LIMIT} bytes"
        yield FieldError("metadata.annotations", "FieldValueTooLong", message)


def annotations_size(annotations: Mapping[str, str]) -> int:
    """How many bytes all annotations of an object take together."""
    return sum(len(text.encode(errors="surrogatepass")) for pair in annotations.items() for text in pair)


_OWNER = ("apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion")


def _owners_errors(metadata: Object) -> Iterator[FieldError]:
    """Yield what owner references lack, and each controller after the first."""
    owners = metadata["ownerReferences"]
    yield from (
        required_field(f"metadata.ownerReferences[{number}].{field}", "must not be empty")
        for number, owner in enumerate(owners)
        for field in _OWNER[:4]
        if not owner.get(field)
    )
    controllers = [f"{owner.get('kind')}/{owner.get('name')}" for owner in owners if owner.get("controller")]
    for second in controllers[1:]:
        both = f'Found "true" in references for {controllers[0]} and {second}'
        value = json.dumps([{k: o[k] for k in _OWNER if k in o} for o in owners], separators=(",", ":"))
        message = f"Invalid value: {value}: Only one reference can have Controller set to true. {both}"
        yield FieldError("metadata.ownerReferences", "FieldValueInvalid", message)


_COMMON: Mapping[str, Callable[[Object], Iterator[FieldError]]] = {
    "generation": _generation_errors,
    "labels": _label_errors,
    "annotations": _annotation_errors,
    "ownerReferences": _owners_errors,
}
"""The checks of fields of metadata; each is only called where its field is there and not empty."""


def keep_server_fields(metadata: Object, old: Object) -> Object:
    """The metadata of an update, with the fields that only the server sets taken from the old."""
    fixed = {key: old[key] for key in ("uid", "creationTimestamp", "generation") if key in old}
    own = {key: value for key, value in metadata.items() if key not in _SERVER_SET}
    deletion = {key: old[key] for key in DELETION if key in old}
    return {**fixed, **own, **deletion}


def update_errors(kind: Kind, metadata: Object, old: Object) -> Iterator[FieldError]:
    """Yield what is wrong with metadata that an update leaves; `keep_server_fields` was applied before."""
    yield from _common_errors(metadata)
    if metadata.get("finalizers") != old.get("finalizers"):
        yield from _finalizer_errors(kind, metadata)
    names = ", ".join(map(json.dumps, _new_finalizers(metadata, old)))
    if names and "deletionTimestamp" in old:
        why = "no new finalizers can be added if the object is being deleted, found new finalizers []string"
        yield forbidden_field("metadata.finalizers", f"{why}{{{names}}}")
    for field in ("uid", *DELETION):
        if metadata.get(field) != old.get(field):
            yield invalid_field(f"metadata.{field}", metadata.get(field), "field is immutable")


_PATH = " including a path (/)"
_STANDARD_FINALIZERS = frozenset({"kubernetes", "orphan", "foregroundDeletion"})


def _finalizer_errors(kind: Kind, metadata: Object) -> Iterator[FieldError]:
    """Yield what is wrong with the names of finalizers; those of custom kinds need no domain."""
    for number, name in enumerate(metadata.get("finalizers") or ()):
        yield from (invalid_field("metadata.finalizers", name, why) for why in _key_problems(name))
        if not kind.custom and _lacks_domain(name):
            why = "name is neither a standard finalizer name nor is it fully qualified"
            yield invalid_field(f"metadata.finalizers[{number}]", name, why)


def finalizer_warnings(kind: Kind, metadata: Object, old: Object) -> tuple[str, ...]:
    """The warnings of new finalizers without a domain, which only custom kinds may have."""
    return tuple(
        f'metadata.finalizers: "{name}": prefer a domain-qualified finalizer name'
        f"{_PATH if '.' in name else ''} to avoid accidental conflicts with other finalizer writers"
        for name in _new_finalizers(metadata, old)
        if kind.custom and _lacks_domain(name)
    )


def _new_finalizers(metadata: Object, old: Object) -> list[str]:
    """The finalizers that the old metadata does not have, sorted."""
    return sorted({*(metadata.get("finalizers") or ())} - {*(old.get("finalizers") or ())})


def _lacks_domain(name: str) -> bool:
    """Whether a finalizer is neither qualified by a domain nor a standard one."""
    return "/" not in name and name not in _STANDARD_FINALIZERS
