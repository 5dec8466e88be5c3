"""What comes in with a drop: which files, what they are, and copies of them."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path, PurePath

import pytest
from PIL import Image

from itkgui.client.exceptions import FileEmpty, FileMissing, NotAFile
from itkgui.uploads.intake import Found, examine, examine_all, gather, state_of, take
from itkgui.uploads.spool import Spool

ONE = "20USBML0000001"


def found(path: Path) -> Found:
    return Found(path, PurePath(path.name))


def test_folders_are_taken_with_all_that_is_in_them_but_for_what_nobody_put_there(tmp_path: Path) -> None:
    tray = tmp_path / "tray"
    for name in ("b.txt", "a.txt", "deep/er/c.txt", ".hidden", ".git/config", "Thumbs.db", "deep/.DS_Store"):
        (tray / name).parent.mkdir(parents=True, exist_ok=True)
        (tray / name).write_text(name)
    (tmp_path / ".profile").write_text("chosen by itself")
    gathered = gather([tmp_path / ".profile", tray, tray / "a.txt"])
    assert [str(file.within) for file in gathered.files] == [
        ".profile",
        "tray/a.txt",
        "tray/b.txt",
        "tray/deep/er/c.txt",
    ]
    assert gathered.left_out == "Left out: 2 hidden files, 2 files of the operating system."


def test_more_files_than_one_can_look_at_are_not_taken(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}").touch()
    gathered = gather([tmp_path], most=10)
    assert len(gathered.files) == 10
    assert gathered.left_out.startswith("Only the first 10 files are taken at a time.")


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    assert gather([tmp_path]).left_out == "There is no file in it."


def test_a_folder_that_leads_to_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert [file.path.name for file in gather([tmp_path]).files] == ["a.txt"]


def test_results_of_a_test_are_told_from_other_json(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    results = {"component": ONE, "testType": "IV", "results": {"a": 1}}
    for content, count in (
        (results, 1),
        (results | {"results": [1]}, 1),
        ({"component": ONE, "testType": "IV"}, 0),
        ([results, results], 2),
    ):
        path.write_text(json.dumps(content))
        examined = examine(found(path))
        assert [run.number for run in examined.runs] == list(range(count)), content
        assert not examined.flaw
        assert [sighting.names for sighting in examined.sightings] == [(ONE,)]
    path.write_text(json.dumps(results)[:-2])
    assert "line 1" in examine(found(path)).flaw
    path.write_text(json.dumps({key: value for key, value in results.items() if key != "component"}))
    assert examine(found(path)).flaw.endswith("a test, but names no component.")


def test_the_moment_of_a_picture_is_that_of_the_exposure(tmp_path: Path) -> None:
    path, image = tmp_path / "photo.jpg", Image.new("RGB", (8, 8))
    notes = image.getexif()
    notes[306] = "2026:06:01 12:00:00"
    notes.get_ifd(0x8769)[36867] = "2026:05:12 09:30:11"
    image.save(path, exif=notes)
    assert examine(found(path)).taken == "2026-05-12 09:30"
    image.save(path)
    assert examine(found(path)).taken == ""


def test_what_is_wrong_stands_in_its_place(tmp_path: Path) -> None:
    good, empty = tmp_path / "good.txt", tmp_path / "empty"
    good.write_text("good")
    empty.touch()
    outcomes = examine_all([found(path) for path in (empty, good, tmp_path / "gone", tmp_path)])
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds[0] is FileEmpty
    assert kinds[2:] == [FileMissing, NotAFile]
    assert kinds[1] is type(examine(found(good)))


def test_a_copy_tells_the_state_that_was_copied(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("abc")
    old = time.time() - 60
    os.utime(path, (old, old))
    taken = take(Spool(tmp_path / "spool"), path, "1" * 32, path.name)
    assert taken.copy.size == 3
    assert taken.state == state_of(path)
    assert not taken.may_grow
    path.write_text("abcd")
    assert state_of(path) != taken.state
    assert take(Spool(tmp_path / "spool"), path, "2" * 32, path.name).may_grow


def test_a_file_that_is_gone_has_no_state(tmp_path: Path) -> None:
    assert state_of(tmp_path / "gone") is None
    with pytest.raises(FileMissing):
        take(Spool(tmp_path / "spool"), tmp_path / "gone", "1" * 32, "gone")
