"""Searches kept by name: saved, shown, renamed, replaced only when agreed to, deleted, and there again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from itkgui.views.search.saved_searches import SavedSearches
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.gui.searching import choose, find
from tests.sandbox_process import SandboxProcess


def saved_of(person: Person) -> SavedSearches:
    return person.workspace.search_view.saved


def pick(person: Person, entry: str) -> None:
    """Open the menu, see that an entry is there, and choose it."""
    saved = saved_of(person)
    person.click(saved.button)
    (menu,) = [menu for menu in saved.button.findChildren(QMenu) if menu.isVisible()]
    found = {action.text().replace("&&", "&"): action for action in menu.actions()}
    assert entry in found, list(found)
    assert not any(action.isCheckable() for action in found.values())
    menu.setActiveAction(found[entry])
    person.press(Qt.Key.Key_Return, menu)
    person.window.activateWindow()  # as every desktop does when a menu goes


def save(person: Person, name: str) -> None:
    pick(person, "Save this search…")
    saved = saved_of(person)
    person.until(saved.line.isVisible, "the question")
    person.type(saved.name, name)
    person.press(Qt.Key.Key_Return, saved.name)
    person.settle()


def test_saved_and_shown_again(person: Person) -> None:
    find(person, project="P", component_type="MODULE", location="")
    found = person.workspace.search_view.table.total
    request = person.workspace.search_view.filters.request
    save(person, "  All   modules & more ")
    assert saved_of(person).names == ["All modules & more"]
    assert not saved_of(person).line.isVisible()
    assert person.verdict == "Search saved as “All modules & more”"
    search = find(person, project="S")
    assert search.table.total != found
    pick(person, "All modules & more")
    person.until(lambda: search.table.total == found, "the saved search")
    person.until(lambda: search.filters.component_type.currentText() == "Module", "its filters")
    assert search.filters.request == request


def test_replacing_is_asked_about(person: Person) -> None:
    choose(person, project="P")
    save(person, "Mine")
    choose(person, project="S")
    save(person, "MINE")
    saved = saved_of(person)
    assert saved.line.isVisible()
    assert saved.question.text() == "“Mine” is there already. Replace it?"
    person.click(saved.cancel_button)
    pick(person, "Mine")
    filters = person.workspace.search_view.filters
    assert filters.project.code == "P", "it was replaced unasked"
    choose(person, project="S")
    save(person, "MINE")
    person.click(saved.agree_button)
    assert saved.names == ["MINE"]
    choose(person, project="P")
    pick(person, "MINE")
    assert filters.project.code == "S"


def test_renaming_and_deleting(person: Person) -> None:
    choose(person, project="P")
    save(person, "First")
    save(person, "Second")
    saved = saved_of(person)
    pick(person, "Rename “Second”…")
    person.type(saved.name, "First")
    person.click(saved.agree_button)
    assert "Replace it?" in saved.question.text()
    person.click(saved.cancel_button)
    assert saved.names == ["First", "Second"]
    pick(person, "Rename “Second”…")
    person.type(saved.name, "Third")
    person.click(saved.agree_button)
    assert saved.names == ["First", "Third"]
    assert person.verdict == "Search “Second” is now called “Third”"
    pick(person, "Delete “Third”…")
    person.press(Qt.Key.Key_Escape, person.workspace)
    person.until(lambda: not saved.line.isVisible(), "the question to go")
    assert saved.names == ["First", "Third"]
    pick(person, "Delete “Third”…")
    person.click(saved.agree_button)
    assert saved.names == ["First"]
    assert saved.current == ""
    assert person.verdict == "Saved search “Third” deleted"


def test_a_search_without_a_name_is_not_saved(person: Person) -> None:
    save(person, "   ")
    assert saved_of(person).names == []
    assert saved_of(person).line.isVisible()


def test_saved_searches_outlive_the_program(
    sandbox: SandboxProcess, start_program: Callable[..., Person], event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    person = start_program(settings_for(sandbox))
    person.sign_in()
    choose(person, project="CM")
    save(person, "Mechanics")
    person.end()
    again = start_program(settings_for(sandbox))
    again.sign_in()
    pick(again, "Mechanics")
    assert again.workspace.search_view.filters.project.code == "CM"
