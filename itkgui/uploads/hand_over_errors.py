"""What is wrong with an archive of uploads, or with what was to go into one."""

from __future__ import annotations

from itkgui.client.exceptions import FileProblem, ItkError
from itkgui.language import N_


class CannotHandOver(ItkError):
    """Some of what was chosen has begun, or has ended; ``detail`` names it."""

    title = N_("Cannot be handed over")
    sentence = N_("Only uploads that wait, and of which nothing has been sent, can go to another computer.")
    cure = N_("Let the others finish here, or cancel them; then choose again.")


class HandOverThere(FileProblem):
    """The file that would be replaced is an archive of uploads, which are nowhere else."""

    title = N_("Holds other uploads")
    sentence = N_("This archive holds uploads that were handed over before, so it is not replaced.")
    cure = N_("Choose another name; delete the old archive once its uploads have arrived.")


class NoHandOver(FileProblem):
    """The file is not an archive of uploads, or it is damaged."""

    title = N_("No usable archive of uploads")
    sentence = N_("This file holds no uploads from another computer, or it is damaged, so nothing was taken.")
    cure = N_("Copy the archive from the other computer again, then import that copy.")


class HandOverTooNew(FileProblem):
    """The archive was made by a newer program."""

    title = N_("Archive of a newer version")
    sentence = N_("A newer version of this program has made this archive, so nothing was taken.")
    cure = N_("Install the newer version on this computer, then import the archive again.")


class OtherServer(FileProblem):
    """The uploads are meant for another server."""

    title = N_("Meant for another server")
    sentence = N_(
        "These uploads belong to another server than the one you are signed in to: nothing was taken."
    )
    cure = N_("Sign in to the server that the details name, then import the archive again.")


class OtherPerson(FileProblem):
    """The uploads are another person's; ``detail`` tells whose, and which files."""

    title = N_("Another person's uploads")
    sentence = N_("These uploads were handed over by somebody else, so nothing was taken.")
    cure = N_("Let that person import them, or take them as your own: then they are sent in your name.")
