"""Settings of clusters and users that do not go together, in client-go's words. Shows no credential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toolz import concat

from fkube.kubeconfig.address import is_host, proxy_problem, server_url
from fkube.resource.info import Object
from fkube.resource.names import quote_text

EXEC_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")

_PLUGINS = {"gcp": "gke-gcloud-auth-plugin", "azure": "kubelogin", "oidc": "kubectl oidc-login"}


def cluster_conflicts(cluster: Object, name: str) -> Iterator[str]:
    """Find settings of a cluster that do not go together (`validateClusterInfo` of client-go).

    >>> print(*cluster_conflicts({"server": "https://a", "proxy-url": "ftp://p"}, "c"))
    invalid 'proxy-url' for cluster "c": unsupported scheme "ftp", must be http, https, or socks5
    """
    if name and not cluster.get("server"):
        yield f'no server found for cluster "{name}"'
    if problem := proxy_problem(cluster.get("proxy-url") or "http://none"):
        yield f"invalid 'proxy-url' for cluster \"{name}\": {problem}"
    if cluster.get("server") and server_url(cluster["server"]) is None:
        yield f"host must be a URL or a host:port pair, without a user in it{_shown_host(cluster['server'])}"
    if not is_host(cluster.get("tls-server-name") or "none"):
        yield f'the tls-server-name of cluster "{name}" must be the name of a host'
    if _given_forms(cluster, "certificate-authority") == 2:
        yield _say_both("certificate-authority-data", "certificate-authority", name)
    if cluster.get("insecure-skip-tls-verify") and _given_forms(cluster, "certificate-authority"):
        yield "specifying a root certificates file with the insecure flag is not allowed"


def text_conflicts(entry: Object, name: str) -> Iterator[str]:
    """Find texts of an entry that no file, header or program can be given; they are not shown.

    Such are those with a NUL byte, and those that a command line or a file had in another code than UTF-8.

    >>> print(*text_conflicts({"token": "a\\udcff", "as": "b"}, "me"))
    "token" of me has a NUL byte or is no UTF-8 text: mend the flag, or the kubeconfig
    """
    for key, value in entry.items():
        if key not in _TOLD_LATER and not all(map(is_plain_text, _texts(value))):
            whose = f" of {name}" if name else ""
            yield f'"{key}"{whose} has a NUL byte or is no UTF-8 text: mend the flag, or the kubeconfig'


_TOLD_LATER = ("exec", "extensions")
"""What is only given to a plugin, which says itself if it can't be run with that."""


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value, those of keys too."""
    match value:
        case str():
            yield value
        case Mapping():
            yield from concat(map(_texts, concat(value.items())))
        case Sequence() if not isinstance(value, bytes):
            yield from concat(map(_texts, value))


def is_plain_text(text: str) -> bool:
    """Whether a text has no NUL byte, and no half of a character, which UTF-8 has no form for.

    >>> is_plain_text("é"), is_plain_text("\\ud800")
    (True, False)
    """
    return "\0" not in text and len(text.encode("utf-8", "ignore").decode()) == len(text)


def _say_both(data: str, file: str, name: str) -> str:
    """The problem that an entry has something both as data and as a file."""
    return f"{data} and {file} are both specified for {name}. {data} will override; keep one of them"


def _shown_host(server: str) -> str:
    """The server of a message, unless it may have a password in it."""
    return "" if "@" in server else f": {quote_text(server)}"


def user_conflicts(user: Object, name: str) -> Iterator[str]:
    """Find settings of a user that do not go together (`validateAuthInfo` of client-go).

    >>> list(user_conflicts({"token": "t", "username": "u"}, "me"))
    ['more than one authentication method found for me; found [token basicAuth], only one is allowed']
    """
    certificate, key = _given_forms(user, "client-certificate"), _given_forms(user, "client-key")
    if certificate == 2:
        yield _say_both("client-cert-data", "client-cert", name)
    if certificate and key == 2:
        yield _say_both("client-key-data", "client-key", name)
    if certificate and not key:
        method = "to use the clientCert authentication method"
        yield f"client-key-data or client-key must be specified for {name} {method}."
    if (user.get("token") or user.get("tokenFile")) and (user.get("username") or user.get("password")):
        found = "[token basicAuth]"
        yield f"more than one authentication method found for {name}; found {found}, only one is allowed"
    if any(user.get(key) for key in ("as-uid", "as-groups", "as-user-extra")) and not user.get("as"):
        yield f"requesting uid, groups or user-extra for {name} without impersonating a user"
    yield from _plugin_conflicts(user, name)


def _given_forms(entry: Object, key: str) -> int:
    """Count in how many forms an entry has a thing: as a file, as data, or as both."""
    return sum(1 for form in (key, f"{key}-data") if entry.get(form))


def _plugin_conflicts(user: Object, name: str) -> Iterator[str]:
    """Find an auth provider, which is supported no more, and what is wrong with an exec plugin."""
    if user.get("auth-provider"):
        yield _advise_plugin(str(user["auth-provider"].get("name", "")), name)
    if "exec" in user:
        yield from exec_conflicts(user["exec"], name)


def _advise_plugin(provider: str, name: str) -> str:
    """Say what to use instead of an auth provider that Kubernetes has given up."""
    plugin = _PLUGINS.get(provider, "an exec plugin of your provider")
    problem = f'the auth-provider "{provider}" of {name} is no longer supported'
    return f"{problem}: use {plugin} under `exec:` instead"


def exec_conflicts(plugin: Object, name: str) -> Iterator[str]:
    """Find what is missing or wrong in the settings of an exec plugin (`validateAuthInfo` of client-go).

    >>> list(exec_conflicts({"command": "c", "apiVersion": "client.authentication.k8s.io/v1"}, "me"))
    ['interactiveMode must be specified for me to use exec authentication plugin']
    """
    version, mode = plugin.get("apiVersion"), interactive_mode(plugin)
    for key in ("command", "apiVersion"):
        if not plugin.get(key):
            yield f"{key} must be specified for {name} to use exec authentication plugin"
    if version and version not in EXEC_VERSIONS:
        yield f'exec plugin: invalid apiVersion "{version}": use {" or ".join(EXEC_VERSIONS)}'
    variables = [(variable.get("name"), variable.get("value", "")) for variable in plugin.get("env", ())]
    if not all(isinstance(text, str) for text in concat(variables)):
        yield f"env variable name must be specified for {name} to use exec authentication plugin"
    if not mode:
        yield f"interactiveMode must be specified for {name} to use exec authentication plugin"
    if mode not in ("", "Never", "IfAvailable", "Always"):
        yield f'invalid interactiveMode for {name}: "{mode}"'


def interactive_mode(plugin: Object) -> str:
    """The interactiveMode of an exec plugin; versions before v1 may leave it out."""
    old = plugin.get("apiVersion", "").endswith(("/v1beta1", "/v1alpha1"))
    return str(plugin.get("interactiveMode") or ("IfAvailable" if old else ""))
