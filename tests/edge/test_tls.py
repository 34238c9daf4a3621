"""Who the server is, who we are to it, and what stands between: certificates, proxies, on loopback."""

from __future__ import annotations

import base64
import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import trustme

from fkube.edge.pools import tls_context
from fkube.resource.errors import TransportError
from tests.edge import stub
from tests.edge.stub import POST, Serving, Stub, World, answer, bad, good

serving, world = pytest.fixture(stub.serving), pytest.fixture(stub.world)

CA = trustme.CA()
OTHER = trustme.CA()
SERVER = CA.issue_cert("127.0.0.1", "localhost", "api.example")
CLIENT = CA.issue_cert("me@example.org")


def server_side(cert: trustme.LeafCert = SERVER, clients: trustme.CA | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    if clients:
        context.verify_mode = ssl.CERT_REQUIRED
        clients.configure_trust(context)
    return context


def data(pem: trustme.Blob) -> str:
    return base64.b64encode(pem.bytes()).decode()


TRUSTED = {"certificate-authority-data": data(CA.cert_pem)}
TRUSTED_BYTES = {"certificate-authority-data": CA.cert_pem.bytes()}
PAIR = {
    "client-certificate-data": data(CLIENT.cert_chain_pems[0]),
    "client-key-data": data(CLIENT.private_key_pem),
}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A directory for temporary files of the test's own, which must be empty at its end."""
    directory = tmp_path / "temporary"
    directory.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    yield directory
    assert list(directory.iterdir()) == []


def test_a_server_of_the_clusters_ca_is_trusted(serving: Serving, world: World, tmp_path: Path) -> None:
    stub = serving(answer(), context=server_side())
    server = f"https://127.0.0.1:{stub.port}"
    client = world.connected(server, TRUSTED)
    assert [good(client).status, good(client, POST).status] == [200, 200]
    assert stub.connections == 1
    (tmp_path / "ca.crt").write_bytes(b"# \xe9\n" + CA.cert_pem.bytes())
    assert good(world.connected(server, {"certificate-authority": "ca.crt"})).status == 200
    assert good(world.connected(server, {"insecure-skip-tls-verify": True})).status == 200
    assert good(world.connected(server, flags={"insecure_skip_tls_verify": True})).status == 200


def test_an_intermediate_ca_is_root_enough(serving: Serving, world: World) -> None:
    child = CA.create_child_ca()
    stub = serving(answer(), context=server_side(child.issue_cert("127.0.0.1")))
    trusted = {"certificate-authority-data": data(child.cert_pem)}
    assert good(world.connected(f"https://127.0.0.1:{stub.port}", trusted)).status == 200


UNTRUSTED = [
    (
        server_side(),
        {"certificate-authority-data": data(OTHER.cert_pem)},
        "signed by unknown authority; set certif",
    ),
    (server_side(), {}, "signed by unknown authority"),
    (server_side(CA.issue_cert("api.example")), TRUSTED, "is not valid for 127.0.0.1:"),
    (
        server_side(),
        {**TRUSTED, "tls-server-name": "b.example"},
        "set tls-server-name to a name that it is valid for",
    ),
    (
        server_side(CA.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC))),
        TRUSTED,
        "certificate has expired or is not yet valid",
    ),
    (None, TRUSTED, "http: server gave HTTP response to HTTPS client"),
]


@pytest.mark.parametrize(("context", "cluster", "words"), UNTRUSTED)
def test_any_other_server_is_not_trusted(
    context: ssl.SSLContext | None, cluster: dict[str, Any], words: str, serving: Serving, world: World
) -> None:
    stub = serving(answer(status=400), context=context)
    error = bad(world.connected(f"https://127.0.0.1:{stub.port}", cluster, {"token": "secret"}))
    assert isinstance(error, TransportError)
    assert words in error.message
    assert error.message.startswith("Unable to connect to the server: ")
    assert (error.sent, world.slept) == (False, [])
    assert "secret" not in repr(stub.seen)


def test_the_tls_server_name_is_asked_for(serving: Serving, world: World) -> None:
    asked: list[str | None] = []
    context = server_side(CA.issue_cert("api.example"))
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    stub = serving(answer(), context=context)
    server = f"https://127.0.0.1:{stub.port}"
    assert good(world.connected(server, {**TRUSTED, "tls-server-name": "api.example"})).status == 200
    assert good(world.connected(server, TRUSTED, flags={"tls_server_name": "api.example"})).status == 200
    assert asked == ["api.example"] * 2


def test_a_client_certificate_is_shown(serving: Serving, world: World, tmp_path: Path) -> None:
    stub = serving(answer(), context=server_side(clients=CA))
    server = f"https://127.0.0.1:{stub.port}"
    assert good(world.connected(server, TRUSTED, PAIR)).status == 200
    (tmp_path / "me.crt").write_bytes(CLIENT.cert_chain_pems[0].bytes())
    (tmp_path / "me.key").write_bytes(CLIENT.private_key_pem.bytes())
    files = {"client-certificate": "me.crt", "client-key": "me.key"}
    assert good(world.connected(server, TRUSTED, files)).status == 200
    mixed = {"client-certificate": "me.crt", "client-key-data": PAIR["client-key-data"]}
    assert good(world.connected(server, TRUSTED, mixed)).status == 200
    flags = {
        name: str(tmp_path / file)
        for name, file in (("client_certificate", "me.crt"), ("client_key", "me.key"))
    }
    assert good(world.connected(server, TRUSTED, PAIR, flags=flags)).status == 200
    assert isinstance(bad(world.connected(server, TRUSTED), POST), TransportError)


def test_an_alert_in_the_handshake_comes_before_anything_is_sent(serving: Serving, world: World) -> None:
    context = server_side(clients=CA)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    stub = serving(answer(), context=context)
    error = bad(world.connected(f"https://127.0.0.1:{stub.port}", TRUSTED), POST)
    assert isinstance(error, TransportError)
    assert "tls: sslv3 alert handshake failure" in error.message
    assert not error.sent


def test_a_key_that_does_not_fit_leaves_no_file(world: World, temporary: Path) -> None:
    wrong = {**PAIR, "client-key-data": data(OTHER.issue_cert("x.example").private_key_pem)}
    for user in (wrong, {**PAIR, "client-key-data": base64.b64encode(ENCRYPTED).decode()}):
        (problem,) = world.refused("https://127.0.0.1:1", TRUSTED, user)
        assert problem.startswith(
            "tls: failed to use the key pair: client-certificate and client-key are no pair"
        )
        assert list(temporary.iterdir()) == []


ENCRYPTED = b"""-----BEGIN ENCRYPTED PRIVATE KEY-----
-----END ENCRYPTED PRIVATE KEY-----
"""


@pytest.mark.parametrize("end", ["close", "reset"])
def test_a_tls_connection_that_is_lost_may_have_done_it(end: str, serving: Serving, world: World) -> None:
    stub = serving(end, context=server_side())
    error = bad(world.connected(f"https://127.0.0.1:{stub.port}", TRUSTED), POST)
    assert isinstance(error, TransportError)
    assert "was lost during POST" in error.message
    assert error.sent


@pytest.mark.parametrize(
    ("cluster", "user"),
    [
        ({"certificate-authority": "/no/ca"}, {}),
        (TRUSTED_BYTES, {"client-certificate": "/no/ca", "client-key": "/k"}),
    ],
)
def test_a_file_that_vanished_is_told(cluster: dict[str, Any], user: dict[str, Any]) -> None:
    assert "no such file or directory" in tls_context(cluster, user).failure().message


@dataclass
class Proxy:
    """A proxy that connects anything to one port of loopback, and notes what it was asked."""

    target: int
    refusal: bytes = b""
    asked: list[str] = field(default_factory=list)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def run(self, wrap: Callable[[socket.socket], socket.socket]) -> None:
        with contextlib.suppress(OSError):  # The listener was closed.
            while True:
                arguments = (self.listener.accept()[0], wrap)
                threading.Thread(target=self.serve, args=arguments, daemon=True).start()

    def serve(self, plain: socket.socket, wrap: Callable[[socket.socket], socket.socket]) -> None:
        with wrap(plain) as near, socket.create_connection(("127.0.0.1", self.target)) as far:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += near.recv(1)
            self.asked.append(head.decode())
            if head.startswith(b"CONNECT"):
                near.sendall(self.refusal or b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                far.sendall(head)
            if not self.refusal:
                back = threading.Thread(target=pump, args=(far, near), daemon=True)
                back.start()
                pump(near, far)
                back.join()


def pump(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := one.recv(1 << 16):
            other.sendall(chunk)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)


Proxying = Callable[..., Proxy]


@pytest.fixture
def proxying() -> Iterator[Proxying]:
    proxies: list[Proxy] = []

    def start(stub: Stub, refusal: bytes = b"", context: ssl.SSLContext | None = None) -> Proxy:
        proxies.append(proxy := Proxy(stub.port, refusal))
        wrap = (
            (lambda plain: context.wrap_socket(plain, server_side=True)) if context else lambda plain: plain
        )
        threading.Thread(target=proxy.run, args=(wrap,), daemon=True).start()
        return proxy

    yield start
    for proxy in proxies:
        proxy.listener.shutdown(socket.SHUT_RDWR)
        proxy.listener.close()


def test_a_proxy_is_a_tunnel_to_a_secure_server(serving: Serving, proxying: Proxying, world: World) -> None:
    stub = serving(answer(), context=server_side())
    proxy = proxying(stub)
    own = {**TRUSTED, "proxy-url": f"http://me:p%40ss@127.0.0.1:{proxy.port}"}
    client = world.connected("https://api.example:6443", own, {"token": "t"})
    assert good(client).status == 200
    assert stub.seen[0].all("authorization") == ["Bearer t"]
    assert proxy.asked[0].startswith("CONNECT api.example:6443 HTTP/1.")
    assert (
        f"proxy-authorization: basic {base64.b64encode(b'me:p@ss').decode()}".lower()
        in proxy.asked[0].lower()
    )
    assert "Bearer" not in proxy.asked[0]
    assert "p%40ss" not in repr(client)


def test_the_proxy_of_the_environment_is_used(serving: Serving, proxying: Proxying, world: World) -> None:
    stub = serving(answer(), context=server_side())
    proxy = proxying(stub)
    environ = {"HTTPS_PROXY": f"127.0.0.1:{proxy.port}"}
    assert good(world.connected("https://api.example", TRUSTED, environ=environ)).status == 200
    assert proxy.asked[0].startswith("CONNECT api.example:443 ")


def test_the_password_of_a_proxy_is_utf_8(serving: Serving, proxying: Proxying, world: World) -> None:
    proxy = proxying(serving(answer(), context=server_side()))
    own = {**TRUSTED, "proxy-url": f"http://me:p€ss@127.0.0.1:{proxy.port}"}
    assert good(world.connected("https://api.example", own)).status == 200
    assert base64.b64encode("me:p€ss".encode()).decode() in proxy.asked[0]


@pytest.mark.parametrize("url", ["http://me:secret@[::1", "secret:x", "http://me:secret@\u2100"])
def test_a_proxy_of_the_environment_that_is_none_is_told(url: str, world: World) -> None:
    (problem,) = world.refused("https://api.example", TRUSTED, environ={"HTTPS_PROXY": url})
    assert problem == "the proxy must be a URL like http://proxy:3128: check proxy-url or HTTPS_PROXY"


def test_a_proxy_passes_plain_requests_on(serving: Serving, proxying: Proxying, world: World) -> None:
    proxy = proxying(stub := serving(answer()))
    own = {"proxy-url": f"http://127.0.0.1:{proxy.port}"}
    assert good(world.connected("http://api.example:80", own)).status == 200
    assert stub.seen[0].line.startswith("GET http://api.example")


def test_a_proxy_may_be_secure_itself(serving: Serving, proxying: Proxying, world: World) -> None:
    stub = serving(answer(), context=server_side())
    proxy = proxying(stub, context=server_side())
    own = {**TRUSTED, "proxy-url": f"https://localhost:{proxy.port}"}
    assert good(world.connected("https://api.example", own)).status == 200


def test_a_proxy_that_refuses_is_told_without_its_password(
    serving: Serving, proxying: Proxying, world: World
) -> None:
    proxy = proxying(serving(answer()), b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    own = {**TRUSTED, "proxy-url": f"http://me:secret@127.0.0.1:{proxy.port}"}
    error = bad(world.connected("https://api.example", own), POST)
    assert error == TransportError(
        "Unable to connect to the server: proxyconnect: "
        "Tunnel connection failed: 407 Proxy Authentication Required; check proxy-url or HTTPS_PROXY"
    )
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    gone = bad(
        world.connected("https://api.example", {**TRUSTED, "proxy-url": f"http://me:secret@127.0.0.1:{port}"})
    )
    assert "proxyconnect: dial tcp the proxy: connection refused" in gone.message
    assert "secret" not in gone.message


@pytest.mark.skipif(find_spec("socks") is not None, reason="PySocks is there")
def test_a_socks_proxy_needs_pysocks(world: World) -> None:
    (problem,) = world.refused("https://api.example", {**TRUSTED, "proxy-url": "socks5://p:1"})
    assert "pip install 'fkube[socks]'" in problem
    (problem,) = world.refused("https://api.example", {**TRUSTED, "proxy-url": "http://p:port"})
    assert "it must be a URL like http://proxy:3128" in problem
