"""Resources whose objects have another shape than the API's: what is not there is empty."""

from __future__ import annotations

from typing import Any

import pytest

from fkube.resource.info import Info, with_metadata


@pytest.mark.parametrize("odd", [None, "text", 5, [], ["a"], True])
def test_metadata_of_another_shape_is_none(odd: Any) -> None:
    info = Info({"kind": "Pod", "metadata": odd})
    assert (info.name, info.namespace, info.generate_name, info.resource_version) == ("", "", "", "")
    assert (dict(info.labels), repr(info)) == ({}, "Info( Pod )")
    assert with_metadata(info.object, name="a") == {"kind": "Pod", "metadata": {"name": "a"}}
    assert dict(Info({"metadata": {"labels": odd}}).labels) == {}
