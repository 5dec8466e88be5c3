"""Asks how long a measured distance is in what a picture shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from itkgui.language import _

_UNITS = {"mm": 1000.0, "µm": 1.0}  # µm
_DIGITS = 4  # behind the point, of either unit


class ScaleDialog(QDialog):
    """A number and its unit."""

    length_chosen = Signal(float)  # µm

    def __init__(self, parent: QWidget, pixels: float) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Scale of the picture"))
        self.length, self.unit = QDoubleSpinBox(), QComboBox()
        self.length.setDecimals(_DIGITS)
        self.length.setRange(10.0**-_DIGITS, 1e9)
        self.length.setValue(1.0)
        self.length.setAccessibleName(_("Length of the measured distance"))
        self.unit.addItems(list(_UNITS))
        self.unit.setAccessibleName(_("Unit of the length"))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(self._tell)
        row = QHBoxLayout()
        row.addWidget(self.length, 1)
        row.addWidget(self.unit)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(_("The measured distance of {pixels:,.1f} pixels is:").format(pixels=pixels)))
        layout.addLayout(row)
        layout.addWidget(buttons)
        self.length.selectAll()

    def _tell(self) -> None:
        self.length_chosen.emit(self.length.value() * _UNITS[self.unit.currentText()])
