"""What is around a connection: this fkube, its extras, kubectl and shells' completion: findings. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from fkube.report.diagnosis import Finding, ok, warning
from fkube.resource.dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra of fkube, with the packages it brings and their versions; empty for one that is missing."""

    name: str
    packages: tuple[tuple[str, str], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The packages that are not installed."""
        return tuple(name for name, version in self.packages if not version)


@dataclass(frozen=True, slots=True)
class Machine:
    """What is on a machine: versions of fkube and Python, extras, kubectl, completion.

    `kubectl` is its path, empty if it is not on the PATH, and `kubectl_version` what it says of itself;
    `plugin`: whether `kubectl fkube` works; `completion`: the files that set it up.
    """

    fkube: str
    python: str
    extras: tuple[Extra, ...] = ()
    kubectl: str = ""
    kubectl_version: str = ""
    plugin: bool = False
    completion: tuple[str, ...] = ()

    def has(self, extra: str) -> bool:
        """Whether all of an extra is there; one that nothing is known of counts as there."""
        return not any(one.missing for one in self.extras if one.name == extra)


def explain_program(machine: Machine) -> Iterator[Finding]:
    """Say which fkube this is, and which of its extras are there."""
    yield ok("fkube", f"{machine.fkube}, on Python {machine.python}")
    for extra in machine.extras:
        yield ok("extra", f"{extra.name}: {_describe_extra(extra)}")


def _describe_extra(extra: Extra) -> str:
    """The versions of what an extra brings; or that it is not there, and what installs it.

    >>> _describe_extra(Extra("socks", (("PySocks", ""),)))
    "not installed; pip install 'fkube[socks]' brings it"
    """
    if extra.missing:
        lacking = (
            "not installed" if len(extra.missing) == len(extra.packages) else "not all of it is installed"
        )
        return f"{lacking}; pip install 'fkube[{extra.name}]' brings it"
    return ", ".join(f"{name} {version}" for name, version in extra.packages)


def explain_tools(machine: Machine) -> Iterator[Finding]:
    """Say which kubectl is there, and whether a shell completes fkube's words."""
    if not machine.kubectl:
        yield warning(
            "kubectl", "it is not on the PATH; only -k needs it", "install it, or kustomize, for -k"
        )
    else:
        plugin = "" if machine.plugin else "; `kubectl fkube` needs kubectl-fkube on the PATH too"
        told = machine.kubectl_version or "which does not say its version"
        yield ok("kubectl", f"{machine.kubectl}, {told}{plugin}")
    if machine.completion:
        yield ok("completion", f"set up in {', '.join(machine.completion)}")
    else:
        yield ok("completion", "not set up; `fkube completion --help` says how")
