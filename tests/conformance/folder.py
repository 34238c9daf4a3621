"""fkube and kubectl over a folder of real manifests, each on a server of its own: what differs, file by file.

`python -m tests.conformance.folder FOLDER [HOW_MANY [SEED]]` draws files, as many of each of its folders. It
puts what defines their kinds, and their namespaces, on both servers, runs STEPS with each, and last compares
all that is left.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from toolz import concat, groupby, partition_all

from tests.conformance.assets import assets
from tests.conformance.commands import Command, Ran, fkube, kubectl
from tests.conformance.compare import TIME, differences, error_classes
from tests.conformance.left import comparable, everything
from tests.conformance.server import Server, running

STEPS = (
    "create --dry-run=client -o json -f FILE",
    "create --dry-run=client --validate=false -o yaml -n elsewhere -f FILE",
    "apply -f FILE",
    "apply -f FILE",
    "diff -f FILE",
    "get -o name -f FILE",
    "get -f FILE --no-headers -o wide",
    "label real=yes -f FILE",
    "apply -f FILE",
    "apply --server-side -f FILE",
    "apply --server-side --force-conflicts -f FILE",
    "replace -f FILE",
    "get -o jsonpath={.kind}{.metadata.labels} -f FILE",
    "delete --wait=false -f FILE",
)
READ_ONLY = STEPS[:2]
"""What is done with files of objects that would change how the server treats others, or that never go."""
HEAVY = re.compile(
    rb"kind\"?: *\"?(\w*WebhookConfiguration|APIService|Namespace|CustomResourceDefinition"
    rb"|\w+AdmissionPolicy\w*)\b"
)
DEFINES = re.compile(rb"(?m)^\"?kind\"?: *\"?CustomResourceDefinition\b")
GROUP = re.compile(rb"(?m)^\"?apiVersion\"?: *\"?([a-z0-9.-]+\.[a-z0-9.-]+)/")
DEFINED = re.compile(rb"(?m)^  group: *\"?([a-z0-9.-]+)")
NAMESPACE = re.compile(rb"(?m)^ *\"?namespace\"?: *\"?([a-z0-9][a-z0-9-]*)\"? *$")
SAID_ON_PURPOSE = (
    (re.compile(r" serverside-applied$", re.M), " APPLIED"),
    (re.compile(r"(?<= )(configured|unchanged)$", re.M), "APPLIED"),
    (re.compile(r" (replaced|labeled) \(no change\)$", re.M), r" \1"),
    (re.compile(r"\b\d+[smhd](\d+[smh])?\b"), "AGE"),
    (re.compile(r"/tmp/(LIVE|MERGED)-\w+"), r"\1"),
    (re.compile(r"\t\d{4}-\d\d-\d\d \d\d:.*$", re.M), ""),
    (TIME, "TIME"),
)
MADE_UP = re.compile(
    r"(uid|resourceVersion|generation|creationTimestamp|clusterIP|nodePort)\"?: *\S+"
    r"|^[+ -]  - 10\.0\.\d+\.\d+$|\b10\.0\.\d+\.\d+\b|(?<=\d):3[0-2]\d{3}/"
    r"|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    re.M,
)


def main(folder: Path, how_many: int = 500, seed: int = 0) -> int:
    """Print where the tools differ, and how much was compared; 1 if they do."""
    files = sorted(
        path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml", ".json") and path.is_file()
    )
    drawn = _draw(files, folder, how_many, random.Random(seed))
    found = assets()
    with ExitStack() as stack:
        servers = [stack.enter_context(running(found)) for _ in range(2)]
        theirs, ours = kubectl(servers[0]), fkube(servers[1])
        own = {key for server in servers for key, _ in everything(server)}
        for server in servers:
            _prepare(kubectl(server), files, drawn)
        told = [line for file in drawn for line in _of_file(theirs, ours, file)]
        told += _of_servers(servers, own)
        objects = sum(1 for _ in everything(servers[1]))
    print(*told, f"{len(drawn)} files, {len(told)} differences; {objects} objects at the end", sep="\n")
    return bool(told)


def _draw(files: Sequence[Path], folder: Path, how_many: int, chance: random.Random) -> list[Path]:
    """Draw files, as many of each folder in the folder as there are."""
    parts = groupby(lambda file: file.relative_to(folder).parts[0], files)
    share = max(1, how_many // len(parts))
    return sorted(concat(chance.sample(part, min(share, len(part))) for part in parts.values()))


def _prepare(command: Command, files: Sequence[Path], drawn: Sequence[Path]) -> None:
    """Create what the folder defines of what is drawn, and the namespaces of the files that are drawn."""
    texts = [file.read_bytes() for file in drawn]
    names = {name.decode() for text in texts for name in NAMESPACE.findall(text)} | {"elsewhere"}
    groups = {group for text in texts for group in GROUP.findall(text)}
    for name in sorted(names):
        command("create", "namespace", name)
    for chunk in partition_all(40, filter(partial(_defines, groups), files)):
        command("create", "--validate=false", *(f"--filename={file}" for file in chunk))


def _defines(groups: Set[bytes], file: Path) -> bool:
    """Whether a file defines kinds of one of the groups."""
    text = file.read_bytes()
    return bool(DEFINES.search(text)) and not groups.isdisjoint(DEFINED.findall(text))


def _of_file(theirs: Command, ours: Command, file: Path) -> Iterator[str]:
    """Where the tools differ over one file."""
    steps = READ_ONLY if HEAVY.search(file.read_bytes()) else STEPS
    for number, step in enumerate(steps):
        words = step.replace("FILE", str(file)).split(" ")
        with ThreadPoolExecutor(2) as pool:
            one, other = (each.result() for each in [pool.submit(tool, *words) for tool in (theirs, ours)])
        if unlike := list(_unlike(one, other)):
            print(f"{file}: {number} {step}", *unlike, sep="\n    ", flush=True)
            yield f"{file}: {number} {step}"


def _unlike(one: Ran, other: Ran) -> Iterator[str]:
    """Where two runs differ, but for `own-values-are-no-conflict` of `differences.yaml`."""
    if other.status == 0 and 'with "kubectl-client-side-apply" using' in one.stderr:
        return
    if one.status != other.status:
        yield f"exit {one.status} | {other.status}"
    first, second = (_lines(ran.stdout) for ran in (one, other))
    yield from (f"stdout only kubectl: {line[:300]}" for line in first - second)
    yield from (f"stdout only fkube: {line[:300]}" for line in second - first)
    if error_classes(one.stderr) != error_classes(other.stderr):
        yield f"stderr {sorted(error_classes(one.stderr))} | {sorted(error_classes(other.stderr))}"
    if one.status != other.status or error_classes(one.stderr) != error_classes(other.stderr):
        yield f"kubectl: {one.stderr[:500]}"
        yield f"fkube: {other.stderr[:500]}"


def _lines(text: str) -> Counter[str]:
    for pattern, instead in SAID_ON_PURPOSE:
        text = pattern.sub(instead, text)
    # Columns are as wide as what the server made up.
    return Counter(" ".join(line.split()) for line in MADE_UP.sub("", text).splitlines() if line.strip())


def _of_servers(servers: Iterable[Server], own: Set[str]) -> list[str]:
    """Where what is left differs, but for objects of the servers' own."""
    left, right = (
        comparable({key: obj for key, obj in everything(server) if key not in own}, "") for server in servers
    )
    return [line for line in differences(left, right) if not re.search(r"\.conditions|lastTransition", line)]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *(int(word) for word in sys.argv[2:])))
