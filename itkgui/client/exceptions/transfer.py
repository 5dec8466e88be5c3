"""Bytes did not arrive as they were sent."""

from __future__ import annotations

from itkgui.client.exceptions.base import ItkError
from itkgui.language import N_, _


class TransferFailed(ItkError):
    """Bytes did not arrive as they were sent."""

    title = N_("Transfer failed")
    sentence = N_("The file did not arrive whole.")
    cure = N_("Try again.")


class TransferIncomplete(TransferFailed):
    """Fewer or more bytes came than were announced."""


class ChecksumMismatch(TransferFailed):
    """The bytes are as many as announced, but not the same."""

    title = N_("File damaged on the way")
    sentence = N_("The checksum of what arrived differs from the checksum of what was sent.")


class RedirectRefused(TransferFailed):
    """EOS named a host for the bytes that the settings do not allow; with ``host`` the words name it."""

    title = N_("Transfer stopped for safety")
    sentence = N_(
        "The object store led on to a server that is none of the allowed redirect hosts, "
        "so nothing was sent to it."
    )
    cure = N_("Report this; if the server is right, add it to “Allowed redirect hosts” in the settings.")
    _of_host = N_(
        "The object store led on to {host}, which is none of the allowed redirect hosts, "
        "so nothing was sent to it."
    )

    def __init__(self, detail: str = "", *, host: str = "") -> None:
        super().__init__(detail)
        if host:
            self.sentence = _(self._of_host).format(host=host)


class FrontDoorRefused(RedirectRefused):
    """The database named a host as the object store that the settings do not know as one."""

    title = N_("Object store not trusted")
    sentence = N_(
        "The database named a server for the file that is none of the hosts of the object store, "
        "so nothing was sent to it."
    )
    cure = N_("Report this; if the server is right, add it to “Hosts of the object store” in the settings.")
    _of_host = N_(
        "The database named {host} for the file, which is none of the hosts of the object store, "
        "so nothing was sent to it."
    )


class WayRefused(RedirectRefused):
    """The way to the bytes is one that no setting can allow: without TLS, without end, or not readable."""

    title = N_("No safe way to the object store")
    sentence = N_("The address of the file cannot be used safely, so nothing was sent to it.")
    cure = N_("Report this with the details.")


class NotReadBack(TransferFailed):
    """The upload was answered, but the server does not hold the file as it was sent."""

    title = N_("Not confirmed")
    sentence = N_("The server accepted what was sent, but does not show it when asked.")
    cure = N_("Reload and look for it before you send it again.")
