"""fkube in Pyodide, Python compiled for browsers: the same as here, without libyaml and without threads."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playground import build

from tests.pages.sample import sample
from tests.syntax.test_yamlpure import EDGES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TRUTH = ROOT.parent / "shared/truth/yaml-profile.json"
BROKEN = {
    "broken.yaml": "kind: A\n---\na: [b\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: last}\n"
}


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    """The folder with Pyodide and fkube, as the site has it."""
    if not shutil.which("node"):
        pytest.skip("no node here: `apt-get install nodejs npm`")
    if not build.fetch_pyodide():
        pytest.skip("no npm here to fetch Pyodide with: `apt-get install npm`")
    site = tmp_path_factory.mktemp("site")
    build.build(site)
    return site / "assets/pyodide"


@pytest.fixture(scope="module")
def both(runtime):
    """What CPython and Pyodide make of the same texts."""
    examples = sorted((ROOT / "examples/manifests").iterdir())
    manifests = {path.name: path.read_text(encoding="utf-8") for path in examples} | BROKEN
    truth = [case["yaml"] for case in json.loads(TRUTH.read_text())] if TRUTH.exists() else []
    given = [manifests, [*(text for text in EDGES if "\ud83d" not in text), *truth]]
    command = ["node", HERE / "pyodide.mjs", runtime, HERE]
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return json.loads(sample(*given)), json.loads(run.stdout)


PARTS = ("manifests", "texts", "report", "a law that holds", "a law of a wrong implementation")


@pytest.mark.parametrize("part", range(len(PARTS)), ids=PARTS)
def test_pyodide_agrees(both, part):
    here, there = both
    assert there[part] == here[part]


def test_something_was_compared(both):
    decoded, texts, (report, outcomes), kept, broken = both[1]
    assert len(decoded) > 3
    assert {kind for kind, *_ in texts} == {"read", "refused"}
    assert "created" in report
    assert "failed" in report
    assert len(outcomes) > 5
    assert "Sides" in kept
    assert "visitor_list(a) == a" in broken
