"""What is newer on the server is told beside the age, and taken over without losing one's place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from itkgui.views.components.component_view import ATTACHMENTS, FAMILY, HISTORY, TESTS, ComponentView
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

STRIP = "20USBML0000001"
PIXEL = "20UPGM23800001"


def add_comment(server: PlainServer, text: str) -> None:
    server.ask("POST", "createComponentComment", {"component": STRIP, "comments": [text]})


def hurry(component: ComponentView) -> None:
    component.watch.soonest = 0.0
    component.watch.timer.setInterval(20)


def test_newer_is_told_and_one_click_takes_it_over(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(STRIP)
    chosen = person.look_at_run(lambda run: run is component.tests.table.runs[-1])
    place = component.tests.view.verticalScrollBar().value()
    records = component.tests.table.records
    with PlainServer(sandbox) as server:
        add_comment(server, "from elsewhere")
        add_comment(server, "and another")
        hurry(component)
        person.until(component.strip.news.isVisible, "the news")
    assert component.strip.news.text() == "newer on the server: 2 new comments"
    assert component.tests.table.records is records
    assert component.tabs.currentIndex() == TESTS
    person.click(component.strip.news)
    person.until(lambda: not component.strip.news.isVisible(), "the new answer")
    person.until(lambda: component.tests.table.records is not records, "the new rows")
    assert component.tests.view.chosen.run.id == chosen.id
    assert component.tests.view.verticalScrollBar().value() == place
    assert "from elsewhere" in component.comments.reader.toPlainText()


def repeat_a_run(server: PlainServer) -> None:
    """Upload the newest ready run of a component once more, as another program would."""
    run = max((r for r in server.runs(PIXEL) if r["state"] == "ready"), key=lambda r: r["date"])
    body = {key: run[key] for key in ("runNumber", "date", "passed", "problems")}
    values = {
        part: {m["code"]: m["value"] for m in run[part] or () if m["value"] is not None}
        for part in ("properties", "results")
    }
    kinds = {"testType": run["testType"]["code"], "institution": run["institution"]["code"]}
    server.ask("POST", "uploadTestRunResults", {"component": PIXEL, **kinds, **body, **values})


def take_a_part_out(server: PlainServer) -> None:
    part = next(s["component"] for s in server.component(PIXEL)["children"] if s["component"])
    server.ask("POST", "disassembleComponent", {"parent": PIXEL, "child": part["code"]})


@pytest.mark.parametrize(
    ("change", "news", "tab"),
    [
        (repeat_a_run, "1 new test run", TESTS),
        (repeat_a_run, "1 new test run", HISTORY),
        (
            lambda server: server.attach(PIXEL, "new.txt", b"by another program"),
            "1 new attachment",
            ATTACHMENTS,
        ),
        (take_a_part_out, "parts", FAMILY),
    ],
    ids=["run", "run in the history", "attachment", "part"],
)
def test_what_others_add_is_told_and_taken_over_without_losing_one_s_place(
    start_sandbox: Callable[..., SandboxProcess],
    start_program: Callable[..., Person],
    change: Callable[[PlainServer], None],
    news: str,
    tab: int,
) -> None:
    own = start_sandbox("--components", "300")
    person = start_program(settings_for(own))
    person.sign_in()
    component = person.scan(PIXEL)
    component.show_tab(tab)
    views: dict[int, Any] = {
        TESTS: component.tests.view,
        ATTACHMENTS: component.attachments.view,
        FAMILY: component.family.view,
        HISTORY: component.timeline.view,
    }
    view, model = views[tab], views[tab].model()
    person.until(lambda: view.isVisible() and model.rowCount(), "the rows")
    person.settle()
    if tab == FAMILY:
        view.setCurrentIndex(component.family.tree.itself())
    else:
        view.choose_row(model.rowCount() - 1)
    # Not the third column of attachments: their sizes come when they come.
    told = 2 if tab == ATTACHMENTS else 3
    before = [view.currentIndex().siblingAtColumn(column).data() for column in range(told)]
    place, rows = view.verticalScrollBar().value(), model.rowCount()
    assert place > 0 or tab == FAMILY
    with PlainServer(own) as server:
        change(server)
        hurry(component)
        person.until(component.strip.news.isVisible, "the news")
    assert news in component.strip.news.text()
    assert (view.verticalScrollBar().value(), model.rowCount()) == (place, rows)
    assert [view.currentIndex().siblingAtColumn(column).data() for column in range(told)] == before
    component.watch.timer.stop()
    person.click(component.strip.news)
    person.until(lambda: not component.strip.news.isVisible(), "the new answer")
    if tab == FAMILY:
        person.until(lambda: "empty slot" in texts_below(component), "the empty slot")
    else:
        person.until(lambda: model.rowCount() > rows, "the new row")
    person.settle()
    assert [view.currentIndex().siblingAtColumn(column).data() for column in range(told)] == before
    assert view.verticalScrollBar().value() == place


def texts_below(component: ComponentView) -> list[str]:
    tree = component.family.tree
    itself = tree.itself()
    return [tree.index(row, 0, itself).data() for row in range(tree.rowCount(itself))]


def test_f5_takes_it_over(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(STRIP)
    with PlainServer(sandbox) as server:
        add_comment(server, "one more")
    hurry(component)
    person.until(component.strip.news.isVisible, "the news")
    component.watch.timer.stop()
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: not component.strip.news.isVisible(), "the new answer")


def test_a_page_that_is_not_on_the_screen_asks_nothing(person: Person, sandbox: SandboxProcess) -> None:
    hidden = person.scan(STRIP)
    shown = person.scan(PIXEL)
    with PlainServer(sandbox) as server:
        add_comment(server, "unseen")
        hurry(hidden)
        server.forget_log()
        rounds: list[int] = []
        hidden.watch.timer.timeout.connect(lambda: rounds.append(1))
        person.until(lambda: len(rounds) > 5, "five rounds")
        # What its pages still load with several parts in one question is none of the watch's.
        assert [entry for entry in server.log() if entry["path"].endswith("/getComponent")] == []
    assert hidden.strip.news.isHidden()
    assert shown.strip.news.isHidden()


def test_entering_the_window_asks(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(STRIP)
    component.watch.timer.stop()
    component.watch.soonest = 0.0
    other = QWidget()
    person.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    person.until(lambda: not component.isActiveWindow(), "the other window")
    with PlainServer(sandbox) as server:
        add_comment(server, "while away")
    person.window.activateWindow()
    person.until(component.strip.news.isVisible, "the news")


def test_lost_network_is_told_beside_the_age_only(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(STRIP)
    person.until(lambda: component.is_complete, "the whole page, which asks the same command")

    def is_told() -> bool:
        if not component.isActiveWindow():  # nobody asks for a window that nobody looks at
            person.window.activateWindow()
        return "not checked since" in component.strip.age.text()

    with PlainServer(sandbox) as server:
        server.fail({"match": "GET /getComponent", "do": "status", "status": 403})
        before = person.verdict
        component.watch.soonest = 0.0
        component.watch.timer.setInterval(20)
        person.until(is_told, "the doubt")
        component.watch.timer.stop()
        server.fail()
    assert person.verdict == before
