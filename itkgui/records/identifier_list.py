"""Takes a pasted or scanned list of identifiers apart, however it was written."""

from __future__ import annotations

import re

from itkgui.language import _
from itkgui.records.serial_number import (
    SerialNumber,
    looks_like_serial_number,
    without_invisible,
    without_marks,
)

LONGEST = 200  # characters of an identifier; no server knows a longer one
_BETWEEN = re.compile(r"[\r\n\t,;\u2028\u2029]+")
_BEFORE_SERIAL = re.compile(r"\s+(?=20[uU])")


def identifiers_in(text: str) -> list[str]:
    """Return the identifiers of a text, in its order and each once, as ``written_in`` tells them apart."""
    return list(dict.fromkeys(written_in(text)))


def written_in(text: str) -> list[str]:
    """Return the identifiers of a text as often as they are written, without blanks and quotes around.

    Line breaks, tabs, commas and semicolons stand between them; blanks only where a serial number follows
    another one, since other names may hold blanks.
    """
    parts: list[str] = []
    for line in _BETWEEN.split(without_invisible(text)):
        bare = line.strip().strip("\"'").strip()
        parts += _BEFORE_SERIAL.split(bare) if looks_like_serial_number(bare) else [bare]
    return list(filter(None, parts))


def complaint_about(identifier: str) -> str:
    """Return what is wrong with a text as a serial number or another identifier; empty if nothing is."""
    if len(identifier) > LONGEST:
        return _("A serial number, a name or a code has no more than {count} characters.").format(
            count=LONGEST
        )
    identifier = without_marks(identifier)
    if looks_like_serial_number(identifier):
        try:
            SerialNumber.parse(identifier)
        except ValueError as error:
            return str(error)
    return ""
