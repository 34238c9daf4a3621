"""A client that answers GETs of single objects from lists, for batches of many objects."""

from __future__ import annotations

from functools import partial
from threading import Lock
from typing import Any

from returns.result import Result, Success

from fkube.edge.client import Client, Send
from fkube.exchange.conversation import JSON, Request, Response
from fkube.exchange.shapes import check_answer
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import VisitError
from fkube.resource.info import Object, metadata_of
from fkube.resource.patterns import compile_later

CHUNK = 500
"""How many objects a page of a list has."""

FEW = 8
"""After so many objects were asked for, there are taken to be more of every kind."""

_OBJECT = compile_later(r"(/(?:api/[^/]+|apis/[^/]+/[^/]+)(?:/namespaces/[^/]+(?=/[^/]+/))?/[^/]+)/([^/]+)")
_NOT_FOUND = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}


def read_from_lists(client: Client, ask_for_missing: bool = False) -> Client:
    """The client with GETs of single objects answered from lists, which are read page by page as needed.

    While few are asked for, the first GET in a collection is sent as it is. So are those of objects that were
    written to since, and all where the server allows no list; with `ask_for_missing` those of objects that
    no list has, too, as what the server says of them may be shown.
    """
    return replace(client, send=_Memory(client.send, ask_for_missing).answer)


@dataclass(slots=True)
class _Collection:
    """What is known of the objects at a path: all up to `last`, which are in order of their names.

    `after`: the token of the next page, None once all were read. `singly`: how many objects were asked for by
    themselves. `written`: names of objects that may have changed. `added`: a name that is not in `objects`
    may be on the server still.
    """

    place: str
    objects: dict[str, Object] = field(default_factory=dict)
    after: str | None = ""
    last: str = ""
    pages: int = 0
    singly: int = 0
    written: set[str] = field(default_factory=set)
    added: bool = False
    lock: Lock = field(default_factory=Lock)

    def answer_get(self, send: Send, name: str, few: bool) -> Response | None:
        """The answer to a GET of an object; None where the server is to be asked.

        `few`: only a few GETs were answered so far, in all collections, so that pages don't pay yet.
        """
        while self.after is not None and name > self.last and name not in self.written:
            if self.singly <= self.pages and (few or self.pages):
                self.singly += 1
                return None
            self._read_page(send)
        if name in self.objects and name not in self.written:
            return Response(200, self.objects[name])
        unknown = self.added or name in self.written
        return None if unknown else Response(404, {**_NOT_FOUND, "message": f'"{name}" not found'})

    def _read_page(self, send: Send) -> None:
        """Read one more page; where that fails, nothing is known of the objects after the last one."""
        token = (("continue", self.after),) if self.after else ()
        request = Request("GET", self.place, (("limit", str(CHUNK)), *token))
        page = send(request).bind(partial(check_answer, request)).value_or(Response(0))
        body: Any = page.body if isinstance(page.body, dict) else {}
        self.pages += 1
        self.after = (body.get("metadata") or {}).get("continue") or None
        self.added = self.added or page.status != 200
        kind = {"apiVersion": body.get("apiVersion"), "kind": str(body.get("kind")).removesuffix("List")}
        for item in body.get("items") or ():
            name = (item.get("metadata") or {}).get("name") or ""
            # What an item without a name is about, is not known: it may be any of the others.
            self.added = self.added or not name
            self.last = name or self.last
            self.objects |= {name: {**kind, **item}} if name else {}


@dataclass(slots=True)
class _Memory:
    """What was read and written so far: collections by their paths, and the number of GETs of objects."""

    send: Send
    ask_for_missing: bool
    collections: dict[str, _Collection] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    gets: int = 0

    def answer(self, request: Request) -> Result[Response, VisitError]:
        """Answer a GET of an object from memory where that is possible; send any other request."""
        if request.method != "GET":
            self._note_write(request)
            return self.send(request)
        single = _OBJECT.fullmatch(request.path)
        if single is None or request.query or request.accept != JSON:
            return self.send(request)
        collection = self._collection(single[1])
        with collection.lock:
            self.gets += 1
            response = collection.answer_get(self.send, single[2], self.gets <= FEW)
        missing = self.ask_for_missing and response is not None and response.status == 404
        return self.send(request) if response is None or missing else Success(response)

    def _collection(self, place: str) -> _Collection:
        """The collection at a path; a new one the first time."""
        with self.lock:
            return self.collections.setdefault(place, _Collection(place))

    def _note_write(self, write: Request) -> None:
        """Note what a write may change: the object it names, and that the collection may have new ones.

        Whether a new object was created is told by its own answer only, which has a date.
        """
        if single := _OBJECT.match(write.path):
            self._collection(single[1]).written.add(single[2])
        collection = self._collection(write.path)
        collection.added = True
        collection.written.add(str(metadata_of(write.body).get("name")))
