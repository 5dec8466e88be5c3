"""Prints a picture or a PDF, a page after the other, each as large as the paper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from itkgui.background.worker import Lane
from itkgui.client.exceptions import Cancelled, ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.printing import AS_STORED, Look, load_page, page_count
from itkgui.item_models.painted import painted
from itkgui.language import N_, _, ngettext
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter


class NotPrinted(ItkError):
    """The printer could not be begun with, or takes no further page."""

    title = N_("Not printed")
    sentence = N_("The printer, or the file to print to, cannot be used.")
    cure = N_("Check the printer, or choose another file, and print again.")


class AttachmentPrint:
    """Asks for a printer, then prints between other events."""

    def __init__(self, view: QWidget, context: ViewContext) -> None:
        self._view, self._context = view, context
        self._task = ViewTask(view, context.messages.show)

    def ask(self, file: BinaryFile, password: str = "", look: Look = AS_STORED) -> None:
        """Let the user choose a printer, and print what a password opens, or a picture as it is seen."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # few ever print

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(file.name)
        dialog = QPrintDialog(printer, self._view)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer, file, password, look))
        QDialog.open(dialog)  # its own takes a receiver

    def print_on(
        self, printer: QPrinter, file: BinaryFile, password: str = "", look: Look = AS_STORED
    ) -> None:
        self._task.start(self._print(printer, file, password, look))

    async def _print(self, printer: QPrinter, file: BinaryFile, password: str, look: Look) -> None:
        run, worker = self._context.decoders.run, self._context.worker
        new_page: Callable[[], object] = printer.newPage
        painter = QPainter()
        done, numbers = 0, range(0)
        try:
            count = await worker.call(run, page_count, file, password, lane=Lane.DECODING)
            numbers = range(max(1, printer.fromPage()), min(printer.toPage() or count, count) + 1)
            for number in numbers:
                page = await worker.call(run, load_page, file, number - 1, password, look, lane=Lane.DECODING)
                if not (new_page() if painter.isActive() else painter.begin(printer)):
                    raise NotPrinted(printer.printerName() or printer.outputFileName())
                _paint(painter, painted(page))
                done += 1
        except (Cancelled, asyncio.CancelledError):
            _give_up(printer)
            said = _("Printing was stopped: {part}").format(part=_part(file, done, len(numbers)))
            self._context.messages.notify(said, "caution")
            raise
        except ItkError as error:
            _give_up(printer)
            self._context.messages.show(error, _part(file, done, len(numbers)))
        else:
            target = Path(printer.outputFileName()).name
            said = (
                ngettext(
                    "{name} was printed into {target}, {count:,} page",
                    "{name} was printed into {target}, {count:,} pages",
                    done,
                )
                if target
                else ngettext(
                    "{name} was sent to the printer, {count:,} page",
                    "{name} was sent to the printer, {count:,} pages",
                    done,
                )
            )
            told = said.format(name=file.name, target=target, count=done)
            self._context.messages.notify(told, "good")
        finally:
            if painter.isActive():
                painter.end()


def _give_up(printer: QPrinter) -> None:
    """Take back what is not on paper yet; where the system cannot, the pages so far come out."""
    if printer.printerState() is printer.PrinterState.Active:
        printer.abort()


def _part(file: BinaryFile, done: int, count: int) -> str:
    """Tell how much of a file was printed before something came between."""
    said = (
        ngettext("{name}, {done} of {count} page printed", "{name}, {done} of {count} pages printed", count)
        if done
        else _("{name} is not printed")
    )
    return said.format(name=file.name, done=done, count=count)


def _paint(painter: QPainter, picture: QImage) -> None:
    """Paint a picture in the middle of a page, as large as fits."""
    room = painter.viewport()
    size = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(room.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, picture)
