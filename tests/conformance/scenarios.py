"""The table of scenarios, and how a row is run by one of the two command lines in a namespace of its own."""

from __future__ import annotations

import json
import re
import shlex
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.commands import Command, Ran, nothing
from tests.conformance.compare import differences, error_classes, lines, log_kinds, without_log
from tests.conformance.left import Objects, comparable
from tests.conformance.server import Server

HERE = Path(__file__).parent
MANIFESTS = HERE / "manifests"
ESTABLISHED, OBSERVED = "$ESTABLISHED", "$OBSERVED"
"""Steps that wait: for the custom kind of the row to be served, for its deployments to have been seen."""

OBSERVE = "wait --for=jsonpath={.status.observedGeneration}=1 deployment --all"
WORDS = {
    r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z": "TIME",
    r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b": "UID",
    r"resourceVersion(\"?): ?\"\d+\"": "VERSION",
    r'"managedFields":\[\{.*?\}\]': "FIELDS",
    r"\S*/(LIVE|MERGED)-\w+": r"\1",
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [-+]\d{4}": "TIME",
    r"made-by-server-[a-z0-9]{5}\b": "made-by-server-xxxxx",
    r"\b\d+s\b *": "AGE ",
    r"\b10\.0\.\d+\.\d+\b *": "ADDRESS ",
    r"CLUSTER-IP +": "CLUSTER-IP ",
}
"""What the server makes up, and what is written for it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario: what kubectl prepares on both sides, what is compared, and which difference is known.

    `meanwhile`: what kubectl does once the first command that is compared has said something.
    """

    name: str
    number: int
    given: tuple[str, ...]
    run: tuple[str, ...]
    difference: str = ""
    differs: frozenset[str] = frozenset()
    meanwhile: tuple[str, ...] = ()

    def namespace(self, side: str) -> str:
        """The namespace of the row, as long for one side as for the other: columns stay as wide."""
        return f"{self.mark(side)}-{self.name}"

    def mark(self, side: str) -> str:
        """What the names of all that the row makes begin with."""
        return f"{side}{self.number:03}"


@dataclass(frozen=True, slots=True)
class Step:
    """What one command left, made comparable."""

    status: int
    stdout: Counter[str]
    errors: frozenset[str]
    log: frozenset[str] = frozenset()


def table() -> list[Row]:
    """Every row of `scenarios/`, one file a verb."""
    files = sorted((HERE / "scenarios").glob("*.yaml"))
    entries = {name: entry for file in files for name, entry in yaml.safe_load(file.read_text()).items()}
    return [_row(name, number, entry) for number, (name, entry) in enumerate(entries.items())]


def rows(path: Path, first: int = 0) -> list[Row]:
    """The rows of a table, numbered from a number of its own."""
    table = yaml.safe_load(path.read_text())
    return [_row(name, number, entry) for number, (name, entry) in enumerate(table.items(), first)]


def _row(name: str, number: int, entry: Any) -> Row:
    fields = entry if isinstance(entry, dict) else {"run": entry}
    assert fields.keys() <= {"given", "run", "meanwhile", "difference", "in"}, (
        f"{name}: what does a row with {[*fields]} mean?"
    )
    given, run, meanwhile = (_steps(fields.get(part, [])) for part in ("given", "run", "meanwhile"))
    differs = frozenset(fields.get("in", ()))
    return Row(name, number, given, run, fields.get("difference", ""), differs, meanwhile)


def _steps(entry: str | list[str]) -> tuple[str, ...]:
    return (entry,) if isinstance(entry, str) else tuple(entry)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where rows are run: the server, a folder for files, and the address at which that folder is served."""

    server: Server
    folder: Path
    url: str

    def prepare(self, namespace: str) -> None:
        """A namespace, a kubeconfig for it, and the manifests with its name written in."""
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        assert self.server.send("POST", "/api/v1/namespaces", made).status == 201, namespace
        config = yaml.safe_load(self.server.kubeconfig.read_text())
        config["contexts"][0]["context"]["namespace"] = namespace
        config["clusters"][0]["cluster"]["certificate-authority"] = str(self.server.folder / "ca.pem")
        for source in (path for path in MANIFESTS.rglob("*") if path.is_file()):
            target = self.folder / namespace / source.relative_to(MANIFESTS)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes().replace(b"$NS", namespace.encode()))
        (self.folder / f"{namespace}.kubeconfig").write_text(json.dumps(config))

    def run(self, row: Row, side: str, kubectl: Command, judged: Command) -> list[Ran]:
        """Run a row on one side: what came of each command that is compared."""
        namespace = row.namespace(side)
        self.prepare(namespace)
        for line in row.given:
            self._given(line, namespace, kubectl)
        if not row.meanwhile:
            return [self._step(line, namespace, judged) for line in row.run]
        (line,) = row.run
        return [self._step(line, namespace, judged, lambda: self._meanwhile(row, namespace, kubectl))]

    def _meanwhile(self, row: Row, namespace: str, kubectl: Command) -> None:
        for line in row.meanwhile:
            self._given(line, namespace, kubectl)

    def _given(self, line: str, namespace: str, kubectl: Command) -> None:
        ran = self._step(OBSERVE if line == OBSERVED else line, namespace, kubectl)
        assert ran.status == 0, f"{namespace}: {line}: {ran.stderr}"

    def _step(
        self, line: str, namespace: str, command: Command, meanwhile: Callable[[], object] = nothing
    ) -> Ran:
        if line == ESTABLISHED:
            await_kind(self.server, f"{namespace}.example.com")
            return Ran(0, "", "")
        here = self.folder / namespace
        words, _, file = (
            line.replace("$NS", namespace).replace("$URL", f"{self.url}/{namespace}").partition(" < ")
        )
        stdin = (here / file.strip()).read_text() if file else ""
        named, arguments = split_variables(shlex.split(words))
        config = self.folder / f"{namespace}.kubeconfig"
        configured = replace(command, kubeconfig=config, variables=named)
        return configured(*arguments, stdin=stdin, cwd=here, meanwhile=meanwhile)


def split_variables(words: list[str]) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The variables that are set before a command, as in a shell, and its words."""
    named = list(takewhile(lambda word: re.match("[A-Z_]+=", word), words))
    pairs = (word.partition("=") for word in named)
    return tuple((name, value) for name, _, value in pairs), words[len(named) :]


def step(ran: Ran, namespace: str) -> Step:
    """What a command left, without the names that only its side knows."""
    text = ran.stdout.replace(namespace, "NAMESPACE")
    for pattern, word in WORDS.items():
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return Step(ran.status, lines(text), error_classes(without_log(ran.stderr)), log_kinds(ran.stderr))


@dataclass(frozen=True, slots=True)
class Verdict:
    """In what runs of a row differ (`status`, `stdout`, `errors`, `log`, `objects`), and what was seen."""

    differs: frozenset[str]
    told: str


def judged(row: Row, ran: tuple[list[Ran], list[Ran]], left: tuple[Objects, Objects]) -> Verdict:
    """Compare what the two sides, kubectl's first, said and left."""
    names = row.namespace("k"), row.namespace("f")
    steps = [[step(each, name) for each in side] for side, name in zip(ran, names, strict=True)]
    pairs = list(zip(*steps, strict=True))
    found = {
        part
        for part in ("status", "stdout", "errors", "log")
        if any(getattr(a, part) != getattr(b, part) for a, b in pairs)
    }
    theirs, ours = map(comparable, left, names)
    unlike = list(differences(theirs, ours))
    said = [
        f"{side}: exit {each.status}\n{each.stdout}{each.stderr}"
        for side, all in zip(names, ran, strict=True)
        for each in all
    ]
    told = "\n".join(
        [f"differs in {sorted(found)}, known to in {sorted(row.differs)}: {row.run}", *said, *unlike]
    )
    return Verdict(frozenset(found | ({"objects"} if unlike else set())), told)


def await_kind(server: Server, group: str, seconds: float = 30) -> None:
    """Wait until the server serves a group and tells of it."""
    until = time.monotonic() + seconds
    accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
    while time.monotonic() < until:
        groups = server.send("GET", "/apis", Accept=accept).json()["items"]
        named = [each["versions"] for each in groups if each["metadata"]["name"] == group]
        if (
            named
            and named[0][0].get("resources")
            and server.send("GET", f"/apis/{group}/v1/widgets").status == 200
        ):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{group} was not served after {seconds} seconds")
