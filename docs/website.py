"""Build the site of docs/: its pages, and pages made of the files to which they link.

python docs/website.py [FOLDER]    build it in FOLDER, else in site/; whatever is wrong with it is an error

A link of a page to a file that is no page leads, on the site, to a page that shows the file; examples with
what they print. Notebooks are pages with the outputs that are kept in them. Zensical, which makes HTML of all
that, reads a copy of docs/ in a temporary folder.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from shutil import copytree, ignore_patterns, move, rmtree
from tempfile import TemporaryDirectory
from typing import Any

import api
import yaml
from live import with_live
from notebooks import COLOUR, render_notebook
from pages import ROOT, Pages, read_pages
from shown import TRACE, make_trace, with_shown

DOCS = ROOT / "docs"
NOT_ON_THE_SITE = ignore_patterns(
    "*.py", "*.tsv", "*.markdown", "slides.html", "examples.yaml", "__pycache__", ".*"
)
FINISHED_BY = (("docs/course/make.py", "--slides", "course"), ("docs/playground/build.py", "."))
"""Scripts which write into the built site, each with its words, of which the last is the folder there."""
PROGRAMS = (".py", ".ipynb")
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")
FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
DOCTEST = re.compile(r"  # doctest: \+\w+$|^<BLANKLINE>$", re.MULTILINE)


def linked_files() -> Iterator[Path]:
    """The files and folders that are no pages to which pages of docs/ link."""
    for name, text in read_pages().items():
        for found in LINK.finditer(FENCED.sub("", text)) if name.startswith("docs/") else ():
            path = (ROOT / name).parent / found[2]
            if path.exists() and is_shown(path.resolve()):
                yield path.resolve()


def is_shown(path: Path) -> bool:
    """Whether a file has a page that shows it: it is outside docs/, or a program or notebook there."""
    return path.suffix in PROGRAMS or not path.is_relative_to(DOCS)


def title_of(path: Path) -> str:
    """The title of the page of a file: that of its recipe in the cookbook, else its name."""
    number = re.match(r"(\d+)_", path.name)
    recipes = (DOCS / "how-to" / "cookbook.md").read_text(encoding="utf-8")
    recipe = number and re.search(rf"^## ({int(number[1])}\. .*)$", recipes, re.MULTILINE)
    return recipe[1] if recipe else path.name


def name_of(path: Path) -> str:
    """A file as it is called from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def printed_by(path: Path) -> str:
    """What an example prints, but for where on this machine it stands."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, path.name]
    run = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, encoding="utf-8", check=True
    )
    return run.stdout.replace(f"{ROOT}/", "").rstrip()


def render_file(path: Path) -> str:
    """A page which shows a file, or the files of a folder."""
    if path.is_dir():
        files = sorted(found for found in path.iterdir() if found.is_file())
        return f"# {title_of(path)}\n\n" + "\n\n".join(map(render_member, files)) + "\n"
    if path.suffix == ".ipynb":
        return render_notebook(path.read_text(encoding="utf-8"), path.name)
    return render_program(path)


def render_member(path: Path) -> str:
    """A file of a folder: a link to the page of a program, or its text."""
    if path.suffix == ".py":
        return f"* [{title_of(path)}]({path.parent.name}/{path.stem}.md)"
    return f'```{path.suffix[1:]} title="{name_of(path)}"\n{path.read_text(encoding="utf-8").rstrip()}\n```'


def render_program(path: Path) -> str:
    """A page which shows a program, and what it prints if it is an example."""
    text = path.read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text)) or ""
    code = text.partition('"""\n')[2].strip()
    parts = [f"# {title_of(path)}", said, f'```python title="{name_of(path)}"\n{code}\n```']
    if path.is_relative_to(ROOT / "examples"):
        parts += ["It prints:", f"```text\n{printed_by(path)}\n```"]
    return "\n\n".join(parts) + "\n"


def page_of_file(path: Path) -> str:
    """Where on the site a file is shown."""
    shown = path.with_suffix("") if path.suffix in PROGRAMS else path
    return f"{name_of(shown).removeprefix('docs/')}.md"


def make_files() -> Pages:
    """The pages which are made of files: programs, notebooks, modules, the changelog."""
    files = dict.fromkeys((*linked_files(), *sorted(DOCS.glob("**/*.ipynb"))))
    with ThreadPoolExecutor(2) as runner:
        shown = dict(zip(map(page_of_file, files), runner.map(render_file, files), strict=True))
    names = (f"fkube.{name}" for name in api.MODULES)
    modules = {f"reference/modules/{name[6:]}.md": f"# {name}\n\n::: {name}\n" for name in names}
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").replace("](docs/", "](")
    return {**shown, **modules, "changelog.md": changelog}


def site_path(target: str, page: str) -> str:
    """A link as it is on the site: to a file that is no page it leads to the page that shows it."""
    path = Path(os.path.normpath(DOCS / page / ".." / target))
    if re.match(r"[a-z]+:", target) or not path.exists() or not is_shown(path):
        return target
    return os.path.relpath(page_of_file(path), Path(page).parent)


def with_links(text: str, page: str) -> str:
    """A page with its links as they are on the site; code stays as it is."""
    parts = FENCED.split(text)
    return "".join(
        part
        if number % 2
        else LINK.sub(lambda found: f"{found[1]}{site_path(found[2], page)}{found[3]}", part)
        for number, part in enumerate(parts)
    )


def with_prompts(text: str) -> str:
    """A page on which code with prompts is marked as such, without what only the tests have to know."""
    return re.sub(r"^```py(thon)?\n(?=>>> )", "```pycon\n", DOCTEST.sub("", text), flags=re.MULTILINE)


def as_on_site(text: str, page: str) -> str:
    """A page as it is on the site."""
    return with_prompts(with_live(with_shown(with_links(text, page), page), page))


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


def read_settings(names: list[str]) -> dict[str, Any]:
    """What mkdocs.yml says, with what it names found from a temporary folder; `names`: the pages."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    python = settings["plugins"][1]["mkdocstrings"]["handlers"]["python"]
    python["paths"] = [str(ROOT)]
    python["options"]["extensions"] = [str(ROOT / path) for path in python["options"]["extensions"]]
    return {**settings, "nav": expand_nav(settings["nav"], names)}


def write_sources(sources: Path) -> None:
    """Write what the site is made of: the pages as they are on the site, their assets, and the settings."""
    copytree(DOCS, sources / "docs", ignore=NOT_ON_THE_SITE)
    written = {path.relative_to(DOCS).as_posix(): path.read_text("utf-8") for path in DOCS.glob("**/*.md")}
    pages = {**written, **make_files()}
    on_site = {name: as_on_site(text, name) for name, text in pages.items()}
    for name, text in {**on_site, str(TRACE): make_trace()}.items():
        (sources / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / "docs" / name).write_text(text, encoding="utf-8")
    settings = yaml.safe_dump(read_settings(sorted(pages)))
    (sources / "mkdocs.yml").write_text(settings, encoding="utf-8")


def build_site(folder: Path) -> None:
    """Build the site in a folder, of which nothing that was there stays."""
    with TemporaryDirectory() as sources:
        write_sources(Path(sources))
        command = [sys.executable, "-m", "zensical", "build", "--strict"]
        run = subprocess.run(command, cwd=sources, capture_output=True, encoding="utf-8")
        if run.returncode:
            # Behind what is wrong stands where in zensical that was noticed.
            raise SystemExit(COLOUR.sub("", run.stdout + run.stderr.partition("Traceback")[0]))
        rmtree(folder, ignore_errors=True)
        move(Path(sources) / "site", folder)
    for script, *words, last in FINISHED_BY:
        subprocess.run([sys.executable, script, *words, folder / last], cwd=ROOT, check=True)


if __name__ == "__main__":
    build_site(Path(*sys.argv[1:2] or ["site"]).absolute())
