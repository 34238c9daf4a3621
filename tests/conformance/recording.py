"""`python -m tests.conformance.recording FILE`: start a real server, and record what it is.

Without a file, what it answers to the requests of `tests/cluster/requests.py` is recorded.
"""

from __future__ import annotations

import sys

from tests.conformance.answers import record_answers
from tests.conformance.assets import assets
from tests.conformance.record import Server, record, write
from tests.conformance.server import running

if __name__ == "__main__":
    with running(assets()) as server:
        if sys.argv[1:]:
            told = Server(server.url, server.token, server.pool)
            write(record(told, server.get("/version")["gitVersion"]), sys.argv[1])
        else:
            record_answers(server.pool, server.url, server.token)
