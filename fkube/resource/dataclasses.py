"""The standard library's dataclasses, but made sooner: `__init__` is written when it is worth it.

`dataclasses.dataclass` compiles six methods a class, and fkube has 300: that was half of its start. Here the
methods are closures, and `__init__`, which must be compiled to be quick, is compiled for the fourth instance:
of most classes a run has fewer. A frozen instance is made sooner too, as its slots are set directly. Type
checkers see the standard library's, whose own `fields`, `replace` and `is_dataclass` know these too.
"""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_MISSING: Any = type("_Missing", (), {"__slots__": (), "__repr__": lambda _: "<factory>"})()
"""The default of a field that has none; in a signature, of one whose default is made for each instance."""


class _Field:
    """A field, with the names of `dataclasses.Field`."""

    __slots__ = ("compare", "default", "default_factory", "kw_only", "metadata", "name", "repr", "type")

    def __init__(self, default: Any, factory: Any, repr: bool, compare: bool, metadata: Any) -> None:
        self.default, self.default_factory, self.metadata = default, factory, metadata or {}
        self.repr, self.compare, self.kw_only, self.name, self.type = repr, compare, False, "", ""


class _Later:
    """An attribute of a class that is made when it is first asked for, and then takes this one's place."""

    __slots__ = ("cls", "make", "name")

    def __init__(self, cls: type, name: str, make: Any) -> None:
        self.cls, self.name, self.make = cls, name, make

    def __get__(self, instance: object, owner: type) -> Any:
        made = self.make(self.cls)
        setattr(self.cls, self.name, made)
        return made.__get__(instance, owner) if callable(made) else made


class _FirstInits(_Later):
    """An `__init__` that does its work field by field, until it is worth to compile one."""

    __slots__ = ("asked",)

    def __get__(self, instance: object, owner: type) -> Any:
        self.asked = getattr(self, "asked", 0) + 1
        # Asked of the class, as `inspect.signature` does (from Python 3.13 on as if that were an instance).
        if instance is None or isinstance(instance, type) or self.asked > _FEW:
            return super().__get__(instance, owner)
        return partial(_init, self.cls, instance)


_FEW = 3


def _init(cls: Any, self: Any, *args: object, **named: object) -> None:
    """Set the fields of an instance; what does not fit is told by the compiled `__init__`."""
    given = {**dict(zip(cls.__match_args__, args, strict=False)), **named}
    made = {f.name: f.default_factory() for f in cls.__fields__ if f.default_factory is not _MISSING}
    usual = {field.name: field.default for field in cls.__fields__ if field.default is not _MISSING}
    values = {**made, **usual, **given}
    if len(args) + len(named) != len(given) or {*values} != {*cls.__slots__}:
        _write_init(cls)(self, *args, **named)
        return
    for name, value in values.items():
        object.__setattr__(self, name, value)
    if hasattr(cls, "__post_init__"):
        self.__post_init__()


def _write_init(cls: Any) -> Any:
    """Compile `__init__`: of a frozen class it sets the slots themselves, which nothing else can."""
    names: dict[str, Any] = {"_MISSING": _MISSING}
    for field in cls.__fields__:
        names |= {f"_default_{field.name}": field.default, f"_make_{field.name}": field.default_factory}
        names[f"_set_{field.name}"] = cls.__dict__[field.name].__set__
    lines = [_assignment(field, cls.__frozen__) for field in cls.__fields__]
    after = ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    exec(f"def __init__({_parameters(cls.__fields__)}):\n " + "\n ".join([*lines, *after, "pass"]), names)
    written = names["__init__"]
    written.__qualname__, written.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    written.__annotations__ = {**{field.name: field.type for field in cls.__fields__}, "return": None}
    return written


def _parameters(fields: tuple[_Field, ...]) -> str:
    """The parameters of `__init__`, those by position first."""
    at, named = ([_parameter(f) for f in fields if f.kw_only is only] for only in (False, True))
    return ", ".join(["self", *at, *(["*", *named] if named else [])])


def _parameter(field: _Field) -> str:
    if field.default is not _MISSING:
        return f"{field.name}=_default_{field.name}"
    return field.name if field.default_factory is _MISSING else f"{field.name}=_MISSING"


def _assignment(field: _Field, frozen: bool) -> str:
    name = field.name
    made = "" if field.default_factory is _MISSING else f"_make_{name}() if {name} is _MISSING else "
    return f"_set_{name}(self, {made}{name})" if frozen else f"self.{name} = {made}{name}"


def _standard_fields(cls: Any) -> Any:
    """`__dataclass_fields__`, by which the standard library's functions know a dataclass."""
    import dataclasses

    def standard(own: _Field) -> Any:
        given = {name: getattr(own, name) for name in ("default", "default_factory")}
        kept = {name: getattr(own, name) for name in ("repr", "compare", "metadata", "kw_only")}
        return dataclasses.field(**{k: v for k, v in given.items() if v is not _MISSING}, **kept)

    declared = [(field.name, field.type, standard(field)) for field in cls.__fields__]
    same: Any = dataclasses.make_dataclass(cls.__name__, declared)
    return same.__dataclass_fields__


def _values_of(names: Sequence[str]) -> Any:
    """The function from an instance to the tuple of the values of those fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _declared_fields(body: dict[str, Any], types: dict[str, Any], kw_only: bool) -> tuple[_Field, ...]:
    """Take the fields out of the body of a class; `types`: its annotations."""
    found = []
    for name, type in types.items():
        default = body.pop(name, _MISSING)
        one = default if isinstance(default, _Field) else _Field(default, _MISSING, True, True, None)
        one.name, one.type, one.kw_only = name, type, kw_only
        found.append(one)
    return tuple(found)


def _methods(fields: tuple[_Field, ...], eq: bool, frozen: bool) -> dict[str, Any]:
    """The methods that are the same for every class but for the names of the fields."""
    compared = _values_of([field.name for field in fields if field.compare])
    shown = [field.name for field in fields if field.repr]

    def show(self: Any) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{self.__class__.__qualname__}({values})"

    def equal(self: Any, other: Any) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    equality: dict[str, Any] = {"__eq__": equal, "__hash__": None} if eq else {}
    if eq and frozen:
        equality["__hash__"] = lambda self: hash(compared(self))
    return {"__repr__": show, **equality, **(_FROZEN if frozen else {})}


def _refuse_set(_: object, name: str, __: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in self.__fields__]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(self.__fields__, state, strict=True):
        object.__setattr__(self, field.name, value)


def _make_class(cls: Any, frozen: bool, eq: bool, repr: bool, kw_only: bool) -> Any:
    """A class with slots for the fields that another declares; methods of its own go before ours."""
    body = {k: v for k, v in vars(cls).items() if k not in ("__dict__", "__weakref__")}
    fields = _declared_fields(body, cls.__annotations__, kw_only)
    names = tuple(field.name for field in fields)
    body |= {"__slots__": names, "__match_args__": () if kw_only else names, "__qualname__": cls.__qualname__}
    body |= {"__fields__": fields, "__frozen__": frozen, "__values__": staticmethod(_values_of(names))}
    if eq and body.get("__hash__") is None:
        # Python sets it where a body has `__eq__`.
        body.pop("__hash__", None)
    methods = _methods(fields, eq, frozen)
    if not repr:
        del methods["__repr__"]
    made = type(cls)(cls.__name__, cls.__bases__, {**methods, **body})
    made.__init__ = _FirstInits(made, "__init__", _write_init)
    made.__dataclass_fields__ = _Later(made, "__dataclass_fields__", _standard_fields)
    return made


_FROZEN = {
    "__setattr__": _refuse_set,
    "__delattr__": _refuse_delete,
    "__getstate__": _get_state,
    "__setstate__": _set_state,
}


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import fields as fields
    from dataclasses import replace as replace
else:

    def dataclass(*, frozen=False, slots=True, repr=True, eq=True, kw_only=False):
        """Make a class of fields as `dataclasses.dataclass` does; always with slots.

        >>> @dataclass(frozen=True, slots=True)
        ... class Point:
        ...     x: int
        ...     y: int = 0
        >>> Point(1), Point(1) == Point(1, 0), replace(Point(1), y=2)
        (Point(x=1, y=0), True, Point(x=1, y=2))
        """

        del slots
        return lambda cls: _make_class(cls, frozen, eq, repr, kw_only)

    def field(*, default=_MISSING, default_factory=_MISSING, repr=True, compare=True, metadata=None):
        """Declare a field as `dataclasses.field` does."""
        return _Field(default, default_factory, repr, compare, metadata)

    def fields(record):
        """The fields of a dataclass, or of an instance of one, in order."""
        return record.__fields__

    def replace(record, /, **changes):
        """The same record with other values in some fields; stages do it for each resource."""
        cls = record.__class__
        return cls(**{**dict(zip(cls.__slots__, cls.__values__(record), strict=True)), **changes})
