"""The files of the cookbook: each short, typed, run without warnings, and showing what it is about."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COOKBOOK = ROOT / "examples" / "cookbook"
SHOWN = {
    "01_labelled_directory.py": (
        "created Namespace - web",
        "created Deployment shop web",
        "created CustomResourceDefinition - web",
        "created RoleBinding shop web",
        "9 created",
    ),
    "02_two_namespaces.py": (
        "created: Info(v1 ConfigMap blue/settings from text, document 3, line 6)",
        "created: Info(v1 ConfigMap green/settings from text, document 3, line 6)",
        "created: Info(v1 Service blue/web",
        "created: Info(v1 Service green/web",
        "6 created",
    ),
    "03_image_registries.py": (
        "namespaces/shop set_labels(mirrored=yes) metadata.labels.mirrored",
        "deployments/web set_images(mirrored) spec.template.spec.containers[0].image",
        "mirror.example.com/nginx:1.29",
    ),
    "04_policy.py": (
        "30-coupons.yaml, document 1, line 1: CustomResourceDefinition coupons.shop.example.com has no label",
        "30-coupons.yaml, document 2, line 30: Coupon spring has no label app",
        "40-access.json, document 1, line 5: ServiceAccount web has no label app",
        "40-access.json, document 1, line 10: Role web has no label app",
        "40-access.json, document 1, line 16: RoleBinding web has no label app",
        "5 skipped, 5 failed",
        "10 created",
    ),
    "05_live_objects.py": (
        "serverside-applied Info(apps/v1 Deployment shop/web) front",
        'taken: .spec.template.spec.containers[name="nginx"].image "kubectl-create"',
        "serverside-applied Info(v1 ConfigMap shop/web) front",
        "3 serverside-applied",
    ),
    "06_files_and_live.py": (
        "Service {'release': '7'} from new.yaml",
        "ConfigMap {'release': '7'} from the cluster",
        "ServiceAccount {'release': '7'} from the cluster",
        "3 serverside-applied",
    ),
    "07_three_clusters.py": (
        "eu: 2 created",
        "us: 2 created",
        "asia: 1 failed, 1 created",
        'shop.yaml, document 1, line 2: configmaps "settings" already exists',
        "together: 5 created, 1 failed",
    ),
    "08_dry_plan.py": (
        "POST /api/v1/namespaces?fieldManager=kubectl-create&fieldValidation=Strict",
        "POST /apis/apps/v1/namespaces/shop/deployments?",
    ),
    "09_verb_of_ones_own.py": (
        "PATCH /apis/apps/v1/namespaces/default/deployments/web",
        "1 restarted {'kubectl.kubernetes.io/restartedAt': '2026-01-31T12:00:00Z'}",
    ),
    "10_memory_and_source.py": (
        "checked: a source, and a stage that is scanned",
        "settings, line 1 {'number': '1'}",
        "settings, line 2 {'number': '2'}",
    ),
}


def python(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def test_there_are_ten_files():
    assert [path.name for path in sorted(COOKBOOK.iterdir()) if path.suffix == ".py"] == list(SHOWN)
    assert len(SHOWN) == 10


@pytest.mark.parametrize("name", SHOWN)
def test_a_file_runs_and_shows_what_it_is_about(name, tmp_path):
    run = python(COOKBOOK / name, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    for shown in SHOWN[name]:
        assert shown in run.stdout


@pytest.mark.parametrize("name", SHOWN)
def test_a_file_is_short_and_begins_with_one_sentence(name):
    text = (COOKBOOK / name).read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 40
    assert said.endswith(".")
    assert said.count(".") == 1
    assert text.startswith(f'"""{said}"""\n')


def test_the_test_in_a_file_is_one_for_pytest(tmp_path):
    run = python("-m", "pytest", "-p", "no:cacheprovider", COOKBOOK / "08_dry_plan.py", cwd=tmp_path)
    assert run.returncode == 0, run.stdout
    assert "1 passed" in run.stdout


def test_the_verb_of_ones_own_has_six_lines():
    tree = ast.parse((COOKBOOK / "09_verb_of_ones_own.py").read_text(encoding="utf-8"))
    (verb,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert verb.name == "restarted"
    assert verb.end_lineno - verb.lineno + 1 <= 6


def test_all_of_it_type_checks():
    cache = ("--cache-dir", ROOT / ".mypy_cache")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *cache, COOKBOOK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout
