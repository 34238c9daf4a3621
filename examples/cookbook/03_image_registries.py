"""Image registries rewritten, and a list of what was changed in which object by which function."""

from pathlib import Path

from returns.unsafe import unsafe_perform_io

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.visitor.decorators import set_images, set_labels

MANIFESTS = Path(__file__).parents[1] / "manifests"


def mirrored(image: str) -> str:
    """The image in our own registry, of which it is the first segment that has a dot or a colon."""
    registry, slash, rest = image.partition("/")
    named = slash and ("." in registry or ":" in registry)
    return f"mirror.example.com/{rest if named else image}"


pipeline = pipe(
    b.builder(),
    b.filenames(MANIFESTS / "00-namespace.yaml", MANIFESTS / "20-web.yaml"),
    b.namespace("shop"),
    b.default_namespace,
    b.decorated(set_images(mirrored), set_labels(mirrored="yes")),
    b.do,
)
report = unsafe_perform_io(edge.visit(edge.embedded(), verbs.apply())(pipeline).unwrap())
for outcome in report.outcomes:
    for function, paths in outcome.changed_by.items():
        print(outcome.info and outcome.info.object_name, function, *paths)
images = report.outcomes[1].object["spec"]["template"]["spec"]["containers"]
print(*(container["image"] for container in images))
