"""`fkube completion`: scripts by which shells complete fkube's words; click makes them and answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete, shell_complete

from fkube.cli import VARIABLE
from fkube.cli.command import GLOBAL, Call, Command, command
from fkube.cli.console import Console
from fkube.cli.flags import Flag

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


def run(console: Console, call: Call) -> None:
    """Print the script that completes words in the shell that the argument names."""
    match call.arguments:
        case (shell,) if shell in SHELLS:
            console.say(SHELLS[shell](click.Group("fkube"), {}, "fkube", VARIABLE).source())
        case _:
            hint = "See 'fkube completion -h' for help and examples"
            console.refuse(f"give one of {', '.join(SHELLS)}\n{hint}")


def answer_shell(commands: Mapping[str, str], environ: Mapping[str, str]) -> int:
    """Print how the words that a shell is completing may go on, and give the exit status.

    The script of the shell puts them in the environment. `commands` are names with what they do.
    """
    words = environ.get("COMP_WORDS", "").split()
    known = {name: _click_command(name, words, about) for name, about in commands.items()}
    group = click.Group("fkube", params=_click_options(GLOBAL), commands=known)
    return shell_complete(group, {}, "fkube", VARIABLE, environ[VARIABLE])


def _click_command(name: str, words: Sequence[str], about: str) -> click.Command:
    """Describe a command to click, with its own flags only if its name is among the words.

    No other command is imported. `about` is what it does, in a line.
    """
    flags = command(name).flags if name in words else ()
    rest: list[click.Parameter] = [click.Argument(["words"], nargs=-1)]
    return click.Command(name, params=[*_click_options((*flags, *GLOBAL)), *rest], short_help=about)


def _click_options(flags: Iterable[Flag]) -> list[click.Parameter]:
    """Describe flags to click, with their help and what their values can be."""
    return [
        click.Option(
            [f"--{flag.name}", *([f"-{flag.short}"] if flag.short else [])],
            help=flag.about,
            is_flag=flag.kind == "bool",
            type=_value_type(flag) if flag.kind != "bool" else None,
            multiple=flag.kind in ("strings", "list"),
        )
        for flag in flags
        if not flag.deprecated
    ]


def _value_type(flag: Flag) -> click.ParamType[Any]:
    """The type of the values of a flag, as far as they can be completed."""
    if flag.choices:
        return click.Choice(flag.choices)
    return click.Path() if flag.name in _PATHS else click.STRING


_CERTIFICATES = ("certificate-authority", "client-certificate", "client-key")
_PATHS = ("filename", "kustomize", "kubeconfig", *_CERTIFICATES, "write-kubeconfig", "html")

COMMAND = Command(
    "completion (bash|zsh|fish)",
    "Print a script that completes fkube's words in a shell.",
    """
    # Complete in this shell, and in those to come
    source <(fkube completion bash)
    fkube completion bash > ~/.local/share/bash-completion/completions/fkube""",
    Call,
    run,
)
