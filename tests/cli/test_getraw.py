"""`get --raw` on the embedded cluster: what it answers at a path, and what does not go together."""

from __future__ import annotations

import pytest

FILTERS = "--raw may not be specified with other flags that filter the server request or alter the output"
REFUSED = [
    ("cm --raw /readyz", "arguments may not be passed when --raw is specified"),
    ("--raw /readyz -w", FILTERS),
    ("--raw /readyz -l a=b", FILTERS),
    ("--raw /readyz -o json", "--raw and --output are mutually exclusive"),
    ("--raw readyz", '--raw must be a valid URL path: parse "readyz": invalid URI for request'),
]


def test_an_answer_is_printed(fkube):
    status, out, err = fkube("--embedded get --raw /api/v1/namespaces?labelSelector=a%3Db")
    assert (status, err) == (0, "")
    assert out.startswith('{"kind":"NamespaceList"')


def test_what_is_not_there_is_an_error(fkube):
    status, out, err = fkube("--embedded get --raw /nope")
    assert (status, out, "NotFound" in err) == (1, "", True)


@pytest.mark.parametrize(("words", "message"), REFUSED)
def test_what_does_not_go_together_is_refused(fkube, words, message):
    assert fkube(f"--embedded get {words}") == (1, "", f"error: {message}\n")
