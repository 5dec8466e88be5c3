"""Pictures on the screen that are more than one: pages, raw files, drawings; and bad ones."""

from __future__ import annotations

import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from itkgui.client.files import open_file
from tests.end2end.job import text_shown
from tests.gui.picture_viewing import PictureViewer
from tests.unit.decoding.pictures import corners, encoded, noise, written
from tests.unit.decoding.raw_files import write_dng

LEFT = Qt.MouseButton.LeftButton


def test_pages_are_switched(pictures: PictureViewer) -> None:
    pages = [Image.new("L", (50, 50), 60 * number) for number in range(4)]
    pictures.open(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "a.tif")
    assert "page 1 of 4" in pictures.preview.facts.text()
    pictures.press(".")
    pictures.press(".")
    pictures.until(lambda: "page 3 of 4" in pictures.preview.facts.text())
    pictures.until(lambda: pictures.colour() == (120, 120, 120))
    pictures.press(",")
    pictures.until(lambda: pictures.colour() == (60, 60, 60))
    pictures.open(encoded(corners(), "PNG"), "a.png")
    assert not pictures.preview.page.isVisible()


def test_pages_that_are_compared_are_told_apart(pictures: PictureViewer) -> None:
    pages = [Image.new("L", (50, 50), 60 * number) for number in range(4)]
    pictures.open(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]), "a.tif")
    pictures.press("P")
    pictures.press(".")
    pictures.until(lambda: pictures.preview.pane.caption.text() == "page 2 of 4  ·  a.tif")
    assert pictures.preview.pinned.caption.text() == "page 1 of 4  ·  a.tif"


def test_raw_file_is_developed_on_demand(pictures: PictureViewer) -> None:
    preview = encoded(corners(240, 160), "JPEG")
    path = write_dng(pictures.folder / "a.dng", (600, 400), preview, (240, 160))
    pictures.show(open_file(path, path.name))
    assert "240 × 160 pixels" in pictures.preview.facts.text()
    assert "RAW" in pictures.preview.facts.text()
    QTest.mouseClick(pictures.button("Develop the sensor's values"), LEFT)
    pictures.until(lambda: "600 × 400 pixels" in pictures.preview.facts.text())
    assert not pictures.preview.tools.is_offered(pictures.preview.develop_button)
    pictures.press("1")
    assert pictures.canvas.wanted_part() is None


def test_source_of_a_drawing_is_one_click_away(pictures: PictureViewer) -> None:
    source = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><script>1</script>'
    source += b'<rect width="100" height="50" fill="#00f"/></svg>'
    pictures.open(source, "a.svg")
    assert "1 × script" in pictures.preview.facts.text()
    assert pictures.canvas.scale_shown > 3, "a drawing fills the pane"
    assert pictures.colour() == (0, 0, 255)
    QTest.mouseClick(pictures.button("Source"), LEFT)
    pictures.until(lambda: "<script>" in text_shown(pictures.preview.source))
    QTest.mouseClick(pictures.button("Source"), LEFT)
    assert pictures.canvas.isVisible()
    pictures.turn_wheel(QPointF(pictures.canvas.rect().center()), 8)
    assert pictures.canvas.wanted_part() is None


def test_nothing_coarse_is_seen_through_what_is_sharp(pictures: PictureViewer) -> None:
    source = b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">'
    pictures.open(source + b'<rect x="50" width="50" height="100"/></svg>', "a.svg")
    pictures.turn_wheel(QPointF(pictures.canvas.rect().center()), 8)
    edge = pictures.canvas.place.from_picture(QPointF(50, 50))
    assert pictures.colour(edge - QPointF(2, 0)) == (255, 255, 255)
    assert pictures.colour(edge + QPointF(2, 0)) == (0, 0, 0)


# Bad files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.png", encoded(noise(), "PNG")[:60]),
        ("cut.tif", encoded(noise(), "TIFF", compression="tiff_lzw")[:5000]),
        ("cut.gif", b"GIF89a" + bytes(7)),
        ("cut.webp", encoded(noise(), "WEBP")[:40]),
        ("cut.bmp", encoded(noise(), "BMP")[:54]),
        ("cut.dng", b"II*\0\x08\0\0\0" + b"\x01\0\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0" + bytes(8)),
        ("bomb.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'),
    ],
)
def test_bad_file_is_told_and_the_next_is_shown(pictures: PictureViewer, name: str, content: bytes) -> None:
    pictures.open(encoded(corners(), "PNG"), "good.png")
    pictures.content.show_file(written(pictures.folder / name, content))
    pictures.until(lambda: pictures.content.trouble.isVisible())
    pictures.open(encoded(Image.new("L", (50, 50), 77), "PNG"), "next.png")
    assert pictures.colour() == (77, 77, 77)


def test_web_page_that_is_called_a_picture_is_shown_as_text(pictures: PictureViewer) -> None:
    pictures.content.show_file(written(pictures.folder / "a.png", b"<html><body>not found</body></html>"))
    pictures.until(lambda: pictures.content.shown_kind == "text")


def damage_of(pictures: PictureViewer) -> str:
    """Return what is said of damage once all is known, which is more than there was at first."""
    bar = pictures.preview.damage
    pictures.until(lambda: bar.is_settled)
    assert bar.isVisible() == bool(bar.sentence)
    return bar.sentence


@pytest.mark.parametrize(("format_name", "name"), [("JPEG", "cut.jpg"), ("PNG", "cut.png")])
def test_cut_picture_says_so(pictures: PictureViewer, format_name: str, name: str) -> None:
    content = encoded(noise(), format_name)
    pictures.open(content[: len(content) // 2], name)
    told = "This picture is damaged: its end is missing."
    assert pictures.preview.damage.sentence == told, "at once"
    assert damage_of(pictures) == told
    pictures.open(content, "whole")
    assert damage_of(pictures) == ""


def test_photograph_with_other_bits_says_so_and_the_next_does_not(pictures: PictureViewer) -> None:
    content = encoded(noise(), "JPEG")
    pictures.open(content, "whole.jpg")
    assert damage_of(pictures) == ""
    pictures.open(content[:9000] + bytes(600) + content[9600:], "corrupt.jpg")
    told = "This picture is damaged: its data is corrupt, so that a part of it may be missing or wrong."
    assert damage_of(pictures) == told
    preview = content[:9000] + bytes(600) + content[9600:]
    path = write_dng(pictures.folder / "corrupt.dng", (600, 400), preview, (200, 150))
    pictures.open(content, "whole.jpg")
    assert damage_of(pictures) == ""
    pictures.show(open_file(path, path.name))
    assert damage_of(pictures) == told
    QTest.mouseClick(pictures.button("Develop the sensor's values"), LEFT)
    pictures.until(lambda: "600 × 400 pixels" in pictures.preview.facts.text())
    assert damage_of(pictures) == ""


def test_file_that_goes_while_it_is_looked_at_is_told(pictures: PictureViewer) -> None:
    file = pictures.open(encoded(noise(1600, 1200), "JPEG"), "a.jpg")
    file.path.unlink()
    pictures.press("1")
    pictures.until(lambda: "cannot be read" in pictures.preview.facts.text())
    pictures.until(lambda: pictures.preview.pane.is_settled)
    pictures.canvas.hovered.emit(5, 5)
    assert pictures.preview.pane.is_settled, "what cannot be decoded is tried again for each pixel"
