"""What kubeconfigs, the context and the credentials say before any server is asked: findings. Pure.

No finding shows a credential: of a user only the kind of credentials is named, and until when they last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from returns.result import Failure, Success

from fkube.kubeconfig.address import host_of, proxy_for, proxy_problem
from fkube.kubeconfig.certificates import certificate_span, token_end
from fkube.kubeconfig.connection import Connection
from fkube.kubeconfig.kubeconfig import Kubeconfig, LookedFor
from fkube.report.diagnosis import Finding, ok, problem, warning
from fkube.resource.dataclasses import dataclass

SOON = timedelta(days=7)
"""How long before their end credentials are worth a warning."""


def explain_files(files: Sequence[LookedFor], chosen_by: str) -> Iterator[Finding]:
    """Say of each kubeconfig, in order, whether it is there and can be read.

    `chosen_by`: what named these files, as `KUBECONFIG`; where nobody did, none has to be there.

    >>> [one.message for one in explain_files([LookedFor("/a", Success(Kubeconfig()))], "KUBECONFIG")]
    ['/a, by KUBECONFIG; it has no context']
    """
    several = len(files) > 1
    for number, file in enumerate(files, start=1):
        where = f"{file.path}, by {chosen_by}{f', {number} of {len(files)}' if several else ''}"
        match file.read:
            case None:
                yield (warning if chosen_by == "KUBECONFIG" else ok)("kubeconfig", f"{where}; no such file")
            case Failure(error):
                yield problem("kubeconfig", error.message)
            case Success(config):
                yield ok("kubeconfig", f"{where}; {_describe_contexts(config)}")


def _describe_contexts(config: Kubeconfig) -> str:
    """The contexts that a kubeconfig has, the current one marked."""
    if not config.contexts:
        return "it has no context"
    names = (f"{name} (current)" if name == config.current_context else name for name in config.contexts)
    return f"contexts: {', '.join(names)}"


def explain_connection(found: Connection, config: Kubeconfig, context: str) -> Iterator[Finding]:
    """Say which context, cluster and user were chosen, and what is risky about them.

    `context`: the one that a flag names; else it is the current one.
    """
    name = context or config.current_context
    chosen = name if name in config.contexts else "none"
    names = {"cluster": found.cluster_name, "user": found.user_name, "namespace": found.namespace}
    parts = (f"{what} {value}" for what, value in names.items() if value)
    yield ok("context", f"{chosen}, with {', '.join(parts)}")
    yield ok("cluster", _shorten_server(found.server))
    if found.cluster.get("insecure-skip-tls-verify"):
        told = "the server's certificate is not checked: whoever is on the way can read and change all"
        yield warning("tls", told, "set certificate-authority in place of insecure-skip-tls-verify")


def _shorten_server(server: str) -> str:
    """The URL of a server, without its path, in which some gateways expect a password.

    >>> _shorten_server("https://a.example:6443/k8s/clusters/c-1"), _shorten_server("https://a.example:6443")
    ('https://a.example:6443/…', 'https://a.example:6443')
    """
    scheme, _, rest = server.partition("://")
    return f"{scheme}://{host_of(server)}{'/…' if '/' in rest else ''}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The kind of credentials that a user has, in words, and between which times they are valid."""

    kind: str
    begin: datetime | None = None
    end: datetime | None = None


def read_credentials(found: Connection, certificate: bytes) -> Credentials:
    """Read of which kind the credentials of a connection are; `certificate` is the client certificate.

    The first that there is counts, in the order of `credential_source`.

    >>> read_credentials(Connection("https://a", user={"tokenFile": "/t"}), b"").kind
    'a token from the file /t'
    """
    user = found.user
    if user.get("tokenFile"):
        return Credentials(f"a token from the file {user['tokenFile']}")
    if user.get("token"):
        return Credentials("a token", end=token_end(user["token"]))
    if user.get("username") or user.get("password"):
        return Credentials("a user name and a password, which Kubernetes takes no more")
    if user.get("client-certificate") or user.get("client-certificate-data"):
        begin, end = certificate_span(certificate) or (None, None)
        return Credentials("a client certificate", begin, end)
    if user.get("exec"):
        return Credentials(f"the exec plugin {user['exec'].get('command', '')}")
    return Credentials("none")


def explain_credentials(found: Connection, credentials: Credentials, now: datetime) -> Finding:
    """Say of which kind the credentials are, and whether they are still valid."""
    acting = f"; acts as {found.user['as']}" if found.user.get("as") else ""
    kind = f"{credentials.kind}{acting}"
    if credentials.kind != "none" and not found.secure:
        told = f"{kind}; not shown to the server, which is reached without TLS"
        return warning("user", told, "write https:// for its server in the kubeconfig")
    if credentials.begin and now < credentials.begin:
        return problem("user", f"{kind}, valid only from {credentials.begin:%Y-%m-%d %H:%M} UTC on", _CLOCK)
    if credentials.end is None:
        return ok("user", kind)
    until = f"{credentials.end:%Y-%m-%d %H:%M} UTC"
    if credentials.end <= now:
        return problem("user", f"{kind}, which expired on {until}", _RENEW)
    if credentials.end - now < SOON:
        return warning("user", f"{kind}, which expires soon, on {until}", _RENEW)
    return ok("user", f"{kind}, valid until {until}")


def explain_proxies(found: Connection | None, environ: Mapping[str, str], socks: bool) -> Iterator[Finding]:
    """Say by which proxy requests go, if by any, and what is wrong with it; nothing of it is shown.

    `socks`: whether the extra of that name is there.
    """
    if found is None:
        return
    own = found.cluster.get("proxy-url", "")
    proxy = proxy_for(found.server, own, environ)
    source = "the cluster's proxy-url" if own else f"{found.server.partition(':')[0].upper()}_PROXY"
    wrong = proxy_problem(proxy.replace("socks5h:", "socks5:", 1)) if proxy else ""
    if wrong:
        yield problem("proxy", f"by {source}: {wrong}", f"correct {source}")
    elif proxy.startswith("socks5") and not socks:
        yield problem(
            "proxy", f"by {source}: a socks5 one, which needs PySocks", "pip install 'fkube[socks]'"
        )
    elif proxy:
        yield ok("proxy", f"there is one, by {source}")
    elif given := [name for name in _PROXIES if environ.get(name) or environ.get(name.lower())]:
        yield ok("proxy", f"none for this server, though {given[0]} is set in the environment")


_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY")
_RENEW = "get new ones where these came from, and put them into the kubeconfig"
_CLOCK = "look at this machine's clock"
