"""Connection pools of urllib3, one for a client certificate, behind a proxy or not. Sends nothing."""

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

from fkube.edge.tls import tls_context
from fkube.kubeconfig.address import proxy_for
from fkube.kubeconfig.connection import Connection
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object

AS_IT_COMES = dict.fromkeys(("retries", "redirect", "preload_content"), False)
"""Options of a request against what urllib3 would do by itself: try again, redirect, read ahead."""

Manager: TypeAlias = Result[urllib3.PoolManager, VisitError]

Options: TypeAlias = dict[str, Any]
"""What urllib3's managers take by name."""


@dataclass(frozen=True, slots=True, repr=False)
class Pools:
    """Up to `concurrency` connections to a server, kept from request to request. More requests wait."""

    connection: Connection
    environ: Mapping[str, str]
    concurrency: int
    _lock: Lock = field(default_factory=Lock)
    _last: list[tuple[Object, urllib3.PoolManager]] = field(default_factory=list)

    def __call__(self, certificate: Object) -> Manager:
        """The connections that show this certificate; those that showed another are closed."""
        with self._lock:
            if self._last and self._last[-1][0] == certificate:
                return Success(self._last[-1][1])
            self._close_last()
            manager = _secure_context(self.connection, certificate).bind(self._make_manager)
            self._last.extend(manager.map(lambda made: [(certificate, made)]).value_or([]))
            return manager

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            self._close_last()

    def _close_last(self) -> None:
        for _, manager in self._last:
            manager.clear()
        self._last.clear()

    def _make_manager(self, context: ssl.SSLContext | None) -> Manager:
        """The pools behind one TLS context, through the proxy if there is one."""
        connection = self.connection
        if connection.cluster.get("insecure-skip-tls-verify"):
            # It was asked for by name; kubectl does not warn of it either.
            warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
        name = connection.cluster.get("tls-server-name")
        options: Options = {
            "num_pools": 2,
            "maxsize": self.concurrency,
            "block": True,
            "ssl_context": context,
            **({"server_hostname": name} if name else {}),
        }
        proxy = proxy_for(connection.server, connection.cluster.get("proxy-url", ""), self.environ)
        if not proxy:
            return Success(urllib3.PoolManager(**options))
        make = _socks_manager if urlsplit(proxy).scheme.startswith("socks5") else _proxy_manager
        return make(proxy, options)


def _secure_context(connection: Connection, certificate: Object) -> Result[ssl.SSLContext | None, VisitError]:
    if not connection.secure:
        return Success(None)
    return tls_context(connection.cluster, {**connection.user, **certificate}).map(lambda context: context)


def _proxy_manager(proxy: str, options: Options) -> Manager:
    """The pools behind a proxy. Its name and password go to it alone, and into no message."""
    parts = urlsplit(proxy)
    login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
    headers = urllib3.make_headers(proxy_basic_auth=login) if parts.username else None
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    proxied = {"proxy_headers": headers, "proxy_ssl_context": options["ssl_context"], **options}
    try:
        return Success(urllib3.ProxyManager(bare, **proxied))
    except urllib3.exceptions.HTTPError:
        return Failure(
            UsageError("the proxy must be a URL like http://proxy:3128: check proxy-url or HTTPS_PROXY")
        )


def _socks_manager(proxy: str, options: Options) -> Manager:
    """The pools behind a SOCKS proxy, which looks up names, as in Go."""
    if find_spec("socks") is None:
        return Failure(
            UsageError("the proxy is a socks5 one, which needs PySocks: pip install 'urllib3[socks]'")
        )
    from urllib3.contrib.socks import SOCKSProxyManager

    address = proxy.removeprefix("socks5h").removeprefix("socks5")
    return Success(SOCKSProxyManager(f"socks5h{address}", **options))
