"""Tells the log of a sign-in that failed: the form tells whoever is there, and nobody afterwards."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

from itkgui.client.credentials import AccessCodes, Credentials
from itkgui.client.exceptions import Cancelled, ItkError, SomebodyElse
from itkgui.settings import Settings

log = logging.getLogger(__name__)


@contextlib.contextmanager
def logged_if_it_fails(settings: Settings, credentials: Credentials) -> Iterator[None]:
    """Log why these let nobody in at that server, by the code of the error, and raise it again.

    Somebody else's are none that failed: that person may take over.
    """
    try:
        yield
    except (Cancelled, SomebodyElse):
        raise
    except ItkError as error:
        servers = dict.fromkeys(urlsplit(url).netloc for url in (settings.api_url, settings.auth_url))
        words = f"{type(error).title}: {error.detail}" if error.detail else type(error).title
        if any(secret and secret in error.detail for secret in _entered(credentials)):
            words = type(error).title  # a server may repeat what it was sent
        log.warning("signing in at %s failed: %s: %s", ", ".join(servers), error.code, words)
        raise


def _entered(credentials: Credentials) -> tuple[str, ...]:
    if isinstance(credentials, AccessCodes):
        return credentials.code1, credentials.code2
    return (credentials.token,)
