"""The bytes of a file in rows: where, in hexadecimal, as characters; only those in sight are ever read."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu

from itkgui.decoding.hex import BLOCK
from itkgui.item_models.byte_words import characters_of, hex_of
from itkgui.language import _
from itkgui.views.style import Style, mono_font, set_role

_MOST_BLOCKS = 64  # kept
_MOST_STEPS = 2_000_000_000  # that a scroll bar counts
_MARGIN = 8
_FONT = 0.95  # of the text's size
_WIDTHS = (32, 16, 8, 4)  # bytes in a row, as many as fit
_SOON_MS = 20  # after a move, when blocks are asked for


class HexCanvas(QAbstractScrollArea):
    """Paints the blocks it is given and asks for those it lacks; bytes are selected by mouse and keys."""

    blocks_wanted = Signal()
    moved = Signal()  # the cursor or the selection
    copy_wanted = Signal(bool)  # as characters

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        set_role(self, "reader")
        self.setAccessibleName(_("Bytes of the file"))
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._font = mono_font(_FONT)
        self._size = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self.across = 16
        self._unit = 1  # rows that a step of the scroll bar goes
        self._anchor = 0
        self.cursor_at = 0
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.blocks_wanted)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_bytes(self, size: int, first: bytes) -> None:
        """Show another file of a size from its beginning, of which the first block is known."""
        self._size = size
        self._blocks.clear()
        self._blocks[0] = first
        self._anchor = self.cursor_at = 0
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self.moved.emit()

    def add_block(self, number: int, content: bytes) -> None:
        self._blocks[number] = content
        while len(self._blocks) > _MOST_BLOCKS:
            self._blocks.popitem(last=False)
        self.viewport().update()
        self.moved.emit()

    def next_block(self) -> int | None:
        """Return the number of a block that is in sight and lacking."""
        first, last = self._in_sight()
        for number in range(first // BLOCK, last // BLOCK + 1):
            if number not in self._blocks and number * BLOCK < self._size:
                return number
        return None

    @property
    def selected(self) -> range:
        """The places of the bytes that are selected; at least that of the cursor."""
        first, last = sorted((self._anchor, self.cursor_at))
        return range(first, min(last + 1, self._size))

    def known_bytes(self, start: int, count: int) -> bytes:
        """Return bytes as far as their block was read."""
        block = self._blocks.get(start // BLOCK, b"")
        found = block[start % BLOCK : start % BLOCK + count]
        if len(found) < count and len(block) == BLOCK and start + len(found) < self._size and found:
            found += self.known_bytes(start + len(found), count - len(found))
        return found

    def go_to(self, offset: int, count: int = 1) -> None:
        """Select bytes and bring them into sight."""
        self._anchor = min(max(offset, 0), max(self._size - 1, 0))
        self._move(self._anchor + count - 1, keeps_anchor=True)
        self._bring_in(self._anchor)

    def select_all(self) -> None:
        self._anchor, self.cursor_at = 0, max(self._size - 1, 0)
        self.viewport().update()
        self.moved.emit()

    # Places ------------------------------------------------------------------------------------------------

    @property
    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font)

    @property
    def _letter(self) -> float:
        return self._metrics.horizontalAdvance("0" * 64) / 64

    @property
    def _line(self) -> int:
        return self._metrics.height() + 2

    @property
    def _digits(self) -> int:
        return max(6, len(f"{max(self._size - 1, 0):x}"))

    @property
    def _rows(self) -> int:
        return -(-self._size // self.across)

    @property
    def _top_row(self) -> int:
        return self.verticalScrollBar().value() * self._unit

    @property
    def _rows_in_sight(self) -> int:
        return max(1, self.viewport().height() // self._line)

    def _in_sight(self) -> tuple[int, int]:
        first = self._top_row * self.across
        return first, max(first, min(self._size, first + (self._rows_in_sight + 1) * self.across) - 1)

    def _hex_x(self, column: int) -> float:
        """Return where the digits of a column are; there is a gap after each eight."""
        return _MARGIN + self._letter * (self._digits + 2 + 3 * column + column // 8)

    def _text_x(self, column: int) -> float:
        return self._hex_x(self.across - 1) + self._letter * (4 + column)

    def _lay_out(self) -> None:
        first, room = self.cursor_at, self.viewport().width()
        for self.across in _WIDTHS:
            if self._text_x(self.across) + _MARGIN <= room:
                break
        self._unit = 1 + self._rows // _MOST_STEPS
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, -(-(self._rows - self._rows_in_sight) // self._unit)))
        bar.setPageStep(max(1, self._rows_in_sight // self._unit))
        bar.setSingleStep(max(1, 3 // self._unit))
        if first and self.isVisible():
            self._bring_in(first)
        self._on_scrolled()

    def _bring_in(self, offset: int) -> None:
        row = offset // self.across
        if not self._top_row <= row < self._top_row + self._rows_in_sight:
            self.verticalScrollBar().setValue(max(0, row - self._rows_in_sight // 3) // self._unit)

    def _on_scrolled(self) -> None:
        self.viewport().update()
        if not self._soon.isActive():
            self._soon.start()

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Style.theme
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.colour("surface"))
        painter.setFont(self._font)
        selected, ascent = self.selected, self._metrics.ascent() + 1
        for line in range(event.rect().top() // self._line, event.rect().bottom() // self._line + 1):
            start = (self._top_row + line) * self.across
            if start >= self._size:
                break
            count = min(self.across, self._size - start)
            y = line * self._line
            self._mark(painter, selected, start, count, y)
            painter.setPen(theme.colour("quiet"))
            painter.drawText(QPoint(_MARGIN, y + ascent), f"{start:0{self._digits}x}")
            content = self.known_bytes(start, count)
            for column in range(0, len(content), 8):
                part = content[column : column + 8]
                painter.setPen(theme.colour("text"))
                painter.drawText(QPoint(round(self._hex_x(column)), y + ascent), hex_of(part))
            painter.setPen(theme.colour("accent"))
            painter.drawText(QPoint(round(self._text_x(0)), y + ascent), characters_of(content))

    def _mark(self, painter: QPainter, selected: range, start: int, count: int, y: int) -> None:
        first, last = max(selected.start, start) - start, min(selected.stop, start + count) - 1 - start
        if first > last:
            return
        tone = QColor(Style.theme.colour("selection"))
        letter, height = self._letter, self._line
        for left, right in (
            (self._hex_x(first), self._hex_x(last) + 2 * letter),
            (self._text_x(first), self._text_x(last) + letter),
        ):
            painter.fillRect(QRect(round(left) - 1, y, round(right - left) + 2, height), tone)
        if start <= self.cursor_at < start + count and self.hasFocus():
            x = self._hex_x(self.cursor_at - start)
            painter.setPen(Style.theme.colour("accent"))
            painter.drawRect(QRect(round(x) - 1, y, round(2 * letter) + 1, height - 1))

    # Mouse and keys ----------------------------------------------------------------------------------------

    def _move(self, offset: int, *, keeps_anchor: bool) -> None:
        self.cursor_at = min(max(offset, 0), max(self._size - 1, 0))
        if not keeps_anchor:
            self._anchor = self.cursor_at
        self._bring_in(self.cursor_at)
        self.viewport().update()
        self.moved.emit()

    def spot_of(self, offset: int) -> QPoint:
        """Return where the digits of a byte are in the pane."""
        row, column = divmod(offset, self.across)
        x = self._hex_x(column) + self._letter
        return QPoint(round(x), (row - self._top_row) * self._line + self._line // 2)

    def _offset_at(self, point: QPoint) -> int:
        row = self._top_row + point.y() // self._line
        if point.x() >= self._text_x(0) - self._letter:
            column = int((point.x() - self._text_x(0)) // self._letter)
        else:
            column = sum(point.x() >= self._hex_x(n) - self._letter / 2 for n in range(1, self.across))
        return row * self.across + min(max(column, 0), self.across - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move(self._offset_at(event.position().toPoint()), keeps_anchor=extends)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self._offset_at(event.position().toPoint()), keeps_anchor=True)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Copy as hexadecimal"), lambda: self.copy_wanted.emit(False))
        menu.addAction(_("Copy as characters"), lambda: self.copy_wanted.emit(True))
        menu.addAction(_("Select all"), self.select_all)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = self._rows_in_sight * self.across
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        at = self.cursor_at
        targets = {
            Qt.Key.Key_Left: at - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_Up: at - self.across,
            Qt.Key.Key_Down: at + self.across,
            Qt.Key.Key_PageUp: at - page,
            Qt.Key.Key_PageDown: at + page,
            Qt.Key.Key_Home: 0 if control else at - at % self.across,
            Qt.Key.Key_End: self._size - 1 if control else at - at % self.across + self.across - 1,
        }
        target = targets.get(Qt.Key(event.key()))
        if target is None:
            event.ignore()
            return
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if 0 <= target < self._size or event.key() not in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(target, keeps_anchor=extends)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # the text has another size
            self._font = mono_font(_FONT)
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
