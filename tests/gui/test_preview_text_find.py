"""What is looked for in a text: counted, marked, gone through, and given up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from itkgui.decoding.text_find import Query
from itkgui.views.previews.find_bar import FindBar
from itkgui.views.style import Style
from tests.gui.text_reading import CONTROL, SHIFT, Reader, long_log


def test_hits_are_counted_and_gone_through(reader: Reader) -> None:
    preview = reader.show("long.log", long_log())
    bar = preview.pane.find_bar
    reader.look_for("SCAN 12345 ")
    assert bar.count.text() == "1 of 1"
    assert "scan 12345 of" in "\n".join(reader.in_sight)
    assert preview.reader.selection == ((12345, 30), (12345, 41))
    bar.box.clear()
    reader.look_for(r"scan 3999[89]\d of", pattern=True)
    assert bar.count.text() == "1 of 20"
    for _ in range(19):
        QTest.keyClick(preview.reader, Qt.Key.Key_F3)
    reader.settle()
    assert bar.count.text() == "20 of 20"
    QTest.keyClick(preview.reader, Qt.Key.Key_F3)
    reader.until(lambda: bar.count.text() == "1 of 20" and reader.is_settled)
    assert "scan 399980 of chip 0" in "\n".join(reader.in_sight)
    QTest.keyClick(preview.reader, Qt.Key.Key_F3, SHIFT)
    reader.until(lambda: bar.count.text() == "20 of 20" and reader.is_settled)
    assert "scan 399999 of chip 5" in "\n".join(reader.in_sight)
    QTest.keyClick(bar.box, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert preview.reader.found is None


def test_upper_and_lower_case(reader: Reader) -> None:
    preview = reader.show("a.txt", "Error error\nERROR\n")
    reader.look_for("error")
    bar = preview.pane.find_bar
    assert bar.count.text() == "1 of 3"
    reader.until(lambda: preview.reader.has_selection)
    bar.case_button.click()
    reader.until(lambda: bar.count.text() == "1 of 1")
    bar.box.setText("Fehler")
    reader.until(lambda: bar.count.text() == "not found")
    assert not bar.next_button.isEnabled()
    assert not preview.reader.has_selection, "nothing is marked as if it were found"


def test_hits_are_marked(reader: Reader) -> None:
    preview = reader.show("a.txt", "one two\nsome two\n")
    reader.look_for("two")
    image = preview.reader.viewport().grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(40)}
    assert {Style.theme.colour("accent").name(), Style.theme.colour("caution_back").name()} <= colours


@pytest.mark.parametrize(
    ("pattern", "said"), [("(", "no regular expression"), ("(a|aa)+b", "takes too long")]
)
def test_bad_patterns_end_with_a_sentence(reader: Reader, pattern: str, said: str) -> None:
    preview = reader.show("a.txt", "a" * 5000 + "\nfind me\n")
    reader.look_for(pattern, pattern=True)
    bar = preview.pane.find_bar
    reader.until(lambda: said in bar.trouble.text())
    bar.box.setText("find me")
    reader.until(lambda: bar.count.text() == "1 of 1")
    assert bar.trouble.isHidden()


def test_a_newer_search_replaces_an_older(reader: Reader) -> None:
    preview = reader.show("a.txt", "a" * 5000 + "\nfind me\n")
    QTest.keyClick(preview.reader, Qt.Key.Key_F, CONTROL)
    bar = preview.pane.find_bar
    bar.pattern_button.setChecked(True)
    bar.box.setText("(a|aa)+b")
    reader.until(lambda: preview.pane.is_finding)
    bar.box.setText("find")
    reader.until(lambda: bar.count.text() == "1 of 1")


def test_search_without_an_end_is_given_up(reader: Reader) -> None:
    preview = reader.show("a.txt", "a" * 5000 + "b\n")
    bar = preview.pane.find_bar
    reader.look_for("(a+)+$", pattern=True)
    reader.until(lambda: "takes too long" in bar.trouble.text())
    reader.look_for("(a+)+$")
    assert bar.trouble.isHidden()
    bar.pattern_button.setChecked(True)
    reader.until(lambda: preview.pane.is_finding)
    QTest.keyClick(bar.box, Qt.Key.Key_Escape)
    assert not preview.pane.is_finding
    preview = reader.show("b.txt", "all is well\n")
    assert reader.in_sight == ["all is well"]


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    """A bar of 600 pixels above what it searches."""
    found, searched = QWidget(), QLineEdit()
    qtbot.addWidget(found)
    layout = QVBoxLayout(found)
    layout.addWidget(FindBar("Find", searched, has_choices=True))
    layout.addWidget(searched)
    found.resize(600, 100)
    found.show()
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)
    return found


@pytest.fixture
def bar(page: QWidget) -> FindBar:
    found = page.findChild(FindBar)
    assert found is not None
    return found


def test_buttons_of_the_find_bar_stay_where_they_are(bar: FindBar) -> None:
    bar.open_bar()
    bar.box.setText("it")
    places = set()
    for hits, hit, share in ((0, -1, 0.0), (0, -1, 1.0), (7, 3, 1.0), (20_000, 3, 0.5)):
        bar.tell_count(hits, hit, share=share)
        QApplication.processEvents()
        places.add((bar.case_button.x(), bar.pattern_button.x(), bar.next_button.x()))
    assert len(places) == 1


@pytest.mark.parametrize(
    ("hits", "hit", "has_all", "share", "words"),
    [
        (0, -1, True, 1.0, "not found"),
        (0, -1, True, 0.25, "0… 25%"),
        (1234, 0, True, 1.0, "1 of 1,234"),
        (5, 4, True, 0.5, "5 of 5… 50%"),
        (5000, 7, False, 1.0, "8 of more than 5,000"),
    ],
)
def test_count_in_words(bar: FindBar, hits: int, hit: int, has_all: bool, share: float, words: str) -> None:
    bar.open_bar()
    bar.box.setText("it")
    bar.tell_count(hits, hit, has_all=has_all, share=share)
    assert bar.count.text() == words
    assert bar.next_button.isEnabled() is bool(hits)


def test_what_is_typed_is_asked_for_once_and_then_stepped_through(qtbot: QtBot, bar: FindBar) -> None:
    sought: list[Query | None] = []
    steps: list[int] = []
    bar.sought.connect(sought.append)
    bar.stepped.connect(steps.append)
    bar.open_bar()
    QTest.keyClicks(bar.box, "it")
    QTest.keyClick(bar.box, Qt.Key.Key_Return)  # sooner than the pause ends
    assert (sought, steps) == ([Query("it")], [])
    QTest.keyClick(bar.box, Qt.Key.Key_Return)
    QTest.keyClick(bar.box, Qt.Key.Key_Return, SHIFT)
    assert (sought, steps) == ([Query("it")], [1, -1])
    bar.case_button.click()
    qtbot.waitUntil(lambda: sought[1:] == [Query("it", matches_case=True)])
    QTest.keyClick(bar.box, Qt.Key.Key_Escape)
    assert sought[2:] == [None]
    bar.open_bar()
    assert sought[3:] == [Query("it", matches_case=True)]


def test_only_a_bar_that_has_the_keys_gives_them_back(qtbot: QtBot, bar: FindBar) -> None:
    bar.open_bar()
    qtbot.waitUntil(bar.box.hasFocus)
    other = QLineEdit(bar.parentWidget())
    other.show()
    other.setFocus()
    bar.close_bar()
    assert other.hasFocus()
    bar.open_bar()
    bar.close_button.click()
    assert bar.isHidden()
    assert not other.hasFocus()
