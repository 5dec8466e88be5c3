"""The file of settings while the program runs: when it is read again, and what of it counts then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.settings.configuration import load
from itkgui.view_state import ViewState
from itkgui.views.folder_bar import FolderBar
from itkgui.views.memory import Memory
from itkgui.views.preferences import Preferences

Begin = Callable[[str], Preferences]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the user's file stands; its folder is made."""
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / "settings.toml"


@pytest.fixture
def begin(qtbot: QtBot, worker: Worker, file: Path) -> Iterator[Begin]:
    """Begin with what stands in the user's file; what is under way at the end is waited for."""
    begun: list[Preferences] = []

    def load_file(content: str) -> Preferences:
        file.write_text(content, "utf-8")
        preferences = Preferences(load({"data_dir": file.parent.parent}, {}), worker)
        begun.append(preferences)
        return preferences

    yield load_file
    for preferences in begun:
        qtbot.waitUntil(asyncio.ensure_future(preferences.close()).done)


def test_watched_folder_is_forgotten_only_if_somebody_chooses_another_here(
    qtbot: QtBot, worker: Worker, begin: Begin, file: Path
) -> None:
    folder = file.parent / "probe"
    folder.mkdir()
    line = f"watched_folder = '{folder}'\n"
    preferences, memory = begin(line), Memory(ViewState(file.parent / "view.json", "me"), worker)
    bar = FolderBar(memory, preferences, lambda: None)
    qtbot.waitUntil(lambda: bar.is_watching)
    (folder / "iv.txt").write_text("volts")
    for without in ("", "# " + line):
        file.write_text(without, "utf-8")
        preferences.look_again()
        qtbot.waitUntil(lambda: preferences.settings.watched_folder is None)
        assert not bar.is_watching
        file.write_text(line, "utf-8")
        preferences.look_again()
        qtbot.waitUntil(lambda: bar.is_watching)
        assert bar._known == {}, "what came meanwhile is new"
    preferences.reset("watched_folder")
    preferences.put("watched_folder", folder)
    assert not bar.is_watching
    qtbot.waitUntil(lambda: bar.is_watching)
    assert len(bar._known or ()) == 1, "what was there before somebody chose it is of nobody"
    bar.detach()
    qtbot.waitUntil(asyncio.ensure_future(memory.close()).done)
