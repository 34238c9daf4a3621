"""Errors and outcomes in kubectl's words, with the document and line that kubectl leaves out. Pure."""

from __future__ import annotations

from fkube.resource.dataclasses import replace
from fkube.resource.errors import DecodeError, MappingError, StatusError, TimedOut, TransportError, VisitError
from fkube.resource.info import Object, Origin, metadata_of
from fkube.resource.names import quote_text
from fkube.resource.patterns import compile_later


def format_only_error(error: VisitError, doing: str = "") -> str:
    """The message of the only error of a command; `doing` is what was done to the object: `creating`.

    Follows `checkErr` of kubectl.

    >>> from fkube.resource.errors import UsageError
    >>> format_only_error(UsageError("must specify one of -f and -k"))
    'error: must specify one of -f and -k'
    """
    if isinstance(error, StatusError) and error.reason == "Invalid":
        return _format_invalid(error)
    message = format_error(error, doing)
    return message if _SELF_SPOKEN.match(message) else f"error: {message}"


def format_error(error: VisitError, doing: str = "") -> str:
    """The message of one of several errors of a command.

    Follows `MultipleErrors` and `StandardErrorMessage` of kubectl.

    >>> error = StatusError('pods "a" already exists', 409, "AlreadyExists", origin=Origin("a.yaml", 2))
    >>> format_error(error, "creating")
    'Error from server (AlreadyExists): error when creating "a.yaml": pods "a" already exists (document 2)'
    """
    message = _with_origin(error, doing)
    if not isinstance(error, StatusError):
        return message
    if error.reason == "Unauthorized":
        return f"error: You must be logged in to the server ({message})"
    reason = f" ({error.reason})" if error.reason else ""
    return f"Error from server{reason}: {message}"


def object_name(object: Object) -> str:
    """The name of an object as kubectl prints it: `pod/web`, `deployment.apps/web`.

    Follows `NamePrinter` of cli-runtime.

    >>> object_name({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}})
    'deployment.apps/web'
    """
    return f"{kind_name(object)}/{metadata_of(object).get('name') or '<unknown>'}"


def kind_name(object: Object) -> str:
    """The kind of an object as kubectl prints it: `pod`, `deployment.apps`.

    >>> kind_name({"apiVersion": "v1", "kind": "Pod"})
    'pod'
    """
    group = str(object.get("apiVersion") or "").rpartition("/")[0]
    named = str(object.get("kind") or "").lower()
    return f"{named}.{group}" if group else named


def _with_origin(error: VisitError, doing: str) -> str:
    """The message of an error with the source, document and line of its object, if known.

    `doing` is what was done to the object: `creating`.
    """
    origin, message = error.origin, error.message
    if not origin.source:
        return message
    place = str(Origin("", origin.document, origin.line))
    within = f" ({place})" if place else ""
    if isinstance(error, DecodeError):
        failed = f"unable to decode {quote_text(origin.source)}" if error.undecoded else None
        return f"{failed or f'error parsing {origin.source}'}: {message}{within}"
    if isinstance(error, MappingError):
        return message.replace(_NO_MATCHES, f' from "{origin.source}"{_NO_MATCHES}', 1) + within
    doing = (error.doing if isinstance(error, StatusError) else "") or doing
    if doing and isinstance(error, StatusError | TransportError | TimedOut):
        from fkube.pipeline.result import add_source

        return add_source(doing, error).message + within
    return message + within if origin.source in message else f"{message} ({origin})"


def _format_invalid(error: StatusError) -> str:
    """The message of the server's refusal of an invalid object, with each reason once."""
    found = _INVALID.match(error.message)
    head = f'The {found[1]} "{found[2]}" is invalid' if found else "The request is invalid"
    where = f" ({error.origin})" if error.origin.source else ""
    causes = tuple(dict.fromkeys(f"{cause.field}: {cause.message}" for cause in error.causes))
    if not causes:
        return head + where if found else f"{head}: {error.message}{where}"
    if len(causes) == 1:
        return f"{head}: {causes[0]}{where}"
    return "\n* ".join((f"{head}: ", *causes)) + where


_NO_MATCHES = ": no matches for kind"
_INVALID = compile_later(r'(\w+)(?:\.[\w.-]+)? "([^"]*)" is invalid')
_SELF_SPOKEN = compile_later(
    "[Ee]rror(:| from server| in configuration:)|The connection to the server|Unable to connect to the server"
)


def skipped_error(cause: VisitError, number: int) -> VisitError:
    """The error that so many objects were skipped, with the cause.

    >>> print(skipped_error(TimedOut("there was no time left"), 12).message)
    12 objects were skipped: there was no time left
    """
    return replace(
        cause, message=f"{number} object{'s were' if number > 1 else ' was'} skipped: {cause.message}"
    )
