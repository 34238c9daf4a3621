"""Record what a fresh API server answers to `tests/cluster/requests.py`: `tests/cluster/answers.json.gz`."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import urllib3

from tests.cluster.answers import answer
from tests.cluster.requests import Row, rows

ANSWERS = Path(__file__).parents[1] / "cluster" / "answers.json.gz"


def asked(pool: urllib3.PoolManager, url: str, token: str, row: Row) -> dict[str, object]:
    """The answer to one row."""
    headers = {"Authorization": f"Bearer {token}", "Accept": row.accept, "Content-Type": row.content_type}
    response = pool.request(row.method, url + row.path.replace(" ", "%20"), body=row.text, headers=headers)
    time.sleep(row.pause)
    text = response.data.decode(errors="replace")
    body = json.loads(text) if text[:1] in ("{", "[") else text
    return answer(response.status, body, list(response.headers.items()))


def record_answers(pool: urllib3.PoolManager, url: str, token: str) -> None:
    """Ask a fresh server, and write down what it answers."""
    answers = [asked(pool, url, token, row) for row in rows()]
    text = json.dumps(answers, separators=(",", ":"), ensure_ascii=False)
    ANSWERS.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
