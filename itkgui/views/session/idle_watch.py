"""Notices that nobody has used the window for a while."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from itkgui.client.clock import steady

_LOOK_MS = 2_000
_OF_A_PERSON = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
        QEvent.Type.DragMove,
        QEvent.Type.Drop,
    }
)


class IdleWatch(QObject):
    """Looks at what comes to the windows themselves, which is little beside what goes to their widgets.

    Time that the computer slept counts as idle.
    """

    idle = Signal(float)  # minutes; again and again until somebody is at work

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._limit = 0.0  # seconds; 0: never
        self._used = steady()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch)

    def start(self, minutes: float) -> None:
        """Begin to count, and to tell from so many minutes on; 0 counts none."""
        self._limit = minutes * 60
        self._used = steady()
        self._timer.stop()
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)
            self._watch(window)
        if self._limit:
            self._timer.start()

    def stop(self) -> None:
        """Count no more."""
        self.start(0)

    def touch(self, *_what: object) -> None:
        """Note that somebody is at work, also where no key comes to a window."""
        self._used = steady()

    def look(self) -> None:
        """Tell if it has been long enough."""
        idle = steady() - self._used
        if self._limit and idle >= self._limit:
            self.idle.emit(idle / 60)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and self._limit:
            window.installEventFilter(self)  # Qt takes a filter once, however often it is given

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _OF_A_PERSON:
            self._used = steady()
        return False
