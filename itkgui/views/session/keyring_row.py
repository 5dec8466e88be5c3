"""What the sign-in page offers of the keyring: to keep codes there, to take them, to forget them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget

from itkgui.item_models.plain_text import shown_name, shown_text
from itkgui.language import _
from itkgui.views.style import set_role
from itkgui.views.widgets.flow_layout import FlowLayout
from itkgui.views.widgets.picker import Picker


class KeptFor(NamedTuple):
    """Somebody whose codes are kept, and what people call the keyring."""

    identity: str
    name: str
    place: str


class KeyringRow(QWidget):
    """Nothing is kept unless the box is ticked; it asks no keyring by itself."""

    take_requested = Signal()
    forget_requested = Signal()
    seen = Signal(bool)  # whether it is to be seen now

    def __init__(self) -> None:
        super().__init__()
        self._kept: Sequence[KeptFor] = ()
        self.keep_box = QCheckBox()
        self.bar_keeping("")
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.note, "quiet")
        self.person = Picker(_("Whose codes"))
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
        for widget in (self.keep_box, self.note, self.person, self.take_button, self.forget_button):
            row.addWidget(widget)
        self.show_kept(())

    @property
    def chosen(self) -> KeptFor | None:
        """Whose codes are meant; None if nobody's are kept."""
        return self._kept[max(0, self.person.currentIndex())] if self._kept else None

    def show_kept(self, kept: Sequence[KeptFor]) -> None:
        """Tell whose codes are kept for the chosen server, and let one choose among several."""
        before, self._kept = self.chosen, kept
        self.person.clear()
        self.person.addItems([shown_name(one.name or one.identity) for one in kept])
        self.person.setCurrentIndex(next((row for row, one in enumerate(kept) if one == before), 0))
        self.person.setVisible(len(kept) > 1)
        self.keep_box.setChecked(False)
        if len(kept) == 1:
            said = _("The codes of {who} are kept in {place}.")
            self.note.setText(shown_text(said.format(who=self.person.currentText(), place=kept[0].place)))
        elif kept:
            self.note.setText(shown_text(_("In {place} are codes of").format(place=kept[0].place)))
        for widget in (self.note, self.take_button, self.forget_button):
            widget.setVisible(bool(kept))
        self._enable(True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    def bar_keeping(self, reason: str, advice: str = "") -> None:
        """Offer to keep no codes for a reason, with what to do about it; with an empty one offer it again."""
        text, hint = _("{reason}: codes are not kept").format(reason=reason), advice
        if not reason:
            text = _("Keep these codes in the keyring of this computer")
            hint = _("They are kept under your name, beside those of others.")
        self.keep_box.setText(text)  # in the same place, so that nothing moves under the mouse
        self.keep_box.setToolTip(hint)
        self.keep_box.setEnabled(not reason)
        if reason:
            self.keep_box.setChecked(False)

    def show_waiting(self) -> None:
        """Tell that the keyring is being asked; codes can be typed meanwhile."""
        self.note.setText(_("Waiting for the keyring, which may ask for its password…"))
        self._enable(False)

    def _enable(self, is_usable: bool) -> None:
        for widget in (self.person, self.take_button, self.forget_button):
            widget.setEnabled(is_usable)
