"""Connection pools of urllib3: behind a proxy or not, with a TLS context from certificates and keys.

Sends nothing. Leaves no key behind: inline data is on disk for one call only.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote, urlsplit

from returns.result import Failure, Result, Success

from fkube.edge.credentials import Source, basic_header
from fkube.edge.localfiles import reason_of
from fkube.edge.tracing import QUIET, Trace
from fkube.kubeconfig.address import proxy_for, proxy_problem
from fkube.kubeconfig.connection import Connection
from fkube.resource.dataclasses import dataclass, field
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object
from fkube.resource.patterns import compile_later

if TYPE_CHECKING:
    # Imported where connections are made: it takes long, and what asks no server makes none.
    import ssl

    import urllib3

AS_IT_COMES = dict.fromkeys(("retries", "redirect", "preload_content"), False)
"""Options of a request against what urllib3 would do by itself: try again, redirect, read ahead."""

Manager: TypeAlias = "Result[urllib3.PoolManager, VisitError]"
"""The connections of urllib3, or why they can't be made."""

Settings: TypeAlias = dict[str, Any]  # What urllib3's managers take by name.


@dataclass(frozen=True, slots=True, repr=False)
class Pools:
    """Up to `concurrency` connections to a server, kept from request to request. More requests wait."""

    connection: Connection
    environ: Mapping[str, str]
    concurrency: int
    _lock: RLock = field(default_factory=RLock)
    _last: list[tuple[Object, urllib3.PoolManager]] = field(default_factory=list)
    _contexts: list[tuple[Object, ssl.SSLContext | None]] = field(default_factory=list)

    def check(self, certificate: Object) -> Result[None, VisitError]:
        """Check that connections can be made which show this client certificate; none is made yet."""
        with self._lock:
            if self._proxy():
                return self(certificate).map(lambda _: None)
            return self._make_context(certificate).map(lambda _: None)

    def __call__(self, certificate: Object) -> Manager:
        """The connections that show this client certificate; those that showed another are closed."""
        with self._lock:
            if self._last and self._last[-1][0] == certificate:
                return Success(self._last[-1][1])
            self.close()
            manager = self._make_context(certificate).bind(self._make_manager)
            self._last.extend(manager.map(lambda made: [(certificate, made)]).value_or([]))
            return manager

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            for _, manager in self._last:
                manager.clear()
            self._last.clear()

    def _make_context(self, certificate: Object) -> Result[ssl.SSLContext | None, VisitError]:
        """The TLS context that shows this client certificate; None for a server without TLS."""
        if not self.connection.secure:
            return Success(None)
        if self._contexts and self._contexts[-1][0] == certificate:
            return Success(self._contexts[-1][1])
        made = tls_context(self.connection.cluster, {**self.connection.user, **certificate})
        self._contexts[:] = made.map(lambda context: [(certificate, context)]).value_or([])
        return made.map(lambda context: context)

    def _proxy(self) -> str:
        """The URL of the proxy on the way to the server, empty for none."""
        given = self.connection.cluster.get("proxy-url", "")
        return proxy_for(self.connection.server, given, self.environ)

    def _make_manager(self, context: ssl.SSLContext | None) -> Manager:
        """The pools behind one TLS context, through the proxy if there is one."""
        import urllib3

        connection = self.connection
        if connection.cluster.get("insecure-skip-tls-verify"):
            # It was asked for by name; kubectl does not warn of it either.
            warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
        settings: Settings = {
            "num_pools": 2,
            "maxsize": self.concurrency,
            "block": True,
            "ssl_context": context,
            "server_hostname": connection.cluster.get("tls-server-name") or None,
        }
        return make_manager(self._proxy(), settings)


@dataclass(frozen=True, slots=True, repr=False)
class Http:
    """How a server is reached over HTTP: connection, credentials, pools, a clock (seconds), what is told."""

    connection: Connection
    credentials: Source
    pools: Pools
    now: Callable[[], float]
    sleep: Callable[[float], None]
    trace: Trace = QUIET


def make_manager(proxy: str, settings: Settings) -> Manager:
    """The pools behind a proxy, or, with an empty one, those of servers that are reached as they are.

    Errors: a proxy that is no URL, or is a SOCKS one without PySocks. No message has a word of it.
    """
    import urllib3

    if not proxy:
        return Success(urllib3.PoolManager(**settings))
    plain = re.sub("^socks5h:", "socks5:", proxy)  # Names are looked up there in any case.
    if proxy_problem(plain):
        return Failure(UsageError(_NO_PROXY))
    make = _socks_manager if urlsplit(plain).scheme == "socks5" else _proxy_manager
    try:
        return make(plain, settings)
    except (urllib3.exceptions.HTTPError, ValueError):
        return Failure(UsageError(_NO_PROXY))


def _proxy_manager(proxy: str, settings: Settings) -> Manager:
    """The pools behind an HTTP proxy. Its user and password are sent to it alone, and are in no message."""
    from urllib3 import ProxyManager

    parts = urlsplit(proxy)
    login = basic_header(unquote(parts.username or ""), unquote(parts.password or ""))
    headers = {"proxy-authorization": login} if parts.username else None
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    proxied = {"proxy_headers": headers, "proxy_ssl_context": settings.get("ssl_context"), **settings}
    return Success(ProxyManager(bare, **proxied))


def _socks_manager(proxy: str, settings: Settings) -> Manager:
    """The pools behind a SOCKS proxy, which looks up names, as in Go."""
    if find_spec("socks") is None:
        problem = "the proxy is a socks5 one, which needs PySocks: pip install 'fkube[socks]'"
        return Failure(UsageError(problem))
    from urllib3.contrib.socks import SOCKSProxyManager

    return Success(SOCKSProxyManager(f"socks5h{proxy[len('socks5') :]}", **settings))


_NO_PROXY = "the proxy must be a URL like http://proxy:3128: check proxy-url or HTTPS_PROXY"


def tls_context(cluster: Object, user: Object) -> Result[ssl.SSLContext, VisitError]:
    """A TLS context that trusts the cluster's CA (else the system's) and shows the user's certificate.

    TLS 1.2 or later; like Go it takes any certificate in the CA for a root, however sparse its extensions.
    Errors: a file that can't be read, and PEM data that is none, are `UsageError`s.
    Follows `TLSConfigFor` of client-go.

    >>> tls_context({"certificate-authority-data": b"?"}, {}).failure().message
    'unable to load root certificates: certificate-authority has no certificate in PEM form'
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.verify_flags = (context.verify_flags | ssl.VERIFY_X509_PARTIAL_CHAIN) & ~ssl.VERIFY_X509_STRICT
    if cluster.get("insecure-skip-tls-verify"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    loaded = _try_load(partial(_load_ca, context, cluster), "unable to load root certificates", _NO_CA)
    return loaded.bind(
        lambda _: _try_load(partial(_load_pair, context, user), "tls: failed to use the key pair", _NO_PAIR)
    ).map(lambda _: context)


def _try_load(load: Callable[[], None], doing: str, invalid: str) -> Result[None, VisitError]:
    """Run a function that loads files; what it raises becomes an error that begins with `doing`.

    `invalid` stands for what OpenSSL says of a file, which may quote it.
    """
    from ssl import SSLError

    try:
        load()
    except (SSLError, ValueError):  # The second is a UnicodeError too: a PEM is ASCII.
        return Failure(UsageError(f"{doing}: {invalid}"))
    except OSError as error:
        return Failure(UsageError(f"{doing}: open {error.filename}: {reason_of(error)}"))
    return Success(None)


_CERTIFICATE = compile_later(
    "-----BEGIN [A-Z ]*CERTIFICATE-----[\x00-,.-\x7f]+-----END [A-Z ]*CERTIFICATE-----"
)
_NO_CA = "certificate-authority has no certificate in PEM form"
_NO_PAIR = "client-certificate and client-key are no pair in PEM form"


def _load_ca(context: ssl.SSLContext, cluster: Object) -> None:
    """Load the cluster's CA into a TLS context; the system's where it has none."""
    if not (cluster.get("certificate-authority") or cluster.get("certificate-authority-data")):
        context.load_default_certs()
        return
    with _as_file(cluster, "certificate-authority") as path, open(path, encoding="latin-1") as file:
        certificates = _CERTIFICATE.findall(file.read())
    context.load_verify_locations(cadata="\n".join(certificates) or "none")


def _load_pair(context: ssl.SSLContext, user: Object) -> None:
    """Load the user's certificate and key, if any. An encrypted key fails, rather than ask for a password."""
    if user.get("client-certificate") or user.get("client-certificate-data"):
        with _as_file(user, "client-certificate") as certificate, _as_file(user, "client-key") as key:
            context.load_cert_chain(certificate, key, password="")


@contextmanager
def _as_file(entry: Object, key: str) -> Iterator[str]:
    """The path of a kubeconfig entry's file; inline data is put into a temporary file meanwhile."""
    data = entry.get(f"{key}-data")
    if not data:
        yield entry[key]
        return
    import tempfile

    descriptor, path = tempfile.mkstemp(prefix="fkube-")  # 0600, says its documentation
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        yield path
    finally:
        os.unlink(path)
