"""The log of scans: kept line by line, capped, whatever is in the file; and the shifts."""

from __future__ import annotations

import stat
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from itkgui.scanning.reading import Arrival, Meaning, Reader, Source
from itkgui.scanning.scan_log import Outcome, ScanEntry, ScanLog, shift_of

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=timezone.utc)


def entry(number: int) -> ScanEntry:
    return ScanEntry(
        NOW + timedelta(seconds=number),
        Source.KEYS,
        f"20UPGM2{number:07}\r",
        f"20UPGM2{number:07}",
        Meaning.SERIAL,
        Outcome.FOUND,
        f"20UPGM2{number:07}",
    )


def test_entries_are_read_as_they_were_kept(tmp_path: Path) -> None:
    reading = Reader().read(Arrival('éàUPGM"\x1d<é&\r', Source.KEYS, 0, 98.25, 12.0))
    kept = [entry(1), ScanEntry.of(reading, Outcome.REFUSED), entry(2)]
    log = ScanLog(tmp_path / "scans.jsonl")
    assert log.read() == []
    for one in kept:
        log.add(one)
    assert ScanLog(tmp_path / "scans.jsonl").read() == kept
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "scans.jsonl").stat().st_mode) == 0o600


def test_the_newest_stay_when_it_is_full(tmp_path: Path) -> None:
    log = ScanLog(tmp_path / "scans.jsonl", most=10)
    for number in range(40):
        log.add(entry(number))
    assert log.read() == [entry(number) for number in range(30, 40)]
    assert len((tmp_path / "scans.jsonl").read_text("ascii").splitlines()) <= 11


def test_two_windows_write_to_one_file(tmp_path: Path) -> None:
    first, second = ScanLog(tmp_path / "scans.jsonl"), ScanLog(tmp_path / "scans.jsonl")
    for number in range(6):
        (first, second)[number % 2].add(entry(number))
    assert first.read() == [entry(number) for number in range(6)]


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "scans.jsonl"
    log = ScanLog(file)
    log.add(entry(1))
    with file.open("ab") as opened:
        opened.write(b'\xff\xfe\n[1]\n{"moment": 5}\n' + b"[" * 5000 + b"\n{}\n")
    log.add(entry(2))
    assert log.read() == [entry(1), entry(2)]


@pytest.mark.logs("the log of scans cannot be read|cannot be kept in the log")
def test_a_file_that_cannot_be_used_stops_nobody(tmp_path: Path) -> None:
    log = ScanLog(tmp_path)
    log.add(entry(1))
    assert log.read() == []


@pytest.mark.parametrize(
    ("time", "starts", "begin", "end"),
    [
        ("07:30", ("06:00", "14:00", "22:00"), "06:00", "14:00"),
        ("14:00", ("06:00", "14:00", "22:00"), "14:00", "22:00"),
        ("23:10", ("22:00", "06:00", "14:00"), "22:00", "06:00"),
        ("02:00", ("06:00", "14:00", "22:00"), "22:00", "06:00"),
        ("02:00", ("08:00",), "08:00", "08:00"),
        ("02:00", (), "00:00", "00:00"),
    ],
)
def test_shifts(time: str, starts: tuple[str, ...], begin: str, end: str) -> None:
    moment = datetime.fromisoformat(f"2026-11-26T{time}").astimezone()
    shift = shift_of(moment.astimezone(timezone.utc), starts)
    assert (f"{shift.begin:%H:%M}", f"{shift.end:%H:%M}") == (begin, end)
    assert shift.begin <= moment < shift.end
    assert str(shift) == f"{shift.begin:%Y-%m-%d} {begin}–{end}"
