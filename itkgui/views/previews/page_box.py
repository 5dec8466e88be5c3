"""The number of the page that is shown, between the buttons that lead to the one before and the next."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import QSpinBox, QWidget

from itkgui.language import _
from itkgui.views.style import set_role
from itkgui.views.widgets.tool_row import ToolRow


class PageBox(QSpinBox):
    """Tells by ``valueChanged`` to which page, from 1, somebody wants to go; not what it is told to show."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Page"))
        self.setToolTip(_("Page"))
        set_role(self, "plain")  # without buttons: told so, Qt would leave no room for the number
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setKeyboardTracking(False)

    def add_to(self, tools: ToolRow) -> tuple[QWidget, ...]:
        """Add it to a row of tools with its two buttons, and return all three."""
        back = tools.add_tool("go-left", _("Page before"), self.stepDown, command="page-before")
        tools.add_widget(self)
        return back, self, tools.add_tool("go-right", _("Next page"), self.stepUp, command="page-next")

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # Qt's own leaves out how many pages there are

    def begin(self, count: int) -> None:
        """Show the first page of so many."""
        with QSignalBlocker(self):
            self.setRange(1, count)
            self.setSuffix(_(" of {count:,}").format(count=count))
            self.setValue(1)

    def show_page(self, number: int) -> None:
        """Show the page, from 1, that somebody came to by another way."""
        with QSignalBlocker(self):
            self.setValue(number)
