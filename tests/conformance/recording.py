"""`python -m tests.conformance.recording FILE`: start a real server, and record what it is."""

from __future__ import annotations

import sys

from tests.conformance.assets import assets
from tests.conformance.record import Server, record, write
from tests.conformance.server import running

if __name__ == "__main__":
    with running(assets()) as server:
        write(record(Server(server.url, server.token), server.get("/version")["gitVersion"]), sys.argv[1])
