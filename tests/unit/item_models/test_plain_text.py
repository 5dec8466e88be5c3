"""Texts from anywhere as one harmless line, and as a tool tip that shows them as they stand."""

from __future__ import annotations

import pytest
from PySide6 import QtGui

from itkgui.item_models.plain_text import LONGEST, plain_hint, shown_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, µA ± Ω", "plain text, µA ± Ω"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("photo\u202egpj.exe", "photo�gpj.exe"),
        ("\u2066isolated\u2069", "�isolated�"),
        ("bell\x07", "bell�"),
        ("half \ud83d a character", "half � a character"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("שלום", "שלום"),
        ("family 👨\u200d👩", "family 👨\u200d👩"),
        ("no\u00a0break", "no break"),
    ],
    ids=repr,
)
def test_text_is_shown_in_a_line_that_hides_nothing(text: str, shown: str) -> None:
    assert shown_text(text) == shown


def test_long_text_is_cut() -> None:
    assert shown_text("x" * LONGEST) == "x" * LONGEST
    assert shown_text("\n" * 10**6) == " " * (LONGEST - 1) + "…"


def test_hint_keeps_its_lines_and_shows_markup_as_text() -> None:
    assert plain_hint("name\ncode") == "name\ncode"
    assert plain_hint("a\u202eb\nc") == "a�b\nc"
    assert "<b>" not in plain_hint("<b>bold</b>")
    assert QtGui.Qt.mightBeRichText(plain_hint("<b>bold</b>"))  # marked as text within
    assert len(plain_hint("x" * 10**6)) < 5000
