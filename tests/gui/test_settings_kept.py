"""Settings in the whole program: what is chosen is there at the next start, or it is said why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.settings import Settings
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


def test_choice_is_there_at_the_next_start_even_if_the_program_ends_at_once(
    start_program: Start, sandbox: SandboxProcess
) -> None:
    first = start_program(settings_for(sandbox))
    first.sign_in()
    first.program.preferences.put("page_size", 50)
    first.end()
    later = start_program(settings_for(sandbox))
    assert later.program.preferences.settings == replace(first.program.preferences.settings, page_size=50)
