"""Texts on the screen: read, selected and copied by mouse and keyboard, whatever their size and state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog

from itkgui.views.style import Style
from tests.end2end.job import loaded_text
from tests.gui.text_reading import CONTROL, KEY, NO_KEY, SHIFT, Reader, long_log

FAR = SHIFT | CONTROL


# Reading ------------------------------------------------------------------------------------------------


def test_a_long_log_is_read_to_its_end(reader: Reader) -> None:
    preview = reader.show("long.log", long_log())
    assert reader.in_sight[0].endswith("scan 0 of chip 0")
    assert preview.facts.text().startswith("400,000 lines")
    reader.keys((KEY.Key_End, NO_KEY))
    assert reader.in_sight[-1].endswith("scan 399999 of chip 5")
    reader.keys((KEY.Key_PageUp, NO_KEY), (KEY.Key_Up, NO_KEY))
    assert not reader.in_sight[-1].endswith("scan 399999 of chip 5")
    reader.keys((KEY.Key_Home, NO_KEY), (KEY.Key_Down, NO_KEY), (KEY.Key_PageDown, NO_KEY))
    assert preview.reader.top == preview.reader.lines_in_sight
    assert preview.reader.accessibleName() == "Text of the file"
    assert preview.reader.accessibleDescription().startswith(f"Line {preview.reader.top + 1}")


def test_what_is_in_sight_is_coloured(reader: Reader) -> None:
    preview = reader.show("long.log", long_log())
    reader.keys((KEY.Key_End, NO_KEY))
    row = preview.reader.pages.row(399_990)
    assert row is not None
    assert (0, 19, "comment") in row.looks


def test_colours_follow_the_theme(reader: Reader) -> None:
    preview = reader.show("a.log", "\x1b[31m" + "█" * 60)
    image = preview.reader.viewport().grab().toImage()
    point = QPoint(round(preview.reader.gutter) + 60, 8)
    assert image.pixelColor(point * image.devicePixelRatio()) == Style.theme.colour("bad")


def test_a_line_of_many_pieces(reader: Reader) -> None:
    preview = reader.show("wide.txt", "x" * 3_000_000 + "\nlast\n")
    assert preview.facts.text().startswith("2 lines")
    reader.keys((KEY.Key_End, NO_KEY))
    assert reader.in_sight[-1] == "last"
    row = preview.reader.pages.row(2999)
    assert row is not None
    assert row.continues


def test_what_is_scrolled_to_is_waited_for_before_it_is_painted(reader: Reader) -> None:
    preview = reader.show("long.log", long_log())
    bar = preview.reader.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert not preview.is_settled
    reader.settle()
    assert reader.in_sight


def test_wrapped_lines_are_scrolled_line_by_line(reader: Reader) -> None:
    preview = reader.show("prose.txt", ("word " * 150 + "\n") * 40 + "the end\n")
    area = preview.reader
    assert area.horizontalScrollBar().maximum() > 0
    QTest.mouseClick(preview.wrap_button, Qt.MouseButton.LeftButton)
    assert area.horizontalScrollBar().maximum() == 0
    reader.keys((KEY.Key_Down, NO_KEY))
    assert area.top == 0
    assert area.place_at(QPointF(area.gutter + 1, 1))[1] > 0
    reader.keys((KEY.Key_End, NO_KEY))
    assert reader.in_sight[-1] == "the end"
    assert area.top > 35
    reader.keys((KEY.Key_Home, NO_KEY))
    assert area.top == 0


def test_an_encoding_is_chosen(reader: Reader) -> None:
    preview = reader.show("a.txt", "Größe\n".encode("latin-1"))
    assert preview.encoding_button.text().startswith("Latin-1")
    assert loaded_text(preview) == "Größe"
    preview.encodings["Windows-1251"].trigger()
    reader.until(lambda: loaded_text(preview) == "GrцЯe")
    assert preview.encoding_button.text().startswith("Windows-1251")
    assert preview.encodings["Windows-1251"].isChecked()


def test_a_line_is_gone_to(reader: Reader) -> None:
    preview = reader.show("one.txt", "one line\n")
    assert not preview.go_to_button.isEnabled(), "there is nowhere else"
    preview = reader.show("long.log", long_log())
    assert preview.go_to_button.isEnabled()
    QTest.keyClick(preview.reader, Qt.Key.Key_G, CONTROL)
    reader.until(lambda: bool(preview.findChildren(QInputDialog)))
    (dialog,) = preview.findChildren(QInputDialog)
    assert "400,000" in dialog.labelText()
    dialog.setIntValue(300_001)
    dialog.accept()
    reader.until(lambda: any(text.endswith("scan 300000 of chip 1") for text in reader.in_sight))
    assert preview.reader.selection == ((300_000, 0), (300_000, 0))


# Selecting and copying ----------------------------------------------------------------------------------


def test_a_selection_over_pages_is_copied(reader: Reader) -> None:
    text = "".join(f"line {n} é\n" for n in range(5000))
    preview = reader.show("a.txt", text)
    QTest.mouseClick(
        preview.reader.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(preview.reader.gutter) + 1, 5)
    )
    reader.keys((KEY.Key_Right, SHIFT), (KEY.Key_End, FAR))
    assert reader.copied() == text.rstrip("\n")
    reader.keys((KEY.Key_Home, FAR), (KEY.Key_Right, SHIFT), (KEY.Key_Down, SHIFT))
    assert reader.copied() == "line 0 é\nl"


def test_selecting_by_mouse(reader: Reader) -> None:
    preview = reader.show("a.txt", "one two three\nfour five six\n")
    area, view = preview.reader, preview.reader.viewport()
    left, height = round(area.gutter), round(area.line_height)
    word = area.fontMetrics().horizontalAdvance("one ")
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(left + word + 5, 5))
    assert reader.copied() == "two"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, height + 5))
    assert reader.copied() == "four five six"
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(left + word, 5))
    QTest.mouseMove(view, QPoint(left + word, height + 5))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(left + word, height + 5))
    if area.has_selection:  # offscreen, a moved mouse has no button down
        assert reader.copied() == "two three\nfour"


def test_odd_characters_are_selected_where_they_are(reader: Reader) -> None:
    preview = reader.show("a.txt", "😀😀 wide שלום \x1b[31mred\x1b[0m \x07 end\n")
    reader.look_for("red")
    assert preview.reader.selection == ((0, 13), (0, 16))
    assert reader.copied() == "red"


# Files that change, that follow one another -------------------------------------------------------------


@pytest.mark.parametrize("change", ["shrinks", "goes"])
def test_a_file_that_changes_while_it_is_read(reader: Reader, tmp_path: Path, change: str) -> None:
    preview = reader.show("long.log", long_log())
    path = tmp_path / "long.log"
    if change == "shrinks":
        os.truncate(path, 1000)
    else:
        path.unlink()
    QTest.keyClick(preview.reader, Qt.Key.Key_End)
    reader.until(lambda: bool(preview.trouble.title))
    preview = reader.show("next.txt", "all is well\n")
    assert not preview.trouble.title
    assert loaded_text(preview) == "all is well"


def test_a_text_after_another_begins_at_its_top(reader: Reader) -> None:
    preview = reader.show("long.log", long_log())
    reader.look_for("scan 399999")
    preview = reader.show("next.txt", "scan 399999 again\n")
    reader.until(lambda: preview.pane.find_bar.count.text() == "1 of 1")
    assert preview.reader.top == 0
    assert reader.in_sight == ["scan 399999 again"]
