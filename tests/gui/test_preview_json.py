"""JSON on the screen: laid out, as a tree, or as it is."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from itkgui.client.files import open_file
from itkgui.decoding.text import load_text
from tests.end2end.job import loaded_text
from tests.gui.text_reading import CONTROL, Reader


def test_json_is_laid_out_and_shown_as_it_is(reader: Reader) -> None:
    value = {"a": [1, {"b": "ü"}], "c": "😀"}
    preview = reader.show("a.json", json.dumps(value))
    assert loaded_text(preview) == json.dumps(value, indent=2, ensure_ascii=False)
    assert "JSON, laid out" in preview.facts.text()
    preview.laid_out_button.click()
    assert loaded_text(preview) == json.dumps(value)
    preview.laid_out_button.click()
    assert loaded_text(preview).startswith('{\n  "a"')


def test_json_left_before_it_is_laid_out(
    reader: Reader, event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    preview = reader.show("a.json", "[1]")
    file = open_file(tmp_path / "a.json", "a.json")
    loaded = load_text(file)

    async def leave(turns: int) -> None:
        preview.show_content(file, loaded)
        for _ in range(turns):
            await asyncio.sleep(0)
        preview.forget()

    for turns in range(5):  # a fault in the decoder would be logged, which no test may
        task = event_loop_of_qt.create_task(leave(turns))
        reader.until(task.done)
    assert loaded_text(reader.show("b.json", "[2]")) == "[\n  2\n]"


def test_json_as_a_tree(reader: Reader) -> None:
    preview = reader.show("a.json", json.dumps({"list": list(range(1000)), "inner": {"deep": [None]}}))
    preview.tree_button.click()
    view, tree = preview.tree, preview.tree.tree
    reader.until(lambda: tree.rowCount() == 2)
    first = tree.index(0, 0)
    assert [tree.data(tree.index(0, column)) for column in (0, 1)] == ["list", "[1,000]"]
    assert tree.rowCount(first) == 0
    view.expand(first)
    reader.until(lambda: tree.rowCount(first) >= 200)
    QTest.keyClick(view, Qt.Key.Key_End)
    reader.until(lambda: tree.rowCount(first) >= 400)
    assert tree.data(tree.index(399, 1, first)) == "399"
    view.setCurrentIndex(tree.index(1, 1, first))
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "1"
    preview.tree_button.click()
    assert preview.stack.currentWidget() is preview.pane


def test_json_too_large_is_shown_as_it_is(reader: Reader) -> None:
    preview = reader.show("large.json", "[" + "1234567,\n" * 2_000_000 + "1]")
    assert "too large to be laid out" in preview.facts.text()
    assert not preview.tools.is_offered(preview.tree_button)
    assert reader.in_sight[0] == "[1234567,"


def test_json_that_is_none_is_shown_as_it_is(reader: Reader) -> None:
    preview = reader.show("bad.json", '{"a": 1,}')
    assert "not valid" in preview.facts.text()
    assert loaded_text(preview) == '{"a": 1,}'
