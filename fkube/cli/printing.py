"""What commands that change objects print of each: a line with kubectl's word, or the object in some form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from returns.result import Result

from fkube.cli.checks import SUFFIX
from fkube.cli.command import MANAGED_FIELDS, output
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.messages import name
from fkube.cli.output import known_format, printed, unmanaged
from fkube.cli.templates import TEMPLATES, Shown, is_template, templated
from fkube.report.outcomes import Outcome
from fkube.resource.errors import UsageError

FORMATS = ("json", "yaml", "kyaml", "name", *(name for name in TEMPLATES if "columns" not in name))

PRINTING = (
    output(*FORMATS),
    Flag("template", "The template, or its file, where the output names none: -o jsonpath."),
    Flag(
        "allow-missing-template-keys",
        "Whether a field that is missing prints nothing in a template.",
        kind="bool",
        default=True,
    ),
    MANAGED_FIELDS,
)
"""The flags that say how to print."""

Print: TypeAlias = Callable[[Console, int, Outcome], None]
"""Print an outcome; the number is that of the outcomes before it."""


def printing(options: Options, unchanged: str = "unchanged") -> Result[Print, UsageError]:
    """How the flags ask for outcomes to be printed; `unchanged` is the word for what stayed as it was.

    Errors: in cli-runtime's words. Follows `PrintFlags.ToPrinter` of cli-runtime.
    """
    asked = options["output"]
    if is_template(options) and "columns" not in asked:
        return templated({"no-headers": False, **options}).map(lambda shown: partial(_by_template, shown))
    managed = options["show-managed-fields"]
    return known_format(asked, *FORMATS).map(lambda format: partial(_by_format, format, unchanged, managed))


def _by_template(shown: Shown, console: Console, _: int, outcome: Outcome) -> None:
    text, error = shown(outcome.object)
    console.say(text, end="")
    if error is not None:
        console.fail(error)


def _by_format(
    format: str, unchanged: str, managed: bool, console: Console, before: int, outcome: Outcome
) -> None:
    if not format:
        word = unchanged if outcome.action == "unchanged" else outcome.action
        console.say(f"{name(outcome.object)} {word}{SUFFIX[outcome.dry_run]}")
    else:
        object = outcome.object if managed else unmanaged(outcome.object)
        console.say(printed(format, object, before), end="")
