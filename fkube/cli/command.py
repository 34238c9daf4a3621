"""What a command is, where it is found, and the flags that several share. Importing it must cost nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the program: how it is called, what help says of it, its flags, and what it does.

    `doing` is what an error says was being done to an object: `creating`; `wrong` the exit status then.
    """

    usage: str
    about: str
    examples: str
    flags: tuple[Flag, ...]
    run: Callable[[Console, Options], None]
    doing: str = ""
    wrong: int = 1


def command(name: str) -> Command:
    """The command of that name."""
    found: Command = import_module(f"fkube.cli.{re.sub('[- ]', '_', name)}").COMMAND
    return found


HELP = Flag("help", "Show this help.", "h", "bool")

GLOBAL = (
    Flag("embedded", "Use a cluster in memory that lives as long as the command.", kind="bool"),
    Flag("kubeconfig", "The kubeconfig file to use."),
    Flag("context", "The name of the kubeconfig context to use."),
    Flag("cluster", "The name of the kubeconfig cluster to use."),
    Flag("user", "The name of the kubeconfig user to use."),
    Flag("namespace", "The namespace of the request.", "n"),
    Flag("cache-dir", "Where what servers offer is kept; KUBECACHEDIR, else ~/.kube/cache."),
    Flag("server", "The address and port of the API server.", "s"),
    Flag("token", "The bearer token to authenticate with."),
    Flag("username", "The user name of basic authentication."),
    Flag("password", "The password of basic authentication."),
    Flag("as", "The user to act as."),
    Flag("as-group", "A group to act as; may be repeated.", kind="list"),
    Flag("as-uid", "The UID to act as."),
    Flag("as-user-extra", "What else to act with, as key=value; may be repeated.", kind="list"),
    Flag("request-timeout", "How long one request may take: 1s, 2m, 3h; 0 is forever.", default="0"),
    Flag("insecure-skip-tls-verify", "Do not check the server's certificate: insecure.", kind="bool"),
    Flag("certificate-authority", "The file with the certificate of the authority."),
    Flag("client-certificate", "The file with the client certificate."),
    Flag("client-key", "The file with the client key."),
    Flag("tls-server-name", "The name that the server's certificate is checked against."),
    Flag("proxy-url", "The proxy to use for requests to the API server."),
    Flag("disable-compression", "Do not ask for compressed responses.", kind="bool"),
)
"""The flags of every command, which may stand before its name too."""

SELECTOR = Flag("selector", "A label selector: key=value, key!=value, key in (a,b), key, !key.", "l")
FIELD_SELECTOR = Flag("field-selector", "A field selector: metadata.name=web, status.phase!=Running.")
ALL_NAMESPACES = Flag("all-namespaces", "Ask over all namespaces.", "A", "bool")
MANAGED_FIELDS = Flag("show-managed-fields", "Keep managedFields in JSON and YAML.", kind="bool")
NO_HEADERS = Flag("no-headers", "Print no headers.", kind="bool")


def files(usage: str, recursive: bool = False) -> tuple[Flag, ...]:
    """The flags that name manifests; `usage` says what is in them, `recursive` how directories are read."""
    return (
        Flag("filename", f"A file, directory, pattern, URL or - {usage}; may be repeated.", "f", "strings"),
        Flag("kustomize", "A directory for kustomize to build; not with -f or -R.", "k"),
        Flag("recursive", "Read the directories given with -f recursively.", "R", "bool", recursive),
    )


def output(*formats: str) -> Flag:
    """The flag that says how to print."""
    return Flag("output", f"How to print: {', '.join(formats)}.", "o", choices=formats)


DRY_RUN = Flag(
    "dry-run",
    'Must be "none", "server" (ask, but change nothing) or "client" (only print what would be sent).',
    default="none",
    bare="unchanged",
    choices=("none", "server", "client"),
)
VALIDATE = Flag(
    "validate",
    "What the server does about fields it does not know: strict, warn or ignore.",
    default="strict",
    bare="strict",
    choices=("strict", "warn", "ignore", "true", "false"),
)
SAVE_CONFIG = Flag("save-config", "Keep the object in the annotation that apply reads.", kind="bool")
CREATING = (
    *files("with objects to create"),
    SELECTOR,
    VALIDATE,
    Flag("field-manager", "The name under which the fields are owned.", default="kubectl-create"),
    SAVE_CONFIG,
)
"""The flags of `create` that say what is sent."""
