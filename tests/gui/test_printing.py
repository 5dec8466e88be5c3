"""Printing: what is locked with the password that was typed, and prints that are stopped or fail midway."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest

from itkgui.client.files import BinaryFile, open_file
from itkgui.decoding.printing import is_printable
from itkgui.views.attachments.attachment_print import AttachmentPrint
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.previews.pdf import PdfPreview
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess
from tests.unit.decoding.pdf_files import Document, page_of, write_pdf

pytestmark = pytest.mark.program("used")

STRIP = "20USBML0000001"
_MANY = 300  # pages: more than are printed before somebody stops it


def document(path: Path, pages: int = _MANY) -> BinaryFile:
    path.write_bytes(write_pdf(Document([page_of(f"Page {n}") for n in range(pages)])))
    return open_file(path, path.name)


def to_file(printer: QPrinter, path: Path) -> QPrinter:
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def printer_to(path: Path) -> QPrinter:
    return to_file(QPrinter(QPrinter.PrinterMode.ScreenResolution), path)


@pytest.fixture
def printing(person: Person) -> AttachmentPrint:
    person.scan(STRIP)
    person.show_tab(ATTACHMENTS)
    context = person.program.context
    assert context is not None
    return AttachmentPrint(person.component.attachments.preview, context)


def told(person: Person) -> list[str]:
    return [message.title for message in person.program.messages.history]


def stopped(person: Person, name: str) -> Callable[[], object]:
    return lambda: any(
        f"{name}, " in title and f"of {_MANY} pages printed" in title for title in told(person)
    )


def printed_pages(path: Path) -> int:
    with contextlib.closing(pypdfium2.PdfDocument(path)) as printed:
        return len(printed)


@pytest.mark.logs("No preview: locked.pdf")
def test_what_was_unlocked_in_the_preview_is_printed(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    content = write_pdf(Document([page_of("secret"), page_of("more")], password="open sesame"))
    with PlainServer(sandbox) as server:
        server.attach(STRIP, "locked.pdf", content)
    person.scan(STRIP)
    person.show_tab(ATTACHMENTS)
    person.look_at("locked.pdf")
    preview = person.component.attachments.preview
    shown = preview.content.currentWidget()
    assert isinstance(shown, PdfPreview)

    def print_it() -> None:
        person.click(preview.print_button)
        (dialog,) = preview.findChildren(QPrintDialog)
        to_file(dialog.printer(), tmp_path / "printed.pdf")
        dialog.accepted.emit(dialog.printer())  # its own button would choose the file by itself
        dialog.reject()
        person.until(lambda: not preview.findChildren(QPrintDialog), "the end of the dialog")

    print_it()
    person.until(lambda: any("locked.pdf is not printed" in title for title in told(person)), "a word")
    assert "then print it" in person.program.messages.history[-1].cure
    QTest.keyClicks(shown.password, "open sesame")
    person.click(shown.unlock_button)
    person.until(lambda: shown.typed_password, "the document")
    print_it()
    person.until(lambda: "locked.pdf was printed into printed.pdf, 2 pages" in person.verdict, "the print")
    assert printed_pages(tmp_path / "printed.pdf") == 2
    person.look_at("readout.log")
    assert shown.typed_password == ""


def test_another_print_stops_the_one_before(
    person: Person, printing: AttachmentPrint, tmp_path: Path
) -> None:
    long, short = document(tmp_path / "long.pdf"), document(tmp_path / "short.pdf", 1)
    assert is_printable(long)
    first = printer_to(tmp_path / "first.pdf")
    printing.print_on(first, long)
    person.until(lambda: first.printerState() is QPrinter.PrinterState.Active, "the first page")
    printing.print_on(printer_to(tmp_path / "second.pdf"), short)
    person.until(stopped(person, "long.pdf"), "a word about the first")
    person.until(lambda: "short.pdf was printed into second.pdf, 1 page" in person.verdict, "the second")
    assert first.printerState() is not QPrinter.PrinterState.Active
    (said,) = (title for title in told(person) if "Printing was stopped" in title)
    assert f"long.pdf, {printed_pages(tmp_path / 'first.pdf')} of {_MANY} pages" in said


@pytest.mark.program("new")
@pytest.mark.logs("No preview")
def test_print_that_fails_midway_tells_how_far_it_came(
    person: Person, printing: AttachmentPrint, tmp_path: Path
) -> None:
    long = document(tmp_path / "long.pdf")
    printer = printer_to(tmp_path / "printed.pdf")
    printing.print_on(printer, long)
    person.until(lambda: printer.printerState() is QPrinter.PrinterState.Active, "the first page")
    long.path.unlink()
    person.until(stopped(person, "long.pdf"), "a word")
    assert printer.printerState() is not QPrinter.PrinterState.Active
    last = person.program.messages.history[-1]
    assert last.tone == "bad"
    assert f"long.pdf, {printed_pages(tmp_path / 'printed.pdf')} of {_MANY} pages" in last.title


@pytest.mark.logs("Not printed")
@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_file_that_cannot_be_printed_to_is_told(
    person: Person, printing: AttachmentPrint, tmp_path: Path
) -> None:
    printing.print_on(printer_to(tmp_path / "no folder" / "a.pdf"), document(tmp_path / "a.pdf", 1))
    person.until(lambda: "a.pdf is not printed: Not printed" in told(person), "a word")
