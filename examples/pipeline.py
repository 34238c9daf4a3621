"""The README's pipeline: made and drawn as data, then run on a cluster in memory."""

import os
from pathlib import Path

from fkube import builder as b
from fkube import edge, pipe, verbs
from fkube.pipeline.explain import explain
from fkube.report import Report

os.chdir(Path(__file__).parent)

pipeline = pipe(
    b.builder(),
    b.filenames("manifests/", recursive=True),
    b.namespace("shop"),
    b.default_namespace,
    b.label_selector("app=web"),
    b.flatten,
    b.continue_on_error,
    b.do,
)

# Until here nothing was read and nothing sent: the pipeline is a value, and can be drawn.
pipeline.map(lambda p: print(explain(p, "create"), end="\n\n"))

# Here, and only here, is I/O.
report = edge.visit(edge.embedded(), verbs.create())(pipeline)


def show(report: Report) -> None:
    for outcome in report.outcomes:
        if outcome.info and outcome.info.mapping:
            print(outcome.action, outcome.info.mapping.qualified, outcome.info.name)
    print(report)


report.map(show)
