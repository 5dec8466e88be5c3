"""How each of the real servers behaves on the wire (API reference §1.4, §6.3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.wire.answers import (
    MAINTENANCE_PAGE,
    WEB_PAGE,
    api_error,
    identity_error,
    text_error,
)
from itkgui.sandbox.wire.backends import dress_as_new, dress_as_old
from itkgui.sandbox.wire.messages import Response

_LONG = 3600.0


def _undressed(_method: str, _response: Response) -> None:
    """The headers stay as they are."""


@dataclass(frozen=True)
class Manner:
    """One server's manner: what it calls itself, how long it keeps a connection, how its errors look.

    `dress` gets the method and the answer to it, and adds the headers that all answers have.
    """

    server: str
    content_type: str
    page: str
    error: Callable[[int, str], Response]
    dress: Callable[[str, Response], None] = _undressed
    idle_seconds: float = 5.0
    requests_per_connection: int = 100
    announces_keep_alive: bool = True
    tells_the_date: bool = True
    # By how many seconds its clock is ahead.
    clock_offset: float = 0.0
    # Whether a GET has no body, whatever its headers say.
    reads_without_body: bool = False

    @property
    def date(self) -> float | None:
        """The moment that an answer tells, in seconds since 1970; None if it tells none."""
        return time.time() + self.clock_offset if self.tells_the_date else None


def _patient(manner: Manner, oddities: Oddities) -> Manner:
    return manner if oddities.idle_close else replace(manner, idle_seconds=_LONG)


def api(oddities: Oddities, awid: str) -> Manner:
    """Return the manner of the production database; `awid` is the workspace that its cookie names."""

    def dress(method: str, response: Response) -> None:
        # Only answers to reads may be kept by the client, and only the newer backend reads.
        is_read = method != "POST" or any(name.lower() == "cache-control" for name, _ in response.headers)
        if is_read or not oddities.header_styles:
            dress_as_new(response, awid)
        else:
            dress_as_old(response)

    manner = Manner("Apache", "application/json; charset=utf-8", WEB_PAGE, api_error, dress)
    return _patient(manner, oddities)


def identity_provider(oddities: Oddities) -> Manner:
    manner = Manner(
        "Apache",
        "application/json;charset=UTF-8",
        MAINTENANCE_PAGE,
        identity_error,
        idle_seconds=15.0,
        requests_per_connection=500,
    )
    return _patient(manner, oddities)


def eos(oddities: Oddities, server: str) -> Manner:
    """Return the manner of either part of the object store."""
    manner = Manner(
        server,
        "application/octet-stream",
        MAINTENANCE_PAGE,
        text_error,
        announces_keep_alive=False,
        tells_the_date=False,
        # itkdb sends a lone "transfer-encoding: chunked" with its reads (API reference §6.3).
        reads_without_body=True,
    )
    return _patient(manner, oddities)


def token_service(oddities: Oddities) -> Manner:
    """Return the manner of the service that hands out tokens of the object store."""
    manner = Manner(
        "nginx/1.18.0", "application/json", MAINTENANCE_PAGE, text_error, announces_keep_alive=False
    )
    return _patient(manner, oddities)
