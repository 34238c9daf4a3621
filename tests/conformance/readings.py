"""What a reader makes of a YAML text, for kubectl in batches of files and for fkube, in one form."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from returns.result import Failure, Result, Success

from fkube.documents.manifest import documents
from fkube.resource.errors import MappingError, VisitError
from fkube.resource.info import Info
from fkube.visitor import continue_on_error, each, flattened
from tests.conformance.commands import Command
from tests.conformance.compare import differences

CREATE = ("create", "--dry-run=client", "--validate=false", "-o", "json", "-f")


@dataclass(frozen=True, slots=True)
class Reading:
    """The objects of a text, and whether something in it was refused."""

    objects: tuple[Any, ...]
    refused: bool


def by_kubectl(kubectl: Command, texts: Sequence[str], folder: Path) -> list[Reading]:
    """What kubectl makes of many texts, each a file of one folder: one call."""
    for number, text in enumerate(texts):
        (folder / f"{_name(number)}.yaml").write_bytes(_named(text, number).encode("utf-8", "surrogatepass"))
    ran = kubectl(*CREATE, str(folder))
    printed: dict[str, list[Any]] = defaultdict(list)
    for found in _concatenated(ran.stdout):
        printed[str((found.get("metadata") or {}).get("name"))].append(_core(found))
    refused = set(re.findall(r"\bn\d{6}(?=\.yaml)", ran.stderr))
    names = [_name(number) for number in range(len(texts))]
    return [Reading(tuple(printed[name]), name in refused) for name in names]


def by_fkube(texts: Sequence[str]) -> list[Reading]:
    """What fkube makes of the same texts."""
    return [_read(_named(text, number), _name(number)) for number, text in enumerate(texts)]


def disagreement(kubectl: Reading, fkube: Reading) -> str:
    """Where two readings differ, or empty. After what is no YAML kubectl reads no further, and fkube does."""
    if kubectl.refused != fkube.refused:
        return "only kubectl refuses" if kubectl.refused else "only fkube refuses"
    compared = fkube.objects[: len(kubectl.objects)] if kubectl.refused else fkube.objects
    return "\n".join(differences([*kubectl.objects], [*compared]))


def _read(text: str, name: str) -> Reading:
    visit = continue_on_error(flattened(documents(text, name)))(each(_config_map))
    if isinstance(visit, Success):
        return Reading(_own(visit.unwrap(), name), False)
    return Reading(_own(visit.failure().visited, name), True)


def _config_map(info: Info) -> Result[Any, VisitError]:
    """The object, if it is of the kind that the texts are about; a version may be missing, as for kubectl."""
    if info.api_version not in ("", "v1") or info.kind != "ConfigMap":
        return Failure(MappingError(f"no matches for kind {info.kind}", info.origin))
    return Success(_core(info.object))


def _own(found: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    """What bears the name of its file: of others kubectl's output does not say whose they are."""
    return tuple(each for each in found if str((each.get("metadata") or {}).get("name")) == name)


def _core(found: Any) -> Any:
    """The object without the namespace that kubectl put in."""
    metadata = {key: value for key, value in (found.get("metadata") or {}).items() if key != "namespace"}
    return {**found, "metadata": metadata}


def _name(number: int) -> str:
    return f"n{number:06}"


def _named(text: str, number: int) -> str:
    return text.replace("NAME", _name(number))


def _concatenated(text: str) -> Iterator[Any]:
    """The JSON values that stand one after another, the items of lists for the lists."""
    decoder, start = json.JSONDecoder(), re.compile(r"\S")
    at = 0
    while found := start.search(text, at):
        value, at = decoder.raw_decode(text, found.start())
        yield from value.get("items") or [value]
