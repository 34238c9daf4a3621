"""A real kube-apiserver with its etcd on free loopback ports, gone when its `with` block or process ends."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
import urllib3
import yaml

from tests.conformance.assets import Assets

# A shell between us and the server waits at a pipe of ours, which closes when we end, however we end: kill -9
# included. Its session is its own, so that Ctrl-C is ours to handle. Without etcd a server ends slowly: -9.
GUARD = '"$@" & child=$!; trap "" TERM; read -r _; kill -9 $child; wait $child'
FLAGS = {
    "bind-address": "127.0.0.1",
    "service-account-issuer": "https://conformance.invalid",
    "authorization-mode": "RBAC",
    "service-cluster-ip-range": "10.0.0.0/16",
    "disable-admission-plugins": "ServiceAccount",
    "max-requests-inflight": "0",
    "max-mutating-requests-inflight": "0",
    "enable-priority-and-fairness": "false",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running API server: where it is, and a kubeconfig for it with every right."""

    url: str
    folder: Path
    token: str = field(repr=False)
    pool: urllib3.PoolManager = field(repr=False)

    @property
    def kubeconfig(self) -> Path:
        """The file that clients are given."""
        return self.folder / "kubeconfig"

    def send(self, method: str, path: str, body: object = None, **headers: str) -> urllib3.BaseHTTPResponse:
        """One request as it is, the body as JSON unless it is bytes."""
        given = {"Authorization": f"Bearer {self.token}", "Accept": "application/json", **headers}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        return self.pool.request(method, self.url + path, body=data, headers=given, retries=False)

    def get(self, path: str) -> Any:
        """The JSON at a path; a server that asks to be asked later is asked later."""
        later = urllib3.Retry(10, status_forcelist=[429], backoff_factor=0.1)
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        return self.pool.request("GET", self.url + path, headers=headers, retries=later).json()


@contextmanager
def running(assets: Assets) -> Iterator[Server]:
    """Start etcd and kube-apiserver, wait for `/readyz`, and stop both whatever happens."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="fkube-conformance-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        client, peer, port = _free_ports(3)
        stack.enter_context(guarded(_etcd(assets, folder, client, peer), folder / "etcd.log"))
        pool = urllib3.PoolManager(ca_certs=str(folder / "ca.pem"), maxsize=16, timeout=60)
        server = Server(f"https://127.0.0.1:{port}", folder, secrets.token_hex(16), pool)
        _credentials(server)
        stack.enter_context(guarded(_apiserver(assets, server, client, port), folder / "kube-apiserver.log"))
        await_ready(server)
        yield server


@contextmanager
def controllers(assets: Assets, server: Server) -> Iterator[None]:
    """Run kube-controller-manager beside a server: namespaces end, garbage is collected, pods are made."""
    command = [assets["kube-controller-manager"], f"--kubeconfig={server.kubeconfig}", "--leader-elect=false"]
    flags = [
        "--bind-address=127.0.0.1",
        f"--secure-port={_free_ports(1)[0]}",
        "--controllers=*,-node-ipam-controller",
    ]
    with guarded([*command, *flags], server.folder / "kube-controller-manager.log"):
        yield


@contextmanager
def guarded(command: list[str], log: Path) -> Iterator[None]:
    """Run a process for the time of a `with` block, and never longer than this process."""
    with log.open("wb") as out:
        shell = ["sh", "-c", GUARD, "sh", *command]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            shell, stdin=pipe, stdout=out, stderr=out, start_new_session=True, cwd=log.parent
        )
    try:
        yield
    finally:
        process.communicate()


def await_ready(server: Server, seconds: float = 120) -> None:
    """Wait for `/readyz`; what the server logged last says why it never came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if server.send("GET", "/readyz").status == 200:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.2)
    log = (server.folder / "kube-apiserver.log").read_text(errors="replace")
    raise TimeoutError(f"kube-apiserver was not ready after {seconds} seconds:\n{log[-3000:]}")


def _etcd(assets: Assets, folder: Path, client: int, peer: int) -> list[str]:
    here, there = (f"http://127.0.0.1:{port}" for port in (client, peer))
    flags = {
        "data-dir": str(folder / "etcd"),
        "listen-client-urls": here,
        "advertise-client-urls": here,
        "listen-peer-urls": there,
        "initial-advertise-peer-urls": there,
        "initial-cluster": f"default={there}",
    }
    return [assets["etcd"], "--unsafe-no-fsync", *_written(flags)]


def _apiserver(assets: Assets, server: Server, etcd: int, port: int) -> list[str]:
    key = str(server.folder / "sa.key")
    flags = FLAGS | {
        "etcd-servers": f"http://127.0.0.1:{etcd}",
        "secure-port": str(port),
        "tls-cert-file": str(server.folder / "tls.pem"),
        "tls-private-key-file": str(server.folder / "tls.pem"),
        "service-account-key-file": key,
        "service-account-signing-key-file": key,
        "token-auth-file": str(server.folder / "tokens.csv"),
    }
    return [assets["kube-apiserver"], *_written(flags)]


def _credentials(server: Server) -> None:
    """The files that the server and its clients read."""
    authority = trustme.CA(key_type=trustme.KeyType.RSA)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(server.folder / "tls.pem")
    authority.private_key_pem.write_to_path(server.folder / "sa.key")
    authority.cert_pem.write_to_path(server.folder / "ca.pem")
    (server.folder / "tokens.csv").write_text(f'{server.token},admin,admin,"system:masters"\n')
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server.url, "certificate-authority": "ca.pem"}}],
        "users": [{"name": "u", "user": {"token": server.token}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "c",
    }
    # As `kubectl config` writes it.
    server.kubeconfig.write_text(yaml.safe_dump(config))


def _written(flags: dict[str, str]) -> list[str]:
    return [f"--{name}={value}" for name, value in flags.items()]


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on; all held until the last is found, so that they differ."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
