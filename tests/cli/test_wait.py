"""What `fkube wait` prints and exits with: a table of cases."""

import pytest

ACTIVE = "--for=jsonpath={.status.phase}=Active"
READY = "--for=condition=Ready"
MET, NOT_MET = "namespace/{} condition met\n", "condition not met for namespaces/{}: {}\n"
THERE, UNREADY = "it is not being deleted", "it has no condition Ready"
LATE = "error: timed out waiting for the condition"
COMMANDS = [
    (["ns/default", ACTIVE], 0, MET.format("default"), ""),
    (["ns/default", ACTIVE, "-o", "name"], 0, "namespace/default\n", ""),
    (["ns/default", ACTIVE, "--for=create"], 0, MET.format("default") * 2, ""),
    (["ns", "default", "kube-system", ACTIVE], 0, MET.format("default") + MET.format("kube-system"), ""),
    (
        ["ns", "--all", ACTIVE, "--field-selector=metadata.name=default", "--timeout=-1s"],
        0,
        MET.format("default"),
        "",
    ),
    (["ns/none", "--for=delete"], 0, "", ""),
    (["pods", "--all", "--for=delete"], 0, "", ""),
    (["ns/none", ACTIVE], 1, "", 'Error from server (NotFound): namespaces "none" not found\n'),
    (["ns/none", "--for=create", "--timeout=0"], 1, "", LATE + "\n"),
    (["pods", "--all", "--for=create", "--timeout=0"], 1, "", LATE + "\n"),
    (["nonsense/a", "--for=create"], 1, "", 'error: the server doesn\'t have a resource type "nonsense"\n'),
    (["ns/default", "--for=delete", "--timeout=0"], 1, "", "error: " + NOT_MET.format("default", THERE)),
    (["ns/default", READY, "--timeout=0"], 1, "", "error: " + NOT_MET.format("default", UNREADY)),
    (["ns/default", READY, "--timeout=1ns"], 1, "", f"{LATE} on namespaces/default: {UNREADY}\n"),
    (
        ["ns/default", "--for=jsonpath={.status.phase}=Gone", "--timeout=0"],
        1,
        "",
        "error: " + NOT_MET.format("default", 'the value is "Active"'),
    ),
    (
        ["ns", "default", "kube-system", "--for=delete", "--timeout=0"],
        1,
        "",
        NOT_MET.format("default", THERE) + NOT_MET.format("kube-system", THERE),
    ),
    (
        ["ns/default", ACTIVE, READY, "--timeout=0"],
        1,
        MET.format("default"),
        "error: " + NOT_MET.format("default", UNREADY),
    ),
    (["pods", "-l", "a=b", READY], 1, "", "error: no matching resources found\n"),
    (["pods", READY], 1, "", "error: resource(s) were provided, but no name was specified\n"),
    (["ns/default"], 1, "", "error: unrecognized condition: []\n"),
    (["ns/default", "--for=ready"], 1, "", 'error: unrecognized condition: "ready"\n'),
    (
        ["ns/default", ACTIVE, "--timeout=5"],
        1,
        "",
        'error: invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"\n'
        "See 'fkube wait --help' for usage.\n",
    ),
    (
        ["ns/default", ACTIVE, "-o", "wide"],
        1,
        "",
        'error: unable to match a printer suitable for the output format "wide", '
        "allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,"
        "jsonpath-file,kyaml,name,template,templatefile,yaml\n",
    ),
]


@pytest.mark.parametrize(("words", "status", "out", "err"), COMMANDS, ids=lambda value: str(value)[:40])
def test_the_command(fkube, words, status, out, err):
    assert fkube("--embedded wait", *words) == (status, out, err)


def test_objects_are_printed_once_a_condition(fkube):
    status, out, _ = fkube(f"--embedded wait ns/default {ACTIVE} --for=create -o yaml")
    first, second = out.split("---\n")
    assert (status, first) == (0, second)
    assert "managedFields" not in out
    assert "phase: Active" in first
