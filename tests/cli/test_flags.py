"""The flags of each command beside kubectl's, which are recorded: names, shorthands, defaults, kinds.

What fkube adds, what it refuses and what it has otherwise stands here, with the reason; nothing else differs.
"""

import json
from pathlib import Path

import pytest

from fkube.cli.command import GLOBAL, command
from fkube.cli.flags import Flag
from fkube.cli.help import default_text
from fkube.cli.overview import COMMANDS, SUBCOMMANDS

KUBECTL = json.loads(Path(__file__).with_name("kubectl-flags.json").read_text())
BATCH = dict.fromkeys(("arrange", "plan-first", "report", "resume"), "what kubectl does not do for batches")
ADDED = {
    "": {"embedded": "a cluster in memory", "timeout-run": "kubectl has no end for a whole run"},
    "create": BATCH,
    "apply": {
        **BATCH,
        "plan": "a kept plan is sent",
        "applyset": "kubectl has it with KUBECTL_APPLYSET=true",
    },
    "wait": {"kustomize": "as of every other command with -f"},
}
REFUSED: dict[str, dict[str, str]] = {}
OTHERWISE: dict[tuple[str, str], str] = {}
OURS = ("plan", "trace", "cluster", "doctor")
"""The commands that kubectl does not have."""

KINDS = {
    "bool": "bool",
    "string": "string",
    "stringSlice": "strings",
    "stringArray": "list",
    "int": "int",
    "int64": "int",
    "duration": "duration",
    "Level": "level",
    "moduleSpec": "levels",
}
"""The kinds of flags, by the types of pflag."""


def _flags(name: str) -> dict[str, Flag]:
    return {flag.name: flag for flag in (command(name).flags if name else GLOBAL)}


@pytest.mark.parametrize("name", KUBECTL, ids=lambda name: name or "global")
def test_flags_are_those_of_kubectl(name):
    ours, theirs = _flags(name), KUBECTL[name]
    assert ours.keys() - theirs.keys() == ADDED.get(name, {}).keys()
    assert theirs.keys() - ours.keys() == REFUSED.get(name, {}).keys()
    for both in ours.keys() & theirs.keys():
        flag, (short, default, bare, kind, deprecated) = ours[both], theirs[both]
        seen = (flag.short, default_text(flag).strip("'"), flag.value_alone, flag.kind, flag.deprecated)
        same = seen == (short, default, bare, KINDS[kind], deprecated)
        assert same != ((name, both) in OTHERWISE), (both, seen, theirs[both])


def test_every_command_is_compared():
    assert {*COMMANDS, *SUBCOMMANDS} - set(OURS) == KUBECTL.keys() - {""}
