"""Paints the cells of every table of records, with the icon, tone and typeface that their column asks for."""

from __future__ import annotations

import functools
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent, QPainter, QStaticText, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.views.style import Style, icon, mono_font, scaled, spaced, text_font

_ICON_SIDE = 18  # pixels at 100 %, as are the next two
_PADDING = 9  # beside the text, as the style sheet gives the headers
_BESIDE = 16  # of a row that hold no text
_FOCUS = QStyle.StateFlag.State_HasFocus


class RecordDelegate(QStyledItemDelegate):
    """Paints a cell without a style.

    Qt's own way asks the model nine questions a cell and tries every rule of the style sheet, which takes
    four times as long.
    """

    def __init__(self, table: RecordTable[Any], parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._table = table
        self.fit(parent.font().pointSizeF())

    def fit(self, size: float) -> None:
        """Use a size of text, in points."""
        fonts = (text_font(), text_font(weight=QFont.Weight.Medium), mono_font())
        for font in fonts:
            font.setPointSizeF(size)
        self._plain, self._toned, self._mono = ((font, font.toString()) for font in fonts)
        self.icon_side, self.padding, self.beside = scaled(_ICON_SIDE), spaced(_PADDING), spaced(_BESIDE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option  # the stubs leave the option's fields out
        record, column = self._table.record(index), self._table.columns[index.column()]
        theme = Style.theme
        rect: QRect = style.rect
        if style.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.colour("sunken"))
        if style.state & _FOCUS:  # which of several chosen rows, and which column, the keys go on from
            painter.setPen(theme.colour("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -2))
        padding, side = self.padding, self.icon_side
        room = rect.adjusted(padding, 0, -padding, -1)
        tone = column.tone(record) if column.tone else ""
        if column.icon is not None and (name := column.icon(record)):
            box = QRect(room.left(), room.center().y() - side // 2, side, side)
            self._paint_icon(painter, box, record, name, tone)
            room.setLeft(box.right() + padding - 2)
        font, font_name = self._font(column, tone)
        text = _laid_out(shown_text(column.text(record)), font_name, room.width(), column.elide_middle)
        left = room.right() - text.size().width() if column.align_right else room.left()
        top = room.top() + (room.height() - text.size().height()) / 2
        painter.setFont(font)
        painter.setPen(theme.colour(tone or "text"))
        painter.drawStaticText(QPointF(left, top), text)

    def _paint_icon(self, painter: QPainter, box: QRect, _record: Any, name: str, tone: str) -> None:
        icon(name, tone or "quiet", _ICON_SIDE).paint(painter, box)

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        record, column = self._table.record(index), self._table.columns[index.column()]
        metrics = QFontMetricsF(self._font(column, column.tone(record) if column.tone else "")[0])
        width = metrics.horizontalAdvance(shown_text(column.text(record))) + 2 * self.padding + 2
        if column.icon is not None:
            width += self.icon_side + self.padding
        return QSize(int(width), int(metrics.height()) + self.beside)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show the column's hint; where it has none, a text that the cell has no room for."""
        if (
            event.type() == QEvent.Type.ToolTip
            and index.isValid()
            and not index.data(Qt.ItemDataRole.ToolTipRole)
        ):
            is_cut = self.sizeHint(option, index).width() > view.visualRect(index).width()
            text = self._table.columns[index.column()].text(self._table.record(index))
            QToolTip.showText(event.globalPos(), plain_hint(text) if is_cut else "", view)
            return True
        return super().helpEvent(event, view, option, index)

    def _font(self, column: Column[Any], tone: str) -> tuple[QFont, str]:
        return self._mono if column.monospace else self._toned if tone else self._plain


@functools.lru_cache(maxsize=4096)
def _laid_out(text: str, font_name: str, width: int, in_middle: bool) -> QStaticText:
    """Return a text cut to a width in pixels and laid out, which is most of the work of a cell."""
    font = QFont()
    font.fromString(font_name)
    mode = Qt.TextElideMode.ElideMiddle if in_middle else Qt.TextElideMode.ElideRight
    made = QStaticText(QFontMetricsF(font).elidedText(text, mode, width))
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextOption(_LEFT_TO_RIGHT)
    made.prepare(font=font)
    return made


_LEFT_TO_RIGHT = QTextOption()
_LEFT_TO_RIGHT.setTextDirection(
    Qt.LayoutDirection.LeftToRight
)  # else a first Hebrew letter would turn the cell
