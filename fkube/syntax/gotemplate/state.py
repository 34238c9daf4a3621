"""The state of a template under way: variables, what was printed, and the bounds of both."""

from __future__ import annotations

from fkube.resource.dataclasses import dataclass, field
from fkube.resource.names import quote_text
from fkube.syntax.gotemplate.nodes import Node, Template, write_node
from fkube.syntax.gotemplate.tree import NAME
from fkube.syntax.gotemplate.values import Value

MAX_DEPTH = 10_000
"""How deep templates may call each other."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one execution may take: steps, and characters, printed and held in variables together."""

    steps: int = 3_000_000
    characters: int = 100_000_000


BOUNDS = Bounds()


@dataclass(slots=True)
class Run:
    """One execution of a template; it changes as it goes. `printed` is what it printed so far."""

    template: Template
    allow_missing_keys: bool
    bounds: Bounds
    steps: int = 0
    characters: int = 0
    printed: list[str] = field(default_factory=list, repr=False)


@dataclass(slots=True)
class State:
    """The state of one template of a run; it changes as it goes. `node` is the one that errors name.

    `variables` are names with values, the last declared last; `depth`: how many templates called it.
    """

    run: Run
    name: str
    variables: list[tuple[str, Value]] = field(repr=False)
    node: Node
    depth: int = 0

    def count(self, steps: int = 1) -> None:
        """Count steps. Errors: ValueError where there are too many."""
        self.run.steps += steps
        if self.run.steps > self.run.bounds.steps:
            raise self.refusal(f"the template takes more than {self.run.bounds.steps:,} steps")

    def charge(self, text: Value) -> None:
        """Count the characters of a text. Errors: ValueError where there are too many."""
        self.run.characters += len(text) if isinstance(text, str) else 0
        if self.run.characters > self.run.bounds.characters:
            raise self.refusal(f"the template makes more than {self.run.bounds.characters:,} characters")

    def write(self, text: str) -> None:
        """Print a text."""
        self.charge(text)
        self.run.printed.append(text)

    def refusal(self, message: str) -> ValueError:
        """The error that ends the run, with its place. Follows `errorf` of text/template."""
        place = locate(self.run.template.text, self.node.at)
        where = f"executing {quote_text(self.name)} at <{write_node(self.node)}>"
        return ValueError(f"template: {NAME}:{place}: {where}: {message}")

    def find_variable(self, name: str) -> int:
        """The place of the variable of a name that was declared last. Errors: there is none."""
        for place in reversed(range(len(self.variables))):
            if self.variables[place][0] == name:
                return place
        raise self.refusal(f"undefined variable: {name}")

    def set_variable(self, place: int, value: Value) -> None:
        """Give a variable another value."""
        self.variables[place] = (self.variables[place][0], value)


def locate(text: str, at: int) -> str:
    """The line and the byte of a position in a template. Follows `ErrorContext` of text/template/parse."""
    before = text[:at]
    line_start = before.rfind("\n") + 1
    return f"{before.count(chr(10)) + 1}:{len(before[line_start:].encode(errors='replace'))}"
