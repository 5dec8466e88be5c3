"""The field that takes a scan or a typed name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from itkgui.language import _
from itkgui.records.identifier_list import LONGEST, identifiers_in
from itkgui.views.commands import is_key_of
from itkgui.views.style import set_role, set_room
from itkgui.views.widgets.dropped import pastes_files


class ScanBox(QLineEdit):
    """Leaves to the window the keys that mean something there, and a pasted list to who can look it up."""

    list_pasted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "scan")
        self.setPlaceholderText(_("Scan or type a serial number, name or code"))
        self.setAccessibleName(_("Find a component"))
        self.setClearButtonEnabled(True)
        self.setMaxLength(5 * LONGEST)  # what is cut off unseen would be looked up
        set_room(self, least=(24, 0), most=(56, 0))

    def event(self, event: QEvent) -> bool:
        # Qt's own meaning of Ctrl+U is "delete all"; here it adds files, as does pasting them.
        if isinstance(event, QKeyEvent) and (is_key_of(event, "add-files") or pastes_files(event)):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_key_of(event, "paste"):
            text = QGuiApplication.clipboard().text()
            if len(identifiers_in(text)) > 1:  # one line could not hold it
                self.list_pasted.emit(text)
                return
        super().keyPressEvent(event)
