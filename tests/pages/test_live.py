"""Blocks that run where they are read: all of them run in a browser's Python, and show what the page says."""

import json
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from doctest import ELLIPSIS, DocTestParser, OutputChecker
from functools import partial
from pathlib import Path

import live
import pytest
import website
from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "docs" / "course"
FIRST = "tutorial/first-steps.md"
"""The page that Chromium runs; node runs the others."""
LONGEST = "course/02-church-encoding.md"
LONG = 120_000  # Milliseconds, in which the slowest machine has loaded Python and checked a law.
FENCE = re.compile(
    r"^```\{ \.py(?:thon|con) \.live \}\n(.*?)^```$(?:\n\n^```\{ \.text \.output \}\n(.*?)\n```$)?",
    re.S | re.M,
)
DOTS = re.compile(r"^(\w+) = \.\.\.$", re.MULTILINE)


def read_sources():
    """The pages with blocks of Python, as they are written; notebooks with their outputs."""
    pages = {path.relative_to(website.DOCS).as_posix(): path for path in website.DOCS.glob("**/*.md")}
    written = {name: path.read_text(encoding="utf-8") for name, path in pages.items()}
    notebooks = {f"course/{path.stem}.md": website.render_file(path) for path in COURSE.glob("*.ipynb")}
    return {name: text for name, text in {**written, **notebooks}.items() if live.BLOCK.search(text)}


SOURCES = read_sources()
NOTEBOOKS = [name for name in SOURCES if name.startswith("course/0")]
LIVE = {name: text for name, text in SOURCES.items() if name not in live.LEFT_OUT}


def wanted(page):
    """What the blocks of a page show, as the page has it."""
    blocks = re.findall(r"^```python\n(.*?)^```$", LIVE[page], re.DOTALL | re.MULTILINE)
    return ["".join(example.want for example in DocTestParser().get_examples(block)) for block in blocks]


def blocks_of(page):
    """The blocks of a page as its reader gets them, each with the output that is kept of it."""
    return FENCE.findall(website.as_on_site(LIVE[page], page))


def solve(block):
    """A block with the answer in the place of the dots."""
    return DOTS.sub(lambda found: f"from solutions import {found[1]}", block)


@pytest.fixture(scope="module")
def shown(site):
    """What is shown of each block of each page but one; those of the course have answers in them."""
    if not shutil.which("node"):
        pytest.skip("no node here: `apt-get install nodejs npm`")
    runtime = site / "assets" / "pyodide"
    if not (runtime / "checks.zip").exists():
        pytest.skip("the site was built without npm or without pip")
    # The checks of one notebook take as long as all else.
    most = [name for name in LIVE if name not in (FIRST, LONGEST)]
    with ThreadPoolExecutor(2) as runner:
        first, second = runner.map(partial(run_pages, runtime), (most, [LONGEST]))
    return {**first, **second}


def run_pages(runtime, pages):
    """What is shown of each block of pages, by node."""
    given = [[solve(block) for block, _ in blocks_of(name)] for name in pages]
    command = ["node", ROOT / "tests/pages/live.mjs", runtime, COURSE / "solutions.py"]
    run = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return dict(zip(pages, json.loads(run.stdout), strict=True))


def test_every_page_is_in_or_out():
    assert set(live.LEFT_OUT) <= set(SOURCES)
    assert {FIRST, "explanation/visitors.md", "how-to/write-a-decorator.md"} <= set(LIVE)
    assert len(NOTEBOOKS) == 3
    assert set(NOTEBOOKS) <= set(LIVE)


@pytest.mark.parametrize("page", [name for name in LIVE if name != FIRST])
def test_blocks_run_and_show_what_the_page_says(page, shown):
    for block, want, (source, kept) in zip(shown[page], wanted(page), blocks_of(page), strict=True):
        assert block["error"] == ""
        if DOTS.search(source):
            assert block["printed"].splitlines()[-1].startswith("Right: "), source
        elif want:
            assert OutputChecker().check_output(want, block["printed"], ELLIPSIS), (want, block)
        elif kept:
            assert block["printed"].rstrip() == kept


@pytest.fixture
def open_live(open_page, site):
    """Open a page whose blocks can run."""
    if not (site / "assets/pyodide/checks.zip").exists():
        pytest.skip("the site was built without npm or without pip")
    return open_page


def run_block(page, number):
    """Press Run below a block, and wait until it has run or failed."""
    page.locator(".live-bar button:first-child").nth(number).click()
    expect(page.locator(".live-shown").nth(number)).to_have_attribute("data-done", "yes", timeout=LONG)


def test_the_last_block_runs_those_above_it_first(open_live):
    page = open_live("tutorial/first-steps/")
    wants = wanted(FIRST)
    assert page.locator(".live-bar").count() == len(wants)
    run_block(page, len(wants) - 1)
    said = page.locator(".live-shown").all_inner_texts()
    said = ["" if not text else f"{text.rstrip()}\n" for text in said]
    for want, got in zip(wants, said, strict=True):
        assert OutputChecker().check_output(want, got, 0), (want, got)


def test_an_exercise_is_answered_on_the_page(open_live):
    page = open_live("course/01-from-go-to-functions/", dark=True)
    blocks = [block for block, _ in blocks_of("course/01-from-go-to-functions.md")]
    number = next(n for n, block in enumerate(blocks) if "kind_and_name = ..." in block)
    shown = page.locator(".live-shown").nth(number)
    edit = page.locator(".live-bar").nth(number).get_by_text("Edit")
    edit.focus()
    page.keyboard.press("Enter")
    field = page.locator(".live-field")
    expect(field).to_be_focused()
    assert field.input_value() == blocks[number].rstrip()
    answers = {
        "each(lambda info: Success(info.name))": r"Not yet\. This does not hold: .*kind/name",
        "(": r"line \d+: .*never closed",
        "each(lambda info: Success(f'{info.kind}/{info.name}'))": r"Right: ",
    }
    for answer, said in answers.items():
        field.fill(blocks[number].replace("...", answer))
        field.press("Control+Enter")
        expect(shown).to_have_text(re.compile(said), timeout=LONG)
    field.fill("while True: pass")
    run = page.locator(".live-bar").nth(number).get_by_role("button")
    run.click()
    expect(page.locator(".live-status").nth(number)).to_have_text("Running…")
    run.click()
    expect(shown).to_contain_text("Stopped")
    expect(run).to_have_text("Run")


def test_without_hypothesis_a_check_says_what_it_needs(open_live):
    page = open_live("explanation/laws/")
    page.route("**/checks.zip", lambda asked: asked.fulfill(status=404))
    run_block(page, 2)
    assert page.locator(".live-shown").nth(0).inner_text().strip() == "True"
    assert "run them with Python on your machine" in page.locator(".live-shown").nth(2).inner_text()
