"""Serial numbers of the ITk: ``20U``, project, subproject, type code, 7 more (API reference §8.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SHAPE = re.compile(
    r"20U(?P<project>P|S|C)(?P<subproject>[IBEGM])(?P<type_code>[0-9A-Z]{2})(?P<number>[0-9A-Z]{7})"
)
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
            raise ValueError("A serial number starts with 20U.")
        if len(cleaned) != 14:
            raise ValueError(f"A serial number has 14 characters; this one has {len(cleaned)}.")
        if cleaned[3:5] not in _ALLOWED:
            raise ValueError(f"“{cleaned[3:5]}” in {cleaned} is none of PI, PB, PE, PG, SB, SE, SG, CM, CE.")
        match = _SHAPE.fullmatch(cleaned)
        if match is None:
            raise ValueError(f"A serial number holds only letters A to Z and digits; {cleaned} holds others.")
        return cls(*match.groups())

    def __str__(self) -> str:
        return f"20U{self.project}{self.subproject}{self.type_code}{self.number}"


def looks_like_serial_number(text: str) -> bool:
    """Tell whether a text is meant as a serial number, though it may be mistyped."""
    return text.strip().upper().startswith("20U")


def without_marks(text: str) -> str:
    """Return a serial number without the blanks and dashes people write in it; other texts only stripped."""
    bare = re.sub(r"[\s-]", "", text)
    return bare if looks_like_serial_number(bare) else text.strip()
