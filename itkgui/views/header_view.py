"""The top line: back and forward, the scan box, whose session it is and how long it lasts."""

from __future__ import annotations

from datetime import datetime, timezone

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from itkgui.client.database import ProductionDatabase
from itkgui.item_models.plain_text import plain_hint, shown_name, shown_text
from itkgui.views.scan_box import ScanBox
from itkgui.views.style import set_icon, set_role
from itkgui.views.trail import Stop, Trail

_SESSION_CHECK_MS = 15_000


class HeaderView(QFrame):
    """Always in sight; tells what was wanted of it."""

    back_requested = Signal()
    forward_requested = Signal()
    sign_out_requested = Signal()

    def __init__(self, database: ProductionDatabase) -> None:
        super().__init__()
        self._database, user = database, database.user
        set_role(self, "header")
        self.back_button, self.forward_button = QToolButton(), QToolButton()
        for button, icon_name, name, signal in (
            (self.back_button, "go-left", "Back", self.back_requested),
            (self.forward_button, "go-right", "Forward", self.forward_requested),
        ):
            set_icon(button, icon_name)
            button.setAccessibleName(name)
            button.clicked.connect(signal)
        self.scan_box = ScanBox()
        self.person = QToolButton()
        set_icon(self.person, "user")
        self.person.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        who = (user.name or "bearer token", user.home.code)
        self.person.setText("  ·  ".join(part for part in who if part))
        self.person.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.person)
        self.sign_out_action = self.menu.addAction("Sign out")
        self.sign_out_action.triggered.connect(self.sign_out_requested)
        self.person.setMenu(self.menu)
        self.session = QLabel()
        set_role(self.session, "quiet")
        self._here: Stop | None = None
        self.doubt = QLabel()
        self.doubt.setTextFormat(Qt.TextFormat.PlainText)
        self.doubt.setWordWrap(True)
        set_role(self.doubt, "pill-bad")
        self.doubt.hide()
        page = QVBoxLayout(self)
        page.setContentsMargins(8, 9, 12, 9)
        self._line = layout = QHBoxLayout()
        layout.setSpacing(14)
        page.addLayout(layout)
        page.addWidget(self.doubt)
        steps = QHBoxLayout()
        steps.setSpacing(2)
        steps.addWidget(self.back_button)
        steps.addWidget(self.forward_button)
        layout.addLayout(steps)
        layout.addWidget(self.scan_box, 20)
        layout.addStretch(1)
        layout.addWidget(self.session)
        layout.addWidget(self.person)
        timer = QTimer(self)
        timer.setInterval(_SESSION_CHECK_MS)
        timer.timeout.connect(self._show_session)
        timer.start()
        self._show_session()

    def put_light(self, light: QWidget) -> None:
        """Put what tells of the connection before what tells of the session."""
        self._line.insertWidget(self._line.indexOf(self.session), light)

    def show_trail(self, trail: Trail) -> None:
        """Offer the steps that can be taken, and say where they lead."""
        for button, stop, keys in (
            (self.back_button, trail.before, "Alt+←"),
            (self.forward_button, trail.after, "Alt+→"),
        ):
            button.setEnabled(stop is not None)
            words = f"{button.accessibleName()} to {_where(stop)} ({keys})" if stop else ""
            button.setToolTip(plain_hint(words))
        if trail.here != self._here:  # whoever goes elsewhere knows where
            self.doubt.hide()
        self._here = trail.here

    def doubt_page(self, scanned: str) -> None:
        """Say that a scan opened nothing, where a component or shipment of before is on the screen."""
        here = self._here
        if here is not None and (here.component or here.shipment):
            self.doubt.setText(
                f"The scan of {shown_name(scanned)} opened nothing: this is still {_where(here)}."
            )
            self.doubt.show()

    def _show_session(self) -> None:
        """Say how long the present token lasts; nothing if that is unknown."""
        ends = self._database.session_ends
        if ends is None:
            self.session.setText("")
            return
        minutes = max(0, round((ends - datetime.now(timezone.utc)).total_seconds() / 60))
        self.session.setText(f"session {minutes} min")
        self.session.setToolTip(f"The present token ends at {ends.astimezone():%H:%M}.")


def _where(stop: Stop) -> str:
    return shown_text(stop.label) or stop.place
