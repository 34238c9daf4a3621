"""Plans of apply on the command line: what would be sent, that nothing is, and that it is sent later."""

from pathlib import Path

import pytest

from fkube.resource.info import Info, RESTMapping
from fkube.verbs.plan import planned
from fkube.verbs.serverside import server_side_as_is
from fkube.verbs.writing import KUBECTL, Write

MAP = "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {}, labels: {{app: web}}}}, data: {{k: {}}}}}\n"
SECRET = (
    "{{apiVersion: v1, kind: Secret, metadata: {{name: s, labels: {{app: web}}}}, stringData: {{k: {}}}}}\n"
)
MANIFESTS = {
    "old.yaml": "---\n".join([MAP.format("a", "v"), MAP.format("b", "v"), SECRET.format("hunter2")]),
    "new.yaml": "---\n".join([MAP.format("a", "w"), MAP.format("b", "v"), MAP.format("c", "v")]),
    "secret.yaml": SECRET.format("hunter3"),
    "same.yaml": MAP.format("a", "v"),
    "gen.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: gen-}}\n",
}
MAPS, SECRETS = "/api/v1/namespaces/default/configmaps", "/api/v1/namespaces/default/secrets"
CLIENT = "fieldManager=kubectl-client-side-apply&fieldValidation=Strict"
SERVER = "fieldManager=kubectl&fieldValidation=Strict"

PLANS = [
    (
        "--apply -f new.yaml",
        f"PATCH {MAPS}/a?{CLIENT} # configmap/a from new.yaml, document 1, line 1\n"
        f"POST {MAPS}?{CLIENT} # configmap/c from new.yaml, document 3, line 5\n",
    ),
    (
        "--apply -f new.yaml --prune -l app=web --dry-run=server --field-manager=me",
        f"PATCH {MAPS}/a?dryRun=All&fieldManager=me&fieldValidation=Strict"
        " # configmap/a from new.yaml, document 1, line 1\n"
        f"POST {MAPS}?dryRun=All&fieldManager=me&fieldValidation=Strict"
        " # configmap/c from new.yaml, document 3, line 5\n"
        f"DELETE {SECRETS}/s # secret/s\n",
    ),
    (
        "--prune --all --prune-allowlist core/v1/ConfigMap -f secret.yaml",
        f"PATCH {SECRETS}/s?{CLIENT} # secret/s from secret.yaml, document 1, line 1\n"
        f"DELETE {MAPS}/a # configmap/a\n"
        f"DELETE {MAPS}/b # configmap/b\n",
    ),
    ("--apply -f same.yaml", ""),
    (
        "--server-side -f secret.yaml",
        f"PATCH {SECRETS}/s?{SERVER}&force=false # secret/s from secret.yaml, document 1, line 1\n",
    ),
    (
        "--server-side -f secret.yaml --field-manager=me --force-conflicts",
        f"PATCH {SECRETS}/s?fieldManager=me&fieldValidation=Strict&force=true"
        " # secret/s from secret.yaml, document 1, line 1\n",
    ),
]
SENT = [
    ("--apply", "configmap/a configured\nconfigmap/c created\n"),
    ("--apply --prune -l app=web", "configmap/a configured\nconfigmap/c created\nsecret/s pruned\n"),
    (
        "--prune -l app=web --dry-run=server",
        "configmap/a configured (server dry run)\nconfigmap/c created (server dry run)\n"
        "secret/s pruned (server dry run)\n",
    ),
    (
        "--server-side --force-conflicts",
        "configmap/a serverside-applied\nconfigmap/b serverside-applied\nconfigmap/c serverside-applied\n",
    ),
]
REFUSED = [
    ("--force-conflicts", "--force-conflicts can only be used with --apply, --server-side or --prune"),
    ("--all", "--all can only be used with --apply, --server-side or --prune"),
    ("--apply --force-conflicts", "--force-conflicts only works with --server-side"),
    ("--apply --save-config", "--save-config can't be used with --apply, --server-side or --prune"),
    ("--server-side --dry-run=client", "--dry-run=client doesn't work with --server-side"),
    ("--server-side --prune --all", "--prune is in alpha and doesn't currently work on objects created by"),
    ("--prune", "all resources selected for prune without explicitly passing --all"),
    ("--prune --all --prune-allowlist x", "invalid GroupVersionKind format: x"),
    ("--apply -o yaml", 'unable to match a printer suitable for the output format "yaml"'),
    ("--apply -l no=such", "no objects passed to apply"),
]


@pytest.fixture(autouse=True)
def old_objects(cluster, fkube):
    """What a plan starts from."""
    assert fkube("apply -f old.yaml")[0] == 0


LISTED = "Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n"
"""What the server says when it lists what may be pruned."""


def state(fkube):
    return fkube("get cm,secrets -o json --show-managed-fields")[1]


@pytest.mark.parametrize(("flags", "lines"), PLANS)
def test_a_plan_of_apply_shows_what_would_be_sent_and_sends_nothing(fkube, flags, lines):
    before = state(fkube)
    status, out, err = fkube(f"plan {flags}")
    assert (status, err, out) == (0, LISTED if "--prune -l" in flags else "", lines)
    assert state(fkube) == before


@pytest.mark.parametrize(("flags", "lines"), SENT)
def test_a_plan_of_apply_is_sent_as_it_was_made(fkube, flags, lines):
    Path("plan").write_text(fkube(f"plan {flags} -f new.yaml -o json")[1])
    Path("new.yaml").unlink()
    status, out, err = fkube("apply --plan plan")
    assert (status, err) == (0, "")
    assert sorted(out.splitlines()) == sorted(lines.splitlines())


def test_a_plan_leaves_what_apply_leaves(fkube):
    Path("plan").write_text(fkube("plan --apply -f new.yaml -o json")[1])
    assert fkube("apply --plan plan")[0] == 0
    assert fkube("apply -f new.yaml")[1] == "".join(f"configmap/{name} unchanged\n" for name in "abc")


def test_nothing_of_a_plan_is_pruned_after_a_failure(fkube):
    Path("plan").write_text(fkube("plan --prune -l app=web -f new.yaml -o json")[1])
    fkube("delete cm a")
    status, out, _ = fkube("apply --plan plan")
    assert (status, out) == (1, "configmap/c created\n")
    assert fkube("get secret s -o name")[1] == "secret/s\n"


def test_nothing_is_planned_to_go_where_an_object_can_not_be_planned(fkube):
    assert "DELETE" in fkube("plan --prune --all -f new.yaml")[1]
    status, out, err = fkube("plan --prune --all -f new.yaml,gen.yaml")
    assert (status, "DELETE" in out, "cannot use generate name with apply" in err) == (1, False, True)


def test_what_was_pruned_under_another_uid_stays(fkube):
    Path("plan").write_text(fkube("plan --prune -l app=web -f new.yaml -o json")[1])
    fkube("delete secret s")
    fkube("create -f secret.yaml")
    status, out, err = fkube("apply --plan plan")
    assert (status, "pruned" in out, "Conflict" in err) == (1, False, True)
    assert fkube("get secret s -o name")[1] == "secret/s\n"


@pytest.mark.parametrize(("flags", "message"), REFUSED)
def test_flags_of_a_plan_that_do_not_go_together_are_refused(fkube, flags, message):
    status, out, err = fkube(f"plan {flags} -f new.yaml")
    assert (status, out, message in err) == (1, "", True), err


def test_server_side_apply_is_planned_without_a_read():
    web = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}
    info = Info(web, mapping=RESTMapping("", "v1", "Pod", "pods", False))
    verb = server_side_as_is(Write("none", KUBECTL, "Strict"), subresource="status")
    rows = planned(verb, bodies=True)(info).result.unwrap().object
    (row,) = rows["requests"]
    assert (row["method"], row["path"]) == ("PATCH", "/api/v1/pods/web/status")
    assert (row["contentType"], row["body"]) == ("application/apply-patch+yaml", web)
