"""Memory does not grow with the input: 100,000 documents take what 10,000 take."""

import subprocess
import sys
from pathlib import Path

import pytest

DOCUMENT = "---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: c%d}\n"
PROGRAM = """
import sys
from returns.result import Success
from toolz import pipe
from fkube import builder as b, edge, verbs
from fkube.exchange import Response

cluster = edge.embedded()
def send(request):
    # A server that keeps nothing: what is measured is ours.
    return Success(Response(201, request.body)) if request.method == "POST" else cluster.send(request)

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
