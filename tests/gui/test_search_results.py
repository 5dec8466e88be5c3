"""Many results: read ahead, all of them exported, and both given up when something else is asked."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from itkgui.views.search.search_view import LOOKING
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.gui.searching import choose, find
from tests.gui.test_export_button import choose as choose_entry
from tests.gui.test_export_button import opened, save_as
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]
StartSandbox = Callable[..., SandboxProcess]


@pytest.fixture
def slow(start_sandbox: StartSandbox, start_program: Start) -> Person:
    """Somebody far away from the server."""
    found = start_program(settings_for(start_sandbox("--components", "3000", "--latency", "150")))
    found.sign_in()
    return found


def test_the_next_page_comes_before_the_last_row_is_seen(person: Person) -> None:
    search = find(person, location="")
    person.until(search.view.isVisible, "the rows")
    assert search.table.rowCount() == 100
    bar = search.view.verticalScrollBar()
    person.until(lambda: bar.maximum() > 0, "room to scroll")
    bar.setValue(bar.maximum() * 2 // 3)
    person.until(lambda: search.table.rowCount() == 200, "the next page")
    assert bar.value() < bar.maximum()


def test_sorting_of_a_part_is_told(person: Person) -> None:
    search = find(person, location="")
    person.until(search.view.isVisible, "the rows")
    assert search.table.rowCount() == 100
    search.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    assert search.count.text().endswith("components, sorted among the 100 loaded")


def test_all_that_is_found_is_exported(person: Person, tmp_path: Path) -> None:
    search = find(person, location="", project="P")
    total = search.table.total
    assert total is not None
    assert total > len(search.table.records)
    search.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    target = tmp_path / "all.csv"
    choose_entry(opened(person, search.export_button), f"CSV file of all {total:,}…")
    assert save_as(person, search.export_button, target) == f"Export all {total:,} rows"
    person.until(lambda: person.verdict == f"Saved {total:,} rows as {target}", "the verdict")
    with target.open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    names = [row[0] for row in rows]
    assert len(names) == len(set(names)) == total
    assert names == sorted(names, key=str.casefold)
    assert search.count.text() == f"{total:,} components, all loaded"
    assert not search.rest.isVisible()
    entries = [action.text() for action in opened(person, search.export_button).actions()]
    assert not any("of all" in entry for entry in entries), "there is nothing more to fetch"


def test_fetching_all_can_be_stopped(slow: Person, tmp_path: Path) -> None:
    search = find(slow, location="")
    total, loaded = search.table.total, len(search.table.records)
    choose_entry(opened(slow, search.export_button), f"JSON file of all {total:,}…")
    save_as(slow, search.export_button, tmp_path / "all.json")
    slow.until(search.rest.isVisible, "the progress")
    assert f"of {total:,}" in search.rest._words.text()
    slow.click(search.rest.stop_button)
    slow.until(lambda: not search.rest.isVisible(), "the end")
    slow.settle()
    assert len(search.table.records) == loaded
    assert list(tmp_path.glob("*.json")) == []
    bar = search.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    slow.until(lambda: len(search.table.records) > loaded, "more by scrolling, as before")


def test_another_search_gives_up_fetching_all(slow: Person, tmp_path: Path) -> None:
    search = find(slow, location="")
    choose_entry(opened(slow, search.export_button), f"CSV file of all {search.table.total:,}…")
    save_as(slow, search.export_button, tmp_path / "all.csv")
    slow.until(search.rest.isVisible, "the progress")
    find(slow, project="CM")
    slow.until(lambda: not search.rest.is_running, "the end")
    assert {row.project.code for row in search.table.records} == {"CM"}
    assert list(tmp_path.glob("all.*")) == []


def test_a_new_search_replaces_the_one_under_way(slow: Person) -> None:
    search = choose(slow, project="P", location="")
    slow.click(search.search_button)
    choose(slow, project="S")
    slow.click(search.search_button)
    slow.until(lambda: search.count.text() != LOOKING, "the answer")
    assert {row.project.code for row in search.table.records} == {"S"}


def test_a_search_can_be_stopped(slow: Person) -> None:
    search = choose(slow, project="P", location="")
    rows = list(search.table.records)
    slow.click(search.search_button)
    assert search.count.text() == LOOKING
    slow.press(Qt.Key.Key_Escape, slow.workspace)
    assert search.count.text() == "Stopped. The rows are of the search before."
    slow.settle()
    assert list(search.table.records) == rows


def test_the_text_filter_says_how_many_are_shown(person: Person) -> None:
    search = find(person, location="", project="P")
    label = search.table.records[5].label
    person.type(search.text_filter, label)
    total = f"{search.table.total:,} components, 100 loaded, 1 shown"
    person.until(lambda: search.count.text() == total, "the counts")
