"""Which server a URL leads to: secrets go only where these rules say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from itkgui.settings import Settings, is_loopback

# Two readers of one URL must not disagree about its host, so whatever they might read differently is refused.
_PLAIN = re.compile(r"[!-\[\]-~]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """Scheme, host and port of a URL; equal only if all three are."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Read a URL with the reader that the connections use. Raises ValueError if it is odd, or no http."""
        from urllib3.exceptions import LocationParseError  # late: the sign-in page needs no connection
        from urllib3.util import parse_url

        try:
            parsed = parse_url(url)
        except LocationParseError as error:
            raise ValueError("not a URL") from error
        scheme = parsed.scheme or ""
        if not _PLAIN.fullmatch(url) or parsed.auth is not None or not parsed.host:
            raise ValueError("not a plain URL")
        if scheme not in _DEFAULT_PORTS:
            raise ValueError(f"not an http address: {scheme}")
        return cls(scheme, parsed.host.strip("[]").lower(), parsed.port or _DEFAULT_PORTS[scheme])

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    def matches(self, patterns: Iterable[str]) -> bool:
        """Tell whether one of the patterns (``host`` or ``host:port``; ``*`` is any text) allows it.

        A pattern without a port allows any port.
        """
        return any(self._matches(pattern.strip().lower()) for pattern in patterns)

    def _matches(self, pattern: str) -> bool:
        host, separator, port = pattern.rpartition(":")
        if separator and port.isdigit():
            return fnmatchcase(self.host, host.strip("[]")) and int(port) == self.port
        return fnmatchcase(self.host, pattern.strip("[]"))


def is_of_the_object_store(settings: Settings, url: str) -> bool:
    """Tell whether a URL leads to the object store: to none but its hosts, and not to the other services."""
    try:
        origin = Origin.of(url)
    except ValueError:
        return False
    if origin in (Origin.of(settings.api_url), Origin.of(settings.auth_url)):
        return False
    return origin.matches((*settings.trusted_eos_hosts, *settings.trusted_eos_redirect_hosts))
