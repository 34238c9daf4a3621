"""Make docs/reference/api.md: every public function and value, and the first line of what it says of itself.

python docs/api.py [--write | --check]
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, isclass, isfunction
from types import ModuleType

from pages import Pages, run_script

HEAD = """# Functions and classes

Made by `python docs/api.py` from docstrings; `help()` says more of each."""
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
    "syntax.gotemplate",
    "showing.columns",
    "showing.sorting",
    "showing.masking",
    "merging.patches",
    "merging.lastapplied",
    "exchange",
    "exchange.repeating",
    "exchange.shapes",
    "verbs.conditions",
    "verbs.awaiting",
    "exchange.watching",
    "verbs",
    "verbs.plan",
    "report",
    "report.ledger",
    "report.planfile",
    "pipeline.explain",
    "pipeline.tracing",
    "pipeline.ways",
    "pipeline.pictures",
    "laws",
    "testing",
    "cluster",
    "edge",
    "edge.result",
)


def public_members(module: ModuleType) -> Iterator[tuple[str, str]]:
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


def render_module(name: str) -> str:
    """A module as a table of what it offers."""
    module = import_module(f"fkube.{name}")
    rows = (f"| `{member}` | {line} |" for member, line in public_members(module))
    return "\n".join((f"\n## `fkube.{name}`\n\n{first_line(module)}\n\n| | |\n|---|---|", *rows))


def make_pages() -> Pages:
    """The page."""
    return {"docs/reference/api.md": "\n".join((HEAD, *map(render_module, MODULES))) + "\n"}


if __name__ == "__main__":
    run_script(make_pages)
