"""Warnings on the command line: each once, on stderr, and `--warnings-as-errors`."""

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from returns.result import Success

from fkube import edge
from fkube.cli.api_resources import ResourcesOptions, print_resources
from fkube.cli.command import Call
from fkube.cli.console import Console

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}, labels: {{app: web}}}}\n"
A, B = MAP.format("a"), MAP.format("b")
SPACE = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: old, labels: {app: web}}\n"
PORTS = "apiVersion: v1\nkind: Service\nmetadata: {{name: dns}}\nspec: {{ports: [{}]}}\n"
UDP, TCP = (f"{{name: {kind}, port: 53, protocol: {kind}}}" for kind in ("UDP", "TCP"))
MANIFESTS = {
    "a.yaml": A,
    "both.yaml": f"{A}{SPACE}",
    "unread.yaml": f"{A}...\n{B}",
    "twice.yaml": f"{A}{B}",
    "nothing.yaml": f"null\n...\n{A}",
    "merged.yaml": f"{A}data:\n  level: debug\n  <<: {{level: info}}\n",
    "udp.yaml": PORTS.format(UDP),
    "dns.yaml": PORTS.format(f"{TCP}, {UDP}"),
    "patch.yaml": "data: {k: v}\n---\ndata: {l: w}\n",
    "patch-twice.json": '{"data": {"k": "v"}, "data": {"l": "w"}}',
    "cms.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
    "metadata: {name: maps.a.example}\n"
    "spec:\n  group: a.example\n  scope: Namespaced\n  names: {plural: maps, kind: Map, shortNames: [cm]}\n"
    "  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]\n",
    "endpoints.yaml": "apiVersion: v1\nkind: Endpoints\nmetadata: {name: e}\n",
}
UNREAD = "Warning: {}, line {}: this is not read, as a document has ended before it: put --- between them\n"
OLD = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n"
BEYOND = (
    "Warning: Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used "
    "with the --namespace flag in a future release. To preserve the current behaviour, list the resources "
    "you want to target explicitly in the --prune-allowlist flag.\n"
)
LOST = (
    "Warning: dns.yaml, document 1, line 1: services/dns: spec.ports has several items with the port 53 in "
    "the manifest, of which client-side apply may lose one: use --server-side\n"
    "Warning: dns.yaml, document 1, line 1: services/dns: spec.ports is not left as the manifest has it: "
    "use --server-side\n"
)


@pytest.mark.parametrize(
    ("words", "status", "end"),
    [
        ("create -f a.yaml", 0, ""),
        ("create -f a.yaml --warnings-as-errors", 0, ""),
        ("create -f unread.yaml", 0, UNREAD),
        ("create -f unread.yaml --warnings-as-errors", 1, f"{UNREAD}error: 1 warning received\n"),
        ("--warnings-as-errors create -f unread.yaml", 1, f"{UNREAD}error: 1 warning received\n"),
        ("create -f unread.yaml --warnings-as-errors=false", 0, UNREAD),
        ("create -f unread.yaml -f unread.yaml --dry-run=client", 0, UNREAD),
        ("label --local -f unread.yaml x=y", 0, UNREAD),
        ("create -f unread.yaml -l app=none", 1, f"{UNREAD}error: no objects passed to create\n"),
        ("apply -f unread.yaml --server-side", 0, UNREAD),
        ("apply -f unread.yaml --dry-run=server", 0, UNREAD),
        ("plan -f unread.yaml", 0, UNREAD),
    ],
)
def test_what_is_not_read_is_told_once_and_counts_where_it_should(cluster, fkube, words, status, end):
    found, _, err = fkube(words)
    assert (found, err) == (status, end.format("unread.yaml, document 1", 5))


@pytest.mark.parametrize(
    "words", ["get -f {}", "delete -f {}", "diff -f {}", "label -f {} x=y", "scale -f {}"]
)
@pytest.mark.parametrize(
    ("name", "warned"), [("unread.yaml", "line 5: this is not"), ("twice.yaml", "set in map")]
)
def test_every_command_that_reads_manifests_says_what_it_does_not_read(cluster, fkube, words, name, warned):
    assert fkube("create -f a.yaml")[0] == 0
    assert warned in fkube(words.format(name) + (" --replicas=1" if "scale" in words else ""))[2]


def test_keys_that_are_there_twice_are_told_unless_they_are_to_be_ignored(fkube):
    told = [
        fkube(f"create --embedded -f twice.yaml --validate={how}")[2] for how in ("strict", "warn", "ignore")
    ]
    assert [text.count("already set in map") for text in told] == [3, 3, 0]


def test_a_document_of_nothing_hides_what_follows_it(fkube):
    unread = UNREAD.format("nothing.yaml, document 1", 3)
    assert fkube("create --embedded -f nothing.yaml")[2] == f"{unread}error: no objects passed to create\n"


def test_what_a_merge_key_replaces_is_told_without_its_value(fkube):
    told = (
        'Warning: merged.yaml, document 1, line 5: "data.level" is replaced by the merge key (<<) in line 6\n'
    )
    assert fkube("create --embedded -f merged.yaml") == (0, "configmap/a created\n", told)


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        ("--patch-file patch.yaml", UNREAD.format("patch.yaml", 2)),
        ("-p '{data: {k: v}} # one\n{data: {l: w}}'", ""),
        ("-p '# one\n{data: {k: v}}\n{data: {l: w}}'", UNREAD.format("--patch", 3)),
        (
            "--patch-file patch-twice.json",
            'Warning: patch-twice.json, line 1: key "data" already set in map\n',
        ),
    ],
)
def test_a_patch_is_a_text_too(fkube, words, warned):
    _, _, err = fkube(f"patch --local --type=merge -f a.yaml {words}")
    assert err == warned or (not warned and err.startswith("error: "))


def test_apply_diff_and_plan_say_what_client_side_apply_loses(cluster, fkube):
    assert fkube("apply -f udp.yaml") == (0, "service/dns created\n", "")
    assert fkube("diff -f dns.yaml")[::2] == (1, LOST)
    assert fkube("plan --apply -f dns.yaml")[::2] == (0, LOST)
    assert fkube("apply -f dns.yaml --dry-run=client")[::2] == (0, LOST)
    assert fkube("apply -f dns.yaml --warnings-as-errors")[::2] == (1, f"{LOST}error: 2 warnings received\n")
    assert fkube("apply --server-side --force-conflicts -f dns.yaml --warnings-as-errors")[::2] == (0, "")


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        ("get cm", 'Warning: short name "cm" could also match lower priority resource maps.a.example\n'),
        (
            "label cm a x=y",
            'Warning: short name "cm" could also match lower priority resource maps.a.example\n',
        ),
        ("get cm.a.example", "No resources found in default namespace.\n"),
        ("get configmaps", ""),
        ("get -f a.yaml", ""),
    ],
)
def test_a_short_name_of_several_resources_is_told_of(cluster, fkube, words, warned):
    assert fkube("create -f a.yaml -f cms.yaml")[0] == 0
    assert fkube("api-resources")[0] == 0  # What is offered is asked for anew.
    assert fkube(words)[::2] == (0, warned)


@pytest.mark.parametrize(
    ("flags", "warned"),
    [
        ("--prune -l app=web -n default", BEYOND + OLD),
        ("--prune -l app=web", OLD),
        ("--prune --all --prune-allowlist=core/v1/ConfigMap -n default", ""),
        ("-n default", ""),
    ],
)
@pytest.mark.parametrize("command", ["apply", "plan --apply"])
def test_pruning_beyond_the_namespace_is_told_of(cluster, fkube, command, flags, warned):
    assert fkube("apply -f both.yaml")[0] == 0
    assert fkube(f"{command} -f a.yaml {flags}")[::2] == (0, warned)


@pytest.mark.parametrize("words", ["get endpoints", "get -f endpoints.yaml", "get endpoints -o name"])
def test_warnings_of_the_server_count_once(cluster, fkube, words):
    assert fkube("apply -f endpoints.yaml")[2] == OLD
    assert fkube("apply -f endpoints.yaml") == (0, "endpoints/e unchanged\n", OLD)
    status, _, err = fkube(f"{words} --warnings-as-errors")
    assert (status, err) == (1, f"{OLD}error: 1 warning received\n")


def test_a_difference_or_a_failure_has_its_own_status(cluster, fkube):
    Path("changed.yaml").write_text(f"{A}data: {{k: v}}\n...\n{B}")
    fkube("apply -f a.yaml")
    warned = UNREAD.format("changed.yaml, document 1", 6)
    assert fkube("diff -f changed.yaml --warnings-as-errors")[::2] == (1, warned)
    assert fkube("diff -f unread.yaml --warnings-as-errors")[0] == 1
    failed = fkube("create -f changed.yaml --warnings-as-errors")
    assert (failed[0], failed[2].startswith(warned), "received" in failed[2]) == (1, True, False)


STALE = {"metadata": {"name": "dead.io"}, "versions": [{"version": "v1", "freshness": "Stale"}]}
DEAD = (
    "Warning: couldn't get the resource list for dead.io/v1: "
    "the server is currently unable to handle the request\n"
)


@pytest.mark.parametrize(("group", "warned"), [(None, DEAD), ("apps", ""), ("dead.io", DEAD), ("", "")])
def test_api_resources_of_other_groups_are_told_whole(capsys, group, warned):
    known, console = edge.embedded(), Console()

    def send(request):
        answer = known.send(request).unwrap()
        dead = request.path == "/apis"
        return Success(
            replace(answer, body={**answer.body, "items": [*answer.body["items"], STALE]}) if dead else answer
        )

    call = Call(given=() if group is None else ("api-group",))
    options = ResourcesOptions(call=call, api_group=group or "")
    print_resources(console, options, "name", replace(known, send=send))
    assert (console.close(), capsys.readouterr().err) == (0, warned)


def test_threads_say_a_warning_once(capsys):
    console = Console()
    threads = [Thread(target=console.warn, args=(["old"] * 50,)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert capsys.readouterr().err == "Warning: old\n"
