"""Nothing in README or docs that was not run: their Python, their commands, their links and their tables."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tomllib
from html import escape
from pathlib import Path
from pkgutil import resolve_name

import pytest
import readme_picture

from fkube import builder, laws, testing
from fkube.cli.program import COMMANDS
from fkube.pipeline import stages
from fkube.visitor.stages import stage_name

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PAGES = {
    str(page.relative_to(ROOT)): page for page in (ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")))
}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^]]*\]\(([^)]+)\)")
# What differs from run to run, in a page or in what is printed.
VARIES = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:PORT"),
    (re.compile(r"(?<= )\d+[smh](?=\s|$)", re.MULTILINE), "AGE"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UID"),
    (re.compile(r"/tmp/[\w./-]+"), "TEMPORARY"),
)


def blocks(page, language):
    """The fenced blocks of a language in a page."""
    return [body for found, body in FENCE.findall(page.read_text()) if found == language]


def pages_with(language):
    """The pages with blocks of a language."""
    return [name for name, page in PAGES.items() if blocks(page, language)]


def steady(text):
    """A text without what differs from run to run, spaces made equal."""
    for pattern, name in VARIES:
        text = pattern.sub(name, text)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def shows(excerpt, output):
    """Whether an excerpt is the output, any lines left out where it has `...`."""
    wanted = ["(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in steady(excerpt)]
    return re.fullmatch("".join(wanted), "".join(f"{line}\n" for line in steady(output))) is not None


def environment(**more):
    """An environment in which `fkube` is the one under test, and a terminal is 100 columns wide."""
    tools = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    kept = {name: value for name, value in os.environ.items() if name not in ("KUBECONFIG", "FORCE_COLOR")}
    return {**kept, "PATH": tools, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "dumb", **more}


def needs_fkube():
    if not shutil.which("fkube", path=environment()["PATH"]):
        pytest.skip("fkube is not installed here: make test installs it")


@pytest.mark.parametrize("name", pages_with("python"))
def test_the_python_of_a_page_runs(name, monkeypatch, capsys):
    monkeypatch.chdir(EXAMPLES)
    names = {}
    for number, body in enumerate(blocks(PAGES[name], "python"), start=1):
        if ">>>" not in body:
            exec(compile(body, f"{name}, block {number}", "exec"), names)
            continue
        test = doctest.DocTestParser().get_doctest(body, names, f"block {number}", name, 0)
        runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
        assert runner.run(test, clear_globs=False).failed == 0, capsys.readouterr().out
        names = test.globs


@pytest.mark.parametrize("name", pages_with("console"))
def test_the_commands_of_a_page_print_what_it_says(name, tmp_path):
    needs_fkube()
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    session = "".join(blocks(PAGES[name], "console"))
    commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", session, re.MULTILINE)
    lines = [f"{command}\nprintf '\\036'" for command, _ in commands]
    script = "exec 2>&1\ntrap 'kill $! 2>/dev/null; wait' EXIT\n" + "\n".join(lines)
    run = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120
    )
    printed = run.stdout.split("\036")
    assert len(printed) == len(commands) + 1
    for (command, excerpt), output in zip(commands, printed, strict=False):
        assert shows(excerpt, output), f"$ {command}\n{output}\nand not\n{excerpt}"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    page = PAGES[name]
    for target in LINK.findall(FENCE.sub("", page.read_text())):
        if not target.startswith(("http://", "https://", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize(
    ("shown", "command"),
    [
        ("$ make demo\n", ("sh", str(EXAMPLES / "demo.sh"))),
        ("$ python examples/pipeline.py\n", (sys.executable, str(EXAMPLES / "pipeline.py"))),
    ],
)
def test_what_the_readme_shows_is_what_is_printed_and_nothing_is_left_behind(shown, command, tmp_path):
    needs_fkube()
    excerpt = next(body for body in blocks(PAGES["README.md"], "text") if body.startswith(shown))
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    env = environment(TMPDIR=str(tmp_path))
    run = subprocess.run(command, env=env, text=True, encoding="utf-8", timeout=120, check=True, **both)
    assert shows(excerpt.removeprefix(shown), run.stdout), run.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["docs/reference/what-is-what.md", "docs/reference/public.md"])
def test_a_table_names_functions_that_exist(name):
    named = re.findall(r"`(fkube\.[\w.]+)", PAGES[name].read_text())
    for path in named:
        assert resolve_name(path) is not None, path
    assert len(named) > 20


def test_every_check_is_on_the_page_of_what_is_public_and_every_one_on_it_is_there():
    named = set(re.findall(r"`(check_\w+)`", PAGES["docs/reference/public.md"].read_text()))
    assert named == {name for name in testing.__all__ if name.startswith("check_")}


def test_every_step_for_a_function_is_on_the_page_of_what_is_public():
    text = PAGES["docs/reference/public.md"].read_text()
    named = set(re.findall(r"`b\.(\w+)", text))
    assert named <= set(builder.__all__)
    assert {"decorated", "filtered", "and_then", "through", "sources", "schema"} <= named


@pytest.mark.parametrize("name", PAGES)
def test_commands_and_targets_that_a_page_names_exist(name):
    text = re.sub(r"<!--.*?-->", "", PAGES[name].read_text(), flags=re.DOTALL)
    makefiles = "".join(path.read_text() for path in (ROOT / "Makefile", *ROOT.glob("*.mk")))
    targets = re.findall(r"^([a-z][\w-]*):", makefiles, re.MULTILINE)
    assert set(re.findall(r"`(?:kubectl )?fkube ([a-z-]+)", text)) <= set(COMMANDS)
    assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", text)) <= set(targets)


def test_every_law_stands_on_the_page_of_laws():
    page = PAGES["docs/explanation/laws.md"].read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    said = {
        name: (getattr(laws, name).__doc__ or "").splitlines()[0].replace("*", r"\*") for name in laws.__all__
    }
    assert rows == said


@pytest.mark.parametrize("module", sorted(ROOT.glob("fkube/**/*.py")), ids=lambda path: path.stem)
def test_every_law_a_docstring_names_is_a_function(module):
    for line in re.findall(r"Law: ([\w, ]+)$", module.read_text(), re.MULTILINE):
        assert set(line.split(", ")) <= set(laws.__all__), line


@pytest.mark.parametrize(
    ("excerpt", "output", "shown"),
    [
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("a\nb\n", "a\nb\nc\n", False),
        ("web   3s\n", "web 14s\n", True),
        ("web   3s\n", "wob 14s\n", False),
        ("", "", True),
        ("", "a\n", False),
    ],
)
def test_an_excerpt_that_says_something_else_is_found_out(excerpt, output, shown):
    assert shows(excerpt, output) is shown


def test_the_page_of_rooms_has_every_room_in_the_order_of_its_layer():
    page = PAGES["docs/explanation/architecture.md"].read_text()
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
        "layers"
    ]
    rooms = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    assert rooms == layers[1:]
    assert set(rooms) == {path.parent.name for path in ROOT.glob("fkube/*/__init__.py")}


def test_the_readme_draws_the_pipeline_that_it_shows_and_that_runs(monkeypatch):
    monkeypatch.chdir(EXAMPLES)
    names = {}
    exec(next(body for body in blocks(PAGES["README.md"], "python") if "pipeline = " in body), names)
    ran = readme_picture.run_example()
    assert names["pipeline"] == ran["pipeline"]
    picture = (ROOT / readme_picture.PICTURE).read_text()
    assert f"]({readme_picture.PICTURE})" in PAGES["README.md"].read_text()
    assert all(escape(stage_name(stage)) in picture for stage in stages(ran["pipeline"].unwrap()))
