"""What the pages for those who come from elsewhere say of elsewhere: run by the libraries themselves."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "coming-from"
PEERS = ROOT / ".cache" / "bench" / "peers" / "bin" / "python"
MODULES = ROOT / "tests" / "conformance" / "server"
# The other libraries are in a venv of their own, with nothing but them.
RUNNER = """
import doctest, sys
source = sys.stdin.read()
test = doctest.DocTestParser().get_doctest(source, {}, "page", "page", 0)
raise SystemExit(doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed)
"""


def blocks(page, language):
    """The blocks of a page in a language, one behind the other."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))


@pytest.fixture
def there(tmp_path):
    """A folder with the manifests, and in its environment a cluster that `fkube cluster` serves."""
    shutil.copytree(ROOT / "examples" / "manifests", tmp_path / "manifests")
    given = ["-f", "manifests/00-namespace.yaml", "--write-kubeconfig", "kubeconfig"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    serving = subprocess.Popen(
        [sys.executable, "-m", "fkube", "cluster", *given],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
    )
    for line in serving.stdout:
        if b"serving" in line:
            break
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    yield {"cwd": tmp_path, "env": {**kept, "KUBECONFIG": "kubeconfig", "PYTHONWARNINGS": "ignore"}}
    serving.terminate()
    serving.communicate()


def run_blocks(source, there):
    """What the other libraries say of blocks with prompts: nothing, if all is as it is written."""
    run = subprocess.run([PEERS, "-c", RUNNER], input=source, capture_output=True, encoding="utf-8", **there)
    return f"{run.stdout}{run.stderr}"


@pytest.mark.parametrize("page", ["client-python", "kr8s", "lightkube"])
def test_the_blocks_of_another_library_do_what_the_page_says(page, there):
    if not PEERS.exists():
        pytest.skip("the other libraries are not here: make .cache/bench/peers/.made")
    source = blocks(page, "py")
    assert source.count(">>>") >= 5
    assert run_blocks(source, there) == ""


def test_a_block_that_does_something_else_is_found_out(there):
    if not PEERS.exists():
        pytest.skip("the other libraries are not here: make .cache/bench/peers/.made")
    assert "Expected:" in run_blocks(">>> 1 + 1\n3\n", there)


def test_the_program_in_go_does_what_the_page_says(there):
    if not shutil.which("go"):
        pytest.skip("there is no Go here")
    folder = there["cwd"]
    for name in ("go.mod", "go.sum"):
        shutil.copy(MODULES / name, folder)
    (folder / "main.go").write_text(blocks("go-cli-runtime", "go"), encoding="utf-8")
    environment = {**there["env"], "GOFLAGS": "-mod=mod"}
    subprocess.run(["go", "build", "-o", "program", "main.go"], cwd=folder, env=environment, check=True)
    run = subprocess.run(["./program"], capture_output=True, encoding="utf-8", check=True, **there)
    assert run.stdout == blocks("go-cli-runtime", "text")
