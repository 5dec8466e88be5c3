"""Says how many test runs are pinned for comparison, and opens a menu of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from itkgui.item_models.moments import local_text
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _, ngettext
from itkgui.records.test_run import TestRun
from itkgui.views.context.pinned_runs import PinnedRuns
from itkgui.views.style import set_icon, set_role

_LONGEST = 90  # letters of an entry


class PinnedButton(QToolButton):
    """Visible while there are pins, whichever components they are of."""

    run_requested = Signal(object)  # TestRun
    component_requested = Signal(str)  # key

    def __init__(self, pinned: PinnedRuns, parent: QWidget) -> None:
        super().__init__(parent)
        self._pinned = pinned
        set_role(self, "filter")
        set_icon(self, "pin", size=18)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setToolTip(_("The runs pinned for comparison, of all components"))
        self.clicked.connect(self.open)
        pinned.changed.connect(self._show_count)
        self._show_count()

    def open(self) -> None:
        """Show the pinned runs, and what can be done with each."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for run in self._pinned.runs:
            entry = menu.addMenu(_name(run))
            entry.addAction(_("Show it here"), partial(self.run_requested.emit, run))
            if run.component.key:
                entry.addAction(
                    _("Open its component"), partial(self.component_requested.emit, run.component.key)
                )
            entry.addAction(_("Unpin"), partial(self._pinned.unpin, run))
        menu.addSeparator()
        menu.addAction(_("Unpin all"), self._pinned.clear)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _show_count(self) -> None:
        count = len(self._pinned.runs)
        self.setText(ngettext("{count:,} pinned ▾", "{count:,} pinned ▾", count).format(count=count))
        name = ngettext("{count:,} run pinned for comparison", "{count:,} runs pinned for comparison", count)
        self.setAccessibleName(name.format(count=count))
        self.setVisible(count > 0)


def _name(run: TestRun) -> str:
    number = _("run {number}").format(number=run.run_number) if run.run_number else ""
    facts = run.component.label, run.test_type.label, number, local_text(run.date), run.verdict_text
    text = "  ·  ".join(shown_text(fact) for fact in facts if fact)
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return text.replace("&", "&&")
