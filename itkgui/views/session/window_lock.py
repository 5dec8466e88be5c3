"""Hides all that a window shows, and all other windows of the program, until somebody may see it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QToolTip, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from itkgui.views.session.lock_page import LockPage

MAY_STAY = "mayStayWhileLocked"  # property of a window that shows nothing of anybody's work


class WindowLock(QObject):
    """Puts its page in place of the others. What is open stays as it is, out of sight, and works on."""

    entered = Signal(object)  # Credentials, on that page
    back_requested = Signal()  # there, while it asks for somebody else and is not locked
    turned = Signal()  # on or off

    def __init__(self, window: QMainWindow, pages: QStackedWidget) -> None:
        super().__init__(window)
        self._window, self._pages = window, pages
        self._page: LockPage | None = None
        self._before: QWidget | None = None
        self._focus: QWidget | None = None
        self._hidden: list[QWidget] = []
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(lambda: self._hide_others())

    @property
    def page(self) -> LockPage:
        """Where one says who one is."""
        if self._page is None:
            from itkgui.views.session.lock_page import LockPage  # read when it is first wanted

            self._page = LockPage()
            self._page.card.submitted.connect(self.entered)
            self._page.back_requested.connect(self.back_requested)
            self._pages.addWidget(self._page)
        return self._page

    @property
    def is_on(self) -> bool:
        return self._before is not None

    def lock(self) -> None:
        """Hide everything."""
        if self.is_on:
            return
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        QToolTip.hideText()
        self._focus = self._window.focusWidget()
        self._before = self._pages.currentWidget()
        self._pages.setCurrentWidget(self.page)
        self._hide_others(not_even=True)
        self.page.card.take_focus()
        self.turned.emit()

    def unlock(self) -> None:
        """Show it all again, as it was."""
        before, focus, hidden = self._before, self._focus, self._hidden
        self.forget()
        if before is not None and isValid(before):
            self._pages.setCurrentWidget(before)
        for window in hidden:
            if isValid(window):
                window.show()
        if focus is not None and isValid(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Be open again, with nothing to show: whoever was there has left."""
        self._before = self._focus = None
        self._hidden = []
        if self._page is not None:
            self._page.card.fields.forget()
        self.turned.emit()

    def _hide_others(self, *, not_even: bool = False) -> None:
        """Hide other windows, ``not_even`` sparing those that may stay if they were opened under the lock."""
        if not self.is_on:
            return
        for window in QApplication.topLevelWidgets():
            is_other = window is not self._window and window.isVisible()
            may_stay = bool(window.property(MAY_STAY)) and not not_even
            if is_other and not may_stay and (window.windowFlags() & Qt.WindowType.Window):
                window.hide()
                self._hidden.append(window)
