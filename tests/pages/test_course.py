"""The course: its notebooks say what they print, its checks catch wrong answers, its slides can be shown."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "docs" / "course"
sys.path[:0] = [str(COURSE), str(COURSE.parent), str(Path(__file__).parent)]

import exercises  # noqa: E402
import facts  # noqa: E402
import make  # noqa: E402
import pages  # noqa: E402
import solutions  # noqa: E402
import typed  # noqa: E402
from wrong_answers import WRONG  # noqa: E402

CHECKS = {
    name.removeprefix("check_"): ask
    for name, ask in vars(exercises).items()
    if name.startswith("check_") and ask.__module__ == "checking"
}
SOURCES = {source.stem: source.read_text(encoding="utf-8") for source in make.SOURCES}
HEADING = re.compile(r"^#+ (●{1,3}) Exercise `(\w+)`$", re.MULTILINE)
ASKED = {name: HEADING.findall(text) for name, text in SOURCES.items()}
NAMES = [name for asked in ASKED.values() for _, name in asked]


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The notebooks, executed anew in a folder where only the files of the course are."""
    folder = tmp_path_factory.mktemp("course")
    for path in COURSE.glob("*.py"):
        shutil.copy(path, folder)
    return make.make_pages(folder)


def test_the_notebooks_run_and_print_what_is_in_them(executed):
    assert pages.check_pages(executed) == []
    assert len(executed) == len(SOURCES) == 3


def test_another_output_in_a_notebook_is_found_out(executed, tmp_path):
    name, text = next(iter(executed.items()))
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(text.replace("('web', 'db')", "('db', 'web')", 1), encoding="utf-8")
    (stale,) = pages.check_pages({name: text}, tmp_path)
    assert stale.startswith(f"{name}:")
    assert "db" in stale


def test_a_cell_that_fails_stops_the_making():
    with pytest.raises(Exception, match="ZeroDivisionError"):
        make.execute(make.make_notebook("```python\n1 / 0\n```\n"))


def test_every_exercise_has_a_check_a_solution_and_wrong_answers_and_every_one_of_these_an_exercise():
    assert sorted(NAMES) == sorted(set(NAMES)) == sorted(CHECKS) == sorted(WRONG)
    assert set(NAMES) <= set(vars(solutions))
    for name, text in SOURCES.items():
        for _, exercise in ASKED[name]:
            assert f"\n{exercise} = ...\n" in text
            assert f"\ncheck_{exercise}({exercise})\n```" in text


@pytest.mark.parametrize("name", ASKED)
def test_a_notebook_has_exercises_of_every_grade(name):
    grades = [grade for grade, _ in ASKED[name]]
    assert all(grades.count("●" * grade) >= 2 for grade in (1, 2, 3)), grades


@pytest.mark.parametrize("name", CHECKS)
def test_a_solution_passes_its_check(name):
    verdict = CHECKS[name](getattr(solutions, name))
    assert verdict.right, verdict
    assert str(verdict).startswith("Right: ")
    assert not CHECKS[name](...).right


@pytest.mark.parametrize(("name", "number"), [(name, n) for name in WRONG for n in range(len(WRONG[name]))])
def test_a_wrong_answer_is_caught_and_told_why(name, number):
    verdict = CHECKS[name](WRONG[name][number])
    assert not verdict.right
    assert re.match(r"Not yet\. This does not hold: \S", str(verdict)), verdict
    assert len(WRONG[name]) > 1


def test_the_python_of_the_notebooks_is_typed(monkeypatch):
    monkeypatch.setattr(typed, "ROOT", f"{ROOT}:{COURSE}")
    assert typed.find_complaints({f"docs/course/src/{name}": text for name, text in SOURCES.items()}) == []


def test_mypy_says_of_the_fixed_type_what_the_notebook_says(tmp_path):
    text = SOURCES["02-church-encoding"]
    block, said = re.search(
        r"^```py\n(.*?)^```$.*?^```text\n(.*?)^```$", text, re.DOTALL | re.MULTILINE
    ).groups()
    (tmp_path / "fixed.py").write_text(block)
    options = ("--config-file=", "--strict", "--no-error-summary", f"--cache-dir={tmp_path}")
    found = api.run([*options, str(tmp_path / "fixed.py")])[0]
    assert found.splitlines()[0].partition(": ")[2] == said.strip()


def test_no_number_of_things_is_typed():
    assert list(facts.find_problems(SOURCES, ())) == []


def test_the_go_of_a_notebook_is_one_program_that_prints_what_is_said(tmp_path):
    if not (go := shutil.which("go")):
        pytest.skip("there is no Go here")
    text = SOURCES["01-from-go-to-functions"]
    blocks = re.findall(r"^```go\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (tmp_path / "go.mod").write_text("module course\n\ngo 1.21\n")
    (tmp_path / "main.go").write_text("\n".join(('package main\n\nimport "fmt"\n', *blocks)))
    (said,) = re.findall(r"^```text\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    run = {
        command: subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, timeout=120)
        for command in ("gofmt -d main.go", f"{go} vet .", f"{go} run .")
    }
    assert [(done.returncode, done.stderr) for done in run.values()] == [(0, "")] * 3
    assert [done.stdout for done in run.values()] == ["", "", said]


TOPS = "[...document.querySelectorAll('section')].map((slide) => slide.getBoundingClientRect().top)"


def count_slides(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return sum(cell["metadata"]["slideshow"]["slide_type"] == "slide" for cell in cells)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_slides_are_gone_through_by_keys(dark, open_page, tmp_path):
    import slides

    notebooks = sorted(COURSE.glob("*.ipynb"))
    for number, path in enumerate(slides.write_slides(notebooks, tmp_path)):
        wanted = SOURCES[notebooks[number].stem].count("<!-- slide -->")
        assert count_slides(notebooks[number]) == wanted
        page = open_page(path.as_uri(), dark=dark, height=720)
        assert page.locator("section").count() == wanted
        shown = []
        for key in ("Home", "ArrowRight", "ArrowDown", "PageDown", "ArrowLeft", "End", "ArrowRight", "Home"):
            page.keyboard.press(key)
            tops = page.evaluate(
                "[...document.querySelectorAll('section')].map((s) => s.getBoundingClientRect().top)"
            )
            shown.append(min(range(wanted), key=lambda n: abs(tops[n])))
        assert shown == [0, 1, 2, 3, 2, wanted - 1, wanted - 1, 0]
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
        assert page.evaluate(f"{TOPS}.map((top, n, tops) => tops[n] - (n ? tops[n - 1] : 0))")[1:] == [
            720
        ] * (wanted - 1)


def test_slides_need_nothing_from_elsewhere(tmp_path):
    import slides

    for path in slides.write_slides(sorted(COURSE.glob("*.ipynb")), tmp_path):
        page = path.read_text(encoding="utf-8")
        assert not re.search(r"""(?:src|href)=["']?https?:|@import|url\(""", page)
        assert all((tmp_path / link).exists() for link in re.findall(r'<a href="([^"#]+)"', page))
