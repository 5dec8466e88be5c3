"""A box to choose where files go, which shortens a name in its middle: the ends tell runs of a test apart."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from itkgui.item_models.plain_text import plain_hint

_BESIDE = 4  # pixels that Qt keeps free beside the text


class TargetBox(QComboBox):
    """Shows what is chosen with dots in the middle where it is too long; its hint has the whole."""

    @property
    def shown(self) -> str:
        """The text as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        text = self.currentText() if self.currentIndex() >= 0 else self.placeholderText()
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, field.width() - _BESIDE)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:  # the choices come while signals are blocked
            self.setToolTip(plain_hint(self.currentText()))
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style: Any = option  # the stubs leave the option's fields out
        style.currentText = self.shown
        if self.currentIndex() < 0:
            quiet = style.palette.brush(QPalette.ColorRole.PlaceholderText)
            style.palette.setBrush(QPalette.ColorRole.ButtonText, quiet)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
