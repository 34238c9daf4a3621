"""Credentials for a server: tokens, token files, passwords, plugins; cached until they expire, in no repr."""

from __future__ import annotations

import base64
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias
from urllib.parse import quote

from returns.result import Failure, Result, Success, safe

from fkube.edge.localfiles import read_bytes
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object

REREAD = 50.0  # Seconds: a token file is read each minute, ten seconds before the minute is over.


@dataclass(frozen=True, slots=True)
class Credential:
    """An `Authorization` header, a client certificate, or neither. `expires` is a second of the clock.

    `certificate`: fields as a kubeconfig's user has them, such as `client-certificate-data`.
    """

    authorization: str = field(default="", repr=False)
    certificate: Object = field(default_factory=dict, repr=False)
    expires: float = field(default=float("inf"), compare=False)


Source: TypeAlias = Callable[[Credential | None], Result[Credential, VisitError]]
"""The credential to show now. Given one that a server refused, it gets another if it can."""

Renew: TypeAlias = Callable[[Credential | None], Result[Credential, VisitError]]
"""Get a new credential; the one before it is given."""


def fixed_source(credential: Credential) -> Source:
    """The source that gives the same credential each time.

    >>> fixed_source(Credential("Bearer t"))(None)
    <Success: Credential(expires=inf)>
    """
    return lambda _: Success(credential)


def bearer_header(token: str) -> str:
    """The `Authorization` header for a token.

    >>> bearer_header("t")
    'Bearer t'
    """
    return f"Bearer {token}"


def basic_header(username: str, password: str) -> str:
    """The `Authorization` header for a name and a password, in UTF-8.

    >>> basic_header("a", "b")
    'Basic YTpi'
    """
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def cached_source(renew: Renew, now: Callable[[], float]) -> Source:
    """A source that asks for a new credential when its last one has expired or was refused.

    Many threads may ask at once; one of them gets the new one, the others wait for it.

    >>> count = iter("abc")
    >>> source = cached_source(lambda last: Success(Credential(next(count))), lambda: 0.0)
    >>> first = source(None).unwrap()
    >>> [source(None).unwrap().authorization, source(first).unwrap().authorization]
    ['a', 'b']
    """
    lock = Lock()
    last: list[Credential] = []

    def source(refused: Credential | None) -> Result[Credential, VisitError]:
        with lock:
            if last and last[-1] is not refused and now() < last[-1].expires:
                return Success(last[-1])
            renewed = renew(last[-1] if last else None)
            last[:] = renewed.map(lambda credential: [credential]).value_or(last)
            return renewed

    return source


def token_file_credentials(path: str, now: Callable[[], float]) -> Renew:
    """The `Renew` that reads a token from a file; where a later reading fails, the last one stays in force.

    Errors: a first read that fails, and a file without a token, are `UsageError`s.
    Follows `NewCachedFileTokenSource` of client-go.
    """

    def renew(last: Credential | None) -> Result[Credential, VisitError]:
        header = _read_token(path).map(bearer_header)
        credential = header.map(lambda header: Credential(header, expires=now() + REREAD))
        return credential.lash(lambda _: Success(last)) if last else credential

    return renew


def _read_token(path: str) -> Result[str, VisitError]:
    """Read the token in a file, without white space around it; an empty file is an error."""
    text = read_bytes(path).bind(lambda data: safe(data.decode)("utf-8").alt(lambda _: "it is no text"))
    return (
        text.map(str.strip)
        .alt(lambda reason: f'failed to read token file "{path}": open {path}: {reason}')
        .bind(lambda token: Success(token) if token else Failure(f'read empty token from file "{path}"'))
        .alt(UsageError)
    )


def credential_source(user: Object, plugin: Renew, now: Callable[[], float]) -> Source:
    """The source for a kubeconfig's user: token file, token, password, certificate, else `plugin`.

    Follows `HTTPWrappersForConfig` and `Authenticator.UpdateTransportConfig` of client-go.

    >>> source = credential_source({"token": "t"}, lambda _: Failure(UsageError("no")), lambda: 0.0)
    >>> source(None).unwrap() == Credential("Bearer t")
    True
    """
    if user.get("tokenFile"):
        return cached_source(token_file_credentials(user["tokenFile"], now), now)
    if user.get("token"):
        return fixed_source(Credential(bearer_header(user["token"])))
    if user.get("username") or user.get("password"):
        return fixed_source(Credential(basic_header(user.get("username", ""), user.get("password", ""))))
    if user.get("client-certificate") or user.get("client-certificate-data") or not user.get("exec"):
        return fixed_source(Credential())
    return cached_source(plugin, now)


def impersonation_headers(user: Object) -> tuple[tuple[str, str], ...]:
    """The headers that ask the server to act as someone else; none for a user without `as`.

    Follows `NewImpersonatingRoundTripper` of client-go.

    >>> impersonation_headers({"as": "jane", "as-groups": ["dev"], "as-user-extra": {"a/b": ["1"]}})
    (('Impersonate-User', 'jane'), ('Impersonate-Group', 'dev'), ('Impersonate-Extra-a%2Fb', '1'))
    """
    if not user.get("as"):
        return ()
    uid = (("Impersonate-Uid", user["as-uid"]),) if user.get("as-uid") else ()
    groups = (("Impersonate-Group", group) for group in user.get("as-groups", ()))
    extra = (
        ("Impersonate-Extra-" + quote(key, safe=_HEADER_MARKS), value)
        for key, values in user.get("as-user-extra", {}).items()
        for value in values
    )
    return (("Impersonate-User", user["as"]), *uid, *groups, *extra)


_HEADER_MARKS = "!#$&'*+-.^_`|~"
"""What the name of a header may have beside letters and digits, all but the % of its escapes."""
