"""What mkdocs asks while it builds the site: pages made of files that are no Markdown, and links to them.

A link of a page to a file outside docs/ leads, on the site, to a page that shows the file; examples with what
they print. Notebooks are pages with the outputs that are kept in them. Nothing is fetched.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import api
from notebooks import render_notebook
from pages import ROOT, read_pages

Made: TypeAlias = Mapping[str, str]
"""The Markdown of pages by their paths, which begin at docs/."""
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
PICTURE = re.compile(r"<!-- screenshot: ([\w-]+), (.*?) -->")
SCREENSHOTS = "assets/screenshots"


def linked_files() -> Iterator[Path]:
    """The files and folders outside docs/ to which pages of docs/ link."""
    for name, text in read_pages().items():
        for found in LINK.finditer(FENCED.sub("", text)) if name.startswith("docs/") else ():
            path = (ROOT / name).parent / found[2]
            if path.exists() and not path.resolve().is_relative_to(ROOT / "docs"):
                yield path.resolve()


def title_of(path: Path) -> str:
    """A file's name as a title."""
    return re.sub(r"^(\d+)_", lambda number: f"{int(number[1])}. ", path.stem).replace("_", " ")


def printed_by(path: Path) -> str:
    """What an example prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, path.name]
    run = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return run.stdout


def render_program(path: Path) -> str:
    """A page which shows a file of Python, and what it prints if it is an example; or the files of a folder."""
    if path.is_dir():
        return render_folder(path)
    text = path.read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text)) or ""
    name = path.relative_to(ROOT).as_posix()
    code = text.partition('"""\n')[2].strip()
    parts = [f"# {title_of(path)}", said, f'```python title="{name}"\n{code}\n```']
    if name.startswith("examples/"):
        parts += ["It prints:", f"```text\n{printed_by(path).rstrip()}\n```"]
    return "\n\n".join(parts) + "\n"


def page_of_file(path: Path) -> str:
    """Where on the site a file outside docs/ is shown."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name.removesuffix('.py')}.md"


def render_folder(folder: Path) -> str:
    """A page which lists the files of a folder by the pages that show them."""
    files = sorted(folder.glob("*.py"))
    links = (f"* [{title_of(path)}]({folder.name}/{path.stem}.md)" for path in files)
    return "\n".join((f"# {title_of(folder)}\n", *links, ""))


@cache
def make_files() -> Made:
    """The pages which are made of files: programs, modules, notebooks, the changelog."""
    files = dict.fromkeys(linked_files())
    with ThreadPoolExecutor(2) as runner:
        programs = dict(zip(map(page_of_file, files), runner.map(render_program, files), strict=True))
    modules = {f"reference/modules/{name}.md": f"# {name}\n\n::: fkube.{name}\n" for name in api.MODULES}
    notebooks = {
        path.relative_to(ROOT / "docs").with_suffix(".md").as_posix(): render_notebook(path.read_text("utf-8"))
        for path in sorted(ROOT.glob("docs/**/*.ipynb"))
    }
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").replace("](docs/", "](")
    return {**programs, **modules, **notebooks, "changelog.md": changelog}


def site_path(target: str, page: str) -> str:
    """A link of a page as it is on the site: to a file outside docs/ it leads to the page which shows it."""
    docs = ROOT / "docs"
    path = Path(os.path.normpath(docs / page / ".." / target))
    if re.match(r"[a-z]+:", target) or not path.exists():
        return target
    if path.suffix == ".ipynb":
        return f"{target.removesuffix('.ipynb')}.md"
    if path.is_relative_to(docs):
        return target
    name = page_of_file(path)
    return os.path.relpath(docs / name, (docs / page).parent)


def with_links(text: str, page: str) -> str:
    """A page with its links as they are on the site; code stays as it is."""
    parts = FENCED.split(text)
    return "".join(
        part
        if number % 2
        else LINK.sub(lambda found: f"{found[1]}{site_path(found[2], page)}{found[3]}", part)
        for number, part in enumerate(parts)
    )


def with_screenshots(text: str, page: str) -> str:
    """A page with the screenshots it names, where the build made them."""

    def show(found: re.Match[str]) -> str:
        path = f"{SCREENSHOTS}/{found[1]}.png"
        there = (ROOT / "docs" / path).exists()
        return f"![{found[2]}]({os.path.relpath(path, Path(page).parent)})" if there else ""

    return PICTURE.sub(show, text)


def expand_nav(nav: Any, names: list[str]) -> Any:
    """The navigation with each pattern replaced by the pages that it fits."""
    match nav:
        case dict():
            return {title: expand_nav(below, names) for title, below in nav.items()}
        case list():
            expanded = (expand_nav(item, names) for item in nav)
            return [part for item in expanded for part in (item if isinstance(item, list) else [item])]
        case str() if "*" in nav:
            return sorted(name for name in names if fnmatch(name, nav))
    return nav


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let the navigation name pages by patterns."""
    names = [path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md")]
    config.nav = expand_nav(config.nav, sorted({*names, *make_files()}))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages which are made."""
    for name, text in make_files().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Lead the links of a page to pages, and show its screenshots."""
    name = page.file.src_uri
    return with_screenshots(with_links(markdown, name), name)
