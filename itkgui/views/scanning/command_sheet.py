"""The sheet of command codes: bar codes to be printed, and scanned with gloves on instead of using keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from itkgui.client.exceptions import FileNotWritten
from itkgui.language import _
from itkgui.scanning.code128 import QUIET, widths
from itkgui.scanning.commands import code_of
from itkgui.views.command_list import COMMANDS
from itkgui.views.commands import Command, Group
from itkgui.views.style import mono_font, text_font
from itkgui.whole_file import whole

# What one needs most with gloves on; they stand on a page of their own.
_FIRST = (
    "add-files",
    "send-files",
    "undo-upload",
    "stay-here",
    "open-scanned",
    "send-comment",
    "back",
    "cancel",
    "next-component",
    "close",
    "reload",
    "uploads",
    "list",
    "lock",
)
_GROUPS = (Group.EVERYWHERE, Group.PLACES, Group.COMPONENT, Group.TESTS, Group.ATTACHMENTS, Group.IMAGE)
_DPI = 300
_MM = _DPI / 25.4
_MARGIN = 14 * _MM
_COLUMNS, _ROWS = 2, 8
_HEAD, _FOOT = 20 * _MM, 6 * _MM
_BETWEEN = 6 * _MM  # two columns
_BAR = 14 * _MM  # height of a code
_WIDEST = 0.34 * _MM  # of a module; less on a page of which a code would not fit


def pages() -> Iterator[tuple[str, Sequence[Command]]]:
    """Yield the title and the commands of each page."""
    first = [COMMANDS[name] for name in _FIRST if name in COMMANDS]
    yield _("Most used"), first
    for group in _GROUPS:
        rest = [
            one for one in COMMANDS.values() if one.group is group and one.in_palette and one not in first
        ]
        for begin in range(0, len(rest), _COLUMNS * _ROWS):
            yield group.title, rest[begin : begin + _COLUMNS * _ROWS]


def write_sheet(file: Path, sheet: bytes) -> None:
    """Write what ``painted_sheet`` returned, whole or not at all. Raises FileNotWritten."""
    try:
        with whole(file) as opened:
            opened.write(sheet)
    except OSError as error:
        raise FileNotWritten(f"{file}: {error.strerror or error}") from error


def painted_sheet() -> bytes:
    """Return the sheet as a PDF of A4. GUI thread, 30 ms."""
    content = QBuffer()
    content.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(content)
    writer.setTitle(_("Codes of commands for itkgui"))
    writer.setResolution(_DPI)
    size, upright = QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(size, upright, QMarginsF(0, 0, 0, 0)))
    painter = QPainter(writer)
    whole_sheet = list(pages())
    for number, (title, commands) in enumerate(whole_sheet, 1):
        if number > 1:
            writer.newPage()
        which = _("itkgui, page {number} of {count}").format(number=number, count=len(whole_sheet))
        _paint_page(painter, title, which, commands, writer.width())
    painter.end()
    return bytes(content.data().data())


def _paint_page(painter: QPainter, title: str, which: str, commands: Sequence[Command], width: int) -> None:
    painter.setFont(text_font(1.6))
    head = QRectF(_MARGIN, _MARGIN, width - 2 * _MARGIN, _HEAD)
    painter.drawText(head, Qt.AlignmentFlag.AlignLeft, title)
    painter.setFont(text_font(0.9))
    how = _("Scan one while itkgui is in front: it does what the code says.")
    painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, how)
    foot = QRectF(_MARGIN, 297 * _MM - _MARGIN - _FOOT, width - 2 * _MARGIN, _FOOT)
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, which)
    column = (width - 2 * _MARGIN) / _COLUMNS
    row = (297 * _MM - 2 * _MARGIN - _HEAD - _FOOT) / _ROWS
    module = module_of(commands, column - _BETWEEN)
    for number, command in enumerate(commands):
        left = _MARGIN + (number % _COLUMNS) * column
        top = _MARGIN + _HEAD + (number // _COLUMNS) * row
        _paint_code(painter, command, module, QRectF(left, top, column - _BETWEEN, row))


def module_of(commands: Sequence[Command], width: float) -> int:
    """Return the width of a module with which each of some codes fits into a width, both in dots.

    Whole dots of the printer: widths that are rounded differently cannot be read.
    """
    longest = max(sum(widths(code_of(command.name))) for command in commands)
    return max(1, int(min(_WIDEST, (width - QUIET * _WIDEST) / (longest + QUIET))))


def _paint_code(painter: QPainter, command: Command, module: int, place: QRectF) -> None:
    """Paint the title of a command, its code, and the text of it below."""
    code = code_of(command.name)
    left = place.left() + QUIET * _WIDEST  # the same for all, so that they stand in a line
    painter.setFont(text_font(1.0))
    line = painter.fontMetrics().height()
    painter.drawText(QRectF(left, place.top(), place.width(), line), 0, command.text)
    x, y = left, place.top() + line * 1.15
    for number, bar in enumerate(widths(code)):
        if number % 2 == 0:
            painter.fillRect(QRectF(x, y, bar * module, _BAR), Qt.GlobalColor.black)
        x += bar * module
    painter.setFont(mono_font(0.75))
    painter.drawText(QRectF(left, y + _BAR, place.width(), line), 0, code)
