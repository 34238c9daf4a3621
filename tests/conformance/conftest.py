"""What every conformance test shares: one real server for the whole run, and both command lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.assets import Assets, assets
from tests.conformance.server import Server, controllers, running


@pytest.fixture(scope="session")
def binaries() -> Assets:
    """The real servers' binaries, built where they are not there yet."""
    return assets()


@pytest.fixture(scope="session")
def server(binaries: Assets) -> Iterator[Server]:
    """One kube-apiserver for the run."""
    with running(binaries) as started:
        yield started


@pytest.fixture(scope="module")
def with_controllers(binaries: Assets, server: Server) -> Iterator[Server]:
    """The same server for the time of one module with a kube-controller-manager beside it."""
    if "kube-controller-manager" not in binaries:
        pytest.skip("no kube-controller-manager in KUBEBUILDER_ASSETS")
    with controllers(binaries, server):
        yield server
