"""The results of a run: each value against its limits as a small bar, arrays as a small curve."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionViewItem

from itkgui.item_models.record_table import RecordTable
from itkgui.item_models.result_table import JUDGED, LIMITS, UNIT, VALUE, ResultRow
from itkgui.records.limits import Judgement
from itkgui.records.test_run import ValueKind
from itkgui.views.commands import HERE, Offer, offer
from itkgui.views.style import Style
from itkgui.views.tables.record_delegate import RecordDelegate
from itkgui.views.tables.record_view import RecordView

_LEAST_PICTURE = 34  # pixels
_SPARK = 7.0  # digits
_MOST_LOOKED_AT = 100  # rows, for the widths
_NAME_WIDTH, _JUDGED_WIDTH = 14.0, 12.0
# Digits: the least and the most that a column takes by itself.
_WIDTHS = {VALUE: (8.0, 40.0), UNIT: (4.5, 9.0), LIMITS: (6.5, 16.0)}
_VALUE_SHARE = 0.24  # of the table, at most
_MARGIN = 0.25  # of a bar, on each side of the limits


class ResultDelegate(RecordDelegate):
    """Paints below the word where a value stands between its limits, and beside a value how an array goes."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        row: ResultRow = self._table.record(index)
        style: Any = option  # the stubs leave the option's fields out
        cell = QRectF(style.rect).adjusted(self.padding, 0, -self.padding, 0)
        if index.column() == VALUE and row.spark:
            text = QFontMetrics(style.font).horizontalAdvance(row.text)
            cell.adjust(text + self.padding, 8, 0, -9)
            paint = _paint_spark
        elif index.column() == JUDGED and row.limits and row.measured.number is not None:
            paint = _paint_bar
        else:
            return
        if cell.width() >= _LEAST_PICTURE:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint(painter, cell, row)
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
        self.set_widths(_NAME_WIDTH, *(least for least, _ in _WIDTHS.values()), _JUDGED_WIDTH)
        self.stretch(0)
        self.open_action = self._offer("open-value", self.record_opened.emit)
        self.trend_action = self._offer("trend", self.trend_requested.emit)
        self.column_action = self._offer("value-column", self.column_requested.emit)
        self.column_action.setVisible(trends)
        self.copy_action = self._offer("copy-value", _copy)
        self.record_chosen.connect(self._allow)
        table.modelReset.connect(self._allow)
        self._allow()

    def show_records(self, records: Iterable[ResultRow], key: Callable[[ResultRow], object]) -> None:
        rows = tuple(records)
        super().show_records(rows, key)
        if rows:  # else nobody knows yet
            self.layout_of_columns.vacate(() if any(row.limits for row in rows) else (LIMITS, JUDGED))
            self._fit(rows[:_MOST_LOOKED_AT])

    def _fit(self, rows: Sequence[ResultRow]) -> None:
        """Give the columns of short texts what these need, and so the names all the rest."""
        measure = self.fontMetrics().horizontalAdvance
        widths = []
        for column, (least, most) in _WIDTHS.items():
            text = self.table.columns[column].text
            longest = max(measure(text(row)[:100]) for row in rows) / measure("0") + 1
            if column == VALUE and any(row.spark for row in rows):
                longest += _SPARK
            if column == VALUE:
                most = min(most, self.viewport().width() * _VALUE_SHARE / measure("0"))
            widths.append(max(min(longest, most), least))
        self.set_widths(_NAME_WIDTH, *widths, _JUDGED_WIDTH)

    def _offer(self, name: str, act: Callable[[ResultRow], object]) -> Offer:
        def run() -> None:
            if self.chosen is not None:
                act(self.chosen)

        return offer(self, name, run, context=HERE)

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
