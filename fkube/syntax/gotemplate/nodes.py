"""Go templates as data: what the parser makes, the evaluator reads and errors quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.names import quote_text


@dataclass(frozen=True, slots=True)
class Text:
    """A text between actions, which stands for itself. `at` is where a node begins in the template."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A boolean, a number or a text, as `written`; `value` is what it is where no type is asked for."""

    at: int
    written: str
    value: object


@dataclass(frozen=True, slots=True)
class Overflow:
    """A number that is too large for an integer of Go."""

    at: int
    written: str


@dataclass(frozen=True, slots=True)
class Nil:
    """The word `nil`."""

    at: int


@dataclass(frozen=True, slots=True)
class Dot:
    """The object that is looked at."""

    at: int


@dataclass(frozen=True, slots=True)
class Field:
    """Fields of the object, one below another: `.a.b`."""

    at: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, `$` or `$name`, and fields of it: `$x.a.b`."""

    at: int
    name: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """The name of a function."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Fields of what a function or a pipeline in parentheses gives: `(index . 0).a`."""

    at: int
    node: Node
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A word and its arguments."""

    at: int
    words: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each given what the one before it gave; its value may be held by variables.

    `assigns`: whether these are there already.
    """

    at: int
    commands: tuple[Command, ...]
    variables: tuple[Variable, ...] = ()
    assigns: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A pipeline whose value is printed, if no variable holds it."""

    at: int
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Branch:
    """`if`, `with` or `range`, by its `word`, with the nodes of both ways."""

    at: int
    word: str
    pipeline: Pipeline
    nodes: tuple[Node, ...]
    otherwise: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """`break` or `continue`, by its `word`."""

    at: int
    word: str


@dataclass(frozen=True, slots=True)
class Call:
    """Another template, given what a pipeline gives: `{{template "name" .a}}`."""

    at: int
    name: str
    pipeline: Pipeline | None


Node: TypeAlias = (
    Text
    | Constant
    | Overflow
    | Nil
    | Dot
    | Field
    | Variable
    | Function
    | Chain
    | Command
    | Pipeline
    | Action
    | Branch
    | Leave
    | Call
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its text, and the nodes of it and of the templates that it defines, by name."""

    text: str
    trees: Mapping[str, tuple[Node, ...]] = field(repr=False)


def write_node(node: Node) -> str:
    """Write a node as errors quote it. Follows the `String` methods of text/template/parse.

    >>> write_node(Pipeline(0, (Command(0, (Function(0, "len"), Field(0, ("a", "b")))),)))
    'len .a.b'
    """
    match node:
        case Constant(_, written) | Overflow(_, written):
            return written
        case Field(_, names):
            return _write_names(names)
        case Variable(_, name, names):
            return name + _write_names(names)
        case Chain(_, inner, names):
            return _write_operand(inner) + _write_names(names)
        case Command(_, words):
            return " ".join(map(_write_operand, words))
        case Pipeline():
            return _write_pipeline(node)
        case Call(_, name, pipeline):
            given = f" {_write_pipeline(pipeline)}" if pipeline else ""
            return f"{{{{template {quote_text(name)}{given}}}}}"
        case Function(_, name):
            return name
    return "nil" if isinstance(node, Nil) else "."


def _write_names(names: tuple[str, ...]) -> str:
    """Write the names of fields, each with its dot."""
    return "".join(f".{name}" for name in names)


def _write_operand(node: Node) -> str:
    """Write a node; a pipeline in parentheses."""
    return f"({write_node(node)})" if isinstance(node, Pipeline) else write_node(node)


def _write_pipeline(pipeline: Pipeline) -> str:
    """Write the variables and the commands of a pipeline."""
    commands = " | ".join(map(write_node, pipeline.commands))
    held = ", ".join(map(write_node, pipeline.variables))
    return f"{held} {'=' if pipeline.assigns else ':='} {commands}" if held else commands
