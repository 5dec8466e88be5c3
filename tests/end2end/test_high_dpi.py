"""Screens of every density: the program as a process of its own, since Qt reads the factor once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

_CHECK = """
import asyncio, sys
from pathlib import Path
from PySide6.QtCore import QSize
from itkgui import application, program
from itkgui.settings.configuration import load
from tests.gui.page_checks import cut_off, faint, small

async def check(program):
    window, style = program.window, program.style
    while not window.isVisible() or style.is_changing:
        await asyncio.sleep(0.01)
    for wears_gloves in (False, True):
        style.wear_gloves(wears_gloves)
        while style.is_changing:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        found = cut_off(window) + faint(window) + (small(window) if wears_gloves else [])
        assert not found, found
    ratio = window.grab().devicePixelRatio()
    assert ratio == float(sys.argv[2]), ratio
    assert window.size() == QSize(1366, 768), window.size()
    icon = window.login.settings_button.grab()
    assert icon.width() == round(window.login.settings_button.width() * ratio)
    return 0

options = application.Options(load({"data_dir": Path(sys.argv[1])}))
sys.exit(program.run(options, check))
"""


@pytest.mark.parametrize("factor", ["1", "1.25", "1.5", "2"])
def test_sign_in_is_whole_and_sharp(factor: str, tmp_path: object) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-c", _CHECK, str(tmp_path), factor],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.returncode == 0, run.stderr
