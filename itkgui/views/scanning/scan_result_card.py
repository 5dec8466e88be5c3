"""What the last scan was, in every detail: as it came, as it was understood, how fast, and what ended it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.scan_words import endings_text, keyboard_text, pace_text, visible
from itkgui.language import _
from itkgui.scanning.endings import parted
from itkgui.scanning.reading import Meaning, Reading
from itkgui.views.command_list import COMMANDS
from itkgui.views.style import set_role
from itkgui.views.widgets.card import Card, plain_label

_SHOWN = 200  # characters


def read_as(meaning: Meaning, text: str) -> str:
    """Return as what a scan was read: of a command its title, as far as this program knows it."""
    if meaning is Meaning.COMMAND and text in COMMANDS:
        return COMMANDS[text].text
    return shown_text(text[:_SHOWN])


class ScanResultCard(Card):
    """Shows one scan; before the first it says what to do."""

    def __init__(self) -> None:
        super().__init__(_("Last scan"))
        self.waits = self.add_text(_("Scan any label: you see here what came, and what it means."), "quiet")
        self.meaning = QLabel()
        self.inside.addWidget(self.meaning, 0, Qt.AlignmentFlag.AlignLeft)
        self.text, self.note = self.add_text("", "title"), self.add_text("", "caution")
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(3)
        self._grid.setHorizontalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self.inside.addLayout(self._grid)
        self.raw = self._row(_("Came as"), "raw")
        self.keyboard = self._row(_("Keyboard"))
        self.ending = self._row(_("Ending"))
        self.pace = self._row(_("Pace"))
        self.source = self._row(_("Came from"))
        self._reading: Reading | None = None
        self._show(None)

    def _row(self, name: str, role: str = "") -> QLabel:
        head, value = plain_label(name, "quiet"), plain_label("", role)
        head.setWordWrap(False)
        value.setAccessibleName(name)
        row = self._grid.rowCount()
        self._grid.addWidget(head, row, 0)
        self._grid.addWidget(value, row, 1)
        return value

    def show_reading(self, reading: Reading) -> None:
        self._reading = reading
        self._show(reading)

    def add_tail(self, tail: str) -> None:
        """Note one more ending of the scan."""
        if self._reading is not None:
            more = parted(tail)[1]
            self._reading = self._reading.with_endings(more)
            self.ending.setText(endings_text(self._reading))

    def _show(self, reading: Reading | None) -> None:
        self.waits.setVisible(reading is None)
        labels = [item.widget() for item in map(self._grid.itemAt, range(self._grid.count())) if item]
        for widget in (self.meaning, self.text, self.note, *labels):
            if widget is not None:
                widget.setVisible(reading is not None)
        if reading is None:
            return
        meaning = reading.meaning
        understood = "pill" if meaning is Meaning.NAME else "pill-good"  # a name may be anything
        set_role(self.meaning, understood if meaning.is_understood else "pill-caution")
        self.meaning.setText(_(meaning.value))
        self.text.setText(read_as(meaning, reading.text))
        note = reading.sentence
        if reading.also:
            note = _("On another keyboard it would be {others}.").format(others=_(" or ").join(reading.also))
        self.note.setText(shown_text(note))
        self.note.setVisible(bool(note))
        self.raw.setText(shown_text(visible(reading.arrival.text[:_SHOWN])))
        self.keyboard.setText(keyboard_text(reading))
        self.ending.setText(endings_text(reading))
        self.pace.setText(pace_text(reading))
        self.source.setText(_(reading.arrival.source.value))
