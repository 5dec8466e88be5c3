"""Pictures and data of a plot, for files and for the clipboard."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QRect, QRectF, QSaveFile, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from itkgui.background.part_file import PartFile
from itkgui.client.exceptions import FileNotWritten
from itkgui.item_models.table_export import Extract, csv_pieces
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.legend import draw_entries, entries_size
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.style import Style, text_font

PICTURE_SCALE = 2
_MARGIN = 10


def picture(canvas: Canvas, entries: Sequence[LegendEntry]) -> QImage:
    """Return the plot as it is shown, with its legend, twice as large."""
    size = _size(canvas, entries)
    image = QImage(size * PICTURE_SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_SCALE)
    painter = QPainter(image)
    _paint(painter, canvas, entries)
    painter.end()
    return image


def drawing(canvas: Canvas, entries: Sequence[LegendEntry]) -> bytes:
    """Return the same as SVG, with lines that stay lines."""
    size = _size(canvas, entries)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(canvas.view.logicalDpiX())  # text was measured for the screen
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(canvas.accessibleName())
    painter = QPainter(generator)
    _paint(painter, canvas, entries)
    painter.end()
    return bytes(QByteArray(buffer.data()).data())


async def write_rows(path: Path, extract: Extract) -> None:
    """Write rows as CSV; other work goes on in between. Raises FileNotWritten."""
    part = PartFile(path)
    try:
        for piece in csv_pieces(extract):
            part.write(piece)
            await asyncio.sleep(0)
        part.finish()
    finally:
        part.abandon()


def write_file(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all. Raises FileNotWritten."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly) or file.write(content) < 0 or not file.commit():
        raise FileNotWritten(f"{path}: {file.errorString()}")


def as_png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(QByteArray(buffer.data()).data())


def _size(canvas: Canvas, entries: Sequence[LegendEntry]) -> QSize:
    size: QSize = canvas.view.size()
    if not entries:
        return size
    legend = entries_size(QFontMetricsF(_legend_font()), size.height() - 2 * _MARGIN, entries)
    return QSize(size.width() + legend.width() + _MARGIN, max(size.height(), legend.height() + 2 * _MARGIN))


def _legend_font() -> QFont:
    return text_font(0.9)


def _paint(painter: QPainter, canvas: Canvas, entries: Sequence[LegendEntry]) -> None:
    size = canvas.view.size()
    whole = _size(canvas, entries)
    painter.fillRect(QRect(0, 0, whole.width(), whole.height()), QColor(Style.theme.surface))
    place = QRectF(0, 0, size.width(), size.height())
    with canvas.without_marker(), _symbols_as_paths(canvas):
        canvas.view.render(painter, place, canvas.view.viewport().rect())
    if entries:
        painter.resetTransform()
        painter.setClipping(False)
        painter.setFont(_legend_font())
        beside = QRectF(size.width(), _MARGIN, whole.width() - size.width(), whole.height() - 2 * _MARGIN)
        draw_entries(painter, beside, entries)


@contextmanager
def _symbols_as_paths(canvas: Canvas) -> Iterator[None]:
    """Let symbols be drawn as shapes, not as little pictures of the screen's resolution."""
    scatters = [item for item in canvas.view.scene().items() if isinstance(item, pg.ScatterPlotItem)]
    for item in scatters:
        item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})
    try:
        yield
    finally:
        for item in scatters:
            item.setExportMode(False)
