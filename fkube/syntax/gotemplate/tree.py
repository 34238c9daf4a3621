"""The state of a parser: tokens, one after another, and what is wrong with them, in Go's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from returns.result import Failure, Result

from fkube.resource.dataclasses import dataclass, field
from fkube.syntax.gotemplate.lexer import Token
from fkube.syntax.gotemplate.nodes import Node

T = TypeVar("T")

NAME = "output"
"""The name of a template that has none, as cli-runtime gives it."""
MAX_NESTING = 100
"""How deep parentheses and actions may be nested, together."""


@dataclass(slots=True)
class Cursor:
    """Where in the tokens the parsers of a template are. `read` counts the tokens that were ever read.

    `depth`: how many parentheses and actions are open.
    """

    tokens: Sequence[Token]
    at: int = 0
    read: int = 0
    depth: int = 0

    def enter(self, tree: Tree) -> None:
        """Go one level deeper. Errors: too deep."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise refusal(tree, "max expression depth exceeded")


@dataclass(slots=True)
class Tree:
    """The parser of one template; it changes as it goes. `trees` are the templates that are done, by name.

    `line` is that of the last token that was read, `action_line` that of the action under way. `ranges`: how
    many are open.
    """

    cursor: Cursor
    trees: dict[str, tuple[Node, ...]]
    variables: list[str] = field(default_factory=lambda: ["$"])
    line: int = 0
    action_line: int = 0
    ranges: int = 0


def next_token(tree: Tree) -> Token:
    """Take the next token; the last is there for ever."""
    cursor = tree.cursor
    token = cursor.tokens[min(cursor.at, len(cursor.tokens) - 1)]
    if cursor.at >= cursor.read:
        cursor.read, tree.line = cursor.at + 1, token.line
    cursor.at += 1
    return token


def step_back(tree: Tree, count: int = 1) -> None:
    """Give tokens back."""
    tree.cursor.at -= count


def peek_token(tree: Tree) -> Token:
    """Look at the next token."""
    token = next_token(tree)
    step_back(tree)
    return token


def next_word(tree: Tree) -> Token:
    """Take the next token that is no space."""
    token = next_token(tree)
    return next_word(tree) if token.kind == "space" else token


def peek_word(tree: Tree) -> Token:
    """Pass over spaces, and look at the token behind them."""
    token = next_word(tree)
    step_back(tree)
    return token


def expect(tree: Tree, kind: str, context: str) -> Token:
    """Take the next token that is no space, which is to be of a kind."""
    token = next_word(tree)
    if token.kind != kind:
        raise unexpected_token_error(tree, token, context)
    return token


def refusal(tree: Tree, message: str) -> ValueError:
    """The error that ends parsing, with the line."""
    return ValueError(f"template: {NAME}:{tree.line}: {message}")


def unexpected_token_error(tree: Tree, token: Token, context: str) -> ValueError:
    """The error of a token that may not stand where it stands, or that is none. Follows `Tree.unexpected`."""
    if token.kind != "error":
        return refusal(tree, f"unexpected {token} in {context}")
    extra = ""
    if tree.action_line not in (0, token.line):
        extra = f" in action started at {NAME}:{tree.action_line}"
        if token.text.endswith(" action"):
            extra = extra.removeprefix(" in action")
    return refusal(tree, f"{token}{extra}")


def as_success(tree: Tree, found: Result[T, str]) -> T:
    """The value of a result; its failure ends parsing."""
    match found:
        case Failure(message):
            raise refusal(tree, message)
    return found.unwrap()
