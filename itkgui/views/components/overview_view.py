"""What a component is and what is due: the tests its stage asks for, what to look at, properties, facts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.overview_tables import (
    DUE_COLUMNS,
    FACT_COLUMNS,
    FINDING_COLUMNS,
    PROPERTY_COLUMNS,
    due_summary,
    facts_of,
    findings_summary,
    remark,
)
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.language import _
from itkgui.records.component import Component
from itkgui.records.due_tests import DueAtStage, DueTest
from itkgui.records.finding import Finding
from itkgui.records.test_run import TestRun
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import arrange_by_text, set_role
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.loading_pane import LoadingPane, LoadingWords

_REMARK = 3
_TWO_COLUMNS = 84  # characters; a narrower page has one
_LEAST_LINES = 11  # of text, that a card is high


class OverviewView(QScrollArea):
    """Four cards; Enter or a double click opens the newest run of a test due, or what a finding is about."""

    subject_opened = Signal(object)  # Subject or Corner

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self._runs: Sequence[TestRun] = ()
        self.due = RecordView(RecordTable(DUE_COLUMNS), _("Tests due at this stage"))
        self.due.set_widths(20, 19, 15, 18)
        self.due.stretch(0)
        self.due.record_opened.connect(self._on_due_opened)
        words = LoadingWords(
            _("Loading the tests due…"),
            _("Loading the tests due was stopped."),
            _("The tests due could not be loaded."),
        )
        self.due_pane = LoadingPane(self.due, "check", words, self._load_due)
        self.due_card = Card(_("Due at this stage"), self.due_pane, self.due)
        self.findings = FindingsCard()
        self.findings.view.record_opened.connect(self._on_finding_opened)
        self.properties = TableCard(_("Properties"), PROPERTY_COLUMNS, (18, 12), _("No properties."), "info")
        self.facts = TableCard(_("Also known"), FACT_COLUMNS, (14, 14), _("Nothing else is known."), "info")
        content = QWidget()
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight, content)
        self._cards.setContentsMargins(14, 10, 14, 10)
        self._cards.setSpacing(10)
        self._columns = [QVBoxLayout(), QVBoxLayout()]
        self._pairs: tuple[tuple[Card, Card], ...] = (
            (self.due_card, self.findings),
            (self.properties, self.facts),
        )
        for column, pair, share in zip(self._columns, self._pairs, (3, 2), strict=True):
            column.setSpacing(10)
            for card in pair:
                column.addWidget(card)
            self._cards.addLayout(column, share)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        arrange_by_text(self)

    def show_component(self, component: Component) -> None:
        self._component = component
        self.properties.show_records(component.properties, key=lambda item: item.code)
        self.facts.show_records(facts_of(component), key=lambda fact: (fact.name, fact.text))
        self._share_room()

    def show_runs(self, runs: Sequence[TestRun]) -> None:
        """Judge by these runs what is due and what fits, as soon as somebody looks."""
        self._runs = runs
        self.due_pane.reload()

    def cancel(self) -> None:
        self.due_pane.cancel()

    async def _load_due(self) -> None:
        component = self._component
        if component is None:
            return
        due = await self._context.worker.call(self._context.database.due_at_stage, component, self._runs)
        self._show_due(due)
        await asyncio.sleep(0)  # two tables in one turn of the loop would be felt
        self.findings.show_findings(due.findings)
        self._share_room()

    def _show_due(self, due: DueAtStage) -> None:
        self.due.show_records(due.tests, key=lambda test: test.test_type.code)
        self.due.layout_of_columns.vacate(() if any(map(remark, due.tests)) else (_REMARK,))
        self.due_card.say(due_summary(due))
        if due.tests:
            self.due_pane.show_content()
        elif due.stage:
            self.due_pane.show_nothing(
                _("Nothing is due."),
                shown_text(_("The stage {stage} asks for no tests.").format(stage=due.stage.label)),
            )
        else:
            self.due_pane.show_nothing(_("No stage."), _("Which tests are due is told by the stage."))

    def _share_room(self) -> None:
        """Give each card room for its rows; where there is not enough, the lower of two has it first."""
        margins = self._cards.contentsMargins()
        height = self.viewport().height() - margins.top() - margins.bottom()
        for column, pair in zip(self._columns, self._pairs, strict=True):
            room = height - column.spacing()
            wanted = [card.wanted_height for card in pair]
            low = min(wanted)
            if sum(wanted) > room and self._cards.direction() == QBoxLayout.Direction.LeftToRight:
                low_room = min(low, room // 2)
                lower = wanted.index(low)
                wanted[lower], wanted[1 - lower] = low_room, room - low_room
            for place, pixels in enumerate(wanted):
                column.setStretch(place, max(1, pixels))

    def _arrange(self, width: int) -> None:
        """Put the cards in two columns, or one below the other where there is no room for that."""
        is_narrow = width < self.fontMetrics().averageCharWidth() * _TWO_COLUMNS
        directions = QBoxLayout.Direction
        self._cards.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(event.size().width())
        self._share_room()
        super().resizeEvent(event)

    def _on_due_opened(self, due: DueTest) -> None:
        if due.run is not None:
            self.subject_opened.emit(due.run)
        else:
            said = _("No run of {test_type} on this component yet.")
            self._context.messages.notify(said.format(test_type=due.test_type.label))

    def _on_finding_opened(self, finding: Finding) -> None:
        if finding.subject is not None:
            self.subject_opened.emit(finding.subject)
        else:
            said = _("There is nothing to open.")
            self._context.messages.notify(f"{said} {finding.cure}")


class Card(QFrame):
    """Content with a title above it, and a word on it beside the title; as high as its share of the room."""

    def __init__(self, title: str, content: QWidget, view: RecordView[Any]) -> None:
        super().__init__()
        set_role(self, "card")
        self.view = view
        self._title = title
        self.heading = QLabel(title)
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.heading.setWordWrap(True)
        set_role(self.heading, "heading")
        self.heading.setContentsMargins(12, 0, 12, 0)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 10, 1, 8)
        self._layout.setSpacing(6)
        self._layout.addWidget(self.heading)
        self._layout.addWidget(content, 1)

    def minimumSizeHint(self) -> QSize:
        """Return room for some rows, and more for an error that stands above them."""
        lines = _LEAST_LINES * QFontMetrics(QApplication.font()).lineSpacing()
        return super().minimumSizeHint().expandedTo(QSize(0, lines))

    def hasHeightForWidth(self) -> bool:
        return False  # or sentences in it that could wrap would decide over the room

    @property
    def wanted_height(self) -> int:
        """The pixels that show all rows."""
        view, margins = self.view, self._layout.contentsMargins()
        rows = view.table.rowCount() * view.verticalHeader().defaultSectionSize()
        beside = self.heading.sizeHint().height() + self._layout.spacing() + margins.top() + margins.bottom()
        beside += self.height() - self.contentsRect().height()  # the border
        return max(
            self.minimumSizeHint().height(), beside + view.horizontalHeader().sizeHint().height() + rows
        )

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
        view = RecordView(RecordTable[Any](columns), title)
        view.set_widths(*widths)
        self._stack = QStackedWidget()
        self._stack.addWidget(view)
        self._nothing, self._icon_name = nothing, icon_name
        super().__init__(title, self._stack, view)

    def show_records(self, records: Iterable[Any], key: Any) -> None:
        self.view.show_records(records, key)
        is_empty = not self.view.table.records
        if is_empty and self._stack.count() == 1:
            self._stack.addWidget(EmptyPane(self._icon_name, self._nothing))
        self._stack.setCurrentIndex(1 if is_empty else 0)


class FindingsCard(Card):
    """What does not fit together, and, of the chosen finding, the whole sentence with what to do."""

    def __init__(self) -> None:
        view = RecordView(RecordTable(FINDING_COLUMNS), _("To look at"))
        view.set_widths(12, 40)
        self.empty = EmptyPane("check", _("Not looked at yet."))
        self.cure = QLabel()
        self.cure.setTextFormat(Qt.TextFormat.PlainText)
        self.cure.setWordWrap(True)
        self.cure.setContentsMargins(12, 6, 12, 2)
        self.cure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(view, 1)
        inner.addWidget(self.cure)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        super().__init__(_("To look at"), self._stack, view)
        self.view.record_chosen.connect(self._on_chosen)

    @property
    def wanted_height(self) -> int:
        return super().wanted_height + self.cure.heightForWidth(max(1, self.width() - 2))

    def show_findings(self, findings: Sequence[Finding]) -> None:
        self.view.show_records(findings, key=lambda finding: finding.text)
        self.say(findings_summary(findings))
        if not findings:
            self.empty.say(
                _("Parts, test runs, shipments and files fit together."),
                _("Tests that are missing or have problems stand under “Due at this stage”."),
            )
        elif self.view.chosen is None:
            self.view.choose_row(0)
        self._stack.setCurrentIndex(1 if findings else 0)

    def _on_chosen(self, finding: Finding) -> None:
        sentences = [finding.text, finding.cure]
        if finding.subject is not None:
            sentences.append(_("Enter opens it."))
        self.cure.setText(shown_text(" ".join(sentences)))
