"""Tells by its first characters whether a text is going to be a label, on whatever keyboard.

Apart from what understands a whole label, which is not loaded for the first key into a field for a secret.
"""

from __future__ import annotations

import re

from itkgui.scanning import commands, endings
from itkgui.scanning.burst import Beginning
from itkgui.scanning.layouts import guesses

_STARTS = ("20U", commands.PREFIX)
_KIND_BEGUN = re.compile(r"\][A-Z]?[0-9A-Z]?(2?0?|I?T?K?G?U?I?)")


def beginning(text: str, layout: str = "") -> Beginning:
    """Tell how a text begins, of which more is to come; with the name of a layout, as typed on that one."""
    found = {endings.unframed(guess.text).upper() for guess in guesses(text, layout)}
    if any(map(is_begun, found)):
        return Beginning.LABEL
    may_be = any(start.startswith(one) for one in found for start in _STARTS)
    return Beginning.MAYBE if may_be or any(map(_KIND_BEGUN.fullmatch, found)) else Beginning.OTHER


def is_begun(text: str) -> bool:
    """Tell whether a text begins as only labels do."""
    return text.upper().startswith(_STARTS)
