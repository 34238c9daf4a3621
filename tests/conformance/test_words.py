"""The words of errors: each line that kubectl says of a wrong command line begins a line of fkube's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.commands import Ran, fkube, kubectl
from tests.conformance.scenarios import Row, Stage

WRONG = (Path(__file__).parent / "words.txt").read_text().splitlines()
PREPARED = "words"


def told(ran: Ran, namespace: str) -> list[str]:
    """The lines of stderr but those of kubectl's log, without what only one side knows."""
    text = ran.stderr.replace(namespace, "NAMESPACE")
    return [
        line.rstrip() for line in text.splitlines() if line.strip() and not re.match(r"[EWI]\d{4} ", line)
    ]


@pytest.mark.parametrize("line", WRONG)
def test_kubectls_words_come_first(line: str, stage: Stage) -> None:
    number = 900 + WRONG.index(line)
    row = Row(PREPARED, number, (), (line,))
    real, ours = (
        stage.run(row, side, kubectl(stage.server), command(stage.server))[0]
        for side, command in (("k", kubectl), ("f", fkube))
    )
    expected, found = (told(ran, row.namespace(side)) for ran, side in ((real, "k"), (ours, "f")))
    assert real.status == ours.status, (real, ours)
    missing = [words for words in expected if not any(said.startswith(words) for said in found)]
    assert not missing, "\n".join(["kubectl:", *expected, "fkube:", *found])
