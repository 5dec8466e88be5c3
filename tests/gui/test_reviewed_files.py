"""What counts as dealt with of the files under review, whatever sheets their rows are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.views.context.reviewed_files import ReviewedFiles

ONE, TWO = Path("one.json"), Path("two.json")


@pytest.fixture
def reviewed() -> ReviewedFiles:
    return ReviewedFiles()


@pytest.fixture
def settled(reviewed: ReviewedFiles) -> list[Path]:
    found: list[Path] = []
    reviewed.settled.connect(found.extend)
    return found


def test_a_file_is_settled_once_its_last_row_is(reviewed: ReviewedFiles, settled: list[Path]) -> None:
    changes: list[frozenset[Path]] = []
    reviewed.changed.connect(lambda: changes.append(reviewed.paths))
    reviewed.hold("here", [ONE, TWO, ONE])
    reviewed.hold("here", [TWO, ONE])
    reviewed.hold("there", [ONE])
    reviewed.hold("here", [])
    reviewed.settle([ONE, TWO])
    assert settled == [TWO]
    reviewed.hold("there", [])
    reviewed.settle([ONE])
    assert settled == [TWO, ONE]
    assert changes == [{ONE, TWO}, {ONE, TWO}, {ONE}, set()]


def test_a_file_of_which_some_rows_were_given_up_is_not_settled_by_others(
    reviewed: ReviewedFiles, settled: list[Path]
) -> None:
    reviewed.hold("here", [ONE, TWO])
    reviewed.hold("there", [ONE])
    reviewed.give_up("here")
    assert reviewed.paths == {ONE}
    reviewed.hold("there", [])
    reviewed.settle([ONE])
    assert not settled
    reviewed.hold("there", [ONE])  # offered again, and sent as a whole
    reviewed.hold("there", [])
    reviewed.settle([ONE])
    assert settled == [ONE]
