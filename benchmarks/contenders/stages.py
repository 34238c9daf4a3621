"""Five stages over resources and the same functions in a loop written by hand, in pairs, in one process.

python stages.py NUMBER ROUNDS: prints the seconds of CPU that each took, round after round.
"""

import json
import sys
import time
from collections.abc import Iterator

from returns.result import Success

from fkube.resource.info import Info, RESTMapping, is_list
from fkube.resource.selectors import label_selector
from fkube.visitor import continue_on_error, decorated, each, filtered, flattened, infos
from fkube.visitor.decorators import filter_namespace, require_namespace
from fkube.visitor.lists import list_items
from fkube.visitor.stages import advance
from fkube.visitor.visits import Reached, visited_of

DEPLOYMENTS = RESTMapping("apps", "v1", "Deployment", "deployments", True)
SELECTED = label_selector("app=web").unwrap()
NAMESPACED = require_namespace("shop")
STEP = Success
STAGES = (
    flattened,
    filtered(SELECTED),
    decorated(NAMESPACED),
    decorated(filter_namespace),
    continue_on_error,
)


def resource(n: int) -> Info:
    """A Deployment; every tenth is not selected. It has its namespace, so that nothing is copied."""
    labels = {"app": "web" if n % 10 else "db"}
    metadata = {"name": f"w{n}", "namespace": "shop", "labels": labels}
    return Info({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata}, mapping=DEPLOYMENTS)


def by_hand(resources: tuple[Info, ...]) -> Iterator[Reached]:
    """What the stages do, and then the step that `each` is given, with the same functions."""
    for info in resources:
        items = [item.unwrap() for item in list_items(info)] if is_list(info.object) else [info]
        for item in items:
            if SELECTED(item):
                named = NAMESPACED(item)
                ready = filter_namespace(named.unwrap()) if isinstance(named, Success) else named
                yield STEP(ready.unwrap()) if isinstance(ready, Success) else ready


def main() -> None:
    resources = tuple(map(resource, range(int(sys.argv[1]))))
    visit = each(STEP)
    ways = {
        "fkube": lambda: advance(STAGES, infos(*resources))[0](visit),
        "loop": lambda: visited_of(by_hand(resources)),
    }
    assert ways["fkube"]() == ways["loop"]()
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(5 * int(sys.argv[2])):
        for name in sorted(ways, reverse=number % 2 == 1):
            began = time.process_time()
            ways[name]()
            took[name].append(time.process_time() - began)
    print(json.dumps(took))


main()
