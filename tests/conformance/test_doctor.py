"""What `fkube doctor` says of a real server: who we are and what we may do, beside `kubectl auth`."""

from __future__ import annotations

import json
from typing import Any

from fkube.verbs.examine import RESOURCES, VERBS
from tests.conformance.commands import fkube, kubectl
from tests.conformance.server import Server

GROUP = "rbac.authorization.k8s.io"
RULES = [
    {"apiGroups": [""], "resources": ["pods", "services"], "verbs": ["get", "list"]},
    {"apiGroups": ["apps"], "resources": ["*"], "verbs": ["*"]},
    {"apiGroups": ["*"], "resources": ["configmaps"], "verbs": ["create", "delete"]},
    {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["one"]},
]


def said(server: Server, *words: str) -> dict[str, tuple[str, str]]:
    """The level and the message of each topic."""
    ran = fkube(server)("doctor", "-o", "json", *words)
    found: list[Any] = json.loads(ran.stdout)["findings"]
    return {one["topic"]: (one["level"], one["message"]) for one in found}


def allow(server: Server, user: str) -> None:
    """Let a user do in the namespace `default` what the rules say."""
    path = f"/apis/{GROUP}/v1/namespaces/default"
    role = {"kind": "Role", "apiVersion": f"{GROUP}/v1", "metadata": {"name": user}, "rules": RULES}
    binding = {
        "kind": "RoleBinding",
        "apiVersion": f"{GROUP}/v1",
        "metadata": {"name": user},
        "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": user},
        "subjects": [{"apiGroup": GROUP, "kind": "User", "name": user}],
    }
    for plural, object in (("roles", role), ("rolebindings", binding)):
        kind = {"Content-Type": "application/json"}
        assert server.send("POST", f"{path}/{plural}", object, **kind).status == 201


def test_an_administrator_may_do_all(server: Server) -> None:
    found = said(server)
    assert found["server"][0] == found["version"][0] == found["namespace"][0] == "ok"
    assert found["user"] == ("ok", "a token")
    assert found["identity"] == ("ok", "admin, in system:masters and system:authenticated")
    assert found["rights"][0] == "ok"
    assert said(server, "-n", "nowhere")["namespace"] == ("problem", "nowhere is not there")


def test_a_user_may_do_what_kubectl_says(server: Server) -> None:
    allow(server, "doctor")
    may = kubectl(server)
    told = {
        ".".join(filter(None, (resource, group))): [
            verb
            for verb in VERBS
            if may("auth", "can-i", verb, ".".join(filter(None, (resource, group))), "--as=doctor").status
            == 0
        ]
        for group, resource in RESOURCES
    }
    assert told["deployments.apps"] == [*VERBS]
    assert told["secrets"] == []
    found = said(server, "--as=doctor")
    assert found["identity"] == ("ok", "doctor, in system:authenticated")
    assert found["rights"] == (
        "warning",
        "in namespace default: create and delete on configmaps; create, get, list, patch and delete on"
        " deployments.apps; get and list on pods and services; nothing on secrets",
    )
    assert (told["configmaps"], told["pods"]) == (["create", "delete"], ["get", "list"])
    assert found["namespace"] == ("ok", "default; whether it is there may not be read")


def test_who_has_no_credentials_and_who_has_wrong_ones_are_told_so(server: Server) -> None:
    config = json.loads(kubectl(server)("config", "view", "--raw", "-o", "json").stdout)
    nobody = server.folder / "nobody"
    nobody.write_text(json.dumps({**config, "users": []}))
    found = said(server, f"--kubeconfig={nobody}")
    assert found["user"] == ("ok", "none")
    assert found["identity"][1].startswith("nobody (system:anonymous)") or "403" in found["identity"][1]
    found = said(server, "--token=wrong")
    assert found["identity"] == ("problem", "the server does not know these credentials (401)")
    assert "rights" not in found
