"""What a command is, where it is found, and the flags that several share. Importing it must cost nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from fkube.cli.console import Console
from fkube.cli.flags import Flag, flag, flags_of
from fkube.resource.dataclasses import dataclass, field

OptionsT = TypeVar("OptionsT")

Written: TypeAlias = tuple[tuple[Flag, str], ...]
"""Flags with the texts that were written to them, in order."""

PROFILES = ("none", "cpu", "heap")
"""What profiles can be written."""


@dataclass(frozen=True, slots=True)
class Command(Generic[OptionsT]):
    """A command of the program: how it is called, what help says of it, its flags, and what it does.

    `options` is the record that declares its flags, of which `run` gets one; `settings` as of `group`.
    `doing` is what an error says was being done to an object: `creating`; `wrong` the exit status then;
    `namespace_first` whether the kubeconfig is asked for the namespace before the server, as by kubectl.
    """

    usage: str
    about: str
    examples: str
    options: type[OptionsT]
    run: Callable[[Console, OptionsT], None]
    doing: str = ""
    wrong: int = 1
    namespace_first: bool = False
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of its own."""
        return tuple(flag for flag in self.all_flags if flag not in (HELP, *GLOBAL))

    @property
    def all_flags(self) -> tuple[Flag, ...]:
        """The flags of its own, and the global ones."""
        return flags_of(self.options, **self.settings)


def command(name: str) -> Command[Any]:
    """Import the module of the command of that name, and give the command."""
    found: Command[Any] = import_module(f"fkube.cli.{re.sub('[- ]', '_', name)}").COMMAND
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What every command is called with: words that are no flags, names of flags given, the global flags.

    `written`: the flags given, with their texts as they were written.
    """

    arguments: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    written: Written = field(default=(), repr=False)
    help: bool = flag("Show this help.", False, short="h")
    embedded: bool = flag("Use a cluster in memory that lives as long as the command.", False)
    kubeconfig: str = flag("The kubeconfig file to use.", "")
    context: str = flag("The name of the kubeconfig context to use.", "")
    cluster: str = flag("The name of the kubeconfig cluster to use.", "")
    user: str = flag("The name of the kubeconfig user to use.", "")
    namespace: str = flag("The namespace of the request.", "", short="n")
    cache_dir: str = flag("Where what servers offer is kept; KUBECACHEDIR, else ~/.kube/cache.", "")
    server: str = flag("The address and port of the API server.", "", short="s")
    token: str = flag("The bearer token to authenticate with.", "", secret=True)
    username: str = flag("The user name of basic authentication.", "")
    password: str = flag("The password of basic authentication.", "", secret=True)
    as_: str = flag("The user to act as.", "")
    as_group: tuple[str, ...] = flag("A group to act as; may be repeated.", (), commas=False)
    as_uid: str = flag("The UID to act as.", "")
    as_user_extra: tuple[str, ...] = flag(
        "What else to act with, as key=value; may be repeated.", (), commas=False, secret=True
    )
    request_timeout: str = flag("How long one request may take: 1s, 2m, 3h; 0 is forever.", "0")
    timeout_run: float = flag(
        "How long the whole run may take: 90s, 5m; the rest is skipped; 0 is forever.", 0.0
    )
    insecure_skip_tls_verify: bool = flag("Do not check the server's certificate: insecure.", False)
    certificate_authority: str = flag("The file with the certificate of the authority.", "")
    client_certificate: str = flag("The file with the client certificate.", "")
    client_key: str = flag("The file with the client key.", "")
    tls_server_name: str = flag("The name that the server's certificate is checked against.", "")
    proxy_url: str = flag("The proxy to use for requests to the API server.", "", secret=True)
    disable_compression: bool = flag("Do not ask for compressed responses.", False)
    match_server_version: bool = flag("Require the server to be of the Kubernetes that fkube follows.", False)
    kuberc: str = flag("The file with defaults and aliases; KUBERC, else ~/.kube/kuberc; KUBERC=off.", "")
    v: int = flag(
        "How much to tell on stderr: requests from 6 on, headers from 7, bodies from 8, curl from 9.",
        0,
        short="v",
        grammar="level",
    )
    vmodule: str = flag(
        "The same by file of client-go: round_trippers=N for requests, helper=N for bodies.",
        "",
        grammar="levels",
    )
    log_flush_frequency: float = flag("Of no effect: what is told is written at once.", 5.0)
    profile: str = flag(
        "What to write a profile of: cpu (for pstats) or heap (for tracemalloc).", "none", choices=PROFILES
    )
    profile_output: str = flag("The file to write the profile to.", "profile.pprof")
    warnings_as_errors: bool = flag("Exit with 1 if there were warnings, though nothing failed.", False)


HELP = flags_of(Call)[0]
GLOBAL = flags_of(Call)[1:]
"""The flags of every command, which may stand before its name too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which objects a command is about: those in manifests, and those that are named or selected."""

    filename: tuple[str, ...] = flag(
        "A file, directory, pattern, URL or -{usage}; may be repeated.", (), short="f"
    )
    kustomize: str = flag("A directory for kustomize to build; not with -f or -R.", "", short="k")
    recursive: bool = flag("Read the directories given with -f recursively.", False, short="R")
    selector: str = flag("A label selector: key=value, key!=value, key in (a,b), key, !key.", "", short="l")
    field_selector: str = flag("A field selector: metadata.name=web, status.phase!=Running.", "")
    all: bool = flag("{do} all objects of the types.", False)
    all_namespaces: bool = flag("Ask over all namespaces.", False, short="A")

    @property
    def has_manifests(self) -> bool:
        """Whether there are manifests to read."""
        return bool(self.filename or self.kustomize)


MANIFESTS = ("filename", "kustomize", "recursive")
"""The flags of a selection that name manifests."""

SELECTED = (*MANIFESTS, "selector", "all")
"""These, and the flags that select among all objects of a namespace."""


class Selecting(Protocol):
    """The options of a command that is about objects."""

    @property
    def call(self) -> Call:
        """The global flags."""

    @property
    def selection(self) -> Selection:
        """Which objects."""


def output_flag(*formats: str) -> str:
    """Declare the flag `--output` with the formats of a command, as a field of its options."""
    return flag(f"How to print: {', '.join(formats)}.", "", short="o", choices=formats)


managed_fields_flag = partial(flag, "Keep managedFields in JSON and YAML.", False)
"""Declare the flag `--show-managed-fields`, as a field of a command's options."""

no_headers_flag = partial(flag, "Print no headers.", False)
"""Declare the flag `--no-headers`, as a field of a command's options."""

save_config_flag = partial(flag, "Keep the object in the annotation that apply reads.", False)
"""Declare the flag `--save-config`, as a field of a command's options."""


def dry_run_flag() -> str:
    """Declare the flag `--dry-run`, as a field of a command's options; `read_dry_run` reads it."""
    about = 'Must be "none", "server" (ask, but change nothing) or "client" (only print what would be sent).'
    return flag(about, "none", bare="unchanged", choices=("none", "server", "client"))


def validate_flag() -> str:
    """Declare the flag `--validate`, as a field of a command's options; `read_validation` reads it."""
    about = "What the server does about fields it does not know: strict, warn or ignore."
    return flag(about, "strict", bare="strict", choices=("strict", "warn", "ignore", "true", "false"))


def field_manager_flag(default: str, more: str = "") -> str:
    """Declare the flag `--field-manager` with its default, as a field of a command's options.

    `more` is said of it too.
    """
    return flag(f"The name under which the fields are owned{more}.", default)
