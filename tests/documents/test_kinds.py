"""Documents without a kind or a version, as kubectl's validation tells of them."""

from __future__ import annotations

from typing import Any

import pytest
from returns.result import Success

from fkube.documents.manifest import decode, kind_problems, strictly
from fkube.documents.stream import Document
from fkube.resource.errors import DecodeError, ValidationError
from fkube.resource.info import Origin
from fkube.visitor import each

CM: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap"}
LIST: dict[str, Any] = {"apiVersion": "v1", "kind": "List"}
PROBLEMS: list[tuple[Any, tuple[str, ...]]] = [
    ({}, ("apiVersion not set", "kind not set")),
    ({"apiVersion": None, "kind": None}, ("apiVersion not set", "kind not set")),
    ({"apiVersion": 1, "kind": ["a"]}, ("apiVersion isn't string type", "kind isn't string type")),
    ({"apiVersion": "a/b/c"}, ("unexpected GroupVersion string: a/b/c", "kind not set")),
    ({"apiVersion": "", "kind": ""}, ()),
    ([CM], ("invalid object to validate",)),
    (True, ("invalid object to validate",)),
    (5, ("invalid object to validate",)),
    ({**LIST, "items": [CM]}, ()),
    ({**LIST, "items": []}, ()),
    (LIST, ("invalid object to validate",)),
    ({**LIST, "items": None}, ("invalid object to validate",)),
    ({**LIST, "items": {}}, ("invalid object to validate",)),
    ({**LIST, "items": [CM, 1, None, {"kind": "A"}]}, ("invalid object to validate", "apiVersion not set")),
    ({"apiVersion": "v1", "kind": "ConfigMapList", "items": [{}]}, ()),
]


@pytest.mark.parametrize(("value", "problems"), PROBLEMS, ids=str)
def test_what_kubectls_validation_says(value: Any, problems: tuple[str, ...]) -> None:
    assert kind_problems(value) == problems


@pytest.mark.parametrize("decoder", [decode, strictly])
def test_a_document_is_validated_before_it_is_read(decoder: Any) -> None:
    document = Document("# c\nmetadata: {name: 5}\nkind: 1", Origin("a.yaml", 2, 4))
    (error,) = decoder(document, validated=True)(each(Success)).failure().errors
    assert isinstance(error, ValidationError)
    assert error.origin == Origin("a.yaml", 2, 5)
    assert error.message == (
        'error validating "a.yaml": error validating data: [apiVersion not set, kind isn\'t string type]; '
        "if you choose to ignore these errors, turn validation off with --validate=false"
    )
    (error,) = decoder(document)(each(Success)).failure().errors
    assert isinstance(error, DecodeError)
    assert error.undecoded


@pytest.mark.parametrize("text", ["", "# nothing", "null", "apiVersion: v1\nkind: A"])
def test_what_has_both_or_is_empty_passes(text: str) -> None:
    document = Document(text, Origin("a.yaml", 1, 1))
    assert decode(document, validated=True)(each(Success)) == decode(document)(each(Success))
