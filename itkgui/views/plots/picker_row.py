"""The row of pickers and buttons of a plot: the buttons that have no room are in a menu at its end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from itkgui.views.style import set_icon, set_role

_SPACING = 3


class PickerRow(QWidget):
    """First the pickers, which stay and share the room there is, then buttons, of which the last go first."""

    def __init__(self, staying: Sequence[QWidget], buttons: Sequence[QToolButton]) -> None:
        super().__init__()
        self._staying, self._buttons = tuple(staying), tuple(buttons)
        self._left_out = dict.fromkeys(buttons, False)  # because there is nothing they could do now
        self.more_button = QToolButton()
        set_icon(self.more_button, "more", size=18)
        set_role(self.more_button, "compact")
        self.more_button.setToolTip("More: what has no room here")
        self.more_button.setAccessibleName("More")
        self.more_button.clicked.connect(self.open_rest)
        self.more_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 0)
        row.setSpacing(_SPACING)
        for widget in (*self._staying, *self._buttons, self.more_button):
            row.addWidget(widget)
        row.addStretch(1)

    def offer(self, button: QToolButton, wanted: bool) -> None:
        """Say whether a button has something to do; then it is in the row or in the menu."""
        self._left_out[button] = not wanted
        self._fit()

    def offers(self, button: QToolButton) -> bool:
        return not self._left_out[button]

    @property
    def rest(self) -> list[QToolButton]:
        """The buttons that are offered, and for which the row has no room."""
        return [button for button in self._buttons if self.offers(button) and button.isHidden()]

    def open_rest(self) -> None:
        """Show the menu of what has no room."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self.rest:
            if button.popupMode() is QToolButton.ToolButtonPopupMode.InstantPopup:
                menu.addMenu(button.menu()).setText(button.toolTip())
            else:
                action = menu.addAction(button.toolTip(), button.click)
                action.setCheckable(button.isCheckable())
                action.setChecked(button.isChecked())
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def minimumSizeHint(self) -> QSize:
        """Return the room of what stays, and of the menu's button."""
        width = self._width_of_staying() + self.more_button.sizeHint().width() + _SPACING
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _width_of_staying(self) -> int:
        margins = self.contentsMargins() if (layout := self.layout()) is None else layout.contentsMargins()
        shown = [widget for widget in self._staying if not widget.isHidden()]
        used = sum(widget.minimumSizeHint().width() + _SPACING for widget in shown)
        return used + margins.left() + margins.right()

    def _fit(self) -> None:
        """Show as many buttons as have room."""
        offered = [button for button in self._buttons if self.offers(button)]
        widths = [button.sizeHint().width() + _SPACING for button in offered]
        room = self.width() - self._width_of_staying()
        if sum(widths) > room:
            room -= self.more_button.sizeHint().width() + _SPACING
        fitting = 0
        for width in widths:
            room -= width
            if room < 0:
                break
            fitting += 1
        for button in self._buttons:
            button.setVisible(button in offered[:fitting])
        self.more_button.setVisible(fitting < len(offered))
