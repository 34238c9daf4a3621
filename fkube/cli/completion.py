"""`fkube completion`: scripts by which shells complete fkube's words; click makes them and answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete, shell_complete

from fkube.cli import VARIABLE
from fkube.cli.command import GLOBAL, Command, command
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


def run(console: Console, options: Options) -> None:
    """Print the script of a shell."""
    match options["arguments"]:
        case (shell,) if shell in SHELLS:
            console.say(SHELLS[shell](click.Group("fkube"), {}, "fkube", VARIABLE).source())
        case _:
            hint = "See 'fkube completion -h' for help and examples"
            console.refuse(f"give one of {', '.join(SHELLS)}\n{hint}")


def answer(commands: Mapping[str, str], environ: Mapping[str, str]) -> int:
    """Print the words that a script asks for, and give the exit status."""
    words = environ.get("COMP_WORDS", "").split()
    known = {
        name: _command(name, command(name).flags if name in words else (), commands) for name in commands
    }
    group = click.Group("fkube", params=_options(GLOBAL), commands=known)
    return shell_complete(group, {}, "fkube", VARIABLE, environ[VARIABLE])


def _command(name: str, flags: Iterable[Flag], commands: Mapping[str, str]) -> click.Command:
    words: list[click.Parameter] = [click.Argument(["words"], nargs=-1)]
    return click.Command(name, params=[*_options((*flags, *GLOBAL)), *words], short_help=commands[name])


def _options(flags: Iterable[Flag]) -> list[click.Parameter]:
    return [
        click.Option(
            [f"--{flag.name}", *([f"-{flag.short}"] if flag.short else [])],
            help=flag.help,
            is_flag=flag.kind == "bool",
            type=_type(flag) if flag.kind != "bool" else None,
            multiple=flag.kind in ("strings", "list"),
        )
        for flag in flags
    ]


def _type(flag: Flag) -> click.ParamType[Any]:
    """What values a flag has, as far as they can be completed."""
    if flag.choices:
        return click.Choice(flag.choices)
    return click.Path() if flag.name in _PATHS else click.STRING


_PATHS = (
    "filename",
    "kustomize",
    "kubeconfig",
    "certificate-authority",
    "client-certificate",
    "client-key",
    "write-kubeconfig",
)

COMMAND = Command(
    "completion (bash|zsh|fish)",
    "Print a script that completes fkube's words in a shell.",
    """
    # Complete in this shell, and in those to come
    source <(fkube completion bash)
    fkube completion bash > ~/.local/share/bash-completion/completions/fkube""",
    (),
    run,
)
