"""Bytes did not arrive as they were sent."""

from __future__ import annotations

from itkgui.client.exceptions.base import ItkError
from itkgui.language import N_


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
    """EOS named a host for the bytes that the settings do not allow."""

    title = N_("Transfer stopped for safety")
    sentence = N_(
        "The object store named a server that is not on the list of trusted hosts, so nothing was sent to it."
    )
    cure = N_("Report this; if the server is right, add it to the trusted redirect hosts in the settings.")


class NotReadBack(TransferFailed):
    """The upload was answered, but the server does not hold the file as it was sent."""

    title = N_("Not confirmed")
    sentence = N_("The server accepted what was sent, but does not show it when asked.")
    cure = N_("Reload and look for it before you send it again.")
