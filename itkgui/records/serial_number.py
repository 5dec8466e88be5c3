"""Serial numbers of the ITk: ``20U``, project, subproject, type code, 7 more (API reference §8.1)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from itkgui.language import _

_SHAPE = re.compile(
    r"20U(?P<project>P|S|C)(?P<subproject>[IBEGM])(?P<type_code>[0-9A-Z]{2})(?P<number>[0-9A-Z]{7})"
)
_MARKS = re.compile(r"[\s\-\u2010-\u2015\u2212]")  # blanks and dashes, also those that text programs set
_WIDE = {letter + 0xFEE0: letter for letter in range(0x21, 0x7F)}  # the full-width forms of ASCII
_ALLOWED = frozenset(("PI", "PB", "PE", "PG", "SB", "SE", "SG", "CM", "CE"))


@dataclass(frozen=True)
class SerialNumber:
    """A serial number taken apart; ``str()`` gives it back."""

    project: str
    subproject: str
    type_code: str
    number: str

    @classmethod
    def parse(cls, text: str) -> SerialNumber:
        """Take a serial number apart; blanks around it and lower case are forgiven.

        Raises ValueError with a sentence for the user that tells what is wrong with it.
        """
        cleaned = text.strip().upper()
        if not cleaned.startswith("20U"):
            raise ValueError(_("A serial number starts with 20U."))
        if len(cleaned) != 14:
            text = _("A serial number has 14 characters; this one has {count}.")
            raise ValueError(text.format(count=len(cleaned)))
        if cleaned[3:5] not in _ALLOWED:
            text = _("“{letters}” in {number} is none of PI, PB, PE, PG, SB, SE, SG, CM, CE.")
            raise ValueError(text.format(letters=cleaned[3:5], number=cleaned))
        match = _SHAPE.fullmatch(cleaned)
        if match is None:
            text = _("A serial number holds only letters A to Z and digits; {number} holds others.")
            raise ValueError(text.format(number=cleaned))
        return cls(*match.groups())

    def __str__(self) -> str:
        return f"20U{self.project}{self.subproject}{self.type_code}{self.number}"


def looks_like_serial_number(text: str) -> bool:
    """Tell whether a text is meant as a serial number, though it may be mistyped."""
    return text.strip().upper().startswith("20U")


def without_marks(text: str) -> str:
    """Return a serial number without the blanks and dashes people write in it; other texts only stripped.

    Nobody sees characters without a shape, and wide letters and digits look like the usual ones: of all texts
    the former are dropped, in a serial number the latter are made usual.
    """
    visible = without_invisible(text)
    bare = _MARKS.sub("", visible.translate(_WIDE))
    return bare if looks_like_serial_number(bare) else visible.strip()


def without_invisible(text: str) -> str:
    """Return a text without control characters, zero-width ones and marks of direction; blanks stay."""
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf"))
