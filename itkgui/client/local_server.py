"""What it means that a server is not reached: by its name, or though it should run on this very computer."""

from __future__ import annotations

import ipaddress

from itkgui.client.exceptions import ServerUnreachable
from itkgui.language import N_


class LocalServerUnreachable(ServerUnreachable):
    """A server on this computer does not run, or not any more."""

    sentence = N_(
        "This computer cannot reach the server that should run on it; nothing was changed or loaded."
    )
    cure = N_("Start that server again. It needs no network.")


class HostUnknown(ServerUnreachable):
    """No name server, or none that was reached, knows the server's name (DNS)."""

    title = N_("Server's name not found")
    sentence = N_(
        "This computer could not find out where the server is (DNS), so nothing was changed or loaded."
    )
    cure = N_(
        "Check the network, then how the server's address is spelled; ask your network administrator about "
        "the name server if other addresses work."
    )


def unreached(server: str, detail: str, *, is_unnamed: bool = False) -> ServerUnreachable:
    """Return the error for a server, as host and port, that could not be reached.

    ``is_unnamed`` tells that its name led to no address.
    """
    if is_unnamed:
        return HostUnknown(detail)
    host = server.rpartition(":")[0].strip("[]")
    try:
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    return (LocalServerUnreachable if is_here else ServerUnreachable)(detail)
