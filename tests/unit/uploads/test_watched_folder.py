"""A folder into which instruments write: what is new, what is whole, and what becomes of it when it goes."""

from __future__ import annotations

import os
import queue
from pathlib import Path

import pytest

from itkgui.uploads.intake import STILL
from itkgui.uploads.watched_folder import (
    FolderNews,
    FolderTrouble,
    FolderWatch,
    NewFiles,
    TooManyFiles,
    files_in,
)

FOLDER = Path("probe")
OLD, FIRST, SECOND = FOLDER / "old.csv", FOLDER / "a.csv", FOLDER / "run" / "b.csv"


def names(news: FolderNews) -> list[str]:
    return [file.path.name for file in news.new]


def test_new_files_are_told_when_they_are_still_and_those_of_before_never() -> None:
    files = NewFiles(FOLDER, None)
    begun = files.take({OLD: (7, 1)}, 0.0)
    assert begun.present is not None
    assert len(begun.present) == 1
    growing = files.take({OLD: (7, 1), SECOND: (10, 30), FIRST: (5, 20)}, 10.0)
    assert (names(growing), growing.present) == ([], None)
    assert names(files.take({OLD: (7, 1), SECOND: (11, 31), FIRST: (5, 20)}, 10.0 + STILL)) == ["a.csv"]
    both = files.take({OLD: (7, 1), SECOND: (11, 31), FIRST: (5, 20)}, 10.0 + 2 * STILL)
    assert names(both) == ["a.csv", "b.csv"]  # the oldest first
    again = files.take({OLD: (8, 40), SECOND: (11, 31), FIRST: (5, 20)}, 20.0)
    assert names(again) == ["a.csv", "b.csv"]
    changed = files.take({OLD: (8, 40)}, 20.0 + STILL)
    assert names(changed) == ["old.csv"]  # another one by the same name
    assert begun.present.isdisjoint(file.mark for file in changed.new)


def test_a_file_without_content_is_not_whole_yet() -> None:
    files = NewFiles(FOLDER, None)
    for moment in (0.0, 5.0, 10.0):
        assert not files.take({FIRST: (0, 1)} if moment else {}, moment).new


def test_what_was_offered_is_known_at_the_next_start() -> None:
    files = NewFiles(FOLDER, ())
    files.take({FIRST: (5, 20), SECOND: (11, 31)}, 0.0)
    (first, second) = files.take({FIRST: (5, 20), SECOND: (11, 31)}, STILL).new
    later = NewFiles(FOLDER, [first.mark])
    later.take({FIRST: (5, 20), SECOND: (11, 31)}, 0.0)
    assert later.take({FIRST: (5, 20), SECOND: (11, 31)}, STILL).new == (second,)


def test_only_what_instruments_finish_is_looked_at(tmp_path: Path) -> None:
    for name in ("iv.csv", "iv.csv.tmp", ".hidden", "Thumbs.db", "~$notes.docx", "day/iv.csv", ".cache/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("volts")
    os.mkfifo(tmp_path / "pipe")
    assert {path.relative_to(tmp_path).as_posix() for path, _state in files_in(tmp_path)} == {
        "iv.csv",
        "day/iv.csv",
    }
    with pytest.raises(TooManyFiles):
        list(files_in(tmp_path, most=1))
    with pytest.raises(FileNotFoundError):
        list(files_in(tmp_path / "stick"))


def test_folder_that_goes_is_told_and_comes_back_by_itself(tmp_path: Path) -> None:
    told: queue.SimpleQueue[FolderNews] = queue.SimpleQueue()
    folder, elsewhere = tmp_path / "stick", tmp_path / "pulled"
    watch = FolderWatch(folder, None, told.put)
    watch.start()
    assert told.get(timeout=10) == FolderNews(trouble=FolderTrouble.AWAY)
    elsewhere.mkdir()
    (elsewhere / "before.csv").write_text("volts")
    elsewhere.rename(folder)
    back = told.get(timeout=10)
    assert back.trouble is FolderTrouble.NONE
    assert back.present is not None
    assert len(back.present) == 1
    watch.stop()
    watch.join()
