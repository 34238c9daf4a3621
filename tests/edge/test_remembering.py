"""A server's schemas on disk: read by their hash, and asked for again where the file is none."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from returns.result import Result, Success

from fkube.edge.client import Client
from fkube.edge.offers import DiskCache
from fkube.edge.remembering import remember_schemas
from fkube.edge.running import hold
from fkube.exchange import Request, Response
from fkube.merging.schemashape import KIND
from fkube.resource.errors import VisitError
from fkube.resource.info import RESTMapping
from fkube.verbs.schemas import document_of, type_of

SHIRTS = RESTMapping("a.b", "v1", "Shirt", "shirts")
PLACE = "/openapi/v3/apis/a.b/v1"
DOCUMENT = {
    "paths": {},
    "components": {"schemas": {"S": {KIND: [{"group": "a.b", "version": "v1", "kind": "Shirt"}]}}},
}


class World:
    """A server with one document, behind a cache in a folder; `asked` is what it was asked for."""

    def __init__(self, folder: Path, document: Any = DOCUMENT) -> None:
        self.document, self.query, self.warns = document, "?hash=A", ""
        self.asked: list[str] = []
        self.cache = DiskCache(str(folder), time.time)

    def send(self, request: Request) -> Result[Response, VisitError]:
        self.asked.append(str(request))
        index = {"paths": {"apis/a.b/v1": {"serverRelativeURL": f"{PLACE}{self.query}"}}}
        warned = (("warning", f'299 - "{self.warns}"'),) if self.warns else ()
        body = json.dumps(index) if request.path == "/openapi/v3" else self.document
        return Success(Response(200, body, warned))

    def read(self) -> list[str]:
        """What one visit asks the server for that reads the document twice."""
        self.asked.clear()
        client = remember_schemas(Client(self.send, cache=self.cache))
        for _ in range(2):
            assert hold(client, document_of(SHIRTS)) == Success(self.document)
        assert hold(client, type_of(SHIRTS)).unwrap() is hold(client, type_of(SHIRTS)).unwrap()
        return self.asked


INDEX = "GET /openapi/v3"


def test_a_document_is_read_once_and_then_from_the_disk(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert world.read() == [INDEX, f"GET {PLACE}?hash=A"]
    assert world.read() == [INDEX]


def test_a_document_of_another_hash_is_asked_for_and_takes_its_place(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.read()
    world.query, world.document = "?hash=B", {**DOCUMENT, "info": {}}
    assert world.read() == [INDEX, f"GET {PLACE}?hash=B"]
    assert world.read() == [INDEX]
    assert len(list(tmp_path.iterdir())) == 1


BROKEN = (
    "",
    "[" * 5_000,
    "{}",
    '{"version": 1, "answers": {"GET /openapi/v3/apis/a.b/v1?hash=A": {"paths": 5}}}',
    '{"version": 1, "answers": {"GET /openapi/v3/apis/a.b/v1?hash=A": "text"}}',
    '{"version": 1, "answers": {"GET /openapi/v3/apis/a.b/v1?hash=A": null}}',
    '{"version": 1, "answers": {"GET /openapi/v3/apis/a.b/v1": {"paths": {}}}}',
)


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_that_is_none_is_as_good_as_no_file(tmp_path: Path, text: str) -> None:
    world = World(tmp_path)
    world.read()
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    assert world.read() == [INDEX, f"GET {PLACE}?hash=A"]
    assert world.read() == [INDEX]


def test_without_a_hash_or_with_a_warning_nothing_is_kept(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.query = ""
    world.read()
    world.query, world.warns = "?hash=A", "old"
    world.read()
    assert not list(tmp_path.iterdir())


def test_a_document_that_is_none_is_not_kept_and_is_told_to_each_who_asks(tmp_path: Path) -> None:
    world = World(tmp_path, {"paths": 5})
    client = remember_schemas(Client(world.send, cache=world.cache))
    for _ in range(2):
        assert "paths is not as asked" in str(hold(client, document_of(SHIRTS)).failure())
    assert world.asked == [INDEX, f"GET {PLACE}?hash=A"]
    assert not list(tmp_path.iterdir())


def test_a_folder_that_can_not_be_written_to_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    world = World(tmp_path / "file" / "below")
    assert world.read() == [INDEX, f"GET {PLACE}?hash=A"]
