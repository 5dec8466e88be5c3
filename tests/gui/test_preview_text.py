"""Texts on the screen: read, searched and copied by mouse and keyboard, whatever their size and state."""

from __future__ import annotations

import asyncio
import json
import os
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.client.files import open_file
from itkgui.decoding.decoders import Decoders
from itkgui.decoding.text import load_text
from itkgui.decoding.text_find import Found
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.previews.text import TextPreview
from itkgui.views.previews.text_find_bar import FindBar
from itkgui.views.style import Style
from tests.end2end.job import loaded_text

Show = Callable[..., TextPreview]


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    found = Decoders()
    yield found
    found.close()


@pytest.fixture
def show(qtbot: QtBot, worker: Worker, decoders: Decoders, tmp_path: Path) -> Show:
    """Show a text and wait for what is in sight of it."""
    content = PreviewContent(worker, decoders, tmp_path / "downloads")
    qtbot.addWidget(content)
    content.resize(600, 500)
    content.show()

    def shown(name: str, text: bytes | str) -> TextPreview:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        content.show_file(open_file(path, name))
        qtbot.waitUntil(lambda: content.shown_kind == "text")
        found = content.currentWidget()
        assert isinstance(found, TextPreview)
        qtbot.waitUntil(lambda: is_settled(found))
        return found

    return shown


def is_settled(preview: TextPreview) -> bool:
    return preview.is_settled and preview.pane.is_settled


def keys(qtbot: QtBot, preview: TextPreview, *pressed: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    for key, modifier in pressed:
        QTest.keyClick(preview.reader, key, modifier)
    qtbot.waitUntil(lambda: is_settled(preview))


def look_for(qtbot: QtBot, preview: TextPreview, wanted: str, *, pattern: bool = False) -> None:
    QTest.keyClick(preview.reader, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = preview.pane.find_bar
    bar.pattern_button.setChecked(pattern)
    QTest.keyClicks(bar.box, wanted)
    qtbot.waitUntil(lambda: preview.pane.query == bar.query)
    qtbot.waitUntil(lambda: not preview.pane.is_finding and is_settled(preview))


def in_sight(preview: TextPreview) -> list[str]:
    reader = preview.reader
    rows = [reader.pages.row(number) for number in range(reader.top, reader.last + 1)]
    return [row.text for row in rows if row is not None]


def copied(qtbot: QtBot, preview: TextPreview) -> str:
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    QTest.keyClick(preview.reader, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(clipboard.text()), timeout=10_000)
    return clipboard.text()


_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_FAR = _SHIFT | Qt.KeyboardModifier.ControlModifier
_KEY = Qt.Key
_LOG = "".join(f"2024-01-01T12:00:00 [ info  ] scan {n} of chip {n % 7}\n" for n in range(400_000))


# Reading ---------------------------------------------------------------------------------------------------


def test_a_long_log_is_read_to_its_end(qtbot: QtBot, show: Show) -> None:
    preview = show("long.log", _LOG)
    assert in_sight(preview)[0].endswith("scan 0 of chip 0")
    assert preview.facts.text().startswith("400,000 lines")
    keys(qtbot, preview, (_KEY.Key_End, _NONE))
    assert in_sight(preview)[-1].endswith("scan 399999 of chip 5")
    keys(qtbot, preview, (_KEY.Key_PageUp, _NONE), (_KEY.Key_Up, _NONE))
    assert not in_sight(preview)[-1].endswith("scan 399999 of chip 5")
    keys(qtbot, preview, (_KEY.Key_Home, _NONE), (_KEY.Key_Down, _NONE), (_KEY.Key_PageDown, _NONE))
    assert preview.reader.top == preview.reader.lines_in_sight
    assert preview.reader.accessibleName() == "Text of the file"
    assert preview.reader.accessibleDescription().startswith(f"Line {preview.reader.top + 1}")


def test_what_is_in_sight_is_coloured(qtbot: QtBot, show: Show) -> None:
    preview = show("long.log", _LOG)
    keys(qtbot, preview, (_KEY.Key_End, _NONE))
    row = preview.reader.pages.row(399_990)
    assert row is not None
    assert (0, 19, "comment") in row.looks


def test_colours_follow_the_theme(qtbot: QtBot, show: Show) -> None:
    preview = show("a.log", "\x1b[31m" + "█" * 60)
    image = preview.reader.viewport().grab().toImage()
    point = QPoint(round(preview.reader.gutter) + 60, 8)
    assert image.pixelColor(point * image.devicePixelRatio()) == Style.theme.colour("bad")


def test_a_line_of_many_pieces(qtbot: QtBot, show: Show) -> None:
    preview = show("wide.txt", "x" * 3_000_000 + "\nlast\n")
    assert preview.facts.text().startswith("2 lines")
    keys(qtbot, preview, (_KEY.Key_End, _NONE))
    assert in_sight(preview)[-1] == "last"
    row = preview.reader.pages.row(2999)
    assert row is not None
    assert row.continues


def test_wrapped_lines_are_scrolled_line_by_line(qtbot: QtBot, show: Show) -> None:
    preview = show("prose.txt", ("word " * 150 + "\n") * 40 + "the end\n")
    reader = preview.reader
    assert reader.horizontalScrollBar().maximum() > 0
    QTest.mouseClick(preview.wrap_button, Qt.MouseButton.LeftButton)
    assert reader.horizontalScrollBar().maximum() == 0
    keys(qtbot, preview, (_KEY.Key_Down, _NONE))
    assert reader.top == 0
    assert reader.place_at(QPointF(reader.gutter + 1, 1))[1] > 0
    keys(qtbot, preview, (_KEY.Key_End, _NONE))
    assert in_sight(preview)[-1] == "the end"
    assert reader.top > 35
    keys(qtbot, preview, (_KEY.Key_Home, _NONE))
    assert reader.top == 0


def test_an_encoding_is_chosen(qtbot: QtBot, show: Show) -> None:
    preview = show("a.txt", "Größe\n".encode("latin-1"))
    assert preview.encoding_button.text().startswith("Latin-1")
    assert loaded_text(preview) == "Größe"
    preview.encodings["Windows-1251"].trigger()
    qtbot.waitUntil(lambda: loaded_text(preview) == "GrцЯe")
    assert preview.encoding_button.text().startswith("Windows-1251")
    assert preview.encodings["Windows-1251"].isChecked()


def test_a_line_is_gone_to(qtbot: QtBot, show: Show) -> None:
    preview = show("long.log", _LOG)
    QTest.keyClick(preview.reader, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(preview.findChildren(QInputDialog)))
    (dialog,) = preview.findChildren(QInputDialog)
    assert "400,000" in dialog.labelText()
    dialog.setIntValue(300_001)
    dialog.accept()
    qtbot.waitUntil(lambda: any(text.endswith("scan 300000 of chip 1") for text in in_sight(preview)))
    assert preview.reader.selection == ((300_000, 0), (300_000, 0))


# Finding ---------------------------------------------------------------------------------------------------


def test_hits_are_counted_and_gone_through(qtbot: QtBot, show: Show) -> None:
    preview = show("long.log", _LOG)
    bar = preview.pane.find_bar
    look_for(qtbot, preview, "SCAN 12345 ")
    assert bar.count.text() == "1 of 1"
    assert "scan 12345 of" in "\n".join(in_sight(preview))
    assert preview.reader.selection == ((12345, 30), (12345, 41))
    bar.box.clear()
    look_for(qtbot, preview, r"scan 3999[89]\d of", pattern=True)
    assert bar.count.text() == "1 of 20"
    for _ in range(19):
        QTest.keyClick(preview.reader, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: is_settled(preview))
    assert bar.count.text() == "20 of 20"
    QTest.keyClick(preview.reader, Qt.Key.Key_F3)
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 20" and is_settled(preview))
    assert "scan 399980 of chip 0" in "\n".join(in_sight(preview))
    QTest.keyClick(preview.reader, Qt.Key.Key_F3, _SHIFT)
    qtbot.waitUntil(lambda: bar.count.text() == "20 of 20" and is_settled(preview))
    assert "scan 399999 of chip 5" in "\n".join(in_sight(preview))
    QTest.keyClick(bar.box, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert preview.reader.found is None


def test_upper_and_lower_case(qtbot: QtBot, show: Show) -> None:
    preview = show("a.txt", "Error error\nERROR\n")
    look_for(qtbot, preview, "error")
    bar = preview.pane.find_bar
    assert bar.count.text() == "1 of 3"
    bar.case_button.click()
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1")
    bar.box.setText("Fehler")
    qtbot.waitUntil(lambda: bar.count.text() == "not found")
    assert not bar.next_button.isEnabled()


def test_hits_are_marked(qtbot: QtBot, show: Show) -> None:
    preview = show("a.txt", "one two\nsome two\n")
    look_for(qtbot, preview, "two")
    image = preview.reader.viewport().grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(40)}
    assert {Style.theme.colour("accent").name(), Style.theme.colour("caution_back").name()} <= colours


@pytest.mark.parametrize(
    ("pattern", "said"), [("(", "no regular expression"), ("(a|aa)+b", "takes too long")]
)
def test_bad_patterns_end_with_a_sentence(qtbot: QtBot, show: Show, pattern: str, said: str) -> None:
    preview = show("a.txt", "a" * 5000 + "\nfind me\n")
    look_for(qtbot, preview, pattern, pattern=True)
    bar = preview.pane.find_bar
    qtbot.waitUntil(lambda: said in bar.trouble.text(), timeout=20_000)
    bar.box.setText("find me")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1", timeout=20_000)
    assert bar.trouble.isHidden()


def test_a_newer_search_replaces_an_older(qtbot: QtBot, show: Show) -> None:
    preview = show("a.txt", "a" * 5000 + "\nfind me\n")
    QTest.keyClick(preview.reader, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar = preview.pane.find_bar
    bar.pattern_button.setChecked(True)
    bar.box.setText("(a|aa)+b")
    qtbot.waitUntil(lambda: preview.pane.is_finding)
    bar.box.setText("find")
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1")


# Selecting and copying -------------------------------------------------------------------------------------


def test_a_selection_over_pages_is_copied(qtbot: QtBot, show: Show) -> None:
    text = "".join(f"line {n} é\n" for n in range(5000))
    preview = show("a.txt", text)
    QTest.mouseClick(
        preview.reader.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(preview.reader.gutter) + 1, 5)
    )
    keys(qtbot, preview, (_KEY.Key_Right, _SHIFT), (_KEY.Key_End, _FAR))
    assert copied(qtbot, preview) == text.rstrip("\n")
    keys(qtbot, preview, (_KEY.Key_Home, _FAR), (_KEY.Key_Right, _SHIFT), (_KEY.Key_Down, _SHIFT))
    assert copied(qtbot, preview) == "line 0 é\nl"


def test_selecting_by_mouse(qtbot: QtBot, show: Show) -> None:
    preview = show("a.txt", "one two three\nfour five six\n")
    reader, view = preview.reader, preview.reader.viewport()
    left, height = round(reader.gutter), round(reader.line_height)
    word = reader.fontMetrics().horizontalAdvance("one ")
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(left + word + 5, 5))
    assert copied(qtbot, preview) == "two"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(3, height + 5))
    assert copied(qtbot, preview) == "four five six"
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(left + word, 5))
    QTest.mouseMove(view, QPoint(left + word, height + 5))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(left + word, height + 5))
    if reader.has_selection:  # offscreen, a moved mouse has no button down
        assert copied(qtbot, preview) == "two three\nfour"


def test_odd_characters_are_selected_where_they_are(qtbot: QtBot, show: Show) -> None:
    preview = show("a.txt", "😀😀 wide שלום \x1b[31mred\x1b[0m \x07 end\n")
    look_for(qtbot, preview, "red")
    assert preview.reader.selection == ((0, 13), (0, 16))
    assert copied(qtbot, preview) == "red"


# JSON ------------------------------------------------------------------------------------------------------


def test_json_is_laid_out_and_shown_as_it_is(qtbot: QtBot, show: Show) -> None:
    value = {"a": [1, {"b": "ü"}], "c": "😀"}
    preview = show("a.json", json.dumps(value))
    assert loaded_text(preview) == json.dumps(value, indent=2, ensure_ascii=False)
    assert "JSON, laid out" in preview.facts.text()
    preview.laid_out_button.click()
    assert loaded_text(preview) == json.dumps(value)
    preview.laid_out_button.click()
    assert loaded_text(preview).startswith('{\n  "a"')


def test_json_left_before_it_is_laid_out(
    qtbot: QtBot, show: Show, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    preview = show("a.json", "[1]")
    file = open_file(tmp_path / "a.json", "a.json")
    loaded = load_text(file)

    async def leave(turns: int) -> None:
        preview.show_content(file, loaded)
        for _ in range(turns):
            await asyncio.sleep(0)
        preview.forget()

    for turns in range(5):  # a fault in the decoder would be logged, which no test may
        task = event_loop_of_qt.create_task(leave(turns))
        qtbot.waitUntil(task.done)
    assert loaded_text(show("b.json", "[2]")) == "[\n  2\n]"


def test_json_as_a_tree(qtbot: QtBot, show: Show) -> None:
    preview = show("a.json", json.dumps({"list": list(range(1000)), "inner": {"deep": [None]}}))
    preview.tree_button.click()
    view, tree = preview.tree, preview.tree.tree
    qtbot.waitUntil(lambda: tree.rowCount() == 2)
    first = tree.index(0, 0)
    assert [tree.data(tree.index(0, column)) for column in (0, 1)] == ["list", "[1,000]"]
    assert tree.rowCount(first) == 0
    view.expand(first)
    qtbot.waitUntil(lambda: tree.rowCount(first) >= 200)
    QTest.keyClick(view, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: tree.rowCount(first) >= 400)
    assert tree.data(tree.index(399, 1, first)) == "399"
    view.setCurrentIndex(tree.index(1, 1, first))
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1"
    preview.tree_button.click()
    assert preview.stack.currentWidget() is preview.pane


def test_json_too_large_is_shown_as_it_is(qtbot: QtBot, show: Show) -> None:
    preview = show("large.json", "[" + "1234567,\n" * 2_000_000 + "1]")
    assert "too large to be laid out" in preview.facts.text()
    assert not preview.tools.is_offered(preview.tree_button)
    assert in_sight(preview)[0] == "[1234567,"


def test_json_that_is_none_is_shown_as_it_is(qtbot: QtBot, show: Show) -> None:
    preview = show("bad.json", '{"a": 1,}')
    assert "not valid" in preview.facts.text()
    assert loaded_text(preview) == '{"a": 1,}'


# Files that change, that follow one another ----------------------------------------------------------------


@pytest.mark.parametrize("change", ["shrinks", "goes"])
def test_a_file_that_changes_while_it_is_read(qtbot: QtBot, show: Show, tmp_path: Path, change: str) -> None:
    preview = show("long.log", _LOG)
    path = tmp_path / "long.log"
    if change == "shrinks":
        os.truncate(path, 1000)
    else:
        path.unlink()
    QTest.keyClick(preview.reader, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: bool(preview.trouble.title))
    preview = show("next.txt", "all is well\n")
    assert not preview.trouble.title
    assert loaded_text(preview) == "all is well"


def test_a_text_after_another_begins_at_its_top(qtbot: QtBot, show: Show) -> None:
    preview = show("long.log", _LOG)
    look_for(qtbot, preview, "scan 399999")
    preview = show("next.txt", "scan 399999 again\n")
    qtbot.waitUntil(lambda: preview.pane.find_bar.count.text() == "1 of 1")
    assert preview.reader.top == 0
    assert in_sight(preview) == ["scan 399999 again"]


def test_buttons_of_the_find_bar_stay_where_they_are(qtbot: QtBot) -> None:
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.resize(600, 40)
    bar.open_bar()
    bar.box.setText("it")
    many = array("q", range(20_000))
    places = set()
    for found in (None, Found(9, 9), Found(9, 9, many[:7]), Found(5, 9, many)):
        bar.tell(found, 3)
        QApplication.processEvents()
        places.add((bar.case_button.x(), bar.pattern_button.x(), bar.next_button.x()))
    assert len(places) == 1
