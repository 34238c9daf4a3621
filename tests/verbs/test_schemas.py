"""The schemas of a kind, as they are read from a server, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from returns.result import Failure, Success

from fkube.exchange import Request, Response
from fkube.exchange.shapes import check_answer
from fkube.merging.schemashape import KIND
from fkube.resource.errors import TransportError
from fkube.resource.info import RESTMapping
from fkube.verbs.schemas import document_of, schema_of

SHIRTS = RESTMapping("a.b", "v1", "Shirt", "shirts")
LINK = "/openapi/v3/apis/a.b/v1"
INDEX = {"paths": {"apis/a.b/v1": {"serverRelativeURL": LINK}}}
SCHEMAS = {"A": {KIND: [{"group": "a.b", "version": "v1", "kind": "Shirt"}]}}
DOCUMENT = {"paths": {}, "components": {"schemas": SCHEMAS}}


def ask(index: Any, document: Any) -> Any:
    """What the schema of a kind is, by these answers."""
    first: Any = document_of(SHIRTS).then(Response(200, index))  # type: ignore[union-attr]
    return first.then(Response(200, document)).result if hasattr(first, "then") else first.result


@pytest.mark.parametrize("index", [INDEX, json.dumps(INDEX)])
@pytest.mark.parametrize("document", [DOCUMENT, json.dumps(DOCUMENT)])
def test_documents_come_as_json_and_as_text(index: Any, document: Any) -> None:
    assert ask(index, document) == Success(DOCUMENT)


WRONG = (
    "",
    "text",
    "[]",
    "[" * 5_000,
    '{"paths": 5}',
    '{"components": {"schemas": {"A": {"properties": []}}}}',
)


@pytest.mark.parametrize("text", WRONG)
def test_a_text_that_is_no_document_is_an_error(text: str) -> None:
    problem = Failure(TransportError("the server's schemas are no OpenAPI document", sent=True))
    assert ask(INDEX, text) == problem
    if "components" not in text:
        assert ask(text, DOCUMENT) == problem


@pytest.mark.parametrize(
    "index", [{"paths": {"apis/a.b/v1": link}} for link in (None, {}, 5, "x", {"serverRelativeURL": 5})]
)
def test_without_a_link_there_is_no_schema(index: Any) -> None:
    assert schema_of(SHIRTS).then(Response(200, index)).result == Success(None)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "the body"),
        ({}, "paths"),
        ({"paths": {"/a": 5}}, "paths./a"),
        ({"components": {"schemas": {"A": {"properties": {"a": [1]}}}}}, "components.schemas.A.properties.a"),
        ({"components": {"schemas": {"A": {"allOf": {}}}}}, "components.schemas.A.allOf"),
    ],
)
def test_a_document_of_another_shape_does_not_come_in(document: Any, place: str) -> None:
    refused = check_answer(Request("GET", LINK), Response(200, document)).failure()
    assert str(refused).endswith(f"{place} is not as asked")


def test_documents_of_a_server_come_in() -> None:
    from fkube import edge
    from fkube.verbs.schemas import openapi_documents

    documents = edge.running.hold(edge.embedded(), openapi_documents()).unwrap()
    assert documents
    for document in documents:
        assert check_answer(Request("GET", LINK), Response(200, document)) == Success(Response(200, document))
