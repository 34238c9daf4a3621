"""The work of a row with the client `kr8s`, as its own examples do it."""

import sys

# This file has the client's own name.
sys.path.pop(0)

import kr8s
from kr8s.objects import objects_from_files


def main() -> None:
    match sys.argv[1:]:
        case ["create", file, namespace]:
            api = kr8s.api(namespace=namespace)
            for each in objects_from_files(file, api):
                each.namespace = namespace
                each.create()
        case ["list", namespace]:
            for deployment in kr8s.get("deployments", namespace=namespace):
                print(f"deployment.apps/{deployment.name}")


main()
