"""What every test runs in: the real home is never written to."""

from uuid import uuid4

import pytest


@pytest.fixture(autouse=True)
def discovery_is_kept_elsewhere(monkeypatch, tmp_path_factory):
    """A cache of its own for each test: servers of tests share addresses, but do not offer the same."""
    monkeypatch.setenv("KUBECACHEDIR", str(tmp_path_factory.getbasetemp() / f"cache-{uuid4().hex}"))
