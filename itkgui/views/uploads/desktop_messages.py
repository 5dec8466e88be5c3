"""Tells by the desktop what became of uploads, while nobody looks at the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from itkgui.language import _
from itkgui.views.context.preferences import Preferences

_SHOWN_MS = 10_000  # where the desktop lets a program say


class DesktopMessages(QObject):
    """Belongs to the window, whose place they lead to; where the desktop has no tray, nothing is shown.

    What is told of uploads names files and components: a ``locked`` window keeps that to itself.
    """

    told = Signal(str, str)  # title, sentence
    clicked = Signal()

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        self._icon: QSystemTrayIcon | None = None  # there from the first message to the next look

    def tell(self, title: str, sentence: str, *, is_trouble: bool, is_locked: bool = False) -> None:
        """Tell something, unless somebody sees it in the window or does not want to be told."""
        if not self._preferences.settings.desktop_messages or self._is_seen:
            return
        if is_locked:
            title = _("An upload needs somebody") if is_trouble else _("All uploads have arrived")
            sentence = ""
        self.told.emit(title, sentence)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            kinds = QSystemTrayIcon.MessageIcon
            icon = self._shown_icon()
            icon.showMessage(title, sentence, kinds.Warning if is_trouble else kinds.Information, _SHOWN_MS)

    def look_around(self) -> None:
        """Take the icon away when somebody is back."""
        if self._icon is not None and self._is_seen:
            self._icon.hide()

    @property
    def _is_seen(self) -> bool:
        is_open = self._window.isVisible() and not self._window.isMinimized()
        return is_open and QApplication.activeWindow() is not None

    def _shown_icon(self) -> QSystemTrayIcon:
        if self._icon is None:
            self._icon = QSystemTrayIcon(self._window.windowIcon(), self)
            self._icon.setToolTip("itkgui")
            self._icon.activated.connect(self.clicked)
            self._icon.messageClicked.connect(self.clicked)
        self._icon.show()  # without it no message is shown
        return self._icon
