"""The site as it is built, served on this machine, and Debian's Chromium to look at it.

SITE names a folder with the site (`make pages` does); else it is built once. What a test opens must ask no
other host for anything and write no error on the console.
"""

import os
import subprocess
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect
from screenshots import find_chromium, launch

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the built site."""
    if built := os.environ.get("SITE"):
        return Path(built).absolute()
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "docs/website.py", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    built = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8")
    assert built.returncode == 0, built.stdout + built.stderr
    assert built.stdout + built.stderr == ""
    return folder


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# Not a measure of anything: only so that a page which never comes is told.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def browser():
    """Chromium without a window."""
    if not find_chromium():
        pytest.skip("no Chromium here: `apt-get install chromium`, or name one in CHROMIUM")
    with launch() as chromium:
        yield chromium


@pytest.fixture
def open_page(browser, request):
    """Open a page of the site by its path, or any page by its whole URL (`file:` too).

    What the page writes on the console as an error stands in `page.errors`, what it asks of other hosts in
    `page.foreign`; both must be empty when the test ends.
    """
    opened = []

    def open_one(path="", dark=False, width=1280, height=900, **options):
        scheme = "dark" if dark else "light"
        context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height}, **options
        )
        page = context.new_page()
        page.errors, page.foreign = [], []
        opened.append((context, page))
        base = "" if ":" in path else request.getfixturevalue("address") + "/"
        own = (base or path.partition("#")[0], "data:", "blob:", "about:")
        page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        context.on("request", lambda asked: asked.url.startswith(own) or page.foreign.append(asked.url))
        page.goto(base + path.lstrip("/"))
        return page

    yield open_one
    for context, page in opened:
        context.close()
        assert page.errors == []
        assert page.foreign == []
