"""Settings in the whole program: what is chosen is there at the next start, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from itkgui.settings import Settings
from itkgui.views.commands import run_by_name
from itkgui.views.style import Style
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]
pytestmark = pytest.mark.usefixtures("usual_look")


def test_look_that_is_set_elsewhere_is_not_changed_by_keys_or_menu(start_program: Start) -> None:
    look = start_program(Settings(text_size=150)).program.look
    assert Style.percent == 150
    assert not any(action.isEnabled() for action in (*look.actions, *look.sizes.values()))
    assert all(action.isEnabled() for action in look.themes.values())


def test_faults_in_the_file_are_told_by_a_bar_that_leads_to_the_page(
    start_program: Start, tmp_path: Path
) -> None:
    (tmp_path / "data" / "config").mkdir(parents=True)
    (tmp_path / "data" / "config" / "settings.toml").write_text('them = "dark"\npage_size = "x"', "utf-8")
    visitor = start_program(Settings())
    bar = visitor.window.settings_notice
    assert bar.title.text() == "2 things in the settings cannot be used"
    assert "No setting is called 'them'" in bar.words.text()
    visitor.click(bar.help_button)
    view = visitor.window.settings_page.view
    visitor.until(view.isVisible, "the page")
    assert len(view.problems) == 2
    assert not bar.isVisible()


@pytest.mark.logs("No setting is called 'them'")
def test_locked_window_tells_nothing_of_the_file(person: Person) -> None:
    preferences, window = person.program.preferences, person.window
    bar, file = window.settings_notice, preferences.configuration.paths.settings_file
    file.parent.mkdir(exist_ok=True)
    preferences.pause.setInterval(1)
    run_by_name(window, "lock")
    file.write_text("them = 1\n", "utf-8")
    preferences.look_again()
    person.until(lambda: bool(preferences.problems), "the file to be read")
    assert window.locker.is_on
    assert not bar.isVisible(), "what is new is not told"
    window.locker.back_requested.emit()
    assert bar.isVisible()
    run_by_name(window, "lock")
    assert not bar.isVisible(), "what was told is hidden"
    file.write_text("", "utf-8")
    preferences.look_again()
    person.until(lambda: not preferences.problems, "the file to be read")
    window.locker.back_requested.emit()
    assert not bar.isVisible()
    file.write_text("them = 12\n", "utf-8")
    preferences.look_again()
    person.until(bar.isVisible, "the fault to be told")
    person.click(bar.close_button)
    run_by_name(window, "lock")
    window.locker.back_requested.emit()
    assert not bar.isVisible(), "somebody has sent it away"
    file.unlink()
    preferences.look_again()
    person.until(lambda: not preferences.problems, "the file to be read")


def come_back(person: Person) -> None:
    """Give another window the keys, as that of an editor, and then the program's again."""
    other = QWidget()
    other.show()
    other.activateWindow()
    person.until(other.isActiveWindow, "the other window")
    other.close()
    person.window.activateWindow()


@pytest.mark.logs("settings.toml: It is not TOML")
def test_file_that_is_mended_or_spoilt_meanwhile_is_read_when_one_comes_back(
    start_program: Start, tmp_path: Path
) -> None:
    file = tmp_path / "data" / "config" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("undo_seconds = \n", "utf-8")
    person = start_program(Settings())
    preferences, bar = person.program.preferences, person.window.settings_notice
    preferences.pause.setInterval(100)
    assert bar.isVisible()
    file.write_text("undo_seconds = 25\ntext_size = 150\n", "utf-8")
    come_back(person)
    person.until(lambda: preferences.settings.undo_seconds == 25, "what stands in the file")
    assert not bar.isVisible()
    assert Style.percent == 150

    file.write_text("undo_seconds = 30\ntext_size = \n", "utf-8")
    come_back(person)
    person.until(bar.isVisible, "the fault to be told")
    assert "It is not TOML" in bar.words.text()
    assert (preferences.settings.undo_seconds, Style.percent) == (25, 150)  # rather than those of nobody


@pytest.mark.logs("ITK-05: The change is not kept")
@pytest.mark.logs("settings.toml, line [13]: (text_size must be|No setting is called 'them')")
def test_page_tells_what_is_wrong_in_the_file_now_and_keeps_what_it_could_not(
    start_program: Start, tmp_path: Path
) -> None:
    file = tmp_path / "data" / "config" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("not toml", "utf-8")
    person = start_program(Settings())
    preferences, page = person.program.preferences, person.window.settings_page
    preferences.pause.setInterval(100)
    person.click(person.login.settings_button)
    person.until(lambda: page.view.isVisible() and page.view.is_complete, "the page")
    assert len(page.view.problems) == 1
    preferences.put("undo_seconds", 12)
    person.until(page.view.not_kept.isVisible, "that it is not kept")
    person.click(page.view.back_button)
    file.write_text('them = "dark"\npage_size = 50\ntext_size = 12', "utf-8")
    person.click(person.login.settings_button)
    person.until(lambda: len(page.view.problems) == 2, "what is wrong now")
    assert not person.window.settings_notice.isVisible(), "once is enough"
    assert not page.view.not_kept.isVisible()
    assert "undo_seconds = 12" in file.read_text("utf-8")
    assert preferences.settings.page_size == 50
    # What is chosen here takes the place of what was wrong.
    preferences.put("text_size", 125)
    person.until(lambda: len(page.view.problems) == 1, "one fault less")
    assert "No setting is called 'them'" in page.view.problems[0].title.text()


def test_choice_is_there_at_the_next_start_even_if_the_program_ends_at_once(
    start_program: Start, sandbox: SandboxProcess
) -> None:
    first = start_program(settings_for(sandbox))
    first.sign_in()
    first.program.preferences.put("page_size", 50)
    first.end()
    later = start_program(settings_for(sandbox))
    assert later.program.preferences.settings == replace(first.program.preferences.settings, page_size=50)
