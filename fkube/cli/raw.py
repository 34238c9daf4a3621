"""`--raw`: one request to a path as it is given, with a file as its body, and the answer as it comes."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from returns.result import Result, Success

from fkube.cli.checks import refused
from fkube.cli.console import Console
from fkube.cli.flags import Flag, Options
from fkube.cli.session import asked, using
from fkube.edge import Client
from fkube.edge.files import read_body
from fkube.exchange.conversation import Request, call
from fkube.resource.errors import Failures, SourceError, UsageError, failures

RAW = Flag("raw", "The path on the server to send a single file to, as it is.")


def sendable(options: Options, *others: str, least: int = 1) -> Result[None, UsageError]:
    """Nothing, if `--raw` is not given, or goes with the others. Follows `Validate` of each verb."""
    raw, read = options.get("raw", ""), options["filename"]
    given = next((name for name in others if options[name]), "")
    problems = (
        (not least <= len(read) <= 1, "--raw can only use a single local file or stdin"),
        (any(path.startswith(("http://", "https://")) for path in read), "--raw cannot read from a url"),
        (options["recursive"], "--raw and --recursive are mutually exclusive"),
        (given, f"--raw and --{given}{' (-l)' if given == 'selector' else ''} are mutually exclusive"),
        (not urlsplit(raw).path.startswith("/"), f'--raw must be a valid URL path: parse "{raw}"'),
    )
    wrong = next((message for applies, message in problems if applies), None) if raw else None
    return Success(None) if wrong is None else refused(wrong)


def sent(console: Console, options: Options, method: str) -> None:
    """Send the request, and print the answer. Follows `raw` of kubectl's rawhttp."""
    return using(console, options, _body(options), partial(_sent, console, options, method))


def _body(options: Options) -> Result[bytes, Failures[bytes]]:
    path = next(iter(options["filename"]), None)
    if path is None:
        return Success(b"")
    return read_body(path).alt(lambda why: failures(SourceError(f"open {path}: {why}")))


def _sent(console: Console, options: Options, method: str, client: Client, body: bytes) -> None:
    url = urlsplit(options["raw"])
    query = tuple(sorted(parse_qsl(url.query, keep_blank_values=True)))
    answer = asked(console, client, call(Request(method, url.path, query, body)))
    if answer is not None:
        console.say(_text(answer.body), end="")


def _text(body: Any) -> str:
    """A body as the server wrote it: JSON in one line, as Go escapes it; other text as it is."""
    if body is None or isinstance(body, str):
        return body or ""
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
