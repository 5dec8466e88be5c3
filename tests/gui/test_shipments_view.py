"""The place of the shipments: whose, which way, of which status, and every state of the list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
import requests
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from shiboken6 import delete

from itkgui.item_models.shipment_table import status_of
from itkgui.records.shipment import Shipment
from itkgui.views.components.component_shipments import ComponentShipments
from itkgui.views.shipments.shipments_view import BOTH, EXPECTED, SENT, ShipmentsView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.gui.shipping import OddServer, ShippingServer, listed, show_shipment, show_shipments, user
from tests.sandbox_process import SandboxProcess
from tests.unit.client.conftest import Wire
from tests.unit.sandbox.test_registration import HYBRID

Start = Callable[..., Person]


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[ShippingServer]:
    with PlainServer(sandbox) as plain:
        yield ShippingServer(plain)


@pytest.fixture
def wire() -> Iterator[Wire]:
    found = Wire()
    yield found
    found.close()


def rows(view: ShipmentsView) -> list[Shipment]:
    table = view.list.table
    return [table.record(table.index(row, 0)) for row in range(table.rowCount())]


def tab_named(view: ShipmentsView, word: str) -> int:
    bar = view.list.statuses
    return next(tab for tab in range(bar.count()) if bar.tabText(tab).startswith(f"{word} ("))


def choose_status(person: Person, view: ShipmentsView, word: str) -> None:
    bar = view.list.statuses
    person.click_at(bar, bar.tabRect(tab_named(view, word)).center())


def make_hybrids(server: ShippingServer, count: int) -> list[str]:
    return [str(server.post("registerComponent", **HYBRID)["component"]["code"]) for _ in range(count)]


def ship(server: ShippingServer, items: list[str], name: str, sender: str = "UCSC", to: str = "CERN") -> str:
    made = server.post(
        "createShipment", sender=sender, recipient=to, type="continental", name=name, shipmentItems=items
    )
    return str(made["id"])


def test_mine_in_both_directions_newest_first(person: Person, server: ShippingServer) -> None:
    view = show_shipments(person)
    expected = server.at("UCSC")
    assert {shipment.id for shipment in rows(view)} == {item["id"] for item in expected}
    moments = [shipment.created for shipment in rows(view) if shipment.created]
    assert moments == sorted(moments, reverse=True)
    assert view.institute.currentText().startswith("UCSC")
    assert "mine" in view.institute.currentText()
    assert {"UCSC"} < {shipment.sender.code for shipment in rows(view)}
    assert {"UCSC"} < {shipment.recipient.code for shipment in rows(view)}
    assert f"{len(expected)} shipments, newest first" in view.list.summary.text()


def test_statuses_are_counted_and_chosen(person: Person, server: ShippingServer) -> None:
    view = show_shipments(person)
    everything = rows(view)
    bar = view.list.statuses
    for word in ("prepared", "in transit", "delivered", "delivered incomplete"):
        choose_status(person, view, word)
        count = int(bar.tabText(bar.currentIndex()).rpartition("(")[2].rstrip(")"))
        assert len(rows(view)) == count
        if not count:
            assert view.list.pane.empty.sentence == "None of these shipments is shown."
    choose_status(person, view, "delivered")
    assert {status_of(shipment) for shipment in rows(view)} == {"delivered"}
    choose_status(person, view, "all")
    assert rows(view) == everything


def test_incomplete_and_deleted_ones_have_their_own_status(person: Person, server: ShippingServer) -> None:
    there, lost, other = make_hybrids(server, 3)
    incomplete, deleted = ship(server, [there, lost], "one is missing"), ship(server, [other], "given up")
    items = [{"code": there, "delivered": True}, {"code": lost, "delivered": False}]
    server.post("setShipmentStatus", shipment=incomplete, status="deliveredIncomplete", shipmentItems=items)
    server.post("deleteShipment", shipment=deleted)
    view = show_shipments(person)
    for word, wanted in (("delivered incomplete", incomplete), ("deleted", deleted)):
        choose_status(person, view, word)
        told = {shipment.id: view.list.table.index(row, 0).data() for row, shipment in enumerate(rows(view))}
        assert told[wanted] == word
    page = show_shipment(person, incomplete)
    assert (page.strip.status.text(), page.strip.status.objectName()) == (
        "delivered incomplete",
        "pill-caution",
    )
    table = page.overview.items
    arrived = {table.record(table.index(row, 0)).component.code: table.index(row, 1).data() for row in (0, 1)}
    assert arrived == {there: "yes", lost: "missing"}


def test_filter_then_enter_then_enter_opens(person: Person, server: ShippingServer) -> None:
    wanted = next(item for item in server.at("UCSC") if item["trackingNumber"] not in (None, "N/A"))
    view = show_shipments(person)
    person.type(view.list.text_filter, wanted["trackingNumber"])
    person.until(lambda: len(rows(view)) == 1, "the filter")
    assert view.list.summary.text().startswith("1 of ")
    person.press(Qt.Key.Key_Return, view.list.text_filter)
    assert view.list.view.hasFocus()
    person.press(Qt.Key.Key_Return, view.list.view)
    person.until(lambda: view.shown_page and view.shown_page.shipment, "the page")
    assert view.shown_page is not None
    assert view.shown_page.shipment is not None
    assert view.shown_page.shipment.id == wanted["id"]
    page = view.shown_page
    person.until(page.overview.items_view.hasFocus, "the items ready for the arrow keys")
    person.until(lambda: not page.pane.is_loading, "all of the page")  # else it is what Esc stops
    person.press(Qt.Key.Key_Escape, page)
    person.until(lambda: view.shown_page is None, "the list again")
    assert view.list.view.hasFocus()
    assert len(rows(view)) == 1


def test_nothing_fits_the_filter(person: Person) -> None:
    view = show_shipments(person)
    person.type(view.list.text_filter, "no such thing")
    person.until(lambda: not rows(view), "the filter")
    assert view.list.pane.empty.isVisible()
    assert "clear the filter" in "".join(
        label.text() for label in view.list.pane.empty.findChildren(type(view.list.summary))
    )
    view.list.text_filter.clear()
    person.until(lambda: view.list.view.isVisible() and rows(view), "all again")


def test_another_institute_and_one_direction(person: Person, server: ShippingServer) -> None:
    view = show_shipments(person)
    person.until(lambda: view.institute.findData("LIV") >= 0, "all institutes")
    assert view.institute.findData("UCSC") == 0, "mine stands first"
    view.institute.showPopup()
    choices = view.institute.view()
    person.until(choices.verticalScrollBar().isVisible, "a way to those that have no room")
    view.institute.hidePopup()
    view.institute.setFocus()
    view.institute.setCurrentIndex(view.institute.findData("LIV"))
    expected = server.at("LIV")
    person.until(lambda: len(rows(view)) == len(expected), "its shipments")
    for way, ends in ((SENT, "sender"), (EXPECTED, "recipient")):
        view.direction.setCurrentIndex(way)
        wanted = {item["id"] for item in expected if item[ends]["code"] == "LIV"}
        assert {shipment.id for shipment in rows(view)} == wanted
        assert view.direction.currentText().endswith(f"({len(wanted)})")
    view.direction.setCurrentIndex(BOTH)
    assert len(rows(view)) == len(expected)


def test_f5_shows_what_is_new_and_keeps_what_is_chosen(person: Person, server: ShippingServer) -> None:
    view = show_shipments(person)
    chosen = person.choose(view.list.view, lambda shipment: shipment.status == "delivered")
    made = ship(server, make_hybrids(server, 1), "made behind its back")
    person.press(Qt.Key.Key_F5, view)
    person.until(lambda: made in {shipment.id for shipment in rows(view)}, "the new shipment")
    assert view.list.view.chosen.id == chosen.id


def test_a_server_that_is_silent_is_waited_for_in_sight(person: Person, sandbox: SandboxProcess) -> None:
    view = show_shipments(person)
    page = show_shipment(person, rows(view)[0].id)
    with PlainServer(sandbox) as server:
        server.fail({"match": "GET */getShipment", "do": "stall", "times": None})
        person.press(Qt.Key.Key_F5, page)
        person.until(lambda: page.strip.age.text().endswith(", loading again…"), "a sign of it")
        server.fail()
        person.until(lambda: "loading" not in page.strip.age.text(), "its end")
        assert page.strip.age.text().startswith("as of")
        view.show_list()
        person.until(lambda: not view.list.pane.is_loading, "the list")
        before = view.list.summary.text()
        server.fail({"match": "GET */listShipmentsByInstitution", "do": "stall", "times": None})
        person.press(Qt.Key.Key_F5, view)
        person.until(lambda: view.list.summary.text() == f"{before}, loading again…", "a sign of it")
        person.press(Qt.Key.Key_Escape, view)
        person.until(lambda: view.list.summary.text() == before, "its end")
        assert rows(view)
        server.fail()


@pytest.mark.logs("Not allowed|Server trouble|Server is")
def test_no_rights_are_explained_and_tried_again(person: Person, sandbox: SandboxProcess) -> None:
    rule = {"match": "GET */listShipmentsByInstitution", "do": "status", "status": 403}
    faults = f"{sandbox.info['api_url']}_sandbox/faults"
    assert requests.post(faults, json=[rule], timeout=10).ok
    view = show_shipments(person)
    trouble = view.list.pane.trouble
    person.until(trouble.isVisible, "the error")
    assert trouble.title == "Not allowed"
    assert "Ask the ITk database administrators" in words(trouble)
    assert view.list.pane.empty.sentence == "The shipments could not be loaded."
    button = next(b for b in trouble.findChildren(type(view.list.pane.trouble._retry)) if b.isVisible())
    person.click(button)
    person.until(lambda: rows(view), "the shipments after all")
    assert not trouble.isVisible()


def test_loading_is_told_and_can_be_stopped(
    start_program: Start, start_sandbox: Callable[..., SandboxProcess]
) -> None:
    slow = start_sandbox("--components", "200")
    person = start_program(settings_for(slow))
    person.sign_in()
    rule = {"match": "GET */listShipmentsByInstitution", "do": "stall", "side": "answer", "times": 1}
    assert requests.post(f"{slow.info['api_url']}_sandbox/faults", json=[rule], timeout=10).ok
    view = person.workspace.shipments_view
    person.click(person.workspace.rail.button(view))
    person.until(lambda: view.list.pane.empty.sentence == "Loading the shipments…", "words for it")
    person.press(Qt.Key.Key_Escape, view)
    person.until(lambda: "stopped" in view.list.pane.empty.sentence, "the end of it")
    assert requests.delete(f"{slow.info['api_url']}_sandbox/faults", timeout=10).ok
    person.press(Qt.Key.Key_F5, view)
    person.until(lambda: rows(view), "the shipments")


def test_who_has_no_institute_chooses_one(start_program: Start, wire: Wire) -> None:
    places = listed({"code": "UCSC", "name": "Santa Cruz"}, {"code": "LIV", "name": None})
    odd = OddServer(wire, listInstitutions=lambda _: places, getUser=lambda _: user())
    person = start_program(odd.settings)
    person.sign_in()
    view = show_shipments(person)
    assert view.list.pane.empty.sentence == "No institute chosen."
    person.until(lambda: view.institute.findData("LIV") > 0, "the institutes")
    view.institute.setCurrentIndex(view.institute.findData("LIV"))
    person.until(lambda: view.list.pane.empty.sentence.startswith("Nothing was sent from LIV"), "none")


def test_rows_of_nothing_but_null_and_markup(start_program: Start, wire: Wire) -> None:
    odd_rows = [
        {"id": "a", "status": "lost <i>at sea</i>", "name": "<b>bold</b>"},
        {"id": "b", "status": None, "sender": "nowhere", "recipient": None, "cts": "yesterday"},
        {"id": None, "status": "undelivered", "sender": {"code": 7}, "trackingNumber": {"a": 1}},
        {"id": "c", "status": "deliveredIncomplete", "state": "requestedToDelete"},
    ]
    odd = OddServer(
        wire,
        getUser=lambda _: user("UCSC"),
        listShipmentsByInstitution=lambda _: listed(*odd_rows),
    )
    person = start_program(odd.settings)
    person.sign_in()
    view = show_shipments(person)
    assert len(rows(view)) == 4
    texts = [view.list.statuses.tabText(tab) for tab in range(view.list.statuses.count())]
    assert texts == [
        "all (4)",
        "prepared (0)",
        "in transit (0)",
        "delivered (0)",
        "delivered incomplete (0)",
        "undelivered (1)",
        "deleted (1)",
        "status unknown (1)",
        "lost <i>at sea</i> (1)",
    ]
    person.choose(view.list.view, lambda shipment: not shipment.id)
    person.press(Qt.Key.Key_Return, view.list.view)
    person.settle()
    assert view.shown_page is None, "what has no id cannot be opened"


def test_a_thousand_shipments(start_program: Start, wire: Wire) -> None:
    places = [{"code": f"P{number}", "name": f"Place {number}"} for number in range(20)]
    many = [
        {
            "id": f"{number:024x}",
            "name": f"Shipment {number}",
            "status": ("prepared", "inTransit", "delivered")[number % 3],
            "sender": places[0],
            "recipient": places[number % 20],
            "cts": f"2026-01-{1 + number % 28:02d}T10:00:00.000Z",
        }
        for number in range(1000)
    ]
    odd = OddServer(wire, getUser=lambda _: user("P0"), listShipmentsByInstitution=lambda _: listed(*many))
    person = start_program(odd.settings)
    person.sign_in()
    view = show_shipments(person)
    assert len(rows(view)) == 1000
    person.type(view.list.text_filter, "shipment 99")
    person.until(lambda: len(rows(view)) == 11, "the filter")
    choose_status(person, view, "delivered")
    assert {shipment.status for shipment in rows(view)} == {"delivered"}


def test_view_that_goes_while_a_page_is_made_takes_it_along(person: Person) -> None:
    view = ShipmentsView(person.workspace._context)
    loop = asyncio.get_event_loop()
    gone: list[bool] = []
    view.destroyed.connect(lambda: gone.append(True))
    view.widgetAdded.connect(lambda _: loop.call_soon(delete, view))
    view.open("0" * 24)
    person.until(lambda: gone, "the end of the view")
    person.settle()
    assert not person.program.faults


def test_shipments_of_one_component(person: Person, server: ShippingServer) -> None:
    arrived = next(item for item in server.at("UCSC") if item["status"] == "delivered")
    code = server.items(arrived["id"])[0]["component"]["code"]
    context = person.workspace._context
    component = context.database.component(code).component
    view = ComponentShipments(context)
    person.qtbot.addWidget(view)
    asked: list[str] = []
    view.shipment_requested.connect(asked.append)
    view.show_component(component)
    view.resize(900, 400)
    view.show()
    person.until(lambda: view.list.table.rowCount() == 1, "its shipment")
    index = view.list.table.index(0, 1)
    place: QPoint = view.list.view.visualRect(index).center()
    person.click_at(view.list.view.viewport(), place)
    QTest.mouseDClick(view.list.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == [arrived["id"]]
    (fresh,) = make_hybrids(server, 1)
    view.show_component(context.database.component(fresh).component)
    assert view.list.table.rowCount() == 0, "those of another component are gone at once"
    person.until(lambda: "has not travelled" in view.list.pane.empty.sentence, "the words for none")
