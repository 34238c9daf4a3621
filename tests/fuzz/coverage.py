"""Which public functions take text, bytes or JSON, and which of them the targets reach."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from cProfile import Profile
from importlib import import_module
from types import CodeType
from typing import Any

import fkube

ROOMS = (
    "builder",
    "cluster",
    "documents",
    "exchange",
    "kubeconfig",
    "merging",
    "pipeline",
    "report",
    "resource",
    "showing",
    "syntax",
    "verbs",
    "visitor",
)
"""The rooms whose functions may be called by anyone. Edge and command line have tests of their own."""

RAW = re.compile(r"\b(str|bytes|Any|object|Object)\b")


def modules() -> Iterator[Any]:
    """The modules of those rooms."""
    for found in pkgutil.walk_packages(fkube.__path__, "fkube."):
        if found.name.split(".")[1] in ROOMS:
            yield import_module(found.name)


def raw_functions() -> dict[CodeType, str]:
    """The public functions that take something that may be anything: by their code, their names."""
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not name.startswith("_") and takes_raw(function):
                found[inspect.unwrap(function).__code__] = f"{module.__name__}.{name}"
    return found


def takes_raw(function: Callable[..., Any]) -> bool:
    """Whether a function takes text, bytes or JSON."""
    hints = [str(parameter.annotation) for parameter in inspect.signature(function).parameters.values()]
    return any(RAW.search(hint) and "Callable" not in hint for hint in hints)


def reached_codes(run: Callable[[], object]) -> set[CodeType]:
    """The code that runs in a call."""
    profile = Profile(builtins=False)
    profile.runcall(run)
    return {entry.code for entry in profile.getstats() if isinstance(entry.code, CodeType)}
