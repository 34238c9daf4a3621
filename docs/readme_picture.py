"""Make the picture of README.md: of the pipeline that examples/pipeline.py makes and runs.

python docs/readme_picture.py [--write | --check]
"""

from contextlib import chdir, redirect_stdout
from io import StringIO
from runpy import run_path
from typing import Any

from pages import ROOT, Pages, run_script

from fkube.pipeline.pictures import svg

PICTURE = "docs/assets/pipeline.svg"


def run_example() -> dict[str, Any]:
    """Run examples/pipeline.py, and give what it has made: its pipeline, and the report of its run."""
    with chdir(ROOT), redirect_stdout(StringIO()):
        return run_path(str(ROOT / "examples" / "pipeline.py"))


def make_pages() -> Pages:
    """Draw the pipeline of README.md: its picture, by its path."""
    return {PICTURE: svg(run_example()["pipeline"], "create")}


if __name__ == "__main__":
    run_script(make_pages)
