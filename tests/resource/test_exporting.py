"""Packages that have their names of modules not imported yet."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import fkube

PACKAGES = ("fkube", "fkube.edge", "fkube.verbs")


def _run(program):
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_what_type_checkers_see_is_what_there_is(package):
    folder = Path(fkube.__file__).parent.joinpath(*package.split(".")[1:])
    body = ast.parse((folder / "__init__.py").read_text())
    seen = {
        (node.module, name.name)
        for node in ast.walk(body)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    module = import_module(package)
    named = {name: home for home, name in seen if name not in ("TYPE_CHECKING", "export_lazily")}
    assert sorted(named) == module.__all__
    assert all(getattr(module, name) is getattr(import_module(home), name) for name, home in named.items())


def test_nothing_is_imported_before_it_is_asked_for():
    assert _run("import sys, fkube.verbs as v; print('fkube.verbs.create' in sys.modules)") == "False\n"
    assert _run("from fkube.verbs import create; print(create.__name__)") == "create\n"


def test_a_module_does_not_take_the_place_of_its_function():
    assert _run("import fkube.verbs.create as create; print(callable(create))") == "True\n"
    assert _run("import fkube.verbs.create, fkube.verbs as v; print(callable(v.create))") == "True\n"


def test_modules_of_the_package_are_there_as_before():
    assert _run("from fkube import edge; print(edge.running.hold.__name__)") == "hold\n"
    assert "noop" in _run("from fkube import verbs; print(verbs.noop.__name__)")


def test_what_is_not_there_is_no_attribute():
    with pytest.raises(AttributeError, match=r"module 'fkube\.edge' has no attribute 'nothing'"):
        fkube.edge.nothing  # noqa: B018 - to ask for it is what is tested
    assert not hasattr(fkube.verbs, "__nothing__")


def test_a_module_that_can_not_be_imported_says_which_import_failed():
    program = "import sys; sys.modules['toolz'] = None\nfrom fkube import edge\ntry: edge.running\n"
    assert "toolz" in _run(f"{program}except ImportError as error: print(error)")


def test_all_names_are_listed():
    assert {"pipe", "__version__"} <= {*dir(fkube)}
    assert {"connect", "visit"} <= {*dir(fkube.edge)}
