"""Search: choices from the server, combined filters, paging by scrolling, and a server that goes away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QPushButton

from itkgui.views.search.search_view import LOOKING
from itkgui.views.widgets.choice_box import ANY
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.gui.searching import choose, find, total_of
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")


@pytest.fixture
def server(sandbox: SandboxProcess) -> Iterator[PlainServer]:
    with PlainServer(sandbox) as found:
        yield found


def test_choices_are_the_servers(person: Person, server: PlainServer) -> None:
    search = person.workspace.search_view
    institutes = server.ask("GET", "listInstitutions", {}).json()["pageItemList"]
    filters = search.filters
    person.until(lambda: filters.has_places, "the choices")
    for box in (filters.owner, filters.location):
        assert box.itemText(0) == ANY
        assert {box.itemData(row) for row in range(1, box.count())} == {i["code"] for i in institutes}
    search.filters.project.setCurrentIndex(search.filters.project.findData("P"))
    person.until(search.filters.component_type.isEnabled, "the component types")
    kinds = server.ask("GET", "listComponentTypes", {"project": "P"}).json()["pageItemList"]
    active = {kind["code"] for kind in kinds if kind["state"] == "active"}
    shown = {
        search.filters.component_type.itemData(row) for row in range(1, search.filters.component_type.count())
    }
    assert shown == active
    assert not search.filters.type.isEnabled()
    search.filters.component_type.setCurrentIndex(search.filters.component_type.findData("MODULE"))
    assert search.filters.type.count() > 2
    assert search.filters.stage.count() > 2
    search.filters.project.setCurrentIndex(0)
    assert not search.filters.component_type.isEnabled()
    assert not search.filters.stage.isEnabled()


@pytest.mark.program("new")
def test_begins_with_what_is_here(person: Person) -> None:
    search = person.workspace.search_view
    home = person.workspace.person.text().rpartition("·")[2].strip()
    assert home
    assert search.filters.location.currentData() == home
    assert search.table.rowCount() > 0
    assert {row.location.code for row in search.table.records} == {home}


def test_filters_combine(person: Person, server: PlainServer) -> None:
    search = find(person, project="P", component_type="MODULE", location="")
    assert search.count.text().startswith(f"{total_of(server, project='P', componentType=['MODULE']):,} ")
    place = search.table.records[0].location.code
    stage = search.table.records[0].stage.code
    search = find(person, stage=stage, location=place)
    expected = total_of(
        server, project="P", componentType=["MODULE"], currentStage=[stage], currentLocation=[place]
    )
    assert search.table.rowCount() == expected > 0
    for row in search.table.records:
        assert (row.project.code, row.component_type.code) == ("P", "MODULE")
        assert (row.stage.code, row.location.code) == (stage, place)


def test_scrolling_loads_all_and_nothing_twice(person: Person, server: PlainServer) -> None:
    search = find(person, project="S", location="")
    expected = total_of(server, project="S")
    assert expected > 300
    bar = search.view.verticalScrollBar()
    seen = [search.table.rowCount()]
    while search.table.rowCount() < expected:
        before = search.table.rowCount()
        person.until(lambda: bar.maximum() > bar.value(), "room to scroll")  # the new rows are laid out
        bar.setValue(bar.maximum())
        person.until(lambda before=before: search.table.rowCount() > before, "more rows")  # type: ignore[misc]
        seen.append(search.table.rowCount())
    assert len(seen) > 3
    ids = [row.id for row in search.table.records]
    assert len(ids) == len(set(ids)) == expected
    assert search.count.text() == f"{expected:,} components, all loaded"
    bar.setValue(bar.maximum())
    person.settle()
    assert search.table.rowCount() == expected


def test_text_filter_narrows_the_rows(person: Person) -> None:
    search = find(person, project="P", component_type="MODULE", location="")
    everything = search.table.rowCount()
    wanted = search.table.records[everything // 2].label
    person.type(search.text_filter, wanted.lower())
    person.until(lambda: search.table.rowCount() == 1, "one row")
    assert search.table.index(0, 0).data() == wanted
    person.type(search.text_filter, "no such thing")
    person.until(lambda: search.table.rowCount() == 0, "no row")
    search.text_filter.clear()
    person.until(lambda: search.table.rowCount() == everything, "all rows")


def test_empty_result_says_so(person: Person) -> None:
    search = find(person, project="CM", location="BERGEN")
    assert search.results.currentWidget() is search.empty
    assert search.empty.sentence == "No component matches these filters."
    assert search.count.text() == "No component found"


def test_a_count_of_none_says_what_to_do(person: Person) -> None:
    search = choose(person, project="CM", location="BERGEN")
    person.until(lambda: search.hits.text() == "No match: widen a filter", "the number of hits")
    assert "Choose “any”" in search.hits.toolTip()
    assert search.hits.width() >= search.hits.sizeHint().width()


def test_clear_asks_for_everything(person: Person, server: PlainServer) -> None:
    search = find(person, project="CM", location="")
    person.click(search.clear_button)
    boxes = [box for box in search.findChildren(QComboBox) if box is not search.filters.state]
    assert {box.currentText() for box in boxes} == {ANY}
    assert search.filters.state.code == "ready"
    assert search.empty.isVisible()
    assert (search.empty.sentence, search.count.text(), search.table.rowCount()) == (
        "The filters are cleared.",
        "",
        0,
    )
    person.until(lambda: search.hits.text() == f"{total_of(server):,} match", "the number of all")
    find(person)
    assert search.count.text().startswith(f"{total_of(server):,} components")


@pytest.mark.program("new")
def test_sorting_and_opening(person: Person) -> None:
    search = find(person, project="P", component_type="MODULE", location="")
    search.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    shown = [search.table.index(row, 0).data() for row in range(search.table.rowCount())]
    assert shown == sorted(shown, key=str.casefold)
    search.view.choose_row(0)
    person.press(Qt.Key.Key_Return, search.view)
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.label == shown[0]


@pytest.mark.logs("Server not reached|Connection lost")
def test_server_away_and_back(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    first = start_sandbox("--components", "1000")
    port = urlsplit(first.info["api_url"]).port
    person = start_program(settings_for(first))
    person.sign_in()
    search = find(person, project="P", location="")
    assert search.table.rowCount() == 100
    first.stop()
    bar = search.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    person.until(search.trouble.isVisible, "the trouble pane")
    assert "cannot reach the server" in words(search.trouble)
    assert search.table.rowCount() == 100, "what was loaded is lost"
    retry = next(b for b in search.trouble.findChildren(QPushButton) if b.text() == "Try again")
    person.click(retry)
    person.until(lambda: search.count.text() != "Looking for components…", "an answer")
    assert search.trouble.isVisible()
    start_sandbox("--components", "1000", "--port", str(port))
    person.click(retry)
    person.until(lambda: not search.trouble.isVisible() and "loaded" in search.count.text(), "the rows")
    assert search.table.rowCount() == 200  # the next page came, the first stayed
    person.until(lambda: bar.maximum() > bar.value(), "room to scroll")
    bar.setValue(bar.maximum())
    person.until(lambda: search.table.rowCount() > 200, "the page after it")


@pytest.mark.logs("Server not reached|Connection lost")
def test_failed_search_keeps_the_rows_of_the_one_before(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    first = start_sandbox("--components", "1000")
    person = start_program(settings_for(first))
    person.sign_in()
    search = find(person, project="P", location="")
    before = list(search.table.records)
    assert len(before) == 100
    first.stop()
    choose(person, project="S")
    person.click(search.search_button)
    person.until(lambda: search.count.text() != LOOKING, "the failure")
    person.until(search.trouble.isVisible, "the trouble pane")
    assert search.view.isVisible()
    assert search.count.text() == "100 components, all loaded, of the search before"
    bar = search.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert search.table.total == 100, "more rows would be of the search that failed"
    assert list(search.table.records) == before
    start_sandbox("--components", "1000", "--port", str(urlsplit(first.info["api_url"]).port))
    retry = next(b for b in search.trouble.findChildren(QPushButton) if b.text() == "Try again")
    person.click(retry)
    person.until(lambda: not search.trouble.isVisible() and "loaded" in search.count.text(), "the rows")
    assert not {row.id for row in search.table.records} & {row.id for row in before}
    assert "before" not in search.count.text()


@pytest.mark.logs("Server not reached|Connection lost")
def test_trouble_goes_when_scrolling_works_again(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    first = start_sandbox("--components", "1000")
    person = start_program(settings_for(first))
    person.sign_in()
    search = find(person, project="P", location="")
    first.stop()
    bar = search.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    person.until(search.trouble.isVisible, "the trouble pane")
    start_sandbox("--components", "1000", "--port", str(urlsplit(first.info["api_url"]).port))
    bar.setValue(0)
    bar.setValue(bar.maximum())
    person.until(lambda: search.table.rowCount() == 200, "the next page")
    assert not search.trouble.isVisible()
