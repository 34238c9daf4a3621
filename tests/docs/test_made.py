"""What is made on the pages is as the code is, and what is stale or was typed is found."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import cli_runtime
import facts
import pages
import pytest

SCRIPTS = ("api", "cli_runtime", "facts", "law_pictures", "pipeline_pictures", "readme_picture")


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_that_is_made_is_stale(script):
    command = [sys.executable, f"docs/{script}.py", "--check"]
    environ = {"PYTHONPATH": str(pages.ROOT), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(command, cwd=pages.ROOT, env=environ, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_planted_line_is_found_and_goes_when_the_page_is_written(script, tmp_path, capsys):
    made = import_module(script).make_pages()
    pages.run_script(lambda: made, [], tmp_path)
    assert capsys.readouterr().out == "\n".join(made.values())
    for name in made:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    pages.run_script(lambda: made, ["--write"], tmp_path)
    pages.run_script(lambda: made, ["--check"], tmp_path)
    name, text = next(iter(made.items()))
    first, second, rest = text.split("\n", 2)
    (tmp_path / name).write_text("\n".join((first, "planted", rest)), encoding="utf-8")
    with pytest.raises(SystemExit) as stale:
        pages.run_script(lambda: made, ["--check"], tmp_path)
    said, advice = str(stale.value).splitlines()
    assert said == f"{name}:2: says 'planted'; true is {second!r}"
    assert "make docs" in advice


STALE = [
    ("a\nb\n", "a\nb\n", []),
    ("a\nb\n", "a\nc\n", ["p.md:2: says 'b'; true is 'c'"]),
    ("a\n", "a\nb\n", ["p.md:2: says nothing; true is 'b'"]),
    ("a\nb\nc\n", "b\nd\n", ["p.md:1: says 'a'; true is nothing", "p.md:3: says 'c'; true is 'd'"]),
    ("a", "a\n", ["p.md: the ends of lines differ"]),
]


@pytest.mark.parametrize(("written", "made", "told"), STALE)
def test_what_a_page_says_that_is_not_so(written, made, told, tmp_path):
    (tmp_path / "p.md").write_text(written)
    assert pages.check_pages({"p.md": made}, tmp_path) == told


def test_a_page_that_is_missing_is_stale(tmp_path):
    assert pages.check_pages({"p.md": "a\n"}, tmp_path) == ["p.md:1: says nothing; true is 'a'"]


ROOMS = facts.Fact("p.md", "there are {} rooms in it", lambda: "17")
UNION = facts.Fact("p.md", "is `{}`.", lambda: "Done | Call | Listen", shape=r"[\w |]+")
TRUE = "It\nis `Done | Call`.\nSo there\nare 16 rooms in it.\n"


def test_a_number_is_made_where_its_words_are():
    made = facts.with_facts({"p.md": TRUE, "q.md": "none"}, (ROOMS, UNION))
    assert made == {"p.md": "It\nis `Done | Call | Listen`.\nSo there\nare 17 rooms in it.\n"}


NOT_ONCE = "p.md: does not say once: 'there are {} rooms in it'; change that in docs/facts.py"
PROBLEMS = [
    (TRUE, []),
    ("there are rooms in it", [NOT_ONCE]),
    (f"{TRUE}there are 16 rooms in it", [NOT_ONCE]),
    (f"{TRUE}All 27 laws hold.", ["p.md:5: '27 laws' was typed"]),
    (f"{TRUE}\nNine errors", ["p.md:6: 'Nine errors' was typed"]),
    (f"{TRUE}150 source files", ["p.md:5: '150 source files' was typed"]),
    (f"{TRUE}takes 0.5\nms", ["p.md:5: '0.5\\nms' was typed"]),
    (f"{TRUE}three kinds, a chunk of 256, RFC 1123, 10,000 decorators", []),
    (f"{TRUE}```text\n5 objects\n```\n", []),
]


@pytest.mark.parametrize(("page", "told"), PROBLEMS)
def test_words_that_are_not_there_and_numbers_that_were_typed_are_told(page, told):
    found = facts.find_problems({"p.md": page}, (ROOMS,))
    assert [problem.partition(": say it")[0] for problem in found] == told


def test_a_number_that_was_typed_fails_whatever_the_script_is_to_do(monkeypatch):
    planted = {name: f"{page}\nAll 27 laws hold.\n" for name, page in pages.read_pages().items()}
    monkeypatch.setattr(facts, "read_pages", lambda: planted)
    with pytest.raises(SystemExit) as told:
        facts.make_pages()
    assert len(str(told.value).splitlines()) == len(planted) - len(facts.MADE)


def test_a_name_of_ours_that_is_not_there_fails(monkeypatch):
    monkeypatch.setattr(cli_runtime, "read_rows", lambda: [("builder.go", "Do", "fkube.builder.undo", "")])
    with pytest.raises(SystemExit, match=r"names what is not there: fkube\.builder\.undo"):
        cli_runtime.make_pages()


def test_the_pages_of_differences_and_functions_may_have_numbers_as_they_are_made():
    assert list(facts.find_problems(dict.fromkeys(facts.MADE, "27 laws"), ())) == []


@pytest.mark.parametrize(("number", "text"), [(0, "no"), (17, "seventeen"), (21, "21"), (1200, "1,200")])
def test_small_numbers_are_words(number, text):
    assert facts.number_word(number) == text


def test_every_fact_is_counted():
    assert {fact.words: fact.count() for fact in facts.FACTS if not fact.count()} == {}
    assert all(Path(pages.ROOT, fact.page).exists() for fact in facts.FACTS)
