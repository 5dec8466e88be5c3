"""The buttons of the uploads: what can be done with those that are chosen, and with all."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from itkgui.item_models.upload_deeds import Deed, concerned
from itkgui.item_models.upload_words import other_storage
from itkgui.uploads.upload import Upload
from itkgui.views.flow_layout import FlowLayout
from itkgui.views.style import set_icon, set_role

_KEYS = {
    Deed.UNDO: "Ctrl+Z",
    Deed.CANCEL: "Del",
    Deed.PAUSE: "P",
    Deed.RESUME: "P",
    Deed.RETRY: "R",
    Deed.UP: "Alt+Up",
    Deed.DOWN: "Alt+Down",
}
_ICONS = {
    Deed.UNDO: "back",
    Deed.CANCEL: "close",
    Deed.PAUSE: "pause",
    Deed.RESUME: "resume",
    Deed.RETRY: "reload",
    Deed.ANYWAY: "upload",
    Deed.UP: "go-up",
    Deed.DOWN: "go-down",
    Deed.SHOW: "go-to",
    Deed.SWAP: "upload",
}


class UploadTools(QWidget):
    """Offers what can be done now; each is in the table's menu too, and has a key there.

    Pausing and resuming share a button and a key, as only one of them makes sense at a time.
    """

    wanted = Signal(object, object)  # Deed, list[Upload]

    def __init__(self, table: QWidget) -> None:
        super().__init__()
        self._chosen: Sequence[Upload] = ()
        self.buttons: dict[Deed, QToolButton] = {}
        self.actions_of: dict[Deed, QAction] = {}
        self._flow = FlowLayout(self, spacing=4)
        self._flow.setContentsMargins(0, 0, 0, 0)
        for deed in Deed:
            action = QAction(deed.value, table)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, deed=deed: self._on_wanted(deed))
            table.addAction(action)
            button = QToolButton()
            set_role(button, "filter")
            set_icon(button, _ICONS[deed], size=16)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setText(deed.value)
            keys = _KEYS.get(deed, "Return" if deed is Deed.SHOW else "")
            button.setToolTip(f"{deed.value} ({keys})" if keys else deed.value)
            button.clicked.connect(lambda _=False, deed=deed: self._on_wanted(deed))
            self._flow.addWidget(button)
            self.actions_of[deed], self.buttons[deed] = action, button
        self.offer(())

    def add(self, widget: QWidget) -> None:
        """Put a button beside the others."""
        self._flow.addWidget(widget)

    def offer(self, chosen: Sequence[Upload]) -> None:
        """Offer what can be done with the uploads that are chosen."""
        self._chosen = chosen
        possible = {deed: concerned(deed, chosen) for deed in Deed}
        is_resuming = bool(possible[Deed.RESUME]) and not possible[Deed.PAUSE]
        for deed, rows in possible.items():
            is_offered = deed is not (Deed.PAUSE if is_resuming else Deed.RESUME)
            is_offered &= deed not in (Deed.SWAP, Deed.ANYWAY) or bool(rows)
            action, button = self.actions_of[deed], self.buttons[deed]
            action.setEnabled(bool(rows))
            action.setVisible(is_offered)
            keys = _KEYS.get(deed, "") if is_offered else ""
            if action.shortcut().toString() != keys:
                action.setShortcut(QKeySequence(keys))
            button.setEnabled(bool(rows))
            button.setVisible(is_offered)
        swapped = possible[Deed.SWAP]
        if swapped:
            text = f"Send to {other_storage(swapped[0].storage).label} instead"
            self.actions_of[Deed.SWAP].setText(text)
            self.buttons[Deed.SWAP].setText(text)

    def _on_wanted(self, deed: Deed) -> None:
        rows = concerned(deed, self._chosen)
        if rows:
            self.wanted.emit(deed, rows)
