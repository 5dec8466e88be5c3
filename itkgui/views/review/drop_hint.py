"""What a page shows while files are dragged across it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from itkgui.language import _
from itkgui.views.style import set_role
from itkgui.views.widgets.empty_pane import EmptyPane


class DropHint(QFrame):
    """Lies over the whole page while files are dragged across it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._pane = EmptyPane("drop", "")
        layout = QVBoxLayout(self)
        layout.addWidget(self._pane)
        self.hide()

    def show_over(self, sentence: str) -> None:
        self._pane.say(sentence, _("The files on this computer stay as they are."))
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect().adjusted(10, 10, -10, -10))
        self.raise_()
        self.show()
