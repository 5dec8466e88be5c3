"""The place where one looks when something is wrong: the doctor, the log, and the support bundle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.diagnosis.finding import Surroundings
from itkgui.language import _
from itkgui.settings import Settings
from itkgui.views.commands import WITHIN, offer
from itkgui.views.context.preferences import Preferences
from itkgui.views.diagnosis.doctor_page import DoctorPage
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.late_place import LatePlace
from itkgui.views.widgets.tall_page import TallTabs

if TYPE_CHECKING:
    from itkgui.views.diagnosis.bundle_sheet import BundleSheet
    from itkgui.views.diagnosis.log_view import LogView


class DiagnosisView(QWidget):
    """``settings`` tells which servers are looked at: those of whoever is signed in, or those that are set.

    With ``can_leave`` it has a button that leads back to where one came from. ``log_since`` as in LogView.
    """

    left = Signal()

    def __init__(
        self,
        preferences: Preferences,
        settings: Callable[[], Settings],
        *,
        can_leave: bool = False,
        log_since: Callable[[], str] | None = None,
    ) -> None:
        super().__init__()
        self._preferences, self._log_since = preferences, log_since
        set_role(self, "page")
        self.back_button, title = QPushButton(_("Back")), QLabel(_("Diagnosis"))
        set_icon(self.back_button, "back", "text", 16)
        if not can_leave:
            self.back_button.hide()  # shown, it would be a window of its own for a moment
        self.back_button.clicked.connect(self.left)
        set_role(title, "title")
        self.bundle_button = QPushButton(_("Support bundle…"))
        set_icon(self.bundle_button, "parcel", "text", 16)
        self.bundle_button.clicked.connect(lambda: self.show_bundle())
        self.doctor = DoctorPage(lambda: Surroundings(settings(), preferences.configuration.paths))
        self._log_place = LatePlace(self._make_log)
        self.tabs = TallTabs()
        self.tabs.addTab(self.doctor, _("Doctor"))
        self.tabs.addTab(self._log_place, _("Log"))
        offer(self, "support-bundle", self.bundle_button.click)
        if can_leave:
            offer(self, "cancel", self.left.emit, context=WITHIN)
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.back_button)
        above.addWidget(title, 1)
        above.addWidget(self.bundle_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(6)
        layout.addLayout(above)
        layout.addWidget(self.tabs, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.tabs.tabBar().setFocus(event.reason())

    @property
    def log(self) -> LogView:
        """The log, made now if nobody has looked at it yet."""
        return self._log_place.view

    def show_log(self) -> None:
        """Turn to the log."""
        self.tabs.setCurrentWidget(self._log_place)

    def _make_log(self) -> LogView:
        from itkgui.views.diagnosis.log_view import LogView

        file = self._preferences.configuration.paths.log_file
        return LogView(self._preferences.worker, file, self._log_since)

    def show_bundle(self, fault: str = "") -> BundleSheet:
        """Show what would go into a support bundle."""
        from itkgui.views.diagnosis.bundle_sheet import BundleSheet

        configuration = self._preferences.configuration
        sheet = BundleSheet(
            self.window(), self._preferences.worker, configuration, doctor=self.doctor.report, fault=fault
        )
        sheet.open()
        return sheet
