"""The program: finds the command, reads its flags, runs it. No other command is imported."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from returns.result import Failure, Success

from fkube.cli import VARIABLE
from fkube.cli.command import GLOBAL, HELP, Call, Command, command
from fkube.cli.console import Console
from fkube.cli.flags import Values, flags_of, read_record
from fkube.cli.kuberc import load_preferences, prefer
from fkube.cli.overview import COMMANDS, SUBCOMMANDS, overview
from fkube.cli.pflag import parse


def run(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command line, and give its exit status: 1 after a failure, 128 and its number after a signal."""
    if VARIABLE in environ:
        from fkube.cli import completion

        return completion.answer_shell(COMMANDS, environ)
    console = Console()
    try:
        with _sigterm_as_interrupt():
            _run_preferred(console, tuple(words), environ)
    except KeyboardInterrupt as interrupt:
        console.close()
        return 128 + next(iter(interrupt.args), signal.SIGINT)
    finally:
        console.hide()
    return console.close()


@contextmanager
def _sigterm_as_interrupt() -> Iterator[None]:
    """Let SIGTERM end a command as Ctrl-C does, so that what was done is printed; main thread only."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _raise_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _raise_interrupt(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def split_command(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The name of the command, which is the first word that is no flag and no value of one, and the others.

    Follows `Command.Find` of spf13/cobra.

    >>> split_command(("-n", "shop", "get", "--embedded", "pods"))
    ('get', ('-n', 'shop', '--embedded', 'pods'))
    """
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--"):
        at += 2 if _takes_next(words[at]) else 1
    if at >= len(words) or words[at] == "--":
        return "", words
    return words[at], (*words[:at], *words[at + 1 :])


def _takes_next(word: str) -> bool:
    """Whether a word is a flag whose value is the next word."""
    if "=" in word or (len(word) > 2 and not word.startswith("--")):
        return False
    flag = next((f for f in (*GLOBAL, HELP) if word in (f"--{f.name}", f"-{f.short}")), None)
    return flag is None or not flag.value_alone


def _find_command(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The name of the command or subcommand that the words call, empty for none, and all other words.

    `--version` calls `version --client`; `help NAME` is `NAME --help`.
    """
    if words == ("--version",):
        return "version", ("--client",)
    name, rest = split_command(words)
    if name == "help":
        name, rest = split_command((*rest, "--help"))
    below, others = split_command(rest)
    return (f"{name} {below}", others) if f"{name} {below}" in SUBCOMMANDS else (name, rest)


def _run_preferred(console: Console, words: tuple[str, ...], environ: Mapping[str, str]) -> None:
    """Run the command that the words call, as the user's preferences say; or print what is wrong with them.

    Follows `Preferences.Apply` of kubectl.
    """
    preferences = load_preferences(console, words, environ)
    match preferences.bind(lambda found: prefer(found, words, _find_command)):
        case Success((name, rest)):
            _run_command(console, name, rest)
        case wrong:
            console.note(f"error occurred while applying preferences {wrong.failure()}")
            console.status = 1


def _run_command(console: Console, name: str, rest: tuple[str, ...]) -> None:
    """Run a command with all other words; or print its help, or what is wrong with its flags."""
    if name and name not in (*COMMANDS, *SUBCOMMANDS):
        return console.refuse(f'unknown command "{name}" for "fkube"{_suggestion(name)}')
    found: Command[Any] | None = command(name) if name else None
    console.wrong = found.wrong if found else 1
    match parse(found.all_flags if found else flags_of(Call), rest):
        case Failure(problem):
            console.refuse(f"{problem}\nSee '{f'fkube {name}'.strip()} --help' for usage.")
        case Success(values) if found and not read_record(Call, values).help:
            _warn_of_deprecated(console, values)
            console.doing, console.namespace_first = found.doing, found.namespace_first
            console.strict = read_record(Call, values).warnings_as_errors
            _run_found(console, found, values)
        case _:
            from fkube.cli.help import command_help

            console.say(command_help(found) if found else overview())
    return None


def _run_found(console: Console, found: Command[Any], values: Values) -> None:
    """Run a command with the values of its flags, and write a profile of it if that is asked for."""
    call, run = read_record(Call, values), partial(found.run, console, read_record(found.options, values))
    if call.profile == "none":
        return run()
    from fkube.cli.profiling import run_profiled

    return run_profiled(console, call, run)


def _warn_of_deprecated(console: Console, values: Values) -> None:
    """Print of each flag given that is deprecated that it is, in pflag's words."""
    for flag, _ in values["written"]:
        if flag.deprecated:
            console.note(f"Flag --{flag.name} has been deprecated, {flag.deprecated}")


def _suggestion(name: str) -> str:
    """A question that names the commands which are written alike; empty if there are none."""
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS)
    return "\n\nDid you mean this?\n\t" + "\n\t".join(close) if close else ""
