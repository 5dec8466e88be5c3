"""The QR code of the open component: on the screen, as a camera sees it; copied; saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog

from itkgui.records.component_link import identifier_from
from itkgui.scanning.qr_code import squares
from itkgui.views.commands import run_by_name
from itkgui.views.components.qr_sheet import QrSheet
from itkgui.views.theme import DARK
from tests.gui.person import Person

PIXEL = "20UPGM23800001"
CONTROL = Qt.KeyboardModifier.ControlModifier


def seen(picture: QPixmap | QImage) -> list[str]:
    """Return what the codes in a picture say to a camera."""
    image = (picture if isinstance(picture, QImage) else picture.toImage()).convertToFormat(
        QImage.Format.Format_Grayscale8
    )
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return [code.text for code in zxingcpp.read_barcodes(lines[:, : image.width()].copy()) if code.valid]


def sheets(person: Person) -> list[QrSheet]:
    return [sheet for sheet in person.window.findChildren(QrSheet) if sheet.isVisible()]


def test_camera_reads_the_screen_in_the_dark_and_esc_closes(person: Person, tmp_path: Path) -> None:
    person.wear(DARK)
    person.scan(PIXEL)
    person.press(Qt.Key.Key_B, keys=CONTROL)
    (sheet,) = sheets(person)
    person.until(sheet.isActiveWindow, "the sheet in front")
    assert seen(sheet.grab()) == [PIXEL]
    assert sheet.code.accessibleName() == f"QR code: {PIXEL}"
    person.press(Qt.Key.Key_Right, sheet.choice)
    (link,) = seen(sheet.grab())
    assert link.startswith("itkgui:")
    assert identifier_from(link) == PIXEL
    person.click(sheet.copy_button)
    assert seen(QGuiApplication.clipboard().image()) == [link]
    person.click(sheet.save_button)
    (dialog,) = sheet.findChildren(QFileDialog)
    dialog.reject()
    sheet.save(tmp_path / "code.png")
    person.until((tmp_path / "code.png").exists, "the picture")
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))] == [link]
    person.press(Qt.Key.Key_Escape, sheet)
    person.until(lambda: not sheets(person), "the sheet to close")


def test_button_and_palette_open_it_and_it_goes_with_its_component(person: Person) -> None:
    component = person.scan(PIXEL)
    person.click(component.strip.qr_button)
    assert run_by_name(person.window, "qr-code")
    assert len(sheets(person)) == 2
    person.press(Qt.Key.Key_W, component, CONTROL)
    person.until(lambda: not sheets(person), "the sheets to go")
    assert not run_by_name(person.window, "qr-code")


def test_what_no_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        squares("x" * 3000)


@pytest.mark.logs("File not stored")
def test_saving_the_code_of_another_component_leaves_the_error_of_the_first(
    person: Person, tmp_path: Path
) -> None:
    trouble, context = person.workspace.footer.trouble, person.program.context
    assert context is not None
    for serial, folder in ((PIXEL, "nowhere"), ("20USBML0000001", ""), (PIXEL, "")):
        sheet = QrSheet(person.window, context, {"Serial number": serial})
        sheet.save(tmp_path / folder / f"{serial}.png")
        said = "File not stored" if folder else f"Saved as {serial}.png."
        person.until(lambda said=said: said in person.verdict, "the verdict")  # type: ignore[misc]
        assert trouble.isVisible() is (serial != PIXEL)
        sheet.close()
