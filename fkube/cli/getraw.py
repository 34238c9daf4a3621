"""`get --raw`: what a server answers at a path, as it is."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from returns.result import Failure, Result, Success

from fkube.cli.console import Console
from fkube.cli.flags import Options
from fkube.cli.session import asked, using
from fkube.edge.client import Client
from fkube.exchange.conversation import Request, call, encode_body
from fkube.resource.errors import Failures, UsageError, failures


def raw(console: Console, options: Options) -> None:
    """Print what the server answers, byte for byte where it says so. Follows `RawGet` of kubectl."""
    return using(console, options, _request(options), partial(_answer, console))


def _request(options: Options) -> Result[Request, Failures[Any]]:
    """The request that is meant, if the other flags go with it. Follows `GetOptions.Validate` of kubectl."""
    uri, filtering = options["raw"], any(options[name] for name in ("watch", "watch-only", "selector"))
    wrong = (
        (options["arguments"], "arguments may not be passed when --raw is specified"),
        (filtering, _NO_FILTERS),
        (options["output"], "--raw and --output are mutually exclusive"),
        (uri[0] != "/", f'--raw must be a valid URL path: parse "{uri}": invalid URI for request'),
    )
    for true, message in wrong:
        if true:
            return Failure(failures(UsageError(message)))
    parts = urlsplit(uri)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return Success(Request("GET", unquote(parts.path), query, accept="*/*"))


def _answer(console: Console, client: Client, request: Request) -> None:
    response = asked(console, client, call(request))
    if response is not None:
        console.say(encode_body(response.body).decode(errors="replace"), end="")


_NO_FILTERS = "--raw may not be specified with other flags that filter the server request or alter the output"
