"""Build what the playground needs beside its page: Python for browsers, fkube and its imports, the examples.

python docs/playground/build.py [SITE]    write it into the assets of a built site, else of site/

Python comes as the npm package `pyodide`, of one version with one checksum, and is kept in .cache/npm/; where
npm is missing, the playground says that it has none. The page asks no other host for anything.
"""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha512
from importlib.metadata import files
from pathlib import Path
from shutil import which
from tarfile import open as open_tar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NPM = ROOT / ".cache" / "npm"
VERSION = "314.0.7"
CHECKSUM = "0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A=="
"""The sha512 of the package, which npm calls its integrity."""

RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
PACKAGES = ("returns", "toolz", "typing_extensions", "PyYAML", "urllib3")
LEFT_OUT = ("returns/contrib/", "tlz/", "_yaml/")


def fetch_pyodide() -> Path | None:
    """The npm package, fetched once and of the known checksum; None where there is neither it nor npm."""
    package = NPM / f"pyodide-{VERSION}.tgz"
    if not package.exists():
        if not which("npm"):
            return None
        NPM.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--silent", "--ignore-scripts", f"pyodide@{VERSION}"]
        subprocess.run(command, cwd=NPM, check=True, capture_output=True)
    if b64encode(sha512(package.read_bytes()).digest()).decode() != CHECKSUM:
        raise SystemExit(f"{package}: this is not pyodide {VERSION}: delete it")
    return package


def unpack_runtime(package: Path, folder: Path) -> None:
    """Write the files of the package that a browser needs."""
    with open_tar(package) as archive:
        for name in RUNTIME:
            found = archive.extractfile(f"package/{name}")
            assert found
            (folder / name).write_bytes(found.read())


def library_files() -> Iterator[tuple[str, bytes]]:
    """The files of fkube, of what it imports and of the playground, by their names in a folder of modules."""
    fkube = ROOT / "fkube"
    for path in sorted(
        path for path in fkube.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ):
        yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    for package in PACKAGES:
        for file in files(package) or ():
            name = file.as_posix()
            if file.suffix == ".py" and not name.startswith(LEFT_OUT) and "/tests/" not in name:
                yield name, file.read_binary()
    yield "playground.py", (HERE / "playground.py").read_bytes()


def write_library(path: Path) -> None:
    """Write the archive of modules; of the same modules the same bytes."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in library_files():
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)


def build(site: Path) -> None:
    """Write the examples, and Python if there is one, into the assets of a site."""
    examples = yaml.safe_load((HERE / "examples.yaml").read_text(encoding="utf-8"))
    page = site / "assets" / "playground"
    page.mkdir(parents=True, exist_ok=True)
    (page / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
    if package := fetch_pyodide():
        folder = site / "assets" / "pyodide"
        folder.mkdir(parents=True, exist_ok=True)
        unpack_runtime(package, folder)
        write_library(folder / "fkube.zip")


if __name__ == "__main__":
    build(Path(*sys.argv[1:2] or ["site"]).absolute())
