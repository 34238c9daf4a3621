"""The words `KEY=VALUE` and `KEY-` of `label` and `annotate`, read as kubectl reads them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import dropwhile

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError
from fkube.resource.names import label_value_problems, quoted
from fkube.verbs.keychanges import Changes


def split(words: tuple[str, ...], pair: str) -> Result[tuple[tuple[str, ...], tuple[str, ...]], UsageError]:
    """The words that name resources, and those behind them that say changes; `pair` names these.

    Follows `GetResourcesAndPairs` of kubectl.

    >>> split(("pod", "web", "app=a", "tier-"), "label").unwrap()
    (('pod', 'web'), ('app=a', 'tier-'))
    """
    changes = tuple(dropwhile(lambda word: not _changes(word), words))
    late = next((word for word in changes if not _changes(word)), None)
    if late is not None:
        return Failure(UsageError(f"all resources must be specified before {pair} changes: {late}"))
    return Success((words[: len(words) - len(changes)], changes))


def _changes(word: str) -> bool:
    return word.find("=") > 0 or (word.endswith("-") and word != "-")


def label_changes(words: Iterable[str]) -> Result[Changes, UsageError]:
    """What becomes of each label. Follows `parseLabels` of kubectl.

    >>> label_changes(("app=a", "tier-")).unwrap()
    {'app': 'a', 'tier': None}
    """
    read = [word.split("=") for word in words if "=" in word]
    removed = [word[:-1] for word in words if "=" not in word]
    problem = next(filter(None, map(_problem, read)), "")
    found: dict[str, str | None] = {key: value for key, value, *_ in read} if not problem else {}
    if not problem and not found.keys().isdisjoint(removed):
        problem = "can not both modify and remove a label in the same command"
    return Failure(UsageError(problem)) if problem else Success({**found, **dict.fromkeys(removed)})


def _problem(parts: list[str]) -> str:
    word = "=".join(parts)
    if len(parts) != 2:
        return f"invalid label spec: {word}"
    reasons = label_value_problems(parts[1])
    return f"invalid label value: {quoted(word)}: {';'.join(reasons)}" if reasons else ""


def annotation_changes(words: Iterable[str]) -> Result[Changes, UsageError]:
    """What becomes of each annotation. Follows `ParsePairs` and `validateAnnotations` of kubectl.

    >>> annotation_changes(("note=a=b", "old-")).unwrap()
    {'note': 'a=b', 'old': None}
    """
    pairs = [word.partition("=") for word in words if word.find("=") > 0]
    removed = [word[:-1] for word in words if word.find("=") <= 0]
    found: Changes = {key: value for key, _, value in pairs}
    if both := [key for key in removed if key in found]:
        said = "can not both modify and remove the following annotation(s) in the same command"
        return Failure(UsageError(f"{said}: {', '.join(both)}"))
    return Success({**found, **dict.fromkeys(removed)})
