"""The program, run in this process beside manifests, with a cluster that lives as long as a `with` block."""

from contextlib import contextmanager
from pathlib import Path

from fkube.cli import program
from fkube.cluster import empty
from fkube.edge.serve import serve


@contextmanager
def beside(manifests, capsys, folder, monkeypatch):
    """Words in; exit status, standard output and standard error out."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    for name, text in manifests.items():
        Path(name).write_text(text)

    with serve(empty()) as url:

        def run(words):
            status = program.run([*words.split(), "--server", url], {})
            printed = capsys.readouterr()
            return status, printed.out, printed.err

        yield run
