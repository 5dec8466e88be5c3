"""What a component is and what is due: the tests its stage asks for, parts elsewhere, properties, facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.overview_tables import (
    DUE_COLUMNS,
    FACT_COLUMNS,
    OUT_OF_STEP_COLUMNS,
    PROPERTY_COLUMNS,
    due_summary,
    facts_of,
    remark,
)
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.due_tests import DueAtStage, DueTest
from itkgui.records.test_run import TestRun
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.loading_pane import LoadingPane
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_role
from itkgui.views.view_context import ViewContext

_REMARK = 3
_TWO_COLUMNS = 110  # characters; a narrower page has one
_LEAST_LINES = 13  # of text, that a card is high


class OverviewView(QScrollArea):
    """Four cards; Enter or a double click opens the newest run of a test that is due, or a part."""

    component_requested = Signal(str)  # code
    run_requested = Signal(str)  # id

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self._runs: Sequence[TestRun] = ()
        self.due = RecordView(RecordTable(DUE_COLUMNS), "Tests due at this stage")
        self.due.set_widths(20, 21, 16, 18)
        self.due.stretch(0)
        self.due.record_opened.connect(self._on_due_opened)
        self.due_pane = LoadingPane(self.due, "check", "the tests due", self._load_due)
        self._due_card = Card("Due at this stage", self.due_pane)
        self.elsewhere = RecordView(RecordTable(OUT_OF_STEP_COLUMNS), "Parts at another stage")
        self.elsewhere.set_widths(18, 24, 20)
        self.elsewhere.record_opened.connect(lambda part: self.component_requested.emit(part.key))
        self._elsewhere_card = Card("Parts in it at another stage", self.elsewhere)
        self._elsewhere_card.hide()
        self.properties = TableCard("Properties", PROPERTY_COLUMNS, (28, 14), "No properties.", "info")
        self.facts = TableCard("Also known", FACT_COLUMNS, (20, 20), "Nothing else is known.", "info")
        content = QWidget()
        self._cards = _Cards(content)
        self._cards.setContentsMargins(14, 12, 14, 12)
        self._cards.setSpacing(12)
        self._is_narrow = False
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._arrange()

    def show_component(self, component: Component) -> None:
        self._component = component
        self.properties.show_records(component.properties, key=lambda item: item.code)
        self.facts.show_records(facts_of(component), key=lambda fact: (fact.name, fact.text))

    def show_runs(self, runs: Sequence[TestRun]) -> None:
        """Judge by these runs what is due, as soon as somebody looks."""
        self._runs = runs
        self.due_pane.reload()

    def cancel(self) -> None:
        self.due_pane.cancel()

    async def _load_due(self) -> None:
        component = self._component
        if component is None:
            return
        if not component.stage:
            self._show_elsewhere(())
            self._due_card.say("")
            self.due_pane.show_nothing("No stage.", "Which tests are due is told by the stage.")
            return
        due = await self._context.worker.call(self._context.database.due_at_stage, component, self._runs)
        self._show_due(due)

    def _show_due(self, due: DueAtStage) -> None:
        self.due.show_records(due.tests, key=lambda test: test.test_type.code)
        self.due.setColumnHidden(_REMARK, not any(map(remark, due.tests)))
        self.due.layout_of_columns.fit()
        self._due_card.say(due_summary(due))
        if due.tests:
            self.due_pane.show_content()
        else:
            self.due_pane.show_nothing(
                "Nothing is due.", shown_text(f"The stage {due.stage.label} asks for no tests.")
            )
        self._show_elsewhere(due.out_of_step)

    def _show_elsewhere(self, parts: Sequence[ComponentSummary]) -> None:
        self.elsewhere.show_records(parts, key=lambda part: part.key)
        self._elsewhere_card.say(str(len(parts)))
        self._elsewhere_card.setVisible(bool(parts))
        self._arrange()

    def _arrange(self) -> None:
        """Put the cards in two columns, or one below the other where there is no room for that."""
        cards = self._cards
        if self._is_narrow:
            for row, card in enumerate((self._due_card, self._elsewhere_card, self.properties, self.facts)):
                cards.addWidget(card, row, 0, 1, 2)
        else:
            rows = 1 if self._elsewhere_card.isVisibleTo(self) else 2
            cards.addWidget(self._due_card, 0, 0, rows, 1)
            cards.addWidget(self._elsewhere_card, 1, 0)
            cards.addWidget(self.properties, 0, 1)
            cards.addWidget(self.facts, 1, 1)
        for column, share in enumerate((7, 5)):
            cards.setColumnStretch(column, share)
        for row, share in enumerate((3, 2, 0, 0)):
            cards.setRowStretch(row, 1 if self._is_narrow else share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_narrow = event.size().width() < self.fontMetrics().averageCharWidth() * _TWO_COLUMNS
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            self._arrange()
        super().resizeEvent(event)

    def _on_due_opened(self, due: DueTest) -> None:
        if due.run is not None:
            self.run_requested.emit(due.run.id)
        else:
            self._context.messages.notify(f"No run of {due.test_type.label} on this component yet.")


class _Cards(QGridLayout):
    """As high as its place: the sentences in cards that could wrap must not make the page scroll."""

    def hasHeightForWidth(self) -> bool:
        return False


class Card(QFrame):
    """Content with a title above it, and a word on it beside the title."""

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        set_role(self, "card")
        self._title = title
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * _LEAST_LINES)
        self.heading = QLabel(title)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        set_role(self.heading, "heading")
        self.heading.setContentsMargins(12, 0, 12, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 10, 1, 8)
        layout.setSpacing(6)
        layout.addWidget(self.heading)
        layout.addWidget(content, 1)

    def say(self, words: str) -> None:
        self.heading.setText(f"{self._title}: {words}" if words else self._title)


class TableCard(Card):
    """A titled table that says so when it is empty."""

    def __init__(
        self,
        title: str,
        columns: tuple[Column[Any], ...],
        widths: tuple[int, ...],
        nothing: str,
        icon_name: str,
    ) -> None:
        self.view = RecordView(RecordTable[Any](columns), title)
        self.view.set_widths(*widths)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._nothing, self._icon_name = nothing, icon_name
        super().__init__(title, self._stack)

    def show_records(self, records: Iterable[Any], key: Any) -> None:
        self.view.show_records(records, key)
        is_empty = not self.view.table.records
        if is_empty and self._stack.count() == 1:
            self._stack.addWidget(EmptyPane(self._icon_name, self._nothing))
        self._stack.setCurrentIndex(1 if is_empty else 0)
