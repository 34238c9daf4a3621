"""TLS contexts from certificates and keys. Leaves no key behind: inline data is on disk for one call only."""

from __future__ import annotations

import os
import re
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from returns.result import Failure, Result, Success

from fkube.resource.errors import UsageError, VisitError
from fkube.resource.info import Object


def context(cluster: Object, user: Object) -> Result[ssl.SSLContext, VisitError]:
    """A TLS context that trusts the cluster's CA (else the system's) and shows the user's certificate.

    TLS 1.2 or later; like Go it takes any certificate in the CA for a root, however sparse its extensions.
    Errors: a file that can't be read, and PEM data that is none, are `UsageError`s.
    Follows `TLSConfigFor` of client-go.

    >>> context({"certificate-authority-data": b"?"}, {}).failure().message
    'unable to load root certificates: certificate-authority has no certificate in PEM form'
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    made.verify_flags = (made.verify_flags | ssl.VERIFY_X509_PARTIAL_CHAIN) & ~ssl.VERIFY_X509_STRICT
    if cluster.get("insecure-skip-tls-verify"):
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return _loaded(made, _trust, cluster, "unable to load root certificates", "certificate-authority").bind(
        lambda trusting: _loaded(
            trusting, _show, user, "tls: failed to use the key pair", "client-certificate"
        )
    )


def _loaded(
    made: ssl.SSLContext,
    load: Callable[[ssl.SSLContext, Object], None],
    entry: Object,
    problem: str,
    key: str,
) -> Result[ssl.SSLContext, VisitError]:
    """The context after loading; what OpenSSL says of a file may quote it, so it is not passed on."""
    try:
        load(made, entry)
    except ssl.SSLError:
        what = (
            "has no certificate in PEM form" if load is _trust else "and client-key are no pair in PEM form"
        )
        return Failure(UsageError(f"{problem}: {key} {what}"))
    except OSError as error:
        return Failure(UsageError(f"{problem}: open {error.filename}: {(error.strerror or '').lower()}"))
    return Success(made)


def _trust(made: ssl.SSLContext, cluster: Object) -> None:
    """Load the CA; where there is none, the system's."""
    if not (cluster.get("certificate-authority") or cluster.get("certificate-authority-data")):
        made.load_default_certs()
        return
    with _file(cluster, "certificate-authority") as path, open(path, encoding="latin-1") as file:
        found = re.findall(
            r"-----BEGIN [A-Z ]*CERTIFICATE-----[^-]+-----END [A-Z ]*CERTIFICATE-----", file.read()
        )
    made.load_verify_locations(cadata="\n".join(found) or "none")


def _show(made: ssl.SSLContext, user: Object) -> None:
    """Load the certificate and the key. An encrypted key fails, rather than ask on the terminal."""
    if user.get("client-certificate") or user.get("client-certificate-data"):
        with _file(user, "client-certificate") as certificate, _file(user, "client-key") as key:
            made.load_cert_chain(certificate, key, password="")


@contextmanager
def _file(entry: Object, key: str) -> Iterator[str]:
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
