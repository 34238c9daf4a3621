"""YAML near every rule of kubectl's reader, as hypothesis strategies of text. Nothing is read here."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from hypothesis import strategies as st

Texts: TypeAlias = st.SearchStrategy[str]

HEADER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
"""What every document starts with, so that it is an object; `NAME` is for the name of its file."""

SEEDS = [
    *(Path(__file__).parent / "scalars.txt").read_text(encoding="utf-8").rstrip("\n").split("\n"),
    *(
        "",
        " ",
        "\t",
        "a\tb",
        "a\t#b",
        "\u00a0",
        "a\u00a0b",
        "\u0085",
        "a\u0085b",
        "\u2028",
        "\ufeff",
        "a\ufeff",
    ),
]
"""One scalar or more for each rule of the resolver; mutations of them fall on both sides of the rule."""

NEAR = "0123456789+-._eExXoObBnNyYtTfFaA:~=<#,[]{}&*!|>'\"%@`? \t\\/"
TAGS = [
    "!!str",
    "!!int",
    "!!float",
    "!!bool",
    "!!null",
    "!!binary",
    "!!timestamp",
    "!!map",
    "!!seq",
    "!!set",
    "!!omap",
    "!!merge",
    "!!value",
    "!",
    "!local",
    "!<tag:yaml.org,2002:str>",
    "!<!x>",
    "!e!x",
    "!!",
    "!!nothing",
    "!!python/none",
]
ESCAPES = [rf"\{char}" for char in "0abtnvfre \"/\\N_LP'xuUq\n"]
ESCAPES += [r"\x41", r"\u00e9", r"\U0001F389", r"\ud83d", r"\ud83c\udf89"]
BLOCK_HEADS = [
    "|",
    ">",
    "|-",
    ">-",
    "|+",
    ">+",
    "|2",
    ">1",
    "|2-",
    "|-2",
    "|1+",
    "|0",
    "|10",
    "|#c",
    "| # c",
    "!!str |",
    "&a >",
]
BLOCK_LINES = [
    "  a",
    "  b: c",
    "   d",
    "    e",
    "",
    " ",
    "  ",
    "    ",
    "  # f",
    "  ---",
    "---",
    "\tg",
    "  \th",
    " i",
    "  é",
    "j",
]
MARKERS = [
    "---",
    "--- ",
    "--- # c",
    "---\t",
    "----",
    "---x",
    "--- x",
    "...",
    "...\n---",
    "... # c",
    "--- {}",
    "---\n---",
]
MARKERS += [
    "%YAML 1.1\n---",
    "%YAML 1.2\n---",
    "%YAML 2.0\n---",
    "%TAG !e! tag:e,2000:\n---",
    "%X y\n---",
    "# c",
    "",
    "\t",
]
MARKERS = [*(f"{marker}\n" for marker in MARKERS), "\ufeff", " ", " ---\n"]

PLAIN_HEADER = HEADER.replace("metadata: {name: NAME}", "metadata:\n  name: NAME")
"""The same without brackets: plain block YAML, for which there is a reader of its own."""

PLAIN = [
    *(
        "a",
        "a b",
        "a:b",
        "a#b",
        "a # b",
        "http://a",
        "-1",
        "--a",
        "-",
        "- a",
        "?",
        ":",
        "a:",
        "a: b",
        "=",
        "<<",
    ),
    *(
        "'a'",
        '"a"',
        "''",
        '""',
        "'a''b'",
        '"a\\n"',
        "'a' b",
        '"a',
        "'a' # b",
        "[]",
        "{}",
        "[a]",
        "[a, 'b', \"c\"]",
    ),
    *("[1, no, -a, .5]", "[a b]", "[a,]", "[a: b]", "[[]]", "{a: b}", "*a", "&a b", "!a b", "@a", "`a", "%a"),
    *(
        "|",
        "|-",
        "|+",
        ">",
        "|2",
        "| # a",
        "~",
        "no",
        "012",
        "0x1f",
        "1e3",
        ".5",
        ".nan",
        "2001-01-01",
        "é",
        "🎉",
    ),
]
"""What stands behind a key or a dash in a line of its own, and what only looks as if it could."""
PLAIN_LINES = [
    *(
        "",
        " ",
        "  ",
        "# a",
        "    # a",
        "a",
        "  a",
        "      a",
        "a: b",
        "    a: b",
        "- a",
        "  - a",
        "---",
        "...",
        "\ta",
    ),
    *(
        "yes: a",
        "1: a",
        "0x1: a",
        "~: a",
        "<<: a",
        "'a': b",
        '"a": b',
        "? a",
        "a : b",
        "a:b",
        "-",
        "    -",
        "-  a: b",
    ),
]
"""Lines that end a collection, or make one that is more than plain."""


def _mutated(text: str, at: int, action: str, char: str) -> str:
    """The text with one character put in, left out or replaced."""
    at %= len(text) + 1
    return (
        text[:at]
        + {"insert": char, "delete": "", "replace": char}[action]
        + text[at + (action != "insert") :]
    )


def mutations(texts: Texts, alphabet: str = NEAR) -> Texts:
    """Texts one character away from others."""
    actions = st.sampled_from(["insert", "delete", "replace"])
    return st.builds(_mutated, texts, st.integers(0, 200), actions, st.sampled_from(alphabet))


def written(*parts: Texts) -> Texts:
    """Texts one after another."""
    return st.tuples(*parts).map("".join)


def indented(texts: Texts) -> Texts:
    """Texts further to the right, or not."""
    return st.builds(_indented, texts, st.sampled_from(["  ", "  ", "  ", " ", "    ", "", "\t"]))


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line if line.strip() else line for line in text.split("\n"))


seeds = st.sampled_from(SEEDS)
near = st.text("0123456789+-._eExo:", min_size=1, max_size=7)
plain_scalars = st.one_of(seeds, mutations(seeds), mutations(mutations(seeds)), near)
single_parts = st.lists(
    st.one_of(seeds, st.sampled_from(["''", "\n", "\n\n", " \n ", "#", ": "])), max_size=4
)
single_quoted = single_parts.map(lambda parts: f"'{' '.join(parts)}'")
double_parts = st.one_of(st.sampled_from(["a", " ", "\n", "\n  ", "\n\n", "#"]), st.sampled_from(ESCAPES))
double_quoted = st.lists(double_parts, max_size=5).map(lambda parts: f'"{"".join(parts)}"')
scalars = st.one_of(plain_scalars, plain_scalars, single_quoted, double_quoted)
anchors = st.sampled_from(["&a ", "&b ", "&a-b ", "&1 ", "&é ", "& "])
aliases = st.sampled_from(["*a", "*b", "*a-b", "*c", "*1 "])
properties = st.one_of(
    anchors, st.sampled_from(TAGS).map("{} ".format), st.sampled_from(["&a !!str ", "!!map &b "])
)


def _flow(inner: Texts) -> Texts:
    """One level of flow style around others, with odd commas, colons and pairs."""
    separators = st.sampled_from([", ", ",", " , ", ",\n  ", ", # c\n  "])
    colon = st.sampled_from([": ", ": ", ":", " : ", ":\n   "])
    pair = written(st.one_of(scalars, inner, aliases), colon, inner)
    complex_pair = written(st.just("? "), inner, colon, inner)
    entries = st.lists(st.one_of(pair, pair, inner, complex_pair, st.just("<<: *a")), max_size=3)
    body = written(st.builds(str.join, separators, entries), st.sampled_from(["", "", ",", " "]))
    return st.one_of(body.map("[{}]".format), body.map("{{{}}}".format), written(properties, inner))


flow_values = st.recursive(st.one_of(scalars, scalars, aliases), _flow, max_leaves=5)
block_lines = st.lists(st.sampled_from(BLOCK_LINES), max_size=5).map("\n".join)
block_ends = st.sampled_from(["", "\n", "\n\n", "\n  ", "\n# c\n"])
block_scalars = written(st.sampled_from(BLOCK_HEADS), st.just("\n"), block_lines, block_ends)


def _block(inner: Texts) -> Texts:
    """One level of block style around others."""
    nested = written(st.one_of(st.just(""), properties), st.just("\n"), indented(inner))
    value = st.one_of(flow_values, block_scalars, nested, nested)
    odd_key = st.sampled_from(["<<", "a", "a", "b", "? a\n", "? [a]\n", "? a: b\n", "? |\n  a\n"])
    key = st.one_of(scalars, scalars, flow_values, odd_key)
    colon = st.sampled_from([": ", ": ", ": ", ":", " : ", ":\t"])
    pair = written(key, colon, value, st.sampled_from(["", "", " # c", "\n\n"]))
    dash = st.sampled_from(["- ", "- ", "-   ", "-", "-\t"])
    item = written(dash, st.one_of(value, pair, indented(inner).map(str.strip)))
    many = st.one_of(st.lists(pair, min_size=1, max_size=3), st.lists(item, min_size=1, max_size=3))
    return many.map("\n".join)


blocks = st.recursive(flow_values, _block, max_leaves=4)
data = st.one_of(
    scalars.map("data: {{v: {}}}\n".format),
    scalars.map("data:\n  v: {}\n".format),
    scalars.map("data:\n  {}: v\n".format),
    flow_values.map("data:\n  v: {}\n".format),
    block_scalars.map("data:\n  v: {}\n".format),
    st.builds("base: &a {{x: 1, y: {}}}\nmore: &b [1, 2]\ndata:\n{}\n".format, scalars, indented(blocks)),
    indented(blocks).map("data:\n{}\n".format),
)
markers = st.sampled_from(MARKERS)
documents = data.map(HEADER.__add__)
marked = st.one_of(documents, documents, markers, written(markers, documents))
several = written(st.one_of(st.just(""), markers), st.lists(marked, min_size=1, max_size=4).map("".join))
alphabet = NEAR + "\n\n\r\ufeff\u0085\u2028é\x07\x7f"
mutated = st.one_of(mutations(documents, alphabet), mutations(several, alphabet))
texts = st.one_of(documents, documents, documents, several, mutated, mutated)
line_ends = st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", "\r"])
yaml_texts = st.builds(str.replace, texts, st.just("\n"), line_ends)
"""Texts of one document or several, most of them near the border between what can be read and what can't."""


def _pair(key: str, value: str, by: str = "  ") -> str:
    """A key and its value, which is on the lines below if it is a collection: that begins with a newline."""
    return f"{key}:{_indented(value, by)}" if value.startswith("\n") else f"{key}: {value}"


def _pairs(members: dict[str, str], by: str) -> str:
    """The lines of a mapping."""
    return "\n" + "\n".join(_pair(key, value, by) for key, value in members.items())


def _items(values: list[str], dash: str) -> str:
    """The lines of a sequence: each value begins behind its dash, and its lines stand below one another."""
    return "\n" + "\n".join(dash + _indented(v.lstrip("\n"), " " * len(dash))[len(dash) :] for v in values)


def _literal(head: str, lines: list[str]) -> str:
    """A text of several lines, further to the right than whatever it stands in."""
    return f"{head}\n" + _indented("\n".join(lines), " " * 12)


def _plain_block(inner: Texts) -> Texts:
    """One level of plain block style around others."""
    keys = st.sampled_from(["a", "b", "c", "name", "a.b/c-d", "8", "x-1", "type", "A_B", "tls.crt"])
    mappings = st.dictionaries(keys, inner, min_size=1, max_size=4)
    sequences = st.lists(inner, min_size=1, max_size=3)
    lines = st.sampled_from(["a", "b: c", "  d", "# e", "", "---", "é", '"', "- f"])
    return st.one_of(
        st.builds(_pairs, mappings, st.sampled_from(["  ", "  ", "    ", " "])),
        st.builds(_items, sequences, st.sampled_from(["- ", "- ", "-   "])),
        st.builds(_literal, st.sampled_from(["|", "|-"]), st.lists(lines, min_size=1, max_size=4)),
    )


def _with_line(text: str, at: int, line: str, width: int) -> str:
    """The text with one line more."""
    lines = text.split("\n")
    at %= len(lines)
    return "\n".join((*lines[:at], " " * width + line, *lines[at:]))


plain_values = st.one_of(
    st.sampled_from(PLAIN[:7]), st.sampled_from(PLAIN[:7]), st.sampled_from(PLAIN), seeds
)
plain_blocks = st.recursive(plain_values, _plain_block, max_leaves=12)
plain_data = plain_blocks.map(lambda text: f"{PLAIN_HEADER}{_pair('data', text)}\n")
near_plain = st.builds(
    _with_line, plain_data, st.integers(0, 30), st.sampled_from(PLAIN_LINES), st.sampled_from([0, 0, 2, 4, 6])
)
plain_texts = st.one_of(
    plain_data, near_plain, mutations(plain_data, NEAR + "\n\n\n   "), mutations(near_plain)
)
"""Texts of plain block YAML, and texts that are nearly so: what reads only that must see the difference."""
