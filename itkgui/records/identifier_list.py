"""Takes a pasted or scanned list of identifiers apart, however it was written."""

from __future__ import annotations

import re

from itkgui.records.serial_number import SerialNumber, looks_like_serial_number, without_marks

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
    for line in _BETWEEN.split(text):
        bare = line.strip().strip("\"'").strip()
        parts += _BEFORE_SERIAL.split(bare) if looks_like_serial_number(bare) else [bare]
    return list(filter(None, parts))


def complaint_about(identifier: str) -> str:
    """Return what is wrong with a text that is meant as a serial number; empty if nothing is."""
    if looks_like_serial_number(identifier):
        try:
            SerialNumber.parse(without_marks(identifier))
        except ValueError as error:
            return str(error)
    return ""
