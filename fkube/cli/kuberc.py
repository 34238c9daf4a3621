"""The user's preferences, `~/.kube/kuberc`: aliases of commands and other defaults of their flags."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success, safe

from fkube.cli.command import command
from fkube.cli.console import Console
from fkube.cli.flags import Flag
from fkube.cli.overview import COMMANDS, SUBCOMMANDS
from fkube.cli.pflag import parse, read_boolean
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.results import collect_results

Words: TypeAlias = tuple[str, ...]
Options: TypeAlias = tuple[tuple[str, str], ...]
"""Names of flags with the texts that they have where none is given."""

Called: TypeAlias = tuple[str, Words]
"""The name of a command, and all other words."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """Other defaults for the flags of a command."""

    command: str
    options: Options = field(repr=False)


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a command, with flags and arguments."""

    name: str
    command: str
    prepended: Words = field(default=(), repr=False)
    appended: Words = field(default=(), repr=False)
    options: Options = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a kuberc file says."""

    defaults: tuple[Defaults, ...] = ()
    aliases: tuple[Alias, ...] = ()
    plugins: str = ""


def load_preferences(console: Console, words: Words, environ: Mapping[str, str]) -> Result[Preferences, str]:
    """The preferences of the file that is named, or of the one in the home, if there is one.

    Errors: in kubectl's words. Follows `DefaultGetPreferences` of kubectl.
    """
    off = environ.get("KUBERC") == "off"
    if read_boolean(environ.get("KUBECTL_KUBERC") or "true") is False or not words:
        return Success(Preferences())
    match explicit_path(words):
        case Success(path) if off:
            return Failure(_BOTH) if path else Success(Preferences())
        case Success(path):
            named = path or environ.get("KUBERC", "")
            read = _read_named(named) if named else Success(_read_usual(console, environ))
            return read.bind(check_preferences)
        case wrong:
            return Failure(wrong.failure())


def _read_named(path: str) -> Result[Preferences, str]:
    """The preferences of a file that has to be there."""
    return _read_file(path).alt(lambda why: f"kuberc error kuberc: {why}")


def _read_file(path: str) -> Result[Preferences, str]:
    # Imported here, as what decodes is: most homes have no such file.
    from fkube.edge.localfiles import read_text

    text = read_text(path).alt(lambda why: f"open {path}: {why}")
    return text.bind(lambda found: read_preferences(found, path))


def _read_usual(console: Console, environ: Mapping[str, str]) -> Preferences:
    """The preferences of the file in the home, none where that is missing; print where it is no good."""
    path = os.path.join(environ.get("HOME", ""), ".kube", "kuberc")
    if not environ.get("HOME") or not os.path.exists(path):
        return Preferences()
    read = _read_file(path)
    read.alt(lambda why: console.note(f"kuberc: no preferences loaded from {path}: {why}"))
    return read.value_or(Preferences())


def read_preferences(text: str, path: str) -> Result[Preferences, str]:
    """Read the first document that is a `Preference` of kubectl; of an empty text there are none.

    Errors: in kubectl's words. Follows `decodePreference` of kubectl.

    >>> read_preferences("kind: Pod", "kuberc").failure()
    'no valid preferences found in kuberc, use --v=5 to see details'
    """
    from fkube.syntax.yamltext import load

    none = f"no valid preferences found in {path}, use --v=5 to see details"
    documents = [part for part in re.split(r"(?m)^---.*$", text) if part.strip()]
    read = (load(part).map(lambda loaded: loaded[0]).value_or(None) for part in documents)
    found = next((one for one in read if _is_preference(one)), None)
    if found is None:
        return Failure(none) if documents else Success(Preferences())
    return safe((TypeError, KeyError, AttributeError, ValueError))(_build)(found).alt(lambda _: none)


def _is_preference(value: Any) -> bool:
    """Whether a document is one of kubectl's preferences, in a version that is known."""
    if not isinstance(value, Mapping) or value.get("kind") != "Preference":
        return False
    return value.get("apiVersion") in (f"{_GROUP}/v1alpha1", f"{_GROUP}/v1beta1")


def _build(found: Mapping[str, Any]) -> Preferences:
    """The preferences of a document; v1alpha1 calls defaults `overrides`, and options `flags`."""
    defaults = found.get("defaults") or found.get("overrides") or ()
    aliases = (
        Alias(
            _text(one["name"]),
            _text(one["command"]),
            _texts(one.get("prependArgs")),
            _texts(one.get("appendArgs")),
            _options(one),
        )
        for one in found.get("aliases") or ()
    )
    chosen = tuple(Defaults(_text(one["command"]), _options(one)) for one in defaults)
    return Preferences(chosen, tuple(aliases), _text(found.get("credentialPluginPolicy") or ""))


def _options(entry: Mapping[str, Any]) -> Options:
    """The options of an entry; their names and values must be texts."""
    given = entry.get("options") or entry.get("flags") or ()
    return tuple((_text(one["name"]), _text(one["default"])) for one in given)


def _text(value: Any) -> str:
    """A value that must be a text, which `TypeError` says that it is not."""
    return "".join((value,))


def _texts(value: Any) -> Words:
    """A value that must be a list of texts, or nothing; `TypeError` says that it is not."""
    # Added to a list, as a text is a sequence of texts too.
    return tuple(map(_text, [] + (value or [])))


def check_preferences(made: Preferences) -> Result[Preferences, str]:
    """Refuse names that are none, and a policy for plugins: it would not be kept here.

    Follows `Preferences.validate` of kubectl.
    """
    names = [alias.name for alias in made.aliases]
    twice = next((name for name in names if names.count(name) > 1), "")
    options = chain.from_iterable(
        (*(one.options for one in made.aliases), *(one.options for one in made.defaults))
    )
    dashed = next((name for name, _ in options if name.startswith("-")), "")
    problems = (
        (
            not all(re.fullmatch("[a-zA-Z]+", name) for name in names),
            "invalid alias name, can only include alphabetical characters",
        ),
        (dashed, f"flag name {dashed} should be in long form without dashes"),
        (twice, f"duplicate alias name {twice}"),
        (made.plugins not in ("", "AllowAll"), _POLICY),
    )
    problem = next((message for wrong, message in problems if wrong), "")
    return Failure(problem) if problem else Success(made)


def prefer(preferences: Preferences, words: Words, find: Callable[[Words], Called]) -> Result[Called, str]:
    """The command that words call, as the user prefers it: by its alias, or with other defaults.

    `find` finds the command in words; a command of fkube is no alias, and defaults do not hold for aliases.
    Errors: in kubectl's words. Follows `applyAliases` and `applyOverrides` of kubectl.
    """
    name, rest = find(words)
    if name in (*COMMANDS, *SUBCOMMANDS, ""):
        options = (o for one in preferences.defaults if one.command == name for o in one.options)
        return _add_options(name, rest, tuple(options)) if name else Success((name, rest))
    alias = next((one for one in preferences.aliases if one.name == name), None)
    if alias is None:
        return Success((name, rest))
    target, more = find((*alias.command.split(), *alias.prepended, *rest, *alias.appended))
    if target not in (*COMMANDS, *SUBCOMMANDS):
        return Failure(f'command "{alias.command}" not found to set alias "{alias.name}"')
    return _add_options(target, more, alias.options)


def _add_options(name: str, rest: Words, options: Options) -> Result[Called, str]:
    """Add the options whose flags are not among the words. Errors: a flag or a value that there is not."""
    flags = command(name).all_flags if options else ()
    given = parse(flags, rest).map(lambda values: values["given"]).value_or(())
    left = [option for option in options if option[0] not in given]
    checked = collect_results(_option_word(name, flags, *option) for option in left)
    return checked.map(lambda added: (name, (*added, *rest)))


def _option_word(name: str, flags: Sequence[Flag], flag: str, text: str) -> Result[str, str]:
    """An option as a word of the command line. Errors: as `_add_options`."""
    known = [one for one in flags if one.name == flag]
    if not known:
        return Failure(f"invalid flag {flag} for command {name}")
    word, where = f"--{flag}={text}", f"to flag {flag} in command {name}"
    read = parse(known, (word,)).alt(lambda why: f"could not apply override value {text} {where} err: {why}")
    return read.map(lambda _: word)


def explicit_path(words: Words) -> Result[str, str]:
    """The file that `--kuberc` names, empty if it is not given. Follows `getExplicitKuberc` of kubectl.

    >>> explicit_path(("get", "--kuberc", "a")).unwrap(), explicit_path(("get", "--", "--kuberc=a")).unwrap()
    ('a', '')
    """
    before = words[: words.index("--")] if "--" in words else words
    for at, word in enumerate(before):
        if word == "--kuberc" or word.startswith("--kuberc="):
            path = word[9:] if "=" in word else next(iter(before[at + 1 :]), "")
            return Success(path) if path else Failure("kuberc file is not found")
    return Success("")


_GROUP = "kubectl.config.k8s.io"
_BOTH = "kuberc error disabling kuberc via KUBERC=off and passing kuberc flag are mutually exclusive"
_POLICY = "credentialPluginPolicy is not kept by fkube: take it out, or set KUBERC=off"
