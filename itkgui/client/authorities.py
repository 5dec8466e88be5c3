"""Who may vouch for a server beside the usual authorities: those in files of certificates."""

from __future__ import annotations

import functools
import ssl
from pathlib import Path

from urllib3.util.ssl_ import create_urllib3_context

from itkgui.client.exceptions import TlsFailed
from itkgui.language import N_


class CertificatesUnusable(TlsFailed):
    """The file of authorities that the settings or the environment name is not there, or holds none."""

    title = N_("Certificates not readable")
    sentence = N_(
        "The file of trusted certificates that was chosen cannot be used, so no server can be trusted."
    )
    cure = N_("Correct its path under Settings, Network (or in REQUESTS_CA_BUNDLE), then try again.")


@functools.cache
def trusting(files: tuple[Path, ...], _also: bool | str) -> ssl.SSLContext:
    """Return a context that trusts the authorities in these files (PEM) and the system's.

    It is one for each choice of what requests adds to it: its own certificates, or the user's. Raises
    CertificatesUnusable.
    """
    context = create_urllib3_context()
    context.load_default_certs()
    for file in files:
        _add(file, context)
    return context


def _add(file: Path, context: ssl.SSLContext) -> None:
    try:
        context.load_verify_locations(file)
    except OSError as error:
        raise CertificatesUnusable(f"{file}: {error.strerror or error}") from error
