"""A server's schemas: each is read once a visit, and a document of them kept on disk until its hash changes.

Theory of operation. The index at `/openapi/v3` has a link to the document of each group and version, and in
the link the hash of that document. The index is asked for in each visit, so that what is on disk is never
old: a document counts only for the link that it was read by. It is looked at like any answer, so a file that
is none is as good as no file.

    index ──▶ link?hash=A ──on disk by this link──▶ that document
                          ──else────────────────▶ asked, and written in the place of the one of another hash
"""

from __future__ import annotations

from functools import partial
from threading import Lock

from returns.result import Failure, Result, Success

from fkube.edge.client import Cache, Client, Send
from fkube.exchange.conversation import Request, Response, warnings
from fkube.exchange.offers import OPENAPI
from fkube.exchange.shapes import check_answer
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import VisitError


def remember_schemas(client: Client) -> Client:
    """The client with each schema read from the server only once; refusals are not remembered.

    >>> from itertools import count
    >>> bodies = count()
    >>> client = remember_schemas(Client(lambda request: Success(Response(200, next(bodies)))))
    >>> schemas, pods = Request("GET", OPENAPI), Request("GET", "/api/v1/pods")
    >>> [client.send(request).unwrap().body for request in (schemas, pods, schemas, pods)]
    [0, 1, 0, 2]
    """
    return replace(client, send=Schemas(client.send, client.cache).send_or_remember)


@dataclass(slots=True, repr=False, eq=False)
class Schemas:
    """The schemas that a server has answered, and how the last reading of each ended, with its number."""

    send: Send
    cache: Cache | None = None
    answers: dict[str, Response] = field(default_factory=dict)
    ends: dict[str, tuple[int, Result[Response, VisitError]]] = field(default_factory=dict)
    reading: Lock = field(default_factory=Lock)

    def send_or_remember(self, request: Request) -> Result[Response, VisitError]:
        """Send a request, unless it is for a schema that is known."""
        if request.method != "GET" or not request.path.startswith(OPENAPI):
            return self.send(request)
        key = str(request)
        if key in self.answers:
            return Success(self.answers[key])
        before, _ = self.ends.get(key, (0, None))
        # Whoever asks while another is reading waits: the answer will be the same, also where none came.
        with self.reading:
            if key in self.answers:
                return Success(self.answers[key])
            number, last = self.ends.get(key, (0, None))
            return last if last and number > before else self._read_schema(request, key, number + 1)

    def _read_schema(self, request: Request, key: str, number: int) -> Result[Response, VisitError]:
        """Read a schema from the disk or the server, and remember how that ends."""
        # Without a hash nobody could tell whether a document is still the server's.
        hashed = self.cache is not None and any(name == "hash" for name, _ in request.query)
        cache = self.cache.beside(request.path) if self.cache and hashed else None
        answer = _read_kept(cache, request, key).lash(lambda _: self.send(request))
        match answer:
            case Success(Response(status=200) as response):
                self.answers[key] = _look_at(request, response)
                new = response.kept is None and self.answers[key].kept is not None
                # What is kept has no headers, so an answer that warns is asked for again.
                if cache and new and not warnings(response):
                    cache.write({key: self.answers[key].body})
                return Success(self.answers[key])
        self.ends[key] = (number, answer)
        return answer


def _read_kept(cache: Cache | None, request: Request, key: str) -> Result[Response, None]:
    """The answer that the disk has to a request; a failure where it has none, or what is none."""
    kept = (cache.read() if cache else None) or {}
    response = _look_at(request, Response(200, kept.get(key)))
    return Failure(None) if response.kept is None else Success(response)


def _look_at(request: Request, response: Response) -> Response:
    """The answer with its body as data, marked as looked at (`kept`); left as it is where it is none.

    What is wrong with it is told to each who asks, as of any answer.
    """
    if response.kept is not None:
        return response
    # Imported here: most commands read no schema.
    from fkube.verbs.schemas import read_text

    data = check_answer(request, response).bind(partial(read_text, request.path))
    return data.map(lambda body: replace(response, body=body, kept={})).value_or(response)
