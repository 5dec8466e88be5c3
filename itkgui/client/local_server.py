"""What it means that a server is not reached which should run on this very computer, as the sandbox does."""

from __future__ import annotations

import ipaddress

from itkgui.client.exceptions import ServerUnreachable


class LocalServerUnreachable(ServerUnreachable):
    """A server on this computer does not run, or not any more."""

    sentence = "This computer cannot reach the server that should run on it; nothing was changed or loaded."
    cure = "Start that server again; if it is the sandbox, the program offers to. No network is needed."


def unreached(server: str, detail: str) -> ServerUnreachable:
    """Return the error for a server, as host and port, that could not be reached."""
    host = server.rpartition(":")[0].strip("[]")
    try:
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    return (LocalServerUnreachable if is_here else ServerUnreachable)(detail)
