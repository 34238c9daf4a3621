"""Packages whose names are imported when they are asked for. Nothing else."""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False  # To import typing takes longer than to print help.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def export_lazily(package: str, exported: Mapping[str, str]) -> None:
    """Let a package have names of its modules, and import each with the first that is asked for.

    `exported`: the names in each module, with blanks between them. A module named as what it exports, such as
    `fkube.verbs.create`, does not take its place in the package.

    >>> from fkube import verbs
    >>> import fkube.verbs.create
    >>> verbs.create is sys.modules["fkube.verbs.create"].create
    True
    """
    homes = {name: module for module, names in exported.items() for name in names.split()}
    vars(sys.modules[package]).update(__homes__=homes, __all__=sorted(homes))
    sys.modules[package].__class__ = _Exporting


class _Exporting(ModuleType):
    """A package that Python asks for names which it does not have yet: `__homes__` says in which modules."""

    def __getattr__(self, name: str) -> Any:
        homes = vars(self)["__homes__"]
        if name not in homes:
            return _import_module(self.__name__, name)
        value = getattr(__import__(f"{self.__name__}.{homes[name]}", fromlist=[name]), name)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        # Python binds a module in its package once it is imported.
        of_module = isinstance(value, ModuleType) and name in vars(self)["__homes__"]
        super().__setattr__(name, getattr(value, name) if of_module else value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *vars(self)["__homes__"]})


def _import_module(package: str, name: str) -> Any:
    """Import a module of a package, as if the package had imported all of its own."""
    try:
        return __import__(f"{package}.{name}", fromlist=[name])
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{name}":
            raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}") from None
