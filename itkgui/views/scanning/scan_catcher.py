"""Hears a scanner that poses as a keyboard, wherever the focus is, and leaves what somebody types alone.

Keys are looked at where they enter a window, before shortcuts and fields. Those that come as fast as only a
scanner types are held back; what turns out to be typing goes on as it came, a moment later.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from itkgui.scanning.burst import BurstDetector, Decision, Limits
from itkgui.scanning.reading import Arrival, Reader
from itkgui.views.widgets.secret_field import SecretField

_SLACK_MS = 10  # by which a key may arrive later than the one before it
_TURN_MS = 1
_PIECE = 5  # characters, which nobody types as fast as keys come that are held back
_SHORT_TURN = 0.02  # seconds; a longer turn of the loop may have left keys waiting
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock}
_PLAIN = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_ENTERS = {Qt.Key.Key_Return: "\r", Qt.Key.Key_Enter: "\r", Qt.Key.Key_Tab: "\t"}
_ENDS_WAITING = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.FocusOut,
    QEvent.Type.FocusAboutToChange,
}


@dataclass(frozen=True)
class _Held:
    """A key event that waits, and the window that it came to."""

    window: QWindow
    event: QKeyEvent


class ScanCatcher(QObject):
    """Watches all windows of the program as long as a widget is to be seen; that is its parent."""

    scanned = Signal(object)  # Arrival
    tailed = Signal(str)  # one more ending of the last scan
    broken = Signal(str)  # a piece of a scan, which was handed on as if somebody had typed it

    def __init__(self, place: QWidget, reader: Reader, gap: float) -> None:
        super().__init__(place)
        self._place = place
        self._detector: BurstDetector[_Held] = BurstDetector(reader.beginning, Limits.for_gap(gap))
        self._down: set[int] = set()  # keys that are kept, and were not let go yet
        self._hands_on = False
        self._began_turn = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_quiet)
        self._windows: list[QWindow] = []
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):  # always, but the stubs do not know
            application.focusWindowChanged.connect(self._watch)
        self._watch(QGuiApplication.focusWindow())
        place.installEventFilter(self)
        self._watch(place.window().windowHandle())

    def detach(self) -> None:
        """Stop listening, before the widget goes."""
        self._timer.stop()
        self._hand_on(self._detector.flush())
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._watch)
        for watched in (self._place, *self._windows):
            if isValid(watched):
                watched.removeEventFilter(self)
        self._windows.clear()

    def use(self, gap: float) -> None:
        """Take another pause in milliseconds for the longest of scanners."""
        self._detector.limits = Limits.for_gap(gap)

    @property
    def is_waiting(self) -> bool:
        """Whether keys are held back."""
        return self._detector.is_waiting

    def _watch(self, window: QWindow | None) -> None:
        self._windows = [one for one in self._windows if isValid(one)]
        if window is not None and window not in self._windows:
            window.installEventFilter(self)
            self._windows.append(window)

    # Keys --------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent) and isinstance(watched, QWindow) and not self._hands_on:
            if kind is QEvent.Type.KeyPress:
                return self._on_press(watched, event)
            if kind is QEvent.Type.KeyRelease:
                return self._on_release(watched, event)
            if kind is QEvent.Type.ShortcutOverride and self._character(event):
                event.accept()  # no shortcut: it comes again as a key that is pressed
                return True
        elif kind is QEvent.Type.Show and watched is self._place:
            self._watch(self._place.window().windowHandle())
        elif kind in _ENDS_WAITING and self._detector.is_waiting and not self._detector.is_certain:
            self._hand_on(self._detector.flush())
        return False

    def _on_press(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False
        text = self._character(event)
        if not text:
            self._finish(self._detector.rest())
            return False
        decision = self._detector.press(text, _moment(event), _Held(window, _copy(event)))
        if decision.is_kept:
            self._down.add(event.key())
        self._finish(decision)
        if self._detector.is_waiting:
            self._began_turn = 0.0
            self._timer.start(round(self._detector.wait) + _SLACK_MS)
        return decision.is_kept

    def _on_release(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.key() not in self._down:
            return False
        self._down.discard(event.key())
        if self._detector.is_waiting:
            self._detector.follow(_Held(window, _copy(event)))
        return True

    def _character(self, event: QKeyEvent) -> str:
        """Return what a key adds to a scan; nothing for one that goes on its way at once."""
        if event.isAutoRepeat() or not self._is_listening:
            return ""
        text = _ENTERS.get(Qt.Key(event.key()), event.text())
        if len(text) != 1:
            return ""
        is_plain = not event.modifiers() & ~_PLAIN
        if is_plain and text.isprintable() and text != " ":
            return text
        # These may be shortcuts, and press buttons: they are a scanner's only where one is at work.
        detector, moment = self._detector, _moment(event)
        if text in "\r\n\t" and detector.follows(moment):
            return text
        if is_plain and text in "\r\t ":
            return text if detector.is_waiting else ""
        return text if detector.expects(moment) and text not in "\x1b\x7f\b" else ""

    @property
    def _is_listening(self) -> bool:
        """Whether scans are taken: not where somebody signs in, and no secret is ever looked at."""
        focus = QApplication.focusWidget()
        is_hidden = isinstance(focus, QLineEdit) and focus.echoMode() is not QLineEdit.EchoMode.Normal
        is_secret = is_hidden or isinstance(focus, SecretField)  # revealed, it is one all the same
        return self._place.isVisible() and not is_secret

    # What becomes of them ----------------------------------------------------------------------------------

    def _on_quiet(self) -> None:
        """Decide, but only once the loop turns quickly: after a long turn there may be keys to come."""
        now = time.perf_counter()
        if not self._detector.is_waiting:
            return
        if now - self._began_turn > _SHORT_TURN:
            self._began_turn = now
            self._timer.start(_TURN_MS)
            return
        self._finish(self._detector.rest())

    def _finish(self, decision: Decision[_Held]) -> None:
        self._hand_on(decision.released)
        presses = (one.event for one in decision.released if one.event.type() is QEvent.Type.KeyPress)
        if len(piece := "".join(event.text() for event in presses)) >= _PIECE:
            self.broken.emit(piece)
        if decision.tail:
            self.tailed.emit(decision.tail)
        burst = decision.burst
        if burst is not None:
            arrival = Arrival(
                burst.text,
                length=burst.length,
                lasted=burst.lasted,
                longest_gap=burst.longest_gap,
                is_torn=burst.is_torn,
            )
            self.scanned.emit(arrival)

    def _hand_on(self, held: Sequence[_Held]) -> None:
        """Let keys go on to where they were going, shortcuts first."""
        for one in held:
            is_press = one.event.type() is QEvent.Type.KeyPress
            if is_press:
                self._down.discard(one.event.key())
            window = one.window if isValid(one.window) else QGuiApplication.focusWindow()
            if window is None or (is_press and _do_shortcut(one.event)):
                continue
            self._hands_on = True
            try:
                QCoreApplication.sendEvent(window, one.event)
            finally:
                self._hands_on = False


def _moment(event: QKeyEvent) -> float:
    """Return when a key was pressed, in milliseconds; by our own clock where the system does not tell."""
    return float(event.timestamp()) or time.perf_counter() * 1000


def _copy(event: QKeyEvent) -> QKeyEvent:
    copy = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy


def _do_shortcut(event: QKeyEvent) -> bool:
    """Do what a key is a shortcut for, as Qt would have before; tell whether there was something to do."""
    focus, window = QApplication.focusWidget(), QApplication.activeWindow()
    if window is None or QApplication.activePopupWidget() is not None:
        return False
    if focus is not None:
        override = QKeyEvent(
            QEvent.Type.ShortcutOverride, event.key(), event.modifiers(), event.text(), False, 1
        )
        override.ignore()
        QCoreApplication.sendEvent(focus, override)
        if override.isAccepted():  # a field takes it
            return False
    pressed = [QKeySequence(event.keyCombination())]
    if not event.text().isalpha():  # a sign such as + may need Shift or be on the keypad
        pressed.append(QKeySequence(event.key()))
    for action in window.findChildren(QAction):
        is_meant = any(keys in pressed for keys in action.shortcuts())
        if is_meant and action.isEnabled() and _reaches(action, focus):
            action.trigger()
            return True
    return False


def _reaches(action: QAction, focus: QWidget | None) -> bool:
    """Tell whether the keys of an action mean it while the focus is there."""
    context = action.shortcutContext()
    for widget in action.associatedObjects():
        if not isinstance(widget, QWidget) or not widget.isVisible():
            continue
        if context is Qt.ShortcutContext.WidgetShortcut:
            if widget is focus:
                return True
        elif context is Qt.ShortcutContext.WidgetWithChildrenShortcut:
            if focus is not None and (widget is focus or widget.isAncestorOf(focus)):
                return True
        elif widget.isActiveWindow():
            return True
    return False
