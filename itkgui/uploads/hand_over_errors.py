"""What is wrong with an archive of uploads, or with what was to go into one."""

from __future__ import annotations

from itkgui.client.exceptions import FileProblem, ItkError


class CannotHandOver(ItkError):
    """Some of what was chosen has begun, or has ended; ``detail`` names it."""

    title = "Cannot be handed over"
    sentence = "Only uploads that wait, and of which nothing has been sent, can go to another computer."
    cure = "Let the others finish here, or cancel them; then choose again."


class HandOverThere(FileProblem):
    """The file that would be replaced is an archive of uploads, which are nowhere else."""

    title = "Holds other uploads"
    sentence = "This archive holds uploads that were handed over before, so it is not replaced."
    cure = "Choose another name; delete the old archive once its uploads have arrived."


class NoHandOver(FileProblem):
    """The file is not an archive of uploads, or it is damaged."""

    title = "No usable archive of uploads"
    sentence = "This file holds no uploads from another computer, or it is damaged, so nothing was taken."
    cure = "Copy the archive from the other computer again, then import that copy."


class HandOverTooNew(FileProblem):
    """The archive was made by a newer program."""

    title = "Archive of a newer version"
    sentence = "A newer version of this program has made this archive, so nothing was taken."
    cure = "Install the newer version on this computer, then import the archive again."


class OtherServer(FileProblem):
    """The uploads are meant for another server."""

    title = "Meant for another server"
    sentence = "These uploads belong to another server than the one you are signed in to: nothing was taken."
    cure = "Sign in to the server that the details name, then import the archive again."


class OtherPerson(FileProblem):
    """The uploads are another person's; ``detail`` tells whose, and which files."""

    title = "Another person's uploads"
    sentence = "These uploads were handed over by somebody else, so nothing was taken."
    cure = "Let that person import them, or take them as your own: then they are sent in your name."
