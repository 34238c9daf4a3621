"""JSONPath beside Go's: `jsonpath_cases.json` has what k8s.io/client-go v0.37.1 itself prints and says.

Only maps, which Go takes in random order, were taken in the order of their keys. The same program and this
module were compared on 60,000 generated templates and objects, without another difference than those here.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from fkube.resource.errors import UsageError
from fkube.syntax.gotext import go_text, json_line, json_text
from fkube.syntax.jsonpath import evaluate, parse, printed, relaxed, render
from fkube.syntax.jsonpath.evaluator import MAX_RANGES

CASES = json.loads(Path(__file__).with_name("jsonpath_cases.json").read_text(encoding="utf-8"))

SCALARS = (
    st.none() | st.booleans() | st.integers(-9, 99) | st.floats(-9, 9) | st.sampled_from("abx") | st.text()
)
NAMES = st.sampled_from(["a", "b", "n", "a.b", "é", ""])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
TOKENS = """{ } [ ] [? [?( ( ) .. . * @ $ , : 'a' "a" ' " \\ a b n 0 1 -1 2: == != < => range end {.a} {.b[*]}
    {..} [*] [0] ['a','b'] [::2] {end} {range} .n true 1.5 - + é ٣ ! |"""
PIECES = st.sampled_from([*TOKENS.split(), "{range .b[*]}", " ", "\n", "\t"])
TEMPLATES = st.lists(PIECES, max_size=12).map("".join)
ACTIONS = st.sampled_from(
    ["{.a}", "{.b[*]}", "{@}", "{..n}", "{.b[?(@.n)].n}", "{.a.*}", '{"\\n"}', "text", "{1}"]
)


def said(template: str, data: Any, allow_missing_keys: bool = False, as_json: bool = False) -> dict[str, str]:
    """What comes of a template, in the form of a case."""
    parsed = parse(template)
    if not isinstance(parsed, Success):
        return {"unparsed": parsed.failure().message}
    found = evaluate(parsed.unwrap(), data, allow_missing_keys)
    if not isinstance(found, Success):
        return {"error": found.failure().message}
    return {"printed": render(parsed.unwrap(), data, allow_missing_keys, as_json).unwrap()}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: f"{case['of']} {case['template']}")
def test_as_go(case: dict[str, Any]) -> None:
    expected = {key: case[key] for key in ("unparsed", "error", "printed") if key in case}
    data = CASES["objects"][case["of"]]
    found = said(case["template"], data, case.get("allow_missing_keys", False), case.get("as_json", False))
    # Go names the value here, which may be a secret.
    filtered = re.compile(".* is not array or slice and cannot be filtered", re.DOTALL)
    if filtered.fullmatch(expected.get("error", "")):
        assert filtered.fullmatch(found["error"])
    else:
        assert found == expected


def test_cases_are_many_and_of_every_kind() -> None:
    assert len(CASES["cases"]) > 400
    for kind in ("unparsed", "error", "printed", "allow_missing_keys", "as_json"):
        assert sum(kind in case for case in CASES["cases"]) >= 18


@given(st.text() | TEMPLATES, VALUES, st.booleans())
def test_nothing_raises(template: str, data: Any, flag: bool) -> None:
    assert said(template, data, flag, flag).keys() <= {"unparsed", "error", "printed"}


@given(st.lists(ACTIONS, max_size=4), st.lists(ACTIONS, max_size=4), VALUES)
def test_templates_side_by_side_print_side_by_side(left: list[str], right: list[str], data: Any) -> None:
    whole, *parts = (said("".join(each), data, True) for each in (left + right, left, right))
    if "printed" in whole:
        assert whole["printed"] == "".join(part["printed"] for part in parts)
    else:
        assert whole["error"] == next(part["error"] for part in parts if "error" in part)


@given(st.lists(st.integers(0, 9), min_size=1), st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 4))
def test_slices_are_those_of_python(items: list[int], start: int, stop: int, step: int) -> None:
    length = len(items)
    first, last = (n + length if n < 0 else n for n in (start, stop))
    found = said(f"{{[{start}:{stop}:{step}]}}", items)
    if 0 <= first < last <= length:
        assert found == {"printed": " ".join(map(str, items[start : stop or 0 : step]))}
    else:
        assert found == {"printed": ""} if first == last else "error" in found


@given(st.lists(st.integers(-5, 5)), st.integers(-5, 5), st.sampled_from(["<", "<=", "==", "!=", ">=", ">"]))
def test_filters_are_comprehensions(numbers: list[int], limit: int, sign: str) -> None:
    holds = {-1: ("<", "<=", "!="), 0: ("<=", "==", ">="), 1: (">", ">=", "!=")}
    wanted = [n for n in numbers if sign in holds[(n > limit) - (n < limit)]]
    assert said(f"{{[?(@{sign}{limit})]}}", numbers) == {"printed": " ".join(map(str, wanted))}


@given(VALUES)
def test_descent_finds_what_wildcards_find(data: Any) -> None:
    def below(value: Any) -> list[Any]:
        members = (
            list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
        )
        return [value, *(found for member in members for found in below(member))]

    wanted = [value for value in below(data) if value and isinstance(value, dict | list | str)]
    found = evaluate(parse("{..}").unwrap(), data).unwrap()[0]
    assert sorted(map(json_line, found)) == sorted(map(json_line, wanted))


@given(VALUES)
def test_json_is_read_back(value: Any) -> None:
    assert json.loads(json_line(value)) == value
    assert json.loads(json_text(value)) == value


@given(VALUES, TEMPLATES)
def test_data_is_left_as_it_was(data: Any, template: str) -> None:
    before = json_line(data)
    said(template, data, True)
    assert json_line(data) == before


def test_depth_is_no_limit() -> None:
    data: Any = "end"
    for _ in range(2_000):
        data = [data]
    assert said("{@}", data) == {"printed": "[" * 2_000 + '"end"' + "]" * 2_000}
    assert go_text(data).endswith("[end" + "]" * 2_000)
    assert len(evaluate(parse("{..}").unwrap(), data).unwrap()[0]) == 2_001
    assert json_text(data).count("\n") == 4_000


def test_ranges_are_nested_only_so_deep() -> None:
    def nested(depth: int) -> str:
        return "{range @}" * depth + "{.a}" + "{end}" * depth

    assert said(nested(MAX_RANGES), {"a": 1}) == {"printed": "1"}
    error = f"ranges are nested more than {MAX_RANGES} deep"
    assert said(nested(MAX_RANGES + 1), {"a": 1}) == {"error": error}


def test_what_go_panics_at_is_an_error() -> None:
    assert said("{range .a[*]}{[0]}{end}", {"a": []}) == {"error": "null is not array or slice"}
    assert said("{range .a[*]}{@}{end}", {"a": [None]}) == {"printed": "<no value>"}
    assert said("{range .a[*]}{@}{end}", {"a": [None]}, as_json=True) == {"printed": "[\n    null\n]\n"}


@pytest.mark.parametrize(
    "template",
    ["{.data.password[0]}", "{.data[?(@.x)]}", "{.data.password[?(@.x)]}", "{.data[0]}", "{.data.x}"],
)
def test_errors_name_no_value(template: str) -> None:
    data = {"kind": "Secret", "data": {"password": "aHVudGVyMg=="}}
    failed = render(parse(template).unwrap(), data, allow_missing_keys=False).failure()
    assert "aHVudGVyMg" not in f"{failed}{failed!r}"


def test_an_error_names_the_template() -> None:
    failed = render(parse('{.a["x"]}'.replace('["x"]', "[0]")).unwrap(), {"a": "b"}).failure()
    message = 'error executing jsonpath "{.a[0]}": Error executing template: string is not array or slice.'
    assert failed == UsageError(message)


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert said('{"\\xff\\xc3\\xa9"}', {}) == {"printed": "\ufffdé"}


RELAXED = {
    "": "",
    "a": "{.a}",
    ".a.b": "{.a.b}",
    "{a}": "{.a}",
    "{.a[0].b}": "{.a[0].b}",
    ".": "{..}",
    "{.}": "{..}",
    "..a": "{..a}",
    "a\nb": "{.a\nb}",
    "{a": None,
    "a}": None,
    "{a}{b}": None,
    "{}": None,
    "{{a}}": None,
    "x{a}": None,
}


@pytest.mark.parametrize(("given", "expected"), RELAXED.items())
def test_relaxed(given: str, expected: str | None) -> None:
    found = relaxed(given)
    assert found.value_or(None) == expected
    if expected is None:
        assert str(found.failure()).startswith("unexpected path string, expected a 'name1.name2' or '.name1")


PRINTED = (
    (0.1, "0.1", "0.1"),
    (1e20, "1e+20", "100000000000000000000"),
    (1e21, "1e+21", "1e+21"),
    (123456.5, "123456.5", "123456.5"),
    (1234567.5, "1.2345675e+06", "1234567.5"),
    (0.0001, "0.0001", "0.0001"),
    (0.00001, "1e-05", "0.00001"),
    (1e-7, "1e-07", "1e-7"),
    (2**63, "9.223372036854776e+18", "9223372036854775808"),
    (2**53, "9007199254740992", "9007199254740992"),
    ("<\u2028>\x1f\x7f", "<\u2028>\x1f\x7f", '"\\u003c\\u2028\\u003e\\u001f\x7f"'),
    (None, "<nil>", "null"),
    (True, "true", "true"),
    ([1, [None, "a"]], "[1 [<nil> a]]", '[1,[null,"a"]]'),
    ({"b": {}, "a": []}, "map[a:[] b:map[]]", '{"a":[],"b":{}}'),
)


@pytest.mark.parametrize(("value", "text", "encoded"), PRINTED)
def test_values_in_gos_words(value: Any, text: str, encoded: str) -> None:
    assert (go_text(value), json_line(value)) == (text, encoded)
    container = value is None or isinstance(value, list | dict)
    assert printed(value) == (encoded if container else text)
