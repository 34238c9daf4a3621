"""The kubeconfig of a pod: what the kubelet puts into its files and its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping

from fkube.kubeconfig.kubeconfig import Kubeconfig

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def possible(environ: Mapping[str, str], directory: str = SERVICE_ACCOUNT) -> bool:
    """Whether we run in a pod that has a service account (`inClusterClientConfig.Possible` of client-go).

    >>> possible({"KUBERNETES_SERVICE_HOST": "10.0.0.1"})
    False
    """
    known = environ.get("KUBERNETES_SERVICE_HOST") and environ.get("KUBERNETES_SERVICE_PORT")
    return bool(known) and os.path.isfile(os.path.join(directory, "token"))


def kubeconfig(environ: Mapping[str, str], directory: str = SERVICE_ACCOUNT) -> Kubeconfig:
    """The pod's own cluster, service account and namespace as a kubeconfig.

    Follows `InClusterConfig` of client-go.

    >>> kubeconfig({"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}).clusters
    {'pod': {'server': 'https://[fd00::1]:443'}}
    """
    host, port = environ["KUBERNETES_SERVICE_HOST"], environ["KUBERNETES_SERVICE_PORT"]
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    ca = os.path.join(directory, "ca.crt")
    trusted = {"certificate-authority": ca} if os.path.isfile(ca) else {}
    context = {"cluster": "pod", "user": "pod", "namespace": namespace(environ, directory)}
    user = {"tokenFile": os.path.join(directory, "token")}
    return Kubeconfig({"pod": {"server": server, **trusted}}, {"pod": user}, {"pod": context}, "pod")


def namespace(environ: Mapping[str, str], directory: str = SERVICE_ACCOUNT) -> str:
    """The namespace of the pod, or empty (`inClusterClientConfig.Namespace` of client-go).

    >>> namespace({"POD_NAMESPACE": "shop"})
    'shop'
    """
    if environ.get("POD_NAMESPACE"):
        return environ["POD_NAMESPACE"]
    try:
        with open(os.path.join(directory, "namespace"), encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""
