"""The results of a run: each value against its limits as a small bar, arrays as a small curve."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication, QKeySequence, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionViewItem

from itkgui.item_models.record_table import RecordTable
from itkgui.item_models.result_table import JUDGED, LIMITS, ResultRow
from itkgui.records.limits import Judgement
from itkgui.records.test_run import ValueKind
from itkgui.views.record_delegate import ICON_SIDE, PADDING, RecordDelegate
from itkgui.views.record_view import RecordView
from itkgui.views.style import Style

_LEAST_SPARK = 40  # pixels
_MARGIN = 0.25  # of a bar, on each side of the limits


class ResultDelegate(RecordDelegate):
    """Paints, beside the word, where a value stands between its limits, or how an array goes."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if index.column() != JUDGED:
            return
        style: Any = option  # the stubs leave the option's fields out
        row: ResultRow = self._table.record(index)
        cell: QRect = style.rect
        text = index.data() or ""
        used = QFontMetrics(style.font).horizontalAdvance(text) + ICON_SIDE + PADDING if text else 0
        room = QRectF(cell.adjusted(2 * PADDING + used, 6, -PADDING, -7))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.spark and room.width() >= _LEAST_SPARK:
            _paint_spark(painter, room, row)
        elif row.limits and row.measured.number is not None:
            _paint_bar(painter, QRectF(cell.adjusted(PADDING, 0, -PADDING, 0)), row)
        painter.restore()


def _paint_bar(painter: QPainter, room: QRectF, row: ResultRow) -> None:
    """Paint below the word the room between the limits, and the value as a mark in it or beside it."""
    theme, limits, value = Style.theme, row.limits, row.measured.number
    if value is None:
        return
    low, high = limits.low, limits.high
    tone = "good" if row.judgement is Judgement.WITHIN else "bad"
    middle = room.bottom() - 5
    groove = QRectF(room.left(), middle - 1.5, room.width(), 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    painter.drawRoundedRect(groove, 1.5, 1.5)
    left = room.left() + (_MARGIN * room.width() if low is not None else 0)
    right = room.right() - (_MARGIN * room.width() if high is not None else 0)
    painter.setBrush(theme.colour("quiet"))
    painter.drawRoundedRect(QRectF(left, middle - 1.5, right - left, 3), 1.5, 1.5)
    if low is not None and high is not None:
        size = (high - low) or max(abs(low), 1e-300)
        at = left + (value - low) / size * (right - left)
    elif low is not None:  # as many times the limit as fit
        at = left + (value - low) / (abs(low) or abs(value) or 1.0) * (right - left) / 2
    elif high is not None:
        at = right - (high - value) / (abs(high) or abs(value) or 1.0) * (right - left) / 2
    else:
        return
    at = min(max(at, room.left() + 2), room.right() - 2)
    painter.setBrush(theme.colour(tone if row.judgement is not Judgement.NOT_JUDGED else "quiet"))
    painter.drawRoundedRect(QRectF(at - 2, middle - 4, 4, 8), 2, 2)


def _paint_spark(painter: QPainter, room: QRectF, row: ResultRow) -> None:
    count = len(row.spark) - 1
    points = [
        QPointF(room.left() + room.width() * n / count, room.bottom() - room.height() * value)
        for n, value in enumerate(row.spark)
    ]
    painter.setPen(Style.theme.colour("accent"))
    painter.drawPolyline(QPolygonF(points))


class ResultView(RecordView[ResultRow]):
    """Enter opens what a line only sums up, Ctrl+T asks for the trend, Ctrl+Shift+C copies the value."""

    delegate_type = ResultDelegate

    trend_requested = Signal(object)  # ResultRow
    column_requested = Signal(object)  # ResultRow

    def __init__(self, table: RecordTable[ResultRow], name: str, *, trends: bool = False) -> None:
        super().__init__(table, name)
        self._has_trends = trends
        self.set_widths(16, 15, 5, 14, 21)
        self.stretch(0)
        self.hideColumn(LIMITS)  # the next column names them
        self.open_action = self._action("Open", "", self.record_opened.emit)
        self.trend_action = self._action("Trend over all runs", "Ctrl+T", self.trend_requested.emit)
        self.column_action = self._action("Show as a column of the runs", "", self.column_requested.emit)
        self.column_action.setVisible(trends)
        self.copy_action = self._action("Copy the value", "Ctrl+Shift+C", _copy)
        self.record_chosen.connect(self._allow)
        table.modelReset.connect(self._allow)
        self._allow()

    def _action(self, text: str, keys: str, act: Callable[[ResultRow], object]) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: act(self.chosen) if self.chosen is not None else None)
        self.addAction(action)
        return action

    def _allow(self) -> None:
        row = self.chosen
        self.open_action.setEnabled(row is not None and row.can_open)
        self.trend_action.setEnabled(self._has_trends and row is not None and has_trend(row))
        self.column_action.setEnabled(row is not None and row.measured.kind is ValueKind.NUMBER)
        self.copy_action.setEnabled(row is not None)


def has_trend(row: ResultRow) -> bool:
    """Tell whether a result can be followed over many runs: a number is, and an object may hold some."""
    return row.measured.kind in (ValueKind.NUMBER, ValueKind.OBJECT)


def _copy(row: ResultRow) -> None:
    value = row.measured.value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    QGuiApplication.clipboard().setText(text)
