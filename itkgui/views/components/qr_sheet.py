"""The open component as a QR code, for the camera of a telephone or the scanner of another computer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.files import safe_name
from itkgui.item_models.plain_text import shown_text
from itkgui.language import N_, _
from itkgui.scanning.qr_code import squares
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.plots.export import as_png, write_file
from itkgui.views.style import mono_font, set_role
from itkgui.views.widgets.save_dialog import SaveDialog

SERIAL, LINK = N_("Serial number"), N_("Link that opens it in itkgui")

_LEAST, _USUAL = 200, 440  # pixels of the code on the screen, which grows with its window
_AROUND = 230  # pixels that all else takes of the window's height
_SAVED = 16  # pixels of a square in a picture
_LINE = 3  # squares that the text below it is high
_FITTING = 1.5  # times as high as its characters are wide a text may be, to leave room beside it


class QrSheet(QDialog):
    """A window beside the program's; Esc closes it, and it goes on showing what it was opened for."""

    def __init__(self, parent: QWidget, context: ViewContext, texts: Mapping[str, str]) -> None:
        """Offer ``texts`` by what they are, the first one first; none of them is empty."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._name = next(iter(texts.values()))
        self._saving = f"save-qr-code-{self._name}"
        self._task = ViewTask(self, partial(context.messages.show, attempt=self._saving))
        self.setWindowTitle(_("QR code of {name}").format(name=self._name))
        self.code, self.text = QrCode(), QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.text.setFont(mono_font(1.4, bold=True))
        self.choice = QTabBar()
        self.choice.setAccessibleName(_("What the code says"))
        self.choice.setExpanding(False)
        self.choice.setDrawBase(False)
        for kind in texts:
            self.choice.addTab(_(kind))
        self.choice.currentChanged.connect(lambda place: self._show(tuple(texts.values())[place]))
        self.copy_button, self.save_button = QPushButton(_("Copy picture")), QPushButton(_("Save picture…"))
        self.close_button = QPushButton(_("Close"))
        set_role(self.close_button, "main")
        self.close_button.setDefault(True)
        for button, pressed in (
            (self.copy_button, self._on_copy),
            (self.save_button, self._on_save),
            (self.close_button, self.close),
        ):
            button.clicked.connect(pressed)
        below = QHBoxLayout()
        for button in (self.copy_button, self.save_button):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.addWidget(self.choice)
        layout.addWidget(self.code, 1)
        layout.addWidget(self.text)
        layout.addLayout(below)
        self._show(self._name)
        side = max(_LEAST, min(_USUAL, parent.window().height() - _AROUND))
        self.resize(self.sizeHint().expandedTo(QSize(side, side + _AROUND // 2)))
        self.close_button.setFocus()

    def _show(self, text: str) -> None:
        self.code.show_text(text)
        self.text.setText(shown_text(text))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.code.picture())
        self._context.messages.notify(_("Copied the picture."), "good")

    def _on_save(self) -> None:
        dialog = SaveDialog(self, _("Save picture"), safe_name(f"{self._name}.png"))
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def save(self, file: Path) -> None:
        """Save the code with its text below, as PNG, beside the GUI."""
        self._task.start(self._save(file, as_png(self.code.picture())))

    async def _save(self, file: Path, content: bytes) -> None:
        await self._context.worker.call(write_file, file, content)
        self._context.messages.settle(self._saving)
        self._context.messages.notify(_("Saved as {name}.").format(name=file.name), "good")


class QrCode(QWidget):
    """Paints a code black on white in every look, as large as its place, in whole pixels of the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._image = "", QImage()
        self.setMinimumSize(_LEAST, _LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_text(self, text: str) -> None:
        """Show another text."""
        rows = squares(text)
        self._text, self._image = text, QImage(len(rows), len(rows), QImage.Format.Format_Grayscale8)
        for y, row in enumerate(rows):
            for x, is_dark in enumerate(row):
                self._image.setPixel(x, y, 0xFF000000 if is_dark else 0xFFFFFFFF)
        self.setAccessibleName(_("QR code: {text}").format(text=text))
        self.update()

    def picture(self) -> QImage:
        """Return the code with its text below, for people, in a size that prints well."""
        side = self._image.width() * _SAVED
        made = QImage(side, side + _LINE * _SAVED, QImage.Format.Format_RGB32)
        made.fill(Qt.GlobalColor.white)
        painter = QPainter(made)
        painter.drawImage(QRect(0, 0, side, side), self._image)
        font = mono_font(bold=True)
        font.setPixelSize(min(2 * _SAVED, round(_FITTING * side / len(self._text))))
        painter.setFont(font)
        line = QRect(0, side - _SAVED, side, _LINE * _SAVED)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown_text(self._text))
        painter.end()
        return made

    def paintEvent(self, _event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        room = QSize(round(self.width() * ratio), round(self.height() * ratio))
        side = self._image.width() * max(1, min(room.width(), room.height()) // max(1, self._image.width()))
        place = QRect(QPoint((room.width() - side) // 2, (room.height() - side) // 2), QSize(side, side))
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)  # to pixels of the screen: blurred edges are hard to read
        painter.drawImage(place, self._image)
        painter.end()
