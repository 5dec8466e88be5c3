"""A row of small buttons; those for which a narrow pane has no room are in a menu at its end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from itkgui.views.style import set_icon, set_role, spaced

_GAP = 2  # pixels, at 100 % of the text size
_MARGIN = 6


class ToolRow(QWidget):
    """Buttons in the order they were added; what is not offered takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self._tools: list[QWidget] = []
        self.buttons: dict[str, QToolButton] = {}
        """By name."""
        self.by_key: dict[str, QToolButton] = {}
        self._offered: dict[QWidget, bool] = {}
        self._overflow: list[QToolButton] = []
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.more = QToolButton(self)
        set_role(self.more, "tool")
        set_icon(self.more, "more")
        self.more.setToolTip("More")
        self.more.setAccessibleName("More")
        self.more.setMenu(self.menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.hide()

    def add_tool(
        self,
        icon_name: str,
        text: str,
        on_click: Callable[[], None],
        *,
        key: str = "",
        checkable: bool = False,
    ) -> QToolButton:
        """Add a button; ``key`` is told in its tool tip, and for whoever is around to take."""
        button = QToolButton(self)
        set_role(button, "tool")
        set_icon(button, icon_name)
        button.setToolTip(f"{text} ({key})" if key else text)
        button.setAccessibleName(text)
        button.setCheckable(checkable)
        button.clicked.connect(lambda: on_click())
        self._add(button)
        self.buttons[text] = button
        if key:
            self.by_key[key] = button
        return button

    def add_widget(self, widget: QWidget) -> None:
        """Add something that is never moved into the menu."""
        widget.setParent(self)
        self._add(widget)

    def offer(self, tool: QWidget, offered: bool) -> None:
        """Show a tool, or take it away."""
        if self._offered[tool] != offered:
            self._offered[tool] = offered
            self._arrange()

    def is_offered(self, tool: QWidget) -> bool:
        return self._offered[tool]

    def sizeHint(self) -> QSize:
        return self._hint(self._shown())

    def minimumSizeHint(self) -> QSize:
        fixed = [tool for tool in self._shown() if not isinstance(tool, QToolButton)]
        return self._hint([*fixed, self.more])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # text or icons have another size
            self.updateGeometry()
            self._arrange()
        return super().event(event)

    def _add(self, widget: QWidget) -> None:
        self._tools.append(widget)
        self._offered[widget] = True

    def _shown(self) -> list[QWidget]:
        return [tool for tool in self._tools if self._offered[tool]]

    def _hint(self, tools: list[QWidget]) -> QSize:
        sizes = [tool.sizeHint() for tool in tools]
        height = max((size.height() for size in (*sizes, self.more.sizeHint())), default=0)
        return QSize(sum(size.width() + spaced(_GAP) for size in sizes) + 2 * spaced(_MARGIN), height)

    def _arrange(self) -> None:
        """Place what fits; of the rest, the last go first."""
        placed = self._shown()
        self._overflow = []
        movable = [tool for tool in placed if isinstance(tool, QToolButton)]
        while movable and self._hint([*placed, *self._more_if_needed()]).width() > self.width():
            last = movable.pop()
            placed.remove(last)
            self._overflow.insert(0, last)
        left = spaced(_MARGIN)
        for tool in [*placed, *self._more_if_needed()]:
            size = tool.sizeHint()
            tool.setGeometry(left, (self.height() - size.height()) // 2, size.width(), size.height())
            left += size.width() + spaced(_GAP)
        for tool in self._tools:
            tool.setVisible(tool in placed)
        self.more.setVisible(bool(self._overflow))

    def _more_if_needed(self) -> list[QWidget]:
        return [self.more] if self._overflow else []

    def _fill_menu(self) -> None:
        self.menu.clear()
        for button in self._overflow:
            action = self.menu.addAction(button.icon(), button.toolTip())
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
