"""The program: which command is meant, its flags read, its exit status. A command is imported to run."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from returns.result import Success

from fkube.cli import VARIABLE
from fkube.cli.command import GLOBAL, HELP, command
from fkube.cli.console import Console
from fkube.cli.flags import parse
from fkube.cli.overview import COMMANDS, SUBCOMMANDS, overview


def run(words: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command line, and give its exit status: 1 after a failure, 128 and its number after a signal."""
    if VARIABLE in environ:
        from fkube.cli import completion

        return completion.answer(COMMANDS, environ)
    console = Console()
    try:
        with _terminable():
            _run(console, tuple(words))
    except KeyboardInterrupt as interrupt:
        console.close()
        return 128 + next(iter(interrupt.args), signal.SIGINT)
    return console.close()


@contextmanager
def _terminable() -> Iterator[None]:
    """While a command runs SIGTERM ends it as Ctrl-C does: what was done is said."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminated(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def named(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The first word that is no flag and no value of one, and all the others.

    Follows `Command.Find` of spf13/cobra.

    >>> named(("-n", "shop", "get", "--embedded", "pods"))
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
    return flag is None or not flag.alone


def _meant(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The command that is meant, a command of a command too, and all other words."""
    if words == ("--version",):
        return "version", ("--client",)
    name, rest = named(words)
    if name == "help":
        name, rest = named((*rest, "--help"))
    below, others = named(rest)
    return (f"{name} {below}", others) if f"{name} {below}" in SUBCOMMANDS else (name, rest)


def _run(console: Console, words: tuple[str, ...]) -> None:
    name, rest = _meant(words)
    if name and name not in (*COMMANDS, *SUBCOMMANDS):
        return console.refuse(f'unknown command "{name}" for "fkube"{_suggestion(name)}')
    found = command(name) if name else None
    console.wrong = found.wrong if found else 1
    options = parse((*(found.flags if found else ()), *GLOBAL, HELP), rest)
    if not isinstance(options, Success):
        return console.refuse(f"{options.failure()}\nSee '{f'fkube {name}'.strip()} --help' for usage.")
    if found is None or options.unwrap()["help"]:
        from fkube.cli.help import of_command

        return console.say(of_command(found) if found else overview())
    console.doing = found.doing
    found.run(console, options.unwrap())
    return None


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS)
    return "\n\nDid you mean this?\n\t" + "\n\t".join(close) if close else ""
