"""Images: decoded on the worker no larger than a screen needs, shown with zoom, pan and rotation."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.files import BinaryFile
from itkgui.views.previews.preview_failed import PreviewFailed, check_readable
from itkgui.views.style import set_icon, set_role

LONGEST_SIDE = 2400  # pixels decoded: more than a pane shows, little enough to decode and paint at once
MOST_PIXELS = 256_000_000
MOST_PIXELS_AT_ONCE = 64_000_000  # of 4 bytes each, decoded in full before they are scaled down
_LARGEST = 16.0  # times the decoded size
_STEP = 1.25


@dataclass(frozen=True)
class LoadedImage:
    """An image ready to paint, and its size in the file (width, height in pixels, as it is turned)."""

    image: QImage
    full_size: QSize


def load_image(file: BinaryFile) -> LoadedImage:
    """Decode an image file, scaled down to at most ``LONGEST_SIDE`` pixels; runs on the worker.

    Raises PreviewFailed if the file is no image, is damaged or gone, or is too large to be decoded.
    """
    check_readable(file, "image")
    reader = QImageReader(str(file.path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    size = reader.size()
    _check_size(reader, size)
    if size.isValid() and max(size.width(), size.height()) > LONGEST_SIDE:
        scaled = size.scaled(LONGEST_SIDE, LONGEST_SIDE, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(scaled.expandedTo(QSize(1, 1)))
    image = reader.read()
    if image.isNull():
        raise PreviewFailed(f"{file.name}: {reader.errorString()}", what="image")
    if not size.isValid():
        size = image.size()
    turned = image.height() > image.width()
    if turned != (size.height() > size.width()):  # the camera's orientation swapped the sides
        size.transpose()
    return LoadedImage(image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied), size)


def _check_size(reader: QImageReader, size: QSize) -> None:
    """Raise PreviewFailed for an image that would take too much memory to decode, by what its head claims."""
    # Qt scales a JPEG down while it decodes; anything else is decoded in full first. The reader's own word
    # for the depth is left aside: for a damaged file it is any number, and Qt crashes on it.
    most = MOST_PIXELS if bytes(reader.format().data()) == b"jpeg" else MOST_PIXELS_AT_ONCE
    if size.isValid() and size.width() * size.height() > most:
        dimensions = f"{size.width():,} × {size.height():,} pixels"
        raise PreviewFailed(dimensions, what="image", why=f"it is too large, with {dimensions}")


class ImagePreview(QWidget):
    """Shows an image: fitted at first, wheel zooms at the cursor, drag pans."""

    def __init__(self) -> None:
        super().__init__()
        self._full = QSize()
        self.canvas = ImageCanvas()
        self.facts = QLabel()
        set_role(self.facts, "quiet")
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 2, 8, 4)
        tools.addWidget(self.facts, 1)
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
            tools.addWidget(button)
        self.canvas.zoomed.connect(self._show_facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(tools)

    def show_content(self, loaded: LoadedImage) -> None:
        self._full = loaded.full_size
        self.canvas.show_image(loaded.image)
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
