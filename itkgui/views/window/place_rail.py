"""The places of the window, one button each, at the left."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from itkgui.views.style import arrange_by_text, scaled, set_gap, set_icon, set_role, set_room

_USUAL, _SMALL = 20, 15  # pixels at 100 %, of an icon
_AIRY = 28  # pixels at 100 %, around the line of a button


class PlaceRail(QFrame):
    """Marks the place one is at."""

    place_requested = Signal(object)  # the page of the place

    def __init__(self, places: Iterable[tuple[QWidget, str, str]]) -> None:
        """Take the places from top to bottom: the page, the name of an icon, the title.

        One without an icon has no button: another way leads there.
        """
        super().__init__()
        set_role(self, "rail")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._group = QButtonGroup(self)
        self._buttons: dict[QWidget, QToolButton] = {}
        self._icons: dict[QWidget, str] = {}
        layout = self._layout = QVBoxLayout(self)
        self._is_low = False
        self._make_room(low=False)
        for page, icon_name, title in places:
            if not icon_name:
                continue
            button = QToolButton()
            set_role(button, "place")
            set_icon(button, icon_name)
            button.setText(title)
            button.setCheckable(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Preferred)
            set_room(button, least=(0, 1))  # where a long message takes the room
            button.clicked.connect(lambda _checked, page=page: self.place_requested.emit(page))
            self._group.addButton(button)
            self._buttons[page] = button
            self._icons[page] = icon_name
            layout.addWidget(button)
        layout.addStretch()
        arrange_by_text(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        airy = self.fontMetrics().lineSpacing() + scaled(_AIRY)
        self._make_room(low=event.size().height() < len(self._buttons) * airy)
        for button in self._buttons.values():
            button.setMaximumHeight(airy)

    def _make_room(self, *, low: bool) -> None:
        """Let the buttons share the height there is, with small icons, in a low window or with large text."""
        margin = 2 if low else 10
        self._layout.setContentsMargins(8, margin, 8, margin)
        set_gap(self._layout, 0 if low else 4)
        if low is not self._is_low:
            self._is_low = low
            for page, button in self._buttons.items():
                set_role(button, "place-low" if low else "place")
                self._layout.setStretchFactor(button, int(low))
                self._draw(page)

    def _draw(self, page: QWidget) -> None:
        button = self._buttons[page]
        name, tone = ("failed", "bad") if button.accessibleDescription() else (self._icons[page], "text")
        set_icon(button, name, tone, _SMALL if self._is_low else _USUAL)

    def mark(self, page: QWidget) -> None:
        """Mark the place one is at now."""
        button = self._buttons.get(page)
        if button is not None:
            button.setChecked(True)
        elif (marked := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)  # else one of them would stay marked
            marked.setChecked(False)
            self._group.setExclusive(True)

    def name(self, page: QWidget, title: str) -> None:
        """Give a place another title, such as one with a number."""
        self._buttons[page].setText(title)

    def warn(self, page: QWidget, said: str) -> None:
        """Mark a place where something failed, as ``said``; an empty text takes the mark away."""
        button = self._buttons[page]
        button.setToolTip(said)
        button.setAccessibleDescription(said)
        self._draw(page)

    def button(self, page: QWidget) -> QToolButton:
        return self._buttons[page]
