"""The rows in memory follow those on the disk, in whatever order the news of them comes."""

from __future__ import annotations

import time

from itkgui.uploads.row_mirror import RowMirror
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import UploadState
from tests.unit.uploads.rows import row

TIMING = Timing(undo=10.0, still=2.0)


def test_news_that_comes_late_changes_nothing() -> None:
    mirror = RowMirror(time.monotonic, TIMING)
    sent = row("a", state=UploadState.DONE)
    assert mirror.take(sent, 7)
    assert not mirror.take(row("a", state=UploadState.CHECKING), 6)
    assert mirror.get("a") == sent


def test_what_was_read_after_the_last_change_may_show_what_another_process_has_done() -> None:
    mirror = RowMirror(time.monotonic, TIMING)
    mirror.take(row("a"), 7)
    cancelled = row("a", state=UploadState.CANCELLED)
    assert mirror.take(cancelled, 7)
    assert mirror.get("a") == cancelled


def test_the_same_again_is_no_news() -> None:
    mirror = RowMirror(time.monotonic, TIMING)
    assert mirror.take(row("a"), 1)
    assert not mirror.take(row("a"), 2)


def test_rows_stand_in_the_order_of_their_places() -> None:
    mirror = RowMirror(time.monotonic, TIMING)
    for number, place in enumerate([3.0, 1.0, 2.0]):
        mirror.take(row(f"{place}", place=place), number)
    assert [upload.place for upload in mirror.rows] == [1.0, 2.0, 3.0]
    mirror.forget("2.0")
    assert [upload.place for upload in mirror.rows] == [1.0, 3.0]


def test_a_wait_is_measured_by_a_clock_that_nobody_sets_and_is_no_longer_than_an_hour() -> None:
    mirror = RowMirror(lambda: 100.0, TIMING)
    mirror.take(row("a", tries=1, next_try=time.time() + 30.0), 1)
    mirror.take(row("b", tries=1, next_try=time.time() + 1e6), 2)
    mirror.take(row("c", tries=1, next_try=time.time() - 1e6), 3)
    assert 129.0 < mirror.due["a"] <= 130.0
    assert (mirror.due["b"], mirror.due["c"]) == (3700.0, 100.0)


def test_no_clock_keeps_a_file_from_being_copied_or_sent_first_for_long() -> None:
    mirror = RowMirror(lambda: 100.0, TIMING)
    later = time.time() + 86_400
    mirror.take(row("a", state=UploadState.COPYING, next_try=later), 1)
    mirror.take(row("b", next_try=later), 1)
    assert mirror.due == {"a": 102.0, "b": 110.0}
