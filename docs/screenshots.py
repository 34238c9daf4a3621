"""Take the pictures of the pages which show a screen: by Chromium, of what runs.

python docs/screenshots.py    write them to docs/assets/screenshots/; where there is no Chromium, pages do without
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright


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
