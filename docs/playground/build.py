"""Build what runs on pages: Python for browsers, fkube and its imports, examples, what blocks read.

python docs/playground/build.py [SITE]    write it into the assets of a built site, else of site/

Python comes as the npm package `pyodide`, of one version with one checksum, and is kept in .cache/npm/; where
npm is missing, the playground says that it has none. Hypothesis, of the last version without a native part,
comes from pip in the same way, into .cache/wheels/. The pages ask no other host for anything.
"""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256, sha512
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

WHEELS = ROOT / ".cache" / "wheels"
CHECKS = {
    "hypothesis-6.155.7-py3-none-any.whl": "9f634bdb1f9e9b8ab6ba09431cf2deedb750c96978125a6fb3c5a0f6c6db4131",
    "sortedcontainers-2.4.0-py2.py3-none-any.whl": (
        "a163dcaede0f1c021485e957a39245190e74249897e2ae4b2aa38595db237ee0"
    ),
}
"""What checks laws, each with its sha256."""
PURE = "--only-binary=:all: --platform any --python-version 3.14 --implementation py --abi none"
"""What pip calls a wheel without a native part."""
COURSE = ("checking.py", "exercises.py", "material.py", "suspects.py")


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
    for name in ("playground.py", "blocks.py"):
        yield name, (HERE / name).read_bytes()


def page_files() -> Iterator[tuple[str, bytes]]:
    """What blocks read and import: the manifests of the examples, the course without its solutions."""
    for path in sorted((ROOT / "examples" / "manifests").iterdir()):
        yield f"manifests/{path.name}", path.read_bytes()
    for name in COURSE:
        yield name, (ROOT / "docs" / "course" / name).read_bytes()


def fetch_checks() -> list[Path]:
    """The wheels of what checks laws, fetched once and of known checksums; none where they can't be had."""
    wheels = [WHEELS / name for name in CHECKS]
    if not all(wheel.exists() for wheel in wheels):
        WHEELS.mkdir(parents=True, exist_ok=True)
        wanted = ("{}=={}".format(*name.split("-")[:2]) for name in CHECKS)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *PURE.split(), *wanted]
        # What the project is tested with is another version.
        environment = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
        if subprocess.run(command, cwd=WHEELS, env=environment, capture_output=True).returncode:
            return []
    for wheel in wheels:
        if sha256(wheel.read_bytes()).hexdigest() != CHECKS[wheel.name]:
            raise SystemExit(f"{wheel}: this is not what it says: delete it")
    return wheels


def check_files(wheels: list[Path]) -> Iterator[tuple[str, bytes]]:
    """The files of the wheels of what checks laws."""
    for wheel in wheels:
        with ZipFile(wheel) as archive:
            for name in archive.namelist():
                if ".dist-info/" not in name:
                    yield name, archive.read(name)


def write_archive(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write an archive of files; of the same files the same bytes."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in files:
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
        write_archive(folder / "fkube.zip", library_files())
        write_archive(folder / "pages.zip", page_files())
        if wheels := fetch_checks():
            write_archive(folder / "checks.zip", check_files(wheels))


if __name__ == "__main__":
    build(Path(*sys.argv[1:2] or ["site"]).absolute())
