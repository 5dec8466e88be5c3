"""Somebody who looks at pictures, in a pane of its own with real decoders."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from itkgui.client.files import BinaryFile
from itkgui.views.previews.image import ImagePreview
from itkgui.views.previews.image_canvas import ImageCanvas
from tests.gui.previewing import Viewer
from tests.unit.decoding.pictures import written


class PictureViewer(Viewer):
    """Somebody who looks at one picture after another."""

    @property
    def preview(self) -> ImagePreview:
        found = self.content.currentWidget()
        assert isinstance(found, ImagePreview)
        return found

    @property
    def canvas(self) -> ImageCanvas:
        return self.preview.canvas

    def open(self, content: bytes, name: str) -> BinaryFile:
        """Choose a file, and wait until its picture is there and sharp."""
        file = written(self.folder / name, content)
        self.show(file)
        return file

    def show(self, file: BinaryFile) -> None:
        self.content.show_file(file)
        self.until(lambda: self.content.shown_kind == "image")
        self.settle()

    def settle(self) -> None:
        preview = self.preview
        self.until(lambda: preview.pane.is_settled and preview.pinned.is_settled)

    def button(self, name: str) -> QToolButton:
        return self.preview.tools.buttons[name]

    def press(self, key: Qt.Key | str) -> None:
        if isinstance(key, str):
            QTest.keyClicks(self.canvas, key)
        else:
            QTest.keyClick(self.canvas, key)
        self.settle()

    def colour(self, spot: QPointF | QPoint | None = None) -> tuple[int, int, int]:
        """Return the colour at a spot of the canvas, by default its middle."""
        spot = QPointF(spot if spot is not None else self.canvas.rect().center())
        return rgb(self.canvas.grab().toImage().pixelColor(spot.toPoint()))

    def turn_wheel(self, spot: QPointF, notches: int) -> None:
        keys, phase = Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase
        place = self.canvas.mapToGlobal(spot)
        event = QWheelEvent(
            spot, place, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, keys, phase, False
        )
        QApplication.sendEvent(self.canvas, event)
        self.settle()


def rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()
