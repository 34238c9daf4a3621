"""What of a YAML text does not count: text behind its first document, and keys that merge keys replace."""

import pytest

from fkube.syntax.yamlevents import unread_line
from fkube.syntax.yamllines import replaced_keys

INFO = "d: &d {level: info, size: 1}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n", None),
        ("a: 1\n...\n", None),
        ("a: 1\n... # the end\n# really\n\n...\n", None),
        ("a: 1\n...\nb: 2\n", 2),
        ("a: 1\n...\n\n# b\n---\nb: 2\n", 4),
        ("a: 1\n...\n%YAML 1.1\n---\nb: 2\n", 2),
        ("a: 1\n...\n@\n", 2),
        ("a: 1\n---\nb: 2\n", 1),
        ("--- {a: 1}\n", None),
        ("---\n{a: 1}\n{b: 2}\n", 2),
        ("# one\n{a: 1} # two\n{b: 2}\n", 2),
        ("{a: 1}\n# only a comment\n", None),
        ("{a: 1} {b: 2}\n", 0),
        ("!!map {a: 1}\nb: 2\n", 1),
        ("[{a: 1}]\n- b\n", 1),
        ("'a'\nb: 2\n", 1),
        ("null\n...\na: 1\n", 2),
        ("|\n  a\n...\nb: 2\n", 3),
        ("", None),
        ("a: [\n...\nb: 2\n", None),
        ("{a: 1}\n\0", None),
    ],
)
def test_the_line_at_which_a_text_goes_on_behind_its_first_document(text, line):
    assert unread_line(text) == line


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{INFO}x:\n  level: debug\n  <<: *d\n", [("x.level", 2, 3)]),
        (f"{INFO}x:\n  <<: *d\n  level: debug\n", []),
        (f"{INFO}x:\n  level: info\n  <<: *d\n", []),
        (f"{INFO}x: {{level: debug, <<: *d}}\n", [("x.level", 1, 1)]),
        (f"{INFO}e: &e {{level: warn}}\nx:\n  <<: *d\n  <<: *e\n", [("x.level", 3, 4)]),
        (f"{INFO}e: &e {{level: warn}}\nx:\n  <<: [*d, *e]\n", []),
        (f"{INFO}e: &e {{level: warn}}\nx:\n  level: debug\n  size: 2\n  <<: [*e, *d]\n", "both"),
        (f"{INFO}x:\n- y:\n    level: debug\n    <<: *d\n", [("x.y.level", 3, 4)]),
        (f"{INFO}x:\n  d: {{a: 1}}\n  <<: {{d: {{b: 2}}}}\n", [("x.d", 2, 3)]),
        (f"{INFO}x:\n  size: true\n  <<: *d\n", [("x.size", 2, 3)]),
        (f'{INFO}x:\n  level: debug\n  "<<": *d\n', []),
        (f'{INFO}x:\n  level: debug\n  !!merge "<<": *d\n', [("x.level", 2, 3)]),
        (f"{INFO}level: debug\n<<: *d\n", [("level", 1, 2)]),
        (f"{INFO}x:\n  level: debug\n  <<: *unknown\n", []),
        (f"{INFO}x:\n  level: debug\n  <<: 5\n", []),
        ("a: '<<'\n", []),
    ],
)
def test_the_keys_that_a_merge_key_replaces(text, found):
    both = [("x.level", 3, 5), ("x.size", 4, 5)]
    assert sorted(replaced_keys(text)) == (both if found == "both" else found)
