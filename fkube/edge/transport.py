"""Connection pools of urllib3: by which certificate, through which proxy. Makes them, sends nothing."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from threading import Lock
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

import urllib3
from returns.result import Failure, Result, Success

from fkube.edge import tls
from fkube.kubeconfig.address import proxy_for
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object

Made: TypeAlias = Result[urllib3.PoolManager, VisitError]


@dataclass(frozen=True, slots=True, repr=False)
class Pools:
    """Up to `concurrency` connections to a server, kept from request to request. More requests wait."""

    connection: Connection
    environ: Mapping[str, str]
    concurrency: int
    _lock: Lock = field(default_factory=Lock)
    _last: list[tuple[Object, urllib3.PoolManager]] = field(default_factory=list)

    def __call__(self, certificate: Object) -> Made:
        """The connections that show this certificate; those that showed another are closed."""
        with self._lock:
            if self._last and self._last[-1][0] == certificate:
                return Success(self._last[-1][1])
            self._forget()
            made = _made(self.connection, certificate, self.environ, self.concurrency)
            self._last.extend([(certificate, made.unwrap())] if isinstance(made, Success) else [])
            return made

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        for _, manager in self._last:
            manager.clear()
        self._last.clear()


def _made(connection: Connection, certificate: Object, environ: Mapping[str, str], concurrency: int) -> Made:
    context = _context(connection, certificate)
    return context.bind(lambda found: _manager(connection, found, environ, concurrency))


def _context(connection: Connection, certificate: Object) -> Result[ssl.SSLContext | None, VisitError]:
    if not connection.secure:
        return Success(None)
    return tls.context(connection.cluster, {**connection.user, **certificate}).map(lambda context: context)


def _manager(
    connection: Connection, context: ssl.SSLContext | None, environ: Mapping[str, str], concurrency: int
) -> Made:
    """The pools behind one TLS context, through the proxy if there is one."""
    if connection.cluster.get("insecure-skip-tls-verify"):
        # It was asked for by name; kubectl does not warn of it either.
        warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
    name = connection.cluster.get("tls-server-name")
    options: dict[str, Any] = {
        "num_pools": 2,
        "maxsize": concurrency,
        "block": True,
        "ssl_context": context,
        **({"server_hostname": name} if name else {}),
    }
    proxy = proxy_for(connection.server, connection.cluster.get("proxy-url", ""), environ)
    return _proxied(proxy, context, options) if proxy else Success(urllib3.PoolManager(**options))


def _proxied(proxy: str, context: ssl.SSLContext | None, options: dict[str, Any]) -> Made:
    """The pools behind a proxy. Its name and password go to it alone, and into no message."""
    parts = urlsplit(proxy)
    if parts.scheme.startswith("socks5"):
        return _socks(proxy, options)
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    headers = urllib3.make_headers(proxy_basic_auth=login) if parts.username else None
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    try:
        return Success(
            urllib3.ProxyManager(bare, proxy_headers=headers, proxy_ssl_context=context, **options)
        )
    except urllib3.exceptions.HTTPError:
        return Failure(
            UsageError("the proxy must be a URL like http://proxy:3128: check proxy-url or HTTPS_PROXY")
        )


def _socks(proxy: str, options: dict[str, Any]) -> Made:
    if find_spec("socks") is None:
        return Failure(
            UsageError("the proxy is a socks5 one, which needs PySocks: pip install 'urllib3[socks]'")
        )
    from urllib3.contrib.socks import SOCKSProxyManager

    # Like Go, let the proxy look up names.
    return Success(
        SOCKSProxyManager("socks5h" + proxy.removeprefix("socks5h").removeprefix("socks5"), **options)
    )
