"""`--raw`: one request to a path as it is given, and the server's answer as it comes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from returns.result import Success

from fkube.cli.checks import Checked, first_broken
from fkube.cli.command import Call, Selecting, Selection
from fkube.cli.console import Console
from fkube.cli.flags import flag
from fkube.cli.session import Attempt, use_client
from fkube.edge import Client
from fkube.edge.localfiles import read_body
from fkube.edge.running import hold
from fkube.exchange.conversation import Request, call, encode_body
from fkube.resource.errors import SourceError, failures

if TYPE_CHECKING:
    from fkube.cli.get_options import GetOptions

raw_flag = partial(flag, "The path on the server to send a single file to, as it is.", "")
"""Declare the flag `--raw` of commands that send something, as a field of their options."""


def check_raw(raw: str, selection: Selection, *others: tuple[str, object], least: int = 1) -> Checked[None]:
    """Refuse a `--raw` that does not go with the other flags; all is right where it is empty.

    `others` are flags that it excludes, each with its value; `least` is how many files it needs: 0 or 1.
    Follows `Validate` of each verb.
    """
    files = selection.filename
    given = next((name for name, value in others if value), "")
    if not raw:
        return Success(None)
    return first_broken(
        (not least <= len(files) <= 1, "--raw can only use a single local file or stdin"),
        (any(path.startswith(("http://", "https://")) for path in files), "--raw cannot read from a url"),
        (selection.recursive, "--raw and --recursive are mutually exclusive"),
        (given, f"--raw and --{given}{' (-l)' if given == 'selector' else ''} are mutually exclusive"),
        (not urlsplit(raw).path.startswith("/"), f'--raw must be a valid URL path: parse "{raw}"'),
    )


def send_raw(console: Console, options: Selecting, checked: Checked[object], method: str, raw: str) -> None:
    """Send a file to the path, and print the answer; without a file, an empty body.

    `checked` is the check of the other flags: nothing is sent if it failed. Follows `raw` of kubectl's
    rawhttp.
    """
    body = checked.alt(failures).bind(lambda _: _read_body(options.selection.filename))
    _send_request(console, options.call, body.map(partial(_request_with_body, method, raw)), _format_body)


def _request_with_body(method: str, raw: str, body: bytes) -> Request:
    """The request to a path with its query, whose keys are sorted."""
    url = urlsplit(raw)
    return Request(method, url.path, tuple(sorted(parse_qsl(url.query, keep_blank_values=True))), body)


def _read_body(files: tuple[str, ...]) -> Attempt[bytes]:
    """Read the content of the only file; no files, no bytes."""
    if not files:
        return Success(b"")
    return read_body(files[0]).alt(lambda why: failures(SourceError(f"open {files[0]}: {why}")))


def _format_body(body: object) -> str:
    """The body of an answer as a line of JSON, escaped as by Go; a text as it is."""
    if body is None or isinstance(body, str):
        return body or ""
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def get_raw(console: Console, options: GetOptions) -> None:
    """Print what the server answers, byte for byte where it says so. Follows `RawGet` of kubectl."""
    request = _check_get(options).alt(failures).map(lambda _: _get_request(options.raw))
    _send_request(console, options.call, request, lambda body: encode_body(body).decode(errors="replace"))


def _get_request(raw: str) -> Request:
    """The GET of a path with its query, which takes any content type."""
    url = urlsplit(raw)
    query = tuple(parse_qsl(url.query, keep_blank_values=True))
    return Request("GET", unquote(url.path), query, accept="*/*")


def _check_get(options: GetOptions) -> Checked[None]:
    """Refuse flags that do not go with `--raw`. Follows `GetOptions.Validate` of kubectl."""
    uri = options.raw
    return first_broken(
        (options.call.arguments, "arguments may not be passed when --raw is specified"),
        (options.is_watch or options.selection.selector, _NO_FILTERS),
        (options.output, "--raw and --output are mutually exclusive"),
        (uri[0] != "/", f'--raw must be a valid URL path: parse "{uri}": invalid URI for request'),
    )


def _send_request(
    console: Console, flags: Call, request: Attempt[Request], format_body: Callable[[Any], str]
) -> None:
    """Send a request, and print the body of its answer by `format_body`, or the errors."""

    def send(found: Request, client: Client) -> None:
        answer = hold(client, call(found)).alt(console.fail)
        answer.map(lambda answer: console.say(format_body(answer.body), end=""))

    use_client(console, flags, request.map(lambda found: partial(send, found)))


_NO_FILTERS = "--raw may not be specified with other flags that filter the server request or alter the output"
