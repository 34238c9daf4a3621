"""The work of a row with the client `lightkube`, as its own examples do it."""

import sys

# This file has the client's own name.
sys.path.pop(0)

from lightkube import Client, codecs
from lightkube.resources.apps_v1 import Deployment


def main() -> None:
    client = Client()
    match sys.argv[1:]:
        case ["create", file, namespace]:
            with open(file) as manifests:
                for each in codecs.load_all_yaml(manifests):
                    client.create(each, namespace=namespace)
        case ["list", namespace]:
            for deployment in client.list(Deployment, namespace=namespace):
                print(f"deployment.apps/{deployment.metadata.name}")


main()
