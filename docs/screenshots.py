"""Take the pictures of the pages which show a screen: by Chromium, of what runs.

python docs/screenshots.py    write them to docs/assets/shown/; where there is no Chromium, pages do without
"""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from pages import ROOT
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text
from shown import SHOWN, make_trace

FOLDER = ROOT / "docs" / SHOWN
COMMAND = "fkube trace --embedded -f examples/manifests -n shop -l app=web deployment/web"
TERMINAL = """<meta charset="utf-8"><style>
pre {{ background: {background}; color: {foreground}; font: 14px/1.5 "DejaVu Sans Mono", monospace;
  display: inline-block; margin: 0; padding: 1em 1.4em; border-radius: 8px }}
</style><pre>{code}</pre>"""


def find_chromium() -> str:
    """The program that CHROMIUM names, or the first one which is installed; "" if there is none."""
    programs = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in programs if name and (path := shutil.which(name))), "")


@contextmanager
def launch() -> Iterator[Browser]:
    """Chromium without a window."""
    # Its sandbox needs rights which a container has not; what it opens here is ours.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, text: str, scheme: str) -> Iterator[Page]:
    """A page of HTML, in the light or in the dark."""
    size = {"width": 1280, "height": 720}
    page = browser.new_page(color_scheme=scheme, viewport=size, device_scale_factor=1.5)
    page.set_content(text)
    yield page
    page.close()


def read_terminal(command: str) -> str:
    """What a command prints on a terminal, with its colours."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", "TERM": "xterm-256color"}
    words = [sys.executable, "-m", *command.split()]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs):
        os.close(theirs)
        return "".join(_read_all(ours)).replace("\r\n", "\n")


def _read_all(terminal: int) -> Iterator[str]:
    """What is written to a terminal until its last writer ends, which Linux tells as an error."""
    with open(terminal, encoding="utf-8", newline="") as file:
        try:
            yield from file
        except OSError:
            return


def render_terminal(command: str) -> str:
    """A command and what it prints, as HTML."""
    console = Console(record=True, width=100, file=StringIO())
    console.print(Text.from_ansi(f"$ {command}\n{read_terminal(command).rstrip()}"))
    return console.export_html(theme=MONOKAI, inline_styles=True, code_format=TERMINAL)


def take_pictures(browser: Browser) -> None:
    """Take each picture."""
    trace = make_trace()
    for scheme in ("light", "dark"):
        with opened(browser, trace, scheme) as page:
            page.get_by_role("gridcell", name="changed").nth(4).click()
            page.screenshot(path=FOLDER / f"trace-{scheme}.png")
    with opened(browser, render_terminal(COMMAND), "dark") as page:
        page.locator("pre").screenshot(path=FOLDER / "terminal.png", omit_background=True)


def main() -> None:
    """Take the pictures if there is a Chromium."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if find_chromium():
        with launch() as browser:
            take_pictures(browser)


if __name__ == "__main__":
    main()
