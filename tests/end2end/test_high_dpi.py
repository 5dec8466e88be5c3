"""Screens of other densities: the program as a process of its own, since Qt reads the factor once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import settings_for
from tests.sandbox_process import SandboxProcess

# All other tests look at a factor of 1. One factor walks further than the sign-in page and the settings.
FACTORS = ("1.25", "1.5", "2")
FURTHER = "1.5"
_CHECK = """
import asyncio, sys
from pathlib import Path
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QLabel
from itkgui import application, program
from itkgui.settings.configuration import load
from itkgui.views.components.component_view import ATTACHMENTS, OVERVIEW
from tests.gui.page_checks import cut_off, faint, in_sight

FACTOR, GOES_FURTHER = float(sys.argv[2]), sys.argv[2] == sys.argv[3]

async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)

def blurred(window):
    assert window.grab().devicePixelRatio() == FACTOR
    for widget in in_sight(window):
        if isinstance(widget, QAbstractButton) and not widget.icon().isNull():
            picture = widget.icon().pixmap(widget.iconSize(), FACTOR)
        elif isinstance(widget, QLabel) and not widget.pixmap().isNull():
            picture = widget.pixmap()
        else:
            continue
        wide = picture.width() / picture.devicePixelRatio()
        if picture.devicePixelRatio() < FACTOR or picture.width() < int(wide * FACTOR):
            yield f"{widget} {picture.size()} {picture.devicePixelRatio()}"

async def look(window, page):
    for _turn in range(100):
        found = [*cut_off(window), *faint(window), *blurred(window)]
        if not found:
            break
        await asyncio.sleep(0.02)
    assert not found, (page, found)
    assert window.size() == QSize(1366, 768), (page, window.size())

async def check(program):
    window = program.window
    await until(lambda: window.isVisible() and not program.style.is_changing)
    await look(window, "sign-in")
    window.show_settings()
    await until(lambda: window.settings_page.view.is_complete)
    await look(window, "settings")
    return await go_further(window) if GOES_FURTHER else 0

async def go_further(window):
    window.settings_page.view.left.emit()
    window.login.sign_in_button.click()
    await until(lambda: window.workspace is not None)
    workspace = window.workspace
    workspace.look_up("20UPGM23800001")
    await until(lambda: workspace.current_component is not None)
    await until(lambda: "(" in workspace.current_component.tabs.tabText(ATTACHMENTS))
    for tab in (OVERVIEW, ATTACHMENTS):
        workspace.current_component.show_tab(tab)
        await look(window, tab)
    return 0

configuration = load({"data_dir": Path(sys.argv[1])})
configuration.paths.create()
sys.exit(program.run(application.Options(configuration), check))
"""


@pytest.mark.parametrize("factor", FACTORS)
def test_pages_are_whole_and_sharp(factor: str, tmp_path: Path, sandbox: SandboxProcess) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}
    settings = settings_for(sandbox)
    environment |= {"ITKDB_API_URL": settings.api_url, "ITKDB_AUTH_URL": settings.auth_url}
    environment |= {"ITKDB_ACCESS_CODE1": settings.access_code1, "ITKDB_ACCESS_CODE2": settings.access_code2}
    run = subprocess.run(
        [sys.executable, "-c", _CHECK, str(tmp_path), factor, FURTHER],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.returncode == 0, run.stderr
