"""Kubeconfigs from files: those of a user, and what the kubelet puts into the files of a pod."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from typing import Any

from returns.result import Result, safe

from fkube.edge.localfiles import read_bytes
from fkube.kubeconfig.kubeconfig import Kubeconfig, LookedFor, decode_kubeconfig, merge_kubeconfigs
from fkube.resource.errors import Failures, SourceError, VisitError, failures
from fkube.resource.info import Origin
from fkube.resource.names import quote_text
from fkube.visitor.visits import visited_of

EMBEDDED = "or use --embedded for a cluster in memory"
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def load_kubeconfigs(kubeconfig: str | None, environ: Mapping[str, str]) -> Result[Kubeconfig, Failures[Any]]:
    """Read and merge the kubeconfigs: the one given, else those of KUBECONFIG, else ~/.kube/config.

    Errors: one that is given must exist, others may be missing; every one that can't be read is told.
    Follows `ClientConfigLoadingRules.Load` of client-go, but for its migration of ~/.kube/.kubeconfig.
    """
    files = look_for_kubeconfigs(kubeconfig, environ)
    read = visited_of(file.read for file in files if file.read is not None)
    return read.map(merge_kubeconfigs).alt(lambda failed: failures(*failed.errors))


def look_for_kubeconfigs(kubeconfig: str | None, environ: Mapping[str, str]) -> tuple[LookedFor, ...]:
    """Look for the kubeconfigs in their order, and read those that are there; the one given must be."""
    if kubeconfig:
        return (LookedFor(kubeconfig, _read_kubeconfig(kubeconfig)),)
    paths = filter(None, kubeconfig_paths(environ))
    return tuple(LookedFor(path, _read_kubeconfig(path) if os.path.exists(path) else None) for path in paths)


def kubeconfig_paths(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The paths that KUBECONFIG lists, each once; else ~/.kube/config."""
    home = os.path.join(environ.get("HOME") or environ.get("USERPROFILE", ""), ".kube", "config")
    return tuple(dict.fromkeys((environ.get("KUBECONFIG") or home).split(os.pathsep)))


def _read_kubeconfig(path: str) -> Result[Kubeconfig, VisitError]:
    """Read and decode one kubeconfig; each error says what to do, after the words of `LoadFromFile`."""

    def explain_unread(reason: str) -> VisitError:
        check = f"check --kubeconfig and KUBECONFIG, {EMBEDDED}"
        if reason == os.strerror(errno.ENOENT).lower():
            return SourceError(f"stat {path}: {reason}; {check}", Origin(path))
        act = "read" if os.path.isdir(path) else "open"
        return SourceError(f"{loading}: {act} {path}: {reason}; {check}", Origin(path))

    def explain(problem: str) -> VisitError:
        return SourceError(f"{loading}: {problem}; mend it, {EMBEDDED}", Origin(path))

    loading = f"error loading config file {quote_text(path)}"
    return (
        read_bytes(path)
        .alt(explain_unread)
        .bind(lambda data: safe(data.decode)("utf-8-sig").alt(lambda _: explain("yaml: no UTF-8 text")))
        .bind(lambda text: decode_kubeconfig(text, os.path.abspath(path)).alt(lambda e: explain(e.message)))
    )


def runs_in_pod(environ: Mapping[str, str], directory: str = SERVICE_ACCOUNT) -> bool:
    """Whether we run in a pod that has a service account (`inClusterClientConfig.Possible` of client-go).

    `directory`: where the service account is.
    >>> runs_in_pod({"KUBERNETES_SERVICE_HOST": "10.0.0.1"})
    False
    """
    server = environ.get("KUBERNETES_SERVICE_HOST") and environ.get("KUBERNETES_SERVICE_PORT")
    return bool(server) and os.path.isfile(os.path.join(directory, "token"))


def pod_kubeconfig(environ: Mapping[str, str], directory: str = SERVICE_ACCOUNT) -> Kubeconfig:
    """The pod's own cluster, service account and namespace as a kubeconfig.

    Follows `InClusterConfig` of client-go.

    >>> pod_kubeconfig({"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}).clusters
    {'pod': {'server': 'https://[fd00::1]:443'}}
    """
    host, port = environ["KUBERNETES_SERVICE_HOST"], environ["KUBERNETES_SERVICE_PORT"]
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    ca = os.path.join(directory, "ca.crt")
    trusted = {"certificate-authority": ca} if os.path.isfile(ca) else {}
    context = {"cluster": "pod", "user": "pod", "namespace": pod_namespace(environ, directory)}
    user = {"tokenFile": os.path.join(directory, "token")}
    return Kubeconfig({"pod": {"server": server, **trusted}}, {"pod": user}, {"pod": context}, "pod")


def pod_namespace(environ: Mapping[str, str], directory: str = SERVICE_ACCOUNT) -> str:
    """The namespace of the pod, or empty (`inClusterClientConfig.Namespace` of client-go).

    >>> pod_namespace({"POD_NAMESPACE": "shop"})
    'shop'
    """
    if environ.get("POD_NAMESPACE"):
        return environ["POD_NAMESPACE"]
    data = read_bytes(os.path.join(directory, "namespace")).value_or(b"")
    return safe(data.decode)("utf-8").value_or("").strip()
