"""Pipelines of templates parsed: commands, their words, and constants. Follows `Tree.pipeline`."""

from __future__ import annotations

from fkube.resource.names import quote_text
from fkube.syntax.gotemplate.constants import read_character, read_complex, read_number, read_text
from fkube.syntax.gotemplate.functions import FUNCTIONS
from fkube.syntax.gotemplate.lexer import Token
from fkube.syntax.gotemplate.nodes import (
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Nil,
    Node,
    Pipeline,
    Variable,
    write_node,
)
from fkube.syntax.gotemplate.tree import (
    Tree,
    as_success,
    next_token,
    next_word,
    peek_token,
    peek_word,
    refusal,
    step_back,
    unexpected_token_error,
)


def parse_pipeline(tree: Tree, context: str, end: str) -> Pipeline:
    """Parse a pipeline up to the token that ends it; `context` is what errors say it is of."""
    at = peek_word(tree).at
    variables, assigns = _parse_variables(tree, context)
    commands: list[Command] = []
    while True:
        token = next_word(tree)
        if token.kind == end:
            break
        if token.kind not in _STARTS:
            raise unexpected_token_error(tree, token, context)
        step_back(tree)
        commands.append(_parse_command(tree))
    _check_commands(tree, commands, context)
    return Pipeline(at, tuple(commands), variables, assigns)


def _check_commands(tree: Tree, commands: list[Command], context: str) -> None:
    """Refuse a pipeline without commands, and constants that are given something."""
    if not commands:
        raise refusal(tree, f"missing value for {context}")
    for stage, command in enumerate(commands[1:], start=2):
        if isinstance(command.words[0], Constant | Dot | Nil):
            raise refusal(tree, f"non executable command in pipeline stage {stage}")


def _parse_variables(tree: Tree, context: str) -> tuple[tuple[Variable, ...], bool]:
    """The variables that a pipeline declares or assigns to, and whether it assigns."""
    found: tuple[Variable, ...] = ()
    while peek_word(tree).kind == "variable":
        begin = tree.cursor.at
        token, following = next_token(tree), peek_word(tree)
        comma = str(following) == '","'
        if not comma and following.kind not in ("=", ":="):
            # It is the first word of a command; the space behind it counts.
            tree.cursor.at = begin
            break
        next_word(tree)
        found = (*found, Variable(token.at, token.text))
        tree.variables.append(token.text)
        if not comma:
            return found, following.kind == "="
        _check_comma(tree, context, len(found))
    return found, False


def _check_comma(tree: Tree, context: str, count: int) -> None:
    """Refuse a comma behind the last of `count` variables, if no second one of a range follows."""
    if context != "range" or count > 1:
        raise refusal(tree, f"too many declarations in {context}")
    if peek_word(tree).kind not in ("variable", "}}", ")"):
        raise refusal(tree, "range can only initialize variables")


def _parse_command(tree: Tree) -> Command:
    """Words with spaces between them, up to a pipe, which is taken, or to the end."""
    at = peek_word(tree).at
    words: list[Node] = []
    ended = False
    while not ended:
        peek_word(tree)
        word = _parse_operand(tree)
        words += () if word is None else (word,)
        ended = _ends_command(tree, next_token(tree))
    if not words:
        raise refusal(tree, "empty command")
    return Command(at, tuple(words))


def _ends_command(tree: Tree, token: Token) -> bool:
    """Whether a token ends a command; what ends the pipeline too is given back."""
    if token.kind in ("}}", ")"):
        step_back(tree)
    elif token.kind not in ("|", "space"):
        raise unexpected_token_error(tree, token, "operand")
    return token.kind != "space"


def _parse_operand(tree: Tree) -> Node | None:
    """A term and the fields behind it; None where something else comes."""
    node = _parse_term(tree)
    following = peek_token(tree)
    if node is None or following.kind != "field":
        return node
    names: list[str] = []
    while peek_token(tree).kind == "field":
        names.append(next_token(tree).text[1:])
    match node:
        case Field(_, known):
            return Field(following.at, (*known, *names))
        case Variable(_, name, known):
            return Variable(following.at, name, (*known, *names))
        case Constant() | Nil() | Dot():
            raise refusal(tree, f"unexpected . after term {quote_text(write_node(node))}")
    return Chain(following.at, node, tuple(names))


def _parse_term(tree: Tree) -> Node | None:
    """A field, a variable, a function, a pipeline in parentheses, or a constant."""
    token = next_word(tree)
    at, text = token.at, token.text
    match token.kind:
        case "identifier":
            return _check_known(tree, text in FUNCTIONS, Function(at, text), "function {} not defined")
        case "variable":
            return _check_known(tree, text in tree.variables, Variable(at, text), "undefined variable {}")
        case ".":
            return Dot(at)
        case "field":
            return Field(at, (text[1:],))
        case "(":
            tree.cursor.enter(tree)
            pipeline = parse_pipeline(tree, "parenthesized pipeline", ")")
            tree.cursor.depth -= 1
            return pipeline
    return _parse_constant(tree, token)


def _check_known(tree: Tree, known: bool, node: Function | Variable, message: str) -> Node:
    """The node of a name that is known; else an error with the name."""
    if not known:
        raise refusal(tree, message.format(quote_text(node.name)))
    return node


def _parse_constant(tree: Tree, token: Token) -> Node | None:
    """A constant; None where something else comes, which stays to be read."""
    match token.kind:
        case "nil":
            return Nil(token.at)
        case "bool":
            return Constant(token.at, token.text, token.text == "true")
        case "string" | "raw":
            return Constant(token.at, token.text, as_success(tree, read_text(token.text)))
        case "number" | "complex" | "charconst":
            return as_success(tree, _READERS[token.kind](token.at, token.text))
    step_back(tree)
    return None


_READERS = {"number": read_number, "complex": read_complex, "charconst": read_character}
_STARTS = frozenset(
    (
        "bool",
        "charconst",
        "complex",
        ".",
        "field",
        "identifier",
        "number",
        "nil",
        "raw",
        "string",
        "variable",
        "(",
    )
)
