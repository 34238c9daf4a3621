"""Refusals of Secrets: no value that was sent is in them, and what is no value stays."""

from base64 import b64encode
from typing import Any

import pytest
from returns.result import Success

from fkube.exchange import Request, Response
from fkube.exchange.messages import status_error
from fkube.exchange.secrecy import hide_values
from fkube.exchange.shapes import check_answer

SECRET = "hunter2-correct-horse"
ENCODED = b64encode(SECRET.encode()).decode()
PLACE = "/api/v1/namespaces/shop/secrets"


def refuse(message: str, cause: str = "") -> Response:
    causes = [{"field": "data", "message": cause}, None] if cause else None
    return Response(
        422,
        {
            "kind": "Status",
            "reason": "Invalid",
            "message": message,
            "details": {"name": "s", "causes": causes},
        },
    )


def told(body: Any, message: str, path: str = PLACE, method: str = "POST") -> str:
    return status_error(hide_values(Request(method, path, body=body), refuse(message))).message


TEXTS: list[tuple[Any, str, str]] = [
    ({"stringData": SECRET}, f".stringData: expected map, got &{{{SECRET}}}", "expected map, got &{***}"),
    ({"stringData": [SECRET]}, f"got &{{[{SECRET}]}}", "got &{[***]}"),
    ({"data": {"k": [SECRET]}}, f'Value:[]interface {{}}{{"{SECRET}"}}', 'Value:[]interface {}{"***"}'),
    ({"data": {"k": {SECRET: 1}}}, f'map{{"{SECRET}":1}}', 'map{"***":***}'),
    ({"data": {"k": ENCODED}}, f'Invalid value: "{SECRET}"', 'Invalid value: "***"'),
    ({"stringData": {"k": SECRET}}, f'Invalid value: "{ENCODED}"', 'Invalid value: "***"'),
    ({"immutable": SECRET}, f"got &{{{SECRET}}}", "got &{***}"),
    ({"type": {"a": SECRET}}, f"got {SECRET}", "got ***"),
    ({"stringDat": SECRET}, f"got {SECRET}", "got ***"),
    ({"stringData": {"k": 'a\n"b" and more'}}, r'got "a\n\"b\" and more"', 'got "***"'),
    ({"stringData": {"k": 12345}}, "got &{12345}", "got &{***}"),
    ([{"op": "add", "path": "/data/k", "value": SECRET}], f"got {SECRET}", "got ***"),
    ([{"op": "add", "path": "/data", "value": {"k": SECRET}}, 1], f"got {SECRET}", "got ***"),
    (f'{{"data": {{"k": "{SECRET}"}}}}', f"got {SECRET}", "got ***"),
    (f'{{"data": {{"k": "{SECRET}"}}}}'.encode(), f"got {SECRET}", "got ***"),
    ({"stringData": {"k": SECRET, "l": SECRET[:9]}}, f"got {SECRET}", "got ***"),
    # A short value is hidden where it stands as a value.
    ({"stringData": {"k": "abc"}}, 'got "abc" for abcde', 'got "***" for abcde'),
]


@pytest.mark.parametrize(("body", "message", "expected"), TEXTS)
def test_a_value_that_was_sent_is_hidden(body: Any, message: str, expected: str) -> None:
    assert expected in told(body, message)


KEPT: list[tuple[Any, str]] = [
    (
        {"metadata": {"name": "payments"}, "stringData": {"k": "payments"}},
        'secrets "payments" already exists',
    ),
    ({"stringData": {"k": "shop"}}, 'namespaces "shop" not found'),
    ({"type": "Opaque", "stringData": {"k": SECRET}}, 'type: Invalid value: "Opaque": field is immutable'),
    ({"stringData": {"user": "a"}}, 'data[user]: a lowercase RFC 1123 name, got "user"'),
    ({"stringData": {"k": True, "l": None}}, "got true, None"),
    ({"stringData": {"k": "map"}}, "expected map, got a mapping"),
    ({"metadata": {"labels": {"a": SECRET}}}, f"metadata.labels: Invalid value: {SECRET}"),
    (b"{", "unexpected end of JSON"),
    (None, SECRET),
]


@pytest.mark.parametrize(("body", "message"), KEPT)
def test_what_is_no_value_stays(body: Any, message: str) -> None:
    assert told(body, message) == message


@pytest.mark.parametrize(
    "path", [PLACE.replace("secrets", "configmaps"), "/api/v1/secrets", "/apis/a/v1/secrets"]
)
def test_other_objects_are_refused_in_the_servers_words(path: str) -> None:
    assert told({"data": {"k": SECRET}}, SECRET, path) == SECRET


@pytest.mark.parametrize("path", [f"{PLACE}/s", f"{PLACE}/s/status"])
def test_the_object_itself_and_what_is_below_it(path: str) -> None:
    assert told({"data": {"k": SECRET}}, SECRET, path, "PATCH") == "***"
    assert told({"data": {"k": "s-name"}}, "s-name", f"{PLACE}/s-name", "PATCH") == "s-name"


@pytest.mark.parametrize(
    "body", [SECRET, [SECRET], None, {"message": 1, "details": [SECRET]}, {"details": None}]
)
def test_refusals_of_any_shape(body: Any) -> None:
    found = hide_values(Request("POST", PLACE, body={"data": {"k": SECRET}}), Response(400, body))
    assert found.body == ("***" if body == SECRET else body)


def test_a_body_as_deep_as_can_be_is_looked_through() -> None:
    deep: Any = SECRET
    for _ in range(5000):
        deep = [deep]
    assert told({"data": {"k": deep}}, SECRET) == "***"


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_it_is_done_where_answers_enter(accept: str) -> None:
    request = Request("POST", PLACE, body={"stringData": SECRET}, accept=accept)
    match check_answer(request, refuse(f"got {SECRET}", f"Invalid value: {SECRET}")):
        case Success(taken):
            error = status_error(taken)
    assert (error.message, error.causes[0].message) == ("got ***", "Invalid value: ***")
