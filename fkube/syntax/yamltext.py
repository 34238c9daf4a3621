"""YAML text to JSON data as kubectl converts it: line by line where it is plain, else by libyaml's events."""

from __future__ import annotations

from returns.result import Success

from fkube.syntax.jsontext import Loaded
from fkube.syntax.yamlblock import read_block


def load(text: str) -> Loaded:
    """Read the first document of a YAML text as JSON data, or why not; both with a line, counted from 0.

    Follows `YAMLToJSON` of sigs.k8s.io/yaml: the last of equal keys wins, and what comes after the first
    document is not read. No message quotes the text, in which a secret may stand.

    >>> load("a: {b: yes, 1: 0o17}\\n").unwrap()
    ({'a': {'b': True, '1': 15}}, 0)
    >>> load("a: 1\\nb: *c\\n").failure()
    ('unknown anchor referenced: quote a value that begins with *', 1)
    """
    read = read_block(text)
    if read is not None:
        return Success(read)
    # Imported here: PyYAML takes long, and most of what is read is plain.
    from fkube.syntax.yamljson import load_any

    return load_any(text)
