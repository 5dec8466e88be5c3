"""What is to be chosen in a list as soon as it is loaded: asked for, or arrived while nobody used it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

_ACTS = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TouchBegin}
_HELD = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


class Awaited(QObject):
    """Keeps one key, of a file or a run, until it is taken; ``page`` holds the list, if it is made by now."""

    def __init__(self, parent: QObject, page: Callable[[], QWidget | None]) -> None:
        super().__init__(parent)
        self._page = page
        self._key = ""
        self.is_asked_for = False
        """Whether somebody wants to see it, or else it has arrived."""
        self._watched: list[QWidget] = []
        self._is_watching = self._is_used = False

    @classmethod
    def of(cls, page: QObject) -> list[Awaited]:
        """Return those of a page; quick, as each change of an upload asks."""
        return page.findChildren(cls, options=Qt.FindChildOption.FindDirectChildrenOnly)

    def want(self, key: str) -> None:
        """Await what somebody asked to see."""
        self._key, self.is_asked_for = key, True

    def expect(self, key: str) -> None:
        """Await what has arrived: whoever sent it, and did nothing since, wants to see that it is there."""
        self._key, self.is_asked_for = key, False

    def forget(self) -> None:
        """Await nothing."""
        self._key = ""

    def take(self, *, is_asking: bool = False) -> str:
        """Return what is to be chosen now, once.

        What has arrived is not, if the list was used since something was sent, or ``is_asking`` something.
        """
        key, self._key = self._key, ""
        if not key or self.is_asked_for:
            return key
        is_used = self._is_used or is_asking
        self._stop()
        return "" if is_used else key

    # Whether the list is in use ----------------------------------------------------------------------------

    def watch(self) -> None:
        """Notice whether somebody uses the list, or what is beside it, from now on: something is sent."""
        self._stop()
        self._is_watching = True
        page = self._page()
        self._watched = [page, *page.findChildren(QWidget)] if page is not None else []
        for widget in self._watched:
            widget.installEventFilter(self)

    def go_on_watching(self) -> None:
        """Notice it unless that is done already: something is sent that was not sent from here."""
        if not self._is_watching:
            self.watch()

    def _stop(self) -> None:
        self._is_watching = self._is_used = False
        self._let_go()

    def _let_go(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _ACTS and not (isinstance(event, QKeyEvent) and event.key() in _HELD):
            self._is_used = True
            self._let_go()
        return False
