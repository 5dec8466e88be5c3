"""What tests of the review sheet share: drop and wait, choose a row, type for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from itkgui.item_models.review_row import ReviewRow, Stage
from tests.gui.person import Person


def drop(person: Person, paths: Sequence[Path]) -> None:
    """Drop files on the open component, and wait until each is copied, or cannot be."""
    person.drop(person.component, paths)
    until_copied(person)


def until_copied(person: Person) -> None:
    sheet = person.sheet
    person.until(lambda: sheet.rows and not sheet.intake.is_gathering, "the rows")
    ends = (Stage.COPIED, Stage.BROKEN)
    person.until(lambda: all(row.stage in ends for row in sheet.rows), "the copies")


def choose(person: Person, name: str) -> ReviewRow:
    """Click on the row of a file, and wait until what can be done with it is shown."""
    row = person.choose(person.sheet.view, lambda row: row.name == name)
    assert isinstance(row, ReviewRow)
    sheet = person.sheet
    person.until(lambda: not sheet._soon.isActive() and sheet.form._rows == [row], "the form")
    return row


def choose_all(person: Person) -> None:
    sheet = person.sheet
    sheet.view.selectAll()
    person.until(lambda: len(sheet.form._rows) == len(sheet.rows), "the form for all")
