"""Exceptions of urllib3 as error values: one sentence each, in kubectl's words. Pure."""

from __future__ import annotations

import http.client
import math
from ssl import SSLCertVerificationError, SSLEOFError, SSLError, SSLZeroReturnError

from urllib3 import exceptions

from fkube.exchange.conversation import Request, writes
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import DOUBT, TimedOut, TransportError, VisitError


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why no answer came, and whether asking again may help."""

    error: VisitError
    transient: bool = False


def explain_no_answer(error: exceptions.HTTPError, request: Request, host: str) -> NoAnswer:
    """Turn an exception of a request into an error: what went wrong, and whether the server may have acted.

    Only a connection that was lost before its answer began is worth another try, and only for a GET.
    Follows `StandardErrorMessage` of kubectl and `IsProbableEOF` of apimachinery.

    >>> lost = exceptions.ProtocolError("", http.client.RemoteDisconnected())
    >>> print(explain_no_answer(lost, Request("GET", "/a"), "h").error)
    the connection to the server h was lost during GET /a: EOF
    """
    match error:
        case exceptions.ReadTimeoutError():
            return NoAnswer(timed_out(request, host))
        case exceptions.NewConnectionError() if isinstance(error.__cause__, ConnectionRefusedError):
            asked = "did you specify the right host or port?"
            return NoAnswer(TransportError(f"The connection to the server {host} was refused - {asked}"))
        case exceptions.ProtocolError() | exceptions.SSLError(args=(SSLEOFError() | SSLZeroReturnError(),)):
            return NoAnswer(_lost_connection(error, request, host), request.method == "GET")
    message = f"Unable to connect to the server: {_why_no_connection(error, host)}"
    return NoAnswer(TransportError(message, _may_have_been_sent(error)))


def _lost_connection(error: exceptions.HTTPError, request: Request, host: str) -> TransportError:
    """The error of a connection that was lost after it was made: the server may have acted."""
    asked = f"{request.method} {request.path}"
    message = f"the connection to the server {host} was lost during {asked}: {_how_it_ended(error)}"
    return TransportError(message + (DOUBT if writes(request) else ""), sent=True)


def timed_out(request: Request, host: str, sent: bool = True) -> TimedOut:
    """The error of a request that took longer than it was given; `sent`: it may have been carried out.

    A request with a `timeout` has it from the run, whose time is nearer than that of the connection.

    >>> print(timed_out(Request("GET", "/a"), "h"))
    the server h did not answer GET /a in the time of --request-timeout
    """
    asked = f"{request.method} {request.path}"
    limit = "--request-timeout" if request.timeout == math.inf else "--timeout-run"
    message = f"the server {host} did not answer {asked} in the time of {limit}"
    doubt = sent and writes(request)
    return TimedOut(message + (DOUBT if doubt else ""), sent=doubt)


def too_much(request: Request, host: str, what: str) -> TransportError:
    """The error of an answer that is longer than fkube reads; `what` says how, and what to do.

    >>> print(too_much(Request("GET", "/a"), "h", "over 512 MiB: ask for less, as by a selector"))
    the server h answered GET /a with over 512 MiB: ask for less, as by a selector
    """
    message = f"the server {host} answered {request.method} {request.path} with {what}"
    return TransportError(message + (DOUBT if writes(request) else ""), sent=True)


def _may_have_been_sent(error: exceptions.HTTPError) -> bool:
    """Whether the request may have gone out: not where the TLS handshake failed, as far as can be told."""
    cause = error.args[0] if isinstance(error, exceptions.SSLError) else None
    reason = getattr(cause, "reason", None) or ""
    early = isinstance(cause, SSLCertVerificationError) or "ALERT" in reason or reason in _NOT_TLS
    return isinstance(error, exceptions.DecodeError) or (cause is not None and not early)


def _how_it_ended(error: exceptions.HTTPError) -> str:
    """How a connection ended, in Go's words."""
    match error.args[-1]:
        case http.client.RemoteDisconnected() | SSLError():  # The first is a ConnectionResetError too.
            return "EOF"
        case ConnectionResetError():
            return "connection reset by peer"
        case http.client.IncompleteRead() | exceptions.IncompleteRead():
            return "unexpected EOF"
        case OSError() as cause:
            return (cause.strerror or type(cause).__name__).lower()
    return "malformed HTTP response"


def _why_no_connection(error: exceptions.HTTPError, host: str) -> str:
    """Why there is no connection, in Go's words."""
    match error:
        case exceptions.NameResolutionError() | exceptions.LocationParseError():
            return f"dial tcp: lookup {host.rpartition(':')[0] or host}: no such host"
        case exceptions.NewConnectionError(__cause__=OSError() as cause):  # Is a ConnectTimeoutError too.
            return f"dial tcp {host}: {(cause.strerror or 'failed').lower()}"
        case exceptions.ConnectTimeoutError():
            return f"dial tcp {host}: i/o timeout"
        case exceptions.ProxyError():
            return f"proxyconnect: {_why_no_proxy(error.original_error)}; check proxy-url or HTTPS_PROXY"
        case exceptions.DecodeError():
            return "its answer can't be decompressed; set disable-compression"
        case exceptions.SSLError():
            return _why_no_tls(error.args[0], host)
    return type(error).__name__


def _why_no_proxy(error: Exception) -> str:
    """What a proxy said or did; never its URL, which may have a password in it."""
    if isinstance(error, exceptions.HTTPError):
        return _why_no_connection(error, "the proxy")
    return str(error) if str(error).startswith("Tunnel connection failed") else "the proxy hung up"


def _why_no_tls(error: object, host: str) -> str:
    """Why a certificate or a handshake was no good, and what to set in the kubeconfig."""
    if isinstance(error, SSLCertVerificationError):
        why, advice = _UNTRUSTED.get(error.verify_code, _UNKNOWN)
        return f"tls: failed to verify certificate: x509: {why.format(host=host)}{advice}"
    reason = getattr(error, "reason", None) or "handshake failure"
    if reason in _NOT_TLS:
        advice = "write http:// for its server in the kubeconfig"
        return f"http: server gave HTTP response to HTTPS client; {advice}"
    return f"tls: {reason.lower().replace('_', ' ')}"


_NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
"""OpenSSL's reasons where a server answered in something else than TLS."""
_NAMES = "; set tls-server-name to a name that it is valid for"
_CA = "; set certificate-authority to the CA of this cluster"
_UNKNOWN = ("certificate signed by unknown authority", _CA)
_UNTRUSTED = {
    9: ("certificate has expired or is not yet valid", "; check the clock"),
    10: ("certificate has expired or is not yet valid", "; renew it, or check the clock"),
    62: ("certificate is not valid for {host}", _NAMES),
    64: ("certificate is not valid for {host}", _NAMES),
}
"""What is wrong with a certificate, and what to do about it, by OpenSSL's verify code."""
