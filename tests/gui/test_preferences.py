"""The file of settings while the program runs: when it is read again, and what of it counts then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Call, Lane, NoThread, Worker
from itkgui.client.transfer import Transfer
from itkgui.settings.configuration import load
from itkgui.view_state import ViewState
from itkgui.views.context.memory import Memory
from itkgui.views.context.preferences import Preferences
from itkgui.views.context.reviewed_files import ReviewedFiles
from itkgui.views.review.folder_bar import FolderBar

Begin = Callable[[str], Preferences]
_PAUSE_MS = 1  # between two looks, rather than a second
_LONG_MS = 3_600_000


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
        preferences.pause.setInterval(_PAUSE_MS)
        begun.append(preferences)
        return preferences

    yield load_file
    for preferences in begun:
        qtbot.waitUntil(asyncio.ensure_future(preferences.close()).done)


def looked(qtbot: QtBot, preferences: Preferences) -> None:
    """Wait until the file is looked at no more."""
    preferences.pause.setInterval(_PAUSE_MS)
    qtbot.waitUntil(lambda: not preferences.is_looking)


def look_once(qtbot: QtBot, preferences: Preferences) -> None:
    """Look at the file again, and go on between the first look and the second; ``looked`` lets that begin."""
    preferences.pause.setInterval(_LONG_MS)
    preferences.look_again()
    qtbot.waitUntil(preferences.pause.isActive)


def test_watched_folder_is_forgotten_only_if_somebody_chooses_another_here(
    qtbot: QtBot, worker: Worker, begin: Begin, file: Path
) -> None:
    folder = file.parent / "probe"
    folder.mkdir()
    line = f"watched_folder = '{folder}'\n"
    preferences, memory = begin(line), Memory(ViewState(file.parent / "view.json", "me"), worker)
    bar = FolderBar(memory, preferences, ReviewedFiles(), lambda: None)
    qtbot.waitUntil(lambda: bar.is_watching)
    (folder / "iv.txt").write_text("volts")
    for without in ("", "# " + line):
        file.write_text(without, "utf-8")
        preferences.look_again()
        looked(qtbot, preferences)
        assert not bar.is_watching
        file.write_text(line, "utf-8")
        preferences.look_again()
        looked(qtbot, preferences)
        qtbot.waitUntil(lambda: bar.is_watching)
        assert bar._known == {}, "what came meanwhile is new"
    preferences.reset("watched_folder")
    preferences.put("watched_folder", folder)
    assert not bar.is_watching
    qtbot.waitUntil(lambda: bar.is_watching)
    assert len(bar._known or ()) == 1, "what was there before somebody chose it is of nobody"
    bar.detach()
    qtbot.waitUntil(asyncio.ensure_future(memory.close()).done)


def test_what_is_saved_a_moment_after_a_look_is_seen(qtbot: QtBot, begin: Begin, file: Path) -> None:
    """An editor saves when it loses the keys: when the window, which looks, has got them."""
    preferences = begin("undo_seconds = 5\n")
    preferences.look_again()
    looked(qtbot, preferences)
    look_once(qtbot, preferences)
    file.write_text("undo_seconds = 25\n", "utf-8")
    looked(qtbot, preferences)
    assert preferences.settings.undo_seconds == 25


@pytest.mark.parametrize("meanwhile", ["", None, "undo_seconds = 2"])
def test_what_stands_there_for_a_moment_only_never_holds(
    qtbot: QtBot, begin: Begin, file: Path, meanwhile: str | None
) -> None:
    line = "undo_seconds = 25\n"
    preferences = begin(line)
    preferences.look_again()
    looked(qtbot, preferences)
    changed: list[str] = []
    preferences.changed.connect(changed.append)
    if meanwhile is None:
        file.unlink()
    else:
        file.write_text(meanwhile, "utf-8")
    look_once(qtbot, preferences)
    file.write_text(line + "text_size = 150\n", "utf-8")
    looked(qtbot, preferences)
    assert changed == ["text_size"]
    file.unlink()
    preferences.look_again()
    looked(qtbot, preferences)
    assert changed == ["text_size", "text_size", "undo_seconds"], "what is gone for longer is meant"


def test_file_that_never_rests_is_not_looked_at_for_ever(qtbot: QtBot, begin: Begin, file: Path) -> None:
    preferences = begin("")
    preferences.pause.setInterval(1)
    preferences.pause.timeout.connect(lambda: file.write_text(file.read_text("utf-8") + "#", "utf-8"))
    preferences.look_again()
    looked(qtbot, preferences)
    assert preferences.settings.undo_seconds == 10
    assert file.stat().st_size < 20


def test_change_that_cannot_be_kept_is_told_once_for_each_state_of_the_file(
    qtbot: QtBot, begin: Begin, file: Path
) -> None:
    preferences = begin("not toml")
    told: list[object] = []
    preferences.failed.connect(told.append)
    preferences.look_again()
    looked(qtbot, preferences)
    with qtbot.waitSignal(preferences.failed):
        preferences.put("undo_seconds", 3.0)
    file.write_text("no toml either", "utf-8")
    for _time in range(3):
        preferences.look_again()
        looked(qtbot, preferences)
    assert len(told) == 2
    file.write_text("# mended\n", "utf-8")
    with qtbot.waitSignal(preferences.kept):
        preferences.look_again()
    looked(qtbot, preferences)
    assert "undo_seconds = 3" in file.read_text("utf-8")
    assert preferences.settings.undo_seconds == 3


def test_what_is_of_no_use_is_told_as_it_is_now(
    qtbot: QtBot, begin: Begin, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether by the file or on the page: another certificate that is not there, none, and one again."""
    preferences = begin("ca_bundle = '/nowhere/a.pem'\n")
    told: list[list[str]] = []
    preferences.problems_changed.connect(lambda: told.append([one.what for one in preferences.problems]))
    preferences.look_again()
    looked(qtbot, preferences)
    assert not told
    assert not caplog.records, "it was told at the start"
    missing = "ca_bundle: {} cannot be read: No such file or directory."
    file.write_text("ca_bundle = '/nowhere/b.pem'\nthem = 1\n", "utf-8")
    preferences.look_again()
    looked(qtbot, preferences)
    expected = [["No setting is called 'them'.", missing.format("/nowhere/b.pem")]]
    assert told == expected
    assert len(caplog.records) == 2
    preferences.pause.setInterval(_LONG_MS)
    with qtbot.waitSignal(preferences.problems_changed):
        preferences.reset("ca_bundle")
        assert len(told) == 1, "a drive of the network may take its time"
    with qtbot.waitSignal(preferences.problems_changed):
        preferences.put("ca_bundle", Path("/nowhere/c.pem"))
    expected += [expected[0][:1], [expected[0][0], missing.format("/nowhere/c.pem")]]
    assert told == expected
    qtbot.waitUntil(lambda: "c.pem" in file.read_text("utf-8"))
    looked(qtbot, preferences)
    assert told == expected
    assert [record.levelname for record in caplog.records if record.levelno > 20] == ["WARNING"] * 3
    assert "/nowhere/c.pem" in caplog.records[-1].getMessage()


class Busy(Worker):
    """Threads of a computer that gives none for writing, as often as ``refusals`` says."""

    refusals = 2

    def call(self, function: Callable[..., Any], *arguments: Any, lane: Lane = Lane.REQUESTS) -> Call[Any]:
        if function.__name__ != "write" or not self.refusals:
            return super().call(function, *arguments, lane=lane)
        self.refusals -= 1
        refused = Future[Any]()
        refused.set_exception(NoThread("none left"))
        return Call(refused, Transfer())


def test_change_that_no_thread_was_there_for_is_kept_by_a_later_look(
    qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop, file: Path
) -> None:
    worker = Busy()
    preferences = Preferences(load({"data_dir": file.parent.parent}, {}), worker)
    with qtbot.waitSignal(preferences.failed):
        preferences.put("undo_seconds", 3.0)
    for _time in range(2):
        assert not file.exists()
        preferences.look_again()
        looked(qtbot, preferences)
    assert "undo_seconds = 3" in file.read_text("utf-8")
    qtbot.waitUntil(asyncio.ensure_future(preferences.close()).done)
    worker.stop()
