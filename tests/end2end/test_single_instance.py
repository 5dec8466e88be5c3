"""One window for each user and data folder: every start is a process of its own, as a desktop makes it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from itkgui.single_instance import MeetingPlace, Wish
from tests.conftest import settings_for
from tests.end2end.starts import (
    FOURTH,
    LISTENS,
    MUTE,
    PIXEL,
    STRIP,
    THIRD,
    Start,
    answered,
    sockets,
)
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes by POSIX signals")


@pytest.mark.alone
def test_second_start_is_handed_over_at_once_and_loads_neither_widgets_nor_plots(
    start: Callable[..., Start],
) -> None:
    first = start().until_listening()
    waited, worked = [], []
    for link in (PIXEL, f"itkgui:{STRIP}", f"itkgui://{THIRD.lower()}/"):
        began, used = time.perf_counter(), os.times()
        assert start(link).ended() == 0
        now = os.times()
        waited.append(time.perf_counter() - began)
        worked.append(now.children_user - used.children_user + now.children_system - used.children_system)
    assert first.asked_for == [PIXEL, STRIP, THIRD]
    assert min(worked) <= 0.5, worked  # its own, however busy the computer is
    assert min(waited) <= 1.5, waited
    traced = start(PIXEL, python_options=("-X", "importtime"))
    assert traced.ended() == 0
    assert "as soon as somebody has signed in" in traced.out
    assert "PySide6.QtNetwork" in traced.log
    assert not re.findall(r"QtWidgets|QtGui|numpy|pyqtgraph|itkgui\.(?:views|application)", traced.log)


def test_start_without_a_wish_brings_the_window_forward(start: Callable[..., Start]) -> None:
    first = start().until_listening()
    second = start()
    assert (second.ended(), second.out, second.log) == (0, "", "")
    assert first.asked_for == ["this window"]


def test_component_opens_in_the_window_of_who_is_signed_in(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place)
    person.sign_in()
    person.window.showMinimized()
    second = start(f"itkgui:{PIXEL}")
    assert (answered(person, second), second.out, second.log) == (0, "", "")
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.serial_number == PIXEL
    assert not person.window.isMinimized()
    assert answered(person, start(f"itkgui://{person.component.component.code}/")) == 0
    assert [view.component.serial_number for view in person.workspace.open_components] == [PIXEL]


def test_newest_wish_waits_until_somebody_has_signed_in(
    sandbox: SandboxProcess,
    start_program: Callable[..., Person],
    place: MeetingPlace,
    start: Callable[..., Start],
) -> None:
    person = start_program(settings_for(sandbox), place=place, wish=Wish(THIRD))
    for arguments in ([PIXEL], [STRIP], []):  # to bring the window forward takes no wish away
        assert answered(person, start(*arguments)) == 0
    person.sign_in()
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert [view.component.serial_number for view in person.workspace.open_components] == [STRIP]
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.window.workspace is None and person.login.sign_in_button.isEnabled())
    person.type(person.login.code1, sandbox.info["access_code1"])
    person.type(person.login.code2, sandbox.info["access_code2"])
    person.sign_in()  # a wish is fulfilled once
    assert not person.workspace.open_components


# Which window is asked ------------------------------------------------------------------------------------


def test_starts_at_the_same_moment_make_one_window(start: Callable[..., Start]) -> None:
    wishes = [PIXEL, STRIP, THIRD, FOURTH]
    started = [start(wish) for wish in wishes]
    windows: list[Start] = []

    def is_settled() -> bool:
        windows[:] = [one for one in started if one.process.poll() is None]
        return len(windows) <= 1

    started[0].until(is_settled, "all but one")
    (window,) = windows
    wishes.remove(wishes[started.index(window)])
    assert sorted(window.asked_for) == sorted(wishes)
    assert [one.ended() for one in started if one is not window] == [0, 0, 0]


def test_socket_of_a_killed_window_stands_in_nobody_s_way(start: Callable[..., Start], runtime: Path) -> None:
    first = start().until_listening()
    (stale,) = sockets(runtime)
    first.process.kill()
    first.ended()
    assert stale.is_socket()
    second = start(PIXEL).until_listening()
    assert not stale.exists()
    assert MUTE not in second.log
    assert start(STRIP).ended() == 0
    assert second.asked_for == [STRIP]


def test_start_that_was_killed_at_its_start_holds_up_nobody(
    start: Callable[..., Start], runtime: Path
) -> None:
    first = start()
    first.until(lambda: list(runtime.glob("*.lock")) if runtime.exists() else [], "its lock")
    first.process.kill()
    first.ended()
    began = time.monotonic()
    second = start().until_listening()
    assert time.monotonic() - began < 15
    assert "has not come to its end" not in second.log


def test_window_that_ends_leaves_nothing_behind(start: Callable[..., Start], runtime: Path) -> None:
    start().until_listening().close()
    assert list(runtime.iterdir()) == []


def test_window_that_is_busy_for_a_moment_answers_all_the_same(
    start: Callable[..., Start], runtime: Path
) -> None:
    first = start().until_listening()
    first.send("SIGSTOP")
    second = start(PIXEL)
    second.until(lambda: list(runtime.glob("*.lock")), "its question")
    first.send("SIGCONT")
    assert second.ended() == 0
    assert first.asked_for == [PIXEL]


def test_window_that_hangs_is_left_alone_with_a_sentence(start: Callable[..., Start]) -> None:
    first = start().until_listening()
    first.send("SIGSTOP")
    second = start(PIXEL)
    second.until(lambda: MUTE in second.log, "the sentence")
    assert start(STRIP).ended() == 0  # the newest window is asked first
    assert second.asked_for == [STRIP]
    first.send("SIGCONT")
    first.until(lambda: "did not wait long enough" in first.log, "its waking up")
    assert first.asked_for == []
    second.close()
    assert start(THIRD).ended() == 0
    assert first.asked_for == [THIRD]


def test_new_window_is_a_second_one_on_the_same_folder(start: Callable[..., Start], tmp_path: Path) -> None:
    first = start().until_listening()
    second = start("--new-window", PIXEL).until_listening()
    assert first.asked_for == []
    assert MUTE not in second.log
    second.close()
    first.close()
    log = (tmp_path / "data" / "state" / "itkgui.log").read_text("utf-8")
    assert len(re.findall(LISTENS, log)) == 2


def test_other_data_folder_has_a_window_of_its_own(start: Callable[..., Start], tmp_path: Path) -> None:
    first = start().until_listening()
    other = start("--data-dir", str(tmp_path / "other")).until_listening()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert start("--data-dir", str(tmp_path / "link"), PIXEL).ended() == 0
    assert start("--data-dir", str(tmp_path / "other"), STRIP).ended() == 0
    assert (first.asked_for, other.asked_for) == ([PIXEL], [STRIP])


def test_checks_of_a_workstation_neither_ask_nor_answer(start: Callable[..., Start], runtime: Path) -> None:
    first = start().until_listening()
    check = start("--check-start")
    assert check.ended() == 0
    assert LISTENS not in check.log
    assert first.asked_for == []
    assert len(sockets(runtime)) == 1
