"""A question that has to be answered before something is lost or done, in the program's own look."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from itkgui.item_models.plain_text import shown_text
from itkgui.views.style import icon, scaled

_SIDE = 32  # pixels of the picture at 100 %


class QuestionBox(QMessageBox):
    """Has no buttons yet; deletes itself when it is closed. ``is_warning`` if something may be lost."""

    def __init__(self, parent: QWidget, title: str, text: str = "", *, is_warning: bool = True) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setText("\n".join(map(shown_text, (text or title).split("\n"))))
        picture = icon("warning", "caution", _SIDE) if is_warning else icon("info", "accent", _SIDE)
        side = scaled(_SIDE)
        self.setIconPixmap(picture.pixmap(QSize(side, side), self.devicePixelRatioF()))
