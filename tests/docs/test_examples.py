"""Every example runs, is short, and prints what it is there to show; the demo leaves nothing behind."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOWN = {
    "by_hand.py": (
        "planned: POST /api/v1/namespaces/shop/configmaps?fieldManager=kubectl-create",
        "refused: web.yaml, document 2",
        'answered: web.yaml, document 1, line 2: "web" already exists',
        "answered: ('mind the gap',)",
    ),
    "counting.py": ("{'created': 495, 'failed': 5}", "{'created': 1485, 'failed': 15}"),
    "decorator.py": ("decorator_pure does not hold", "Info(apps/v1 Deployment shop/web", "'team': 'web'"),
    "pipeline.py": (
        "∘ mapped ∘ flattened ∘ lists_mapped)(v)(each(run ∘ create))",
        "created deployments.apps web",
        "5 created",
    ),
    "visitors.py": ("('web',) then (DecodeError", "('web', 'db') and 1 error", "the law holds:     True"),
}


def test_every_example_is_here():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_runs_and_shows_what_it_is_about(name, tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name],
        cwd=tmp_path,
        env={"PYTHONPATH": str(EXAMPLES.parent), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    for shown in SHOWN[name]:
        assert shown in run.stdout


@pytest.mark.parametrize("name", SHOWN)
def test_an_example_is_short_enough_for_a_slide(name):
    assert len((EXAMPLES / name).read_text(encoding="utf-8").splitlines()) <= 40


def test_a_demo_that_fails_says_so_and_stops_its_cluster(tmp_path):
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    if not shutil.which("fkube", path=path):
        pytest.skip("fkube is not installed here: make test installs it")
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("manifests"))
    (tmp_path / "temporary").mkdir()
    run = subprocess.run(
        ["sh", tmp_path / "examples/demo.sh"],
        env={"PATH": path, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(EXAMPLES.parent)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 1
    assert "manifests" in run.stderr
    port = int(re.search(r"127\.0\.0\.1:(\d+)", run.stdout)[1])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert list((tmp_path / "temporary").iterdir()) == []
