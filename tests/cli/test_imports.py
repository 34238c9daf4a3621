"""What a command loads to do its work: exactly what `imports.yaml` lists, since every module costs.

`IMPORTS=write` writes the list anew, to be looked at before it is committed.
"""

import ast
import os
import shlex
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

LIST = Path(__file__).parent / "imports.yaml"
MANIFESTS = {"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"}

SLOW = {
    *(
        "asyncio",
        "concurrent",
        "csv",
        "dataclasses",
        "decimal",
        "email",
        "hashlib",
        "html",
        "http",
        "logging",
    ),
    *(
        "multiprocessing",
        "pathlib",
        "random",
        "shutil",
        "socket",
        "ssl",
        "subprocess",
        "tempfile",
        "textwrap",
    ),
    *("typing", "unittest", "urllib", "uuid"),
}
"""Modules of the standard library that take longer than most, and are listed too."""

PROGRAM = """
import sys
from fkube.cli import main
sys.argv = ["fkube", *sys.argv[1:]]
try:
    main()
except SystemExit as end:
    print("modules:", *sorted(sys.modules), file=sys.stderr)
    sys.exit(end.code)
"""

COMMANDS = {
    "help": "--help",
    "version": "version --client",
    "create": "create --dry-run=client -f a.yaml",
    "get": "get namespace default",
}


def _loaded(words):
    """The modules that a command loads: the second time, when it is known what the server offers."""
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, *shlex.split(words)],
            capture_output=True,
            text=True,
            env=environ,
        )
    assert run.returncode == 0, run.stderr
    return run.stderr.rpartition("modules:")[2].split()


def _by_room(modules):
    """Modules as the list has them: packages, the slow ones of the standard library, those of each room."""
    ours = [name.split(".") for name in modules if name.startswith("fkube.")]
    rooms = defaultdict(list)
    for _, room, *rest in ours:
        rooms[room].extend([".".join(rest)] if rest else [])
    tops = {name.partition(".")[0] for name in modules}
    packages = [
        top for top in tops if top not in sys.stdlib_module_names and not top.startswith(("_", "fkube"))
    ]
    return {
        "packages": " ".join(sorted({*packages} - {"coverage", "cython_runtime", "sitecustomize"})),
        "standard": " ".join(sorted(tops & SLOW)),
        "rooms": {room: " ".join(names) for room, names in rooms.items()},
    }


@pytest.mark.usefixtures("cluster")
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="what Python itself loads differs by version")
def test_a_command_loads_what_is_listed():
    loaded = {name: _by_room(_loaded(words)) for name, words in COMMANDS.items()}
    if os.environ.get("IMPORTS") == "write":
        LIST.write_text(yaml.safe_dump(loaded, sort_keys=True, width=110))
    assert loaded == yaml.safe_load(LIST.read_text())


def test_what_is_listed_is_what_it_should_be():
    listed = yaml.safe_load(LIST.read_text())
    packages = {name: found["packages"].split() for name, found in listed.items()}
    assert packages["help"] == []
    assert packages["version"] == ["returns", "typing_extensions"]
    assert packages["create"] == ["returns", "toolz", "typing_extensions"]
    assert packages["get"] == ["returns", "toolz", "typing_extensions", "urllib3"]
    assert set(listed["help"]["rooms"]) == {"cli", "resource"}
    assert set(listed["version"]["rooms"]) == {"cli", "resource"}
    for found in listed.values():
        assert not {"cluster", "laws", "testing"} & set(found["rooms"])
        assert "gotemplate" not in found["rooms"].get("syntax", "")
        assert "patches" not in found["rooms"].get("merging", "")


def test_no_regular_expression_is_compiled_at_import():
    """`compile_later` is what modules of fkube use, since most of their patterns a run never needs."""
    for path in (Path(__file__).parents[2] / "fkube").rglob("*.py"):
        if path.name != "patterns.py":
            compiled = [node for node in ast.parse(path.read_text()).body if _calls_compile(node)]
            assert not compiled, f"{path.name}, line {compiled[0].lineno}"


def _calls_compile(node):
    """Whether a statement of a module calls `re.compile` when the module is imported."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If):
        return False
    return any(
        isinstance(inner, ast.Call) and ast.unparse(inner.func) == "re.compile" for inner in ast.walk(node)
    )
