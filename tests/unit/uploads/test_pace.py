"""How fast, and how long still."""

from __future__ import annotations

import pytest

from itkgui.uploads.pace import Pace, Progress


def test_a_steady_transfer_has_its_speed() -> None:
    pace = Pace()
    rates = [pace.note(1000 * second, float(second)) for second in range(10)]
    assert rates[0] == 0
    assert rates[1:] == [1000.0] * 9


def test_a_stall_shows_within_seconds() -> None:
    pace = Pace()
    for second in range(5):
        pace.note(1000 * second, float(second))
    for second in range(5, 15):
        rate = pace.note(4000, float(second))
    assert rate < 120


def test_a_file_that_is_sent_once_more_begins_anew() -> None:
    pace = Pace()
    pace.note(0, 0.0)
    assert pace.note(5000, 1.0) == 5000
    assert pace.note(10, 2.0) == 0
    assert pace.note(510, 3.0) == 500


def test_two_looks_at_the_same_moment_do_no_harm() -> None:
    pace = Pace()
    pace.note(0, 1.0)
    assert pace.note(100, 1.0) == 0


def test_the_time_left_is_only_told_when_it_is_known() -> None:
    assert Progress(250, 1000, 250.0).seconds_left == pytest.approx(3.0)
    assert Progress(250, 1000, 0.0).seconds_left is None
    assert Progress(1000, 1000, 250.0).seconds_left is None
    assert Progress(250, 1000, 1.0).share == 0.25
    assert Progress(0, 0, 0.0).share == 0
