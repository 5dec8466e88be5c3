"""Taking the rows of a table elsewhere: what menu and dialog say, what is in the file, what goes wrong."""

from __future__ import annotations

import asyncio
import csv
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from itkgui.background.worker import Lane
from itkgui.views.components.component_view import TESTS
from itkgui.views.search.search_view import SearchView
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.widgets.staying_menu import StayingMenu
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")


def opened(person: Person, button: ExportButton) -> StayingMenu:
    person.press(Qt.Key.Key_Space, button)
    (menu,) = [menu for menu in button.findChildren(StayingMenu) if menu.isVisible()]
    return menu


def choose(menu: StayingMenu, text: str) -> None:
    (action,) = [action for action in menu.actions() if action.text() == text]
    assert action.isEnabled()
    action.trigger()
    if not action.isCheckable():
        menu.close()


def answer_dialog(person: Person, button: ExportButton, target: Path) -> str:
    """Answer the file dialog; return what it asks."""
    person.until(lambda: button.findChildren(QFileDialog), "the file dialog")
    (dialog,) = button.findChildren(QFileDialog)
    question = dialog.windowTitle()
    dialog.fileSelected.emit(str(target))
    dialog.close()
    person.until(lambda: not button.findChildren(QFileDialog), "the dialog to go")
    return question


def save_as(person: Person, button: ExportButton, target: Path) -> str:
    """Answer the file dialog, and wait for the file; return what it asks."""
    question = answer_dialog(person, button, target)
    person.until(button.isEnabled, "the export")
    return question


@pytest.fixture
def search(person: Person) -> SearchView:
    """A search with more hits than are loaded."""
    found = person.workspace.search_view
    person.until(lambda: found.table.rowCount() > 0, "the first search")
    found.filters.location.setCurrentIndex(0)
    person.click(found.search_button)
    person.until(lambda: "loaded" in found.count.text(), "a search with many hits")
    return found


def test_csv_file_has_the_rows_and_columns_as_they_stand(
    person: Person, search: SearchView, tmp_path: Path
) -> None:
    search.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    search.view.layout_of_columns.show_column(1, False)
    target = tmp_path / "components.csv"
    target.write_text("what the dialog has asked about")
    loaded, total = len(search.table.records), search.table.total
    menu = opened(person, search.export_button)
    files = [entry.text() for entry in menu.actions() if "CSV" in entry.text()]
    assert files == [f"CSV file of all {total:,}…", f"CSV file from the {loaded:,} loaded…"]
    assert menu.actions()[0].text() == f"{total:,} rows, sorted among the {loaded:,} loaded"
    choose(menu, f"CSV file from the {loaded:,} loaded…")
    question = save_as(person, search.export_button, target)
    assert question == f"Export {loaded:,} rows: {loaded:,} of {total:,} are loaded"
    person.until(lambda: person.verdict == f"Saved {loaded:,} rows as {target}", "the verdict")
    with target.open(encoding="utf-8-sig", newline="") as file:
        title, *rows = csv.reader(file)
    assert title == ["Serial number", "Type", "Stage", "Location", "Owner", "Marks", "Registered [UTC]"]
    assert [row[0] for row in rows] == [component.label for component in search.table.shown]
    assert all(row[-1].endswith("Z") for row in rows)
    assert list(tmp_path.glob("*.part")) == []


def test_json_file_of_the_chosen_rows_with_all_columns(
    person: Person, search: SearchView, tmp_path: Path
) -> None:
    search.view.layout_of_columns.show_column(1, False)
    search.view.choose_row(2)
    person.press(Qt.Key.Key_Down, search.view, Qt.KeyboardModifier.ShiftModifier)
    menu = opened(person, search.export_button)
    choose(menu, "Only the 2 chosen")
    choose(menu, "Hidden columns too")
    assert menu.isVisible()
    choose(menu, f"JSON file from the {len(search.table.records):,} loaded…")
    target = tmp_path / "components.json"
    save_as(person, search.export_button, target)
    person.until(target.exists, "the file")
    rows = json.loads(target.read_text("utf-8"))["rows"]
    assert [row["Serial number"] for row in rows] == [part.label for part in search.view.all_chosen]
    assert "Component type" in rows[0]


def test_copy_of_all_rows(person: Person, search: SearchView, qapp: QApplication) -> None:
    choose(opened(person, search.export_button), "Copy for a spreadsheet")
    count = search.table.rowCount()
    person.until(lambda: person.verdict == f"Copied {count:,} rows", "the verdict")
    assert qapp.clipboard().text().count("\r\n") == count + 1


@pytest.mark.logs("File not stored")
def test_folder_that_cannot_be_written_is_told(person: Person, search: SearchView, tmp_path: Path) -> None:
    entry = f"CSV file from the {len(search.table.records):,} loaded…"
    choose(opened(person, search.export_button), entry)
    save_as(person, search.export_button, tmp_path / "nowhere" / "components.csv")
    person.until(lambda: "File not stored" in person.verdict, "the verdict")
    assert search.export_button.isEnabled()


@pytest.mark.logs("File not stored")
def test_export_of_another_component_leaves_the_error_of_the_first(person: Person, tmp_path: Path) -> None:
    trouble = person.workspace.footer.trouble

    def export(serial: str, target: Path) -> None:
        button = person.scan(serial).tests.bar.export_button
        person.show_tab(TESTS)
        choose(opened(person, button), "CSV file…")
        save_as(person, button, target)

    export("20UPGM23800001", tmp_path / "nowhere" / "runs.csv")
    person.until(lambda: "File not stored" in person.verdict, "the verdict")
    export("20USBML0000001", tmp_path / "second.csv")
    person.until(trouble.isVisible, "the error to be kept")
    assert "File not stored" in trouble.text()
    export("20UPGM23800001", tmp_path / "first.csv")
    person.until(trouble.isHidden, "the error to go")


@pytest.fixture
def hold(person: Person) -> Iterator[Callable[[Lane], None]]:
    """Let nothing come to its turn in a lane of the program, until the test ends."""
    gate = threading.Event()

    def close(lane: Lane) -> None:
        for _ in range(lane.value):
            person.program.worker.call(gate.wait, lane=lane)

    yield close
    gate.set()


def test_closing_the_page_ends_its_export(
    person: Person, hold: Callable[[Lane], None], tmp_path: Path
) -> None:
    component = person.scan("20UPGM23800001")
    person.show_tab(TESTS)
    button = component.tests.bar.export_button
    menu = opened(person, button)
    hold(Lane.TRANSFERS)
    choose(menu, "CSV file…")
    answer_dialog(person, button, tmp_path / "runs.csv")
    person.until(lambda: not button.isEnabled(), "the export to begin")
    gone: list[bool] = []
    component.destroyed.connect(lambda: gone.append(True))
    person.workspace.open.close(component)
    person.until(lambda: gone, "the page to go")
    person.settle()
    assert person.program.faults == []
    assert not list(tmp_path.glob("*.*"))


def test_signing_out_ends_fetching_the_rest(
    person: Person, search: SearchView, hold: Callable[[Lane], None], tmp_path: Path
) -> None:
    menu = opened(person, search.export_button)
    hold(Lane.REQUESTS)
    choose(menu, f"CSV file of all {search.table.total:,}…")
    answer_dialog(person, search.export_button, tmp_path / "all.csv")
    person.until(lambda: search.rest.is_running, "the fetching to begin")
    gone: list[bool] = []
    search.destroyed.connect(lambda: gone.append(True))
    person.workspace.sign_out_action.trigger()
    person.until(lambda: gone, "the page to go")
    person.settle()
    assert person.program.faults == []
    assert not list(tmp_path.glob("*.*"))


def test_columns_of_the_search_outlive_the_program(
    sandbox: SandboxProcess, start_program: Callable[..., Person], event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    person = start_program(settings_for(sandbox))
    person.sign_in()
    view = person.workspace.search_view.view
    view.layout_of_columns.show_column(3, False)
    view.layout_of_columns.move(0, 1)
    shown = view.layout_of_columns.shown
    person.end()
    again = start_program(settings_for(sandbox))
    again.sign_in()
    assert again.workspace.search_view.view.layout_of_columns.shown == shown


def test_runs_are_counted_and_written_without_the_headings_over_them(person: Person, tmp_path: Path) -> None:
    component = person.scan("20UPGM23800001")
    person.show_tab(TESTS)
    button, count = component.tests.bar.export_button, len(component.tests.table.runs)
    assert component.tests.table.rowCount() > count, "there are headings"
    menu = opened(person, button)
    assert menu.actions()[0].text() == f"{count} runs"
    choose(menu, "JSON file…")
    assert save_as(person, button, tmp_path / "runs.json") == f"Export {count} rows"
    rows = json.loads((tmp_path / "runs.json").read_text("utf-8"))["rows"]
    assert len(rows) == count
    assert len({(row["Test type"], row["Run"], row["Stage"], row["Date"]) for row in rows}) == count
    assert "superseded" in {row["Standing"] for row in rows}
    component.tests.bar.text.setText("iv")
    component.tests.bar.apply()
    component.tests.view.selectAll()
    chosen = component.tests.table.accepted
    menu = opened(person, button)
    assert f"Only the {chosen} chosen" in [action.text() for action in menu.actions()]
    menu.close()
