"""Brightness and contrast of a picture, in a small window beside its button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QSlider, QWidget

from itkgui.decoding.tones import BYTES, Tone
from itkgui.item_models.image_words import adjusted, value_words
from itkgui.language import _
from itkgui.views.style import set_role, set_room

_SLIDER = 20  # characters, as wide as it is


class ToneSliders(QFrame):
    """Two sliders that move and narrow the window of values from black to white."""

    changed = Signal(object)  # Tone
    key_left = Signal(object)
    """A QKeyEvent that nothing in here has a use for; such a window would keep it from all others."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._usual = BYTES
        set_role(self, "card")
        self.brightness, self.contrast = (self._slider(name) for name in (_("Brightness"), _("Contrast")))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.words, "quiet")
        self.reset = QPushButton(_("Reset"))
        self.reset.clicked.connect(self._on_reset)
        layout = QGridLayout(self)
        for row, slider in enumerate((self.brightness, self.contrast)):
            layout.addWidget(QLabel(slider.accessibleName()), row, 0)
            layout.addWidget(slider, row, 1, 1, 2)
        layout.addWidget(self.words, 2, 0, 1, 2)
        layout.addWidget(self.reset, 2, 2, Qt.AlignmentFlag.AlignRight)
        layout.setColumnStretch(1, 1)

    @property
    def is_changed(self) -> bool:
        """Whether the picture is shown in other shades than it usually is."""
        return bool(self.brightness.value() or self.contrast.value())

    def begin(self, usual: Tone) -> None:
        """Begin anew for a picture; ``usual`` is its window with both sliders in the middle."""
        self._usual = usual
        for slider in (self.brightness, self.contrast):
            slider.blockSignals(True)
            slider.setValue(0)
            slider.blockSignals(False)
        self._show_words(usual)

    def open_below(self, button: QWidget) -> None:
        """Show the sliders below a button."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(0, button.height()))
        right = button.screen().availableGeometry().right()
        self.move(min(corner.x(), right - self.width()), corner.y())
        self.show()
        self.brightness.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            self.key_left.emit(event)

    def _slider(self, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(-100, 100)
        slider.setPageStep(10)
        set_room(slider, least=(_SLIDER, 0))
        slider.setAccessibleName(name)
        slider.setToolTip(name)
        slider.valueChanged.connect(self._on_changed)
        return slider

    def _on_changed(self) -> None:
        tone = adjusted(self._usual, self.brightness.value() / 100, self.contrast.value() / 100)
        self._show_words(tone)
        self.changed.emit(tone)

    def _on_reset(self) -> None:
        self.begin(self._usual)
        self.changed.emit(self._usual)

    def _show_words(self, tone: Tone) -> None:
        self.words.setText(
            _("Black at {low}, white at {high}").format(
                low=value_words(tone.low), high=value_words(tone.high)
            )
        )
