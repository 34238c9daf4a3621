"""fkube's decoding of documents and PyYAML's C loader on the same texts, in pairs, in one process.

python decode.py FILE [events] ROUNDS: prints the seconds of CPU that each took, round after round; with
`events` of texts that are not read line by line, as an anchor is in each.
"""

import json
import sys
import time
from collections.abc import Callable

import yaml
from returns.result import Success

from fkube.documents.manifest import decode
from fkube.documents.stream import Document
from fkube.resource.info import Origin
from fkube.visitor import each


def taken(work: Callable[[], object]) -> float:
    """The seconds of CPU that something takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = [text for text in file.read().split("---\n") if text]
    if "events" in sys.argv:
        texts = [text.replace("kind: ", "kind: &kind ", 1) for text in texts]
    documents = [Document(text, Origin(sys.argv[1], n, 1)) for n, text in enumerate(texts)]
    visit = each(Success)

    def ours() -> list[object]:
        return [decode(document)(visit).unwrap()[0].object for document in documents]

    def theirs() -> list[object]:
        return [yaml.load(text, yaml.CSafeLoader) for text in texts]

    assert ours() == theirs()
    ways = {"fkube": ours, "C loader": theirs}
    took: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(3 * int(sys.argv[-1])):
        for name in sorted(ways, reverse=number % 2 == 1):
            took[name].append(taken(ways[name]))
    print(json.dumps(took))


main()
