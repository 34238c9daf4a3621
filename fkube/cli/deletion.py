"""The flags of every command that deletes, and how they are read."""

from __future__ import annotations

from fkube.cli.checks import Checked, first_broken
from fkube.cli.console import Console
from fkube.cli.flags import flag
from fkube.cli.messages import kind_name
from fkube.cli.pflag import read_boolean
from fkube.resource.dataclasses import dataclass
from fkube.resource.info import Info
from fkube.verbs.recreate import Recreation

_CASCADES = ("background", "foreground", "orphan")
_DEPENDENTS = "What becomes of dependents: background, foreground or orphan."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The flags of how objects are deleted; a command's `group` fills in the words in braces."""

    cascade: str = flag(_DEPENDENTS, "background", bare="background", choices=_CASCADES)
    force: bool = flag("{forced}", False)
    grace_period: int = flag("Seconds that pods have to end; negative: as they say.", -1)
    now: bool = flag("The same as --grace-period=1.", False)
    ignore_not_found: bool = flag("Say nothing of objects that do not exist; so with selectors.", False)
    wait: bool = flag("Wait until the objects are gone.", False)
    timeout: float = flag("How long to wait: 30s, 5m; 0 is {unset}.", 0.0)

    def recreation(self, cascade: str, grace: int) -> Recreation | None:
        """How `--force` deletes an object and creates it again; None without that flag.

        `cascade` and `grace` are the propagation and the seconds, as the command has read them of other
        flags.
        """
        return Recreation(cascade, grace, self.timeout) if self.force else None


RECREATION = ("force", "cascade", "grace_period", "timeout", "wait")
"""The flags of commands that delete objects to create them again."""


def read_cascade(console: Console, given: str) -> Checked[str]:
    """Read the value of `--cascade` into the server's word: `Background`, `Foreground`, `Orphan`.

    Booleans, its old form, are noted on stderr. Follows `parseCascadingFlag` of kubectl.
    """
    word = {True: "background", False: "orphan", None: given}[read_boolean(given)]
    if word != given:
        old = f"--cascade={given} is deprecated (boolean value)"
        console.note(f"warning: {old} and can be replaced with --cascade={word}.")
    wrong = f'invalid cascade value ({given}). Must be "background", "foreground", or "orphan"'
    return first_broken((word not in _CASCADES, wrong)).map(lambda _: word.capitalize())


def format_deleted(info: Info, output: str, operation: str = "deleted") -> str:
    """The line that says that an object is deleted; its name only where `output` is `name`.

    `operation` is what was done: `deleted` or `force deleted`. Follows `DeleteOptions.PrintObj` of kubectl.
    """
    if output == "name":
        return f"{kind_name(info.object)}/{info.name}"
    within = f" from {info.namespace} namespace" if info.namespaced else ""
    return f'{kind_name(info.object)} "{info.name}" {operation}{within}'
