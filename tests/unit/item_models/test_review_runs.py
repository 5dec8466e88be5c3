"""Which files go with the test runs of a review, and which stay away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath

import pytest

from itkgui.decoding import plugins
from itkgui.item_models.review_row import ReviewRow, Stage
from itkgui.item_models.review_runs import ReviewRuns
from itkgui.records.component import Component
from itkgui.uploads.intake import Examined, Found
from itkgui.uploads.results import CheckedRun, NamedFile, RunInFile
from tests.unit.item_models.test_review_table import BODY, COMPONENT, SERIAL, file_row, judged

HERE = Component.from_json({"code": "c0de", "serialNumber": SERIAL})
RAW = Path("/stick/x.mpx")


@pytest.fixture(autouse=True)
def _reader(labtools: Path) -> Iterator[None]:
    plugins.allow(["mpx"])
    yield
    plugins.allow(())


def read_row() -> ReviewRow:
    """Return a run that a plug-in has read from an instrument's file, not yet checked."""
    run = RunInFile(RAW, 0, (BODY,), is_read=True)
    row = ReviewRow(Found(RAW, PurePath(RAW.name)), run)
    row.examined, row.stage = Examined(10, "text/plain", runs=(run,)), Stage.CHECKING
    return row


def json_row() -> ReviewRow:
    """Return results that name the instrument's file, not yet checked."""
    path = Path("/stick/r.json")
    row = ReviewRow(Found(path, PurePath(path.name)), RunInFile(path, 0, (BODY,)))
    row.examined, row.stage = Examined(10, "application/json"), Stage.CHECKING
    return row


def check(runs: ReviewRuns, row: ReviewRow, parameter: str = "") -> None:
    """Let a check find that the instrument's file belongs to results."""
    assert row.run is not None
    row.checked = CheckedRun(row.run, None, HERE, (), files=(NamedFile(parameter, RAW.name, RAW),))
    row.stage = Stage.SEEN
    runs.bring_files([row])


def arranged(*rows: ReviewRow) -> ReviewRuns:
    table = judged(*rows)

    def arrange(rows: list[ReviewRow]) -> None:
        table.replace(rows)
        table.judge()

    runs = ReviewRuns(table, arrange)
    runs.component = HERE
    return runs


def files(runs: ReviewRuns) -> list[ReviewRow]:
    return [row for row in runs._table.records if row.run is None]


def test_a_file_that_was_sent_elsewhere_and_then_removed_stays_away() -> None:
    row = read_row()
    runs = arranged(row)
    check(runs, row)
    (file,) = files(runs)
    file.target = COMPONENT
    runs._table.judge()
    gone = runs.with_followers([file])
    runs._arrange([one for one in runs._table.records if one not in gone])
    check(runs, row)
    assert not files(runs)


def test_what_somebody_moved_to_another_run_stays_there() -> None:
    first, second = read_row(), json_row()
    runs = arranged(first, second)
    check(runs, first)
    (file,) = files(runs)
    file.target = second.new_owner
    check(runs, second, "RAW")
    assert file in files(runs)


@pytest.mark.parametrize("is_checked_first", [True, False])
def test_results_keep_a_file_that_is_read_by_itself(*, is_checked_first: bool) -> None:
    named = json_row()
    dropped = file_row(RAW.name)
    dropped.examined = Examined(10, "text/plain", runs=(RunInFile(RAW, 0, (BODY,), is_read=True),))
    runs = arranged(named, dropped)
    if is_checked_first:
        check(runs, named, "RAW")
        assert dropped.target == named.new_owner
    (read,) = runs.spread([dropped])
    runs.bring_again([read])
    if not is_checked_first:
        check(runs, named, "RAW")
    check(runs, read)
    assert {file.target for file in files(runs)} == {named.new_owner, read.new_owner}
    assert all(file.found.is_raw and file.path == RAW for file in files(runs))
