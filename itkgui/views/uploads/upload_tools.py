"""The buttons of the uploads: what can be done with those that are chosen, and with all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from itkgui.item_models.upload_deeds import Deed, concerned
from itkgui.item_models.upload_words import anyway_text, other_storage, unpaused_text
from itkgui.language import _
from itkgui.uploads.upload import Upload
from itkgui.views.commands import HERE, Offer, hint, offer
from itkgui.views.style import set_icon, set_role
from itkgui.views.widgets.tool_row import ToolRow

_ICONS = {
    Deed.UNDO: "undo",
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

_ONLY_IF_POSSIBLE = (Deed.UNDO, Deed.SWAP, Deed.ANYWAY)


class UploadTools(QWidget):
    """Offers what can be done now; each is in the table's menu too, and has a key there.

    Pausing and resuming share a button and a key, as only one of them makes sense at a time. The buttons that
    have no room are in a menu at the end of the row.
    """

    wanted = Signal(object, object)  # Deed, list[Upload]
    refused = Signal(str)  # why what somebody wants cannot be done, which a key does not show

    def __init__(self, table: QWidget, *, first: QToolButton, last: QToolButton) -> None:
        super().__init__()
        self._chosen: Sequence[Upload] = ()
        self.buttons: dict[Deed, QToolButton] = {}
        self.actions_of: dict[Deed, Offer] = {}
        self._row = ToolRow("filter", margin=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._row)
        self._row.add_widget(first)
        for deed in Deed:
            action = offer(table, f"upload-{deed.name.lower()}", partial(self._on_wanted, deed), context=HERE)
            button = QToolButton()
            set_role(button, "filter")
            set_icon(button, _ICONS[deed], size=16)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setText(action.command.text)
            button.setToolTip(hint(button.text(), "open-row" if deed is Deed.SHOW else action.command.name))
            button.clicked.connect(lambda _checked=False, deed=deed: self._on_wanted(deed))
            self._row.add_widget(button)
            self.actions_of[deed], self.buttons[deed] = action, button
        self._row.add_widget(last)
        self.offer(())

    def add(self, widget: QWidget) -> None:
        """Put something beside the buttons, which is never moved into the menu."""
        self._row.add_widget(widget)

    def offer(self, chosen: Sequence[Upload]) -> None:
        """Offer what can be done with the uploads that are chosen."""
        self._chosen = chosen
        possible = {deed: concerned(deed, chosen) for deed in Deed}
        is_resuming = bool(possible[Deed.RESUME]) and not possible[Deed.PAUSE]
        for deed, rows in possible.items():
            is_offered = deed is not (Deed.PAUSE if is_resuming else Deed.RESUME)
            is_offered &= deed not in _ONLY_IF_POSSIBLE or bool(rows)
            action, button = self.actions_of[deed], self.buttons[deed]
            action.setEnabled(bool(rows) or (deed is Deed.PAUSE and bool(chosen)))
            action.setVisible(is_offered)
            button.setEnabled(bool(rows))
            if deed is Deed.PAUSE:
                button.setToolTip(unpaused_text(chosen) if not rows else action.command.hint)
            self._row.offer(button, is_offered)
        swapped = possible[Deed.SWAP]
        if swapped:
            other = other_storage(swapped[0].storage).label
            self._name(Deed.SWAP, _("Send to {storage} instead").format(storage=other))
        if possible[Deed.ANYWAY]:
            self._name(Deed.ANYWAY, anyway_text(possible[Deed.ANYWAY]))

    def tick(self) -> None:
        """Offer no more what time alone has made impossible."""
        if self.buttons[Deed.UNDO].isEnabled() and not concerned(Deed.UNDO, self._chosen):
            self.offer(self._chosen)

    def _name(self, deed: Deed, text: str) -> None:
        self.actions_of[deed].setText(text)
        self.buttons[deed].setText(text)
        self.buttons[deed].setToolTip(text)

    def _on_wanted(self, deed: Deed) -> None:
        rows = concerned(deed, self._chosen)
        if rows:
            self.wanted.emit(deed, rows)
        elif deed is Deed.PAUSE:
            self.refused.emit(unpaused_text(self._chosen))
