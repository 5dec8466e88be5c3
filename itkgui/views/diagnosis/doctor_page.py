"""The doctor on the screen: each check with its verdict and what helps, as they come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.diagnosis.command import told
from itkgui.diagnosis.doctor import CHECKS, Check, Examination
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.item_models.comments import visible_lines
from itkgui.language import _, ngettext
from itkgui.views.commands import WITHIN, offer
from itkgui.views.style import set_icon, set_role, set_room
from itkgui.views.widgets.card import plain_label
from itkgui.views.widgets.tall_page import TallPage

_LOOKS = {
    Verdict.FINE: ("passed", "good"),
    Verdict.CAUTION: ("warning", "caution"),
    Verdict.BROKEN: ("failed", "bad"),
    Verdict.UNSEEN: ("info", "quiet"),
}
_PACE_MS = 100
_TITLE = 15, 21  # characters of the title, on a narrow and on a wide page
_SHARES = 1, 5  # of the row, that the title may have and what was found


class CheckRow(QWidget):
    """One check: title and verdict at the left, what was found at the right, and what it is based on."""

    def __init__(self, check: Check) -> None:
        super().__init__()
        self.check = check
        self.finding: Finding | None = None
        self.picture, self.title, self.word = QLabel(), plain_label("", "heading"), plain_label("", "quiet")
        self.sentence, self.cure, self.facts = plain_label(), plain_label(), plain_label("", "quiet")
        self.title.setText(_(check.title))
        set_room(self.title, least=(_TITLE[0], 0), most=(_TITLE[1], 0))
        self.more = QToolButton()
        self.more.setText(_("Details"))
        self.more.setCheckable(True)
        self.more.setAccessibleName(_("Details: {title}").format(title=_(check.title)))
        set_role(self.more, "small")
        policy = self.more.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else the columns of the rows would not stand in a line
        self.more.setSizePolicy(policy)
        self.more.toggled.connect(self.facts.setVisible)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 9, 12, 9)
        layout.setSpacing(12)
        verdict, words = QVBoxLayout(), QVBoxLayout()
        for column, labels in (
            (verdict, (self.title, self.word)),
            (words, (self.sentence, self.cure, self.facts)),
        ):
            column.setSpacing(3)
            for label in labels:
                column.addWidget(label)
            column.addStretch(1)
        layout.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(verdict, _SHARES[0])
        layout.addLayout(words, _SHARES[1])
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.show_finding(None)

    def show_finding(self, finding: Finding | None) -> None:
        """Show what was found; None while it is looked at."""
        self.finding = finding
        icon_name, tone = _LOOKS[finding.verdict] if finding is not None else ("clock", "quiet")
        set_icon(self.picture, icon_name, tone, 24)
        set_role(self.word, tone if finding is not None and tone in ("good", "bad") else "quiet")
        self.word.setText(finding.verdict.word if finding is not None else _("looking…"))
        self.sentence.setText(_lines(finding.sentence) if finding is not None else "")
        self.cure.setText(_lines(f"→ {finding.cure}") if finding is not None and finding.cure else "")
        self.cure.setVisible(bool(self.cure.text()))
        self.facts.setText(_lines("\n".join(finding.facts)) if finding is not None else "")
        self.more.setVisible(bool(self.facts.text()))
        self.more.setChecked(False)
        self.facts.hide()


class DoctorPage(QWidget):
    """Looks when it is seen for the first time, and again when it is asked to; leaving it stops nothing."""

    looked = Signal()  # all is known

    def __init__(self, surroundings: Callable[[], Surroundings]) -> None:
        super().__init__()
        self._surroundings = surroundings
        self._examination: Examination | None = None
        self.summary = plain_label("", "heading")
        self.again_button = QPushButton(_("Look again"))
        set_icon(self.again_button, "reload", "text", 16)
        self.again_button.clicked.connect(self.look)
        self.copy_button = QPushButton(_("Copy"))
        set_icon(self.copy_button, "copy", "text", 16)
        self.copy_button.clicked.connect(self.copy)
        self.rows = [CheckRow(check) for check in CHECKS]
        self._timer = QTimer(self)
        self._timer.setInterval(_PACE_MS)
        self._timer.timeout.connect(self._show_news)
        self._build()
        offer(self, "look-again", self.again_button.click, context=WITHIN)

    def _build(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.summary, 1)
        above.addWidget(self.copy_button)
        above.addWidget(self.again_button)
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(0, 6, 0, 6)
        inside.setSpacing(0)
        for row in self.rows:
            inside.addWidget(row)
        page = TallPage(wraps=True)
        page.layout_of_content.addWidget(card)
        page.layout_of_content.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(above)
        layout.addWidget(page, 1)

    @property
    def findings(self) -> Mapping[str, Finding]:
        """What is known by now, by the checks' keys."""
        return self._examination.findings if self._examination is not None else {}

    @property
    def is_over(self) -> bool:
        return self._examination is not None and self._examination.is_over

    @property
    def report(self) -> str:
        """What was found as text; empty until all is known."""
        return told(self.findings, with_facts=True) if self.is_over else ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.again_button.setFocus(event.reason())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._examination is None:
            self.look()

    def look(self) -> None:
        """Look at all anew; what an earlier look still waits for is not waited for any more."""
        for row in self.rows:
            row.show_finding(None)
        self.again_button.setEnabled(False)
        self.copy_button.setEnabled(False)
        self._examination = Examination(self._surroundings())
        self._timer.start()
        self._show_news()

    def copy(self) -> None:
        """Copy what was found as text."""
        QGuiApplication.clipboard().setText(self.report)

    def _show_news(self) -> None:
        findings = self.findings
        for row in self.rows:
            finding = findings.get(row.check.key)
            if finding is not row.finding:
                row.show_finding(finding)
        if not self.is_over:
            done = _("Looking: {done} of {all}").format(done=len(findings), all=len(self.rows))
            self.summary.setText(done)
            return
        self._timer.stop()
        self.again_button.setEnabled(True)
        self.copy_button.setEnabled(True)
        self.summary.setText(_summary(findings))
        self.looked.emit()


def _summary(findings: Mapping[str, Finding]) -> str:
    verdicts = [finding.verdict for finding in findings.values()]
    broken, cautions = verdicts.count(Verdict.BROKEN), verdicts.count(Verdict.CAUTION)
    if not broken and not cautions:
        return _("All is fine.")
    parts = []
    if broken:
        words = ngettext("{count} thing is broken", "{count} things are broken", broken)
        parts.append(words.format(count=broken))
    if cautions:
        words = ngettext("{count} thing asks for caution", "{count} things ask for caution", cautions)
        parts.append(words.format(count=cautions))
    return "; ".join(parts)


def _lines(text: str) -> str:
    return "\n".join(visible_lines(text))
