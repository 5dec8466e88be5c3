"""Where what is typed goes after a step: to what is shown, never to whatever button comes next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from itkgui.views.components.component_view import FAMILY, TESTS
from itkgui.views.widgets.late_place import LatePlace
from tests.end2end.plain_server import PlainServer
from tests.gui.listing import see_list
from tests.gui.person import Person
from tests.gui.shipping import show_shipments
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL, STRIP = "20UPGM23800001", "20USBML0000001"
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def is_in(place: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and place.isAncestorOf(focus)


def test_a_part_opened_from_the_family_has_it(person: Person) -> None:
    whole = person.scan(PIXEL)
    person.show_tab(FAMILY)
    tree = whole.family.tree
    whole.family.view.setFocus()
    person.until(lambda: tree.rowCount(tree.itself()) > 0, "the parts in it")
    whole.family.view.setCurrentIndex(tree.index(0, 0, tree.itself()))
    person.press(Qt.Key.Key_Return, whole.family.view)
    person.until(lambda: person.component is not whole and person.component.is_complete, "the part")
    assert is_in(person.component.tabs)
    before = person.component.tabs.currentIndex()
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)
    person.until(lambda: person.component is whole, "the whole")
    assert before == 0
    assert whole.family.view.hasFocus()


def test_what_is_opened_from_recent_has_it_and_no_scan_is_told_of(person: Person) -> None:
    person.scan(PIXEL)
    person.until(lambda: person.verdict == f"{PIXEL} found", "the end of the scan")  # what comes next ends it
    workspace = person.workspace
    place = workspace.recent_place
    person.click(workspace.rail.button(place))
    person.until(place.view.table.rowCount, "what is recent")
    place.view.view.setFocus()
    place.view.view.choose_row(0)
    person.press(Qt.Key.Key_Return, place.view.view)
    person.until(lambda: person.verdict == f"{PIXEL} opened", "the notice")
    assert is_in(person.component.tabs)
    assert workspace.footer.scan.text() == f"Last scan: {PIXEL} found"
    assert workspace.footer.scan.isVisible()


def test_tabs_have_it_while_their_table_is_not_there_yet(person: Person, sandbox: SandboxProcess) -> None:
    with PlainServer(sandbox) as server, server.failing({"match": "GET *listTestTypes", "do": "stall"}):
        component = person.scan(PIXEL)
        assert not component.overview.due.isVisible()
        person.click(person.workspace.rail.button(person.workspace.list_place))
        person.workspace.list_place.view.editor.setFocus()
        person.click(person.workspace.rail.button(person.workspace.side_by_side))
        assert component.tabs.tabBar().hasFocus()


def test_places_and_steps_take_it_along(person: Person) -> None:
    component = person.scan(PIXEL)
    component.show_tab(TESTS)
    workspace = person.workspace
    person.click(workspace.rail.button(workspace.list_place))
    assert workspace.list_place.view.editor.hasFocus()
    person.press(Qt.Key.Key_Left, workspace, ALT)
    assert component.tests.view.hasFocus()
    person.press(Qt.Key.Key_Right, workspace, ALT)
    assert workspace.list_place.view.editor.hasFocus()
    workspace.scan_box.setFocus()
    person.press(Qt.Key.Key_Left, workspace, ALT)
    assert workspace.scan_box.hasFocus(), "a scanner types there"


def test_the_one_put_beside_has_it_and_the_one_put_back(person: Person) -> None:
    person.scan(PIXEL)
    component = person.scan(STRIP)
    component.show_tab(TESTS)
    for _ in range(2):
        person.press(Qt.Key.Key_Return, person.workspace, CONTROL | SHIFT)
        assert component.tests.view.hasFocus()
        assert person.component is component


def test_back_and_forward_know_single_shipments(person: Person, sandbox: SandboxProcess) -> None:
    view = show_shipments(person)
    with PlainServer(sandbox) as server:
        answer = server.ask("GET", "listShipmentsByInstitution", {"code": "UCSC"}).json()
    first, second = (item["id"] for item in answer["itemList"][:2])
    workspace = person.workspace
    for shipment_id in (first, second):
        workspace.open_shipment(shipment_id)
        person.until(
            lambda shipment_id=shipment_id: (  # type: ignore[misc]
                view.shown_page and view.shown_page.shipment and view.shown_page.shipment.id == shipment_id
            ),
            "the shipment",
        )
    page = view.shown_page
    assert page is not None
    assert page.shipment is not None
    label = page.shipment.label
    person.scan(PIXEL)
    assert workspace.header.back_button.toolTip() == f"Back to {label} (Alt+←)"
    for wanted in (second, first):
        person.press(Qt.Key.Key_Left, workspace, ALT)
        assert workspace.current_shipment is page
        assert page.shipment_id == wanted
    person.press(Qt.Key.Key_Left, workspace, ALT)
    assert workspace.centre.currentWidget() is view
    assert view.shown_page is None
    person.press(Qt.Key.Key_Right, workspace, ALT)
    assert workspace.current_shipment is page
    assert page.shipment_id == first
    person.until(lambda: page.shipment is not None, "the shipment")


@pytest.mark.parametrize("place", ["search_view", "list_place", "recent_place", "shipments_view"])
def test_tab_comes_to_all_that_a_place_has(person: Person, place: str) -> None:
    person.scan(PIXEL)  # so that something is recent
    workspace = person.workspace
    page: QWidget = getattr(workspace, place)
    person.click(workspace.rail.button(page))
    view = page.view if isinstance(page, LatePlace) else page
    person.until(
        lambda: page is not workspace.shipments_view or workspace.shipments_view.list.table.rowCount()
    )
    person.until(lambda: page is not workspace.search_view or workspace.search_view.filters.has_places)
    missed = {
        child
        for child in view.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus
        and child.focusProxy() is None
        and child.isVisible()
        and child.isEnabled()
    }
    assert len(missed) > 3
    workspace.scan_box.setFocus()
    for _ in range(60):
        focus = QApplication.focusWidget()
        assert focus is not None
        missed.discard(focus)
        person.press(Qt.Key.Key_Tab, focus)
    assert not missed


@pytest.mark.parametrize("is_gallery", [False, True], ids=["list", "gallery"])
def test_tab_leads_from_the_files_into_what_is_chosen(person: Person, is_gallery: bool) -> None:
    see_list(person)
    files = person.component.attachments
    person.choose(files.view, lambda a: a.display_name == "summary.json")
    person.until(lambda: files.preview.content.is_settled, "the preview")
    if is_gallery:
        person.click(files.bar.gallery_button)
    shown = files.rows.currentWidget()
    assert shown is not None
    assert (shown is files.gallery) == is_gallery
    shown.setFocus()
    person.press(Qt.Key.Key_Tab, shown)
    assert is_in(files.preview)
    focus = QApplication.focusWidget()
    assert focus is not None
    person.press(Qt.Key.Key_Backtab, focus, SHIFT)
    assert shown.hasFocus()
    person.press(Qt.Key.Key_Backtab, shown, SHIFT)
    assert is_in(files.bar)


def test_tab_goes_through_the_head_from_left_to_right(person: Person) -> None:
    workspace = person.workspace
    workspace.scan_box.setFocus()
    for widget in (workspace.light, workspace.strip.session, workspace.strip.person):
        person.press(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget
