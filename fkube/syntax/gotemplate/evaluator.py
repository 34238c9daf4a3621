"""Pipelines evaluated: commands, fields, variables, calls of functions. Follows exec.go of text/template.

Errors are ValueErrors in Go's words, in which `***` stands where Go prints a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from fkube.resource.names import quote_text
from fkube.syntax.gotemplate.functions import FUNCTIONS, Builtin, Kind
from fkube.syntax.gotemplate.nodes import (
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Nil,
    Node,
    Overflow,
    Pipeline,
    Variable,
    write_node,
)
from fkube.syntax.gotemplate.state import State
from fkube.syntax.gotemplate.values import Boxed, Value, is_true, name_type, unbox


class Missing(Enum):
    """What the first command of a pipeline is given."""

    MISSING = "nothing"


MISSING: Final = Missing.MISSING


def evaluate_pipeline(state: State, dot: Value, pipeline: Pipeline) -> Value:
    """Evaluate commands, each given what the one before gave, and let variables hold the value."""
    state.node = pipeline
    value: Value = MISSING
    for command in pipeline.commands:
        value = unbox(_evaluate_command(state, dot, command, value))
    for variable in pipeline.variables:
        if pipeline.assigns:
            state.set_variable(state.find_variable(variable.name), value)
        else:
            state.variables.append((variable.name, value))
    return value


def _evaluate_command(state: State, dot: Value, command: Command, final: Value) -> Value:
    """Evaluate a command; `final` is what the command before it gave."""
    state.count()
    word, *arguments = command.words
    given = bool(arguments) or final is not MISSING
    match word:
        case Function(_, name):
            state.node = word
            return _call_function(state, dot, name, command, arguments, final)
        case Field() | Chain() | Variable():
            return _evaluate_fields(state, dot, word, given)
    state.node = state.node if isinstance(word, Pipeline) else word
    if given:
        raise state.refusal(_NO_FUNCTION.format(write_node(word)))
    return (
        evaluate_pipeline(state, dot, word)
        if isinstance(word, Pipeline)
        else _evaluate_constant(state, dot, word)
    )


def _evaluate_constant(state: State, dot: Value, node: Node) -> Value:
    """The value of a constant, or the object that is looked at."""
    state.node = node
    match node:
        case Constant(_, _, value):
            return value
        case Overflow(_, written):
            raise state.refusal(f"{written} overflows int")
        case Nil():
            raise state.refusal("nil is not a command")
    return dot


def _evaluate_fields(state: State, dot: Value, node: Field | Chain | Variable, given: bool) -> Value:
    """The value of a variable, or of fields, one below another.

    `given`: whether there are arguments, which neither takes.
    """
    state.node = node
    match node:
        case Chain(_, inner, names):
            value = _evaluate_argument(state, dot, "any", inner)
        case Variable(_, name, names):
            value = state.variables[state.find_variable(name)][1]
        case Field(_, names):
            value = dot
    if given and not names:
        raise state.refusal(_NO_FUNCTION.format(write_node(node)))
    for place, field_name in enumerate(names, start=1):
        value = _find_field(state, value, field_name, given and place == len(names))
    return value


def _find_field(state: State, value: Value, name: str, given: bool) -> Value:
    """The value of a field. Follows `evalField` of text/template."""
    if value is None:
        if not state.run.allow_missing_keys:
            raise state.refusal(f"nil data; no entry for key {quote_text(name)}")
        return None
    inner, type = unbox(value), name_type(value)
    if inner is None:
        raise state.refusal(f"nil pointer evaluating {type}.{name}")
    if not isinstance(inner, dict):
        raise state.refusal(f"can't evaluate field {name} in type {type}")
    if given:
        raise state.refusal(f"{name} is not a method but has arguments")
    if name in inner:
        return Boxed(inner[name])
    if not state.run.allow_missing_keys:
        raise state.refusal(f"map has no entry for key {quote_text(name)}")
    return None


def _call_function(
    state: State, dot: Value, name: str, node: Node, arguments: Sequence[Node], final: Value
) -> Value:
    """Call a function; `node` is the one that its error names. Follows `evalCall` of text/template."""
    builtin, short = FUNCTIONS[name], name in ("and", "or")
    _check_count(state, name, len(arguments), final is not MISSING)
    values = _evaluate_arguments(state, dot, name, arguments)
    if short and values and is_true(values[-1]) == (name == "or"):
        return values[-1]
    if final is not MISSING:
        values.append(_check_value(state, _kind_of(builtin, len(arguments)), final))
    try:
        value = builtin.run(values)
    except ValueError as error:
        state.node = node
        raise state.refusal(f"error calling {name}: {error}") from None
    state.charge(value)
    return value


def _check_count(state: State, name: str, arguments: int, piped: bool) -> None:
    """Refuse too few or too many arguments; `piped`: whether a pipeline gives one more."""
    builtin = FUNCTIONS[name]
    least, count = len(builtin.kinds), arguments + piped
    if builtin.rest and count < least:
        raise state.refusal(f"wrong number of args for {name}: want at least {least} got {arguments}")
    if not builtin.rest and count != least:
        raise state.refusal(f"wrong number of args for {name}: want {least} got {count}")


def _evaluate_arguments(state: State, dot: Value, name: str, arguments: Sequence[Node]) -> list[Value]:
    """Evaluate arguments; those of `and` and `or` up to the one that decides."""
    values: list[Value] = []
    for place, argument in enumerate(arguments):
        values.append(_evaluate_argument(state, dot, _kind_of(FUNCTIONS[name], place), argument))
        if name in ("and", "or") and is_true(values[-1]) == (name == "or"):
            break
    return values


def _kind_of(builtin: Builtin, place: int) -> Kind:
    """What the argument at a place may be."""
    return builtin.kinds[place] if place < len(builtin.kinds) else "any"


def _evaluate_argument(state: State, dot: Value, kind: Kind, node: Node) -> Value:
    """Evaluate an argument. Follows `evalArg` of text/template."""
    state.node = node
    match node:
        case Field() | Chain() | Variable():
            return _check_value(state, kind, _evaluate_fields(state, dot, node, False))
        case Pipeline():
            return _check_value(state, kind, evaluate_pipeline(state, dot, node))
        case Function(_, name):
            state.count()
            return _check_value(state, kind, _call_function(state, dot, name, node, (), MISSING))
        case Dot():
            return _check_value(state, kind, dot)
        case Nil():
            if kind == "string":
                raise state.refusal("cannot assign nil to string")
            return None
    if kind == "string" and not (isinstance(node, Constant) and isinstance(node.value, str)):
        raise state.refusal(f"expected string; found {write_node(node)}")
    return _evaluate_constant(state, dot, node)


def _check_value(state: State, kind: Kind, value: Value) -> Value:
    """The value, as a function takes it that takes values of a kind. Follows `validateType`."""
    if kind == "any" or isinstance(unbox(value), str):
        return value if kind == "any" else unbox(value)
    if value is None:
        raise state.refusal("invalid value; expected string")
    got = name_type(value if unbox(value) is None else unbox(value))
    raise state.refusal(f"wrong type for value; expected string; got {got}")


_NO_FUNCTION = "can't give argument to non-function {}"
