"""Flags of several commands checked, in kubectl's words. Pure, but for what is deprecated being said."""

from __future__ import annotations

from typing import Any, get_args

from returns.result import Failure, Result, Success

from fkube.cli.console import Console
from fkube.cli.flags import Options, boolean
from fkube.resource.errors import UsageError
from fkube.verbs.paths import DryRun

SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
"""What is said after a result, by dry run."""


def dry_run(console: Console, given: str) -> Result[DryRun, UsageError]:
    """The dry run that a flag asks for; booleans are its old form.

    Follows `GetDryRunStrategy` of kubectl.

    >>> print(dry_run(Console(), "maybe").failure())
    Invalid dry-run value (maybe). Must be "none", "server", or "client".
    """
    truth = True if given == "unchanged" else boolean(given)
    strategy = given if truth is None else "client" if truth else "none"
    if truth is not None:
        old = "--dry-run" if given == "unchanged" else f"--dry-run={given} (boolean value)"
        console.warn([f"{old} is deprecated and can be replaced with --dry-run={strategy}."])
    if strategy not in SUFFIX:
        return refused(f'Invalid dry-run value ({given}). Must be "none", "server", or "client".')
    return Success(next(known for known in get_args(DryRun) if known == strategy))


def validation(given: str) -> Result[str, UsageError]:
    """The field validation that a flag asks for.

    Follows `GetValidationDirective` of kubectl.

    >>> validation("true").unwrap(), validation("warn").unwrap(), validation("0").unwrap()
    ('Strict', 'Warn', 'Ignore')
    """
    word = {True: "strict", False: "ignore", None: given}[boolean(given)]
    if word not in ("strict", "warn", "ignore"):
        allowed = "must be one of: strict (or true), warn, ignore (or false)"
        return refused(f'invalid - validate option "{given}"; {allowed}')
    return Success(word.capitalize())


def no_arguments(options: Options, command: str) -> Result[None, UsageError]:
    """Nothing, for a command that takes no arguments."""
    if not options["arguments"]:
        return Success(None)
    found = " ".join(options["arguments"])
    return refused(f"Unexpected args: [{found}]\nSee 'fkube {command} -h' for help and examples")


def manifests(options: Options) -> Result[None, UsageError]:
    """Nothing, where manifests are given (`RequireFilenameOrKustomize` of cli-runtime)."""
    if options["filename"] or options["kustomize"]:
        return Success(None)
    return refused("must specify one of -f and -k")


def refused(message: str) -> Result[Any, UsageError]:
    """A usage error."""
    return Failure(UsageError(message))
