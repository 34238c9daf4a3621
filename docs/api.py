"""Print docs/reference/api.md: every public function and value, and the first line of what it says of itself.

python docs/api.py > docs/reference/api.md
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, isclass, isfunction
from types import ModuleType

MODULES = (
    "piping",
    "info",
    "errors",
    "visits",
    "visitor",
    "stages",
    "lists",
    "guarding",
    "decorators",
    "changing",
    "podtemplate",
    "objectpaths",
    "selectors",
    "validation",
    "manifest",
    "discovery",
    "source",
    "builder",
    "pipeline",
    "result",
    "order",
    "arranging",
    "jsonpath",
    "columns",
    "sorting",
    "masking",
    "patches",
    "lastapplied",
    "exchange",
    "repeating",
    "conditions",
    "awaiting",
    "watching",
    "verbs",
    "verbs.plan",
    "report",
    "ledger",
    "planfile",
    "explain",
    "laws",
    "testing",
    "cluster",
    "edge",
    "edge.result",
)


def public(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The functions and classes that a module offers: those in `__all__`, else those it defines."""
    offered = getattr(module, "__all__", None)
    for name in offered or sorted(vars(module)):
        value = getattr(module, name)
        ours = offered or (not name.startswith("_") and getattr(value, "__module__", "") == module.__name__)
        if ours and (isfunction(value) or isclass(value)):
            yield name, first_line(value)


def first_line(documented: object) -> str:
    """The first line of a docstring, as a cell of a table."""
    return (getdoc(documented) or "").partition("\n")[0].replace("|", r"\|").replace("*", r"\*")


def main() -> None:
    print(
        "# Functions and classes\n\nMade by `python docs/api.py` from docstrings; `help()` says more of each."
    )
    for name in MODULES:
        module = import_module(f"fkube.{name}")
        print(f"\n## `fkube.{name}`\n\n{first_line(module)}\n\n| | |\n|---|---|")
        for member, line in public(module):
            print(f"| `{member}` | {line} |")


main()
