"""What is recorded of kubectl's flags, beside the help of the kubectl that is judged by."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest

from fkube.cli.command import command
from tests.conformance.commands import BIN
from tests.conformance.flags import RECORDED, shown

KUBECTL = json.loads(RECORDED.read_text())


def _help(name: str) -> str:
    words = [*name.split(), "--help"] if name else ["options"]
    environ = {**os.environ, "KUBECACHEDIR": ""}
    ran = subprocess.run([BIN / "kubectl", *words], capture_output=True, text=True, env=environ)
    return ran.stdout


@pytest.mark.parametrize("name", KUBECTL, ids=lambda name: name or "global")
def test_recorded_flags_are_those_of_kubectls_help(name: str) -> None:
    seen, kept = shown(_help(name)), KUBECTL[name]
    assert seen.keys() == {flag for flag, (*_, deprecated) in kept.items() if not deprecated}
    defaults = {flag: (short, default) for flag, (short, default, *_) in kept.items() if flag in seen}
    # The folder of the cache is that of whoever asks.
    assert {**seen, "cache-dir": None} == {**defaults, "cache-dir": None}


@pytest.mark.parametrize("name", [name for name in KUBECTL if "output" in KUBECTL[name]])
def test_the_outputs_of_kubectls_help_are_offered(name: str) -> None:
    told = re.search(r"--output=.*:\n\t(?:.*[Oo]ne of:? *)\(?([^)]*?)[).]", _help(name))
    theirs = set(re.findall(r"[\w-]+", told[1].replace(" or ", ","))) if told else set()
    (flag,) = (flag for flag in command(name).flags if flag.name == "output")
    assert theirs - {*flag.choices} == set(), (theirs, flag.choices)
