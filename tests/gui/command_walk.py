"""Presses the keys of commands where they are at home, and sees whether each gets there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import Offer


class CommandWalk(QObject):
    """Goes from place to place: ``reached`` has the commands whose keys came to them.

    Of what is offered the key is held back where it arrives, so that nothing is done on the way. What widgets
    take themselves they do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.reached: set[str] = set()

    def look(self, window: QWidget) -> None:
        """Press the keys of all that is offered in a window, whether it makes sense at the moment or not."""
        assert window.isActiveWindow(), f"{QApplication.activeWindow()} takes the keys"
        before = QApplication.focusWidget()
        for one in window.findChildren(Offer):
            is_new = one.command.keys and one.command.name not in self.reached
            if is_new and one.widget.isVisible():
                # Of two with one key only one can be done at a time.
                rivals = [other for other in one.widget.findChildren(Offer) if _share_a_key(one, other)]
                were_enabled = [(rival, rival.isEnabled()) for rival in rivals]
                for rival in rivals:
                    rival.setEnabled(rival is one)
                was_visible = one.isVisible()
                one.setVisible(True)
                self._press(one, window)
                one.setVisible(was_visible)
                for rival, was_enabled in were_enabled:
                    rival.setEnabled(was_enabled)
        if before is not None:
            before.setFocus()

    def press_on(self, widget: QWidget, *names: str) -> None:
        """Press keys on a widget that takes them itself, and see whether it did."""
        for name in names:
            keys = COMMANDS[name].keys[0]
            pressed = _combination(keys)
            text = keys if len(keys) == 1 else ""
            event = QKeyEvent(QEvent.Type.KeyPress, pressed.key(), pressed.keyboardModifiers(), text)
            QApplication.sendEvent(widget, event)
            if event.isAccepted():
                self.reached.add(name)

    def _press(self, one: Offer, window: QWidget) -> None:
        focus, place = QApplication.focusWidget(), one.widget
        is_within = focus is not None and place.isAncestorOf(focus)
        if one.shortcutContext() is Qt.ShortcutContext.WidgetShortcut or not is_within:
            place.setFocus()  # which a whole page gives on to what takes keys in it
        one.installEventFilter(self)
        pressed = _combination(one.command.keys[0])
        QTest.keyClick(QApplication.focusWidget() or window, pressed.key(), pressed.keyboardModifiers())
        one.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is not QEvent.Type.Shortcut or not isinstance(watched, Offer):
            return False
        self.reached.add(watched.command.name)
        return True


def _combination(keys: str) -> QKeyCombination:
    """Return a key as it is pressed, from Qt's spelling."""
    pressed: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]  # the stubs do not know
    return pressed


def _share_a_key(one: Offer, other: Offer) -> bool:
    return not set(one.command.keys).isdisjoint(other.command.keys)
