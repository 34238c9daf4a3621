"""What the tests of the command line share: a folder with manifests, a cluster, and the program."""

import shlex
from datetime import UTC, datetime

import pytest

from fkube.cli import program
from fkube.cluster import empty
from fkube.edge.serve import serve

KUBECONFIG = """apiVersion: v1
kind: Config
current-context: test
contexts:
- context:
    cluster: test
  name: test
clusters:
- cluster:
    server: {}
  name: test
"""


@pytest.fixture(autouse=True)
def folder(request, tmp_path, monkeypatch):
    """A working directory with the MANIFESTS of the module, and a home without a kubeconfig."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    for name, text in getattr(request.module, "MANIFESTS", {}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def cluster(folder):
    """A cluster that lives as long as the test; the kubeconfig in the home names it."""
    # Its clock stands still, so that all there is is as old as the cluster: 0 seconds.
    with serve(empty(), clock=lambda: datetime(2025, 1, 1, tzinfo=UTC)) as url:
        (folder / ".kube").mkdir()
        (folder / ".kube" / "config").write_text(KUBECONFIG.format(url))
        yield url


@pytest.fixture
def fkube(folder, capsys):
    """The program: words in; exit status, standard output and standard error out."""

    def run(words, *more):
        status = program.run([*shlex.split(words), *more], {})
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run
