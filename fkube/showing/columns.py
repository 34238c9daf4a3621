"""`custom-columns`: fields of objects that a user chooses, as a table. Pure.

Follows `CustomColumnsPrinter` of kubectl.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Any, TypeAlias

from returns.result import Failure, Result, Success

from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import UsageError
from fkube.resource.info import Object
from fkube.resource.results import collect_results
from fkube.syntax.gotext import go_text
from fkube.syntax.jsonpath import Template, Values, evaluate, parse, relaxed
from fkube.syntax.tabwriter import align_tabs


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header, and the path to its values."""

    header: str
    path: str


Columns: TypeAlias = tuple[Column, ...]


def columns(spec: str) -> Result[Columns, UsageError]:
    """Read `-o custom-columns=SPEC`: headers and paths with a colon between, separated by commas.

    Errors: in kubectl's words. Follows `NewCustomColumnsPrinterFromSpec` of kubectl.

    >>> columns("NAME:.metadata.name,KIND:kind").unwrap()[1]
    Column(header='KIND', path='{.kind}')
    >>> print(columns("NAME").failure())
    unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>
    """
    if not spec:
        return _usage_failure("custom-columns format specified but no custom columns given")
    return collect_results(_read_column(*part.partition(":")) for part in spec.split(","))


def columns_file(text: str) -> Result[Columns, UsageError]:
    """Read `-o custom-columns-file=FILE`: a line of headers, and one of paths; the rest is ignored.

    Errors: in kubectl's words. Follows `NewCustomColumnsPrinterFromTemplate` of kubectl.

    >>> columns_file("NAME KIND\\n{.metadata.name} kind").unwrap()[0]
    Column(header='NAME', path='{.metadata.name}')
    """
    lines = text.removesuffix("\n").split("\n") if text else []
    for wanted, missing in enumerate(("header", "spec")):
        if len(lines) <= wanted:
            return _usage_failure(f"invalid template, missing {missing} line. {_EXPECTED}")
    headers, specs = lines[0].split(), lines[1].split()
    if len(headers) != len(specs):
        numbers = f"number of headers ({len(headers)}) and field specifications ({len(specs)})"
        return _usage_failure(f"{numbers} don't match")
    return collect_results(map(_read_column, headers, repeat(":"), specs))


def table(
    columns: Sequence[Column], objects: Iterable[Object], no_headers: bool = False
) -> tuple[str, UsageError | None]:
    """Write objects as a table, up to the first that a path does not fit, and the error.

    Follows `CustomColumnsPrinter.PrintObj` of kubectl.

    >>> rows = [{"a": 1, "b": [{"c": "x"}, {"c": "y"}]}, {"b": [{"c": {"d": None}}]}]
    >>> print(table(columns("A:.a,CS:.b[*].c").unwrap(), rows)[0], end="")
    A        CS
    1        x,y
    <none>   map[d:<nil>]
    """
    lines = [] if no_headers else ["\t".join(column.header for column in columns)]
    for row in _row_texts(columns, objects):
        match row:
            case Success(line):
                lines.append(line)
            case Failure(error):
                return _align_lines(lines), error
    return _align_lines(lines), None


def _row_texts(columns: Sequence[Column], objects: Iterable[Object]) -> Iterator[Result[str, UsageError]]:
    """Yield a line of cells with tabs for each object; if a path can't be parsed, that error alone."""
    match collect_results(parse(column.path) for column in columns):
        case Success(templates):
            yield from map(partial(_row_text, templates), objects)
        case Failure(error):
            yield Failure(error)


def _row_text(templates: Iterable[Template], object: Object) -> Result[str, UsageError]:
    """The cells of an object with tabs between, or the error of a path that does not fit it."""
    cells = collect_results(evaluate(template, object, True).map(_cell_text) for template in templates)
    return cells.map("\t".join)


def _cell_text(found: tuple[Values, ...]) -> str:
    """The values that a path found, with commas between, and no control characters for a terminal."""
    none = () if found and found[0] else ("<none>",)
    texts = (go_text(value) for values in found for value in values)
    return ",".join((*none, *(text.replace("\x1b", "^[").replace("\r", "\\r") for text in texts)))


def _align_lines(lines: Sequence[str]) -> str:
    return align_tabs("".join(f"{line}\n" for line in lines))[0]


def _read_column(header: str, colon: str, path: str) -> Result[Column, UsageError]:
    """Read a column whose path may lack braces; an empty `colon` says that there was no path."""
    if not colon:
        return _usage_failure(f"unexpected custom-columns spec: {header}, expected <header>:<json-path-expr>")
    return relaxed(path).map(partial(Column, header))


def _usage_failure(message: str) -> Result[Any, UsageError]:
    return Failure(UsageError(message))


_EXPECTED = (
    "Expected format is one line of space separated headers, one line of space separated column specs."
)
