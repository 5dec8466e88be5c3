"""Paints the rows of a text that are in sight, and asks for the pages they are in."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from itkgui.decoding.text_find import Found
from itkgui.item_models.text_pages import Row, TextPages
from itkgui.language import _
from itkgui.views.previews.text_looks import column_of, formats_of, marked, units
from itkgui.views.style import Style, mono_font, set_role, set_room, spaced

Place = tuple[int, int]
"""A row and a column in it."""

_WHEEL_LINES = 3
_TAB = 8  # characters
_MARGIN = 6  # pixels, at 100 % of the text size
_SHARE = 0.95  # of the size of the text
_KEPT_LAYOUTS = 400
_CONTINUED = "↪"


class TextCanvas(QAbstractScrollArea):
    """The rows of a text, scrolled by rows; a wrapped row may begin above the upper edge.

    ``wanted`` is emitted when pages in sight are missing, or are not coloured.
    """

    wanted = Signal()
    scrolled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.pages = TextPages.of_text("")
        self.wraps = False
        self.has_numbers = True
        self.found: Found | None = None
        self.hit = -1  # the one that was gone to
        self.selection: tuple[Place, Place] | None = None  # where it began, and where it ends
        self._hidden_lines = 0  # of the wrapped row at the top
        self._widest = 0.0
        self._wheel = 0.0
        self._is_adjusting = False
        self._layouts: dict[int, QTextLayout] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Text of the file"))
        # Files dropped here are for the page around it.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        set_role(self, "reader")
        set_room(self, least=(0, 6))
        self._use_font()
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(lambda: self.viewport().update())

    # What is shown -----------------------------------------------------------------------------------------

    def show_pages(self, pages: TextPages) -> None:
        """Show another text, from its beginning."""
        self.pages = pages
        self.found, self.hit, self.selection = None, -1, None
        self._widest = 0.0
        self._hidden_lines = 0
        self.rows_changed()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.scrolled.emit()

    def rows_changed(self) -> None:
        """Take over that there are more rows, or that pages came or have other looks."""
        self._layouts.clear()
        self._adjust()
        self.viewport().update()

    def show_hits(self, found: Found | None, hit: int = -1) -> None:
        """Mark what was found, one of them as the one that was gone to."""
        self.found, self.hit = found, hit
        self.viewport().update()

    def set_wrap(self, wraps: bool) -> None:
        top = self.top
        self.wraps = wraps
        self._widest = 0.0
        self.rows_changed()
        self._show_from(top, 0)

    def set_numbers(self, has_numbers: bool) -> None:
        self.has_numbers = has_numbers
        self.rows_changed()

    @property
    def top(self) -> int:
        """The first row in sight."""
        return self.verticalScrollBar().value()

    @property
    def last(self) -> int:
        """The last row in sight, also of those that are not loaded."""
        return max(self.top, min(self.pages.rows - 1, self.top + self.lines_in_sight))

    @property
    def lines_in_sight(self) -> int:
        return max(1, int(self.viewport().height() / self.line_height))

    def set_selection(self, anchor: Place, place: Place) -> None:
        self.selection = anchor, place
        self.viewport().update()

    def reveal(self, row: int, column: int = 0) -> None:
        """Bring a place into sight: to the middle if it is not there."""
        shown, layout = self.pages.row(row), self._layout(row)
        place = units(shown.text, min(column, len(shown.text))) if shown is not None else 0
        line = layout.lineForTextPosition(place).lineNumber() if layout is not None and self.wraps else 0
        above = self._y_of(row)
        y = above + line * self.line_height if above is not None else -1.0
        if not 0 <= y <= self.viewport().height() - self.line_height:
            self._show_from(*self._moved(row, line, -(self.lines_in_sight // 2)))
        if layout is not None and not self.wraps:
            side: Any = layout.lineAt(0).cursorToX(place)  # and the place, which the stubs do not know
            self._reveal_side(side[0], layout.lineAt(0).naturalTextWidth())

    def _reveal_side(self, x: float, width: float) -> None:
        self._widest = max(self._widest, width)
        self._adjust()
        bar, room = self.horizontalScrollBar(), self.viewport().width() - self.gutter
        if not bar.value() <= x <= bar.value() + room - 4 * self._advance:
            bar.setValue(round(x - room / 2) if x > room / 2 else 0)

    def reveal_end(self) -> None:
        """Show the last rows."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        if self.wraps:
            last = max(0, self.pages.rows - 1)
            self._show_from(*self._moved(last, 0, self._lines_of(last) - self.lines_in_sight))

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines as they are on the screen; those of a wrapped row count each."""
        self._show_from(*self._moved(self.top, self._hidden_lines, lines))

    def _moved(self, row: int, line: int, lines: int) -> tuple[int, int]:
        """Return the row and the line in it that are so many lines away."""
        hidden = line + lines
        if not self.wraps:
            return min(max(0, row + hidden), max(0, self.pages.rows - 1)), 0
        while hidden < 0 and row > 0:
            row -= 1
            hidden += self._lines_of(row)
        while row < self.pages.rows - 1 and hidden >= self._lines_of(row):
            hidden -= self._lines_of(row)
            row += 1
        return row, min(max(0, hidden), self._lines_of(row) - 1)

    # Places ------------------------------------------------------------------------------------------------

    def place_at(self, point: QPointF) -> Place:
        """Return the place of the text under a point of the viewport, or the nearest one."""
        y, row = -self._hidden_lines * self.line_height, self.top
        last = max(0, self.pages.rows - 1)
        while row < last and y + self._lines_of(row) * self.line_height <= point.y():
            y += self._lines_of(row) * self.line_height
            row += 1
        layout, shown = self._layout(row), self.pages.row(row)
        if layout is None or shown is None:
            return row, 0
        number = min(max(0, int((point.y() - y) / self.line_height)), layout.lineCount() - 1)
        x = point.x() - self.gutter + self.horizontalScrollBar().value()
        return row, column_of(shown.text, layout.lineAt(number).xToCursor(x))

    def is_in_gutter(self, point: QPointF) -> bool:
        return point.x() < self.gutter - self._margin

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self.viewport())
        theme, width, height = Style.theme, self.viewport().width(), self.viewport().height()
        left = self.gutter - self.horizontalScrollBar().value()
        y, row = -self._hidden_lines * self.line_height, self.top
        painter.setFont(self.font())
        painter.setPen(theme.colour("text"))
        if self.has_numbers:
            painter.fillRect(QRectF(0, 0, self.gutter - self._margin, height), theme.colour("window"))
        is_missing, widest = False, self._widest
        while y < height and row < self.pages.rows:
            shown, layout = self.pages.row(row), self._layout(row)
            if shown is None or layout is None:
                is_missing = True
                y += self.line_height
            else:
                painter.save()
                painter.setClipRect(QRectF(self.gutter - self._margin, 0, width, height))
                layout.draw(painter, QPointF(left, y), self._marks(row, shown))
                self._draw_cursor(painter, row, shown, layout, QPointF(left, y))
                painter.restore()
                if self.has_numbers:
                    self._draw_number(painter, shown, y)
                widest = max(widest, layout.lineAt(0).naturalTextWidth())
                y += layout.lineCount() * self.line_height
            row += 1
        painter.end()
        if widest > self._widest:
            self._widest = widest
            self._adjust()
        missing = self.pages.missing(self.top, self.last)
        if is_missing or missing is not None or self.pages.uncoloured(self.top, self.last) is not None:
            self.wanted.emit()

    def _draw_number(self, painter: QPainter, row: Row, y: float) -> None:
        painter.setPen(Style.theme.colour("quiet"))
        text = _CONTINUED if row.continues else f"{row.line + 1}"
        room = QRectF(0, y, self.gutter - 2 * self._margin, self.line_height)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(Style.theme.colour("text"))

    def _draw_cursor(
        self, painter: QPainter, row: int, shown: Row, layout: QTextLayout, corner: QPointF
    ) -> None:
        if self.selection is not None and self.hasFocus() and self.selection[1][0] == row:
            column = min(self.selection[1][1], len(shown.text))
            layout.drawCursor(painter, corner, units(shown.text, column), 1)

    def _marks(self, row: int, shown: Row) -> list[QTextLayout.FormatRange]:
        """Return what is behind parts of a row: hits, and on top of them the selection."""
        marks = []
        if self.found is not None and self.pages.source is not None:
            for hit, first, last in self.pages.hits_in(row, self.found, self.hit):
                is_current = hit == self.hit
                back, fore = ("accent", "on_accent") if is_current else ("caution_back", "text")
                marks.append(marked(shown.text, first, last, back=back, fore=fore))
        chosen = self.chosen_columns(row, shown)
        if chosen is not None:
            marks.append(marked(shown.text, *chosen, back="accent", fore="on_accent"))
        return marks

    def chosen_columns(self, row: int, shown: Row) -> tuple[int, int] | None:
        """Return the first and last column of a row that are selected, if any."""
        if self.selection is None:
            return None
        first, last = sorted(self.selection)
        if not first[0] <= row <= last[0]:
            return None
        begin = first[1] if row == first[0] else 0
        end = min(last[1], len(shown.text)) if row == last[0] else len(shown.text)
        return (begin, end) if begin < end else None

    def _layout(self, row: int) -> QTextLayout | None:
        if row in self._layouts:
            return self._layouts[row]
        shown = self.pages.row(row)
        if shown is None:
            return None
        layout = QTextLayout(shown.text, self.font())
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        option.setTabStopDistance(_TAB * self._advance)
        option.setWrapMode(
            QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if self.wraps else QTextOption.WrapMode.NoWrap
        )
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.setFormats(formats_of(shown.text, shown.looks))
        room = max(10 * self._advance, self.viewport().width() - self.gutter - self._margin)
        layout.beginLayout()
        number = 0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room if self.wraps else 1e6)
            line.setPosition(QPointF(0, number * self.line_height))
            number += 1
        layout.endLayout()
        if len(self._layouts) >= _KEPT_LAYOUTS:
            self._layouts.clear()
        self._layouts[row] = layout
        return layout

    def _lines_of(self, row: int) -> int:
        layout = self._layout(row) if self.wraps else None
        return max(1, layout.lineCount()) if layout is not None else 1

    def _y_of(self, row: int) -> float | None:
        """Return where a row begins, or None if it is out of sight."""
        if not self.top <= row <= self.last:
            return None
        above = sum(self._lines_of(number) for number in range(self.top, row))
        return (above - self._hidden_lines) * self.line_height

    # Sizes -------------------------------------------------------------------------------------------------

    @property
    def gutter(self) -> float:
        """The width to the left of the text."""
        digits = len(str(max(999, self.pages.index.line_count)))
        return digits * self._advance + 3 * self._margin if self.has_numbers else self._margin

    def _use_font(self) -> None:
        font = mono_font(_SHARE)
        if font != self.font():
            self.setFont(font)
        metrics = QFontMetricsF(font)
        self._margin = spaced(_MARGIN)
        self.line_height = float(round(metrics.height() + 1))
        self._advance = metrics.horizontalAdvance("0")

    def _adjust(self) -> None:
        self._is_adjusting = True
        bar = self.verticalScrollBar()
        # A wrapped text may be moved up until only its last row is left: how many lines it has is not known.
        rows_in_sight = 1 if self.wraps else self.lines_in_sight
        bar.setRange(0, max(0, self.pages.rows - rows_in_sight))
        bar.setPageStep(self.lines_in_sight)
        bar.setSingleStep(1)
        room = self.viewport().width() - self.gutter - self._margin
        side = self.horizontalScrollBar()
        side.setRange(0, 0 if self.wraps else max(0, round(self._widest + 2 * self._advance - room)))
        side.setPageStep(max(1, round(room)))
        side.setSingleStep(round(4 * self._advance))
        self._is_adjusting = False

    def _show_from(self, row: int, hidden: int) -> None:
        self._hidden_lines = hidden if self.wraps else 0
        self._is_adjusting = True
        self.verticalScrollBar().setValue(row)
        self._is_adjusting = False
        self.viewport().update()
        self.scrolled.emit()

    def _on_scrolled(self) -> None:
        if not self._is_adjusting:
            self._hidden_lines = 0
            self.viewport().update()
            self.scrolled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.wraps:
            self._layouts.clear()
        self._adjust()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = QEvent.Type
        if event.type() in (kinds.FontChange, kinds.StyleChange, kinds.PaletteChange):
            self._use_font()
            self.rows_changed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # the size of the text, for whoever is around
            return
        if steps.x() and not steps.y():
            super().wheelEvent(event)
            return
        self._wheel -= steps.y() / 120 * _WHEEL_LINES
        lines = int(self._wheel)
        self._wheel -= lines
        self.scroll_lines(lines)
        event.accept()
