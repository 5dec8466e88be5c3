"""Reads a text of any size: scrolled, selected and copied by mouse and keyboard."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu

from itkgui.language import _
from itkgui.views.commands import is_key_of, show_key
from itkgui.views.previews.text_canvas import Place, TextCanvas

_DRAG_MS = 40  # between two lines, while a selection is drawn over an edge
_WORD = re.compile(r"\w+")
_END = 2**31 - 1  # a column after any other


class TextReader(TextCanvas):
    """Arrows and page keys scroll; with Shift they select.

    ``copy_wanted`` and ``end_wanted`` are for what takes more than the pages in sight.
    """

    copy_wanted = Signal()
    end_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._spot = QPointF()
        self._drag = QTimer(self)
        self._drag.setInterval(_DRAG_MS)
        self._drag.timeout.connect(self._on_drag)
        self.scrolled.connect(self._tell_place)

    @property
    def has_selection(self) -> bool:
        return self.selection is not None and self.selection[0] != self.selection[1]

    def select_all(self) -> None:
        if self.pages.rows:
            self.set_selection((0, 0), (self.pages.rows - 1, _END))

    # Keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_key_of(event, "copy-text"):
            self.copy_wanted.emit()
        elif is_key_of(event, "select-all"):
            self.select_all()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._select_by(event)
        else:
            self._scroll_by(event)

    def _scroll_by(self, event: QKeyEvent) -> None:
        key, page, side = Qt.Key, self.lines_in_sight - 1, self.horizontalScrollBar()
        match event.key():
            case key.Key_Down:
                self.scroll_lines(1)
            case key.Key_Up:
                self.scroll_lines(-1)
            case key.Key_PageDown:
                self.scroll_lines(page)
            case key.Key_PageUp:
                self.scroll_lines(-page)
            case key.Key_Home:
                self.scroll_lines(-(2**31))
            case key.Key_End:
                self.end_wanted.emit()
            case key.Key_Left:
                side.setValue(side.value() - side.singleStep())
            case key.Key_Right:
                side.setValue(side.value() + side.singleStep())
            case _:
                event.ignore()

    def _select_by(self, event: QKeyEvent) -> None:
        anchor, (row, column) = self.selection or ((self.top, 0), (self.top, 0))
        is_far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key, page, last = Qt.Key, self.lines_in_sight - 1, max(0, self.pages.rows - 1)
        match event.key():
            case key.Key_Down:
                row += 1
            case key.Key_Up:
                row -= 1
            case key.Key_PageDown:
                row += page
            case key.Key_PageUp:
                row -= page
            case key.Key_Home:
                row, column = (0 if is_far else row), 0
            case key.Key_End:
                row, column = (last if is_far else row), _END
            case key.Key_Left:
                row, column = self._one_on(row, column, -1, is_far)
            case key.Key_Right:
                row, column = self._one_on(row, column, 1, is_far)
            case _:
                event.ignore()
                return
        row = min(max(0, row), last)
        if not is_far:
            column = min(column, self._length(row))
        self.set_selection(anchor, (row, column))
        self.reveal(row, column)

    def _length(self, row: int) -> int:
        shown = self.pages.row(row)
        return len(shown.text) if shown is not None else _END

    def _one_on(self, row: int, column: int, step: int, by_word: bool) -> Place:
        """Return the place one character, or one word, further on, over the end of a row too."""
        shown = self.pages.row(row)
        text = shown.text if shown is not None else ""
        column = min(column, len(text))
        if not 0 <= column + step <= len(text):
            row += step
            return row, 0 if step > 0 else self._length(max(0, row))
        if not by_word:
            return row, column + step
        words = [word.end() if step > 0 else word.start() for word in _WORD.finditer(text)]
        further = [word for word in words if (word > column if step > 0 else word < column)]
        edge = len(text) if step > 0 else 0
        return row, (min(further, default=edge) if step > 0 else max(further, default=edge))

    # Mouse -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self.place_at(event.position())
        if self.is_in_gutter(event.position()):
            self.set_selection((place[0], 0), (place[0], self._length(place[0])))
            return
        goes_on = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection is not None
        self.set_selection(self.selection[0] if goes_on and self.selection else place, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton or self.selection is None:
            return
        self._spot = event.position()
        if self.viewport().rect().contains(event.position().toPoint()):
            self._drag.stop()
            self.set_selection(self.selection[0], self.place_at(self._spot))
        elif not self._drag.isActive():
            self._drag.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        self._drag.stop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row, column = self.place_at(event.position())
        shown = self.pages.row(row)
        for word in _WORD.finditer(shown.text if shown is not None else ""):
            if word.start() <= column <= word.end():
                self.set_selection((row, word.start()), (row, word.end()))

    def _on_drag(self) -> None:
        if self.selection is None:
            return
        height, side = self.viewport().height(), self.horizontalScrollBar()
        if not 0 <= self._spot.y() < height:
            self.scroll_lines(1 if self._spot.y() > 0 else -1)
        if self._spot.x() < 0 or self._spot.x() > self.viewport().width():
            side.setValue(side.value() + (side.singleStep() if self._spot.x() > 0 else -side.singleStep()))
        within = QPointF(self._spot.x(), min(max(0.0, self._spot.y()), height - 1.0))
        self.set_selection(self.selection[0], self.place_at(within))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(_("Copy"), self.copy_wanted.emit)
        show_key(copy, "copy-text")
        copy.setEnabled(self.has_selection)
        every = menu.addAction(_("Select all"), self.select_all)
        show_key(every, "select-all")
        menu.popup(event.globalPos())

    def _tell_place(self) -> None:
        shown = self.pages.row(self.top)
        if shown is not None:
            lines = self.pages.index.line_count
            self.setAccessibleDescription(
                _("Line {line:,} of {count:,}: {text}").format(
                    line=shown.line + 1, count=lines, text=shown.text
                )
            )
