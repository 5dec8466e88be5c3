"""How list and preview of the attachments share the room of the page, at every size of screen and text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from itkgui.item_models.attachment_table import ADDED, FILE, SIZE
from itkgui.views.style import SIZES, Style
from itkgui.views.theme import LIGHT
from tests.gui.listing import PIXEL, see_list
from tests.gui.person import Person
from tests.gui.test_split_memory import drag, share

pytestmark = pytest.mark.program("used")


@pytest.fixture(autouse=True)
def usual_look(qapp: QApplication) -> Iterator[None]:
    """Leave the look to other tests as it was."""
    font, palette = QFont(qapp.font()), qapp.palette()
    yield
    Style.percent, Style.theme = SIZES[0], LIGHT
    qapp.setFont(font)
    qapp.setPalette(palette)


def test_preview_has_most_of_the_room(person: Person) -> None:
    for size in [(1024, 768), (1366, 768), (1600, 900), (1920, 1080)]:
        person.window.resize(*size)
        see_list(person)
        person.look_at("module_front.jpg")
        files = person.component.attachments
        assert 0.54 < 1 - share(files) < 0.6
        layout = files.view.layout_of_columns
        assert {FILE, SIZE, ADDED} <= set(layout.shown)
        digit = files.view.fontMetrics().horizontalAdvance("0")
        assert files.view.columnWidth(FILE) > 16 * digit
        assert files.view.horizontalScrollBar().maximum() == 0


def test_border_that_was_moved_stays_in_a_window_of_another_size(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    drag(files, -100)
    moved = share(files)
    assert moved < 0.4
    person.window.resize(1700, 900)
    person.until(lambda: files.width() > 1400)
    assert share(files) == pytest.approx(moved, abs=0.01)


def see_large_text(person: Person, size: tuple[int, int], percent: int) -> None:
    person.window.resize(*size)
    see_list(person)
    person.look_at("module_front.jpg")
    person.scale(percent)
    files = person.component.attachments
    preview = files.preview
    person.until(lambda: "\n" not in preview.facts.text(), "facts in one line")
    person.until(lambda: preview.content.height() > preview.height() / 2, "room for the picture")
    line = files.fontMetrics().lineSpacing()
    person.until(lambda: preview.head.height() < 5 * line, "a low head")
    person.until(lambda: preview.tools.geometry().right() < preview.width(), "the tools inside")
    person.until(lambda: files.bar.height() < 3 * line, "one row of tools")
    person.until(lambda: preview.delete_button in preview.tools.rest, "the rest in a menu")
    assert preview.facts.toolTip().startswith("434.7 kB"), "all of it is told somewhere"
    preview.tools.menu.aboutToShow.emit()
    assert "Delete…" in "".join(action.text() for action in preview.tools.menu.actions())
    person.scale(100)
    person.until(lambda: preview.facts.text().count("\n") == 2, "a line for each")


@pytest.mark.program("new")
def test_large_text_leaves_the_preview_half_of_the_height(person: Person) -> None:
    for size, percent in itertools.product(((1366, 768), (1024, 768)), (150, 200)):
        see_large_text(person, size, percent)


def test_list_and_preview_stay_side_by_side_on_a_low_screen_with_large_text(person: Person) -> None:
    see_list(person)
    files = person.component.attachments
    person.scale(200)
    person.until(lambda: files.orientation() is Qt.Orientation.Horizontal)
    person.window.resize(1024, 768)
    person.until(lambda: files.orientation() is Qt.Orientation.Vertical, "one above the other")
    person.until(lambda: share(files) == pytest.approx(0.4, abs=0.03), "more for the preview")


def test_page_that_scrolls_shows_the_preview_of_what_is_chosen(person: Person) -> None:
    person.window.resize(1366, 768)
    see_list(person)
    person.scale(200)
    files = person.component.attachments
    person.choose(files.view, lambda attachment: attachment.display_name == "module_front.jpg")
    content = files.preview.content
    person.until(lambda: content.visibleRegion().boundingRect().height() > content.height() - 20, "all of it")
    assert not files.view.visibleRegion().boundingRect().isEmpty()
    assert files.view.visualRect(files.view.currentIndex()).intersects(
        files.view.visibleRegion().boundingRect()
    )
    person.settle()


def test_what_a_tool_in_the_menu_opens_hangs_below_the_menu(person: Person) -> None:
    person.window.resize(1024, 768)
    see_list(person)
    tools = person.component.attachments.bar.tools
    person.until(lambda: tools.more.isVisible() and tools.more.x() > 100, "a menu for the rest")
    group = person.component.attachments.bar.group_button
    assert group in tools.rest
    tools.menu.aboutToShow.emit()
    (entry,) = (action for action in tools.menu.actions() if action.text() == group.toolTip())
    entry.trigger()
    (menu,) = (found for found in tools.window().findChildren(type(tools.menu)) if found.isVisible())
    assert menu.accessibleName() == "Groups"
    assert menu.pos() == tools.more.mapToGlobal(tools.more.rect().bottomLeft())
    menu.close()


def test_tools_stand_beside_the_name_where_there_is_room(person: Person) -> None:
    person.scan(PIXEL)
    person.look_at("module_front.jpg")
    preview = person.component.attachments.preview
    assert preview.tools.y() < preview.facts.y()
    drag(person.component.attachments, 400)
    person.until(lambda: preview.tools.y() > preview.facts.y(), "tools below all")
