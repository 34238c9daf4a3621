"""`fkube label`: set labels of objects, and take them away."""

from __future__ import annotations

from functools import partial

from fkube.cli.command import Command
from fkube.cli.pairs import PairKind, PairOptions, read_label_changes, run_pairs
from fkube.verbs.label import label

KIND = PairKind("label", "labels", "pod", read_label_changes, label, "not labeled")

COMMAND = Command(
    "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N- [--resource-version=VERSION]",
    """Set labels of objects, and take them away.

    A label that has another value is only overwritten with --overwrite. KEY- takes a label away.""",
    """
    # Label a pod
    fkube label pod web tier=front

    # Overwrite a label of all pods with another, and take one away
    fkube label pods -l app=web --overwrite tier=back old-

    # Label the object of a manifest, on the server
    fkube label -f web.yaml tier=front

    # Label it in the manifest only
    fkube label --local -f web.yaml tier=front -o yaml

    # Print the labels of a pod
    fkube label pod web --list""",
    PairOptions,
    partial(run_pairs, KIND),
    settings={"noun": "labels", "field_manager": "kubectl-label"},
    namespace_first=True,
)
