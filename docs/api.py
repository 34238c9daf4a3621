"""Print docs/reference/api.md: every public function and value, and the first line of what it says of itself.

python docs/api.py > docs/reference/api.md
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, isclass, isfunction
from types import ModuleType

MODULES = (
    "resource.piping",
    "resource.info",
    "resource.errors",
    "visitor.visits",
    "visitor",
    "visitor.stages",
    "visitor.lists",
    "resource.guarding",
    "visitor.decorators",
    "visitor.changing",
    "resource.podtemplate",
    "resource.objectpaths",
    "resource.selectors",
    "documents.validation",
    "documents.manifest",
    "pipeline.discovery",
    "documents.source",
    "builder",
    "pipeline",
    "pipeline.result",
    "pipeline.order",
    "visitor.arranging",
    "syntax.jsonpath",
    "showing.columns",
    "showing.sorting",
    "showing.masking",
    "merging.patches",
    "merging.lastapplied",
    "exchange",
    "exchange.repeating",
    "verbs.conditions",
    "verbs.awaiting",
    "exchange.watching",
    "verbs",
    "verbs.plan",
    "report",
    "report.ledger",
    "report.planfile",
    "pipeline.explain",
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
