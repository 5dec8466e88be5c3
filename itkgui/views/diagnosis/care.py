"""Looks after the program itself: tells of its faults and sudden ends, and leads to the diagnosis."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget
from shiboken6 import isValid

from itkgui import log
from itkgui.diagnosis import crashes
from itkgui.diagnosis.crashes import SuddenEnd
from itkgui.language import _, ngettext
from itkgui.settings import Settings
from itkgui.views.context.preferences import Preferences
from itkgui.views.widgets.late_place import LatePlace
from itkgui.views.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from itkgui.views.diagnosis.crash_dialog import CrashDialog
    from itkgui.views.diagnosis.diagnosis_view import DiagnosisView

logger = logging.getLogger(__name__)


class Care(QObject):
    """Has a notice for the top of the window, and a page of the diagnosis for whoever is not signed in."""

    page_wanted = Signal()
    page_left = Signal()

    def __init__(self, window: QMainWindow, pages: QStackedWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._pages, self._preferences = window, pages, preferences
        self.dialog: CrashDialog | None = None
        self._ends: Sequence[SuddenEnd] = ()
        self._log_since = log.moment_of_start()  # what is written then is of nobody who was here before
        self.notice = NoticeBar(_("Show what is known"), can_close=True)
        self.notice.helped.connect(self._show_known)
        self.page = LatePlace(self._make_page)
        pages.addWidget(self.page)

    def forget_person(self) -> None:
        """Let the log tell the next person nothing of the one who has left."""
        self._log_since = log.moment_now()

    def show_page(self) -> None:
        """Show the page, in the place of the sign-in."""
        self._pages.setCurrentWidget(self.page)
        self.page.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def view_for(self, settings: Settings) -> DiagnosisView:
        """Make a view of the diagnosis that looks at the servers of somebody who is signed in."""
        from itkgui.views.diagnosis.diagnosis_view import DiagnosisView  # few ever look at it

        return DiagnosisView(self._preferences, lambda: settings)

    async def begin(self, troubles: Sequence[str]) -> None:
        """Tell why nothing is kept or logged, if it is so, and of earlier runs that ended suddenly."""
        if troubles:
            self.notice.say(
                _("The program keeps no log, and may keep nothing of what you do"),
                " ".join(troubles) + " " + _("Give your user the right to write there, then start it again."),
            )
            return
        state = self._preferences.configuration.paths.state
        try:
            ends = await self._preferences.worker.call(crashes.sudden_ends, state)
        except OSError as error:
            logger.warning("nobody knows how the last run ended: %s", error)
            return
        for end in ends:
            logger.info("an earlier run ended suddenly: %s", end.report)
        # Of the others their user knows: the power went, or the session at the desktop ended around them.
        self._ends = [end for end in ends if end.stacks]
        if self._ends:
            count = len(self._ends)
            self.notice.say(
                ngettext(
                    "The program ended unexpectedly", "The program ended unexpectedly {count} times", count
                ).format(count=count),
                _("Uploads go on where they were once you have signed in. A report can be copied."),
            )

    def tell_fault(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Show a fault of the program itself; further ones are added to what is on the screen."""
        from itkgui.diagnosis.faults import report

        if not self._window.isVisible():  # the program ends, and the log has it
            return
        title = _("The program made a mistake")
        sentence = _(
            "Something in it failed; what you see may be incomplete. Uploads are safe: they go on, also after"
            " a restart. Please send the report to whoever looks after the program."
        )
        self._show_report(title, sentence, report(kind, error, trace))

    def _show_report(self, title: str, sentence: str, text: str) -> None:
        if self.dialog is not None and isValid(self.dialog) and self.dialog.isVisible():
            self.dialog.add(f"\n{text}")
            return
        from itkgui.views.diagnosis.crash_dialog import CrashDialog

        self.dialog = CrashDialog(self._window, title, sentence, text)
        self.dialog.bundle_requested.connect(self._show_bundle)
        self.dialog.quit_requested.connect(self._window.close)
        self.dialog.show()

    def _show_known(self) -> None:
        self.notice.hide()
        if self._ends:
            self._show_report(
                _("The program ended unexpectedly"),
                _("This is what it did at that moment, for whoever looks after the program."),
                "\n\n".join(end.report for end in self._ends),
            )
        else:
            self.page_wanted.emit()

    def _show_bundle(self, fault: str) -> None:
        from itkgui.views.diagnosis.bundle_sheet import BundleSheet

        configuration = self._preferences.configuration
        BundleSheet(self._window, self._preferences.worker, configuration, fault=fault).open()

    def _make_page(self) -> DiagnosisView:
        from itkgui.views.diagnosis.diagnosis_view import DiagnosisView

        view = DiagnosisView(
            self._preferences,
            lambda: self._preferences.settings,
            can_leave=True,
            log_since=lambda: self._log_since,
        )
        view.left.connect(self.page_left)
        return view
