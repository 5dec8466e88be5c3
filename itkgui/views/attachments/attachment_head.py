"""Name and facts of an attachment, and what can be done with it: above its preview."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from itkgui.item_models.attachment_words import JOINT
from itkgui.item_models.plain_text import shown_text
from itkgui.views.style import arrange_by_text, set_role
from itkgui.views.widgets.name_label import NameLabel
from itkgui.views.widgets.tool_row import ToolRow

_NAME = 24  # characters of a name that the tools stand beside


class AttachmentHead(QWidget):
    """Takes as little height as its width allows: the tools beside the name if there is room for both.

    Where height is scarce, the facts have one line, and the tools stand beside the name in any case: those
    without room are in a menu.
    """

    def __init__(self) -> None:
        super().__init__()
        self.name, self.facts, self.tools = NameLabel(), NameLabel(), ToolRow()
        for part in (self.name, self.facts, self.tools):  # arranged once it is seen, which may never be
            part.setParent(self)
        set_role(self.name, "heading")
        set_role(self.facts, "quiet")
        self._lines: Sequence[str] = ()
        self._is_low = False
        self._is_beside: bool | None = None  # not arranged yet
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 6, 8, 4)
        self._grid.setSpacing(3)
        self._grid.setColumnStretch(0, 1)
        arrange_by_text(self)

    def show_name(self, name: str) -> None:
        self.name.say(shown_text(name))

    def show_facts(self, lines: Sequence[str]) -> None:
        """Tell facts, in a line each where there is height for that."""
        self._lines = lines
        self.facts.say((JOINT if self._is_low else "\n").join(map(shown_text, lines)))

    def use_little_height(self, is_low: bool) -> None:
        """Leave the preview most of a low page."""
        if is_low is not self._is_low:
            self._is_low = is_low
            self.facts.use_one_line(is_low)
            self.show_facts(self._lines)
            self._arrange(self.width())

    def _arrange(self, width: int) -> None:
        name = _NAME * self.fontMetrics().averageCharWidth()
        is_beside = self._is_low or width >= self.tools.sizeHint().width() + name
        self.tools.setMaximumWidth(max(width // 2, width - name) if is_beside else width)
        if is_beside is not self._is_beside:
            self._is_beside = is_beside
            across = 1 if is_beside else 2  # columns
            self._grid.addWidget(self.name, 0, 0, 1, across)
            self._grid.addWidget(self.facts, 1, 0, 1, 2)
            self._grid.addWidget(self.tools, 0 if is_beside else 2, 2 - across, 1, across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(event.size().width())
        super().resizeEvent(event)
