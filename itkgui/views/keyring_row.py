"""What the sign-in page offers of the keyring: to keep codes there, to take them, to forget them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.language import _
from itkgui.views.flow_layout import FlowLayout
from itkgui.views.style import set_role


class KeyringRow(QWidget):
    """Nothing is kept unless the box is ticked; it asks no keyring by itself."""

    take_requested = Signal()
    forget_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.keep_box = QCheckBox(_("Keep these codes in the keyring of this computer"))
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.note, "quiet")
        self.take_button = QPushButton(_("Take them from there"))
        self.forget_button = QPushButton(_("Forget the codes"))
        for button, signal in (
            (self.take_button, self.take_requested),
            (self.forget_button, self.forget_requested),
        ):
            set_role(button, "link")
            button.clicked.connect(signal)
        row = FlowLayout(self, spacing=8)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.keep_box, self.note, self.take_button, self.forget_button):
            row.addWidget(widget)
        self.show_place("")

    def show_place(self, place: str) -> None:
        """Tell where codes are kept for the chosen server; nowhere by an empty text."""
        self.keep_box.setVisible(not place)
        self.keep_box.setChecked(False)
        self.note.setText(shown_text(_("Codes are kept in {place}.").format(place=place)))
        for widget in (self.note, self.take_button, self.forget_button):
            widget.setVisible(bool(place))
        for button in (self.take_button, self.forget_button):
            button.setEnabled(True)

    def show_waiting(self) -> None:
        """Tell that the keyring is being asked; codes can be typed meanwhile."""
        self.note.setText(_("Waiting for the keyring, which may ask for its password…"))
        for button in (self.take_button, self.forget_button):
            button.setEnabled(False)
