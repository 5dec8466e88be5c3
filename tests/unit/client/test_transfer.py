"""The shield of work that must not be left half-done: it outlasts a cancel, but not for long."""

from __future__ import annotations

import threading

import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled, ServerSilent

GRACE = 0.05


def timers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


@pytest.fixture
def watched() -> transfer.Transfer:
    return transfer.Transfer()


def test_shielded_work_has_all_the_time_while_nobody_cancels(watched: transfer.Transfer) -> None:
    with transfer.running(watched), transfer.shielded(GRACE):
        transfer.current().pause(4 * GRACE)
        assert transfer.current() is not watched
    assert not timers()


def test_shielded_work_is_finished_after_a_cancel(watched: transfer.Transfer) -> None:
    with transfer.running(watched):
        with transfer.shielded(60):
            watched.cancel()
            watched.cancel()
            transfer.current().check()
        assert not timers()
        with pytest.raises(Cancelled):
            transfer.current().check()


def test_shielded_work_that_goes_on_and_on_is_ended(watched: transfer.Transfer) -> None:
    def work() -> None:
        with transfer.running(watched), transfer.shielded(GRACE):
            watched.cancel()
            transfer.current().pause(30)

    # The second time, the cancel came before the work.
    for _ in range(2):
        with pytest.raises(ServerSilent, match=r"0\.05 s"):
            work()
        assert not timers()


def test_what_fails_behind_the_shield_is_told_as_it_is(watched: transfer.Transfer) -> None:
    def work() -> None:
        with transfer.running(watched), transfer.shielded(60):
            watched.cancel()
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert not timers()
