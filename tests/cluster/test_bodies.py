"""Bodies in YAML: read by the rules by which kubectl and the API server read it."""

from __future__ import annotations

import pytest

from fkube.cluster import empty, respond
from fkube.exchange import Request, Response

MAPS = "/api/v1/namespaces/default/configmaps"
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def created(text: str) -> Response:
    request = Request("POST", MAPS, (), text, "application/yaml")
    return respond(empty(), request)[1]


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ("data: {a: '1'}", 201, {"a": "1"}),
        ("data: {a: 012}", 400, "cannot unmarshal number into Go struct field ConfigMap.data of type string"),
        ("data: {a: no}", 400, "cannot unmarshal bool into Go struct field ConfigMap.data of type string"),
        ("data: {a: 1", 400, "yaml: line 5: did not find expected ',' or '}'"),
        ("...\nx: 1", 201, {}),
    ],
)
def test_yaml_is_read_as_kubectl_reads_it(data: str, status: int, told: object) -> None:
    response = created(HEAD + data + "\n")
    assert response.status == status
    found = response.body.get("data", {}) if status == 201 else response.body["message"]
    assert found == told if status == 201 else str(told) in found


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), ("null", 422), ("5", 400), ("[]", 400), ("'x'", 400)]
)
def test_yaml_that_is_no_object(text: str, status: int) -> None:
    assert created(text).status == status


@pytest.mark.parametrize(
    ("value", "why"),
    [("9" * 5000, "cannot unmarshal number"), ("[" * 3000 + "]" * 3000, "exceeded max depth")],
    ids=["digits", "depth"],
)
def test_json_that_is_too_long_or_too_deep_is_refused_for_what_it_is(value: str, why: str) -> None:
    text = f'{{"metadata": {{"name": "a", "x": {value}}}}}'
    response = respond(empty(), Request("POST", MAPS, (), text))[1]
    assert (response.status, why in response.body["message"]) == (400, True), response.body


def test_an_alias_bomb_is_refused() -> None:
    levels = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9))
    response = created(HEAD + "a: &a [x, x, x, x, x, x, x, x, x]\n" + levels)
    assert (response.status, "excessive aliasing" in response.body["message"]) == (400, True)
