"""Starts on a computer that is not well: no place for a log, an end by force before, a huge log."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.diagnosis.crashes import FOLDER
from tests.end2end.starts import LISTENS, Start


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


def test_program_starts_and_ends_though_nothing_can_be_logged_or_kept(
    tmp_path: Path, own_environment: Path
) -> None:
    state = own_environment / ".local" / "state"
    state.mkdir(parents=True)
    (state / "itkgui").write_text("in the way of the folder for the log")
    start = Start(tmp_path / "start")
    start.until(lambda: LISTENS in start.log, "the window")
    assert "no log file" in start.log
    assert "a crash would leave no stacks" in start.log
    start.close()


def test_end_by_force_is_told_at_the_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    crashes = data / "state" / FOLDER
    first = Start(tmp_path / "first", "--data-dir", str(data)).until_listening()
    first.send("SIGSEGV")
    assert first.ended() != 0
    (left,) = crashes.iterdir()
    assert "Segmentation fault" in left.read_text("utf-8")
    second = Start(tmp_path / "second", "--data-dir", str(data)).until_listening()
    second.until(lambda: list(crashes.glob("told-*")), "the report")
    second.close()
    assert [path.name.split("-")[0] for path in crashes.iterdir()] == ["told"]


def test_log_of_two_hundred_megabytes_is_put_aside_and_holds_nobody_up(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "state").mkdir(parents=True, mode=0o700)
    log = data / "state" / "itkgui.log"
    with log.open("wb") as file:
        file.truncate(200_000_000)
    start = Start(tmp_path / "start", "--data-dir", str(data)).until_listening()
    start.close()
    assert log.stat().st_size < 100_000
