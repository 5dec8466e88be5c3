"""What stands above a test run: what it is, how it ended, when, where, by whom, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from itkgui.item_models.moments import local_text, utc_hint
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.item_models.test_run_table import STANDING_ICONS, verdict_icon, verdict_tone
from itkgui.language import N_, _, ngettext
from itkgui.records.component import ComponentSummary
from itkgui.records.run_history import Standing
from itkgui.records.test_run import TestRun
from itkgui.views.context.pinned_runs import PinnedRuns
from itkgui.views.style import arrange_by_text, set_icon, set_role

_MOST_NAMED = 4  # unreadable fields
_ONE_LINE = 80  # letters, as wide as all facts are beside the title
_BESIDE_TITLE, _INDENT = 2, 10
_KEPT_WHOLE = 40  # letters of a fact that stay in one line
_STANDINGS = {
    Standing.SUPERSEDED: N_("Superseded: a newer run at this stage counts."),
    Standing.DELETED: N_("Deleted: this run does not count."),
}


class RunHead(QWidget):
    """Also has the buttons that go back to the run before, pin this one, and give it the whole page."""

    back_requested = Signal()
    pin_requested = Signal()
    reveal_requested = Signal()  # of a run that the filter hides

    def __init__(self, pinned: PinnedRuns) -> None:
        super().__init__()
        self._pinned = pinned
        self._run: TestRun | None = None
        self._is_wide = False
        labels = self.title, self.verdict, self.facts, self.standing, self.hidden, self.warning = (
            QLabel(),
            QLabel(),
            QLabel(),
            QLabel(),
            QLabel(_("Hidden by the filter.")),
            QLabel(),
        )
        for label in labels:
            label.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.title, self.facts, self.standing, self.warning):
            label.setWordWrap(True)
        set_role(self.title, "heading")
        for label in (self.facts, self.standing, self.hidden):
            set_role(label, "quiet")
        set_role(self.warning, "pill-caution")
        self.verdict_icon, self._standing_icon, hidden_icon = QLabel(), QLabel(), QLabel()
        set_icon(hidden_icon, "eye-off", "quiet", 16)
        self.back_button, self.pin_button, self.enlarge_button = QToolButton(), QToolButton(), QToolButton()
        set_icon(self.enlarge_button, "enlarge", size=18)
        for button, icon_name, text, signal in (
            (self.back_button, "back", _("Back to the run before (Alt+Up)"), self.back_requested),
            (self.pin_button, "pin", _("Pin for comparison (Ctrl+P)"), self.pin_requested),
        ):
            set_icon(button, icon_name, size=18)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(signal)
        self.pin_button.setCheckable(True)
        pinned.changed.connect(self._show_pin)
        self.reveal_button = QPushButton(_("Show it"))
        self.reveal_button.setToolTip(_("Take the filter off"))
        set_role(self.reveal_button, "link")
        self.reveal_button.clicked.connect(self.reveal_requested)
        first, self._standing_line, self._hidden_line = QHBoxLayout(), QWidget(), QWidget()
        self._first = first
        first.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.title, 1)
        ends = QHBoxLayout()  # in one line, which is beside the first of a title of several
        for end in (self.verdict_icon, self.verdict, self.pin_button, self.enlarge_button):
            ends.addWidget(end, 0, Qt.AlignmentFlag.AlignVCenter)
        first.addLayout(ends)
        first.setAlignment(ends, Qt.AlignmentFlag.AlignTop)
        for line, picture, label in (
            (self._standing_line, self._standing_icon, self.standing),
            (self._hidden_line, hidden_icon, self.hidden),
        ):
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(picture)
            row.addWidget(label, int(label is self.standing))
            if label is self.hidden:
                row.addWidget(self.reveal_button)
                row.addStretch(1)
        self._hidden_line.hide()
        self._lines = lines = QVBoxLayout(self)
        lines.setContentsMargins(14, 8, 10, 6)
        lines.setSpacing(4)
        lines.addLayout(first)
        for part in (self.facts, self._standing_line, self._hidden_line, self.warning):
            lines.addWidget(part)
        arrange_by_text(self)

    def minimumSizeHint(self) -> QSize:
        """Ask for the height of the facts as they wrap now, which what is below them cannot spare."""
        size = super().minimumSizeHint()
        return QSize(size.width(), max(size.height(), self.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()
        is_wide = event.size().width() >= _ONE_LINE * self.fontMetrics().averageCharWidth()
        if is_wide is not self._is_wide:  # else the facts stand below
            self._is_wide = is_wide
            self.title.setWordWrap(not is_wide)
            self.facts.setIndent(_INDENT if is_wide else 0)
            self._first.setStretchFactor(self.title, int(not is_wide))
            if is_wide:
                self._first.insertWidget(_BESIDE_TITLE, self.facts, 1)
            else:
                self._lines.insertWidget(1, self.facts)

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
        set_icon(self.verdict_icon, verdict_icon(run), tone, 22)
        facts = (
            _("Run {number}").format(number=run.run_number) if run.run_number else "",
            local_text(run.date),
            run.stage.label,
            run.institution.code or run.institution.name,
            run.user.name,
            _whose(run.component, among),
        )
        self.facts.setText(_joined(facts))
        hints = utc_hint(run.date), plain_hint(run.institution.name)
        self.facts.setToolTip("\n".join(filter(None, hints)))
        self._show_standing(Standing.DELETED if run.is_deleted else standing)
        named = ", ".join(map(shown_text, run.unreadable[:_MOST_NAMED]))
        more = len(run.unreadable) - _MOST_NAMED
        if more > 0:
            named = ngettext("{fields} and {count} more", "{fields} and {count} more", more).format(
                fields=named, count=more
            )
        self.warning.setText(_("Not as it should be, see the raw JSON: {fields}").format(fields=named))
        self.warning.setVisible(bool(run.unreadable))
        self._show_pin()

    def tell_chosen(self, runs: Sequence[TestRun]) -> None:
        """Say that several runs are chosen, of which the plot draws all and the rest of the page this one."""
        run = self._run
        if run is not None:
            count, title = len(runs), shown_text(run.test_type.label)
            if any(own.id == run.id for own in runs):
                several = ngettext("1 of {count:,} run chosen", "1 of {count:,} runs chosen", count)
            else:
                several = ngettext("beside {count:,} run chosen", "beside {count:,} runs chosen", count)
            self.title.setText(f"{title}  ·  {several.format(count=count)}" if count > 1 else title)

    def tell_hidden(self, is_hidden: bool) -> None:
        """Say whether the filter hides the run in the table."""
        self._hidden_line.setVisible(is_hidden)

    def _show_standing(self, standing: Standing | None) -> None:
        said = _STANDINGS.get(standing, "") if standing else ""
        self._standing_line.setVisible(bool(said))
        if standing and said:
            self.standing.setText(_(said))
            set_icon(self._standing_icon, STANDING_ICONS[standing], "quiet", 16)

    def _show_pin(self) -> None:
        self.pin_button.setChecked(self._run is not None and self._pinned.has(self._run))


def _joined(facts: Sequence[str]) -> str:
    """Return facts in a line that breaks between them, not within one or before a point."""
    whole = [
        shown_text(fact).replace(" ", "\N{NO-BREAK SPACE}") if len(fact) <= _KEPT_WHOLE else shown_text(fact)
        for fact in facts
        if fact
    ]
    return "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}·  ".join(whole)


def _whose(component: ComponentSummary, among: Sequence[TestRun]) -> str:
    if all(run.component.key == component.key for run in among):
        return ""
    return f"{component.component_type.label} {component.label}".strip()
