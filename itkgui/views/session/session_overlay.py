"""Lies over the workspace when its session has ended: all stays in sight, and in its place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from itkgui.language import _
from itkgui.views.commands import offer
from itkgui.views.session.sign_in_card import SignInCard
from itkgui.views.style import Style

_VEIL = 130  # of 255


class SessionOverlay(QWidget):
    """Covers one widget, which can be seen but not used meanwhile. Belongs to the window around that."""

    lock_requested = Signal()

    def __init__(self, covered: QWidget) -> None:
        super().__init__(covered.parentWidget())
        self._covered = covered
        self.is_on = False
        self._focus: QWidget | None = None
        self.card = SignInCard("clock", _("The session has ended"), _("Sign in again"))
        self.card.other_button.setText(_("Look on without signing in"))
        self.card.other_button.show()
        self.card.other_button.clicked.connect(self.uncover)
        self.card.put_in(self)
        offer(self, "lock", self.lock_requested.emit)  # what is in sight may be hidden, too
        covered.installEventFilter(self)
        covered.destroyed.connect(self.deleteLater)
        self.hide()

    def cover(self) -> None:
        """Lie over it."""
        if self.is_on or not self._covered.isVisible():
            return
        self.is_on = True
        self._focus = QApplication.focusWidget()
        self._covered.setEnabled(False)  # its keys do nothing then
        self._fit()
        self.show()
        self.raise_()
        self.card.take_focus()

    def uncover(self) -> None:
        """Go, and give the focus back to where it was."""
        if not self.is_on:
            return
        self.is_on = False
        self.card.fields.forget()
        self.hide()
        self._covered.setEnabled(True)
        focus, self._focus = self._focus, None
        if focus is not None and isValid(focus) and self._covered.isAncestorOf(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._fit()
        elif event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.uncover()
        return False

    def _fit(self) -> None:
        self.setGeometry(self._covered.geometry())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(Style.theme.colour("sunken"))
        veil.setAlpha(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.end()
