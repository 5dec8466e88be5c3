"""Drawings of lines (SVG), painted by Qt in a decoder's process; nothing runs and nothing is loaded."""

from __future__ import annotations

import functools
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itkgui.client.files import BinaryFile
from itkgui.decoding.svg_source import cleaned
from itkgui.decoding.undecodable import Undecodable, reading
from itkgui.language import _
from itkgui.paths import resource
from itkgui.records.sizes import size_text

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtSvg import QSvgRenderer

SVG_TYPE = "image/svg+xml"
LARGEST = 20_000_000  # bytes of source
_LONGEST_SIDE = 30_000  # pixels that a drawing may be meant to have
_FONTS = ("Inter-Regular.otf", "DejaVuSansMono.ttf")


@dataclass(frozen=True)
class Drawing:
    """A drawing painted once: pixels as in ``Painting``, their size, and the size it is meant to have."""

    pixels: bytes
    drawn_size: tuple[int, int]
    size: tuple[int, int]
    remark: str


def load_svg(file: BinaryFile, room: tuple[int, int]) -> Drawing:
    """Paint a drawing as large as fits a room in pixels. Raises Undecodable."""
    renderer, remark = _renderer(file, _stamp(file))
    size = _size(renderer)
    factor = min(room[0] / size[0], room[1] / size[1])
    drawn = max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
    return Drawing(_draw(renderer, size, (0, 0, *size), drawn), drawn, size, remark)


def draw_svg(file: BinaryFile, box: tuple[int, int, int, int], size: tuple[int, int]) -> bytes:
    """Paint what lies in a box of a drawing, at any size in pixels. Raises Undecodable."""
    renderer, _ = _renderer(file, _stamp(file))
    return _draw(renderer, _size(renderer), box, size)


def _stamp(file: BinaryFile) -> int:
    with reading("drawing"):
        return file.path.stat().st_mtime_ns


@functools.lru_cache(maxsize=1)
def _renderer(file: BinaryFile, stamp: int) -> tuple[QSvgRenderer, str]:  # noqa: ARG001 - part of the key
    if file.size > LARGEST:
        why = _("its source is larger than {size}").format(size=size_text(LARGEST))
        raise Undecodable(f"{file.size} bytes", what="drawing", why=why)
    with reading("drawing"):
        source = file.path.read_bytes()
    clean = cleaned(source)
    _application()
    from PySide6.QtCore import QByteArray
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer()
    renderer.setAnimationEnabled(False)
    if not renderer.load(QByteArray(clean.source)):
        raise Undecodable("Qt cannot read what is left of it", what="drawing")
    return renderer, clean.remark


def _size(renderer: QSvgRenderer) -> tuple[int, int]:
    size = renderer.defaultSize()
    if size.isEmpty():
        raise Undecodable(f"{size.width()} × {size.height()} pixels", what="drawing", why=_("it has no size"))
    factor = max(1.0, size.width() / _LONGEST_SIDE, size.height() / _LONGEST_SIDE)
    return max(1, round(size.width() / factor)), max(1, round(size.height() / factor))


def _draw(
    renderer: QSvgRenderer, full: tuple[int, int], box: tuple[int, int, int, int], size: tuple[int, int]
) -> bytes:
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter

    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    across, down = size[0] / (box[2] - box[0]), size[1] / (box[3] - box[1])
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(-box[0] * across, -box[1] * down, full[0] * across, full[1] * down))
    painter.end()
    return bytes(image.constBits())


@functools.cache
def _application() -> QGuiApplication:
    """Return what Qt needs to write text, without a window; made with the first drawing."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler
    from PySide6.QtGui import QFontDatabase, QGuiApplication

    def tell(kind: QtMsgType, _: object, text: str) -> None:
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            sys.stderr.write(f"{text}\n")  # what is wrong with a drawing is no news for a terminal

    qInstallMessageHandler(tell)
    application = QGuiApplication([])
    for name in _FONTS:
        QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
    return application
