"""Dataclasses that are made sooner are those of the standard library: shape by shape, beside them."""

from __future__ import annotations

import copy
import dataclasses as standard
import inspect
import pickle
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import pytest

from fkube.resource import dataclasses as ours

T = TypeVar("T")


def _shapes(kit: Any) -> dict[str, Any]:
    """Classes of every form that fkube has, made with a kit of `dataclass` and `field`."""
    dataclass, field = kit.dataclass, kit.field

    @dataclass(frozen=True, slots=True)
    class Frozen(Generic[T]):
        """Fields with defaults, not compared, not shown, made for each."""

        first: T
        second: str = "two"
        unseen: str = field(default="", repr=False)
        apart: tuple[str, ...] = field(default=(), compare=False)
        made: list[int] = field(default_factory=list, compare=False, metadata={"why": "it is a list"})

        @property
        def both(self) -> str:
            return f"{self.first} {self.second}"

    @dataclass(frozen=True, slots=True)
    class Empty:
        """No field."""

    @dataclass(frozen=True, slots=True, repr=False)
    class Named:
        """A repr and an equality of its own."""

        first: int

        def __repr__(self) -> str:
            return f"<{self.first}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.first % 10 == other.first % 10

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Keywords:
        """Fields by name only."""

        first: int
        second: int = 2

    @dataclass(slots=True)
    class Open:
        """It may be changed, and is told when it is made."""

        first: int
        total: int = 0

        def __post_init__(self) -> None:
            self.total += self.first

    @dataclass(slots=True, eq=False)
    class Itself:
        """Equal to itself only."""

        first: int

    return {cls.__name__: cls for cls in (Frozen, Empty, Named, Keywords, Open, Itself)}


STANDARD = _shapes(standard)

DEEDS: dict[str, Callable[[Any, Any], Any]] = {
    "signature": lambda cls, _: str(inspect.signature(cls)),
    "repr": lambda _, one: repr(one),
    "no argument": lambda cls, _: cls(),
    "too many": lambda cls, _: cls(1, 2, 3, 4, 5, 6),
    "unknown": lambda cls, _: cls(first=1, third=2),
    "equal": lambda cls, one: (one == type(one)(first=1), one != type(one)(first=11), one == 1),
    "not compared": lambda cls, one: one == cls(1, apart=("x",)),
    "hash": lambda cls, one: hash(one) == hash(cls(first=1)),
    "set": lambda _, one: setattr(one, "first", 2) or one,
    "set another": lambda _, one: setattr(one, "other", 2),
    "delete": lambda _, one: delattr(one, "first"),
    "replace": lambda _, one: standard.replace(one, first=3),
    "fields": lambda cls, _: [
        (f.name, f.type, f.repr, f.compare, f.kw_only, dict(f.metadata)) for f in standard.fields(cls)
    ],
    "defaults": lambda cls, _: [f.default for f in standard.fields(cls) if f.name == "second"],
    "is_dataclass": lambda cls, one: (standard.is_dataclass(cls), standard.is_dataclass(one)),
    "as tuple": lambda _, one: standard.astuple(one),
    "copied": lambda _, one: (copy.copy(one), copy.deepcopy(one)),
    "matched": lambda cls, _: cls.__match_args__,
    "slots": lambda cls, one: (cls.__slots__, hasattr(one, "__dict__")),
    "parameters": lambda cls, _: cls[int](1),
    "of their own": lambda cls, _: cls(1).made is not cls(1).made,
    "words": lambda cls, _: (cls.__name__, cls.__doc__, cls.__module__, cls.__qualname__),
}


def _end(deed: Callable[[Any, Any], Any], cls: Any) -> tuple[str, str]:
    """What a deed gives, or the error that it ends with, as text."""
    try:
        return "given", repr(deed(cls, cls(first=1) if cls.__name__ != "Empty" else cls()))
    except Exception as error:  # noqa: BLE001 - the end may be any
        return type(error).__name__, str(error)


@pytest.mark.parametrize("before", [0, 10])
@pytest.mark.parametrize("shape", STANDARD)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_has_the_end_that_it_has_with_the_standard_library(
    shape: str, deed: str, before: int
) -> None:
    own = _shapes(ours)[shape]
    # The first instances are made field by field, those after by a function that is compiled.
    for _ in range(before):
        own(**({"first": 1} if shape != "Empty" else {}))
    of_theirs = _end(DEEDS[deed], STANDARD[shape])
    if "super(type, obj)" in of_theirs[1]:
        pytest.skip("the standard library trips over its own slots here before Python 3.12")
    assert _end(DEEDS[deed], own) == of_theirs


@ours.dataclass(frozen=True, slots=True)
class Kept:
    """Found by its name, as pickle needs it."""

    first: int
    second: tuple[int, ...] = ()


def test_it_is_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, (2,)))) == Kept(1, (2,))


def test_init_is_written_when_it_is_worth_it_and_once() -> None:
    cls: Any = _shapes(ours)["Keywords"]
    assert [cls(first=1) for _ in range(3)] == [cls(first=1, second=2)] * 3
    written = vars(cls)["__init__"]
    cls(first=2)
    assert inspect.isfunction(written)
    assert vars(cls)["__init__"] is written


def test_replace_and_fields_are_those_of_the_standard_library() -> None:
    one: Any = _shapes(ours)["Frozen"](1, unseen="x")
    assert ours.replace(one, second="z") == standard.replace(one, second="z")
    assert [f.name for f in ours.fields(one)] == [f.name for f in standard.fields(one)]
    with pytest.raises(TypeError):
        ours.replace(one, other=1)
