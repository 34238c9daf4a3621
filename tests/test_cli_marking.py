"""`fkube label` and `fkube annotate` from their words to what they print: a table of cases."""

import pytest

from fkube.cli import program
from fkube.cluster import empty
from fkube.edge.serve import serve

TWO = """{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {app: web}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: b, annotations: {app: web}}}
"""
TAKEN = "error: 'app' already has a value (web), and --overwrite is false"
ONE = "error: one or more resources must be specified as <resource> <name> or <resource>/<name>\n"


@pytest.fixture(scope="module")
def url():
    with serve(empty()) as url:
        yield url


@pytest.fixture
def fkube(tmp_path, monkeypatch, capsys, url):
    """The program, in a folder with a manifest, on a cluster that has its objects."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    (tmp_path / "two.yaml").write_text(TWO)

    def run(words):
        status = program.run(words.split(), {})
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    program.run(["create", "-f", "two.yaml", "--server", url], {})
    capsys.readouterr()
    yield lambda words: run(words if "--local" in words else f"{words} --server {url}")
    program.run(["delete", "cm", "--all", "--server", url], {})


CASES = [
    ("label cm a b tier=x", 0, "configmap/a labeled\nconfigmap/b labeled\n", ""),
    ("label cm a app-", 0, "configmap/a unlabeled\n", ""),
    ("label cm a app- tier=x", 0, "configmap/a modified\n", ""),
    ("label cm a app=web none-", 0, 'label "none" not found.\nconfigmap/a not labeled\n', ""),
    ("label cm a none- --dry-run=client", 0, "configmap/a not labeled (dry run)\n", ""),
    ("label -f two.yaml tier=x --dry-run=server -o name", 0, "configmap/a\nconfigmap/b\n", ""),
    ("label cm a app=x", 1, "", f"{TAKEN}\n"),
    ("label cm --list --all", 0,
     "Listing labels for ConfigMap./a:\n app=web\nListing labels for ConfigMap./b:\n", ""),
    ("label cm/a --list", 0, "app=web\n", ""),
    ("label cm a x=y -o jsonpath={.metadata.labels}", 0, '{"app":"web","x":"y"}', ""),
    ("label cm a x=y -o jsonpath={.a[b]}", 1, "", None),
    ("label cm a x=y -o jsonpath", 1, "", "error: template format specified but no template given\n"),
    ("label cm a b x=y --resource-version=1", 1, "",
     "error: --resource-version may only be used with a single resource\n"),
    ("label --local -f two.yaml -l app=none x=y", 0, "configmap/a labeled\nconfigmap/b labeled\n", ""),
    ("label --local -f two.yaml x=y -n other -o jsonpath={.metadata.namespace}", 0, "", ""),
    ("label --local cm a x=y", 1, "",
     "error: can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set\n"),
    ("label --local x=y", 1, "",
     "error: one or more files must be specified as -f pod.yaml or --filename=pod.json\n"),
    ("label --local -f two.yaml x=y --dry-run=server", 1, "",
     "error: cannot specify --local and --dry-run=server - did you mean --dry-run=client?\n"),
    ("label x=y", 1, "", ONE),
    ("label cm a", 1, "", "error: at least one label update is required\n"),
    ("label cm a --list -o yaml", 1, "", "error: --list and --output may not be specified together\n"),
    ("label cm --all -l a x=y", 1, "", "error: cannot set --all and --selector at the same time\n"),
    ("label cm --all --field-selector a=b x=y", 1, "",
     "error: cannot set --all and --field-selector at the same time\n"),
    ("annotate cm a b note=x", 0, "configmap/a annotated\nconfigmap/b annotated\n", ""),
    ("annotate cm b app-", 0, "configmap/b annotated\n", ""),
    ("annotate cm b --list", 0, "app=web\n", ""),
    # A directory of one file is that file: cli-runtime takes a single object to be meant.
    ("annotate -f . --list", 0, "app=web\n", ""),
    ("annotate cm a b --list", 0,
     "Listing annotations for ConfigMap./a:\nListing annotations for ConfigMap./b:\n app=web\n", ""),
    ("annotate cm b app=x", 1, "",
     "error: --overwrite is false but found the following declared annotation(s): "
     "'app' already has a value (web)\n"),
    ("annotate cm a", 1, "", "error: at least one annotation update is required\n"),
    ("annotate -k . a=b", 1, "", "error: the -k flag can't be used with -f or -R\n"),
    ("annotate --local a=b", 1, "",
     "error: one or more files must be specified as -f rsrc.yaml or --filename=rsrc.json\n"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "status", "out", "err"), CASES, ids=[case[0] for case in CASES])
def test_case(fkube, words, status, out, err):
    ended, printed, complained = fkube(words)
    assert (ended, printed) == (status, out)
    assert complained == err or err is None
