"""Scanners: heard while one types, put right for the keyboard, explained and tested; photos, and codes."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPainter

from itkgui.scanning.code128 import QUIET, widths
from itkgui.scanning.commands import code_of
from itkgui.scanning.layouts import LAYOUTS
from itkgui.tour.driver import Driver, Step, check, says
from itkgui.tour.parts import PIXEL_MODULE, STRIP_MODULE
from itkgui.views.components.component_view import COMMENTS
from itkgui.views.scanning.scanner_page import ScannerPage

_PACE = 6  # ms from key to key
_TYPED = "Bond 7 lifted"
_MODULE, _HEIGHT = 4, 160  # pixels of the code in the photo


class Scanner:
    """Begins with components open, and ends at the place for scanners."""

    def __init__(self, driver: Driver) -> None:
        self._at = driver
        self._now = 1_000_000  # ms, by the scanner's own clock
        self._photo = Path()

    @property
    def steps(self) -> tuple[Step, ...]:
        return (
            ("a scan while a comment is typed", self._while_typing),
            ("a scan on a French keyboard", self._foreign),
            ("two scans run together", self._together),
            ("a command that is scanned", self._command),
            ("a scan tested", self._test),
            ("a photo of a label", self._read_photo),
            ("the sheet of codes", self._save_sheet),
        )

    def tidy(self) -> None:
        """Remove the photo."""
        if self._photo.name:
            self._photo.unlink(missing_ok=True)

    def _scan(self, text: str) -> None:
        """Send the keys of a scan to the window, as a scanner does that poses as a keyboard."""
        window = self._at.window.windowHandle()
        self._now += 1000
        for char in text:
            self._now += _PACE
            key = Qt.Key.Key_Return if char == "\r" else ord(char.upper()[0])
            shift = Qt.KeyboardModifier.ShiftModifier if char.isupper() else Qt.KeyboardModifier.NoModifier
            for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, int(key), shift, char)
                event.setTimestamp(self._now)
                event.setAccepted(kind is not QEvent.Type.ShortcutOverride)
                QCoreApplication.postEvent(window, event)

    async def _while_typing(self) -> None:
        await self._at.come_forward()
        view = await self._at.open_component(PIXEL_MODULE)
        await self._at.show_page(COMMENTS)
        editor = view.comments.editor
        await self._at.type(editor, _TYPED, instead=False)
        self._scan(f"{STRIP_MODULE}\r")
        await self._at.until_open(STRIP_MODULE)
        check(editor.toPlainText() == _TYPED, "what was typed is as it was")
        check(self._at.verdict == f"{STRIP_MODULE} found", "the verdict tells what was scanned")
        editor.clear()

    async def _foreign(self) -> None:
        typed = LAYOUTS["azerty"].typed(PIXEL_MODULE)
        self._scan(f"{typed}\r")
        await self._at.until_open(PIXEL_MODULE)
        check(f"read as {typed}" in self._at.verdict, "it is told how the label came, and for which keyboard")

    async def _together(self) -> None:
        self._scan(f"{PIXEL_MODULE}{STRIP_MODULE}\r")
        await self._at.until(lambda: "2 labels came as one" in self._at.verdict, "the explanation")
        check(self._at.component.component.label == PIXEL_MODULE, "nothing was opened")
        check(self._at.workspace.header.doubt.isVisible(), "the page of before is told to be that")

    async def _command(self) -> None:
        self._scan(f"{code_of('scanner')}\r")
        await self._at.until(self._at.workspace.scanner_place.isVisible, "the place for scanners")

    @property
    def _page(self) -> ScannerPage:
        page = self._at.workspace.scanner_place.view
        check(isinstance(page, ScannerPage), "the place has its page")
        return page  # type: ignore[return-value]

    async def _test(self) -> None:
        page = self._page
        await self._at.until(lambda: page.log.table.records, "the log")
        self._scan(f"{LAYOUTS['qwertz'].typed('20U-SB-ML-0000001')}\r")
        await self._at.until(lambda: page.result.text.text() == STRIP_MODULE, "what was scanned")
        check("QWERTZ" in page.result.keyboard.text(), "for which keyboard it was put right")
        check("6.0 ms apart" in page.result.pace.text(), "how fast it came")
        check(page.log.table.records[0].text == STRIP_MODULE, "the log has it first")
        check(page.isVisible(), "nothing was opened")

    async def _read_photo(self) -> None:
        self._photo = self._at.folder / "label.png"
        draw_label(STRIP_MODULE, self._photo)
        page = self._page
        await self._at.drop([self._photo], page)
        if find_spec("zxingcpp") is None:
            await self._at.until(lambda: says(page, "pip install 'itkgui[codes]'"), "what is missing")
            return
        await self._at.until_open(STRIP_MODULE)

    async def _save_sheet(self) -> None:
        await self._at.go_to(self._at.workspace.scanner_place)
        await self._at.click(self._page.sheet_button)
        sheet = await self._at.save_as("commands.pdf")
        check(sheet.read_bytes().startswith(b"%PDF"), "a PDF is written")


def draw_label(text: str, file: Path) -> None:
    """Draw a label with a bar code, and write it as a picture."""
    bars = widths(text)
    picture = QImage((sum(bars) + 6 * QUIET) * _MODULE, 2 * _HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    x = 3 * QUIET * _MODULE
    for number, bar in enumerate(bars):
        if number % 2 == 0:
            painter.fillRect(x, _HEIGHT // 2, bar * _MODULE, _HEIGHT, Qt.GlobalColor.black)
        x += bar * _MODULE
    painter.end()
    check(picture.save(str(file)), "the label is drawn")
