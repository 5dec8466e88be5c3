"""Where keys go on the sign-in page: to what is to be typed next, or to the way in if all is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from itkgui.views.diagnosis.diagnosis_view import DiagnosisView
from tests.conftest import settings_for
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]


@pytest.mark.logs("No setting is called 'bogus'")
def test_what_is_typed_at_the_start_goes_into_the_form_below_a_notice(
    start_program: Start, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    file = tmp_path / "data" / "config" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("bogus = 1\n", "utf-8")
    visitor = start_program(settings_for(sandbox, access_code1="", access_code2=""))
    assert visitor.window.settings_notice.isVisible()
    visitor.until(visitor.login.code1.hasFocus, "the field that is typed in next")
    visitor.end()
    visitor = start_program(settings_for(sandbox))
    assert visitor.window.settings_notice.isVisible()
    visitor.until(visitor.login.sign_in_button.hasFocus, "the way in")


@pytest.mark.parametrize("place", ["diagnosis", "settings"])
@pytest.mark.parametrize("by_key", [True, False])
def test_enter_signs_in_after_one_has_looked_elsewhere(
    sandbox: SandboxProcess, start_program: Start, place: str, by_key: bool
) -> None:
    visitor = start_program(settings_for(sandbox))
    login, window = visitor.login, visitor.window
    visitor.click(login.diagnosis_button if place == "diagnosis" else login.settings_button)
    page = (window.care.page if place == "diagnosis" else window.settings_page).view
    visitor.until(page.isVisible, "the page")
    if isinstance(page, DiagnosisView):
        doctor = page.doctor
        visitor.until(lambda: doctor.is_over, "the doctor, whose threads go on otherwise")
    if by_key:
        visitor.press(Qt.Key.Key_Escape, QApplication.focusWidget())
    else:
        visitor.click(page.back_button)
    visitor.until(login.sign_in_button.hasFocus, "the way in")
    visitor.press(Qt.Key.Key_Return, QApplication.focusWidget())
    visitor.until(lambda: window.workspace is not None, "the workspace")
