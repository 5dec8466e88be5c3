"""A box to choose from, which shows what is chosen as far as there is room, and then dots."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from itkgui.item_models.plain_text import plain_hint

_LEAST_LETTERS, _MOST_LETTERS = 9, 60  # of the text that are seen
_AROUND_CHOICE = 16  # pixels
_ROWS = 18  # of choices in sight


class Picker(QComboBox):
    """As wide as what is chosen, not as the longest of the choices, which are shown in full when it opens.

    Where there is less room the text ends in "…"; the tool tip has the name of the box and the whole text.
    """

    def __init__(self, name: str, *, least: int = _LEAST_LETTERS, most: int = _MOST_LETTERS) -> None:
        """Between ``least`` and ``most`` letters of the text are seen."""
        super().__init__()
        self._name, self._least, self._most = name, least, most
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(1)
        self.setMaxVisibleItems(_ROWS)
        self.currentTextChanged.connect(self._on_text)
        self._on_text("")

    def sizeHint(self) -> QSize:
        """Return the size with the whole text, unless that is very long."""
        return self._size(self._most)

    def minimumSizeHint(self) -> QSize:
        """Return the size with the beginning of the text."""
        return self._size(self._least)

    def _size(self, letters: int) -> QSize:
        size, metrics = super().sizeHint(), self.fontMetrics()
        # Qt leaves room for one letter and for an icon, of which there is none.
        around = size.width() - metrics.horizontalAdvance("X") - self.iconSize().width()
        text = metrics.horizontalAdvance(self.currentText())
        return QSize(around + min(text, letters * metrics.averageCharWidth()), size.height())

    def showPopup(self) -> None:
        # Qt has decided on it before it knew the style sheet, by which the list has a limit.
        self.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + _AROUND_CHOICE)
        super().showPopup()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        style: Any = option  # the stubs leave the option's fields out
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        style.currentText = self.shown_text
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    @property
    def shown_text(self) -> str:
        """What there is room for of the text."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, field, self).width() - 2
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)

    def _on_text(self, text: str) -> None:
        self.setToolTip(plain_hint(f"{self._name}: {text}" if text else self._name))
        self.updateGeometry()
