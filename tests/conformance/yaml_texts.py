"""YAML near every rule of kubectl's reader, as hypothesis strategies of text. Nothing is read here."""

from __future__ import annotations

from hypothesis import strategies as st

HEADER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
"""What every document starts with, so that kubectl takes it for an object; `NAME` is for the name of its file."""

# One seed or more for each rule of the resolver; mutations of them fall on both sides of the rule.
SEEDS = """
null Null NULL ~ y Y n N yes Yes YES yEs no No NO nO on On ON oN off Off OFF true True TRUE tRUE false False FALSE
0 -0 +0 7 -7 +7 +-7 --7 42 007 0777 -0777 +0777 08 09 0789 0o17 -0o17 +0o17 0O17 0o8 0x1F 0X1f -0x1F +0x1F 0xg 0b101
-0b101 +0b101 0b2 0B1 1_000 1__0 _1 1_ -1_0 0x_f 0b_1 0o1_7 0_7 9223372036854775807 9223372036854775808
-9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 0xFFFFFFFFFFFFFFFF
0x7FFFFFFFFFFFFFFF 0x10000000000000000 123456789012345678901234567890
1.5 -1.5 +1.5 .5 -.5 +.5 5. -5. . -. +. 1e3 1E3 1e+3 1e-3 1.e3 1.5e3 .5e3 e3 1e 1e+ 0e0 -0e0 1_0.5 1_0e3 1.5_0 0.0 -0.0
1e400 -1e400 1e-400 1e21 1e22 1e20 123456789.123456789 0.1 3.14159265358979323846 4.9e-324 1.7976931348623157e308
0x1p3 0x1.8p1 1p3 .inf .Inf .INF -.inf +.inf -.Inf .iNf inf Inf infinity -inf .nan .NaN .NAN .Nan nan NaN
12:30 12:30:45 190:20:30 -1:30 1:60 0:0 2001-01-01 2001-1-1 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z
2001-12-14T21:59:43.1Z "2001-12-14 21:59:43.10 -5" 2001-13-01 2001-02-30 0001-01-01 1.2.3 1.2.3.4 v1.0 1.0.0
= << - ? : -- --- ... -a ?a :a a:b a: a:: a#b a#b#c @a `a %a &a *a !a !!str |a >a ,a [a a] {a a} "a 'a a' a" \\ \\n / //
http://a.b:80/c#d 10.0.0.1/8 100m 1Gi 5s {} [] "" '' é ß 日本 🎉
""".split() + ["a b", "a  b", "a # b", "a #b", "a: b", "- a", "? a", "2001-12-14 21:59:43.10 -5", "", " ", "\t", "a\tb", "a\t#b"]
SEEDS += ["\u00a0", "a\u00a0b", "\u0085", "a\u0085b", "\u2028", "\ufeff", "a\ufeff"]
NEAR = "0123456789+-._eExXoObBnNyYtTfFaA:~=<#,[]{}&*!|>'\"%@`? \t\\/"
TAGS = ["!!str", "!!int", "!!float", "!!bool", "!!null", "!!binary", "!!timestamp", "!!map", "!!seq", "!!set", "!!omap"]
TAGS += ["!!merge", "!!value", "!", "!local", "!<tag:yaml.org,2002:str>", "!<!x>", "!e!x", "!!", "!!nothing", "!!python/none"]
ESCAPES = [*(rf"\{c}" for c in "0abtnvfre \"/\\N_LP'xuUq\n"), r"\x41", r"\u00e9", r"\U0001F389", r"\ud83d", r"\ud83c\udf89"]


def _mutated(text: str, at: int, action: str, char: str) -> str:
    """The text with one character put in, left out or replaced."""
    at %= len(text) + 1
    return text[:at] + {"insert": char, "delete": "", "replace": char}[action] + text[at + (action != "insert") :]


def mutations(texts: st.SearchStrategy[str], alphabet: str = NEAR) -> st.SearchStrategy[str]:
    """Texts one character away from others."""
    actions = st.sampled_from(["insert", "delete", "replace"])
    return st.builds(_mutated, texts, st.integers(0, 200), actions, st.sampled_from(alphabet))


seeds = st.sampled_from(SEEDS)
plain_scalars = st.one_of(
    seeds, mutations(seeds), mutations(mutations(seeds)), st.text("0123456789+-._eExo:", min_size=1, max_size=7)
)
single_quoted = st.lists(st.one_of(seeds, st.sampled_from(["''", "\n", "\n\n", " \n ", "#", ": "])), max_size=4).map(
    lambda parts: "'" + " ".join(parts) + "'"
)
double_quoted = st.lists(st.one_of(st.sampled_from(["a", " ", "\n", "\n  ", "\n\n", "#"]), st.sampled_from(ESCAPES)), max_size=5).map(
    lambda parts: '"' + "".join(parts) + '"'
)
scalars = st.one_of(plain_scalars, plain_scalars, single_quoted, double_quoted)
anchors = st.sampled_from(["&a ", "&b ", "&a-b ", "&1 ", "&é ", "& "])
aliases = st.sampled_from(["*a", "*b", "*a-b", "*c", "*1 "])
properties = st.one_of(anchors, st.sampled_from(TAGS).map("{} ".format), st.sampled_from(["&a !!str ", "!!map &b "]))


def _flow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One level of flow style around others, with odd commas, colons and pairs."""
    sep = st.sampled_from([", ", ",", " , ", ",\n  ", ", # c\n  "])
    colon = st.sampled_from([": ", ": ", ":", " : ", ":\n   "])
    pair = st.builds("{}{}{}".format, st.one_of(scalars, inner, aliases), colon, inner)
    entry = st.one_of(pair, pair, inner, st.builds("? {}{}{}".format, inner, colon, inner), st.just("<<: *a"))
    body = st.builds(lambda sep, parts, end: sep.join(parts) + end, sep, st.lists(entry, max_size=3), st.sampled_from(["", "", ",", " "]))
    return st.one_of(body.map("[{}]".format), body.map("{{{}}}".format), st.builds("{}{}".format, properties, inner))


flow_values = st.recursive(st.one_of(scalars, scalars, aliases), _flow, max_leaves=5)
block_scalars = st.builds(
    lambda head, lines, end: head + "\n" + "\n".join(lines) + end,
    st.sampled_from(["|", ">", "|-", ">-", "|+", ">+", "|2", ">1", "|2-", "|-2", "|1+", "|0", "|10", "| # c", "|#c", "!!str |", "&a >"]),
    st.lists(st.sampled_from(["  a", "  b: c", "   d", "    e", "", " ", "  ", "    ", "  # f", "  ---", "---", "\tg", "  \th", " i", "  é", "j"]), max_size=5),
    st.sampled_from(["", "\n", "\n\n", "\n  ", "\n# c\n"]),
)


def _indented(text: str, by: str) -> str:
    return "\n".join(by + line if line.strip() else line for line in text.split("\n"))


def _block(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One level of block style around others."""
    by = st.sampled_from(["  ", "  ", " ", "    ", "", "\t"])
    nested = st.builds(lambda head, text, by: f"{head}\n{_indented(text, by)}", st.one_of(st.just(""), properties), inner, by)
    value = st.one_of(flow_values, block_scalars, nested, nested)
    key = st.one_of(scalars, scalars, flow_values, st.sampled_from(["<<", "a", "a", "b", "? a\n", "? [a]\n", "? a: b\n", "? |\n  a\n"]))
    pair = st.builds("{}{}{}{}".format, key, st.sampled_from([": ", ": ", ": ", ":", " : ", ":\t"]), value, st.sampled_from(["", "", " # c", "\n\n"]))
    item = st.builds("{}{}".format, st.sampled_from(["- ", "- ", "-   ", "-", "-\t"]), st.one_of(value, pair, inner.map(lambda t: _indented(t, "  ").strip())))
    many = st.one_of(st.lists(pair, min_size=1, max_size=3), st.lists(item, min_size=1, max_size=3))
    return many.map("\n".join)


blocks = st.recursive(flow_values, _block, max_leaves=4)
data = st.one_of(
    scalars.map("data: {{v: {}}}\n".format),
    scalars.map("data:\n  v: {}\n".format),
    scalars.map("data:\n  {}: v\n".format),
    flow_values.map("data:\n  v: {}\n".format),
    block_scalars.map("data:\n  v: {}\n".format),
    st.builds(lambda a, rest: f"base: &a {{x: 1, y: {a}}}\nmore: &b [1, 2]\ndata:\n{_indented(rest, '  ')}\n", scalars, blocks),
    blocks.map(lambda text: f"data:\n{_indented(text, '  ')}\n"),
)
markers = st.sampled_from(["---\n", "--- \n", "--- # c\n", "---\t\n", "----\n", "---x\n", "--- x\n", "...\n", "...\n---\n", "... # c\n", "--- {}\n", "---\n---\n", "%YAML 1.1\n---\n", "%YAML 1.2\n---\n", "%YAML 2.0\n---\n", "%TAG !e! tag:e,2000:\n---\n", "%X y\n---\n", "# c\n", "\n", "\ufeff", " ", "\t\n", " ---\n"])
documents = data.map(HEADER.__add__)
several = st.builds(
    lambda start, parts: start + "".join(parts),
    st.one_of(st.just(""), markers),
    st.lists(st.one_of(documents, documents, markers, st.builds("{}{}".format, markers, documents)), min_size=1, max_size=4),
)
alphabet = NEAR + "\n\n\r\ufeff\u0085\u2028é\x07\x7f"
texts = st.one_of(documents, documents, documents, several, mutations(documents, alphabet), mutations(several, alphabet))
line_ends = st.sampled_from(["\n", "\n", "\n", "\n", "\r\n", "\r"])
yaml_texts = st.builds(lambda text, end: text.replace("\n", end), texts, line_ends)
"""Texts of one document or several, most of them near the border between what can be read and what can't."""
