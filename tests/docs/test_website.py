"""What the site is made of: links to pages that show files, notebooks with outputs, patterns for pages."""

import json
import re
import subprocess
import sys
from pathlib import Path

import notebooks
import pytest
import website

from fkube.cli.program import COMMANDS

ROOT = Path(__file__).parents[2]
LINKS = [
    ("[a](../../examples/counting.py)", "[a](../examples/counting.md)"),
    ("[a](../../examples/cookbook)", "[a](../examples/cookbook.md)"),
    ("[a](../course/solutions.py)", "[a](../course/solutions.md)"),
    ("[a](../course/02-church-encoding.ipynb)", "[a](../course/02-church-encoding.md)"),
    ("[a](cookbook.md#4-a-policy)", "[a](cookbook.md#4-a-policy)"),
    ("[a](https://example.com/a.py)", "[a](https://example.com/a.py)"),
    ("```text\n[a](../../examples/counting.py)\n```", "```text\n[a](../../examples/counting.py)\n```"),
]


@pytest.mark.parametrize(("written", "on_site"), LINKS)
def test_a_link_to_a_file_leads_to_the_page_that_shows_it(written, on_site):
    assert website.with_links(written, "how-to/page.md") == on_site


def test_what_only_the_tests_have_to_know_is_not_on_the_site():
    page = "```python\n>>> f()  # doctest: +ELLIPSIS\na\n<BLANKLINE>\nb\n```\n"
    assert website.with_prompts(page) == "```pycon\n>>> f()\na\n\nb\n```\n"


def test_the_navigation_names_pages_by_patterns():
    nav = [{"A": "a.md"}, {"B": ["b/0.md", "b/*.md"]}]
    found = website.expand_nav(nav, ["a.md", "b/2.md", "b/1.md"])
    assert found == [{"A": "a.md"}, {"B": ["b/0.md", "b/1.md", "b/2.md"]}]


def cell(source, *outputs):
    return {"cell_type": "code", "source": [source], "outputs": list(outputs)}


def test_a_notebook_is_a_page_with_its_outputs():
    text = {"cell_type": "markdown", "source": ["# Title\n", "\n", "Text."]}
    picture = {"data": {"text/plain": ["P"], "image/svg+xml": ["<svg>\n\n", "</svg>"]}}
    said = {"text": ["\x1b[31ma\x1b[0m\n", "b\n"]}
    page = notebooks.render_notebook(
        json.dumps({"cells": [text, cell("f()", said), cell("g()", picture)]}), "07-a.ipynb"
    )
    assert page.startswith('# Title\n\nThis page <a href="07-a.ipynb" download>')
    assert "slides-7.html" in page
    assert "```python\nf()\n```\n\n```{ .text .output }\na\nb\n```\n\n```python\ng()\n```" in page
    assert page.endswith('<div class="output">\n<svg>\n\n</svg>\n</div>\n')


def test_a_recipe_has_the_title_that_it_has_in_the_cookbook():
    page = website.render_program(ROOT / "examples" / "cookbook" / "08_dry_plan.py")
    assert page.startswith("# 8. A dry plan in a test\n")
    assert "It prints:\n\n```text\nPOST /api/v1/namespaces" in page
    assert str(ROOT) not in page


def test_each_command_of_kubectl_is_one_of_ours_or_said_to_be_none():
    kubectl = Path(sys.executable).parent / "kubectl"
    if not kubectl.exists():
        pytest.skip("there is no kubectl here: make test installs it")
    run = subprocess.run([kubectl, "--help"], capture_output=True, encoding="utf-8", check=True)
    theirs = set(re.findall(r"^  ([a-z-]+) +[A-Z]", run.stdout, re.MULTILINE))
    page = (ROOT / "docs" / "coming-from" / "kubectl.md").read_text(encoding="utf-8")
    left_out = set(re.findall(r"`([a-z-]+)`", page.partition("## What fkube does not do")[2]))
    assert theirs - set(COMMANDS) == left_out
