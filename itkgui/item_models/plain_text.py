"""Makes any text fit to be shown in a line: not too long, and without characters that turn others about."""

from __future__ import annotations

from PySide6 import QtGui

LONGEST = 1000  # characters; no screen shows more of them in a cell
_LONGEST_NAME = 40  # characters; more than a serial number or a code has
_LONGEST_HINT = 3000
_JOINERS = "\u200c\u200d"  # part of how some scripts are written


def shown_text(text: str) -> str:
    """Return a text as one line of at most ``LONGEST`` characters.

    Line breaks become blanks; marks that turn the writing direction, and other control characters, become
    visible as ``�``.
    """
    if len(text) > LONGEST:  # before all else: laying out a megabyte takes seconds
        text = text[: LONGEST - 1] + "…"
    return text if text.isprintable() else "".join(map(_shown, text))


def shown_name(text: str) -> str:
    """Return what somebody gave as a name as ``shown_text``, but short enough to be part of a sentence."""
    return shown_text(text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…")


def plain_hint(text: str) -> str:
    """Return a text so that a tool tip shows it as it stands: Qt takes what looks like markup for markup."""
    if len(text) > _LONGEST_HINT:
        text = text[: _LONGEST_HINT - 1] + "…"
    if not text.isprintable():
        text = "\n".join("".join(map(_shown, line)) for line in text.split("\n"))
    return QtGui.Qt.convertFromPlainText(text) if QtGui.Qt.mightBeRichText(text) else text


def _shown(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else "�"
