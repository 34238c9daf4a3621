"""The work of a row with the client `kubernetes`, as its own examples do it."""

import sys

# This file has the client's own name.
sys.path.pop(0)

from kubernetes import client, config, utils


def main() -> None:
    config.load_kube_config()
    match sys.argv[1:]:
        case ["create", file, namespace]:
            utils.create_from_yaml(client.ApiClient(), file, namespace=namespace)
        case ["list", namespace]:
            for deployment in client.AppsV1Api().list_namespaced_deployment(namespace).items:
                print(f"deployment.apps/{deployment.metadata.name}")


main()
