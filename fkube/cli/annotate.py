"""`fkube annotate`: set annotations of objects, and take them away."""

from __future__ import annotations

from functools import partial

from fkube.cli.command import Command
from fkube.cli.pairs import PairKind, PairOptions, read_annotation_changes, run_pairs
from fkube.verbs.annotate import annotate

KIND = PairKind("annotation", "annotations", "rsrc", read_annotation_changes, annotate, "annotated")

COMMAND = Command(
    "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N- [--resource-version=VERSION]",
    """Set annotations of objects, and take them away.

    An annotation that has another value is only overwritten with --overwrite. KEY- takes one away.""",
    """
    # Annotate a pod
    fkube annotate pod web description='my frontend'

    # Overwrite an annotation of the object of a manifest, on the server
    fkube annotate -f web.yaml --overwrite description='my backend'

    # Take an annotation away from all pods
    fkube annotate pods --all description-

    # Annotate an object only if it is unchanged
    fkube annotate pod web description=old --resource-version=1

    # Print the annotations of a pod
    fkube annotate pod web --list""",
    PairOptions,
    partial(run_pairs, KIND),
    # kubectl's annotate is recursive from the start, so that -k takes -R=false.
    settings={"noun": "annotations", "field_manager": "kubectl-annotate", "recursive": True},
    namespace_first=True,
)
