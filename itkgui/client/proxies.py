"""The proxy to a server, and what one says that wants a password."""

from __future__ import annotations

from requests.utils import should_bypass_proxies

from itkgui.client.exceptions import AnswerError
from itkgui.language import N_
from itkgui.settings import Settings


class ProxyWantsPassword(AnswerError):
    """407: a proxy between here and the server lets nothing through without a password."""

    title = N_("The proxy wants a password")
    sentence = N_(
        "A proxy between this computer and the server asks for a name and a password: nothing was sent."
    )
    cure = N_(
        "Ask your network administrator; then set HTTPS_PROXY=http://name:password@host:port and restart."
    )


def chosen_proxies(settings: Settings, url: str) -> dict[str, str]:
    """Return by scheme the proxies that the settings name for a server, in the terms of requests.

    What they do not say, requests finds in the environment and the system.
    """
    directly = ",".join(settings.no_proxy)
    found = {"https": settings.https_proxy, "http": settings.http_proxy}
    found = {scheme: proxy for scheme, proxy in found.items() if proxy}
    if found and should_bypass_proxies(url, no_proxy=directly or None):
        found = {}
    return found | ({"no_proxy": directly} if directly else {})


def is_of_a_proxy(failure: BaseException) -> bool:
    """Tell whether a connection failed since a proxy wants a password (so says http.client of it)."""
    return str(failure).startswith("Tunnel connection failed: 407")
