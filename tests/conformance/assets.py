"""Where the real servers come from: `KUBEBUILDER_ASSETS`, or a build from Go modules, kept in `.cache/`.

`python tests/conformance/assets.py` gets them and prints the folder they are in.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
MODULE = HERE / "server"
CACHE = HERE.parents[1] / ".cache" / "conformance"
PACKAGES = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
}
NO_GO = (
    "conformance: Go is missing, and KUBEBUILDER_ASSETS is not set: install Go 1.26 to build kube-apiserver, "
    "or let KUBEBUILDER_ASSETS name a folder with kube-apiserver and etcd"
)


@dataclass(frozen=True, slots=True)
class Assets:
    """The folder of the binaries. The controller manager may be absent from one that somebody else made."""

    folder: Path

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)

    def __contains__(self, name: object) -> bool:
        return os.access(self.folder / str(name), os.X_OK)


def assets() -> Assets:
    """The binaries: those of `KUBEBUILDER_ASSETS`, else those in the cache, built when they are not there."""
    named = os.environ.get("KUBEBUILDER_ASSETS")
    found = Assets(Path(named)) if named else Assets(CACHE / version())
    missing = [name for name in PACKAGES if name not in found]
    if not named:
        _build(found, missing)
    elif {"etcd", "kube-apiserver"} & set(missing):
        sys.exit(f"conformance: KUBEBUILDER_ASSETS={named} has no executable {' and no '.join(missing)}")
    return found


def version() -> str:
    """The version of Kubernetes that `server/go.mod` asks for: `v1.37.2`."""
    match = re.search(r"k8s\.io/kubernetes (v\S+)", (MODULE / "go.mod").read_text())
    return match.group(1) if match else sys.exit("conformance: server/go.mod requires no k8s.io/kubernetes")


def _build(into: Assets, names: list[str]) -> None:
    """Build what is missing; each appears in the cache at once and whole."""
    go = go_command() if names else ""
    for name in names:
        print(f"conformance: building {name} {version()} (minutes, the first time only)", file=sys.stderr)
        into.folder.mkdir(parents=True, exist_ok=True)
        made = into.folder / f".{name}.{os.getpid()}"
        command = [go, "build", "-trimpath", "-ldflags", _ldflags(), "-o", str(made), PACKAGES[name]]
        if subprocess.run(command, cwd=MODULE, env={**os.environ, "GOFLAGS": "-buildvcs=false"}).returncode:
            sys.exit(f"conformance: {name} could not be built: what go said is above")
        made.replace(into.folder / name)


def go_command() -> str:
    """The go command, 1.26: 1.25 can't build this server, and built with 1.27 it serves a broken OpenAPI."""
    go = shutil.which("go") or sys.exit(NO_GO)
    found = subprocess.run(
        [go, "env", "GOVERSION"], cwd=MODULE, capture_output=True, text=True
    ).stdout.strip()
    if not found.startswith("go1.26"):
        sys.exit(
            f"conformance: kube-apiserver is to be built with Go 1.26, and the go on the PATH is {found}"
        )
    return go


def _ldflags() -> str:
    """No debug symbols, and the version that `/version` gives."""
    major, minor, _ = version().lstrip("v").split(".")
    set_to = {"gitVersion": version(), "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    package = "k8s.io/component-base/version"
    return " ".join(["-s", "-w", *(f"-X {package}.{name}={value}" for name, value in set_to.items())])


if __name__ == "__main__":
    print(assets().folder)
