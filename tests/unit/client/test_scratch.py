"""Folders for files that are made and given away: the oldest go, but none that was just given."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from itkgui.client import scratch
from itkgui.client.scratch import new_place


def aged(place: Path, seconds: float, size: int = 1) -> Path:
    """Let a place hold a file of a size, and be so old."""
    with (place / "file").open("wb") as file:
        file.truncate(size)
    moment = time.time() - seconds
    os.utime(place, (moment, moment))
    return place


def test_places_are_private_and_apart(tmp_path: Path) -> None:
    first, second = (new_place(tmp_path / "a" / "b") for _ in range(2))
    assert first != second
    assert {stat.S_IMODE(path.stat().st_mode) for path in (first, second, first.parent)} == {0o700}


def test_oldest_go_when_there_are_many(tmp_path: Path) -> None:
    places = [aged(new_place(tmp_path), 1000 - n) for n in range(scratch.MOST + 3)]
    new_place(tmp_path)
    assert [place.exists() for place in places] == [n >= 3 for n in range(scratch.MOST + 3)]


def test_oldest_go_when_they_are_large(tmp_path: Path) -> None:
    size = scratch.MOST_BYTES // 4
    places = [aged(new_place(tmp_path), 100 - n, size) for n in range(6)]
    new_place(tmp_path)
    assert [place.exists() for place in places] == [False, False, True, True, True, True]


def test_what_was_just_given_stays_whatever_its_size(tmp_path: Path) -> None:
    old = aged(new_place(tmp_path), 700)
    places = [aged(new_place(tmp_path, 600), 500 - n, scratch.MOST_BYTES) for n in range(3)]
    new_place(tmp_path, 600)
    assert [place.exists() for place in places] == [True] * 3
    assert not old.exists()


def test_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(OSError, match="taken"):
        new_place(tmp_path / "taken")
