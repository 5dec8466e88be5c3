"""The table of test runs: headings that open and close, runs set in below them, deleted ones struck out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.run_quantity import RunQuantity
from itkgui.item_models.run_rows import RunGroups, RunRow
from itkgui.item_models.table_export import Extract
from itkgui.item_models.test_run_table import (
    COMPONENT,
    NUMBER,
    QUANTITIES,
    STAGE,
    STANDING,
    TEST_TYPE,
    VERDICT,
    TestRunTable,
)
from itkgui.language import _
from itkgui.records.run_history import Standing
from itkgui.records.test_run import TestRun
from itkgui.views.style import Style, scaled
from itkgui.views.tables.record_delegate import RecordDelegate
from itkgui.views.tables.record_view import RecordView
from itkgui.views.test_runs.run_columns import RunColumnLayout

_SET_IN = 22  # pixels: the arrow of a heading, and the runs below it
_ARROW = 4.0
_Keys = Qt.Key


class RunDelegate(RecordDelegate):
    """Paints headings with an arrow on a ground of their own, and strikes deleted runs out."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option  # the stubs leave the option's fields out
        table: Any = self._table
        row: RunRow = table.record(index)
        if row.is_heading:
            self._paint_heading(painter, option, index)
            return
        whole = QRect(style.rect)
        if index.column() == TEST_TYPE and table.is_grouped:
            ground = "selection" if style.state & QStyle.StateFlag.State_Selected else "surface"
            painter.fillRect(whole, Style.theme.colour(ground))
            painter.fillRect(whole.left(), whole.bottom(), _SET_IN, 1, Style.theme.colour("sunken"))
            style.rect = whole.adjusted(_SET_IN, 0, 0, 0)
        super().paint(painter, option, index)
        if row.standing is Standing.DELETED and index.column() == TEST_TYPE:
            self._strike(painter, style.rect, index)
        style.rect = whole

    def _paint_heading(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a cell of a heading; its name runs on into the cells of the component and the stage."""
        style: Any = option
        table: Any = self._table
        view: Any = self.parent()
        cell = QRect(style.rect)
        is_selected = style.state & QStyle.StateFlag.State_Selected
        painter.fillRect(cell, Style.theme.colour("selection" if is_selected else "window"))
        name = table.index(index.row(), TEST_TYPE)
        columns = _joined_columns(view.layout_of_columns.shown)
        if index.column() not in columns:
            super().paint(painter, option, index)
            return
        joined = QRect(view.visualRect(name))
        for column in columns:
            joined = joined.united(view.visualRect(table.index(index.row(), column)))
        painter.save()
        painter.setClipRect(cell)
        style.rect = joined.adjusted(_SET_IN, 0, 0, 0)
        style.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, name)
        style.rect = cell
        painter.fillRect(cell.left(), cell.bottom(), cell.width(), 1, Style.theme.colour("sunken"))
        if index.column() == TEST_TYPE:
            self._paint_arrow(painter, cell, is_open=table.is_open(table.record(index).group))
        painter.restore()

    def _paint_arrow(self, painter: QPainter, cell: QRect, *, is_open: bool) -> None:
        a = scaled(_ARROW)
        x, y = cell.left() + self.padding + a, cell.top() + cell.height() / 2
        points = (
            [(x - a, y - a / 2), (x + a, y - a / 2), (x, y + a / 1.5)]
            if is_open
            else [(x - a / 2, y - a), (x - a / 2, y + a), (x + a / 1.5, y)]
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Style.theme.colour("quiet"))
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
        painter.restore()

    def _strike(self, painter: QPainter, cell: QRect, index: QModelIndex | QPersistentModelIndex) -> None:
        text = shown_text(index.data() or "")
        left, middle = cell.left() + 2 * self.padding + self.icon_side - 2, cell.center().y()
        width = min(QFontMetrics(painter.font()).horizontalAdvance(text), cell.right() - self.padding - left)
        painter.setPen(Style.theme.colour("quiet"))
        painter.drawLine(left, middle, left + width, middle)


def _joined_columns(shown: list[int]) -> list[int]:
    """Return the column of the names, and those right beside it that a heading has no need of."""
    if TEST_TYPE not in shown:
        return []
    place = shown.index(TEST_TYPE)
    beside = itertools.takewhile((COMPONENT, STAGE).__contains__, shown[place + 1 :])
    return [TEST_TYPE, *beside]


class RunTableView(RecordView[RunRow]):
    """Left and Right close and open a group, Space turns it; so does a click on its arrow.

    ``run_picked`` tells that somebody chose a run, be it the current one, by a click or a key.
    """

    delegate_type = RunDelegate
    layout_type = RunColumnLayout
    layout_of_columns: RunColumnLayout

    run_opened = Signal()
    run_picked = Signal()
    trend_requested = Signal(object, str)  # TestRun of the type in question, code of the result

    def __init__(self, table: TestRunTable) -> None:
        self.runs_table = table
        super().__init__(table, _("Test runs"), several=True)
        self.record_opened.connect(self._on_opened)
        for column in QUANTITIES:
            self.hideColumn(column)
        self.horizontalHeader().sectionClicked.connect(self._on_title_clicked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.layout_of_columns.vacate_unused()
        super().resizeEvent(event)

    def show_groups(self, runs: Sequence[TestRun], groups: RunGroups) -> None:
        """Show runs as ``run_groups`` has arranged them, keeping what is chosen and open."""
        self.runs_table.set_groups(runs, groups)
        self.show_records(groups.rows, key=lambda row: row.key)
        self.layout_of_columns.vacate_unused()

    def choose_row(self, row: int) -> None:
        """Make a row the current one and bring it into sight, and if there is room the heading above it."""
        heading = next((above for above in range(row, -1, -1) if self._is_heading(above)), row)
        self.scrollTo(self.table.index(heading, 0))
        super().choose_row(row)

    def _is_heading(self, row: int) -> bool:
        return any(found.is_heading for found in self.table.shown_between(row, row + 1))

    def show_quantity(self, quantity: RunQuantity) -> None:
        """Show a number of the results of each run; a click on its title asks for its trend."""
        layout, header = self.layout_of_columns, self.horizontalHeader()
        column = layout.show_quantity(quantity)
        if header.visualIndex(column) >= header.count() - len(QUANTITIES):  # where nobody would see it
            header.moveSection(header.visualIndex(column), header.visualIndex(VERDICT))
        layout.show_column(column, True)

    def extract(self, *, only_chosen: bool = False, all_columns: bool = False) -> Extract:
        """Return the runs without the headings; what the name of a run tells stands in columns of its own."""
        found = super().extract(only_chosen=only_chosen, all_columns=all_columns)
        columns = list(found.columns)
        name, *telling = (self.table.columns[column] for column in (TEST_TYPE, NUMBER, STANDING))
        if name in columns:
            place = columns.index(name) + 1
            columns[place:place] = [column for column in telling if column not in columns]
        return Extract(columns, self.runs_table.runs_among(found.records))

    def _on_title_clicked(self, column: int) -> None:
        quantity = self.runs_table.quantity_in(column)
        if quantity is None:
            return
        shown = (self.chosen.run,) if self.chosen is not None and self.chosen.run is not None else ()
        runs: tuple[TestRun, ...] = (*shown, *self.runs_table.runs)
        run = next((run for run in runs if run.test_type.code == quantity.test_type), None)
        if run is not None:
            self.trend_requested.emit(run, quantity.code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex().row()
        self._take_key(event)
        if self.currentIndex().row() != before:
            self._tell_picked()

    def _tell_picked(self) -> None:
        if self.chosen is not None and not self.chosen.is_heading:
            self.run_picked.emit()

    def _take_key(self, event: QKeyEvent) -> None:
        row, key = self.chosen, event.key()
        if (
            row is None
            or not self.runs_table.is_grouped
            or event.modifiers() != Qt.KeyboardModifier.NoModifier
        ):
            super().keyPressEvent(event)
        elif key == _Keys.Key_Left and not row.is_heading:
            self.choose_row(
                self.runs_table.row_where(lambda other: other.is_heading and other.group == row.group)
            )
        elif row.is_heading and key in (_Keys.Key_Left, _Keys.Key_Right):
            self.runs_table.set_open(row.group, key == _Keys.Key_Right)
        elif row.is_heading and key == _Keys.Key_Space:
            self._turn(row)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == TEST_TYPE and self.runs_table.record(index).is_heading:
            from_left = event.position().x() - self.visualRect(index).left()
            if event.button() is Qt.MouseButton.LeftButton and from_left < _SET_IN:
                self._turn(self.runs_table.record(index))
        if index.isValid() and index.row() == self.currentIndex().row():
            self._tell_picked()

    def _on_opened(self, row: RunRow) -> None:
        if row.is_heading:
            self._turn(row)
        else:
            self._tell_picked()
            self.run_opened.emit()

    def _turn(self, row: RunRow) -> None:
        self.runs_table.set_open(row.group, not self.runs_table.is_open(row.group))
