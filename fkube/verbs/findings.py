"""What the answers of an examined server mean: findings, each with how to mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from returns.result import Failure, Success
from toolz import groupby

from fkube.report.diagnosis import Finding, ok, problem, warning
from fkube.resource.dataclasses import dataclass
from fkube.resource.errors import DOUBT, StatusError, VisitError
from fkube.resource.info import Object
from fkube.verbs.examine import VERBS, Answered, Examination, Right
from fkube.verbs.versions import FOLLOWED, skew_warning


def explain_examination(examined: Examination, namespace: str) -> Iterator[Finding]:
    """Say how a server is, who we are to it, what we may do there, and whether the namespace is there.

    >>> from fkube.resource.errors import TransportError
    >>> none = Failure(TransportError("Unable to connect to the server: EOF"))
    >>> [found.message for found in explain_examination(Examination(none, none, none, none), "shop")]
    ['Unable to connect to the server: EOF']
    """
    match examined.version:
        case Failure(error) if not isinstance(error, StatusError):
            yield problem("server", error.message, _advise_on(error.message))
            return
    yield from _explain_version(examined.version)
    yield _explain_user(examined.user)
    if _is_refused(examined.user, 401):
        return
    yield from _explain_rights(examined.rights, namespace)
    yield _explain_namespace(examined.namespace, namespace)


def _explain_version(version: Answered[Object]) -> Iterator[Finding]:
    """Say that the server answers, and how its version is to the one that fkube follows."""
    match version:
        case Failure(error):
            # Who is asked for a name first may tell the version later.
            yield ok("server", f"it answers, but does not tell its version: {_shorten(error)}")
        case Success(told) if isinstance(found := told.get("gitVersion"), str) and found:
            yield ok("server", f"it answers: Kubernetes {found}")
            skew = skew_warning(found)
            same = f"{found}; fkube does as kubectl {FOLLOWED} does, and is compared with it"
            yield warning("version", skew, _OLD) if skew else ok("version", same)
        case _:
            yield warning("server", "it answers without a version", "is it a Kubernetes API server?")


def _explain_user(user: Answered[Object]) -> Finding:
    """Say who the server says that we are."""
    match user:
        case Failure(StatusError(code=401)):
            return problem("identity", "the server does not know these credentials (401)", _RENEW)
        case Failure(StatusError(code=404)):
            return ok("identity", "the server does not tell: it has no SelfSubjectReview")
        case Failure(error):
            return warning("identity", f"the server does not tell: {_shorten(error)}")
        case _:
            return _explain_name(user.unwrap().get("userInfo"))


def _explain_name(told: object) -> Finding:
    """Say who we are; without credentials that is someone who may do next to nothing."""
    info = told if isinstance(told, dict) else {}
    name, listed = info.get("username"), info.get("groups")
    if not isinstance(name, str) or not name:
        return ok("identity", "the server asks for none")
    if name == "system:anonymous":
        return warning("identity", "nobody (system:anonymous): no credentials were shown", _RENEW)
    groups = [group for group in listed if isinstance(group, str)] if isinstance(listed, list) else []
    return ok("identity", f"{name}{f', in {_join(groups)}' if groups else ''}")


def _explain_rights(rights: Answered[tuple[Right, ...]], namespace: str) -> Iterator[Finding]:
    """Say which verbs are allowed on which resources."""
    match rights:
        case Failure(error):
            yield warning("rights", f"the server does not tell: {_shorten(error)}")
        case Success(found):
            yield _explain_found(found, namespace)


def _explain_found(found: Sequence[Right], namespace: str) -> Finding:
    """Say which rights there are, resources that allow the same verbs together."""
    resources = groupby(lambda right: (right.resource, right.group), found)
    verbs = {
        ".".join(filter(None, key)): tuple(right.verb for right in of if right.allowed)
        for key, of in resources.items()
    }
    alike = groupby(lambda name: verbs[name], verbs)
    told = "; ".join(
        f"{_join(allowed) if allowed else 'nothing'} on {_join(names)}" for allowed, names in alike.items()
    )
    message = f"in namespace {namespace}: {told}"
    if set(alike) == {VERBS}:
        return ok("rights", message)
    return (warning if any(alike) else problem)("rights", message, _ALLOW)


def _explain_namespace(found: Answered[Object], namespace: str) -> Finding:
    """Say whether the namespace is there."""
    match found:
        case Failure(StatusError(code=404)):
            create = f"kubectl create namespace {namespace}, or another with -n"
            return problem("namespace", f"{namespace} is not there", create)
        case Failure(StatusError(code=403)):
            return ok("namespace", f"{namespace}; whether it is there may not be read")
        case Failure(error):
            return warning(
                "namespace", f"{namespace}; the server does not tell if it is there: {_shorten(error)}"
            )
        case _:
            return _explain_phase(found.unwrap(), namespace)


def _explain_phase(found: Object, namespace: str) -> Finding:
    """Say that a namespace is there, and whether it is about to go."""
    metadata = found.get("metadata")
    if isinstance(metadata, dict) and metadata.get("deletionTimestamp"):
        return warning("namespace", f"{namespace} is being deleted: nothing can be created in it", _GOING)
    return ok("namespace", f"{namespace} is there")


def _is_refused(answer: Answered[Object], code: int) -> bool:
    return isinstance(answer, Failure) and getattr(answer.failure(), "code", 0) == code


def _shorten(error: VisitError) -> str:
    """The message of an error, with its code, and without doubt: a review is kept nowhere."""
    code = f" ({error.code})" if isinstance(error, StatusError) else ""
    return f"{error.message.removesuffix(DOUBT)}{code}"


def _join(names: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> _join(["a", "b", "c"]), _join(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about a message that has some words in it."""

    words: str
    mend: str


def _advise_on(message: str) -> str:
    """What to do where no answer comes, if the message itself does not say it."""
    return next((remedy.mend for remedy in _REMEDIES if remedy.words in message), "")


_REMEDIES = (
    Remedy("certificate has expired or is not yet valid", ""),
    Remedy("was refused", "start the server, or choose another one with --context or --server"),
    Remedy("no such host", "correct the server's name in the kubeconfig, or join the network that knows it"),
    Remedy("in the time of", "look at the network, a VPN, a firewall; --request-timeout=1m waits longer"),
    Remedy("i/o timeout", "look at the network, a VPN, a firewall: nothing comes back from there"),
    Remedy("unreachable", "look at the network or a VPN: no way leads there"),
    Remedy(
        "tls: ",
        "look at what certificates the server asks for and shows: openssl s_client -connect HOST:PORT",
    ),
    Remedy("no API server?", "correct the server's URL in the kubeconfig"),
)
_OLD = "most works all the same; a fkube that follows the server's version has no such doubt"
_RENEW = "log in anew, or choose another user with --context or --user"
_ALLOW = "a Role or ClusterRole must allow the rest to this user; --context, --user or --as name another"
_GOING = "wait until it is gone, or choose another with -n"
