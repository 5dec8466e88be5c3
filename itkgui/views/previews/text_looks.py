"""The looks of text in the colours of the current theme: of languages, and of a terminal."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from itkgui.decoding.text_escapes import Span
from itkgui.views.style import Style

# Tones of the theme; where it has none, a colour for the light and one for the dark look.
_TONES = {
    "keyword": "accent",
    "string": "good",
    "number": "caution",
    "comment": "quiet",
    "good": "good",
    "caution": "caution",
    "bad": "bad",
    "black": "quiet",  # as it is, it would be invisible on one of the two
    "grey": "quiet",
    "red": "bad",
    "green": "good",
    "yellow": "caution",
    "blue": "accent",
    "white": "text",
}
_OWN = {
    "name": ("#7a3ea8", "#cfa8f5"),
    "magenta": ("#97267e", "#f09ade"),
    "cyan": ("#0b6670", "#67cfdc"),
}
_BACKS = {"red": "bad_back", "green": "good_back", "yellow": "caution_back"}


def formats_of(text: str, looks: tuple[Span, ...]) -> list[QTextLayout.FormatRange]:
    """Return the looks of a row as its layout takes them."""
    made = []
    for start, length, look in looks:
        part = QTextLayout.FormatRange()
        part.start = units(text, start)
        part.length = units(text, start + length) - part.start
        part.format = _format(look)
        made.append(part)
    return made


def marked(text: str, first: int, last: int, *, back: str, fore: str = "") -> QTextLayout.FormatRange:
    """Return a part of a row with a tone of the theme behind it."""
    part = QTextLayout.FormatRange()
    part.start = units(text, first)
    part.length = units(text, last) - part.start
    part.format = QTextCharFormat()
    part.format.setBackground(Style.theme.colour(back))
    if fore:
        part.format.setForeground(Style.theme.colour(fore))
    return part


def units(text: str, column: int) -> int:
    """Return the place of a character as Qt counts: those beyond 16 bits as two."""
    return column if text.isascii() else len(text[:column].encode("utf-16-le", "replace")) // 2


def column_of(text: str, place: int) -> int:
    """Return the character at a place that Qt counted."""
    if text.isascii():
        return min(place, len(text))
    return len(text.encode("utf-16-le", "replace")[: 2 * place].decode("utf-16-le", "ignore"))


def _format(look: str) -> QTextCharFormat:
    words = look.split()
    made = QTextCharFormat()
    fore = next((_colour(word) for word in words if word in _TONES or word in _OWN), None)
    back = next((word.removeprefix("on-") for word in words if word.startswith("on-")), "")
    if "reversed" in words:
        made.setBackground(fore or Style.theme.colour("text"))
        made.setForeground(Style.theme.colour("surface"))
    else:
        if fore is not None:
            made.setForeground(fore)
        if back:
            made.setBackground(Style.theme.colour(_BACKS.get(back, "selection")))
    if "bold" in words or "heading" in words:
        made.setFontWeight(QFont.Weight.Bold)
    made.setFontUnderline("underlined" in words)
    return made


def _colour(word: str) -> QColor:
    if word in _OWN:
        return QColor(_OWN[word][Style.theme.is_dark])
    return Style.theme.colour(_TONES[word])
