"""The place for scanners: what came is shown, photos are read, codes printed, rules told, scans listed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from itkgui.scanning.code128 import widths
from itkgui.scanning.commands import code_of
from itkgui.scanning.layouts import LAYOUTS
from itkgui.scanning.scan_log import Outcome
from itkgui.views.command_list import COMMANDS
from itkgui.views.scanning.command_sheet import pages
from itkgui.views.scanning.scanner_page import ScannerPage
from tests.gui.person import Person
from tests.gui.scanner import Scanner

STRIP, PIXEL = "20USBML0000001", "20UPGM23800001"


def go_to_page(person: Person) -> ScannerPage:
    place = person.workspace.scanner_place
    person.workspace.go_to(place)
    view = place.view
    assert isinstance(view, ScannerPage)
    return view


def said(page: ScannerPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def photo(folder: Path, name: str, *codes: str) -> Path:
    picture = Image.new("RGB", (900, 700), (200, 204, 208))
    for number, text in enumerate(codes):
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
        code = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(made, scale=6)))
        picture.paste(code, (60 + 300 * number, 100))
    path = folder / name
    picture.save(path)
    return path


def test_what_is_scanned_here_is_shown_and_listed(person: Person) -> None:
    scanner = Scanner(person)
    scanner.scan(f"{STRIP}\r")
    page = go_to_page(person)
    person.until(lambda: page.result.text.text() == STRIP, "the scan of before")
    person.until(lambda: len(page.log.table.records) == 1, "the log")
    typed = LAYOUTS["azerty"].typed(PIXEL)
    assert scanner.outcome(f"{typed}\r\n") is Outcome.TESTED
    person.until(lambda: "LF" in page.result.ending.text(), "the second ending")
    assert page.result.raw.text() == f"{typed}‹CR›"
    assert page.result.text.text() == PIXEL
    assert page.result.keyboard.text() == "put right for AZERTY"
    assert page.result.ending.text() == "Enter (CR), LF"
    assert page.result.pace.text() == "15 characters in 112 ms: 8.0 ms apart, at most 8 ms"
    assert person.verdict == f"{PIXEL}: only tested"
    assert person.workspace.centre.currentWidget() is person.workspace.scanner_place
    person.until(lambda: [row.text for row in page.log.table.records] == [PIXEL, STRIP], "the newest first")
    assert page.log.table.index(0, 0).data().count(":") == 2, "scans are seconds apart"
    page.log.text_filter.setText("tested")
    assert page.log.table.rowCount() == 1
    page.log.text_filter.clear()
    page.log.this_shift.setChecked(True)
    assert page.log.table.rowCount() == 2
    assert scanner.outcome("ITKGUI-QUIT\r") is Outcome.TESTED
    assert page.result.text.text() == page.log.table.index(0, 2).data() == "Quit"
    assert scanner.outcome("ITKGUI-UPLOADS\r") is Outcome.DONE, "with gloves on nobody is held here"
    assert scanner.outcome("ITKGUI-IMAGE-TURN\r") is Outcome.NOT_NOW
    assert "It belongs to another place: An image." in person.verdict
    assert scanner.outcome("ITKGUI-SCANNER\r") is Outcome.DONE
    person.click(page.only_test)
    assert scanner.outcome(f"{PIXEL}\r") is Outcome.FOUND
    assert person.component.component.label == PIXEL


@pytest.mark.logs("No code in this photo|No preview|No such component")
def test_photos_are_read(person: Person, tmp_path: Path) -> None:
    page, scanner = go_to_page(person), Scanner(person)
    assert person.drop(page, [photo(tmp_path, "none.png")], proposed=Qt.DropAction.MoveAction) == (
        Qt.DropAction.CopyAction
    )
    person.until(page.photo.trouble.isVisible, "that there is none")
    assert "No code in this photo" in said(page)
    (tmp_path / "text.txt").write_text("no picture")
    person.drop(page, [tmp_path / "text.txt"])
    person.until(lambda: "cannot be shown" in said(page), "that it is no picture")
    person.drop(page, [photo(tmp_path, "two.png", "first", STRIP)])
    person.until(lambda: len(page.photo.buttons) == 2, "both codes")
    assert not page.photo.trouble.isVisible()
    person.click(page.photo.buttons[1])
    person.until(lambda: scanner.entries, "the component")
    assert (scanner.entries[0].outcome, scanner.entries[0].found) == (Outcome.FOUND, STRIP)
    go_to_page(person)
    person.drop(page, [photo(tmp_path, "one.jpg", PIXEL)])
    person.until(lambda: len(scanner.entries) == 2, "the component")
    assert person.component.component.label == PIXEL


def test_the_sheet_of_codes_can_be_scanned(person: Person, tmp_path: Path) -> None:
    page = go_to_page(person)
    person.click(page.sheet_button)
    person.until(lambda: page.findChildren(QFileDialog), "the dialog")
    (dialog,) = page.findChildren(QFileDialog)
    file = tmp_path / "codes.pdf"
    file.write_text("from before")
    file.chmod(0o644)
    dialog.fileSelected.emit(str(file))
    dialog.reject()
    person.until(lambda: person.verdict == "codes.pdf saved", "the sheet")
    assert file.stat().st_mode & 0o777 == 0o600, "an old file's mode was kept, and it was not written whole"
    printed = [code_of(command.name) for _, commands in pages() for command in commands]
    read: list[str] = []
    with pypdfium2.PdfDocument(file) as document:
        for number, sheet in enumerate(document, 1):
            image = sheet.render(scale=200 / 72).to_pil().convert("L")
            codes = zxingcpp.read_barcodes(image)
            read += [code.text for code in codes]
            edges = [min(code.position.top_left.x, code.position.top_right.x) for code in codes]
            left = [edge for edge in edges if edge < image.width / 2]
            assert max(left) - min(left) < 6, "the codes stand in a line"
            modules = [_length(code) / sum(widths(code.text)) for code in codes]
            assert max(modules) < 1.1 * min(modules), "the bars of a page are alike"
            assert f"itkgui, page {number} of {len(document)}" in sheet.get_textpage().get_text_range()
    assert sorted(read) == sorted(printed)
    assert len(printed) == len(set(printed)) >= 30
    assert {code_of(name) for name in ("add-files", "back", "cancel")} <= set(printed)
    assert len({code_of(name) for name in COMMANDS}) == len(COMMANDS), "two commands have one code"


def _length(code: zxingcpp.Barcode) -> float:
    """Return how long the bars of a code are, in pixels."""
    return float(code.position.top_right.x - code.position.top_left.x)


def test_the_log_stands_in_line_with_the_cards_and_shows_seconds(person: Person) -> None:
    page = go_to_page(person)
    person.window.resize(1366, 768)
    person.settle()
    view = page.log.view
    moment = "2026-12-26 22:26:56"
    assert view.columnWidth(0) > view.fontMetrics().horizontalAdvance(moment)
    person.scale(150)
    person.window.resize(1024, 768)
    person.settle()
    parts: list[QWidget] = [page.result, page.log.rows]
    person.until(lambda: len({part.mapTo(page, QPoint()).x() for part in parts}) == 1, "one below the other")


def test_rules_and_ports_are_told(person: Person) -> None:
    page, desk = go_to_page(person), person.workspace.scan_desk
    person.until(page.rules.example_button.isVisible, "that there are no rules")
    person.click(page.rules.example_button)
    person.until(page.rules.open_button.isVisible, "the file")
    own = desk.rule_files[0]
    assert "[[label]]" in own.read_text("utf-8")
    own.write_text('[[label]]\nname = "bad"\npattern = "("\nidentifier = "x"\n', "utf-8")
    person.click(page.rules.again_button)
    person.until(lambda: "no regular expression" in said(page), "what is wrong")
    own.write_text('[[label]]\nname = "carrier"\npattern = "C-[0-9]+"\nidentifier = "X"\n', "utf-8")
    person.click(page.rules.again_button)
    person.until(lambda: "carrier:  C-[0-9]+" in said(page), "the rule")
    assert "no regular expression" not in said(page)
    person.program.preferences.put("scanner_port", "/dev/no-such-port")
    person.until(lambda: "There is no such port now" in said(page), "the state of the port")
    assert page.port.box.currentData() == "/dev/no-such-port"
    page.port.box.setCurrentIndex(page.port.box.findData(""))
    page.port.box.activated.emit(page.port.box.currentIndex())
    person.until(lambda: "No serial port is listened to" in said(page), "the end of it")
