"""What stands above a test run: what it is, how it ended, when, where, by whom, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.item_models.test_run_table import plural, verdict_tone
from itkgui.records.component import ComponentSummary
from itkgui.records.run_history import Standing
from itkgui.records.test_run import TestRun
from itkgui.views.pinned_runs import PinnedRuns
from itkgui.views.style import set_icon, set_role

_MOST_NAMED = 4  # unreadable fields
_PIN = "Pin for comparison (Ctrl+P)"


class RunHead(QWidget):
    """Also has the buttons that go back to the run before, and that pin this one."""

    back_requested = Signal()
    pin_requested = Signal()

    def __init__(self, pinned: PinnedRuns) -> None:
        super().__init__()
        self._pinned = pinned
        self._run: TestRun | None = None
        self.title, self.verdict, self.facts, self.warning = (QLabel() for _ in range(4))
        for label in (self.title, self.verdict, self.facts, self.warning):
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.title, self.facts, self.warning):
            label.setWordWrap(True)
        set_role(self.title, "heading")
        set_role(self.facts, "quiet")
        set_role(self.warning, "pill-caution")
        self.back_button, self.pin_button, self.unpin_button = QToolButton(), QToolButton(), QToolButton()
        for button, icon_name, text, signal in (
            (self.back_button, "back", "Back to the run before (Alt+Up)", self.back_requested),
            (self.pin_button, "pin", _PIN, self.pin_requested),
            (self.unpin_button, "close", "Unpin all", None),
        ):
            set_icon(button, icon_name, size=18)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(signal or pinned.clear)
        self.pin_button.setCheckable(True)
        self.pin_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        pinned.changed.connect(self._show_pins)
        first = QHBoxLayout()
        first.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.title, 1)
        for widget in (self.verdict, self.pin_button, self.unpin_button):
            first.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(14, 8, 10, 6)
        lines.setSpacing(4)
        lines.addLayout(first)
        lines.addWidget(self.facts)
        lines.addWidget(self.warning)

    def show_run(
        self, run: TestRun, standing: Standing | None, among: Sequence[TestRun], *, can_go_back: bool
    ) -> None:
        """Show a run; its part is named if the runs ``among`` which it stands are not all of one."""
        self._run = run
        self.back_button.setVisible(can_go_back)
        self.title.setText(shown_text(run.test_type.label))
        self.title.setToolTip(plain_hint(run.test_type.code))
        self.verdict.setText(run.verdict_text)
        tone = verdict_tone(run)
        set_role(self.verdict, "pill" if tone == "quiet" else f"pill-{tone}")
        facts = (
            local_text(run.date),
            run.stage.label,
            run.institution.label,
            run.user.name,
            f"run {run.run_number}" if run.run_number else "",
            "superseded by a newer run" if standing is Standing.SUPERSEDED else "",
            _whose(run.component, among),
        )
        self.facts.setText("  ·  ".join(shown_text(fact) for fact in facts if fact))
        self.facts.setToolTip(utc_hint(run.date))
        named = ", ".join(map(shown_text, run.unreadable[:_MOST_NAMED]))
        more = len(run.unreadable) - _MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        self.warning.setText(f"Not as it should be, see the raw JSON: {named}{rest}")
        self.warning.setVisible(bool(run.unreadable))
        self._show_pins()

    def _show_pins(self) -> None:
        count = len(self._pinned.runs)
        self.pin_button.setChecked(self._run is not None and self._pinned.has(self._run))
        self.pin_button.setText(str(count) if count else "")
        self.pin_button.setToolTip(f"{plural(count, 'run')} pinned. {_PIN}" if count else _PIN)
        self.unpin_button.setVisible(count > 0)


def _whose(component: ComponentSummary, among: Sequence[TestRun]) -> str:
    if all(run.component.key == component.key for run in among):
        return ""
    return f"{component.component_type.label} {component.label}".strip()
