"""The review of dropped files, and the list of uploads, in a small window."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from itkgui.item_models.upload_table import COLUMNS, NEXT_TRY, UploadLine
from itkgui.uploads.upload import Upload
from tests.gui.person import Person
from tests.gui.reviewing import choose, drop
from tests.gui.test_review_doubts import OTHER, write
from tests.gui.test_upload_desk import let_wait
from tests.gui.test_upload_view import STRIP, look, notes


def is_in_sight(widget: QWidget, page: QWidget) -> bool:
    bottom = page.mapToGlobal(page.rect().bottomLeft()).y()
    shown = widget.visibleRegion().boundingRect().size()
    return shown == widget.size() and widget.mapToGlobal(widget.rect().bottomLeft()).y() <= bottom


def next_try(upload: Upload, seconds: float) -> str:
    """Return what the table says of an upload that waits for its next try."""
    line = UploadLine(upload)
    line.wait = seconds
    return COLUMNS[NEXT_TRY].text(line)


def test_all_columns_are_seen_at_once(person: Person, tmp_path: Path) -> None:
    let_wait(person, notes(tmp_path, 40))  # more than fit: there is a scroll bar beside them
    person.window.resize(1366, 768)
    queue = look(person)
    across = queue.view.horizontalScrollBar()
    person.until(lambda: across.maximum() == 0, "the end of scrolling sideways")


def test_the_seconds_to_the_next_try_are_seen(person: Person, tmp_path: Path) -> None:
    let_wait(person, notes(tmp_path, 1))
    person.window.resize(1366, 768)
    queue = look(person)
    person.until(lambda: queue.view.horizontalScrollBar().maximum() == 0, "the columns")
    room = queue.view.columnWidth(NEXT_TRY) - 2 * queue.view._delegate.padding
    for seconds in (59.0, 3540.0):
        text = next_try(person.uploads[0], seconds)
        assert queue.view.fontMetrics().horizontalAdvance(text) <= room, text


def test_a_small_window_with_large_text_shows_why_a_file_stops_and_send(
    person: Person, tmp_path: Path, usual_look: None
) -> None:
    component = person.scan(STRIP)
    person.window.resize(1024, 768)
    person.scale(150)
    drop(person, [*notes(tmp_path, 6), write(tmp_path, f"{OTHER}.txt")])
    sheet, page = person.sheet, person.sheet.room.page
    choose(person, f"{OTHER}.txt")
    for widget in (sheet.form.doubts, sheet.form.doubts.here_button, sheet.send_button, sheet.cancel_button):
        person.until(partial(is_in_sight, widget, component), f"{widget} in sight")
    assert sheet.view.viewport().height() > 1.5 * sheet.view.rowHeight(0)
    assert page.horizontalScrollBar().maximum() == 0
    assert not component.strip.isVisible()
    show_title(person)

    person.scale(200)  # the page has to scroll then, and the form in it does not
    choose(person, f"{OTHER}.txt")
    person.until(lambda: page.verticalScrollBar().maximum() > 0, "the scrolling page")
    person.until(lambda: sheet.form_room.area.verticalScrollBar().maximum() == 0, "the whole form")
    assert page.horizontalScrollBar().maximum() == 0
    show_title(person)
    for button in (sheet.send_button, sheet.cancel_button):
        person.until(partial(is_in_sight, button, component), "the buttons that end it, wherever one scrolls")
    person.scale(150)
    person.window.resize(1024, 660)  # as with a bar of the watched folder above
    choose(person, sheet.rows[0].name)
    choose(person, f"{OTHER}.txt")
    person.until(partial(is_in_sight, sheet.form.doubts, component), "all that there is to decide")
    person.until(partial(is_in_sight, sheet.cancel_button, component), "the way out")
    assert page.horizontalScrollBar().maximum() == 0
    person.scale(100)
    person.until(lambda: page.verticalScrollBar().maximum() == 0, "a page that need not scroll")
    person.click(sheet.cancel_button)
    assert component.strip.isVisible()


def show_title(person: Person) -> None:
    person.press(Qt.Key.Key_F2, person.sheet.view)
    person.until(partial(is_in_sight, person.sheet.form.title, person.component), "the title")
