"""Go templates parsed: texts, actions and control words. Follows `Tree.parse` of text/template/parse.

Its error messages too: `template: output:1: unexpected EOF`. What is wrong is raised as ValueError, and
caught in `parse_trees`.
"""

from __future__ import annotations

from returns.result import Failure, Result, Success

from fkube.resource.names import quote_text
from fkube.syntax.gotemplate.constants import read_text
from fkube.syntax.gotemplate.lexer import Token, lex_tokens
from fkube.syntax.gotemplate.nodes import Action, Branch, Call, Leave, Node, Template, Text
from fkube.syntax.gotemplate.pipelines import parse_pipeline
from fkube.syntax.gotemplate.tree import (
    NAME,
    Cursor,
    Tree,
    as_success,
    expect,
    next_token,
    next_word,
    peek_token,
    peek_word,
    refusal,
    step_back,
    unexpected_token_error,
)

Body = tuple[tuple[Node, ...], str]
"""Nodes up to an `end` or `else`, and which of them it is: `end`, `else`, `else if` or `else with`."""


def parse_trees(text: str) -> Result[Template, str]:
    """Parse a template, and the templates that it defines. Errors: in Go's words.

    >>> sorted(parse_trees('{{define "a"}}x{{end}}y').unwrap().trees)
    ['a', 'output']
    >>> parse_trees("{{if}}").failure()
    'template: output:1: missing value for if'
    """
    tree = Tree(Cursor(tuple(lex_tokens(text))), {})
    try:
        _add_tree(tree, NAME, _parse_top(tree))
    except ValueError as error:
        return Failure(str(error))
    return Success(Template(text, tree.trees))


def _parse_top(tree: Tree) -> tuple[Node, ...]:
    """The nodes outside of all definitions, which are parsed too."""
    nodes: list[Node] = []
    while peek_token(tree).kind != "eof":
        if peek_token(tree).kind == "{{":
            begin = tree.cursor.at
            next_token(tree)
            if next_word(tree).kind == "define":
                _parse_definition(Tree(tree.cursor, tree.trees))
                continue
            step_back(tree, tree.cursor.at - begin)
        found = _parse_node(tree)
        if isinstance(found, str):
            raise refusal(tree, f"unexpected {_write_end(found)}")
        nodes.append(found)
    return tuple(nodes)


def _parse_definition(tree: Tree) -> None:
    """Parse `{{define "name"}} … {{end}}`, whose first word was read."""
    token = next_word(tree)
    name = _read_name(tree, token, "define clause")
    expect(tree, "}}", "define clause")
    _add_tree(tree, name, _parse_whole_body(tree, tree, "define clause"))


def _parse_whole_body(tree: Tree, outer: Tree, context: str) -> tuple[Node, ...]:
    """The nodes up to an `end`, which no `else` may stand before; `outer` is the tree that says so."""
    nodes, end = _parse_body(tree)
    if end != "end":
        raise refusal(outer, f"unexpected {_write_end(end)} in {context}")
    return nodes


def _add_tree(tree: Tree, name: str, nodes: tuple[Node, ...]) -> None:
    """Keep the nodes of a template by its name; of two, the one that is not empty."""
    known = tree.trees.get(name)
    if known is None or _is_empty(known):
        tree.trees[name] = nodes
    elif not _is_empty(nodes):
        raise refusal(tree, f"template: multiple definition of template {quote_text(name)}")


def _is_empty(nodes: tuple[Node, ...]) -> bool:
    """Whether nodes are spaces only. Follows `IsEmptyTree`."""
    return all(isinstance(node, Text) and not node.text.strip() for node in nodes)


def _parse_body(tree: Tree) -> Body:
    """The nodes up to an `end` or `else`."""
    nodes: list[Node] = []
    while peek_word(tree).kind != "eof":
        found = _parse_node(tree)
        if isinstance(found, str):
            return tuple(nodes), found
        nodes.append(found)
    raise refusal(tree, "unexpected EOF")


def _parse_node(tree: Tree) -> Node | str:
    """A text or an action; `end` or `else` as its word."""
    token = next_word(tree)
    if token.kind == "text":
        return Text(token.at, token.text)
    if token.kind != "{{":
        raise unexpected_token_error(tree, token, "input")
    tree.action_line = token.line
    node = _parse_action(tree)
    tree.action_line = 0
    return node


def _parse_action(tree: Tree) -> Node | str:
    """What stands between delimiters, of which the first was read."""
    token = next_word(tree)
    match token.kind:
        case "if" | "with" | "range":
            return _parse_branch(tree, token.kind)
        case "end":
            expect(tree, "}}", "end")
            return "end"
        case "else":
            return _parse_else(tree)
        case "break" | "continue":
            return _parse_leave(tree, token.at, token.kind)
        case "template" | "block":
            return _parse_call(tree, token.kind)
    step_back(tree)
    return Action(peek_token(tree).at, parse_pipeline(tree, "command", "}}"))


def _parse_else(tree: Tree) -> str:
    """`else`, or `else if` and `else with`, whose second word stays to be read."""
    following = peek_word(tree).kind
    if following in ("if", "with"):
        return f"else {following}"
    expect(tree, "}}", "else")
    return "else"


def _parse_leave(tree: Tree, at: int, word: str) -> Node:
    """`break` or `continue`, which only stand in a range."""
    token = next_word(tree)
    if token.kind != "}}":
        raise unexpected_token_error(tree, token, f"{{{{{word}}}}}")
    if not tree.ranges:
        raise refusal(tree, f"{{{{{word}}}}} outside {{{{range}}}}")
    return Leave(at, word)


def _parse_branch(tree: Tree, word: str) -> Node:
    """`if`, `with` or `range`, up to its end."""
    known = len(tree.variables)
    tree.cursor.enter(tree)
    pipeline = parse_pipeline(tree, word, "}}")
    tree.ranges += word == "range"
    nodes, end = _parse_body(tree)
    tree.ranges -= word == "range"
    otherwise = _parse_otherwise(tree, word, end)
    tree.cursor.depth -= 1
    del tree.variables[known:]
    return Branch(pipeline.at, word, pipeline, nodes, otherwise)


def _parse_otherwise(tree: Tree, word: str, end: str) -> tuple[Node, ...]:
    """What follows an `else` up to the end; an `else if` needs no end of its own."""
    if end == "end":
        return ()
    if end == f"else {word}":
        next_word(tree)
        return (_parse_branch(tree, word),)
    nodes, last = _parse_body(tree)
    if last != "end":
        raise refusal(tree, f"expected end; found {_write_end(last)}")
    return nodes


def _parse_call(tree: Tree, word: str) -> Node:
    """`template`, or `block`, which defines the template that it calls."""
    context = f"{word} clause"
    token = next_word(tree)
    name = _read_name(tree, token, context)
    if word == "template" and next_word(tree).kind == "}}":
        return Call(token.at, name, None)
    if word == "template":
        step_back(tree)
    pipeline = parse_pipeline(tree, context, "}}")
    if word == "block":
        inner = Tree(tree.cursor, tree.trees)
        tree.cursor.enter(tree)
        _add_tree(inner, name, _parse_whole_body(inner, tree, context))
        tree.cursor.depth -= 1
    return Call(token.at, name, pipeline)


def _read_name(tree: Tree, token: Token, context: str) -> str:
    """The name of a template, which is a text."""
    if token.kind not in ("string", "raw"):
        raise unexpected_token_error(tree, token, context)
    return as_success(tree, read_text(token.text))


def _write_end(word: str) -> str:
    """An `end` or `else` as errors quote it."""
    return f"{{{{{word.partition(' ')[0]}}}}}"
