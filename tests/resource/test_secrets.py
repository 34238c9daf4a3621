"""The two forms of a Secret's values."""

from __future__ import annotations

from typing import Any

import pytest

from fkube.resource.secrets import encode_string_data

SECRET = {"kind": "Secret", "data": {"a": "Yg=="}, "stringData": {"c": "d"}}


def test_string_data_becomes_data() -> None:
    assert encode_string_data(SECRET) == {"kind": "Secret", "data": {"a": "Yg==", "c": "ZA=="}}
    assert encode_string_data({"stringData": None}) == {"data": {}}


def test_half_a_surrogate_pair_is_read_as_go_reads_it() -> None:
    found = encode_string_data({"stringData": {"k": "a\ud800"}})
    assert found == encode_string_data({"stringData": {"k": "a\ufffd"}})


@pytest.mark.parametrize("odd", ["x", 5, [1], [{"name": 1}], True])
@pytest.mark.parametrize("key", ["data", "stringData"])
def test_what_has_another_shape_stays_as_it_is(key: str, odd: Any) -> None:
    given = {**SECRET, key: odd}
    assert encode_string_data(given) == given
