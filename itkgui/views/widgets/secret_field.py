"""A field for a secret: hidden, shown on request only if it was typed here, and not left on the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from itkgui.language import _
from itkgui.views.style import Style, icon
from itkgui.views.widgets.pasted_secrets import PastedSecrets

if TYPE_CHECKING:
    from itkgui.views.widgets.stray_scan import StrayScan


class SecretField(QLineEdit):
    """What the program filled in itself cannot be revealed: it may belong to somebody else in the room.

    A label that is scanned into it does not stay, and its ending enters nothing.
    """

    scanned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_given = False
        self._before = ""  # what stood here before the latest edit
        self._pasted = PastedSecrets(self)
        self._scan: StrayScan | None = None  # once somebody types
        self._reveal = QAction(_("Show what is typed"), self)
        self._reveal.setCheckable(True)
        self._reveal.toggled.connect(self._on_reveal_toggled)
        self.addAction(self._reveal, QLineEdit.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._on_edited)
        Style.in_use().changed.connect(self._show_eye)
        self._on_reveal_toggled(False)

    def give(self, secret: str) -> None:
        """Fill the field in, or empty it."""
        self._reveal.setChecked(False)
        self.setText(secret)
        self.is_given = bool(secret)
        self._reveal.setVisible(not self.is_given)
        self._before = secret
        self._pasted.clear()

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent) and kind in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            scan = self._scan = self._scan or _new_scan()
            if scan.is_ended_by(event):
                event.accept()  # no shortcut either: it comes again as a key that is pressed
                if kind is QEvent.Type.KeyPress:
                    scan.forget()
                    self.setText(scan.before)
                    self.scanned.emit()
                return True
            if kind is QEvent.Type.KeyPress:
                scan.press(event, self.text())
        return super().event(event)

    def _on_edited(self, text: str) -> None:
        before, self._before = self._before, text
        self._pasted.note(before, text)
        if not text:  # nothing is left of what was given
            self.give("")

    def _on_reveal_toggled(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._show_eye()

    def _show_eye(self) -> None:
        self._reveal.setIcon(icon("eye-off" if self._reveal.isChecked() else "eye", "quiet"))


def _new_scan() -> StrayScan:
    from itkgui.views.widgets.stray_scan import (
        StrayScan,  # the sign-in page comes up without all about labels
    )

    return StrayScan()
