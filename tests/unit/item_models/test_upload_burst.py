"""Totals of the uploads that are on their way together."""

from __future__ import annotations

import pytest

from itkgui.item_models.upload_burst import Burst, Tally, Totals
from itkgui.uploads.upload import Cause, Upload, UploadState
from tests.unit.uploads.rows import row, trouble

_S = UploadState


def nothing(_upload: Upload) -> float:
    return 0.0


def test_nothing_is_said_while_nothing_moves() -> None:
    burst = Burst()
    assert burst.totals(nothing, 0.0) == Totals()
    burst.note(row(state=_S.HELD))
    burst.note(row("old.txt", state=_S.DONE))
    assert burst.totals(nothing, 0.0).text == ""
    assert not burst.is_moving


def test_what_was_sent_together_is_counted_together() -> None:
    burst = Burst()
    for number in range(12):
        burst.note(row(f"{number}", size=100))
    for number in range(3):
        burst.note(row(f"{number}", size=100, state=_S.DONE))
    burst.note(row("3", size=100, state=_S.SENDING))
    found = burst.totals(lambda _: 0.5, 0.0)
    assert (found.sent, found.count) == (3, 12)
    assert found.share == pytest.approx(350 / 1200)
    assert found.short_text == "3 of 12 done, 29%"


def test_what_stands_still_drops_out() -> None:
    burst = Burst()
    burst.note(row("a", size=100))
    burst.note(row("b", size=100))
    burst.note(row("a", size=100, state=_S.FAILED))
    assert burst.totals(nothing, 0.0).count == 1
    burst.note(row("b", size=100, state=_S.CANCELLED))
    assert not burst.is_moving


def test_the_next_burst_begins_anew() -> None:
    burst = Burst()
    burst.note(row("a"))
    burst.note(row("a", state=_S.DONE))
    burst.note(row("b"))
    found = burst.totals(nothing, 0.0)
    assert (found.sent, found.count) == (0, 1)


def test_speed_and_time_left_come_with_time() -> None:
    burst = Burst()
    burst.note(row("a", size=1000, state=_S.SENDING))
    assert burst.totals(lambda _: 0.1, 0.0).text == "0 of 1 done, 10%"
    found = burst.totals(lambda _: 0.5, 2.0)
    assert found.rate == pytest.approx(200)
    assert found.text == "0 of 1 done, 50%, 200 B/s, 3 s left"


def test_many_small_files_take_their_time_by_their_number() -> None:
    burst = Burst()
    for number in range(300):
        burst.note(row(f"{number}", size=10))
    burst.note(row("large", size=3000))
    burst.totals(nothing, 0.0)
    for number in range(100):
        burst.note(row(f"{number}", size=10, state=_S.DONE))
    assert burst.totals(nothing, 10.0).seconds_left == pytest.approx(20, abs=0.5)


def test_nothing_is_said_of_speed_while_nothing_moves() -> None:
    burst = Burst()
    for name in ("a", "b"):
        burst.note(row(name, size=1000, state=_S.SENDING))
    burst.totals(nothing, 0.0)
    assert burst.totals(lambda _: 1.0, 1.0).rate > 0
    stalled = "0 of 2 done, 99%"  # as neither has arrived
    assert burst.totals(lambda _: 1.0, 7.0).text == stalled
    burst.note(row("a", size=1000, state=_S.DONE))
    burst.note(row("b", size=1000))
    assert burst.totals(nothing, 7.5, is_paused=True).text == "1 of 2 done, 50%"


def test_tally_counts_what_concerns_a_person() -> None:
    rows = [
        row("a"),
        row("b", state=_S.DONE),
        row("c", state=_S.FAILED, trouble=trouble(Cause.PERMANENT)),
        row("d", state=_S.HELD, trouble=trouble(Cause.RIGHTS)),
        row("e", trouble=trouble(Cause.SESSION)),
    ]
    assert Tally.of(rows) == Tally(unfinished=3, failed=1, stopped=3)
