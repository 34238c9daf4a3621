"""A fold over many outcomes: what is kept is a count, so memory does not grow with the input."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.report import Outcome


def manifests(count: int) -> Iterator[str]:
    """Documents, one after another; every hundredth is of a kind that no server has."""
    for n in range(count):
        kind = "ConfigMop" if n % 100 == 99 else "ConfigMap"
        yield f"---\napiVersion: v1\nkind: {kind}\nmetadata:\n  name: settings-{n}\n"


def counted(counts: dict[str, int], outcome: Outcome) -> dict[str, int]:
    """One more outcome of its action: a pure step from count to count."""
    return {**counts, outcome.action: counts.get(outcome.action, 0) + 1}


def run(count: int, directory: Path) -> None:
    """Create that many documents, dry, and the peak of memory meanwhile in MiB."""
    file = directory / "many.yaml"
    with file.open("w") as stream:
        stream.writelines(manifests(count))
    pipeline = pipe(b.builder(), b.filenames(str(file)), b.default_namespace, b.continue_on_error, b.do)
    tracemalloc.reset_peak()
    counts = edge.fold(edge.embedded(), verbs.create(dry_run="server"), counted, dict[str, int]())(pipeline)
    print(counts, f"(peak {tracemalloc.get_traced_memory()[1] / 2**20:.1f} MiB)")


tracemalloc.start()
with TemporaryDirectory() as directory:
    for count in (500, 1_500):
        run(count, Path(directory))
