"""Documents of office programs: which kind they are; what is in them is for those programs."""

from __future__ import annotations

from itkgui.client.files import BinaryFile
from itkgui.language import N_, _

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OFFICE_TYPES = {
    f"{_OPEN_XML}.spreadsheetml.sheet": N_("an Excel workbook"),
    f"{_OPEN_XML}.wordprocessingml.document": N_("a Word document"),
    f"{_OPEN_XML}.presentationml.presentation": N_("a PowerPoint presentation"),
    f"{_OPEN_DOCUMENT}.spreadsheet": N_("an OpenDocument spreadsheet"),
    f"{_OPEN_DOCUMENT}.text": N_("an OpenDocument text"),
    f"{_OPEN_DOCUMENT}.presentation": N_("an OpenDocument presentation"),
}


def load_office(file: BinaryFile) -> str:
    """Return what a document is called, with its article."""
    return _(OFFICE_TYPES[file.media_type])
