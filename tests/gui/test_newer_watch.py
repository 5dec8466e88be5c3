"""What is newer on the server is told beside the age, and taken over without losing one's place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from itkgui.views.component_view import TESTS, ComponentView
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

STRIP = "20USBML0000001"


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
    shown = person.scan("20UPGM23800001")
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
    with PlainServer(sandbox) as server:
        server.fail({"match": "GET /getComponent", "do": "status", "status": 403, "times": 1})
        before = person.verdict
        component.watch.soonest = 0.0
        component.watch.timer.setInterval(20)
        person.until(lambda: "not checked since" in component.strip.age.text(), "the doubt")
        component.watch.timer.stop()
        server.fail()
    assert person.verdict == before
