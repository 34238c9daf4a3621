"""Flags as data, and the records that declare them: help, completion and parsing are all made of these. Pure.

A command declares a frozen dataclass. Each field is a flag, or a group: a record of flags that several
commands share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from fkube.resource.dataclasses import dataclass, field, fields, replace

T = TypeVar("T")

Kind: TypeAlias = Literal["string", "bool", "strings", "list", "int", "duration", "level", "levels"]
"""`strings` may be written with commas between them, each of a `list` is one; durations are in seconds.

A `level` is how much is told, a whole number; `levels` are those of files: `pattern=N,...`."""

Values: TypeAlias = Mapping[str, Any]
"""The values of flags by name, those not given too.

`arguments` are the words that are no flags, `given` the names of the flags that were, `written` these flags
with their texts."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag, as help, completion and parsing need it.

    `about` is its line of help. `bare` is what it means where no value is written to it, empty where it
    needs one. `choices` are offered by completion and not checked. `commas`: whether they separate the
    values of a tuple. `secret`: its value is a credential. `given`: its value goes to objects, which
    may be Secrets. `deprecated`: why it should not be used; help and completion keep silent of it. `grammar`:
    its kind, where the type of its default does not say it.
    """

    name: str
    about: str
    default: Any = ""
    short: str = ""
    bare: str = ""
    choices: Sequence[str] = ()
    commas: bool = True
    secret: bool = False
    given: bool = False
    deprecated: str = ""
    grammar: Kind | None = None

    @property
    def kind(self) -> Kind:
        """The kind of its values, by the type of its default."""
        return self.grammar or _KINDS.get(type(self.default), "strings" if self.commas else "list")

    @property
    def full_name(self) -> str:
        """The flag as messages name it: `-n, --namespace`."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"

    @property
    def value_alone(self) -> str:
        """The value that the flag has where none is written; empty if it needs one."""
        return self.bare or ("true" if self.kind == "bool" else "")


@dataclass(frozen=True, slots=True)
class Group:
    """A field that stands for the flags of another record: of all its fields, or of those in `names`.

    `settings` are other defaults, by field, and words to fill into the help of its flags.
    """

    record: Any
    names: tuple[str, ...]
    settings: Mapping[str, Any]


def flag(
    about: str,
    default: T,
    short: str = "",
    bare: str = "",
    choices: Sequence[str] = (),
    commas: bool = True,
    secret: bool = False,
    given: bool = False,
    deprecated: str = "",
    grammar: Kind | None = None,
) -> T:
    """Declare a field of a record to be a flag of that name, whose kind is the type of its default.

    `secret` and `given`: no repr of the record shows its value. For the rest see `Flag`.
    """
    made = Flag("", about, default, short, bare, choices, commas, secret, given, deprecated, grammar)
    metadata = {"flag": made}
    declared: T = field(default=default, metadata=metadata, repr=not secret and not given)
    return declared


def group(record: type[T], *names: str, **settings: object) -> T:
    """Declare a field to hold a record of flags: all of them, or those named, in the order of the names.

    `settings` named as a field are its default here; the others fill the `{words}` of the abouts. Both are
    for the groups within, too.
    """
    shared: Any = record
    own = {name: value for name, value in settings.items() if name in _fields_of(record)}
    metadata = {"group": Group(record, names, settings)}
    declared: T = field(default_factory=lambda: shared(**own), metadata=metadata)
    return declared


def flags_of(record: type, **settings: object) -> tuple[Flag, ...]:
    """The flags that a record declares, in the order in which help shows them; `settings` as of `group`.

    >>> @dataclass(frozen=True)
    ... class Shared:
    ...     wide: bool = flag("Print wide {what}.", False, short="w")
    >>> @dataclass(frozen=True)
    ... class Options:
    ...     sort_by: str = flag("What to sort by.", "")
    ...     shared: Shared = group(Shared, what="tables")
    >>> [(one.full_name, one.about, one.default) for one in flags_of(Options)]
    [('--sort-by', 'What to sort by.', ''), ('-w, --wide', 'Print wide tables.', False)]
    """
    return tuple(_group_flags(Group(record, (), settings)))


def read_record(record: type[T], values: Values, *names: str) -> T:
    """Make a record from the values of its flags; `names` limits it to those fields.

    A field that is no flag has the value of its own name.
    """
    held: dict[str, Any] = {}
    for name, metadata in _chosen_fields(record, names):
        inner = metadata.get("group")
        held[name] = read_record(inner.record, values, *inner.names) if inner else values[_flag_name(name)]
    return record(**held)


def _group_flags(shared: Group) -> Iterator[Flag]:
    """The flags of a group and of the groups in it, in order, with its settings applied."""
    for name, metadata in _chosen_fields(shared.record, shared.names):
        if inner := metadata.get("group"):
            yield from _group_flags(replace(inner, settings={**inner.settings, **shared.settings}))
        elif own := metadata.get("flag"):
            about = own.about.format(**shared.settings) if shared.settings else own.about
            default = shared.settings.get(name, own.default)
            yield replace(own, name=_flag_name(name), about=about, default=default)


def _chosen_fields(record: Any, names: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of a record that `names` lists, or all if it is empty, each with its metadata."""
    found = _fields_of(record)
    return ((name, found[name]) for name in names or found)


def _fields_of(record: Any) -> Mapping[str, Mapping[str, Any]]:
    """The fields of a record by name, each with its metadata: a `flag` or a `group`, or neither."""
    return {declared.name: declared.metadata for declared in fields(record)}


def _flag_name(field_name: str) -> str:
    """A flag is named as its field: `sort_by` is `--sort-by`, `as_` is `--as`."""
    return field_name.rstrip("_").replace("_", "-")


_KINDS: Mapping[type, Kind] = {str: "string", bool: "bool", int: "int", float: "duration"}
