"""What the command line prints, and reads from its flags: tables of cases, and what kubectl reads back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Success

from fkube.cli.command import GLOBAL, command
from fkube.cli.flags import Flag, read_record
from fkube.cli.kyamlprinter import kyaml_text
from fkube.cli.messages import format_error, format_only_error
from fkube.cli.objectprinter import format_document, format_item, format_list_end
from fkube.cli.overview import COMMANDS, SUBCOMMANDS
from fkube.cli.pflag import parse
from fkube.cli.tableprinter import NO_TABLE, Style, format_table, merge_tables
from fkube.cli.yamlprinter import natural_order, yaml_text
from fkube.documents.manifest import documents
from fkube.resource.errors import (
    Cause,
    DecodeError,
    MappingError,
    SourceError,
    StatusError,
    TransportError,
    UsageError,
)
from fkube.resource.info import Origin, RESTMapping
from fkube.showing.servertable import Column, Row, Table
from fkube.syntax.gotext import json_text
from fkube.visitor import each

FLAGS = (
    Flag("namespace", "", short="n"),
    Flag("all-namespaces", "", False, short="A"),
    Flag("wait", "", True),
    Flag("filename", "", (), short="f"),
    Flag("as-group", "", (), commas=False),
    Flag("grace-period", "", -1),
    Flag("timeout", "", 0.0),
    Flag("dry-run", "", "none", bare="unchanged"),
)
SAID = {
    "": {},
    "-n shop": {"namespace": "shop"},
    "-nshop": {"namespace": "shop"},
    "-n=shop": {"namespace": "shop"},
    "--namespace shop": {"namespace": "shop"},
    "--namespace=": {"namespace": ""},
    "--namespace=a=b": {"namespace": "a=b"},
    "-n a -n b": {"namespace": "b"},
    "-A": {"all-namespaces": True},
    "-A=false": {"all-namespaces": False},
    "-An shop": {"all-namespaces": True, "namespace": "shop"},
    "-Anshop pods": {"all-namespaces": True, "namespace": "shop", "arguments": ("pods",)},
    "-A pods": {"all-namespaces": True, "arguments": ("pods",)},
    "--wait=F": {"wait": False},
    "--wait false": {"wait": True, "arguments": ("false",)},
    "-f a,b -f c": {"filename": ("a", "b", "c")},
    '-f "a,b",c': {"filename": ("a,b", "c")},
    "-f -": {"filename": ("-",)},
    "--as-group a,b --as-group c": {"as-group": ("a,b", "c")},
    "--grace-period=0x10": {"grace-period": 16},
    "--grace-period -1": {"grace-period": -1},
    "--timeout 1m30s": {"timeout": 90.0},
    "--timeout=0": {"timeout": 0.0},
    "--dry-run pod": {"dry-run": "unchanged", "arguments": ("pod",)},
    "--dry-run=server": {"dry-run": "server"},
    "a -A b": {"all-namespaces": True, "arguments": ("a", "b")},
    "a -- -A --": {"arguments": ("a", "-A", "--")},
    "-": {"arguments": ("-",)},
}
SYNTAX = 'parsing "x": invalid syntax'
REFUSED = {
    "--bogus": "unknown flag: --bogus",
    "--bogus=1": "unknown flag: --bogus",
    "-z": "unknown shorthand flag: 'z' in -z",
    "-Az": "unknown shorthand flag: 'z' in -z",
    "-n": "flag needs an argument: 'n' in -n",
    "--namespace": "flag needs an argument: --namespace",
    "--=x": "bad flag syntax: --=x",
    "---a": "bad flag syntax: ---a",
    "-A=x": f'invalid argument "x" for "-A, --all-namespaces" flag: strconv.ParseBool: {SYNTAX}',
    "--wait=x": f'invalid argument "x" for "--wait" flag: strconv.ParseBool: {SYNTAX}',
    "--grace-period=x": f'invalid argument "x" for "--grace-period" flag: strconv.ParseInt: {SYNTAX}',
    "--timeout=5": 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
    "--timeout=x": 'invalid argument "x" for "--timeout" flag: time: invalid duration "x"',
}


@pytest.mark.parametrize("words", SAID)
def test_flags_as_pflag_reads_them(words):
    options = parse(FLAGS, words.split()).unwrap()
    unset = {flag.name: flag.default for flag in FLAGS}
    given = {key: value for key, value in options.items() if key != "given"}
    assert given == {**unset, "arguments": (), **SAID[words]}


@pytest.mark.parametrize("words", REFUSED)
def test_flags_refused_in_the_words_of_pflag(words):
    assert parse(FLAGS, words.split()) == Failure(REFUSED[words])


@pytest.mark.parametrize("name", [*COMMANDS, *SUBCOMMANDS])
def test_a_command_line_without_flags_gives_the_options_as_they_are_declared(name):
    found = command(name)
    options = read_record(found.options, parse(found.all_flags, ()).unwrap())
    assert found.settings or options == found.options()


def test_no_two_flags_of_all_commands_are_called_the_same():
    assert len({flag.name for flag in GLOBAL}) == len(GLOBAL)


QUOTED = ("y", "on", "1e3", "0x1", "0o7", "08", "1_000", "12:30:45", "2001-01-01", "~", "", "null", ".5")
# What kubectl prints for these, from its own encoder (go.yaml.in/yaml/v2 and encoding/json).
YAML = {
    **{word: f'"{word}"' for word in QUOTED},
    "12:30_1": "12:30_1", "=": "=", "<<": "<<", "a: b": "'a: b'", " a": "' a'", "#x": "'#x'", "- a": "'- a'",
    "it's": "it's", "'": "''''", '"': "'\"'", "a\tb": '"a\\tb"', "\x00": '"\\0"', "é": "é", "\u2028": '"\\L"',
    "😀": '"\\U0001F600"', "http://x:1/a?b=c": "http://x:1/a?b=c", "{a": "'{a'", "1.2.3": "1.2.3",
    "a\nb": "|-\n  a\n  b", "a\n": "|\n  a", "a\n\n": "|+\n  a\n", " a\nb": "|2-\n   a\n  b",
    "a\r\nb": '"a\\r\\nb"', "a \nb": '"a \\nb"',
    "a " * 45 + "b": f"{'a ' * 39}a\n  a a a a a b",
}  # fmt: skip
NUMBERS = {
    None: ("null", "null"), True: ("true", "true"), 5: ("5", "5"), -0.5: ("-0.5", "-0.5"), 2.0: ("2", "2"),
    1234567.5: ("1234567.5", "1.2345675e+06"), 1e21: ("1e+21", "1e+21"), 1e-7: ("1e-7", "1e-07"),
    1e-5: ("0.00001", "1e-05"), 1e20: ("100000000000000000000", "1e+20"), 0.0: ("0", "0"),
}  # fmt: skip


@pytest.mark.parametrize("text", YAML)
def test_yaml_strings_in_the_style_of_kubectl(text):
    assert yaml_text({"k": text}).rstrip("\n") == f"k: {YAML[text]}".rstrip("\n")


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_in_the_style_of_go(number):
    assert (json_text(number), yaml_text({"k": number})) == (NUMBERS[number][0], f"k: {NUMBERS[number][1]}\n")


def test_yaml_lists_are_not_indented_and_keys_are_in_natural_order():
    value = {"b": [], "a10": [{"x": 1, "w": [["u"]]}, {}], "a9": {"c": {}}, "a-b": 1, "aB": 2, "<<": 3}
    assert yaml_text(value) == (
        '"<<": 3\na-b: 1\na9:\n  c: {}\na10:\n- w:\n  - - u\n  x: 1\n- {}\naB: 2\nb: []\n'
    )
    ordered = ["-1", "9", "10", "100", "a1", "a1b", "a01"]
    assert natural_order(sorted(ordered)) == ordered


def test_json_escapes_as_go_does():
    assert json_text({"b": '<a & "b">\u2028\x7f\x01é😀\ud800', "a": {}}) == (
        '{\n    "a": {},\n    "b": "\\u003ca \\u0026 \\"b\\"\\u003e\\u2028\x7f\\u0001é😀\ufffd"\n}'
    )


texts = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.text("ab01-_.: \n#'\"{}[],&*!|>%@`\\\té\u2028\ufeff\x85", max_size=12),
    st.sampled_from(sorted(YAML)),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(-1e6, 1e6), texts),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_printed_yaml_reads_back_the_same_under_the_rules_of_kubectl(value):
    for written in (yaml_text, kyaml_text):
        text = written({"apiVersion": "v1", "kind": "Thing", "spec": value})
        read = documents(text)(each(lambda info: Success(info.object["spec"])))
        assert read == Success((value,))


KYAML = [
    ("a\n", '"\\\n     a\\n\\\n    "'),
    (" a\n\n\tb", '"\\\n    \\ a\\n\\\n     \\n\\\n    \\\tb\\\n    "'),
    ("\x01\u2028\x7f\x85\u200b\U0001f600\U000e0001", '"\\x01\\L\\x7f\\N\\u200b\U0001f600\\U000e0001"'),
    ([1, {}], "[\n    1,\n    {},\n  ]"),
    ([{}, []], "[{}, []]"),
    ({"no": None, "a.b/c": 1.0, "1_0": "", "x:y": "<", ".a": "", "2020-01-01": ""}, None),
]


@pytest.mark.parametrize(("value", "text"), KYAML)
def test_kyaml_in_the_style_of_kubectl(value, text):
    keys = ('".a": ""', '"1_0": ""', '"2020-01-01": ""', "a.b/c: 1", '"no": null', '"x:y": "<"')
    quoted = "".join(("{\n", *(f"    {key},\n" for key in keys), "  }"))
    assert kyaml_text({"k": value}) == f"---\n{{\n  k: {text or quoted},\n}}\n"


@given(values)
def test_printed_json_reads_back_the_same(value):
    assert json.loads(json_text(value)) == value


@given(
    st.lists(st.dictionaries(texts, values, max_size=2), max_size=3),
    st.sampled_from(["json", "yaml", "kyaml"]),
)
def test_a_list_printed_in_parts_is_the_list(objects, format):
    parts = [format_item(format, item, before) for before, item in enumerate(objects)]
    whole = {"apiVersion": "v1", "items": objects, "kind": "List", "metadata": {"resourceVersion": ""}}
    assert "".join((*parts, format_list_end(format, len(objects)))) == format_document(format, whole, 0)


WEB = Origin("web.yaml", 2, 14)
INVALID = (Cause("spec.a", "Required", "Required value"), Cause("spec.b", "Invalid", "no"))
ERRORS = {
    UsageError("must specify one of -f and -k"): "error: must specify one of -f and -k",
    StatusError('pods "a" not found', 404, "NotFound"): 'Error from server (NotFound): pods "a" not found',
    StatusError("teapot", 418): "Error from server: teapot",
    StatusError("who?", 401, "Unauthorized"): "error: You must be logged in to the server (who?)",
    StatusError('namespaces "x" not found', 404, "NotFound", origin=WEB): (
        'Error from server (NotFound): error when creating "web.yaml": namespaces "x" not found '
        "(document 2, line 14)"
    ),
    StatusError("gone", 404, "NotFound", origin=Origin("web.yaml")): (
        'Error from server (NotFound): error when creating "web.yaml": gone'
    ),
    StatusError('Pod "a" is invalid: spec.a', 422, "Invalid", INVALID[:1] * 2): (
        'The Pod "a" is invalid: spec.a: Required value'
    ),
    StatusError('Deployment.apps "a" is invalid: x', 422, "Invalid", INVALID): (
        'The Deployment "a" is invalid: \n* spec.a: Required value\n* spec.b: no'
    ),
    StatusError('Pod "a" is invalid: x', 422, "Invalid", INVALID, origin=WEB): (
        'The Pod "a" is invalid: \n* spec.a: Required value\n* spec.b: no (web.yaml, document 2, line 14)'
    ),
    StatusError("bad", 422, "Invalid"): "The request is invalid: bad",
    StatusError('Pod "a" is invalid', 422, "Invalid"): 'The Pod "a" is invalid',
    DecodeError("Object 'Kind' is missing: write it", WEB, undecoded=True): (
        "error: unable to decode \"web.yaml\": Object 'Kind' is missing: write it (document 2, line 14)"
    ),
    DecodeError("did not find expected ',' or ']'", WEB): (
        "error: error parsing web.yaml: did not find expected ',' or ']' (document 2, line 14)"
    ),
    MappingError('resource mapping not found for name: "a" namespace: "": no matches for kind "X"', WEB): (
        'error: resource mapping not found for name: "a" namespace: "" from "web.yaml": '
        'no matches for kind "X" (document 2, line 14)'
    ),
    SourceError('the path "a" does not exist', Origin("a")): 'error: the path "a" does not exist',
    SourceError("the kubeconfig can't be read", Origin("/c")): "error: the kubeconfig can't be read (/c)",
    TransportError("The connection to the server a was refused - did you specify the right host or port?"): (
        "The connection to the server a was refused - did you specify the right host or port?"
    ),
    TransportError("The connection to the server a was refused", origin=Origin("web.yaml", 1)): (
        'error: error when creating "web.yaml": The connection to the server a was refused (document 1)'
    ),
}  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.message)
def test_errors_in_the_words_of_kubectl(error):
    assert format_only_error(error, "creating") == ERRORS[error]


def test_one_of_several_errors_has_no_prefix_of_its_own():
    assert format_error(UsageError("a")) == "a"
    assert format_error(StatusError('Pod "a" is invalid: x', 422, "Invalid", INVALID)) == (
        'Error from server (Invalid): Pod "a" is invalid: x'
    )


POD, NODE = RESTMapping("", "v1", "Pod", "pods"), RESTMapping("apps", "v1", "Node", "nodes", namespaced=False)
COLUMNS = (Column("Name", naming=True), Column("Ready"), Column("Node", wide=True))
META = {"namespace": "shop", "labels": {"b": "2", "a/x": "1"}}
ROWS = (Row(("web-0123", 1, "n1"), {"metadata": META}), Row(("db", None, None), {"metadata": {}}))
TABLE = (POD, Table(COLUMNS, ROWS))
STYLES = {
    Style(): ["NAME       READY", "web-0123   1", "db         "],
    Style(wide=True): ["NAME       READY   NODE", "web-0123   1       n1", "db                 "],
    Style(no_headers=True): ["web-0123   1", "db         "],
    Style(with_namespace=True): [
        "NAMESPACE   NAME       READY", "shop        web-0123   1", "            db         ",
    ],
    Style(with_kind=True): ["NAME           READY", "pod/web-0123   1", "pod/db         "],
    Style(show_labels=True): [
        "NAME       READY   LABELS", "web-0123   1       a/x=1,b=2", "db                 <none>",
    ],
    Style(label_columns=("a/x", "c")): [
        "NAME       READY   X     C", "web-0123   1       1     ", "db                       ",
    ],
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES, ids=str)
def test_tables(style):
    assert list(format_table(style, NO_TABLE, TABLE)[1]) == STYLES[style]


CELLS = {
    "a\nb": "a...", "a\x1b[31m": "a^[[31m", "\rb": "...", "é": "é", True: "true", 1.5: "1.5", 7: "7",
}  # fmt: skip


@pytest.mark.parametrize("cell", CELLS, ids=repr)
def test_cells_are_safe_for_a_terminal(cell):
    asked = (NODE, Table((Column("Name"),), (Row((cell,)),)))
    assert format_table(Style(), NO_TABLE, asked)[1] == ("NAME", CELLS[cell])


def test_a_column_is_as_wide_as_its_widest_cell_is_in_bytes():
    rows = (Row(("éé", "x")), Row((["a", "b"], "y")))
    asked = (NODE, Table((Column("A"), Column("B")), rows))
    assert format_table(Style(), NO_TABLE, asked)[1] == ("A       B", "éé      x", "[a b]   y")


def test_pages_keep_the_widths_and_the_header_of_those_before():
    small = (POD, Table(COLUMNS, (Row(("a", 1)),)))
    before, first = format_table(Style(), NO_TABLE, TABLE)
    again, second = format_table(Style(), before, small)
    assert (first[0], second, again) == ("NAME       READY", ("a          1",), before)
    _, other = format_table(Style(), before, (POD, Table(COLUMNS[:1], (Row(("a",)),))))
    assert other == ("NAME", "a")


def test_kinds_are_apart_unless_there_is_nothing_of_one():
    empty = (NODE, Table(COLUMNS, ()))
    before, shown = format_table(Style(), NO_TABLE, empty)
    assert (before, shown) == (NO_TABLE, ())
    before, _ = format_table(Style(), before, TABLE)
    assert format_table(Style(), before, (NODE, TABLE[1]))[1][:2] == ("", "NAME       READY")
    assert format_table(Style(no_headers=True), before, (NODE, TABLE[1]))[1][0] == "web-0123   1"


def test_tables_of_single_objects_are_laid_out_together():
    ones = [(POD, Table(COLUMNS, (row,))) for row in ROWS]
    assert list(merge_tables(ones)) == [TABLE]
