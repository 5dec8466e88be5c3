"""Tells of what moment a page is, where the server could not be asked; loads it again when it can be."""

from __future__ import annotations

from datetime import datetime
from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from itkgui.item_models.moments import short_text, utc_hint
from itkgui.language import _
from itkgui.views.context.connection_watch import ConnectionWatch
from itkgui.views.style import set_icon, set_role

_FIRST_PAUSE_MS, _LONGEST_PAUSE_MS = 1_000, 60_000


class AgeLine(QFrame):
    """Hidden as long as all that a page shows is of now.

    A page has it as ``age_line``; its views report to it by themselves (see ViewTask). ``reload_wanted`` says
    that the database answers again, while the page is to be seen, or as soon as it is.
    """

    reload_wanted = Signal()

    def __init__(self, watch: ConnectionWatch) -> None:
        super().__init__()
        self._watch = watch
        self._ages: WeakKeyDictionary[object, datetime] = WeakKeyDictionary()
        self._is_built = self._is_due = False
        self._overtaken: WeakSet[object] = WeakSet()  # parts as they were before the page was loaded again
        self._pause = _FIRST_PAUSE_MS
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_returned)
        watch.returned.connect(self._on_returned)
        set_role(self, "notice-caution")
        self.hide()

    def _build(self) -> None:
        # Most pages never need one.
        self._is_built = True
        picture, self.words = QLabel(), QLabel()
        set_icon(picture, "clock", "caution", 18)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(1)
        set_role(self.words, "notice-words")
        self.try_button = QPushButton(_("Try now"))
        self.try_button.clicked.connect(self._watch.look)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 8, 4)
        layout.setSpacing(10)
        layout.addWidget(picture)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.try_button)

    def note(self, source: object, as_of: datetime | None) -> None:
        """Note of what moment (UTC) that is which a part of the page shows now; None is now."""
        if as_of is None:
            for part in (source, *self._overtaken):  # what does not ask again is as it was
                self._ages.pop(part, None)
            self._overtaken.clear()
        else:
            self._ages[source] = as_of
            self._overtaken.discard(source)
        oldest = self.oldest
        if oldest is None:
            if not self.isHidden():
                self._pause = _FIRST_PAUSE_MS
                self.hide()
            return
        if not self._is_built:
            self._build()
        self.words.setText(
            _("As of {time}, off line. It is loaded again as soon as the database answers.").format(
                time=short_text(oldest)
            )
        )
        self.words.setToolTip(utc_hint(oldest))
        self.show()
        if not self._watch.is_away:  # it came back before this could be told
            self._timer.start(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_MS)

    @property
    def oldest(self) -> datetime | None:
        """The moment of the oldest part of the page; None if all of it is of now."""
        return min(self._ages.values(), default=None)

    @property
    def text(self) -> str:
        """What it says; empty while it says nothing."""
        return "" if self.isHidden() or not self._is_built else self.words.text()

    def _on_returned(self) -> None:
        self._is_due = bool(self._ages) and not self._watch.is_away
        self._load_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._load_if_seen)

    def _load_if_seen(self) -> None:
        if self._is_due and self.isVisible():
            self._is_due = False
            self._overtaken = WeakSet(self._ages)
            self.reload_wanted.emit()


def tell_age(view: QWidget, source: object, as_of: datetime | None) -> None:
    """Report to the line of the page that a view is on, if it has one."""
    page: QWidget | None = view
    while page is not None:
        line = getattr(page, "age_line", None)
        if isinstance(line, AgeLine):
            line.note(source, as_of)
            return
        page = page.parentWidget()
