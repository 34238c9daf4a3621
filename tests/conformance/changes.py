"""Pairs of manifests of many kinds: what is applied first, and what then. Strategies only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Maker = SearchStrategy[dict[str, Any]]

TEXTS = st.sampled_from(("a", "b", "c"))
NUMBERS = st.integers(1, 4)
MAPS = st.dictionaries(TEXTS, TEXTS, max_size=3)
QUANTITIES = st.dictionaries(
    st.sampled_from(("cpu", "memory")), st.sampled_from(("1", "2", "3Mi")), max_size=2
)


def some(**fields: SearchStrategy[Any]) -> Maker:
    """A mapping with any of the fields."""
    return st.fixed_dictionaries({}, optional=fields)


def named(items: Maker, key: str = "name", names: SearchStrategy[Any] = TEXTS, least: int = 0) -> Any:
    """A list of items, each with another name."""
    pairs = st.lists(st.tuples(names, items), min_size=least, max_size=3, unique_by=lambda pair: pair[0])
    return pairs.map(lambda found: [{**item, key: name} for name, item in found])


PORTS = named(some(protocol=st.sampled_from(("TCP", "UDP"))), "containerPort", NUMBERS)
ENV = named(st.fixed_dictionaries({"value": TEXTS}))
MOUNTS = named(
    some(readOnly=st.booleans()).map(lambda mount: {"name": "v", **mount}),
    "mountPath",
    st.sampled_from(("/a", "/b")),
)
CONTAINER = st.builds(
    lambda image, more: {"image": image, **more},
    st.sampled_from(("x:1", "x:2")),
    some(
        env=ENV,
        ports=PORTS,
        volumeMounts=MOUNTS,
        args=st.lists(TEXTS, max_size=3),
        workingDir=TEXTS,
        resources=some(limits=QUANTITIES),
        livenessProbe=some(periodSeconds=NUMBERS).map(
            lambda probe: {"httpGet": {"port": 1, "path": "/"}, **probe}
        ),
    ),
)
VOLUME = st.sampled_from(({"emptyDir": {}}, {"configMap": {"name": "a"}}, {"secret": {"secretName": "b"}}))
VOLUMES = st.builds(lambda first, rest: [{"name": "v", **first}, *rest], VOLUME, named(VOLUME))
TOLERATIONS = st.lists(
    some(key=TEXTS, effect=st.just("NoSchedule")).map(lambda t: {"operator": "Exists", **t}), max_size=2
)


def template(restart: str = "Always", **labels: str) -> Maker:
    """A pod template with lists that are merged by keys, within one another."""
    spec = st.builds(
        lambda containers, volumes, more: {
            "containers": containers,
            "volumes": volumes,
            "restartPolicy": restart,
            **more,
        },
        named(CONTAINER, least=1),
        VOLUMES,
        some(
            initContainers=named(CONTAINER, names=st.sampled_from(("x", "y"))),
            tolerations=TOLERATIONS,
            nodeSelector=MAPS,
            imagePullSecrets=named(st.just({})),
            hostAliases=named(
                st.fixed_dictionaries({"hostnames": st.lists(TEXTS, min_size=1, max_size=2)}),
                "ip",
                st.sampled_from(("10.0.0.1", "10.0.0.2")),
            ),
        ),
    )
    return spec.map(lambda found: {"metadata": {"labels": labels or {"app": "a"}}, "spec": found})


def deployment(**more: SearchStrategy[Any]) -> Maker:
    """What Deployments, StatefulSets and DaemonSets share."""
    fixed = {"selector": st.just({"matchLabels": {"app": "a"}}), "template": template()}
    return st.fixed_dictionaries({"spec": st.fixed_dictionaries(fixed, optional=more)})


RULES = st.lists(
    st.fixed_dictionaries(
        {
            "apiGroups": st.just([""]),
            "resources": st.lists(TEXTS, min_size=1, max_size=2),
            "verbs": st.just(["get"]),
        }
    ),
    max_size=2,
)
STRATEGY = st.sampled_from(
    (
        {"type": "Recreate"},
        {"type": "RollingUpdate"},
        {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 2}},
    )
)
SERVICE = st.builds(
    lambda ports, more: {"spec": {"ports": ports, **more}},
    named(some(targetPort=NUMBERS).map(dict), "port", NUMBERS, 1),
    some(selector=MAPS),
)
BACKEND = {"service": {"name": "a", "port": {"number": 1}}}
PATHS = st.lists(TEXTS, min_size=1, max_size=2).map(
    lambda found: [{"path": f"/{p}", "pathType": "Prefix", "backend": BACKEND} for p in found]
)
POLICY = some(
    podSelector=st.just({}),
    policyTypes=st.just(["Ingress"]),
    ingress=st.lists(st.builds(lambda n: {"ports": [{"port": n}]}, NUMBERS), max_size=2),
)
JOB = st.builds(
    lambda t, more: {"template": t, **more},
    template("Never", job="a"),
    some(parallelism=NUMBERS, suspend=st.booleans(), backoffLimit=NUMBERS),
)

KINDS: Mapping[tuple[str, str, str], Maker] = {
    ("apps/v1", "Deployment", "deployments"): deployment(
        replicas=NUMBERS, strategy=STRATEGY, minReadySeconds=NUMBERS
    ),
    ("apps/v1", "StatefulSet", "statefulsets"): deployment(replicas=NUMBERS, serviceName=st.just("a")),
    ("apps/v1", "DaemonSet", "daemonsets"): deployment(minReadySeconds=NUMBERS),
    ("v1", "Service", "services"): SERVICE,
    ("v1", "ConfigMap", "configmaps"): some(data=MAPS, immutable=st.just(False)),
    ("v1", "Secret", "secrets"): some(stringData=MAPS, type=st.just("Opaque")),
    ("v1", "Pod", "pods"): template().map(lambda found: {"spec": found["spec"]}),
    ("batch/v1", "Job", "jobs"): JOB.map(lambda spec: {"spec": spec}),
    ("batch/v1", "CronJob", "cronjobs"): JOB.map(
        lambda spec: {"spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": spec}}}
    ),
    ("networking.k8s.io/v1", "Ingress", "ingresses"): PATHS.map(
        lambda paths: {"spec": {"rules": [{"host": "a.example", "http": {"paths": paths}}]}}
    ),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"): POLICY.map(
        lambda spec: {"spec": {"podSelector": {}, **spec}}
    ),
    ("rbac.authorization.k8s.io/v1", "Role", "roles"): RULES.map(lambda rules: {"rules": rules}),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"): named(
        st.just({"kind": "ServiceAccount", "namespace": "a"})
    ).map(
        lambda found: {
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "a"},
            "subjects": found,
        }
    ),
    ("v1", "ServiceAccount", "serviceaccounts"): some(
        imagePullSecrets=named(st.just({})),
        secrets=named(st.just({})),
        automountServiceAccountToken=st.booleans(),
    ),
    ("v1", "PersistentVolumeClaim", "persistentvolumeclaims"): QUANTITIES.map(
        lambda _: {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
    ),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"): some(minReplicas=NUMBERS).map(
        lambda spec: {
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a"},
                "maxReplicas": 5,
                **spec,
            }
        }
    ),
    ("patches.example.com/v1", "Thing", "things"): some(
        spec=some(list=st.lists(some(a=NUMBERS), max_size=2), map=MAPS, size=NUMBERS)
    ),
}
"""Version, kind and resource, and what such an object has beside its metadata."""


def objects(version: str, kind: str, body: Maker) -> Maker:
    """An object of a kind, without its name."""
    metadata = some(labels=MAPS, annotations=MAPS)
    return st.builds(
        lambda meta, rest: {"apiVersion": version, "kind": kind, "metadata": meta, **rest}, metadata, body
    )


def changes(each: int) -> SearchStrategy[list[tuple[dict[str, Any], dict[str, Any], str]]]:
    """For every kind so many pairs: what is applied, what then, both of one name; and the resource."""
    pairs = [
        st.tuples(objects(version, kind, body), objects(version, kind, body), st.just((resource, number)))
        for (version, kind, resource), body in KINDS.items()
        for number in range(each)
    ]
    return st.tuples(*pairs).map(lambda found: [_named(*pair) for pair in found])


def _named(before: dict[str, Any], after: dict[str, Any], place: tuple[str, int]) -> Any:
    resource, number = place
    name = {"name": f"{resource}-{number}"}
    first, then = ({**one, "metadata": {**one["metadata"], **name}} for one in (before, after))
    return first, then, resource
