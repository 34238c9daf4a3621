"""Memory does not grow with the input: 100,000 documents, or objects on a server, take what 10,000 take."""

import json
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from fkube import edge
from fkube.exchange import Request

DOCUMENT = "---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: c%d}\n"
PROGRAM = """
import sys
from returns.result import Success
from toolz import pipe
from fkube import builder as b, edge, verbs
from fkube.exchange import Response
from fkube.resource.info import with_metadata

cluster = edge.embedded()
def send(request):
    # A server that keeps nothing: what is measured is ours.
    if request.method == "POST":
        return Success(Response(201, with_metadata(request.body, uid="1")))
    return cluster.send(request)

read = b.filenames(sys.argv[1])
pipeline = pipe(b.builder(), read, b.default_namespace, b.flatten, b.continue_on_error, b.do)
count = edge.fold(edge.Client(send), verbs.create(), lambda n, o: n + (o.action == "created"), 0)
made = count(pipeline.unwrap()).unwrap()._inner_value
print(made, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def created(directory, count):
    """How many of so many documents were created, and the peak memory in kilobytes."""
    path = directory / f"{count}.yaml"
    path.write_text("".join(DOCUMENT % n for n in range(count)))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True
    )
    return tuple(map(int, run.stdout.split()))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_a_hundred_thousand_documents_take_the_memory_of_ten_thousand(tmp_path):
    few, peak_of_few = created(tmp_path, 10_000)
    many, peak_of_many = created(tmp_path, 100_000)
    assert (few, many) == (10_000, 100_000)
    assert peak_of_many < 1.2 * peak_of_few


READER = """
import sys
from toolz import pipe
from fkube import builder as b, edge, verbs

client = edge.connect(server=sys.argv[1], cache_dir="", environ={}).unwrap()._inner_value
named = b.resource_type_or_name_args("configmaps", allow_empty_selector=True)
pipeline = pipe(b.builder(), named, b.all_namespaces, b.continue_on_error, b.do)
count = edge.fold(client, verbs.get(), lambda n, o: n + (o.action == "got"), 0)
seen = count(pipeline.unwrap()).unwrap()._inner_value
print(seen, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def page(total, first, limit):
    """A page of so many objects of a server that has `total` of them, made as it is asked for."""
    numbers = range(first, min(first + limit, total))
    items = [
        {"metadata": {"name": f"c{n:06}", "namespace": "default"}, "data": {"a": "b" * 200}} for n in numbers
    ]
    rest = {"continue": str(numbers.stop)} if numbers.stop < total else {}
    metadata = {"resourceVersion": "1", **rest}
    return {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": metadata, "items": items}


@contextmanager
def serving(total):
    """A server with so many objects: it keeps none of them, so that what is measured is ours."""
    cluster = edge.embedded()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(asked.query).items()}
            if asked.path.endswith("/configmaps"):
                body = page(total, int(query.get("continue", 0)), int(query["limit"]))
            else:
                accept = self.headers["Accept"]
                body = cluster.send(Request("GET", asked.path, accept=accept)).unwrap().body
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def read(total):
    """How many of so many objects were read over HTTP, and the peak memory in kilobytes."""
    with serving(total) as url:
        run = subprocess.run([sys.executable, "-c", READER, url], capture_output=True, text=True, check=True)
    return tuple(map(int, run.stdout.split()))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_a_hundred_thousand_objects_of_a_server_take_the_memory_of_ten_thousand():
    few, peak_of_few = read(10_000)
    many, peak_of_many = read(100_000)
    assert (few, many) == (10_000, 100_000)
    assert peak_of_many < 1.2 * peak_of_few
