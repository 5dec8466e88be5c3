"""Images, shown with zoom, pan and rotation."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
)

from itkgui.client.files import BinaryFile
from itkgui.decoding.image import LoadedImage
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.style import set_icon, set_role

_LARGEST = 16.0  # times the decoded size
_STEP = 1.25


class ImagePreview(Preview):
    """Shows an image: fitted at first, wheel zooms at the cursor, drag pans."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._full = QSize()
        self.canvas = ImageCanvas()
        self.facts = QLabel()
        set_role(self.facts, "quiet")
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 2, 8, 4)
        bar.addWidget(self.facts, 1)
        for name, text, action in (
            ("zoom-out", "Smaller", lambda: self.canvas.zoom(1 / _STEP)),
            ("zoom-in", "Larger", lambda: self.canvas.zoom(_STEP)),
            ("fit", "Fit to the pane", self.canvas.fit),
            ("rotate", "Rotate by 90°", self.canvas.turn),
        ):
            button = QToolButton()
            set_icon(button, name)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.clicked.connect(action)
            bar.addWidget(button)
        self.canvas.zoomed.connect(self._show_facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(bar)

    def show_content(self, file: BinaryFile, loaded: LoadedImage) -> None:  # noqa: ARG002
        self._full = QSize(loaded.full_width, loaded.full_height)
        self.canvas.show_image(painted(loaded))
        self._show_facts()

    def _show_facts(self) -> None:
        shown = self.canvas.scale_shown * self.canvas.image_width / max(1, self._full.width())
        self.facts.setText(f"{self._full.width()} × {self._full.height()} pixels  ·  {shown:.0%}")


class ImageCanvas(QGraphicsView):
    """The picture itself; keeps it fitted to the pane until somebody zooms."""

    zoomed = Signal()

    def __init__(self) -> None:
        scene = QGraphicsScene()
        super().__init__(scene)
        scene.setParent(self)
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        scene.addItem(self._item)
        self._fitted = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        set_role(self, "canvas")
        self.setAccessibleName("Image")
        # A graphics view takes drops, for its items; files dropped here are for the page around it.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)

    def show_image(self, image: QImage) -> None:
        self._item.setPixmap(QPixmap.fromImage(image))
        self._item.setRotation(0)
        self.setSceneRect(self._item.sceneBoundingRect())
        self.fit()

    @property
    def scale_shown(self) -> float:
        """Screen pixels for each decoded pixel."""
        return self.transform().m11()

    @property
    def image_width(self) -> int:
        """Width of the decoded image in pixels; 0 while there is none."""
        return self._item.pixmap().width()

    def fit(self) -> None:
        """Show all of the image, never larger than it is."""
        self._fitted = True
        self.resetTransform()
        room, picture = self.viewport().rect(), self.sceneRect()
        if picture.width() > room.width() or picture.height() > room.height():
            self.fitInView(picture, Qt.AspectRatioMode.KeepAspectRatio)
        self.zoomed.emit()

    def zoom(self, factor: float) -> None:
        if 0.02 < self.scale_shown * factor < _LARGEST:
            self._fitted = False
            self.scale(factor, factor)
            self.zoomed.emit()

    def turn(self) -> None:
        self._item.setTransformOriginPoint(self._item.boundingRect().center())
        self._item.setRotation(self._item.rotation() + 90)
        self.setSceneRect(self._item.sceneBoundingRect())
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_STEP ** (event.angleDelta().y() / 120))
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()


def painted(loaded: LoadedImage) -> QImage:
    """Return a decoded picture as Qt's; its bytes are not copied."""
    formats = QImage.Format
    kind = formats.Format_ARGB32_Premultiplied if loaded.has_alpha else formats.Format_RGB32
    return QImage(loaded.pixels, loaded.width, loaded.height, 4 * loaded.width, kind)
