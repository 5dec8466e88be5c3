"""A row of small buttons and pickers; the buttons that have no room are in a menu at its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from itkgui.language import _
from itkgui.views.commands import hint, is_key_of
from itkgui.views.style import set_gap, set_icon, set_role, spaced

_GAP = 3  # pixels, at 100 % of the text size
_MARGIN = 6
_ICON = 18


class ToolRow(QWidget):
    """Tools in the order they were added; what is not offered takes no room.

    Of the buttons, the last go into the menu first. Everything else stays and shares the room there is.
    """

    def __init__(self, role: str = "tool", *, margin: int = _MARGIN) -> None:
        super().__init__()
        self._role, self._margin = role, margin
        self._offered: dict[QWidget, bool] = {}
        self.buttons: dict[str, QToolButton] = {}
        """Those made by ``add_tool``, by name."""
        self.by_command: dict[str, QToolButton] = {}
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more = self._button("more", _("More: what has no room here"), _("More"))
        self.more.clicked.connect(self._open_menu)
        self.more.hide()
        self._row = QHBoxLayout(self)
        self._row.addWidget(self.more)
        self._row.addStretch(1)
        self._space()

    def add_tool(
        self,
        icon_name: str,
        text: str,
        on_click: Callable[[], None],
        *,
        command: str = "",
        checkable: bool = False,
    ) -> QToolButton:
        """Add a button; the key of a ``command`` is told in its tool tip, and taken by ``of_key``."""
        button = self._button(icon_name, hint(text, command), text)
        button.setCheckable(checkable)
        button.clicked.connect(lambda: on_click())
        self.add_widget(button)
        self.buttons[text] = button
        if command:
            self.by_command[command] = button
        return button

    def of_key(self, event: QKeyEvent) -> QToolButton | None:
        """Return the button whose command has the key that was pressed, if it is offered."""
        found = (button for name, button in self.by_command.items() if is_key_of(event, name))
        return next((button for button in found if self._offered[button]), None)

    def add_widget(self, widget: QWidget) -> None:
        """Add a button made elsewhere, or something that is never moved into the menu."""
        self._row.insertWidget(len(self._offered), widget)
        self._offered[widget] = True

    def offer(self, tool: QWidget, offered: bool) -> None:
        """Show a tool, in the row or in the menu, or take it away."""
        if self._offered[tool] != offered:
            self._offered[tool] = offered
            self._fit()

    def is_offered(self, tool: QWidget) -> bool:
        return self._offered[tool]

    @property
    def rest(self) -> list[QToolButton]:
        """The buttons that are offered, and for which the row has no room."""
        return [tool for tool in self._shown() if isinstance(tool, QToolButton) and tool.isHidden()]

    def sizeHint(self) -> QSize:
        """Return the room of all that is offered."""
        return self._size([tool.sizeHint() for tool in self._shown()])

    def minimumSizeHint(self) -> QSize:
        """Return the room of what stays, and of the menu's button."""
        stay = [_least_size(tool) for tool in self._shown() if not isinstance(tool, QToolButton)]
        return self._size([*stay, self.more.sizeHint()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not now: showing a button would have the layouts around it begin anew in the midst of their work.
        QTimer.singleShot(0, self, self._fit)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # text or icons have another size
            self._space()
            self.updateGeometry()
            self._fit()
        return super().event(event)

    def _button(self, icon_name: str, hint: str, name: str) -> QToolButton:
        button = QToolButton(self)
        set_role(button, self._role)
        set_icon(button, icon_name, size=_ICON)
        button.setToolTip(hint)
        button.setAccessibleName(name)
        return button

    def _space(self) -> None:
        self._row.setContentsMargins(spaced(self._margin), 0, spaced(self._margin), 0)
        set_gap(self._row, spaced(_GAP))

    def _shown(self) -> list[QWidget]:
        return [tool for tool, offered in self._offered.items() if offered]

    def _size(self, sizes: list[QSize]) -> QSize:
        height = max(size.height() for size in (*sizes, self.more.sizeHint()))
        return QSize(sum(size.width() + spaced(_GAP) for size in sizes) + 2 * spaced(self._margin), height)

    def _fit(self) -> None:
        """Show as many buttons as have room; of the rest, the last go first."""
        placed = self._shown()
        movable = [tool for tool in placed if isinstance(tool, QToolButton)]
        has_rest = False
        while movable and self._least(placed, has_rest=has_rest) > self.width():
            placed.remove(movable.pop())
            has_rest = True
        for tool in self._offered:
            tool.setVisible(tool in placed)
        self.more.setVisible(has_rest)

    def _least(self, placed: list[QWidget], *, has_rest: bool) -> int:
        """Return the width that tools need, the menu's button with them if there is a rest."""
        sizes = [t.sizeHint() if isinstance(t, QToolButton) else _least_size(t) for t in placed]
        return self._size([*sizes, self.more.sizeHint()] if has_rest else sizes).width()

    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _fill_menu(self) -> None:
        self.menu.clear()
        for button in self.rest:
            button.setGeometry(self.more.geometry())  # what it opens then hangs below the menu's button
            if button.popupMode() is QToolButton.ToolButtonPopupMode.InstantPopup:
                action = self.menu.addMenu(button.menu())
                action.setText(button.toolTip())
            else:
                action = self.menu.addAction(button.icon(), button.toolTip() or button.text())
                action.setCheckable(button.isCheckable())
                action.setChecked(button.isChecked())
                action.triggered.connect(button.click)
            action.setEnabled(button.isEnabled())


def _least_size(widget: QWidget) -> QSize:
    return widget.minimumSizeHint().expandedTo(widget.minimumSize())
