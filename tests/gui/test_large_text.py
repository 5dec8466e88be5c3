"""Large text on a small screen: what gives way, and that all of it can still be reached."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QTabBar, QWidget

from itkgui.item_models.component_tree import POSITION
from itkgui.views.components.component_view import ATTACHMENTS, COMMENTS, FAMILY, OVERVIEW
from itkgui.views.style import Style
from itkgui.views.widgets.tall_page import TallPage
from tests.gui.page_checks import cut_off
from tests.gui.person import Person
from tests.gui.shipping import show_shipments

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
pytestmark = pytest.mark.usefixtures("usual_look")


def test_strip_is_low_where_height_is_scarce(person: Person) -> None:
    strip = person.scan(PIXEL).strip
    facts = strip.place.text()
    person.scale(150)
    line = strip.fontMetrics().lineSpacing()
    person.until(lambda: strip.height() < 5 * line, f"a low strip, not {strip.height() / line} lines")
    person.until(lambda: strip.place.text().endswith("…"), "facts in one line")
    assert strip.place.toolTip().replace("\n", " ") == facts
    assert strip.serial.text() == PIXEL
    person.scale(100)
    person.until(lambda: strip.place.text() == facts, "all facts")
    assert not strip.place.toolTip()


def test_pages_use_the_width(person: Person) -> None:
    component = person.scan(PIXEL)
    person.scale(150)
    person.show_tab(ATTACHMENTS)
    person.until(lambda: component.attachments.orientation() is Qt.Orientation.Horizontal)
    person.show_tab(OVERVIEW)
    content = component.overview.widget()
    cards = content.layout() if content is not None else None
    assert isinstance(cards, QBoxLayout)
    person.until(lambda: cards.direction() is QBoxLayout.Direction.LeftToRight)
    due = component.overview.due
    person.until(lambda: due.table.rowCount() > 0, "the tests due")
    person.until(lambda: due.horizontalScrollBar().maximum() == 0, "all columns in sight")


def test_two_side_by_side_need_no_scrolling_to_the_side(person: Person) -> None:
    for label in (STRIP, PIXEL):
        person.scan(label)
        person.show_tab(COMMENTS)
    person.scale(150)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    person.press(Qt.Key.Key_Return, person.workspace, keys)
    pages = [page for view in person.workspace.side_by_side.views for page in view.findChildren(TallPage)]
    pages = [page for page in pages if page.isVisible()]
    assert len(pages) == 2
    person.until(lambda: not any(page.horizontalScrollBar().maximum() for page in pages), "room for both")


def test_crosses_and_pins_of_tabs_grow(person: Person) -> None:
    person.scan(PIXEL)
    bar = person.workspace.side_by_side.tabs.tabBar()
    before, pin = _cross(bar, 0).width(), bar.iconSize().width()
    person.scale(200)
    assert _cross(bar, 0).width() == 2 * before
    assert bar.iconSize().width() == 2 * pin
    person.scan(STRIP)
    assert _cross(bar, 1).width() == 2 * before
    assert bar.tabRect(1).contains(_cross(bar, 1).geometry())


def _cross(bar: QTabBar, tab: int) -> QWidget:
    found = bar.tabButton(tab, QTabBar.ButtonPosition.RightSide)
    assert found is not None
    return found


def test_what_is_above_a_table_takes_a_row_of_its_own(person: Person) -> None:
    view = show_shipments(person)
    person.until(lambda: not view.list.pane.is_loading, "the shipments")
    title = next(label for label in view.findChildren(QLabel) if label.text() == "Shipments")
    middle = view.institute.rect().center()

    def stand_below_title(wanted: bool) -> bool:
        return (title.mapFromGlobal(view.institute.mapToGlobal(middle)).y() > title.height()) is wanted

    for percent, width, is_below in ((100, 1366, False), (175, 1024, True), (100, 1366, False)):
        person.scale(percent)
        person.window.resize(width, 740)
        person.until(partial(stand_below_title, is_below), f"the head at {percent} %")
        person.until(lambda: title.width() >= title.sizeHint().width(), "all of the title")
    for box in (view.institute, view.direction):
        assert box.shown_text == box.currentText(), "there is room for all of it"


def test_a_box_ends_in_dots_and_tells_the_rest_in_its_hint(person: Person) -> None:
    institute = show_shipments(person).institute
    person.until(lambda: institute.findData("LIV") >= 0, "all institutes")
    person.scale(200)
    person.until(lambda: institute.shown_text.endswith("…"), "too little room")
    assert institute.currentText().startswith(institute.shown_text.rstrip("…").rstrip())
    assert institute.toolTip().replace("\u2028", "\n").endswith(institute.currentText())


def test_no_serial_number_of_the_tray_is_broken(person: Person) -> None:
    workspace = person.workspace
    workspace.go_to(workspace.list_place)
    tray = workspace.list_place.view
    tray.editor.setPlainText(f"{PIXEL}\n20UPGM23100013\n20UPGM23100021\n20UPGM29999999\n{PIXEL}\n")
    tray.look_up()
    said = "3 found, 1 unknown, 1 repeated and left out"
    person.until(lambda: tray.count.text() == said and tray.missing.isVisible(), "the tray")
    for percent, size in ((150, (1366, 768)), (175, (1024, 740))):
        person.scale(percent)
        person.window.resize(*size)
        person.settle()
        person.until(lambda: not cut_off(person.window), "room for all")
        across = tray.editor.horizontalScrollBar()
        assert across.maximum() == 0, "a serial number has room"
    tray.entry.add("a name much longer than any serial number is")
    person.until(lambda: across.maximum() > 0, "a way to the rest of it")


def test_every_place_is_in_sight_under_a_long_message(person: Person) -> None:
    workspace = person.workspace
    person.scale(200)
    screen = person.window.size()
    person.program.messages.notify("A long message that says what happened and what to do about it. " * 4)
    person.settle()
    rail, places = workspace.rail, (workspace.search_view, workspace.shipments_view, workspace.upload_view)
    buttons = [rail.button(place) for place in places]
    person.until(lambda: all(rail.rect().contains(button.geometry()) for button in buttons), "the places")
    assert all(button.height() >= button.fontMetrics().height() for button in buttons)
    assert person.window.height() == screen.height()


def test_family_looks_like_the_tables(person: Person) -> None:
    family = person.scan(PIXEL).family
    person.show_tab(FAMILY)
    person.until(
        lambda: family.tree.rowCount(family.tree.itself()) > 0 and not family.is_loading, "the parts"
    )
    assert family.view.isColumnHidden(POSITION) is not family.tree.tells_positions
    row = family.tree.index(1, 0, family.tree.itself())
    family.view.setCurrentIndex(row)
    family.view.setFocus()
    person.settle()
    rect = family.view.visualRect(row.siblingAtColumn(1))
    picture = family.view.viewport().grab().toImage()
    chosen = Style.theme.colour("selection")
    for down in (2, rect.height() // 2, rect.height() - 2):
        assert picture.pixelColor(rect.right() - 2, rect.top() + down) == chosen
    assert family.view.horizontalScrollBar().maximum() == 0


def test_button_of_the_recent_says_what_it_does(person: Person) -> None:
    person.scan(PIXEL)
    workspace = person.workspace
    workspace.go_to(workspace.recent_place)
    recent = workspace.recent_place.view
    assert recent.pin_button.text() == "Pin"
    person.choose(recent.view, lambda known: known.label == PIXEL)
    person.until(recent.pin_button.isEnabled)
    person.click(recent.pin_button)
    person.until(lambda: recent.pin_button.text() == "Unpin")
    person.click(recent.pin_button)
    person.until(lambda: recent.pin_button.text() == "Pin")
