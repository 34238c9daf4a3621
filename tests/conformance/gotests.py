"""What Go's own tests ask of the functions that fkube follows, and what these answer: recorded, call by call.

The tests of a package are run in a copy of its module in which some functions are recorded: those that the
first lines of `server/testdata/recorders/<package>.go` name (`// real: func Parse(`) get another name, and
those of the recorder stand in their place. So a table counts whatever its shape, and so does a case that a
test makes up.
Recorded once for each version of Kubernetes and of the recorders, and kept in `.cache/`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.conformance.assets import CACHE, MODULE, go_command, version

RECORDERS = MODULE / "testdata" / "recorders"
HEAD = re.compile(r"^// real: (func .*\()$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Package:
    """A package of Go whose tests are run, in its module; `needs`: the folders of the module to copy."""

    module: str
    folder: str
    needs: tuple[str, ...] = ("pkg", "third_party")

    @property
    def name(self) -> str:
        """The package's name, which its recorder has too."""
        return self.folder.rpartition("/")[2]


APIMACHINERY, MERGE_DIFF = "k8s.io/apimachinery", "sigs.k8s.io/structured-merge-diff/v6"
_DIFF = ("fieldpath", "internal", "merge", "schema", "typed", "value")
PACKAGES = (
    Package(APIMACHINERY, "pkg/api/resource"),
    Package(APIMACHINERY, "pkg/fields"),
    Package(APIMACHINERY, "pkg/labels"),
    Package(APIMACHINERY, "pkg/util/jsonmergepatch"),
    Package(APIMACHINERY, "pkg/util/strategicpatch"),
    Package("k8s.io/client-go", "util/jsonpath", ("util/jsonpath", "third_party")),
    Package(MERGE_DIFF, "merge", _DIFF),
    Package(MERGE_DIFF, "typed", _DIFF),
)


def recorded_calls(name: str) -> Iterator[dict[str, Any]]:
    """The calls that the tests of a package make, each once."""
    file = _recordings() / f"{name}.jsonl"
    return (json.loads(line) for line in dict.fromkeys(file.read_text().splitlines()))


def _recordings() -> Path:
    """The folder of all recordings, made where it is not there yet; it appears at once and whole."""
    recorders = b"".join(each.read_bytes() for each in sorted(RECORDERS.glob("*.go")))
    stamp = sha256(recorders + repr(PACKAGES).encode()).hexdigest()[:12]
    folder = CACHE / version() / f"recorded-{stamp}"
    if not folder.exists():
        work = folder.with_name(f".{folder.name}.{os.getpid()}")
        _record_all(work)
        shutil.rmtree(work / "src")
        work.replace(folder)
    return folder


def _record_all(work: Path) -> None:
    """Copy the modules, put the recorders in, and run the tests of every package."""
    print("conformance: recording Go's own tests (a minute, the first time only)", file=sys.stderr)
    modules = {package.module: work / "src" / package.module for package in PACKAGES}
    for package in PACKAGES:
        _copy_module(package, modules[package.module])
        _put_recorder(package, modules[package.module] / package.folder)
    module_file = _write_module_file(work / "src", modules)
    for package in PACKAGES:
        target = f"{package.module}/{package.folder}"
        record = {"RECORD": str(work / f"{package.name}.jsonl")}
        _run(["test", "-count=1", "-vet=off", f"-modfile={module_file}", target], record)


def _copy_module(package: Package, into: Path) -> None:
    """Copy what is needed of a module, as far as it is not there yet."""
    found = Path(_run(["list", "-m", "-f", "{{.Dir}}", package.module]).strip())
    for each in package.needs:
        if (found / each).exists() and not (into / each).exists():
            # What a module cache holds can't be written to; its copy can.
            shutil.copytree(found / each, into / each, copy_function=shutil.copyfile)
            for inner in (into / each).rglob("*"):
                inner.chmod(0o755 if inner.is_dir() else 0o644)
    shutil.copyfile(found / "go.mod", into / "go.mod")


def _put_recorder(package: Package, folder: Path) -> None:
    """Rename the functions that a recorder records, and put it beside them."""
    recorder = (RECORDERS / f"{package.name}.go").read_text()
    for head in HEAD.findall(recorder):
        _rename(folder, head)
    (folder / "zz_recorder.go").write_text(recorder)
    common = (RECORDERS / "record.go").read_text()
    (folder / "zz_record.go").write_text(common.replace("package PACKAGE", f"package {package.name}"))


def _rename(folder: Path, head: str) -> None:
    """Give a function the name with `real` before it, where it is defined."""
    name = re.search(r"(\w+)\($", head)
    files = [file for file in folder.glob("*.go") if f"\n{head}" in file.read_text()]
    if name is None or len(files) != 1:
        sys.exit(f"conformance: {folder} has not one function {head}")
    text = files[0].read_text()
    files[0].write_text(text.replace(f"\n{head}", f"\n{head[: name.start()]}real{name[0]}"))


def _write_module_file(folder: Path, modules: dict[str, Path]) -> Path:
    """The judge's module, with the copies in place of the modules."""
    for each in ("go.mod", "go.sum"):
        shutil.copyfile(MODULE / each, folder / each)
    edits = [f"-replace={module}={path}" for module, path in modules.items()]
    _run(["mod", "edit", *edits, str(folder / "go.mod")])
    return folder / "go.mod"


def _run(arguments: Sequence[str], more: dict[str, str] | None = None) -> str:
    """Run the go command in the judge's module; what it says if it fails ends the run."""
    environment = {**os.environ, **(more or {})}
    ran = subprocess.run(
        [go_command(), *arguments], cwd=MODULE, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        sys.exit(f"conformance: go {' '.join(arguments)}\n{ran.stdout}{ran.stderr}")
    return ran.stdout
