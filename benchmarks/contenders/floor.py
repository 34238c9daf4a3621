"""The floor: what the wire alone takes. Eight threads send bodies that are ready, and no answer is read.

python floor.py create BODIES NAMESPACE | list NAMESPACE
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import urllib3
import yaml

THREADS = 8
PATHS = {"Deployment": "/apis/apps/v1", "ConfigMap": "/api/v1"}


def opened(path: str) -> tuple[urllib3.PoolManager, str, dict[str, str]]:
    """What the kubeconfig of the judge's server says: a pool, the address, and headers."""
    config = yaml.safe_load(Path(path).read_text())
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    authority = str(Path(path).parent / cluster["certificate-authority"])
    headers = {"Authorization": f"Bearer {user['token']}", "Content-Type": "application/json"}
    return urllib3.PoolManager(ca_certs=authority, maxsize=THREADS), cluster["server"], headers


def main() -> None:
    pool, server, headers = opened(os.environ["KUBECONFIG"])

    def send(body: bytes) -> None:
        answer = pool.request("POST", url, body=body, headers=headers)
        if answer.status != 201:
            raise SystemExit(answer.data.decode())

    match sys.argv[1:]:
        case ["create", bodies, namespace]:
            lines = Path(bodies).read_bytes().splitlines()
            kind = json.loads(lines[0])["kind"]
            url = f"{server}{PATHS[kind]}/namespaces/{namespace}/{kind.lower()}s"
            with ThreadPoolExecutor(THREADS) as threads:
                list(threads.map(send, lines))
        case ["list", namespace]:
            url = f"{server}{PATHS['Deployment']}/namespaces/{namespace}/deployments"
            for item in pool.request("GET", url, headers=headers).json()["items"]:
                print(f"deployment.apps/{item['metadata']['name']}")


main()
