"""A file on this computer, or an attachment that is none, cannot be used."""

from __future__ import annotations

from itkgui.client.exceptions.base import ItkError
from itkgui.language import N_


class FileProblem(ItkError):
    """A file on this computer cannot be used."""

    title = N_("File problem")
    sentence = N_("The file cannot be used.")
    cure = N_("Choose another file.")


class FileUnreadable(FileProblem):
    """The file cannot be opened, or changed while it was read."""

    title = N_("File not readable")
    sentence = N_("The file cannot be read by your user on this computer.")
    cure = N_("Check its permissions, or copy it to a folder of your own and drop that copy.")


class FileNotWritten(FileProblem):
    """A file cannot be stored on this computer."""

    title = N_("File not stored")
    sentence = N_("The file cannot be written to this folder.")
    cure = N_("Check the free space and the permissions, or choose another folder or name.")


class FileEmpty(FileProblem):
    """The file has no bytes."""

    title = N_("Empty file")
    sentence = N_("The file has a size of 0 bytes, so there is nothing to send.")
    cure = N_("Check that the program that writes it has finished.")


class FileMissing(FileProblem):
    """There is nothing at the path, or not any more."""

    title = N_("File not found")
    sentence = N_("There is no file at this place, or not any more.")
    cure = N_("Check whether the stick or network folder is still connected, then choose the file again.")


class NotAFile(FileProblem):
    """A folder or a device."""

    title = N_("Not a file")
    sentence = N_("Only files can be attached, not folders.")
    cure = N_("Open the folder and drop the files in it, or make a zip of it.")


class LinkOnly(FileProblem):
    """The attachment is a link to another place; ``detail`` is the link."""

    title = N_("This attachment is a link")
    sentence = N_("The database keeps only a link for this attachment, no file.")
    cure = N_("Open the link in a web browser.")
