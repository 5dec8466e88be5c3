"""Prints a picture or a PDF, a page after the other, each as large as the paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from itkgui.background.worker import Lane
from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.printing import load_page, page_count
from itkgui.views.previews.image_canvas import painted
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class NotPrinted(ItkError):
    """The printer could not be begun with."""

    title = "Not printed"
    sentence = "The printer, or the file to print to, cannot be used."
    cure = "Check the printer, or choose another file, and print again."


class AttachmentPrint:
    """Asks for a printer, then prints between other events."""

    def __init__(self, view: QWidget, context: ViewContext) -> None:
        self._view, self._context = view, context
        self._task = ViewTask(view, context.messages.show)

    def ask(self, file: BinaryFile) -> None:
        """Let the user choose a printer, and print."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # few ever print

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(file.name)
        dialog = QPrintDialog(printer, self._view)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer, file))
        QDialog.open(dialog)  # its own takes a receiver

    def print_on(self, printer: QPrinter, file: BinaryFile) -> None:
        self._task.start(self._print(printer, file))

    async def _print(self, printer: QPrinter, file: BinaryFile) -> None:
        run, worker = self._context.decoders.run, self._context.worker
        count = await worker.call(run, page_count, file, lane=Lane.DECODING)
        first = max(1, printer.fromPage())
        last = min(printer.toPage() or count, count)
        painter: QPainter | None = None
        new_page: Callable[[], object] = printer.newPage
        try:
            for number in range(first, last + 1):
                page = await worker.call(run, load_page, file, number - 1, lane=Lane.DECODING)
                if painter is None:
                    painter = QPainter()
                    if not painter.begin(printer):
                        raise NotPrinted(printer.printerName() or printer.outputFileName())
                else:
                    new_page()
                _paint(painter, painted(page))
        finally:
            if painter is not None and painter.isActive():
                painter.end()
        pages = "1 page" if last == first else f"{last - first + 1} pages"
        self._context.messages.notify(f"{file.name} was sent to the printer, {pages}", "good")


def _paint(painter: QPainter, picture: QImage) -> None:
    """Paint a picture in the middle of a page, as large as fits."""
    room = painter.viewport()
    size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(room.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, picture)
