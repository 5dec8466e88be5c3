"""Stands in place of everything while the window is locked or changes hands, and asks who is there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from itkgui.language import _
from itkgui.views.session.sign_in_card import SignInCard
from itkgui.views.style import set_role


class LockPage(QWidget):
    """The page of nobody and everybody: the one who is signed in goes on, anybody else takes over."""

    back_requested = Signal()  # by whoever is there, while it is not locked

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "page")
        self.window_title = ""
        self.banner = QLabel()
        set_role(self.banner, "banner")
        self.card = SignInCard("lock", _("Locked"), _("Go on"))
        self.card.other_button.setText(_("Back"))
        self.card.other_button.clicked.connect(self.back_requested)
        room = QWidget()
        self.card.put_in(room)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.banner)
        layout.addWidget(room, 1)

    def begin(self, who: str, note: str, banner: str, *, with_codes: bool, is_locked: bool) -> None:
        """Ask for the codes of ``who``, or somebody else's; without a lock, for the latter, or to go back.

        ``note`` tells what else is to be known, ``banner`` which server it is; it may be empty.
        """
        self.window_title = _("itkgui – locked") if is_locked else _("itkgui – change person")
        self.banner.setText(banner)
        self.banner.setVisible(bool(banner))
        if is_locked:
            self.card.call(_("Locked"), _("Go on"))
            told = _(
                "{who} is signed in. With the same access codes, work goes on where it was; uploads go on "
                "meanwhile. With the access codes of somebody else, that person takes over: {who} is signed "
                "out, and uploads that wait are kept for {who}."
            )
        else:
            self.card.call(_("Change person"), _("Sign in"))
            told = _(
                "{who} is signed in. With the access codes of somebody else, that person takes over: {who} "
                "is signed out, and uploads that wait are kept for {who}."
            )
        self.card.other_button.setVisible(not is_locked)
        self.card.say(" ".join(filter(None, (told.format(who=who), note))))
        self.card.begin(with_codes=with_codes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.card.other_button.isVisible():
            self.card.other_button.click()
        else:
            super().keyPressEvent(event)
