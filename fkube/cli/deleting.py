"""The flags of every command that deletes, and what they ask for. Says only what is deprecated."""

from __future__ import annotations

from returns.result import Result, Success

from fkube.cli.checks import refused
from fkube.cli.console import Console
from fkube.cli.flags import Flag, boolean
from fkube.cli.messages import kind
from fkube.resource.errors import UsageError
from fkube.resource.info import Info

CASCADE = Flag(
    "cascade",
    "What becomes of dependents: background, foreground or orphan.",
    default="background",
    bare="background",
    choices=("background", "foreground", "orphan"),
)
GRACE_PERIOD = Flag(
    "grace-period", "Seconds that pods have to end; negative: as they say.", kind="int", default=-1
)


def wait(default: bool) -> Flag:
    """The flag that says whether to wait."""
    return Flag("wait", "Wait until the objects are gone.", kind="bool", default=default)


def timeout(unset: str) -> Flag:
    """The flag that says how long to wait; `unset` says what 0 means."""
    return Flag("timeout", f"How long to wait: 30s, 5m; 0 is {unset}.", kind="duration")


def said(info: Info, output: str, operation: str = "deleted") -> str:
    """What is said of a deleted object. Follows `DeleteOptions.PrintObj` of kubectl."""
    if output == "name":
        return f"{kind(info.object)}/{info.name}"
    within = f" from {info.namespace} namespace" if info.namespaced else ""
    return f'{kind(info.object)} "{info.name}" {operation}{within}'


def cascaded(console: Console, given: str) -> Result[str, UsageError]:
    """The deletion propagation that a flag asks for. Follows `parseCascadingFlag` of kubectl."""
    word = {True: "background", False: "orphan", None: given}[boolean(given)]
    if word != given:
        old = f"--cascade={given} is deprecated (boolean value)"
        console.note(f"warning: {old} and can be replaced with --cascade={word}.")
    if word not in ("background", "foreground", "orphan"):
        return refused(f'invalid cascade value ({given}). Must be "background", "foreground", or "orphan"')
    return Success(word.capitalize())
