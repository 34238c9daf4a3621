"""Make docs/reference/cli-runtime.md: where each exported symbol of cli-runtime's resource package is here.

python docs/cli_runtime.py [--write | --check]

The table is docs/cli_runtime.tsv: file, symbol, what it is here, remark. A name of ours that is not there
is an error, and the page is not made.
"""

from pathlib import Path
from pkgutil import resolve_name

from pages import Pages, run_script

Row = tuple[str, ...]
TABLE = Path(__file__).with_name("cli_runtime.tsv")
ABOUT = {
    "builder.go": "What was asked for",
    "result.go": "What it came to",
    "visitor.go": "Resources, and ways to visit them",
    "kustomizevisitor.go": "What kustomize builds",
    "interfaces.go": "What all of these are",
    "selector.go": "What the server chooses",
    "helper.go": "What is said to a server",
}
HEAD = """# cli-runtime in fkube

Every exported function, type and method of the Builder, the Result, the visitors, their interfaces, the
selector and the helper of `k8s.io/cli-runtime/pkg/resource` (0.37.2), and what it is here. Made by
`python docs/cli_runtime.py`, which fails where one of ours is missing. What the tests of
cli-runtime pin is in `tests/*/test_cli_runtime_*.py`, by their names."""


def read_rows(table: Path = TABLE) -> list[Row]:
    """The rows of the table: file, symbol, what it is here, remark."""
    return [tuple(line.split("\t")) for line in table.read_text(encoding="utf-8").splitlines()]


def missing_names(rows: list[Row]) -> list[str]:
    """The names of ours in these rows that nothing bears."""
    return [ours for _, _, ours, _ in rows if not is_there(ours)]


def is_there(name: str) -> bool:
    """Whether there is something of this name: in a module, a function, a class, or a field of one."""
    try:
        resolve_name(name)
    except (ImportError, AttributeError):
        owner, _, field = name.rpartition(".")
        return (
            "." in owner and is_there(owner) and field in getattr(resolve_name(owner), "__annotations__", {})
        )
    return True


def render_page(rows: list[Row]) -> str:
    """The page as text."""
    parts = [HEAD]
    for file, about in ABOUT.items():
        parts.append(f"\n## {about} (`{file}`)\n\n| cli-runtime | fkube | |\n|---|---|---|")
        parts += [f"| `{symbol}` | `{ours}` | {remark} |" for of, symbol, ours, remark in rows if of == file]
    return "\n".join(parts)


def make_pages() -> Pages:
    """The page, if all our names on it are there."""
    table = read_rows()
    if lost := missing_names(table):
        raise SystemExit(f"docs/cli_runtime.tsv names what is not there: {', '.join(lost)}")
    return {"docs/reference/cli-runtime.md": render_page(table) + "\n"}


if __name__ == "__main__":
    run_script(make_pages)
