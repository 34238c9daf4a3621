"""Templates executed: texts and actions printed, control words followed. Follows exec.go of text/template.

Walks that wait for others are generators on a stack of our own, so that templates may call each other deeply.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any, TypeAlias

from fkube.resource.names import quote_text
from fkube.syntax.gotemplate.comparing import HIDDEN
from fkube.syntax.gotemplate.evaluator import evaluate_pipeline
from fkube.syntax.gotemplate.nodes import Action, Branch, Call, Leave, Node, Template, Text
from fkube.syntax.gotemplate.state import MAX_DEPTH, Bounds, Run, State
from fkube.syntax.gotemplate.tree import NAME
from fkube.syntax.gotemplate.values import Boxed, Integer, Value, find_kind, is_true, join_bytes
from fkube.syntax.gotemplate.verbs import PLAIN, format_value

Walk: TypeAlias = Generator["Walk", Any, str]
"""A walk: it yields another that is to be made first, is sent what that gave, and gives `break`, `continue`
or nothing."""


def execute_template(
    template: Template, data: Value, allow_missing_keys: bool, bounds: Bounds
) -> tuple[str, str]:
    """Execute a template: what it prints, and the error that ended it, in Go's words, or nothing."""
    run = Run(template, allow_missing_keys, bounds)
    nodes = template.trees[NAME]
    state = State(run, NAME, [("$", data)], Text(0, ""))
    error = ""
    try:
        _make_walks(_walk_nodes(state, data, nodes))
    except ValueError as found:
        error = str(found)
    return join_bytes("".join(run.printed)), error


def _make_walks(first: Walk) -> None:
    """Make a walk, and those that it waits for."""
    waiting, sent = [first], None
    while waiting:
        try:
            # What has not begun is sent None.
            waiting.append(waiting[-1].send(sent))
            sent = None
        except StopIteration as end:
            waiting.pop()
            sent = end.value


def _walk_nodes(state: State, dot: Value, nodes: Iterable[Node]) -> Walk:
    """Execute nodes, one after another, up to a `break` or `continue`."""
    for node in nodes:
        state.node = node
        state.count()
        match node:
            case Text(_, text):
                state.write(text)
            case Action():
                _print_action(state, dot, node)
            case Leave(_, word):
                return word
            case Branch():
                walk = _walk_range if node.word == "range" else _walk_if
                if left := (yield walk(state, dot, node)):
                    return str(left)
            case Call():
                yield _walk_call(state, dot, node)
    return ""


def _print_action(state: State, dot: Value, action: Action) -> None:
    """Evaluate a pipeline, and print its value if no variable holds it. Follows `printValue`."""
    value = evaluate_pipeline(state, dot, action.pipeline)
    if not action.pipeline.variables:
        state.node = action
        state.write("<no value>" if value is None else format_value(PLAIN, value))


def _walk_if(state: State, dot: Value, branch: Branch) -> Walk:
    """Execute one of the ways of an `if` or `with`."""
    known = len(state.variables)
    value = evaluate_pipeline(state, dot, branch.pipeline)
    inner = value if branch.word == "with" and is_true(value) else dot
    word = yield _walk_nodes(state, inner, branch.nodes if is_true(value) else branch.otherwise)
    del state.variables[known:]
    return str(word)


def _walk_range(state: State, dot: Value, branch: Branch) -> Walk:
    """Execute the nodes of a range for each item, or those for none. Follows `walkRange`."""
    outer = len(state.variables)
    value = evaluate_pipeline(state, dot, branch.pipeline)
    inner, word, empty = len(state.variables), "", True
    for key, item in _find_items(state, branch, value):
        empty = False
        state.count()
        _set_variables(state, branch, key, item)
        word = yield _walk_nodes(state, item, branch.nodes)
        del state.variables[inner:]
        if word == "break":
            break
    if empty:
        word = yield _walk_nodes(state, dot, branch.otherwise)
    del state.variables[outer:]
    # A `break` in what is done for no item leaves this range, as in Go, and no other.
    return "continue" if empty and word == "continue" else ""


def _find_items(state: State, branch: Branch, value: Value) -> Iterable[tuple[Value, Value]]:
    """The items of a value, each with its key or position; of a number, those below it."""
    match find_kind(value):
        case "":
            return ()
        case "map":
            return ((key, Boxed(value[key])) for key in sorted(value))
        case "slice":
            return ((Integer(at), Boxed(item)) for at, item in enumerate(value))
        case "int" | "uint":
            if len(branch.pipeline.variables) > 1:
                raise state.refusal(f"can't use {HIDDEN} to iterate over more than one variable")
            if isinstance(value, Integer):
                return ((None, Integer(number, value.type)) for number in range(value.value))
            return ((None, number) for number in range(value))
    raise state.refusal(f"range can't iterate over {HIDDEN}")


def _set_variables(state: State, branch: Branch, key: Value, item: Value) -> None:
    """Let the variables of a range hold the key and the item, or a single one the item."""
    held = (item,) if len(branch.pipeline.variables) == 1 else (key, item)
    for place, (variable, value) in enumerate(zip(branch.pipeline.variables, held, strict=False)):
        top = len(state.variables) - len(held) + place
        state.set_variable(state.find_variable(variable.name) if branch.pipeline.assigns else top, value)


def _walk_call(state: State, dot: Value, call: Call) -> Walk:
    """Execute another template, which sees no variables but `$`."""
    nodes = state.run.template.trees.get(call.name)
    if nodes is None:
        raise state.refusal(f"template {quote_text(call.name)} not defined")
    if state.depth == MAX_DEPTH:
        raise state.refusal(f"exceeded maximum template depth ({MAX_DEPTH})")
    value = evaluate_pipeline(state, dot, call.pipeline) if call.pipeline else None
    inner = State(state.run, call.name, [("$", value)], call, state.depth + 1)
    yield _walk_nodes(inner, value, nodes)
    return ""
