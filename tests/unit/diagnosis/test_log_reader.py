"""The log is read back from its end, by level and text, over files that were full, and as it grows."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from itkgui import log
from itkgui.client.exceptions import Cancelled
from itkgui.diagnosis.log_reader import Excerpt, Wanted, following, latest

ALL = Wanted()
HEAD = "2026-11-26T13:00:00.{number:03} {level:7} Thread-1 (serve) itkgui.client.session: {message}\n"


def line(number: int, message: str = "", level: str = "INFO") -> str:
    return HEAD.format(number=number % 1000, level=level, message=message or f"message {number}")


def nobody_minds() -> None:
    """Nothing has changed."""


def read(file: Path, wanted: Wanted = ALL, most: int = 2_000) -> Excerpt:
    return latest(file, wanted, nobody_minds, most)


def messages(excerpt: Excerpt) -> list[str]:
    return [entry.message for entry in excerpt.entries]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "itkgui.log"


def test_what_the_program_writes_is_understood(file: Path) -> None:
    handler = log.PrivateLogFile(file, encoding="utf-8")
    handler.setFormatter(log.RedactingFormatter(log.FORMAT, datefmt="%Y-%m-%dT%H:%M:%S"))
    try:
        _ = 1 // len("")
    except ZeroDivisionError as error:
        info = (type(error), error, error.__traceback__)
        handler.emit(logging.LogRecord("itkgui.x", logging.ERROR, "", 1, "it: broke", None, info))
    handler.emit(logging.LogRecord("qt", logging.WARNING, "", 1, "µ: then\nthis", None, None))
    handler.close()
    first, second = read(file).entries
    assert (first.level, first.name, first.message) == ("ERROR", "itkgui.x", "it: broke")
    assert first.text.partition("\n")[2].startswith("Traceback")
    assert (second.level, second.name, second.message) == ("WARNING", "qt", "µ: then")
    assert second.text.endswith("\nthis")
    assert second.moment.startswith("20")


def test_latest_come_over_all_files_and_more_is_told(file: Path) -> None:
    Path(f"{file}.2").write_text("".join(map(line, range(10))))
    Path(f"{file}.1").write_text("".join(map(line, range(10, 20))))
    file.write_text("".join(map(line, range(20, 30))))
    assert messages(read(file)) == [f"message {number}" for number in range(30)]
    some = read(file, most=15)
    assert messages(some) == [f"message {number}" for number in range(15, 30)]
    assert some.more
    assert not read(file, most=30).more
    assert len({entry.place for entry in read(file).entries}) == 30


def test_level_and_text_choose(file: Path) -> None:
    rows = [line(1, level="DEBUG"), line(2, "Odd THING", "WARNING"), line(3, "odd", "ERROR"), line(4, "fine")]
    file.write_text("".join(rows) + "  below: a Thing of the last\n")
    assert messages(read(file, Wanted("WARNING"))) == ["Odd THING", "odd"]
    assert messages(read(file, Wanted(text=" thing "))) == ["Odd THING", "fine"]
    assert messages(read(file, Wanted("ERROR", "odd"))) == ["odd"]
    assert messages(read(file, Wanted("CRITICAL"))) == []


def test_entries_are_whole_wherever_blocks_are_cut(file: Path) -> None:
    long = "".join(f"  line {number} of a traceback\n" for number in range(2_000))
    file.write_text("".join(line(number) + long for number in range(25)))  # 1.4 MB: two blocks
    found = read(file).entries
    assert [entry.message for entry in found] == [f"message {number}" for number in range(25)]
    assert all(entry.text.count("\n") == 2_000 for entry in found)


def test_what_is_no_log_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00 no log at all" * 500_000)  # 10 MB, one line
    (entry,) = read(file).entries
    assert len(entry.text) <= 100_000
    file.write_bytes(b"")
    assert read(file).entries == []
    with pytest.raises(FileNotFoundError):
        read(file.parent / "none")


def test_secrets_that_another_program_wrote_are_not_shown(file: Path) -> None:
    file.write_text(line(1, "Authorization: Bearer cAnary"))
    assert "cAnary" not in repr(read(file))


def test_large_log_is_searched_quickly_and_no_longer_than_somebody_waits(file: Path) -> None:
    block = "".join(map(line, range(10_000)))
    with file.open("w") as opened:
        opened.write(line(7, "a needle"))
        for _ in range(60):  # 50 MB
            opened.write(block)
    looks = []

    def nobody_waits() -> None:
        looks.append(1)
        if len(looks) > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        latest(file, Wanted(text="a needle"), nobody_waits)
    assert messages(read(file, Wanted(text="a needle"))) == ["a needle"]


def test_growing_log_is_followed(file: Path) -> None:
    file.write_text(line(1))
    before = read(file)
    assert following(file, Wanted(), before) == Excerpt([], before.identity, before.end)
    with file.open("a") as opened:
        opened.write(line(2) + line(3, level="DEBUG") + "2026-11-26T13:00:00.004 INFO half a li")
    then = following(file, Wanted("INFO"), before)
    assert then is not None
    assert messages(then) == ["message 2"]
    with file.open("a") as opened:
        opened.write("ne x.y: here\n")
    last = following(file, Wanted(), then)
    assert last is not None
    assert last.entries[0].text.startswith("2026-11-26T13:00:00.004 INFO half a line")


def test_file_that_was_full_is_read_anew(file: Path) -> None:
    file.write_text(line(1))
    before = read(file)
    file.rename(f"{file}.1")
    file.write_text(line(2))
    assert following(file, Wanted(), before) is None
    assert messages(read(file)) == ["message 1", "message 2"]
