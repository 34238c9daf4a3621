"""Regular expressions that are compiled when they are first used. Nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any


class _Pattern:
    """Stands for a compiled expression: the first method that is asked for compiles it, for all of them."""

    __slots__ = ("_flags", "findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub")

    def __init__(self, pattern: Any, flags: int = 0) -> None:
        self.pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        # Python asks this for a slot that is empty only, so that each later use costs nothing.
        compiled = re.compile(self.pattern, self._flags)
        for slot in self.__slots__[1:]:
            setattr(self, slot, getattr(compiled, slot))
        return getattr(compiled, name)


if TYPE_CHECKING:
    compile_later = re.compile
else:

    def compile_later(pattern, flags=0):
        """`re.compile`, when the pattern is first used: a command needs one in ten of those that it imports.

        >>> compile_later("a+").findall("aa b a")
        ['aa', 'a']
        """
        return _Pattern(pattern, flags)
