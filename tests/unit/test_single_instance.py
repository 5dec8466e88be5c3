"""What passes between two starts: only identifiers and short printable texts, whatever was sent."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from itkgui.single_instance import SANDBOX, MeetingPlace, Wish, activation_token

SERIAL = "20UPGM23800001"


@pytest.mark.parametrize(
    "wish",
    [
        Wish(),
        Wish(SERIAL),
        Wish(SERIAL, SANDBOX, "gnome-shell/1234-0-host_TIME42"),
        Wish("", "https://host/x/"),
    ],
)
def test_wish_arrives_as_it_was_sent(wish: Wish) -> None:
    line = wish.to_line()
    assert Wish.from_line(line) == wish
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert Wish.from_line(b'{"identifier": "%s", "tab": 3}\n' % SERIAL.encode()) == Wish(SERIAL)


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: Wish(text).to_line()))
def test_whatever_is_sent_is_an_identifier_or_refused(line: bytes) -> None:
    try:
        wish = Wish.from_line(line)
    except ValueError:
        return
    assert re.fullmatch(r"(20U[0-9A-Z]{11}|[0-9a-f]{32})?", wish.identifier)


@pytest.mark.parametrize(
    ("given", "token"),
    [
        ({}, ""),
        ({"XDG_ACTIVATION_TOKEN": "one", "DESKTOP_STARTUP_ID": "two"}, "one"),
        ({"DESKTOP_STARTUP_ID": "two_TIME42"}, "two_TIME42"),
        ({"XDG_ACTIVATION_TOKEN": "x" * 257}, ""),
        ({"XDG_ACTIVATION_TOKEN": "a\nb"}, ""),
    ],
)
def test_permission_to_come_forward_is_taken_from_the_desktop(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], token: str
) -> None:
    for name in ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert activation_token() == token


def test_lock_of_a_start_that_was_killed_before_it_wrote_its_name_holds_up_nobody(tmp_path: Path) -> None:
    folder, data = tmp_path / "windows", tmp_path / "data"
    with MeetingPlace(folder, data):
        (lock,) = folder.glob("*.lock")
    lock.touch(0o600)
    began = time.monotonic()
    with MeetingPlace(folder, data) as place:
        assert not place.trouble
        assert lock.stat().st_size > 0
    assert time.monotonic() - began < 10
    assert not lock.exists()
