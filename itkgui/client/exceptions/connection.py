"""No answer came at all."""

from __future__ import annotations

from itkgui.client.exceptions.base import ItkError
from itkgui.language import N_


class ConnectionFailed(ItkError):
    """No answer came."""

    title = N_("No connection")
    sentence = N_("The server did not answer, so nothing was changed or loaded.")
    cure = N_("Check the network, then try again.")


class ServerUnreachable(ConnectionFailed):
    """The server could not be reached: no network, unknown host, connection refused."""

    title = N_("Server not reached")
    sentence = N_("This computer cannot reach the server, so nothing was changed or loaded.")
    cure = N_("Check the network cable or Wi-Fi and the server's address, then try again.")


class ConnectionLost(ConnectionFailed):
    """The server was reached, but the connection broke before its answer was whole."""

    title = N_("Connection lost")
    sentence = N_("The connection broke before the server's answer was complete.")
    cure = N_("Try again; if you were saving something, reload first to see whether it arrived.")


class ServerSilent(ConnectionFailed):
    """The server took the request but did not answer in time."""

    title = N_("Server too slow")
    sentence = N_("The server was reached but did not answer in time.")
    cure = N_("Wait a minute and try again.")


class TlsFailed(ConnectionFailed):
    """The server's certificate could not be verified."""

    title = N_("Server not trusted")
    sentence = N_("The server could not prove who it is, so nothing was sent to it.")
    cure = N_(
        "Check this computer's date and its certificates; ask your network administrator about a proxy."
    )
