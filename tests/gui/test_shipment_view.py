"""The page of one shipment: what it shows, what it opens, and the files that are dropped on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox

from itkgui.records.attachment import OwnerKind, Storage
from itkgui.uploads.upload import UploadState
from itkgui.views.shipments.shipment_view import ATTACHMENTS, CHECKLIST, COMMENTS, OVERVIEW, ShipmentView
from tests.end2end.job import write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.gui.shipping import (
    MARKUP,
    OddServer,
    ShippingServer,
    listed,
    show_shipment,
    show_shipments,
    user,
)
from tests.sandbox_process import SandboxProcess
from tests.unit.client.conftest import Wire

CONTROL = Qt.KeyboardModifier.ControlModifier
ID = "63ee32d8f6f6ee000af6eb7e"
OTHER = "63ee32d8f6f6ee000af6eb7f"
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


@pytest.fixture(scope="module")
def delivered(sandbox: SandboxProcess) -> dict[str, Any]:
    """A delivered shipment of the sample data with more than one item, a packing list and a photograph."""
    with PlainServer(sandbox) as plain:
        server = ShippingServer(plain)
        for item in server.at("UCSC"):
            whole = server.whole(item["id"])
            if whole["status"] == "delivered" and len(whole["attachments"]) == 2:
                return whole
    raise AssertionError("the sample data have no such shipment")


def odd_page(person: Person, shipment_id: str = ID) -> ShipmentView:
    show_shipments(person)
    return show_shipment(person, shipment_id)


def odd_program(start_program: Start, wire: Wire, whole: dict[str, Any], *items: Any) -> Person:
    server = OddServer(
        wire,
        getUser=lambda _: user("UCSC"),
        getShipment=lambda _: whole,
        listShipmentItems=lambda _: listed(*items),
    )
    person = start_program(server.settings)
    person.sign_in()
    return person


def column(view: Any, number: int) -> list[str]:
    return [view.table.index(row, number).data() for row in range(view.table.rowCount())]


# What it shows ----------------------------------------------------------------------------------------------


def test_page_shows_what_the_server_holds(
    person: Person, server: ShippingServer, delivered: dict[str, Any]
) -> None:
    page = show_shipment(person, delivered["id"])
    strip, overview = page.strip, page.overview
    assert strip.name.text() == delivered["name"]
    sender, recipient = delivered["sender"], delivered["recipient"]
    assert strip.way.text() == f"{sender['name']}  →  {recipient['name']}"
    assert (strip.status.text(), strip.status.objectName()) == ("delivered", "pill-good")
    assert strip.status_icon.property("iconName") == "passed"
    assert delivered["shippingService"] in strip.facts.text()
    assert strip.age.text().startswith("as of ")
    assert sender["address"]["city"] in overview.from_address.text
    assert recipient["address"]["country"] in overview.to_address.text
    assert sender["address"]["city"] in strip.way.toolTip()
    items = server.items(delivered["id"])
    assert column(overview.items_view, 0) == [item["component"]["serialNumber"] for item in items]
    assert set(column(overview.items_view, 1)) == {"yes"}
    assert column(overview.steps_view, 1) == ["delivered", "in transit", "prepared"]
    people = [step["user"] for step in reversed(delivered["history"])]
    assert column(overview.steps_view, 2) == [f"{p['firstName']} {p['lastName']}" for p in people]
    assert page.tabs.tabText(ATTACHMENTS) == "Attachments (2)"


def test_checklist_is_told_in_words(person: Person, delivered: dict[str, Any]) -> None:
    page = show_shipment(person, delivered["id"])
    page.show_tab(CHECKLIST)
    questions = delivered["checklist"]["questionList"]
    view = page.checklist.view
    assert view.hasFocus()
    assert column(view, 0) == [f"Q{number:02d}" for number in range(1, 16)]
    assert column(view, 1) == [question["text"] for question in questions]
    said = dict(zip(column(view, 0), column(view, 2), strict=True))
    given = {question["code"]: question["value"] for question in questions}
    assert said["Q01"] == ("yes" if given["Q01"] else "no")
    if given["Q07"]:
        assert said["Q08"] == ("yes: not triggered" if given["Q08"] else "no: it is triggered")
    assert said["Q13"] == given["Q13"]


@pytest.mark.parametrize("way", ["Enter", "double click"])
def test_items_open(person: Person, server: ShippingServer, delivered: dict[str, Any], way: str) -> None:
    page = show_shipment(person, delivered["id"])
    view = page.overview.items_view
    item = person.choose(view, lambda item: bool(item.component.serial_number))
    if way == "Enter":
        person.press(Qt.Key.Key_Return, view)
    else:
        place = view.visualRect(view.currentIndex()).center()
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.label == item.component.label


def test_tracking_number_is_copied(person: Person, server: ShippingServer) -> None:
    wanted = next(i for i in server.at("UCSC") if i["trackingNumber"] not in (None, "N/A"))
    page = show_shipment(person, wanted["id"])
    person.click(page.strip.copy_button)
    assert QGuiApplication.clipboard().text() == wanted["trackingNumber"]
    assert person.verdict == f"{wanted['trackingNumber']} copied"
    without = next(i for i in server.at("UCSC") if i["trackingNumber"] == "N/A")
    page = show_shipment(person, without["id"])
    assert page.strip.tracking.text() == "no tracking number"
    assert not page.strip.copy_button.isVisible()


def test_keys_lead_to_the_tabs_and_to_the_file_dialog(person: Person, delivered: dict[str, Any]) -> None:
    page = show_shipment(person, delivered["id"])
    for key, tab in (
        (Qt.Key.Key_2, CHECKLIST),
        (Qt.Key.Key_3, COMMENTS),
        (Qt.Key.Key_4, ATTACHMENTS),
        (Qt.Key.Key_1, OVERVIEW),
    ):
        person.press(key, page, CONTROL)
        assert page.tabs.currentIndex() == tab
    person.press(Qt.Key.Key_U, page, CONTROL)
    person.until(lambda: page.findChildren(QFileDialog), "the file dialog")
    for dialog in page.findChildren(QFileDialog):
        dialog.reject()


def test_another_shipment_leaves_nothing_of_the_first(
    person: Person, server: ShippingServer, delivered: dict[str, Any]
) -> None:
    page = show_shipment(person, delivered["id"])
    page.show_tab(ATTACHMENTS)
    person.choose(page.attachments.view, lambda a: a.storage is Storage.FILE)
    content = page.attachments.preview.content
    person.until(lambda: content.shown_kind, "the preview")
    travelling = next(i for i in server.at("UCSC") if i["status"] == "inTransit")
    assert show_shipment(person, travelling["id"]) is page
    assert page.tabs.currentIndex() == OVERVIEW
    assert page.strip.status.text() == "in transit"
    assert not content.shown_kind
    assert page.checklist.currentWidget() is page.checklist.empty
    assert page.checklist.empty.sentence == "No check-list."


@pytest.mark.logs("Not accepted|not accepted|does not|request")
def test_a_shipment_that_is_not_there(person: Person) -> None:
    view = show_shipments(person)
    person.workspace.open_shipment("0" * 24)
    person.until(lambda: view.shown_page and view.shown_page.pane.trouble.isVisible(), "the error")
    page = view.shown_page
    assert page is not None
    assert page.strip.name.text() == "Shipment not loaded"
    assert page.pane.empty.sentence == "The shipment could not be loaded."
    assert words(page.pane.trouble).strip()
    assert not page.strip.status.isVisible()
    person.press(Qt.Key.Key_Escape, page)
    person.until(lambda: view.shown_page is None, "the list")


# Files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("storage", "kind"), [(Storage.EOS, "image"), (Storage.FILE, "table")])
def test_files_are_previewed(person: Person, delivered: dict[str, Any], storage: Storage, kind: str) -> None:
    page = show_shipment(person, delivered["id"])
    page.show_tab(ATTACHMENTS)
    chosen = person.choose(page.attachments.view, lambda a: a.storage is storage)
    content = page.attachments.preview.content
    person.until(lambda: content.shown_kind or content.trouble.isVisible(), "the preview")
    assert content.shown_kind == kind
    assert page.attachments.preview.name.text() == chosen.display_name


@pytest.mark.parametrize("proposed", [Qt.DropAction.CopyAction, Qt.DropAction.MoveAction])
def test_dropped_files_are_reviewed_sent_and_shown(
    person: Person,
    server: ShippingServer,
    delivered: dict[str, Any],
    tmp_path: Path,
    proposed: Qt.DropAction,
) -> None:
    page = show_shipment(person, delivered["id"])
    before = len(server.whole(delivered["id"])["attachments"])
    files = write_files(tmp_path)
    assert person.drop(page, files, proposed=proposed) is Qt.DropAction.CopyAction
    sheet = page.sheet
    assert sheet is not None
    person.until(lambda: len(sheet.rows) == 2, "the review")
    person.settle()
    assert sheet.heading.text() == f"Add files to {delivered['name']}"
    owner = sheet.target.currentData()
    assert (owner.kind, owner.key) == (OwnerKind.SHIPMENT, delivered["id"])
    assert sheet.target.count() == 1
    assert delivered["sender"]["code"] in sheet.target.currentText()
    person.click(sheet.send_button)
    person.until(lambda: len(person.uploads) == 2 and not person.has_open_uploads, "the uploads")
    assert all(upload.state is UploadState.DONE for upload in person.uploads)
    after = server.whole(delivered["id"])["attachments"]
    assert len(after) == before + 2
    assert {entry["type"] for entry in after[-2:]} == {"file", "eos"}
    person.until(lambda: page.attachments.table.rowCount() == before + 2, "the new rows")
    assert page.tabs.currentIndex() == ATTACHMENTS
    person.until(lambda: page.attachments.view.chosen is not None, "the sent file chosen")
    assert all(path.exists() for path in files), "the sources stay"
    view = person.workspace.upload_view
    person.workspace.go_to(view)
    rows = view.queue
    person.until(lambda: rows.table.index(0, 1).data() == f"shipment {delivered['name']}", "its name")
    person.choose(rows.view, lambda line: line.upload.target == owner)
    person.press(Qt.Key.Key_Return, rows.view)
    person.until(lambda: person.workspace.current_shipment is page, "the shipment again")


def test_files_under_review_keep_their_shipment(
    person: Person, server: ShippingServer, delivered: dict[str, Any], tmp_path: Path
) -> None:
    page = show_shipment(person, delivered["id"])
    note, _ = write_files(tmp_path)
    person.drop(page, [note])
    assert page.is_reviewing
    other = next(i["id"] for i in server.at("UCSC") if i["id"] != delivered["id"])
    person.workspace.open_shipment(other)
    person.until(lambda: "wait for a decision" in person.verdict, "the verdict")
    assert page.is_reviewing
    assert page.shipment is not None
    assert page.shipment.id == delivered["id"]
    assert person.workspace.current_shipment is page
    person.window.close()
    person.until(lambda: person.window.findChildren(QMessageBox), "the question")
    (box,) = person.window.findChildren(QMessageBox)
    assert delivered["name"] in box.text()
    person.click(next(b for b in box.buttons() if b.text().replace("&", "") == "Go on working"))
    assert page.sheet is not None
    person.until(lambda: page.sheet is not None and page.sheet.rows, "the row")
    person.click(page.sheet.cancel_button)
    assert show_shipment(person, other) is page
    person.drop(page, [note])
    assert page.sheet is not None
    assert page.sheet.target.currentData().key == other


# Odd answers ------------------------------------------------------------------------------------------------


def test_a_shipment_of_nothing_but_null(start_program: Start, wire: Wire) -> None:
    keys = (
        *("name", "status", "type", "state", "sender", "recipient", "trackingNumber", "shippingService"),
        *("user", "cts", "receivedTs", "history", "shipmentItems", "checklist", "comments", "attachments"),
    )
    person = odd_program(start_program, wire, dict.fromkeys(("id", "sys", *keys)), {"component": None}, {})
    page = odd_page(person)
    assert page.strip.name.text() == ID
    assert page.strip.way.text() == "not told  →  not told"
    assert page.strip.status.text() == "status unknown"
    assert page.strip.tracking.text() == "no tracking number"
    assert column(page.overview.items_view, 0) == ["not told", "not told"]
    assert not page.unread.isVisible()
    person.choose(page.overview.items_view, lambda _: True)
    person.press(Qt.Key.Key_Return, page.overview.items_view)
    assert "does not tell which component" in person.verdict
    for tab in range(4):
        page.show_tab(tab)
        person.settle()


def test_what_cannot_be_read_is_named(start_program: Start, wire: Wire) -> None:
    whole = {"id": ID, "history": "long", "checklist": [1], "comments": [{}, 3], "sender": "UCSC"}
    page = odd_page(odd_program(start_program, wire, whole))
    assert page.unread.isVisible()
    for name in ("history", "checklist", "comments[1]", "sender"):
        assert name in page.unread.text()


def test_texts_are_plain_and_bounded(start_program: Start, wire: Wire) -> None:
    place = {"code": "X", "name": MARKUP, "address": {"street": MARKUP, "city": "x" * 2_000_000}}
    long = "word " * 400_000
    whole = {
        "id": ID,
        "name": MARKUP,
        "status": MARKUP,
        "sender": place,
        "recipient": place,
        "trackingNumber": MARKUP,
        "history": [{"code": MARKUP, "user": {"firstName": MARKUP}}],
        "comments": [{"code": "1", "comment": f"{MARKUP}\nsecond line\n{long}"}],
        "checklist": {"questionList": [{"code": "Q15", "text": MARKUP, "value": f"{MARKUP}\n{long}"}]},
    }
    person = odd_program(start_program, wire, whole)
    begin = time.thread_time()
    page = odd_page(person)
    for tab in range(4):
        page.show_tab(tab)
        person.settle()
    assert time.thread_time() - begin < 10, "laying out what nobody can read takes for ever"
    labels = [label for label in page.findChildren(QLabel) if "big" in label.text()]
    assert len(labels) >= 6
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert not any("\u202e" in label.text() for label in labels)
    assert "<b>big</b>" in page.comments.reader.toPlainText()
    assert "second line" in page.comments.reader.toPlainText()
    assert "\u202e" not in page.comments.reader.toPlainText()
    assert "<b>big</b>" in page.checklist.remarks.toPlainText()


@pytest.mark.alone
def test_a_thousand_items(start_program: Start, wire: Wire) -> None:
    items = [
        {"code": f"{number:032x}", "delivered": number % 3 > 0, "component": {"serialNumber": f"S{number}"}}
        for number in range(1000)
    ]
    person = odd_program(start_program, wire, {"id": ID, "status": "deliveredIncomplete"}, *items)
    page = odd_page(person)
    view = page.overview.items_view
    assert view.table.rowCount() == 1000
    assert "1,000 items, 334 missing" in [label.text() for label in page.overview.findChildren(QLabel)]
    assert column(view, 1).count("missing") == 334
    assert page.strip.status.objectName() == "pill-caution"
    page.show_tab(OVERVIEW)
    begin = time.perf_counter()
    for _ in range(50):
        person.press(Qt.Key.Key_PageDown, view)
        view.repaint()
    assert (time.perf_counter() - begin) / 50 < 0.05


@pytest.mark.logs("Not allowed")
def test_no_rights_keep_what_is_shown(start_program: Start, wire: Wire) -> None:
    answers: list[Any] = [{"id": ID, "name": "Box"}]
    server = OddServer(wire, getUser=lambda _: user("UCSC"), getShipment=lambda _: answers[-1])
    person = start_program(server.settings)
    person.sign_in()
    page = odd_page(person)
    answers.append(wire.failure(403, "cern-itkpd-main/getShipment/notAuthorized"))
    person.press(Qt.Key.Key_F5, page)
    person.until(page.pane.trouble.isVisible, "the error")
    assert page.pane.trouble.title == "Not allowed"
    assert page.strip.name.text() == "Box"
    assert page.tabs.isVisible()
    answers.append({"id": ID, "name": "Box 2"})
    person.press(Qt.Key.Key_F5, page)
    person.until(lambda: page.strip.name.text() == "Box 2", "what is new")
    assert not page.pane.trouble.isVisible()
