"""Where requests go: the URL of a server, and the proxy on the way to it. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from returns.result import Success, safe


def server_url(server: str) -> str | None:
    """The server as a URL without a slash at its end; None if it is neither a URL nor host:port.

    Without a scheme it is http, as in kubectl. A user in the URL is refused: it would show in messages.
    Follows `DefaultServerURL` of client-go.

    >>> server_url("https://a:6443/k8s/?x"), server_url("localhost:8080"), server_url("ftp://a")
    ('https://a:6443/k8s', 'http://localhost:8080', None)
    """
    whole = server if "://" in server else f"http://{server}"
    try:
        parts = urlsplit(whole)
        known = parts.scheme in ("http", "https") and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if not known or "@" in parts.netloc or (whole != server and path) or not _is_visible(whole):
        return None
    return f"{parts.scheme}://{parts.netloc}{path}"


def proxy_problem(proxy: str) -> str:
    """Say what is wrong with the URL of a proxy, of which only the scheme is shown; nothing if all is right.

    Follows `parseProxyURL` of client-go.

    >>> proxy_problem("socks5://me:secret@h:1080"), proxy_problem("ftp://h")
    ('', 'unsupported scheme "ftp", must be http, https, or socks5')
    >>> print(proxy_problem("secret:3128"))
    it must begin with http://, https://, or socks5://
    """
    scheme, separator, _ = proxy.partition("://")
    if not separator or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*", scheme):
        return "it must begin with http://, https://, or socks5://"
    if scheme.lower() not in ("http", "https", "socks5"):
        return f'unsupported scheme "{scheme.lower()}", must be http, https, or socks5'
    hosts = safe((ValueError,))(lambda: (parts := urlsplit(proxy)).port != 0 and parts.hostname)()
    good = is_host(hosts.value_or("") or "") and _is_visible(proxy)
    return "" if good else "it must be a URL like http://proxy:3128"


def host_of(url: str) -> str:
    """The host and port in a URL, without the user and password that may stand before them.

    >>> host_of("https://me:secret@a.example:6443/b")
    'a.example:6443'
    """
    return urlsplit(url).netloc.rpartition("@")[2]


def is_host(name: str) -> bool:
    """Whether a name or an address of a host can be looked up: none of its labels is empty or too long.

    >>> is_host("a.example"), is_host("a..example"), is_host("fd00::1")
    (True, False, True)
    """
    return bool(name) and isinstance(safe((UnicodeError,))(name.encode)("idna"), Success)


def _is_visible(url: str) -> bool:
    """Whether a URL has no white space, control character or backslash, which its readers differ in."""
    return url.isprintable() and not re.search(r"[\s\\]", url)


def proxy_for(server: str, proxy_url: str, environ: Mapping[str, str]) -> str:
    """The URL of the proxy to the server: the cluster's own, else the environment's, else none.

    Follows `ProxyFunc` of golang.org/x/net/http/httpproxy: loopback addresses need no proxy, upper case comes
    first; NO_PROXY lists hosts (with their subdomains), addresses, either with a port or not, CIDRs and `*`.

    >>> proxy_for("https://a.example:6443", "", {"HTTPS_PROXY": "proxy:3128", "NO_PROXY": "b.example"})
    'http://proxy:3128'
    """
    if proxy_url:
        return proxy_url
    parts = urlsplit(server)
    found = _variable(environ, f"{parts.scheme}_proxy")
    if not found or _needs_no_proxy(parts, _variable(environ, "no_proxy")):
        return ""
    return found if "://" in found else f"http://{found}"


def _variable(environ: Mapping[str, str], name: str) -> str:
    """A variable of the environment by its name in upper case, else in lower case; empty if not set."""
    return environ.get(name.upper()) or environ.get(name) or ""


def _needs_no_proxy(server: SplitResult, no_proxy: str) -> bool:
    """Whether the server is on this machine, or a rule of `no_proxy` names it."""
    host = (server.hostname or "").lower()
    port = str(server.port or {"http": 80, "https": 443}[server.scheme])
    address = _parse_address(host)
    if host == "localhost" or (address and address.is_loopback):
        return True
    rules = [rule.strip().lower() for rule in no_proxy.split(",") if rule.strip()]
    return any(rule == "*" or _rule_matches(rule, host, port, address) for rule in rules)


def _rule_matches(rule: str, host: str, port: str, address: Address | None) -> bool:
    """Whether a rule of NO_PROXY means this host; `address` is the host's, if it is an address."""
    if address and "/" in rule:
        network = safe((ValueError,))(ipaddress.ip_network)(rule, strict=False)
        return network.map(lambda found: address in found).value_or(False)
    name, _, rule_port = rule.rpartition(":") if re.search(r"(^[^:]*|\]):\d+$", rule) else (rule, "", port)
    if rule_port != port:
        return False
    if address:
        return _parse_address(name.strip("[]")) == address
    domain = "." + name.removeprefix("*").removeprefix(".")
    return host.endswith(domain) or (name[:1] not in (".", "*") and host == name)


Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _parse_address(host: str) -> Address | None:
    """The IP address that a host is written as; None if it is a name."""
    return safe((ValueError,))(ipaddress.ip_address)(host).value_or(None)
