"""TLS contexts from certificates and keys. Leaves no key behind: inline data is on disk for one call only."""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from returns.result import Failure, Result, Success

from fkube.edge.files import reason_of
from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object


def tls_context(cluster: Object, user: Object) -> Result[ssl.SSLContext, VisitError]:
    """A TLS context that trusts the cluster's CA (else the system's) and shows the user's certificate.

    TLS 1.2 or later; like Go it takes any certificate in the CA for a root, however sparse its extensions.
    Errors: a file that can't be read, and PEM data that is none, are `UsageError`s.
    Follows `TLSConfigFor` of client-go.

    >>> tls_context({"certificate-authority-data": b"?"}, {}).failure().message
    'unable to load root certificates: certificate-authority has no certificate in PEM form'
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.verify_flags = (context.verify_flags | ssl.VERIFY_X509_PARTIAL_CHAIN) & ~ssl.VERIFY_X509_STRICT
    if cluster.get("insecure-skip-tls-verify"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    loaded = _or_problem(partial(_load_ca, context, cluster), "unable to load root certificates", _NO_CA)
    return loaded.bind(
        lambda _: _or_problem(partial(_load_pair, context, user), "tls: failed to use the key pair", _NO_PAIR)
    ).map(lambda _: context)


def _or_problem(load: Callable[[], None], doing: str, invalid: str) -> Result[None, VisitError]:
    """Load something; what OpenSSL says of a file may quote it, so it is not passed on."""
    try:
        load()
    except ssl.SSLError:
        return Failure(UsageError(f"{doing}: {invalid}"))
    except OSError as error:
        return Failure(UsageError(f"{doing}: open {error.filename}: {reason_of(error)}"))
    return Success(None)


_NO_CA = "certificate-authority has no certificate in PEM form"
_NO_PAIR = "client-certificate and client-key are no pair in PEM form"


def _load_ca(context: ssl.SSLContext, cluster: Object) -> None:
    """Load the CA; where there is none, the system's."""
    if not (cluster.get("certificate-authority") or cluster.get("certificate-authority-data")):
        context.load_default_certs()
        return
    with _as_file(cluster, "certificate-authority") as path, open(path, encoding="latin-1") as file:
        certificates = re.findall(
            r"-----BEGIN [A-Z ]*CERTIFICATE-----[^-]+-----END [A-Z ]*CERTIFICATE-----", file.read()
        )
    context.load_verify_locations(cadata="\n".join(certificates) or "none")


def _load_pair(context: ssl.SSLContext, user: Object) -> None:
    """Load the certificate and the key. An encrypted key fails, rather than ask on the terminal."""
    if user.get("client-certificate") or user.get("client-certificate-data"):
        with _as_file(user, "client-certificate") as certificate, _as_file(user, "client-key") as key:
            context.load_cert_chain(certificate, key, password="")


@contextmanager
def _as_file(entry: Object, key: str) -> Iterator[str]:
    """A path to read something from: its own, or for inline data one that is gone afterwards."""
    data = entry.get(f"{key}-data")
    if not data:
        yield entry[key]
        return
    descriptor, path = tempfile.mkstemp(prefix="fkube-")  # 0600, says its documentation
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        yield path
    finally:
        os.unlink(path)
