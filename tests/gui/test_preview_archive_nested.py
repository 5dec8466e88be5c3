"""An archive in an archive where there is little room: the outer one folds to a line, with a way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from itkgui.views.previews.archive import ArchivePreview
from tests.end2end.job import text_shown
from tests.gui.test_preview_archive import SAMPLE, Opener, opener  # noqa: F401 - a fixture
from tests.unit.decoding.test_archive import zipped

OUTER = zipped({"first.txt": b"first\n", "inner.zip": zipped(SAMPLE), "last.txt": b"last\n"})
LOW, HIGH = 380, 900


@pytest.fixture
def low(opener: Opener) -> Opener:  # noqa: F811
    """Somebody who looks into archives in a low pane."""
    opener.content.resize(500, LOW)
    opener.content.activateWindow()
    opener.until(opener.content.isActiveWindow)
    return opener


def inner_of(somebody: Opener) -> ArchivePreview:
    somebody.until(lambda: isinstance(somebody.preview.inner.currentWidget(), ArchivePreview))
    found = somebody.preview.inner.currentWidget()
    assert isinstance(found, ArchivePreview)
    somebody.until(lambda: found.is_settled)
    return found


def test_outer_archive_folds_to_a_line_and_comes_back(low: Opener) -> None:
    elsewhere = QLineEdit(low.content)
    elsewhere.show()
    elsewhere.setFocus()
    low.open(OUTER, "outer.zip")
    low.choose("inner.zip")
    inner = inner_of(low)
    preview = low.preview
    assert preview.is_folded
    assert not preview.tree.isVisible()
    assert preview.about.text().startswith("outer.zip › inner.zip")
    assert inner.tree.isVisible()
    assert elsewhere.hasFocus()
    assert preview.key_taker is inner.tree
    QTest.mouseClick(preview.back_button, Qt.MouseButton.LeftButton)
    assert preview.tree.isVisible()
    assert preview.tree.hasFocus()
    assert preview.about.text().startswith("inner.zip")
    assert not preview.back_button.isVisible()


def test_keys_of_who_passes_through_the_outer_tree_are_not_taken(low: Opener) -> None:
    low.open(OUTER, "outer.zip")
    tree = low.tree
    tree.setFocus()
    low.press(Qt.Key.Key_Down)
    inner = inner_of(low)
    assert not low.preview.is_folded
    assert tree.hasFocus()
    low.press(Qt.Key.Key_Down)
    low.until(lambda: text_shown(low.content) == "last")
    assert tree.hasFocus()
    low.press(Qt.Key.Key_Up)
    assert inner_of(low) is inner
    inner.tree.setFocus()
    low.until(lambda: low.preview.is_folded)
    assert inner.tree.hasFocus()
    QTest.keyClick(inner.tree, Qt.Key.Key_Backspace)
    assert not low.preview.is_folded
    assert tree.hasFocus()


def test_back_leads_out_of_one_archive_at_a_time(low: Opener) -> None:
    low.content.resize(500, LOW)
    innermost = zipped({"x.txt": b"x at the bottom\n"})
    low.open(zipped({"middle.zip": zipped({"innermost.zip": innermost})}), "outer.zip")
    middle = inner_of(low)
    low.until(lambda: isinstance(middle.inner.currentWidget(), ArchivePreview))
    deep = middle.inner.currentWidget()
    assert isinstance(deep, ArchivePreview)
    low.until(lambda: low.preview.is_folded and middle.is_folded)
    deep.tree.setFocus()
    QTest.keyClick(deep.tree, Qt.Key.Key_Backspace)
    assert middle.tree.hasFocus()
    assert low.preview.is_folded
    QTest.keyClick(middle.tree, Qt.Key.Key_Backspace)
    assert low.tree.hasFocus()


@pytest.mark.parametrize("height", [LOW, HIGH])
def test_right_leads_into_an_archive_and_backspace_out(low: Opener, height: int) -> None:
    low.content.resize(700, height)
    low.open(OUTER, "outer.zip")
    low.tree.setFocus()
    low.press(Qt.Key.Key_Right)
    assert low.tree.hasFocus(), "the first member is a text"
    low.choose("inner.zip")
    inner = inner_of(low)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        low.press(key)
        assert inner.tree.hasFocus()
        QTest.keyClick(inner.tree, Qt.Key.Key_Backspace)
        assert low.tree.hasFocus()


def test_what_is_clicked_stays_below_the_hand(low: Opener) -> None:
    low.open(OUTER, "outer.zip")
    low.tree.setFocus()
    low.choose("inner.zip")
    inner = inner_of(low)
    row = inner.tree.currentIndex()
    spot = inner.tree.visualRect(row).center()
    QTest.mousePress(inner.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    low.qtbot.waitUntil(lambda: inner.tree.hasFocus())
    assert not low.preview.is_folded
    QTest.mouseRelease(inner.tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    low.until(lambda: low.preview.is_folded)


def test_both_are_seen_where_there_is_room(low: Opener) -> None:
    low.open(OUTER, "outer.zip")
    low.choose("inner.zip")
    inner = inner_of(low)
    inner.tree.setFocus()
    low.until(lambda: low.preview.is_folded)
    low.content.resize(700, HIGH)
    low.until(lambda: not low.preview.is_folded)
    assert low.tree.isVisible()
    assert inner.tree.hasFocus()
    low.content.resize(500, LOW)
    low.until(lambda: low.preview.is_folded)
    low.preview.inner.show_as("bytes")
    low.until(lambda: not low.preview.is_folded)
    low.open(zipped(SAMPLE), "other.zip")
    low.until(lambda: text_shown(low.content) == "hello")
    assert not low.preview.is_folded
