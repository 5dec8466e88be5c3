"""A file that is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from itkgui.background.part_file import PartFile
from itkgui.client.exceptions import FileNotWritten


def test_file_appears_when_it_is_finished(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    target.write_text("before")
    part = PartFile(target)
    part.write("µA\r\n")
    part.write("half \ud83d\n")
    assert target.read_text() == "before"
    part.finish()
    part.abandon()
    assert target.read_bytes() == "µA\r\nhalf ?\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_its_readers_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual.csv").write_text("")
    part = PartFile(tmp_path / "rows.csv")
    part.finish()
    assert (tmp_path / "rows.csv").stat().st_mode == (tmp_path / "usual.csv").stat().st_mode


def test_abandoned_file_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    target.write_text("before")
    part = PartFile(target)
    part.write("after")
    part.abandon()
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match="nowhere"):
        PartFile(tmp_path / "nowhere" / "rows.csv")


def test_target_that_cannot_be_replaced_is_told(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    target.mkdir()
    part = PartFile(target)
    part.write("text")
    with pytest.raises(FileNotWritten):
        part.finish()
    part.abandon()
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_disk_is_told(tmp_path: Path) -> None:
    part = PartFile(tmp_path / "rows.csv")
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, part._file.fileno())
    os.close(full)
    with pytest.raises(FileNotWritten, match="No space"):
        part.write("x" * 100_000)
    part.abandon()
    assert not list(tmp_path.iterdir())
