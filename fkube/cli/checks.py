"""Checks of flags that several commands share, in kubectl's words. Pure, but for warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from returns.result import Failure, Result, Success

from fkube.cli.command import Call, Selection
from fkube.cli.console import Console
from fkube.cli.pflag import read_boolean
from fkube.resource.errors import UsageError

if TYPE_CHECKING:
    from fkube.builder import Builder, Step
    from fkube.verbs.paths import DryRun

T = TypeVar("T")

Checked: TypeAlias = Result[T, UsageError]
"""What a check reads of flags, or what is wrong with them."""

SUFFIX = {"none": "", "client": " (dry run)", "server": " (server dry run)"}
"""What follows a printed result, for each kind of dry run."""


A_WEEK = 168 * 3600.0
"""A week in seconds: as long as kubectl waits where it is to wait for ever."""

LOCAL_SERVER = "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
"""What is wrong with a dry run by a server that is not to be asked."""


def refuse(message: str) -> Checked[Any]:
    """A usage error, as a failed result."""
    return Failure(UsageError(message))


def first_broken(*rules: tuple[object, str]) -> Checked[None]:
    """Fail with the message of the first broken rule; a rule is whether it is broken, and its message.

    >>> print(first_broken(([], "no"), ("x", "give no x"), (True, "never")).failure())
    give no x
    """
    message = next((message for broken, message in rules if broken), None)
    return Success(None) if message is None else refuse(message)


def read_dry_run(console: Console, given: str) -> Checked[DryRun]:
    """Read the value of `--dry-run`; warn of its old forms: booleans, and the flag without a value.

    Follows `GetDryRunStrategy` of kubectl.

    >>> print(read_dry_run(Console(), "maybe").failure())
    Invalid dry-run value (maybe). Must be "none", "server", or "client".
    """
    truth = True if given == "unchanged" else read_boolean(given)
    strategy = given if truth is None else "client" if truth else "none"
    if truth is not None:
        old = "--dry-run" if given == "unchanged" else f"--dry-run={given} (boolean value)"
        console.warn([f"{old} is deprecated and can be replaced with --dry-run={strategy}."])
    if strategy not in SUFFIX:
        return refuse(f'Invalid dry-run value ({given}). Must be "none", "server", or "client".')
    return Success(cast("DryRun", strategy))


def read_validation(given: str) -> Checked[str]:
    """Read the value of `--validate` into the server's word for it: `Strict`, `Warn` or `Ignore`.

    Follows `GetValidationDirective` of kubectl.

    >>> read_validation("true").unwrap(), read_validation("warn").unwrap(), read_validation("0").unwrap()
    ('Strict', 'Warn', 'Ignore')
    """
    word = {True: "strict", False: "ignore", None: given}[read_boolean(given)]
    wrong = f'invalid - validate option "{given}"; must be one of: strict (or true), warn, ignore (or false)'
    return first_broken((word not in ("strict", "warn", "ignore"), wrong)).map(lambda _: word.capitalize())


def validation_step(validate: str) -> Step:
    """The step that validates documents, unless told not to. Follows `Validator` of kubectl's factory."""
    from fkube.builder import validated

    return _no_step if read_validation(validate).value_or("") in ("", "Ignore") else validated


def strict_step(validate: str) -> Step:
    """The step that warns of keys that a mapping has twice, unless `--validate` says to ignore them."""
    from fkube.builder import strict

    return _no_step if read_validation(validate).value_or("") == "Ignore" else strict


def _no_step(builder: Builder) -> Builder:
    return builder


def require_no_arguments(call: Call, command: str) -> Checked[None]:
    """Refuse arguments, for a command that takes none; `command` is its name in the message."""
    hint = f"See 'fkube {command} -h' for help and examples"
    return first_broken((call.arguments, f"Unexpected args: [{' '.join(call.arguments)}]\n{hint}"))


def require_manifests(selection: Selection) -> Checked[None]:
    """Refuse a command line without manifests (`RequireFilenameOrKustomize` of cli-runtime)."""
    return first_broken((not selection.has_manifests, "must specify one of -f and -k"))
