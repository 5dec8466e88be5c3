"""What a component is: its properties, its place in an assembly, its way through the stages, its comments."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.comments import comment_text
from itkgui.item_models.component_table import (
    PROPERTY_COLUMNS,
    RELATIVE_COLUMNS,
    STEP_COLUMNS,
    Relative,
    relatives_of,
)
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.component import Component
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_role


class OverviewView(QWidget):
    """Four cards; a relative is opened with Enter or a double click."""

    component_requested = Signal(str)  # code

    def __init__(self) -> None:
        super().__init__()
        self.properties = _TableCard("Properties", PROPERTY_COLUMNS, (26, 14), "No properties.", "info")
        self.relatives = _TableCard(
            "Assembly", RELATIVE_COLUMNS, (9, 18, 16), "Not part of an assembly.", "component"
        )
        self.steps = _TableCard(
            "Stages so far, newest first", STEP_COLUMNS, (16, 24), "No stage on record.", "clock"
        )
        self.relatives.view.record_opened.connect(self._on_relative_opened)
        self.comments = QPlainTextEdit()
        self.comments.setReadOnly(True)
        self.comments.setAcceptDrops(False)
        self.comments.setAccessibleName("Comments")
        set_role(self.comments, "prose")
        layout = QGridLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(12)
        layout.addWidget(self.properties, 0, 0, 2, 1)
        layout.addWidget(self.relatives, 0, 1)
        layout.addWidget(self.steps, 1, 1)
        layout.addWidget(_card("Comments", self.comments), 0, 2, 2, 1)
        for column, stretch in enumerate((4, 5, 3)):
            layout.setColumnStretch(column, stretch)

    def show_component(self, component: Component) -> None:
        self.properties.show_records(component.properties)
        self.relatives.show_records(relatives_of(component))
        self.steps.show_records(tuple(reversed(component.steps)))
        texts = "\n\n".join(map(comment_text, component.comments))
        self.comments.setPlainText(texts or "No comments yet.")

    def _on_relative_opened(self, relative: Relative) -> None:
        if relative.slot.component is not None:
            self.component_requested.emit(relative.slot.component.code)


class _TableCard(QFrame):
    """A titled table that says so when it is empty."""

    def __init__(
        self,
        title: str,
        columns: tuple[Column[Any], ...],
        widths: tuple[int, ...],
        nothing: str,
        icon_name: str,
    ) -> None:
        super().__init__()
        self._table = RecordTable[Any](columns)
        self.view = RecordView(self._table, title)
        self.view.set_widths(*widths)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._nothing, self._icon_name = nothing, icon_name
        _fill_card(self, title, self._stack)

    def show_records(self, records: Any) -> None:
        self._table.replace(records)
        if not self._table.records and self._stack.count() == 1:
            self._stack.addWidget(EmptyPane(self._icon_name, self._nothing))
        self._stack.setCurrentIndex(0 if self._table.records else 1)


def _card(title: str, content: QWidget) -> QFrame:
    card = QFrame()
    _fill_card(card, title, content)
    return card


def _fill_card(card: QFrame, title: str, content: QWidget) -> None:
    set_role(card, "card")
    heading = QLabel(title)
    set_role(heading, "heading")
    heading.setContentsMargins(12, 0, 12, 0)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(1, 10, 1, 8)
    layout.setSpacing(6)
    layout.addWidget(heading)
    layout.addWidget(content, 1)
