"""Settle a write whose answer leaves open whether it was done: by reading, never by sending it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from returns.result import Result, Success

from fkube.exchange.conversation import (
    Call,
    Done,
    Exchange,
    Request,
    Response,
    bind,
    conclude,
    done,
    failed,
    status_error,
    writes,
)
from fkube.exchange.messages import APPLY_PATCH, retry_delay
from fkube.exchange.subjects import kind_wanted
from fkube.merging.schemashape import map_in
from fkube.resource.dataclasses import dataclass, field, replace
from fkube.resource.errors import DOUBT, TimedOut, TransportError, VisitError, doubtful, harmless
from fkube.resource.info import Object, metadata_of
from fkube.verbs.evidence import (
    as_kept,
    comparable,
    holds,
    is_known,
    is_older,
    is_untouched,
    make_dry,
    version_of,
)
from fkube.verbs.paths import object_path, qualified_resource

Answer: TypeAlias = Result[Response, VisitError]
"""An answer of the server, or why none came."""

PAUSES = (0.0, 0.25, 0.5, 1.0, 2.0)
"""The seconds before each look: a write whose answer was lost may land a while later."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A write whose answer leaves open whether it was done.

    `place`: the path of its object. `version`: the resourceVersion the object had before, empty if unknown.
    """

    write: Request
    answer: Answer
    place: str
    version: str

    @property
    def unknown(self) -> Exchange[Response]:
        """The end where nobody can know whether it was done: an error that is doubtful."""
        match self.answer:
            case Success(response):
                error = status_error(response)
                return failed(replace(error, message=f"{error.message}{DOUBT}", sent=True))
        return Done(self.answer)

    @property
    def undone(self) -> Exchange[Response]:
        """The end where it was not done: the server's refusal, or an error that says so."""
        match self.answer:
            case Success():
                return Done(self.answer)
        error = self.answer.failure()
        if not isinstance(error, TransportError | TimedOut):
            return Done(self.answer)
        message = f"{error.message.removesuffix(DOUBT)}; it was not {_participle(self.write)}"
        return failed(harmless(replace(error, message=message)))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look has found: whether no other is needed, and the `end` to go on with if it is the last."""

    certain: bool
    end: Exchange[Response] = field(repr=False)


def settle(sent: Exchange[Response], write: Request, before: Object | None = None) -> Exchange[Response]:
    """Find out what became of a write where the answer does not say: none came, or one of 500 and more.

    The object is read after growing pauses. A creation was done where it is there as it was sent, made by
    this manager since the conversation began; a deletion, where it is gone or going; any other write, where
    the server says that the same once more, as a dry run, would change nothing.
    `sent`: the conversation that sends it. `before`: the object as it was known before: nothing was done
    where it still has that resourceVersion.
    Errors: what the answer was; it says that nothing was done where that is sure, and is `doubtful` where
    nobody can know.

    >>> from fkube.exchange.conversation import send
    >>> shop = Request("POST", "/api/v1/namespaces", body={"metadata": {"name": "shop"}})
    >>> print(settle(send(shop), shop).then(Response(504)).request)
    GET /api/v1/namespaces/shop
    """
    if not writes(write):
        return sent
    version = version_of(write.body) or version_of(before)

    def look_if_open(answer: Answer) -> Exchange[Response]:
        return _settle(write, version, answer) if _is_open(answer) else Done(answer)

    return conclude(sent, look_if_open)


def _is_open(answer: Answer) -> bool:
    """Whether an answer to a write leaves open whether it was done.

    It does not where the server asks for the request again, or has failed before it stores anything.
    """
    match answer:
        case Success(response) if response.status < 500 or retry_delay(response) is not None:
            return False
        case Success(response):
            message = status_error(response).message
            return not any(known in message for known in _BEFORE_STORING)
    return doubtful(answer.failure())


def _settle(write: Request, version: str, answer: Answer) -> Exchange[Response]:
    """Look for the object of a write; one whose name the server makes can't be found, so that is unknown."""
    name = metadata_of(write.body).get("name") if write.method == "POST" else ""
    place = object_path(write.path, name) if write.method == "POST" else write.path
    doubt = Doubt(write, answer, place, version)
    return _look(doubt, PAUSES) if place and write.method in _JUDGES else doubt.unknown


def _look(doubt: Doubt, pauses: tuple[float, ...]) -> Exchange[Response]:
    """Look after each of these pauses until a finding is certain; the last one counts in any case."""
    pause, *others = pauses
    request = Request("GET", doubt.place, kind=kind_wanted(doubt.write))
    look = Call(request, partial(_judge, doubt), pause, partial(_end_unknown, doubt))

    def look_again(found: Finding) -> Exchange[Response]:
        return found.end if found.certain or not others else _look(doubt, tuple(others))

    return bind(look, look_again)


def _end_unknown(doubt: Doubt, _: object) -> Exchange[Finding]:
    """End with the doubt, as a look was lost."""
    return done(Finding(True, doubt.unknown))


def _judge(doubt: Doubt, look: Response) -> Exchange[Finding]:
    """Judge by the answer to a GET what became of a write; one of 500 and more may be better later.

    A 404 that does not name the object is none of an API server that knows the kind.
    """
    if look.status != 200 and not _says_missing(doubt, look):
        return done(Finding(look.status < 500, doubt.unknown))
    return _JUDGES[doubt.write.method](doubt, look)


def _says_missing(doubt: Doubt, look: Response) -> bool:
    """Whether an answer says that there is no such object: any other 404 may be of something on the way."""
    details = map_in(look.body, "details")
    return look.status == 404 and details.get("name") == doubt.place.rpartition("/")[2]


def _judge_creation(doubt: Doubt, look: Response) -> Exchange[Finding]:
    """Whether an object was created: not (yet) where there is none, else it is there for good."""
    if look.status == 404:
        return done(Finding(False, doubt.undone))
    older = is_older(look, metadata_of(look.body).get("creationTimestamp"))
    if older:
        return done(Finding(True, done(_say_there_already(doubt))))
    as_sent = is_known(doubt.write, look.body) and holds(as_kept(doubt.write.body), look.body)
    ours = older is False and as_sent
    return done(Finding(True, done(replace(look, status=201)) if ours else doubt.unknown))


def _say_there_already(doubt: Doubt) -> Response:
    """The answer that was lost, where an object was there before: the server's own words."""
    name = doubt.place.rpartition("/")[2]
    message = f'{qualified_resource(doubt.write.path)} "{name}" already exists'
    status = {"status": "Failure", "message": message, "reason": "AlreadyExists", "code": 409}
    return Response(409, {"kind": "Status", "apiVersion": "v1", "metadata": {}, **status})


def _judge_deletion(doubt: Doubt, look: Response) -> Exchange[Finding]:
    """Whether an object was deleted: it is gone, going, or another has taken its name.

    One that was made since then may have taken the name of the one that was meant.
    """
    metadata = metadata_of(look.body)
    meant = (doubt.write.body.get("preconditions") or {}).get("uid") if doubt.write.body else ""
    if look.status == 404 or (meant and metadata.get("uid") != meant):
        return done(Finding(True, done(Response(200, _SUCCESS))))
    if metadata.get("deletionTimestamp"):
        return done(Finding(True, done(look)))
    same = meant or is_older(look, metadata.get("creationTimestamp"))
    return done(Finding(False, doubt.undone if same else doubt.unknown))


def _judge_change(doubt: Doubt, look: Response) -> Exchange[Finding]:
    """Whether an object was changed: the server says in a dry run whether the same would change it still."""
    if look.status == 404:
        # One that had a version was there: it may have been changed before it went.
        return done(Finding(False, doubt.unknown if doubt.version else doubt.undone))

    def compare(again: Response) -> Exchange[Finding]:
        if again.status < 400 and comparable(again.body) == comparable(look.body):
            return done(Finding(True, done(look)))
        if not is_untouched(look, doubt.version):
            return done(Finding(False, doubt.unknown))
        # What the server refuses now, it would have refused before.
        return done(Finding(False, done(again) if again.status in _REFUSED else doubt.undone))

    return Call(make_dry(doubt.write, look.body), compare, lost=partial(_end_unknown, doubt))


def _participle(write: Request) -> str:
    """What a write would have done to its object: `created`."""
    if write.content_type == APPLY_PATCH:
        return "applied"
    return {"POST": "created", "PUT": "replaced", "DELETE": "deleted"}.get(write.method, "patched")


_JUDGES: Mapping[str, Callable[[Doubt, Response], Exchange[Finding]]] = {
    "POST": _judge_creation,
    "DELETE": _judge_deletion,
    "PUT": _judge_change,
    "PATCH": _judge_change,
}
_REFUSED = (409, 422)
"""The statuses by which a server refuses a change for what it says."""
_SUCCESS = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}
_BEFORE_STORING = ("failed calling webhook", "failed to create typed patch object")
"""What a server says with a 500 of what comes before it stores anything: a webhook, fields of an apply."""
