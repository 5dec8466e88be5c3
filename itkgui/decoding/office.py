"""Documents of office programs: which kind they are; what is in them is for those programs."""

from __future__ import annotations

from itkgui.client.files import BinaryFile

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OFFICE_TYPES = {
    f"{_OPEN_XML}.spreadsheetml.sheet": "an Excel workbook",
    f"{_OPEN_XML}.wordprocessingml.document": "a Word document",
    f"{_OPEN_XML}.presentationml.presentation": "a PowerPoint presentation",
    f"{_OPEN_DOCUMENT}.spreadsheet": "an OpenDocument spreadsheet",
    f"{_OPEN_DOCUMENT}.text": "an OpenDocument text",
    f"{_OPEN_DOCUMENT}.presentation": "an OpenDocument presentation",
}


def load_office(file: BinaryFile) -> str:
    """Return what a document is called, with its article."""
    return OFFICE_TYPES[file.media_type]
