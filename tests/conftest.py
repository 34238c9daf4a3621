"""What every test runs in: the real home is never written to, and no test is against the clock."""

from uuid import uuid4

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("fkube", deadline=None)
settings.load_profile("fkube")


@pytest.fixture(autouse=True)
def discovery_is_kept_elsewhere(monkeypatch, tmp_path_factory):
    """A cache of its own for each test: servers of tests share addresses, but do not offer the same."""
    monkeypatch.setenv("KUBECACHEDIR", str(tmp_path_factory.getbasetemp() / f"cache-{uuid4().hex}"))
