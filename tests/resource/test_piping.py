"""What mypy says of `pipe`: a table of calls, each with the type that is revealed or the error."""

import re
from itertools import count
from pathlib import Path

import pytest
import toolz
from mypy import api

from fkube import pipe

HEAD = """from typing import TypeVar
from returns.result import Result
from fkube import builder as b, pipe
from fkube.visitor import continue_on_error, decorated, filtered, flattened, nothing

T = TypeVar("T")

def twice(value: T) -> tuple[T, T]:
    return value, value

def asked(*steps: b.Step) -> None:
"""
DONE = "Result[Pipeline, Failures[Any]]"
THIRTY = "b.builder(), " + "b.stdin, " * 30
REVEALED = {
    "3": "int",
    "b.builder(), b.stdin, b.do": DONE,
    'b.builder(), b.filenames("x"), b.namespace("shop"), b.flatten, b.continue_on_error, b.do': DONE,
    THIRTY + "b.do": DONE,
    THIRTY + "b.stdin": "Builder",
    "b.builder(), *steps, b.do": DONE,
    "b.builder(), b.stdin, *steps, b.do": DONE,
    "b.builder(), b.do, Result.unwrap": "Pipeline",
    "b.builder(), b.do, lambda result: result.map(str)": "Result[str, Failures[Any]]",
    "nothing, flattened, decorated(), filtered(), continue_on_error": "Visitor",
    "[3, 1], sorted, tuple, len": "int",
    "3, lambda n: n + 1, str, list, len, float, str, bool, str, lambda text: [text]": "list[str]",
    "3, lambda n: [n], lambda numbers: numbers.count(3)": "int",
    "3, twice": "tuple[int, int]",
    "3, twice, len": "int",
}
REFUSED = {
    "": "at least one argument",
    "b.builder(), b.stdin, len": 'expected "Callable[[Builder], int]"',
    THIRTY + "len": "Callable[[Builder], int]",
    "b.builder(), b.stdin, str.upper, b.do": "incompatible type",
    "b.builder(), b.do, b.do": "incompatible type",
    "b.builder(), b.filenames, b.do": "incompatible type",
    THIRTY + "str.upper, b.do": "incompatible type",
    "3, lambda n: n.upper()": '"int" has no attribute "upper"',
    "3, str, lambda text: text + 1": "Unsupported operand types",
}
LIMITS = {
    # What mypy can't follow: it asks for an annotation, or answers Any.
    "3, twice, twice": "incompatible type",
    "b.builder(), b.do, lambda r: r.map(str), lambda r: r.unwrap()": "Any",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What mypy says of each call, all of them in one go."""
    calls = (*REVEALED, *REFUSED, *LIMITS)
    module = tmp_path_factory.mktemp("typed") / "calls.py"
    module.write_text(HEAD + "".join(f"    reveal_type(pipe({call}))\n" for call in calls))
    strict = ("--strict", "--config-file=", "--follow-imports=silent", "--no-error-summary")
    with pytest.MonkeyPatch.context() as here:
        here.setenv("MYPYPATH", str(Path(__file__).parents[2]))
        output, trouble, _ = api.run([*strict, f"--cache-dir={module.parent / 'cache'}", str(module)])
    assert not trouble
    first = HEAD.count("\n") + 1
    lines = dict(zip(count(first), calls, strict=False))
    found = dict.fromkeys(calls, "")
    for number, message in re.findall(r"^.*?:(\d+): \w+: (.*)$", output, re.MULTILINE):
        found[lines[int(number)]] += re.sub(r"\b(?:\w+\.)+(\w+)", r"\1", message) + "\n"
    return found


@pytest.mark.parametrize(("call", "type"), REVEALED.items())
def test_the_type_of_what_comes_out(said, call, type):
    assert said[call] == f'Revealed type is "{type}"\n'


@pytest.mark.parametrize(("call", "error"), (REFUSED | LIMITS).items())
def test_what_mypy_refuses(said, call, error):
    assert error in said[call]


@pytest.mark.parametrize("call", REFUSED)
def test_what_is_refused_is_an_error(said, call):
    assert set(said[call].splitlines()) - set(re.findall(r"Revealed type is .*", said[call]))


def test_it_is_the_pipe_of_toolz():
    assert pipe(3, str, list, len) == toolz.pipe(3, str, list, len) == 1
    assert pipe(3) == 3
