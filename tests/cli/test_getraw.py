"""`get --raw` on the embedded cluster: what it answers at a path, and what does not go together."""

from __future__ import annotations

import pytest

from fkube.cli.program import run

FILTERS = "--raw may not be specified with other flags that filter the server request or alter the output"
REFUSED = [
    ("cm --raw /readyz", "arguments may not be passed when --raw is specified"),
    ("--raw /readyz -w", FILTERS),
    ("--raw /readyz -l a=b", FILTERS),
    ("--raw /readyz -o json", "--raw and --output are mutually exclusive"),
    ("--raw readyz", '--raw must be a valid URL path: parse "readyz": invalid URI for request'),
]


def test_an_answer_is_printed(capsys):
    assert run(["--embedded", "get", "--raw", "/api/v1/namespaces?labelSelector=a%3Db"], {}) == 0
    assert capsys.readouterr().out.startswith('{"kind":"NamespaceList"')


def test_what_is_not_there_is_an_error(capsys):
    assert run(["--embedded", "get", "--raw", "/nope"], {}) == 1
    out, err = capsys.readouterr()
    assert (out, "NotFound" in err) == ("", True)


@pytest.mark.parametrize(("line", "message"), REFUSED)
def test_what_does_not_go_together_is_refused(line, message, capsys):
    assert run(["--embedded", "get", *line.split()], {}) == 1
    assert capsys.readouterr().err == f"error: {message}\n"
