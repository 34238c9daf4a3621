"""Targets that take text or bytes: manifests, paths, selectors, settings, names, files, command lines."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from returns.result import Failure, Result, Success, safe
from toolz import pipe
from yaml.error import YAMLError

from fkube import builder as b
from fkube.builder.arguments import has_names, parse_name, split_argument
from fkube.builder.arguments import parse as parse_arguments
from fkube.cli import kuberc, pairs
from fkube.cli.checks import read_dry_run, read_validation
from fkube.cli.command import command
from fkube.cli.console import Console
from fkube.cli.editing import give_up_reason, is_same_text, strip_comments
from fkube.cli.flags import read_record
from fkube.cli.objectprinter import read_format
from fkube.cli.overview import COMMANDS, SUBCOMMANDS
from fkube.cli.pflag import parse as parse_flags
from fkube.cli.program import split_command
from fkube.cluster import respond
from fkube.cluster.gojson import parse_json, summarize_data
from fkube.cluster.writing.protobuf import decode_protobuf
from fkube.documents.manifest import Document, decode, documents, repeated_keys, strictly, text_warnings
from fkube.documents.source import Url, shown, source_name
from fkube.documents.stream import lines, misplaced_text, split
from fkube.edge.diffprogram import external_command
from fkube.edge.execplugin import decode_credential
from fkube.edge.offers import open_cache
from fkube.edge.pools import make_manager
from fkube.edge.serverhttp import Peer, read_requests, send_response
from fkube.edge.tracing import Trace, body_text, read_trace
from fkube.exchange import Request, Response
from fkube.exchange.answers import decode_json, decode_response, retry_after
from fkube.exchange.messages import next_page, succeeded, warnings, with_query, writes
from fkube.kubeconfig.address import proxy_for, server_url
from fkube.kubeconfig.certificates import certificate_span, token_end
from fkube.kubeconfig.connection import Connection, connection, parse_duration
from fkube.kubeconfig.findings import (
    explain_connection,
    explain_credentials,
    explain_files,
    explain_proxies,
    read_credentials,
)
from fkube.kubeconfig.kubeconfig import Kubeconfig, LookedFor, decode_kubeconfig, merge_kubeconfigs
from fkube.merging.fields.paths import value_at
from fkube.pipeline.discovery import expand_category, kind_for, mapping_for
from fkube.pipeline.explain import explain
from fkube.pipeline.pipeline import resolved
from fkube.pipeline.resources import warn_of_ambiguity
from fkube.report.ledger import Ledger, ledger, parse_row
from fkube.report.planfile import open_plan
from fkube.resource.info import Info, Origin
from fkube.resource.labels import requirements
from fkube.resource.names import label_key_problems, label_value_problems, quote_text, subdomain_problems
from fkube.resource.selectors import field_selector, field_value, label_selector
from fkube.showing.columns import columns, columns_file
from fkube.showing.columns import table as column_table
from fkube.showing.sorting import order
from fkube.syntax import gotemplate
from fkube.syntax.durations import human_age
from fkube.syntax.html import html_table
from fkube.syntax.jsonpath import evaluate, parse, relaxed, render
from fkube.syntax.jsonpath.quoting import unquote_text
from fkube.syntax.jsontext import cut_values, is_json, is_shallow
from fkube.syntax.jsontext import load as load_json
from fkube.syntax.quantity import quantity
from fkube.syntax.tabwriter import align_tabs
from fkube.syntax.yamllines import duplicate_keys, item_lines, line_of
from fkube.syntax.yamlpure import open_parser
from fkube.syntax.yamlscalars import as_key, as_value, is_timestamp, resolve_plain, resolve_tagged
from fkube.syntax.yamltext import load as load_yaml
from fkube.verbs.applyset import find_parent
from fkube.verbs.awaiting import awaited
from fkube.verbs.conditions import Snapshot, any_of, created, fail_if
from fkube.verbs.prune import find_prunable_kinds
from fkube.verbs.versions import skew_warning
from fkube.visitor.combinators import each
from fkube.visitor.visits import reached
from tests.fuzz.conversations import draw_headers
from tests.fuzz.drawing import Source
from tests.fuzz.judging import Target
from tests.fuzz.shapes import deform, to_bytes, write
from tests.fuzz.worlds import MANIFESTS, SHARED, begun, known, live_objects

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def texts(
    seeds: Sequence[str], words: Sequence[str] = (), more: int = 0
) -> Callable[[Source], tuple[Any, ...]]:
    """One text like the seeds, and `more` others."""
    return lambda source: tuple(write(source, seeds, words) for _ in range(1 + more))


def _corpus() -> tuple[str, ...]:
    """Real manifests, where they are there: the shorter ones."""
    found = (path.read_text() for path in sorted(SHARED.rglob("*.yaml"))[:60])
    return tuple(text for text in found if len(text) < 4000)[:12]


YAML_WORDS = (
    "a: ",
    "- ",
    "? ",
    "!!str ",
    "!!binary ",
    "!!float ",
    "!!int ",
    "!!null ",
    "&a ",
    "*a",
    "<<: ",
    "---",
    "...",
    "%YAML 1.1\n",
    "|\n",
    ">-\n",
    "  ",
    "\t",
    "kind: List\n",
    "items:\n",
    "2001-01-01",
    "0o7",
    "0b1",
    "1:30",
    ".inf",
    ".nan",
    "=",
    "y",
)
YAML = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {app: web}}\n"
    "data: {k: 'y'}\n---\n# c\nkind: [\n",
    "a: &x {b: 1}\nc: *x\nd: [*x, 'e', \"f\\n\", |-\n  g\n  h]\n",
    "kind: List\napiVersion: v1\nitems:\n- {kind: A, apiVersion: v1, metadata: {name: 5}}\n-\n",
    '{"kind":"A","apiVersion":"v1"}{"kind":"B"}\n',
    *(json.dumps(one) for one in MANIFESTS[:3]),
    *_corpus(),
)
JSON_TEXTS = (
    '{"a":[1,2.5,"x",null,true,{"b":"\\u00e9\\ud800"}]}',
    "[[[]]]",
    "1e400",
    '"\\ud83d\\ude00"',
    '{"a":1}{"b":2}',
    *(json.dumps(one) for one in MANIFESTS[:2]),
)
PATHS = (
    "{.metadata.name}",
    "{range .items[*]}{.metadata.name}{'\\t'}{end}",
    "{.items[?(@.a.b=='x')].c}",
    "{..name}",
    "{.a[1:3:2]}",
    "{['a','b']}",
    '{.a[-1:]}{"q"}{1.5}{true}',
    "{.items[0,1]}{@}{$}",
    "{.metadata.labels.app\\.kubernetes\\.io/name}",
    "{.a[?(@.x>1)]}",
    "{.spec.containers[?(@.name=='a')].image}",
    "{.items[?(@.metadata.name>='a')].kind}",
    "{.spec.ports[?(@.port<1.5)]}",
)
PATH_WORDS = (
    "{",
    "}",
    "[",
    "]",
    "..",
    "range ",
    "end",
    "@",
    "$",
    "?(",
    ")",
    "*",
    "==",
    "!=",
    ">=",
    "&&",
    "'",
    '"',
    "\\",
    "[-1]",
    "[0:1:0]",
    "{range .}",
    "{end}",
)
SELECTORS = ("app=web,tier!=db", "a in (b, c),!d", "x notin (y),z", "a>1,b<2", "a==b")
SELECTOR_WORDS = (" in ", " notin ", "(", ")", "!", "==", "=", "!=", ",", ">", "<", "a", " ")
ARGUMENTS = (
    "pods",
    "pods,svc",
    "pod/web",
    "deployments.v1.apps/x",
    "all",
    "deploy.apps",
    "a/b/c",
    "foos.ex.com/a",
)


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes((tag, len(content))) + content


def _pem(*times: bytes) -> str:
    """As much of a certificate as its dates need."""
    body = (_der(0xA0, _der(2, b"\2")), _der(2, b"\1"), _der(0x30), _der(0x30), _der(0x30, *times))
    text = base64.b64encode(_der(0x30, _der(0x30, *body))).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"


CERTIFICATES = (
    _pem(_der(0x17, b"260101000000Z"), _der(0x18, b"20510101000000Z")),
    _pem(_der(0x17, b"x"), _der(0x84, b"\xff" * 4)),
)
CERTIFICATE_WORDS = ("-----BEGIN CERTIFICATE-----", "MIIB", "////", "MIQA", "=", "\n")
TOKENS = ("h.eyJleHAiOjF9.s", "h.eyJleHAiOjFlMzAwfQ.s", "h.W10.s", "a.b")
DURATIONS = ("1m30s", "250ms", "5", "1h", "1.5h", "-1s", ".5s", "0", "1us", "10000000000")
URLS = (
    "https://a.example:6443",
    "https://u:p@[::1]:443/x?y",
    "http://localhost",
    "10.0.0.1:8080",
    "socks5://u:p@h:1",
    "http://[::1",
    "https://℀.example",
    "http://a:99999",
    "//x",
)
KUBECONFIGS = (
    "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
    "contexts: [{name: c, context: {cluster: k, user: u, namespace: n}}]\n"
    "clusters: [{name: k, cluster: {server: 'https://a:6443', certificate-authority-data: YQ==, proxy-url: 'http://p:1'}}]\n"
    "users: [{name: u, user: {token: t, as: j, as-groups: [g], as-user-extra: {a: [b]}}}]\n",
    "users:\n- name: u\n  user:\n    exec: {command: ./c, "
    "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, "
    "args: [a], env: [{name: A, value: b}]}\n"
    "current-context: c\ncontexts: [{name: c, context: {user: u}}]\n",
    "users: [{name: u, user: {username: a, password: b, auth-provider: {name: gcp}, "
    "tokenFile: t, client-key-data: YQ==}}]\n",
)
KUBECONFIG_WORDS = (
    "clusters: ",
    "users: ",
    "contexts: ",
    "name: ",
    "user: {",
    "cluster: {",
    "server: ",
    "exec: ",
    "env: ",
    "null",
    "[]",
    "{}",
    "1",
    "token: ",
    "extensions: ",
)
ROWS = (
    '{"source":"a","document":1,"line":1,"key":"configmap/default/a","action":"created","digest":"d","uid":"u"}',
    '{"source":"a","document":1,"line":1,"key":"x","action":"unknown","digest":"d","uid":""}',
)
PLAN_ROWS = (
    '{"method":"POST","path":"/x","query":{},"contentType":"j","body":{},"apiVersion":"v1","kind":"A","namespace":"","name":"a","action":"created","source":"s","key":"k","digest":"d","last":true}',
)
ROW_WORDS = ("null", "[]", "{}", "1", "true", '"x"', "[1]", '{"a":1}', "\n", "NaN", "1e999")
WORDS_OF_LINES = (
    "-f",
    "-n",
    "--namespace=x",
    "-o",
    "json",
    "-l",
    "a=b",
    "--",
    "-",
    "--dry-run",
    "--dry-run=client",
    "--timeout=1s",
    "--timeout",
    "-wx",
    "--replicas=0x5",
    "--grace-period",
    "9" * 5000,
    "--help=maybe",
    "--field-selector",
    "--as-user-extra=a=b",
    '--filename="a',
    "--filename=a\rb",
    "--for=jsonpath={.a}=b",
    "--request-timeout=²",
    "--timeout=+",
    "--",
    "pods",
    "=",
    "--=",
    "---",
)
WAITS = (
    "create",
    "delete",
    "condition=Ready=true",
    "jsonpath={.status.phase}=Running",
    "jsonpath='{.a}'",
    "condition=",
    "jsonpath={.a}=",
)
TIMES = (
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.5+02:00",
    "2026-01-01",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
)


def _visit(text: str, source: str) -> Any:
    return documents(text, source)(each(Success))


def _stream(chunks: list[bytes]) -> Any:
    """Bytes as an edge reads them: to lines, to documents, to resources; and with the keys that are twice."""
    found = list(split(lines(chunks), "a.yaml"))
    return [
        reached(way(document, validated))
        for document in found
        for way in (decode, strictly)
        for validated in (False, True)
    ]


def _chunks(source: Source) -> tuple[Any, ...]:
    data = to_bytes(write(source, YAML, YAML_WORDS)) if source.number(4) else source.rest()
    if source.happens():
        data = data.decode("utf-8", "replace").encode(source.pick(("utf-16", "utf-16-le", "utf-8-sig")))
    cut = source.number(len(data) + 1)
    return ([data[:cut], data[cut:]],)


def _in_path(template: str, path: str) -> Any:
    """A template through its whole life, over every object there is."""
    return (
        relaxed(path),
        unquote_text(f"'{path}'"),
        parse(template).map(lambda t: [(evaluate(t, o), render(t, o, as_json=True)) for o in live_objects()]),
    )


GO_TEMPLATES = (
    "{{.metadata.name}}",
    "{{range .items}}{{.metadata.name}}{{else}}none{{end}}",
    "{{range $i, $v := .spec.template.spec.containers}}{{if $i}}, {{end}}{{$v.image}}{{end}}",
    '{{with .metadata.labels}}{{index . "app"}}{{else with .data}}{{len .}}{{end}}',
    '{{define "t"}}<{{.}}>{{end}}{{template "t" .kind}}',
    '{{block "b" .}}{{.kind | printf "%-10s|%5d|%q|%v" "x" 3}}{{end}}',
    "{{- if and .data (gt (len .data) 1) (ne .kind `Pod`) -}} x {{- else if not .spec }}y{{end}}",
    "{{$n := 0}}{{range 9}}{{if eq . 5}}{{break}}{{end}}{{$n = .}}{{continue}}{{end}}{{$n}}",
    '{{html "<" | js | urlquery}}{{slice .kind 1 2}}{{base64decode "YQ=="}}{{exists . "a" 0}}{{call .x}}',
    '{{printf "%q %+q" 65 233}}{{print 1+2i}}',
    '{{printf "%[2]*[1]d|%+.3e|%#x|%U|%T|% x" 1 5 2.5 "a" 65 nil}}{{print 1 0x1F 1e3 1i \'a\' nil}}',
)
GO_WORDS = (
    *("{{", "}}", "{{- ", " -}}", "(", ")", "|", ":=", "=", ",", ".", "$", "$x", '"', "`", "'", "%", "\\"),
    *("/*", "*/", "{{end}}", "{{else}}", "if ", "range ", "with ", "define ", "template ", "block ", "break"),
    *("continue", "nil", "printf ", "index ", "slice ", "len ", "eq ", "lt ", "and ", "not ", "exists "),
    *(
        "base64decode ",
        "1e9",
        "99999999",
        "1+2i",
        ".metadata",
        ".kind",
        ".items",
        ".x",
        "%d",
        "%[1]*.2f",
        "%#v",
    ),
)


def _in_go_template(text: str) -> Any:
    """A Go template through its whole life, over every object there is."""
    bounds = gotemplate.Bounds(steps=2_000, characters=200_000)
    return gotemplate.parse(text).map(
        lambda t: [
            gotemplate.render(t, o, missing, bounds) for o in live_objects() for missing in (True, False)
        ]
    )


def _in_columns(spec: str) -> Any:
    return [
        read(spec).map(lambda found: column_table(found, live_objects())) for read in (columns, columns_file)
    ]


def _in_selectors(text: str, other: str) -> Any:
    infos = [Info(one) for one in live_objects()]
    chosen = [
        read(text).map(lambda select: [str(select), *map(select, infos)])
        for read in (label_selector, field_selector)
    ]
    return (chosen, requirements(text), [field_value(info, other) for info in infos])


def _in_config(text: str, flag: str, other: str) -> Any:
    """A kubeconfig through its whole life, with and without flags over it."""

    def connect(config: Kubeconfig) -> Any:
        flags: Any = (
            {},
            {"server": flag, "proxy_url": other},
            {"request_timeout": flag, "token": other},
            {"context": flag, "as_": other},
        )
        return [connection(merge_kubeconfigs((config, Kubeconfig())), given).map(_reach) for given in flags]

    read = decode_kubeconfig(text, "/home/a/config")
    told = [*explain_files([LookedFor("/home/a/config", read)], "KUBECONFIG")]
    return read.map(lambda config: (told, connect(config)))


def _reach(chosen: Connection) -> Any:
    proxy = (
        proxy_for(chosen.server, chosen.cluster.get("proxy-url", ""), {"HTTPS_PROXY": "p"})
        if chosen.server
        else ""
    )
    credentials = read_credentials(chosen, chosen.user.get("client-certificate-data") or b"")
    findings = (
        *explain_connection(chosen, Kubeconfig(), "x"),
        explain_credentials(chosen, credentials, datetime(2026, 1, 1, tzinfo=UTC)),
        *(explain_proxies(chosen, {"HTTPS_PROXY": "p"}, False) if chosen.server else ()),
    )
    return (
        findings,
        repr(chosen),
        chosen.secure,
        proxy,
        open_cache(chosen.server, None, {"HOME": "/h"}, float),
    )


def _in_urls(server: str, proxy: str, no_proxy: str) -> Any:
    url = server_url(server)
    environ = {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "NO_PROXY": no_proxy}
    return (
        url,
        shown(server),
        source_name(Url(server)),
        make_manager(proxy, {}),
        url and (proxy_for(url, proxy, environ), make_manager(proxy_for(url, "", environ), {})),
    )


def _in_command(name: str, words: tuple[str, ...]) -> Any:
    found = command(name)
    split_command(words)
    return parse_flags(found.all_flags, words).map(lambda values: read_record(found.options, values))


def _words(source: Source) -> tuple[Any, ...]:
    names = (*COMMANDS, *SUBCOMMANDS)
    name = source.pick(names)
    flags = tuple(f"--{flag.name}" for flag in command(name).all_flags)
    return name, tuple(write(source, (*WORDS_OF_LINES, *flags), flags) for _ in range(source.number(6)))


def _in_cli(text: str) -> Any:
    """Texts of flags in the readers of the command line."""
    read_dry_run(
        Console(
            warned={
                f"--dry-run={text} (boolean value) is deprecated and can be replaced with --dry-run={word}."
                for word in ("none", "client")
            }
        ),
        text,
    )
    words = tuple(text.split(" "))
    pairs.split_words(words, "label"), pairs.read_label_changes(words), pairs.read_annotation_changes(words)
    return read_validation(text), read_format(text, "json", "yaml"), external_command(text)


def _in_log(levels: str, headers: tuple[tuple[str, str], ...], path: str, body: bytes) -> Any:
    """What the log tells of a request and its answer, by flags that the command line lets through."""

    def tell_all(values: Any) -> list[str]:
        told = list[str]()
        trace, request = (
            read_trace(values["v"], values["vmodule"], told.append),
            Request("POST", path, body=body),
        )
        for one in (trace, Trace(9, 9, told.append)):
            one.tell_request_body(request), one.tell_request("POST", path, headers)
            one.tell_response("POST", path, 200, headers, 0.1)
            for answer in (Response(500, body), Response(200, body), Response(200, levels)):
                one.tell_response_body(request, answer)
        return told

    body_text(Request("GET", path), levels), skew_warning(levels)
    return parse_flags(command("get").all_flags, (f"--vmodule={levels}", "-v8")).map(tell_all)


def _log(source: Source) -> tuple[Any, ...]:
    levels = write(
        source,
        (
            "round_trippers=9,helper=8",
            "r*=7",
            "v1.37.1",
            "1.30+",
            f"{'9' * 5000}.1",
            f"v1.{'9' * 5000}",
            f"a={'9' * 5000}",
        ),
        ("=", ",", "*", "[", "?", "."),
    )
    path = write(source, ("/api/v1/namespaces/default/secrets/a", "/api/v1/pods"), ("/", "?", "%"))
    headers = (*draw_headers(source), ("Authorization", write(source, ("Bearer abc", "Basic x"))))
    return levels, headers, path, to_bytes(write(source, JSON_TEXTS, ROW_WORDS))


KUBERCS = (
    "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
    "defaults: [{command: apply, options: [{name: server-side, default: 'true'}]}]\n"
    "aliases: [{name: a, command: get, prependArgs: [pods], appendArgs: [-v1], "
    "options: [{name: output, default: json}]}]\n",
    "kind: Preference\napiVersion: kubectl.config.k8s.io/v1alpha1\n"
    "overrides: [{command: delete, flags: [{name: interactive, default: 'x'}]}]\n"
    "aliases:\n- name: a\n  command: config view\n  flags:\n  - name: chunk-size\n    default: '5'\n",
)
KUBERC_WORDS = (
    *(
        "aliases: ",
        "defaults: ",
        "overrides: ",
        "- ",
        "name: ",
        "command: ",
        "options: ",
        "flags: ",
        "default: ",
    ),
    *("prependArgs: ", "appendArgs: ", "credentialPluginPolicy: ", "null", "[]", "{}", "1", "[1]", "{a: 1}"),
    *("pods", "get", "a", "---\n", "--", "-"),
)


def _in_kuberc(text: str, word: str) -> Any:
    """A kuberc file through its whole life: read, looked at, and used for commands."""
    calls = (("a", word), ("apply",), ("get", "-o", word), ("delete", word), (word,))
    kuberc.explicit_path((word, "--kuberc", text)), kuberc.explicit_path((f"--kuberc={word}",))
    made = kuberc.read_preferences(text, "kuberc").bind(kuberc.check_preferences)
    return made.map(lambda found: [kuberc.prefer(found, call, split_command) for call in calls])


def _in_edited(first: str, second: str) -> Any:
    """Two texts of an editor, compared and cleaned."""
    strip_comments(first), is_same_text(first, first)
    return give_up_reason(first, second), is_same_text(second, first)


def _in_wait(text: str) -> Any:
    return awaited(text).map(lambda met: [met(Snapshot(one, 1.0)) for one in (None, *live_objects())])


def _in_names(text: str) -> Any:
    label_key_problems(text), label_value_problems(text), subdomain_problems(text), quote_text(text)
    return (
        mapping_for(known(), text),
        kind_for(known(), text, "Pod"),
        expand_category(known(), text),
        warn_of_ambiguity(known().resources, text),
        find_parent(known(), text, "default"),
    )


def _in_arguments(first: str, second: str, third: str) -> Any:
    parse_name(first), split_argument(first), has_names(first, second)
    return parse_arguments(first, second, third)


def _in_builder(first: str, second: str, third: str) -> Any:
    """Texts in the steps of builders, and what a server makes of the request."""
    steps = (
        (b.resource_type_or_name_args(first, second),),
        (b.resource_types(first), b.label_selector(second), b.field_selector(third)),
        (b.resource_names(first, second), b.subresource(third), b.namespace(second)),
        (b.filenames(first, second), b.namespace(third), b.require_namespace),
        (b.text(first), b.add_error(second), b.namespace(third), b.default_namespace),
        (b.text(third, first), b.namespace(second), b.default_namespace, b.strict),
    )
    made = [pipe(b.builder(), *some, b.flatten, b.continue_on_error, b.do) for some in steps]
    return [
        (explain(one), one.map(lambda pipeline: resolved(pipeline, known(), "default").map(explain)))
        for one in made
    ]


def _in_kinds(first: str, second: str) -> Any:
    return find_prunable_kinds(known(), [first, second]), [
        fail_if(created, first)(Snapshot({})),
        any_of(fail_if(created, second))(Snapshot({})),
    ]


def _in_scalars(text: str, tag: str) -> Any:
    # A ValueError is how these say that a scalar is none; whoever calls them catches it.
    found = [resolve_plain(text)]
    with suppress(ValueError):
        found.append(resolve_tagged(f"tag:yaml.org,2002:{tag}", text))
    for scalar in found:
        with suppress(ValueError):
            as_value(scalar), as_key(scalar)
    return is_timestamp(text)


def _in_pure_yaml(text: str) -> Any:
    """The events by PyYAML's own parser; it refuses with the errors of YAML, and raises no others."""
    return safe((YAMLError,))(lambda: [*iter(open_parser(text.encode("utf-8", "surrogatepass")), None)])()


def _in_yaml(text: str) -> Any:
    document = Document(text, Origin("t", 1, 1))
    text_warnings(document), repeated_keys(document)
    return load_yaml(text).map(lambda _: (duplicate_keys(text), item_lines(text), line_of(text, ("a", "b"))))


def _in_json(text: str) -> Any:
    # The cluster's texts are of bytes that were UTF-8.
    sent = text.encode("utf-8", "replace").decode()
    is_json(text), is_shallow(text), list(cut_values(text, 0)), parse_json(sent), summarize_data(sent)
    return load_json(text), decode_json(to_bytes(text))


def _in_lines(text: str) -> Any:
    parse_row(text, {"a"})
    return open_plan(text.split("\n")), ledger(text.split("\n")).map(
        lambda found: [found.proof(Info(one)) for one in MANIFESTS]
    )


def _rows(source: Source) -> tuple[Any, ...]:
    """Rows of reports and plans: their texts changed, or their values changed and the digests made anew."""
    return ("\n".join(write(source, (*ROWS, *PLAN_ROWS), ROW_WORDS) for _ in range(1 + source.number(3))),)


def _answer(source: Source) -> tuple[Any, ...]:
    data = to_bytes(write(source, JSON_TEXTS, ROW_WORDS))
    return (
        source.pick(("application/json", "*/*")),
        source.pick((200, 204, 404, 429, 503)),
        draw_headers(source),
        write(source, DURATIONS),
        data,
    )


def _in_answer(
    accept: str, status: int, headers: tuple[tuple[str, str], ...], seconds: str, data: bytes
) -> Any:
    request = Request("GET", "/x", accept=accept)
    given = (("retry-after", seconds), ("warning", f'299 - "{seconds}"'), *headers)
    retry_after(status, headers), retry_after(status, given)
    warnings(Response(status, None, given))
    with_query(next_page(request, seconds), a=seconds), writes(request)
    return decode_response(request, status, given, data).bind(succeeded)


HEADS = (
    "GET /api/v1/namespaces/default/configmaps?limit=1 HTTP/1.1\r\nHost: localhost\r\n"
    "Content-Length: -1\r\n\r\n",
    "GET /api/v1/namespaces/default/configmaps?limit=5 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"
    "Content-Type: application/json\r\n"
    'Content-Length: 30\r\n\r\n{"metadata": {"name": "fresh"}}',
    "PATCH /api/v1/namespaces/default/configmaps/a HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n"
    "Expect: 100-continue\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
)
LONG = (
    "limit",
    "resourceVersion",
    "timeoutSeconds",
    "continue",
    "watch=1&timeoutSeconds",
    "watch=1&resourceVersion",
)
HEADS = (
    *HEADS,
    *(f"GET /api/v1/pods?{key}={'9' * 5000} HTTP/1.1\r\nHost: localhost\r\n\r\n" for key in LONG),
)
HEAD_WORDS = (
    *(
        "Content-Length: -1\r\n",
        "Content-Length: 5\r\n",
        f"Content-Length: {'9' * 5000}\r\n",
        "Host: evil@localhost\r\n",
    ),
    *(
        "Host: [::1\r\n",
        "Host: \u2100\r\n",
        "HTTP/1.0",
        "Transfer-Encoding: chunked\r\n",
        "Upgrade: x\r\n",
        "%00",
        "?limit=",
    ),
    *(
        f"limit={'9' * 5000}&",
        f"resourceVersion={'9' * 5000}&",
        f"timeoutSeconds={'9' * 23}&",
        "watch=1&",
        "User-Agent: ",
        "Accept: ",
        "\r\n",
        "\r",
        ";x",
    ),
)


def _in_server(data: bytes, cut: int) -> Any:
    """Bytes that come to the embedded server, in two pieces, and all that it answers."""
    pieces, answered = iter((data[:cut], data[cut:])), list[bytes]()
    peer = Peer(lambda: next(pieces, b""), answered.append)
    for reading in read_requests(peer):
        match reading:
            case Success(request):
                send_response(peer, respond(begun(), request)[1])
            case Failure(refusal):
                send_response(peer, refusal)
    return answered


CREDENTIAL = (
    '{"kind":"ExecCredential","apiVersion":"v1","status":'
    '{"token":"t","expirationTimestamp":"2030-01-31T12:00:00Z","clientCertificateData":"c","clientKeyData":"k"}}'
)

TARGETS = (
    Target(
        "documents.manifest.documents", lambda s: (write(s, YAML, YAML_WORDS), "a.yaml"), _visit, (Result,)
    ),
    Target("documents.stream", _chunks, _stream, (list,)),
    Target("documents.stream.misplaced_text", texts(YAML, YAML_WORDS), misplaced_text, (str,)),
    Target("syntax.yaml", texts(YAML, YAML_WORDS), _in_yaml, (Result,)),
    Target("syntax.yamlpure", texts(YAML, YAML_WORDS), _in_pure_yaml, (Result,), share=0.3),
    Target(
        "syntax.yamlscalars",
        lambda s: (
            write(s, YAML_WORDS),
            s.pick(("int", "float", "bool", "null", "binary", "str", "timestamp", "merge", "x")),
        ),
        _in_scalars,
    ),
    Target("syntax.json", texts(JSON_TEXTS, ROW_WORDS), _in_json, (tuple,)),
    Target("syntax.gotemplate", texts(GO_TEMPLATES, GO_WORDS), _in_go_template, (Result,), share=0.5),
    Target("syntax.jsonpath", texts(PATHS, PATH_WORDS, 1), _in_path, share=0.5),
    Target(
        "syntax.quantity", texts(("1", "1.5Gi", "100m", "1e3", "-1Ki", "1E")), quantity, (Decimal, type(None))
    ),
    Target("syntax.durations", texts(TIMES), lambda t: human_age(t, NOW), (str,)),
    Target("syntax.tabwriter", texts(("a\tb\nlonger\tc\n", "\t\t\n")), align_tabs, (tuple,)),
    Target("syntax.html", texts(("a", "<b>"), (), 1), lambda a, b: html_table([a], [[b]]), (str,)),
    Target("resource.selectors", texts(SELECTORS, SELECTOR_WORDS, 1), _in_selectors, (tuple,)),
    Target("resource.names", texts((*ARGUMENTS, "app.kubernetes.io/name")), _in_names, (tuple,)),
    Target("builder.arguments", texts(ARGUMENTS, ("/", ",", "."), 2), _in_arguments, (Result,)),
    Target(
        "builder.steps",
        texts((*ARGUMENTS, *SELECTORS, YAML[0], "a.yaml", "https://u:p@a.example/x?t"), ("/", ",", "="), 2),
        _in_builder,
        (list,),
        0.4,
    ),
    Target(
        "verbs.prune.kinds", texts(("core/v1/Pod", "apps/v1/Deployment", "a"), ("/",), 1), _in_kinds, (tuple,)
    ),
    Target(
        "showing.columns",
        texts(("A:.a,B:.metadata.name", "A:{.items[*].a}", "NAME RSRC\n.metadata.name .x\n"), PATH_WORDS),
        _in_columns,
        (list,),
    ),
    Target(
        "showing.sorting",
        texts((".metadata.name", "{.spec.replicas}", *PATHS), PATH_WORDS),
        lambda t: order(t, live_objects()),
        (Result,),
    ),
    Target(
        "kubeconfig",
        lambda s: (write(s, KUBECONFIGS, KUBECONFIG_WORDS), write(s, (*URLS, *DURATIONS)), write(s, URLS)),
        _in_config,
        (Result,),
    ),
    Target(
        "kubeconfig.certificates",
        lambda s: (write(s, CERTIFICATES, CERTIFICATE_WORDS), write(s, TOKENS, (".", "=", "e30"))),
        lambda pem, token: (certificate_span(pem.encode("utf-8", "replace")), token_end(token)),
        (tuple,),
    ),
    Target("kubeconfig.address", texts(URLS, ("@", ":", "[", "]", "/", "//"), 2), _in_urls, (tuple,)),
    Target(
        "kubeconfig.parse_duration",
        texts(DURATIONS, ("h", "ms", ".", "µs")),
        parse_duration,
        (float, type(None)),
    ),
    Target("exchange.answers", _answer, _in_answer, (Result,)),
    Target("report.rows", _rows, _in_lines, (tuple,)),
    Target("report.ledger", texts(ROWS, ROW_WORDS), lambda t: ledger([t, t]).value_or(Ledger()), (Ledger,)),
    Target("verbs.awaiting", texts(WAITS, ("=", *PATH_WORDS)), _in_wait, (Result,), share=0.5),
    Target("cli.pflag", _words, _in_command, (Result,), share=0.5),
    Target(
        "cli.readers",
        texts(("client", "true", "app=web tier-", "json", "diff -u -N", "a=b c= =d e-"), ("=", "-", " ")),
        _in_cli,
        (tuple,),
    ),
    Target("syntax.klog", _log, _in_log, (Result,), share=0.5),
    Target(
        "cli.kuberc",
        lambda s: (write(s, KUBERCS, KUBERC_WORDS), write(s, WORDS_OF_LINES)),
        _in_kuberc,
        (Result,),
        0.5,
    ),
    Target(
        "cli.kuberc.values",
        lambda s: (json.dumps(deform(s, load_yaml(s.pick(KUBERCS)).unwrap()[0])), write(s, WORDS_OF_LINES)),
        _in_kuberc,
        (Result,),
        0.5,
    ),
    Target("cli.editing", texts(YAML, (*YAML_WORDS, "# c\n", "#"), 1), _in_edited, (tuple,), 0.5),
    Target(
        "edge.execplugin",
        lambda s: (to_bytes(write(s, (CREDENTIAL,), ROW_WORDS)),),
        lambda data: decode_credential({"apiVersion": "v1"}, data),
        (Result,),
    ),
    Target(
        "edge.serverhttp",
        lambda s: (to_bytes(write(s, HEADS, HEAD_WORDS)), s.number(200)),
        _in_server,
        (list,),
    ),
    Target(
        "merging.fields.value_at",
        lambda s: (
            s.pick(live_objects()),
            write(
                s,
                (
                    ".metadata.name",
                    '.spec.ports[name="x"]',
                    ".spec.template.spec.containers[0].image",
                    '.a["b"]',
                ),
            ),
        ),
        value_at,
    ),
    Target(
        "cluster.protobuf", lambda s: (b"k8s\0" * (s.number(8) > 0) + s.rest(),), decode_protobuf, (Result,)
    ),
)
