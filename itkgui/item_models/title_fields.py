"""Titles and descriptions for many files at once: a text with fields that each file fills in by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from itkgui.language import N_

FIELDS: Mapping[str, str] = {
    "serial": N_("the serial number"),
    "test": N_("the test type of the run"),
    "stage": N_("the stage the component is at"),
    "date": N_("today"),
    "exif_date": N_("when a picture was taken"),
    "n": N_("1, 2, 3 … among the chosen files"),
    "name": N_("the file's name without its ending, which stays on EOS"),
}
_FIELD = re.compile(r"\{(\w+)\}")
_GAP = re.compile(r"([-_ ])[-_ ]+")


def has_fields(text: str) -> bool:
    """Tell whether a text holds a field to be filled in."""
    return any(name in FIELDS for name in _FIELD.findall(text))


def unknown_fields(text: str) -> tuple[str, ...]:
    """Return what looks like a field and is none, such as a mistyped one."""
    return tuple(name for name in dict.fromkeys(_FIELD.findall(text)) if name not in FIELDS)


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its fields filled in; one that is not known for a file leaves no gap behind."""
    if not has_fields(text):
        return text
    filled = _FIELD.sub(lambda field: values.get(field[1], "") if field[1] in FIELDS else field[0], text)
    return _GAP.sub(r"\1", filled).strip("-_ ")
